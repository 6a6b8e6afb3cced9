//! Who may import whom: reads every `use` and path of the sources and holds the table of the crate's documentation.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// A layer, the layers of ours it may name, and the crates that only it may name.
const LAYERS: [(&str, &[&str]); 8] = [
    ("domain", &[]),
    ("ports", &["domain"]),
    ("store", &["domain"]),
    ("service", &["domain", "ports", "store"]),
    ("http", &["domain"]),
    ("api", &["domain", "service", "http"]),
    ("ui", &["domain", "service", "http"]),
    ("server", &["domain", "ports", "store", "service", "http", "api", "ui"]),
];

/// Crates that belong to some places alone.
const KEPT: [(&str, &[&str]); 3] =
    [("sqlx", &["store/sql"]), ("axum", &["http", "api", "server", "ui"]), ("leptos", &["ui", "lib.rs"])];

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

#[test]
fn no_two_modules_import_each_other() {
    let sources: BTreeMap<_, _> = sources().into_iter().map(|(path, text)| (module_of(&path), text)).collect();
    let imports: BTreeMap<_, _> =
        sources.iter().map(|(module, text)| (module.as_str(), imported_modules(module, text, &sources))).collect();
    let mut circles = Vec::new();
    for (module, imported) in &imports {
        // A folder and its files are one: they share what `mod.rs` declares.
        let others =
            imported.iter().filter(|other| module < &other.as_str() && !other.starts_with(&format!("{module}::")));
        for other in others.filter(|other| imports[other.as_str()].contains(*module)) {
            circles.push(format!("{module} and {other}"));
        }
    }
    assert!(imports.values().map(BTreeSet::len).sum::<usize>() > 500, "the imports were not found");
    assert!(circles.is_empty(), "{circles:#?}");
}

#[test]
fn the_walks_and_recipes_name_what_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let map = fs::read_to_string(root.join("lib.rs")).unwrap();
    let lines = map.lines().filter_map(|line| line.strip_prefix("//!")).collect::<Vec<_>>().join("\n");
    // Every second piece stands between backticks: a file, then maybe names in it.
    let (mut file, mut named) = (None, 0);
    for (at, piece) in lines.split('`').enumerate() {
        let (is_code, is_name) = (at % 2 == 1, piece.chars().all(|c| c.is_alphanumeric() || c == '_'));
        if is_code && piece.ends_with(".rs") {
            let path = root.join(piece.trim_start_matches("src/"));
            file = Some((piece, fs::read_to_string(path).unwrap_or_else(|_| panic!("{piece} is not there"))));
        } else if let Some((path, text)) = file.as_ref().filter(|_| is_code && is_name) {
            let kinds = ["fn", "struct", "enum", "trait", "const", "macro_rules!"];
            let is_there = kinds.iter().any(|kind| text.contains(&format!("{kind} {piece}")))
                || text.contains(&format!("    {piece} = \""));
            assert!(is_there, "{path} has no {piece}");
            named += 1;
        } else if !is_code && piece.trim_matches([' ', '\n', ',']) != "and" && !piece.trim().is_empty() {
            file = None;
        }
    }
    assert!(named > 30, "{named} names were found");
}

/// The module of a file: `service::codes` of `service/codes/mod.rs`.
fn module_of(path: &str) -> String {
    path.trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::")
}

/// The modules of ours that a module names, in `use` and in paths, outside its unit tests.
fn imported_modules(module: &str, text: &str, sources: &BTreeMap<String, String>) -> BTreeSet<String> {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let mut paths = Vec::new();
    for tree in text.split("use ").skip(1).filter_map(|rest| rest.split(';').next()) {
        flatten("", &tree.split_whitespace().collect::<String>(), &mut paths);
    }
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    paths.extend(text.split(|c| !is_path(c)).filter(|path| path.contains("::")).map(str::to_owned));
    paths.iter().filter_map(|path| resolve(module, path, sources)).filter(|other| other != module).collect()
}

/// The paths in a tree of a `use`.
fn flatten(prefix: &str, tree: &str, paths: &mut Vec<String>) {
    match tree.split_once('{') {
        None => paths.push(format!("{prefix}{tree}")),
        Some((head, rest)) => {
            let (mut depth, mut start) = (0, 0);
            let rest = rest.strip_suffix('}').unwrap_or(rest);
            for (at, c) in rest.char_indices().chain([(rest.len(), ',')]) {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        if start < at {
                            flatten(&format!("{prefix}{head}"), &rest[start..at], paths);
                        }
                        start = at + 1;
                    }
                    _ => {}
                }
            }
        }
    }
}

/// The module of ours that a path leads into, seen from `module`.
fn resolve(module: &str, path: &str, sources: &BTreeMap<String, String>) -> Option<String> {
    let (mut base, mut rest) = (module.split("::").collect::<Vec<_>>(), path.split("::").peekable());
    match *rest.peek()? {
        "crate" => {
            base.clear();
            rest.next();
        }
        "self" => drop(rest.next()),
        "super" => {
            while rest.next_if_eq(&"super").is_some() {
                base.pop();
            }
        }
        first if sources.contains_key(&format!("{module}::{first}")) => {}
        _ => return None,
    }
    base.extend(rest);
    (1..=base.len()).rev().map(|length| base[..length].join("::")).find(|name| sources.contains_key(name))
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
