//! Tidemill: a durable HTTP front door for slow work. One process, one data directory.
//!
//! It answers 202 after a job is on disk, runs it in its own workers, and lets any number of
//! clients wait for the result. The rooms, from those that know nothing to those that know all:
//!
//! | room | what it is |
//! |---|---|
//! | [`domain`] | the words: ids, time, organizations, keys, jobs, brands, assets; no I/O |
//! | [`telemetry`] | log lines and counts |
//! | [`config`] | what an operator can set |
//! | [`store`] | what may be asked of a database, and SQLite's answers |
//! | [`assets`] | files by their content |
//! | [`outbound`] | the only door to other machines |
//! | [`sources`] | what lies on this machine, read: folders of fonts |
//! | [`pixels`] | strangers' pictures, opened under limits; no I/O |
//! | [`model`] | the operator's optional models, which write and paint |
//! | [`brand`] | fetched documents in, a brand with its evidence out; no I/O |
//! | [`activity`] | a team's events in, handoffs and insights with their evidence out; no I/O |
//! | [`engine`] | the life of jobs: accepted, claimed, attempted, ended, waited for |
//! | [`actions`] | the kinds of work, each thin: arguments in, one of the rooms above, output out |
//! | [`http`] | the wire: routes, keys, envelopes, dialects |
//! | [`app`] | builds everything from a configuration, and joins it at the end |
//! | [`cli`] | one file a command |
//!
//! `docs/architecture.md` says which room may use which; `tests/tidy` holds it. A good first walk:
//! [`http`]'s routes, then the engine's `enqueue`, then the store's traits.

pub mod actions;
pub mod activity;
pub mod ads;
pub mod app;
pub mod assets;
pub mod brand;
pub mod cli;
pub mod config;
pub mod domain;
pub mod engine;
pub mod http;
pub mod model;
pub mod outbound;
pub mod pixels;
pub mod sources;
pub mod store;
pub mod telemetry;
