//! The binary: everything is in the library, so that tests and benches can use it.

use std::process::ExitCode;

/// Requests, rows and documents are many small allocations on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    tidemill::cli::run()
}
