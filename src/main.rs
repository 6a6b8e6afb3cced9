//! The `nameplate` binary.

use std::process::ExitCode;

use nameplate::server::cli;

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("nameplate: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(cli::run());
    // Dropping the runtime would wait for password hashes and pictures that nobody is waiting for any more.
    runtime.shutdown_background();
    code
}
