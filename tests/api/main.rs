//! The HTTP contract, asked of a real server on a real port with a database of its own.
//!
//! Each file asks about one thing. `server` builds the server, `acting` has the actions that it
//! runs, `client` speaks to it. No test sleeps: what must be waited for is waited for by name.

mod acting;
mod actions;
mod activity;
mod ads;
mod assets;
mod audit;
mod brake;
mod brands;
mod browser;
mod bulk;
mod client;
mod commands;
mod control;
mod dashboard;
mod dialect;
mod digests;
mod errors;
mod fonts;
mod handoffs;
mod http_actions;
mod idempotency;
mod insights;
mod jobs;
mod keys;
mod limits;
mod log;
mod openapi;
mod overview;
#[path = "../peers/peer.rs"]
mod peer;
mod peers;
mod receiver;
mod reference;
mod repository;
mod routes;
mod run_reading;
mod runs;
mod schedules;
mod scopes;
mod server;
mod session;
mod site;
mod stream;
mod team;
mod transport;
mod waiting;
mod webhooks;
mod wording;
mod worker_files;
mod workers;
