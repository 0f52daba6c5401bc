//! The words of Tidemill: what an organization, a key, a job, an asset, a brand and a
//! team's activity are.
//!
//! Plain values and the rules that need nothing but them. Every other room speaks in these types.
//! Never: I/O, async, a clock or a source of randomness of its own beside `clock` and `ids`.

pub mod activity;
pub mod asset;
pub mod audit;
pub mod brand;
pub mod clock;
pub mod color;
pub mod idempotency;
pub mod ids;
pub mod job;
pub mod key;
pub mod org;
pub mod payload;
pub mod plan;
pub mod run;
pub mod schedule;
pub mod sealed;
pub mod session;
pub mod timetable;
pub mod webhook;
