//! Log lines: for people on a terminal, JSON everywhere else, always on standard error.
//!
//! What is shown is decided by one filter: a level for everything, and levels for targets, as in
//! `tidemill::engine=debug,info`. Never: a secret, a request's body, or a line for something
//! that was already returned as an error.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::filter::{ParseError, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people when standard error is a terminal, else JSON.
    #[default]
    Auto,
    /// Coloured when standard error is a terminal.
    Human,
    /// One JSON object a line.
    Json,
}

/// A filter that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("`{filter}` is no log filter ({reason}); write `info` or `tidemill::engine=debug,info`")]
pub struct BadFilter {
    filter: String,
    reason: String,
}

/// Begins logging, for the rest of the process. A second call changes nothing.
pub fn start_logs(filter: &str, format: LogFormat) -> Result<(), BadFilter> {
    let filter = parse_filter(filter)?;
    let terminal = io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    let registry = tracing_subscriber::registry().with(filter);
    let human = match format {
        LogFormat::Auto => terminal,
        LogFormat::Human => true,
        LogFormat::Json => false,
    };
    let started = if human {
        registry.with(lines.with_ansi(terminal).with_target(false)).try_init()
    } else {
        registry.with(lines.json().flatten_event(true)).try_init()
    };
    // Tests build several servers in one process; the first one's logs serve for all.
    drop(started);
    Ok(())
}

/// Whether `filter` can be read, and if not, why.
pub fn check_filter(filter: &str) -> Result<(), BadFilter> {
    parse_filter(filter).map(drop)
}

/// The framework's own start and stop lines say less than ours; a filter that names it wins.
const QUIET: &str = "actix_server=warn";

fn parse_filter(filter: &str) -> Result<Targets, BadFilter> {
    let named = filter.split(',').map(str::trim).filter(|part| !part.is_empty());
    let directives: Vec<&str> = std::iter::once(QUIET).chain(named).collect();
    directives.join(",").parse().map_err(|error: ParseError| BadFilter {
        filter: filter.to_owned(),
        reason: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_read_or_explained() {
        assert!(check_filter("info").is_ok());
        assert!(check_filter("tidemill::engine=debug, warn,").is_ok());
        let error = check_filter("tidemill=loud").expect_err("there is no such level");
        assert!(error.to_string().starts_with("`tidemill=loud` is no log filter"), "{error}");
    }

    #[test]
    fn the_level_that_is_named_last_and_nearest_counts() {
        let shown = |filter: &str, target: &str| {
            let filter = parse_filter(filter).expect("it reads");
            filter.would_enable(target, &tracing::Level::INFO)
        };
        assert!(shown("info", "tidemill::engine") && !shown("info", "actix_server"));
        assert!(shown("actix_server=info,warn", "actix_server"));
        assert!(!shown("actix_server=info,warn", "tidemill"));
        assert!(shown("tidemill::engine=debug,error", "tidemill::engine::core"));
    }
}
