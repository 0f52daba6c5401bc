//! The Pi dialect: its routes, one file a noun, and `render`, the one place that knows its words.
//!
//! A handler reads a request, asks a room, and hands what it got to `render`.
//! Never: a job changed but by the engine, and never the other dialect.

pub(crate) mod actions;
pub(crate) mod assets;
pub(crate) mod audit;
pub(crate) mod brand_edit;
pub(crate) mod brands;
mod creation;
mod follow;
pub(crate) mod images;
pub(crate) mod jobs;
pub(crate) mod keys;
mod last_shown;
pub(crate) mod log;
pub(crate) mod overview;
mod render;
pub(crate) mod requests;
pub(crate) mod retry;
pub(crate) mod run_events;
pub(crate) mod runs;
mod schedule_draft;
pub(crate) mod schedules;
pub(crate) mod session;
mod sources;
pub(crate) mod stream;
mod uploads;
pub(crate) mod webhooks;
pub(crate) mod worker_files;
pub(crate) mod workers;

pub(crate) use audit::members as audit_members;
pub(crate) use jobs::{answer_to_waiter, envelope as job_envelope};
pub(crate) use last_shown::LastShown;
pub(crate) use overview::Sizes;
pub(crate) use render::{event_job, event_run, refuse};
