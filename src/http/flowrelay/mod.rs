//! The Flow Relay dialect: its routes, one file a noun, and `render`, the one place that knows its
//! words.
//!
//! A handler reads a request, asks a room, and hands what it got to `render`.
//! Never: a job changed but by the engine, a Pi envelope, and never the other dialect.

mod at_once;
pub(crate) mod choices;
mod creation;
pub(crate) mod discord;
pub(crate) mod documents;
pub(crate) mod events;
pub(crate) mod generation;
pub(crate) mod projects;
pub(crate) mod questions;
mod render;

pub(crate) use render::refuse;

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::domain::job::Job;
use crate::http::error::ApiError;
use crate::http::front::Front;

/// `job` and `result` of a generation's job, as this dialect shows it.
pub(crate) async fn job_members(
    front: &Front,
    job: &Arc<Job>,
) -> Result<Map<String, Value>, ApiError> {
    let input = front.engine.input_of(job).await?;
    let result = front.engine.result_of(job).await?.unwrap_or_default();
    let document = documents::of_result(front, job.org, &result).await?;
    Ok(render::job_members(job, &input, &result, document))
}
