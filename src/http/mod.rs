//! The wire: routes, keys, envelopes, dialects.
//!
//! `routes` lists every path; `frame` surrounds each request; a handler says in its arguments who
//! may call it, asks one of the rooms below, and hands what it got to its dialect's `render`.
//! Never: a job changed but through the engine, a connection to another machine, or a task that
//! outlives its request.

mod account;
mod auth;
mod body;
mod control;
mod control_projects;
mod cookie;
mod cors;
mod dashboard;
mod error;
mod event_body;
mod fields;
mod flowrelay;
mod frame;
mod front;
mod host;
mod idempotency;
mod jobs;
#[cfg(debug_assertions)]
mod openapi;
mod operations;
mod options;
mod pi;
mod query;
mod range;
mod rate_limit;
mod reference;
mod request_id;
mod routes;
mod server;
mod tls;
mod uses;
mod wait;
mod webhook_rules;

pub use event_body::event_body;
pub use front::{Front, FrontParts};
pub use options::{BodyLimits, FlowRelayLimits, HttpOptions, ListenOptions, TlsFiles};
pub use server::{HttpError, Listeners, serve};
pub use tls::TlsIdentity;
pub use webhook_rules::WebhookRules;

pub(crate) use pi::audit_members;
