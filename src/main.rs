//! The binary: everything is in the library, so that tests and benches can use it.

use std::process::ExitCode;

fn main() -> ExitCode {
    tidemill::cli::run()
}
