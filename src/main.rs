//! The `nameplate` binary.

use std::process::ExitCode;

use nameplate::server::{assets::Files, cli};
use rust_embed::Embed;

/// What `.ci/build` and `cargo leptos build` leave: inside a release binary, read from disk in a debug build.
#[derive(Embed)]
#[folder = "target/site"]
#[allow_missing = true]
struct Site;

// A new file is nothing that the compiler would notice; this value changes with the site.
const _: Option<&str> = option_env!("NAMEPLATE_SITE");

const FILES: Files = Files { names: || Site::iter().collect(), read: |name| Site::get(name).map(|file| file.data) };

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("nameplate: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(cli::run(FILES));
    // Dropping the runtime would wait for password hashes and pictures that nobody is waiting for any more.
    runtime.shutdown_background();
    code
}
