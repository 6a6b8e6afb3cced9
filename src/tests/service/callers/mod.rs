//! Whatever writes in somebody's name asks once more whether they may, when it writes.
//!
//! The methods are read from the sources, so that a new one is walked, too, or is named here as one that only reads.

mod people;
mod services;

use std::{collections::BTreeSet, fs, path::PathBuf};

/// The names of the public methods of the core one of whose parameters is of this type.
fn methods_with(parameter: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut folders = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/service"))];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(path).unwrap();
            for method in ["pub async fn ", "pub fn "].into_iter().flat_map(|begin| text.split(begin).skip(1)) {
                let signature = method.split('{').next().unwrap();
                if signature.contains(parameter) {
                    names.insert(signature.split(['(', '<']).next().unwrap().to_owned());
                }
            }
        }
    }
    names
}

/// Holds a list of what writes, and one of what does not, with the reason, against the sources.
fn expect_all_named(parameter: &str, writes: impl Iterator<Item = &'static str>, reads: &[(&'static str, &str)]) {
    let named: BTreeSet<_> = writes.chain(reads.iter().map(|(name, _)| *name)).map(str::to_owned).collect();
    assert!(named.len() > 10, "{named:?}");
    assert_eq!(named, methods_with(parameter), "methods with {parameter}");
}
