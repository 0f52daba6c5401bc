//! What an action is given beside its arguments.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use crate::assets::AssetStore;
use crate::domain::asset::Asset;
use crate::domain::brand::Brand;
use crate::domain::clock::Clock;
use crate::domain::ids::{AssetId, BrandId, JobId, OrgId, RunId, WebhookId};
use crate::domain::job::{Diagnostic, Job, Lease, LogLevel};
use crate::domain::run::Run;
use crate::domain::webhook::Webhook;
use crate::engine::reporter::Reporter;
use crate::engine::{ActionError, payloads};
use crate::store::Catalog;

/// An action's view of its attempt and, confined to the job's organization, of what is stored.
#[derive(Clone)]
pub struct ActionContext {
    pub(super) org: OrgId,
    pub(super) lease: Lease,
    pub(super) attempt: u16,
    pub(super) allowed: Duration,
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
        self.lease.job
    }

    /// Which attempt this is, from 1.
    pub const fn attempt(&self) -> u16 {
        self.attempt
    }

    /// Where time comes from.
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// How long the attempt may take.
    pub const fn allowed(&self) -> Duration {
        self.allowed
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

    /// Says what is new of both; what is `None` stays as it is.
    pub fn report(&self, phase: Option<&str>, progress: Option<f64>) {
        self.reporter.progress(phase, progress);
    }

    /// Returns when the job's log takes another line: what is said faster than it is stored would
    /// be lost otherwise.
    pub async fn log_has_room(&self) {
        self.reporter.has_room().await;
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
        let found = self.catalog.asset(self.org, id).await;
        let found = found.map_err(|error| unreadable("file", error))?;
        found.map(|asset| self.with_bytes(asset)).transpose()
    }

    /// The file behind a public token; `None` when there is none. Another organization's is told
    /// apart, because it must neither be read here nor asked for anywhere else.
    pub async fn public_asset(&self, token: &str) -> Result<Option<PublicAsset>, ActionError> {
        let found = self.catalog.asset_by_token(token).await;
        match found.map_err(|error| unreadable("file", error))? {
            Some(asset) if asset.org == self.org => {
                let (asset, bytes) = self.with_bytes(asset)?;
                Ok(Some(PublicAsset::Own(Box::new(asset), bytes)))
            }
            Some(_) => Ok(Some(PublicAsset::Foreign)),
            None => Ok(None),
        }
    }

    /// Where a stored file of the organization can be opened without a key, below the server's own
    /// URL; `None` when there is none, or its token was ended.
    pub async fn public_path(&self, id: AssetId) -> Result<Option<String>, ActionError> {
        let found = self.catalog.asset(self.org, id).await;
        let found = found.map_err(|error| unreadable("file", error))?;
        Ok(found.and_then(|asset| asset.public_path()))
    }

    fn with_bytes(&self, asset: Asset) -> Result<(Asset, Vec<u8>), ActionError> {
        // Blocking is fine here: an attempt has its thread to itself.
        let bytes = self.assets.read(&asset.digest).map_err(|error| unreadable("file", error))?;
        Ok((asset, bytes))
    }

    /// A brand of the organization.
    pub async fn brand(&self, id: BrandId) -> Result<Option<Brand>, ActionError> {
        let found = self.catalog.brand(self.org, id).await;
        found.map_err(|error| unreadable("brand", error))
    }

    /// A job of the organization.
    pub async fn job(&self, id: JobId) -> Result<Option<Job>, ActionError> {
        let found = self.catalog.job(self.org, id).await;
        found.map_err(|error| unreadable("job", error))
    }

    /// A run of the organization.
    pub async fn run(&self, id: RunId) -> Result<Option<Run>, ActionError> {
        let found = self.catalog.run(self.org, id).await;
        found.map_err(|error| unreadable("run", error))
    }

    /// A webhook of the organization.
    pub async fn webhook(&self, id: WebhookId) -> Result<Option<Webhook>, ActionError> {
        let found = self.catalog.webhook(self.org, id).await;
        found.map_err(|error| unreadable("webhook", error))
    }

    /// The tokens of those among these files that are the organization's and have one.
    pub async fn asset_tokens(
        &self,
        ids: Vec<AssetId>,
    ) -> Result<Vec<(AssetId, String)>, ActionError> {
        let found = self.catalog.asset_tokens(self.org, ids).await;
        found.map_err(|error| unreadable("file", error))
    }

    /// What a job was asked, with what earlier steps passed into it.
    pub fn input_of(&self, job: &Job) -> Result<Map<String, Value>, ActionError> {
        payloads::load_input(&self.assets, job).map_err(|error| unreadable("job", error))
    }

    /// What a job brought; `None` while it has not completed.
    pub fn result_of(&self, job: &Job) -> Result<Option<Map<String, Value>>, ActionError> {
        let result = job.result.as_ref().map(|result| payloads::load(&self.assets, result));
        result.transpose().map_err(|error| unreadable("job", error))
    }
}

/// A file behind a public token.
#[derive(Clone, Debug)]
pub enum PublicAsset {
    /// The organization's, with its bytes.
    Own(Box<Asset>, Vec<u8>),
    /// Another organization's.
    Foreign,
}

pub(super) fn unreadable(what: &str, error: impl std::fmt::Display) -> ActionError {
    let message = format!("A stored {what} could not be read.");
    ActionError::transient("storage_unavailable", message).because(error)
}
