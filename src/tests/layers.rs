//! Who may import whom: reads every `use` and path of the sources and holds the table of the crate's documentation.

use std::{fs, path::Path};

/// A layer, the layers of ours it may name, and the crates that only it may name.
const LAYERS: [(&str, &[&str]); 7] = [
    ("domain", &[]),
    ("ports", &["domain"]),
    ("store", &["domain"]),
    ("service", &["domain", "ports", "store"]),
    ("api", &["domain", "service"]),
    ("ui", &["domain", "service"]),
    ("server", &["domain", "ports", "store", "service", "api", "ui"]),
];

/// Crates that belong to some places alone.
const KEPT: [(&str, &[&str]); 3] =
    [("sqlx", &["store/sql"]), ("axum", &["api", "server", "ui"]), ("leptos", &["ui", "lib.rs"])];

#[test]
fn every_layer_imports_only_what_it_may() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        let Some((_, allowed)) = LAYERS.iter().find(|(layer, _)| path.starts_with(&format!("{layer}/"))) else {
            continue;
        };
        let own = path.split('/').next().unwrap_or_default();
        for (layer, _) in LAYERS {
            if layer != own && !allowed.contains(&layer) && imports(&text, layer) {
                broken.push(format!("{path} imports {layer}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn services_know_the_store_by_its_traits_only() {
    let named: Vec<_> = sources()
        .into_iter()
        .filter(|(path, text)| path.starts_with("service/") && text.contains("store::sql"))
        .map(|(path, _)| path)
        .collect();
    assert!(named.is_empty(), "{named:?}");
}

#[test]
fn crates_stay_in_their_layer() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        for (name, places) in KEPT {
            let named = text.contains(&format!("{name}::")) || text.contains(&format!("use {name}"));
            if named && !places.iter().any(|place| path.starts_with(place)) {
                broken.push(format!("{path} names {name}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn gates_stand_where_the_map_says() {
    let gated: Vec<_> = sources()
        .into_iter()
        .filter(|(path, text)| {
            let is_map = ["lib.rs", "main.rs", "ui/mod.rs", "domain/mod.rs"].contains(&path.as_str());
            !is_map && text.contains("feature = \"")
        })
        .map(|(path, _)| path)
        .collect();
    assert!(gated.is_empty(), "{gated:?}");
}

/// Whether the text names a module of the crate's top level, in a path or in a nested `use`.
fn imports(text: &str, layer: &str) -> bool {
    let direct = text.contains(&format!("crate::{layer}::")) || text.contains(&format!("crate::{layer};"));
    let nested = text.split("use crate::{").skip(1).any(|block| {
        let block = block.split("};").next().unwrap_or_default();
        top_level(block).any(|name| name == layer)
    });
    direct || nested
}

/// The first name of each entry of a `use crate::{…}` block.
fn top_level(block: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_i32;
    let entries = block.split(move |c: char| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    entries.map(|entry| entry.trim().split("::").next().unwrap_or_default().trim())
}

/// Every source file but the tests: its path below `src` and its text without comments.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            if name == "tests" {
                continue;
            } else if path.is_dir() {
                folders.push(path);
            } else if name.ends_with(".rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
                found.push((name, code.collect::<Vec<_>>().join("\n")));
            }
        }
    }
    assert!(found.len() > 20, "the sources were not found");
    found
}
