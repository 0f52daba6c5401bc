//! What an action is given beside its arguments.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::assets::AssetStore;
use crate::domain::asset::Asset;
use crate::domain::clock::Clock;
use crate::domain::ids::{AssetId, JobId, OrgId};
use crate::domain::job::{Diagnostic, Job, LogLevel};
use crate::engine::ActionError;
use crate::engine::reporter::Reporter;
use crate::store::Catalog;

/// An action's view of its attempt and, confined to the job's organization, of what is stored.
#[derive(Clone)]
pub struct ActionContext {
    pub(super) org: OrgId,
    pub(super) job: JobId,
    pub(super) attempt: u16,
    pub(super) deadline: Instant,
    pub(super) token: CancellationToken,
    pub(super) clock: Clock,
    pub(super) reporter: Arc<Reporter>,
    pub(super) catalog: Arc<dyn Catalog>,
    pub(super) assets: Arc<AssetStore>,
}

impl ActionContext {
    /// The organization that the work is for.
    pub const fn org(&self) -> OrgId {
        self.org
    }

    /// The job.
    pub const fn job_id(&self) -> JobId {
        self.job
    }

    /// Which attempt this is, from 1.
    pub const fn attempt(&self) -> u16 {
        self.attempt
    }

    /// Where time comes from.
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// How much of the attempt's time is left.
    pub fn remaining(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Whether the work should end: its time is up, or somebody cancelled it. Cheap enough to be
    /// asked every few milliseconds by work that computes.
    pub fn is_over(&self) -> bool {
        self.token.is_cancelled() || Instant::now() >= self.deadline
    }

    /// Completes when the job is cancelled or the server stops.
    pub async fn cancelled(&self) {
        self.token.cancelled().await;
    }

    /// Says what the attempt does now, and how far it is from 0 to 1.
    pub fn progress(&self, phase: &str, progress: Option<f64>) {
        self.reporter.progress(Some(phase), progress);
    }

    /// Adds a line to the job's log.
    pub fn log(&self, level: LogLevel, message: &str) {
        self.reporter.log(level, message);
    }

    /// Notes a step for `include=diagnostics`.
    pub fn diagnose(&self, diagnostic: Diagnostic) {
        self.reporter.diagnose(diagnostic);
    }

    /// A stored file of the organization with its bytes; `None` when there is none of that id.
    pub async fn asset(&self, id: AssetId) -> Result<Option<(Asset, Vec<u8>)>, ActionError> {
        let storage = |error: &dyn std::fmt::Display| {
            ActionError::transient("storage_unavailable", "A stored file could not be read.")
                .because(error)
        };
        let Some(asset) =
            self.catalog.asset(self.org, id).await.map_err(|error| storage(&error))?
        else {
            return Ok(None);
        };
        // Blocking is fine here: an attempt has its thread to itself.
        let bytes = self.assets.read(&asset.digest).map_err(|error| storage(&error))?;
        Ok(Some((asset, bytes)))
    }

    /// A job of the organization.
    pub async fn job(&self, id: JobId) -> Result<Option<Job>, ActionError> {
        self.catalog.job(self.org, id).await.map_err(|error| {
            ActionError::transient("storage_unavailable", "A stored job could not be read.")
                .because(error)
        })
    }
}
