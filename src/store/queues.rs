//! The trait for who looks on: how much waits, and who does what.

use async_trait::async_trait;

use crate::domain::clock::Timestamp;
use crate::domain::ids::{JobId, OrgId, RunId};
use crate::store::StoreError;

/// The queues as an onlooker sees them. Without an organization: those of all.
#[async_trait]
pub trait Queues: Send + Sync + 'static {
    /// What has not ended, by organization and action, the longest queue first; at most `limit`.
    async fn backlogs(&self, org: Option<OrgId>, limit: usize) -> Result<Vec<Backlog>, StoreError>;

    /// Jobs in the hands of a worker, the one that began first at the head; at most `limit`.
    /// Internal ones are left out.
    async fn underway(&self, org: Option<OrgId>, limit: usize)
    -> Result<Vec<Underway>, StoreError>;
}

/// Jobs of an organization and action that have not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backlog {
    /// Whose.
    pub org: OrgId,
    /// Its name.
    pub org_name: String,
    /// The action's name.
    pub action: String,
    /// How many are due and wait for a worker.
    pub ready: u64,
    /// How many are in a worker's hands.
    pub processing: u64,
    /// How many are not due yet: they wait for a moment, for a retry or for an earlier step.
    pub later: u64,
    /// When the oldest of those that are due was accepted.
    pub oldest: Option<Timestamp>,
}

/// A job in the hands of a worker.
#[derive(Clone, Debug, PartialEq)]
pub struct Underway {
    /// Its id.
    pub job: JobId,
    /// Whose it is.
    pub org: OrgId,
    /// The action's name.
    pub action: String,
    /// `local`, or a remote worker's name.
    pub worker: String,
    /// When the attempt began.
    pub started_at: Option<Timestamp>,
    /// Which attempt it is, from 1.
    pub attempt: u16,
    /// How many there may be.
    pub max_attempts: u16,
    /// What it is doing now.
    pub phase: Option<String>,
    /// How far it is, 0 to 1.
    pub progress: Option<f64>,
    /// The run that it is a step of, with the step's id.
    pub step: Option<(RunId, String)>,
}
