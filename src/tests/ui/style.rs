//! The style sheets: nothing in them is for elements that no page has.

use std::{collections::BTreeSet, fs, path::Path};

/// Every file below a folder of the repository with this ending, as one text.
fn texts(folder: &str, ending: &str) -> String {
    let mut text = String::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                text += &fs::read_to_string(path).unwrap();
                text.push('\n');
            }
        }
    }
    text
}

/// The style sheets without their comments.
fn sheets() -> String {
    let all = texts("style", ".css");
    let mut parts = all.split("/*");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once("*/").map_or("", |(_, after)| after))
}

/// What stands before each block.
fn selectors(sheets: &str) -> Vec<&str> {
    let heads = sheets.split('{').map(|part| part.rsplit(['}', ';']).next().unwrap_or_default().trim());
    heads.filter(|head| !head.starts_with('@')).collect()
}

fn is_of_a_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

/// The names in a selector after this mark: `.` of classes, `[` of attributes.
fn named(selector: &str, mark: char) -> impl Iterator<Item = &str> {
    let after = selector.split(mark).skip(1).map(|after| after.split(|c| !is_of_a_name(c)).next().unwrap_or_default());
    after.filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
}

#[test]
fn no_style_is_for_what_no_page_has() {
    let (rust, scripts) = (texts("src/ui", ".rs"), texts("public", ".js"));
    let words: BTreeSet<_> = [&rust, &scripts].into_iter().flat_map(|text| text.split(|c| !is_of_a_name(c))).collect();
    // Of `format!("method--{method}")` there is the beginning.
    let beginnings: Vec<_> = words.iter().filter(|word| word.ends_with("--") && word.len() > 2).collect();
    let sheets = sheets();
    let selectors = selectors(&sheets);
    assert!(selectors.len() > 200, "the style sheets were not read");
    let classes = selectors.iter().flat_map(|selector| named(selector, '.'));
    let attributes = selectors.iter().flat_map(|selector| named(selector, '['));
    let is_dead = |name: &&str| !words.contains(name) && !beginnings.iter().any(|start| name.starts_with(**start));
    let dead: BTreeSet<_> = classes.chain(attributes).filter(is_dead).collect();
    assert!(dead.is_empty(), "no page has {dead:?}");
}

#[test]
fn no_variable_and_no_animation_is_unused() {
    let sheets = sheets();
    let scripts = texts("public", ".js") + &texts("src/ui", ".rs");
    let declared = sheets.split("--").skip(1).filter_map(|after| {
        let name = after.split(|c| !is_of_a_name(c)).next()?;
        after[name.len()..].trim_start().starts_with(':').then_some(name)
    });
    let frames = sheets.split("@keyframes ").skip(1).map(|after| after.split(' ').next().unwrap_or_default());
    let declared: BTreeSet<_> = declared.filter(|name| !name.is_empty()).collect();
    assert!(declared.len() > 20, "the style sheets were not read");
    let unused_variable =
        |name: &&str| !sheets.contains(&format!("var(--{name}")) && !scripts.contains(&format!("--{name}"));
    let dead: Vec<_> = declared.into_iter().filter(unused_variable).collect();
    assert!(dead.is_empty(), "nothing uses {dead:?}");
    for name in frames {
        let uses = sheets.split(|c| !is_of_a_name(c)).filter(|word| *word == name).count();
        assert!(uses > 1, "nothing is animated by {name}");
    }
}
