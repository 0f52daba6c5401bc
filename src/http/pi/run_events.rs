//! A run's log as server-sent events: the lines of all its steps, as they come.
//!
//! An event's id says how far each step's log was told, so that a client that comes back with
//! `Last-Event-ID` misses no line and sees none twice. Never: a task of its own; the stream runs
//! in the client's connection and ends with it.

use std::fmt::Write as _;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use serde_json::json;

use crate::domain::ids::{OrgId, RunId};
use crate::domain::run::{PlannedStep, Run};
use crate::engine::RunWatch;
use crate::http::auth::{Authorized, Read};
use crate::http::error::ApiError;
use crate::http::front::Front;
use crate::http::pi::follow::{self, Followed, LINES_A_PIECE, Piece, last_event};
use crate::http::pi::log::line;
use crate::http::pi::runs::{not_found, run_id};

/// The stream of the logs of a run's steps.
pub(crate) async fn events(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let id = run_id(&request)?;
    // Subscribe before reading: a line in between is seen, not missed.
    let watch = front.engine.watch_run(id);
    let run = front.catalog.run(caller.org, id).await?.ok_or_else(not_found)?;
    let told = last_event(&request).and_then(|id| Told::parse(&id, run.steps.len()));
    let resumes = told.is_some();
    let told = told.unwrap_or_else(|| Told(vec![0; run.steps.len()]));
    let before = told.clone();
    let mut log = RunLog { front: front.clone(), watch, org: caller.org, id, told };
    if resumes && run.state.is_terminal() && log.news(&run).await?.is_none() {
        // The status by which a browser's event source learns to stop asking.
        return Ok(HttpResponse::new(StatusCode::NO_CONTENT));
    }
    log.told = before;
    Ok(follow::follow(front, &caller, log))
}

/// How far the log of each step was told, in the order of the steps; `3.0.12` on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told(Vec<i64>);

impl Told {
    fn parse(text: &str, steps: usize) -> Option<Self> {
        let told: Option<Vec<i64>> = text.split('.').map(|seq| seq.parse().ok()).collect();
        told.filter(|told| told.len() == steps).map(Self)
    }

    fn text(&self) -> String {
        self.0.iter().map(i64::to_string).collect::<Vec<_>>().join(".")
    }
}

/// The logs of a run's steps, each told up to a line.
struct RunLog {
    front: web::Data<Front>,
    watch: RunWatch,
    org: OrgId,
    id: RunId,
    told: Told,
}

impl Followed for RunLog {
    async fn piece(&mut self) -> Result<Option<Piece>, ApiError> {
        // The run first: lines stored with its end are there when it is seen to have ended.
        let run = self.front.catalog.run(self.org, self.id).await?;
        if let Some(run) = &run
            && let Some(lines) = self.news(run).await?
        {
            return Ok(Some(Piece::Lines(lines)));
        }
        let status = match &run {
            Some(run) if !run.state.is_terminal() => return Ok(None),
            Some(run) => run.state.as_str(),
            None => "deleted",
        };
        let (id, data) = (self.told.text(), json!({ "status": status }));
        let end = format!("id: {id}\nevent: end\ndata: {data}\n\n");
        Ok(Some(Piece::End(Bytes::from(end))))
    }

    async fn changed(&mut self) {
        drop(self.watch.changed().await);
    }
}

impl RunLog {
    /// The lines that came since, step by step; `None` when there are none.
    async fn news(&mut self, run: &Run) -> Result<Option<Bytes>, ApiError> {
        let mut text = String::new();
        for (place, step) in run.steps.iter().enumerate() {
            let PlannedStep { id, job, .. } = &step.plan;
            let lines = self.front.catalog.log(*job, self.told.0[place], LINES_A_PIECE).await?;
            for stored in &lines {
                self.told.0[place] = stored.seq;
                let mut data = line(stored);
                data["step_id"] = json!(id);
                data["job_id"] = json!(job);
                write!(text, "id: {}\nevent: log\ndata: {data}\n\n", self.told.text())
                    .expect("a string takes all text");
            }
        }
        Ok((!text.is_empty()).then(|| Bytes::from(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_all_logs_is_read_as_it_was_written() {
        let told = Told(vec![3, 0, 12]);
        assert_eq!(Told::parse(&told.text(), 3), Some(told));
        for text in ["", "3", "3.0", "3.0.12.1", "3.x.12"] {
            assert_eq!(Told::parse(text, 3), None, "{text}");
        }
    }
}
