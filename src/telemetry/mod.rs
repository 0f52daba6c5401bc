//! What the server tells of itself: log lines and counts.
//!
//! [`start_logs`] is called once by the command line; [`Metrics`] is handed down from the
//! composition root to those who count. Never: a decision that depends on what was counted.

mod exposition;
mod histogram;
mod logs;
mod metrics;
mod table;

pub use logs::{BadFilter, LogFormat, check_filter, start_logs};
pub use metrics::Metrics;
