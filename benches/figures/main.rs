//! The figures that Tidemill is held to, measured on this machine against bare floors measured in
//! the same run: `cargo bench --bench figures`. Prints a table; asserts nothing.
//!
//! Names after `--` choose figures (`submit complete latency waiting start extract ads`). The
//! load comes from this process over loopback, bounded in count; the server is the real binary.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

mod ads;
mod bare;
mod client;
mod extract;
mod floor;
mod server;
mod throughput;
mod waiting;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == bare::FLAG) {
        return bare::serve();
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be built");
    let chosen = |name: &str| {
        let names: Vec<&String> =
            arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
        names.is_empty() || names.iter().any(|known| *known == name)
    };
    runtime.block_on(async {
        if chosen("submit") {
            throughput::submit().await;
        }
        if chosen("complete") {
            throughput::complete().await;
        }
        if chosen("latency") {
            throughput::latency().await;
        }
        if chosen("waiting") {
            waiting::measure().await;
        }
        if chosen("start") {
            server::measure_start().await;
        }
        if chosen("extract") {
            extract::measure().await;
        }
        if chosen("ads") {
            ads::measure().await;
        }
    });
    ExitCode::SUCCESS
}

/// Prints one figure: what, how much, and what it is held to.
pub(crate) fn report(what: &str, measured: &str, held_to: &str) {
    println!("{what:<58} {measured:<34} {held_to}");
}

/// The value below which `share` of the sorted `values` lie.
pub(crate) fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place in a list of some thousands"
    )]
    let place = ((values.len() as f64 * share) as usize).min(values.len().saturating_sub(1));
    values.get(place).copied().unwrap_or(f64::NAN)
}
