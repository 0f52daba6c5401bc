//! The trait for schedules, and the values that it and `Store::fire` speak in.

use async_trait::async_trait;

use crate::domain::audit::Author;
use crate::domain::clock::Timestamp;
use crate::domain::idempotency::IdempotencyKey;
use crate::domain::ids::{OrgId, RunId, ScheduleId};
use crate::domain::schedule::{Fired, Schedule, Submission};
use crate::store::{Cancelling, CancellingRun, Inserted, StoreError};

/// Schedules. They are fired by `Store::fire`. Every change is noted in the audit log as its
/// author's.
#[async_trait]
pub trait Schedules: Send + Sync + 'static {
    /// Stores a new schedule with its idempotency key, unless the organization has `limit` already.
    async fn insert_schedule(
        &self,
        schedule: Schedule,
        limit: usize,
        key: Option<IdempotencyKey>,
        author: Author,
    ) -> Result<Inserted, StoreError>;

    /// The schedules of an organization, newest first; only the one of this id, if one is given.
    async fn schedules(
        &self,
        org: OrgId,
        id: Option<ScheduleId>,
    ) -> Result<Vec<Schedule>, StoreError>;

    /// Stores what somebody changed of a schedule, and when it fires next; what its firings
    /// brought stays. `false` when it is not any more as it was read: it was changed, fired or
    /// deleted meanwhile, and nothing was stored.
    async fn edit_schedule(
        &self,
        was: Schedule,
        edited: Schedule,
        author: Author,
    ) -> Result<bool, StoreError>;

    /// Deletes a schedule; whether there was one. What it submitted stays.
    async fn delete_schedule(
        &self,
        org: OrgId,
        id: ScheduleId,
        now: Timestamp,
        author: Author,
    ) -> Result<bool, StoreError>;

    /// Schedules of all organizations that are due, the longest due first.
    async fn due_schedules(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Schedule>, StoreError>;

    /// When the next schedule falls due, over all organizations.
    async fn next_schedule(&self) -> Result<Option<Timestamp>, StoreError>;
}

/// A schedule that is due, and what it submits.
#[derive(Clone, Debug)]
pub struct Firing {
    /// As it was read.
    pub schedule: Schedule,
    /// What is submitted, in this order; none when all that was missed stays so.
    pub submissions: Vec<Submission>,
    /// How many firings are left out before these.
    pub missed: u64,
    /// Why those are, if no other reason comes after.
    pub skip_reason: Option<String>,
    /// When it fires next; `None` is never again.
    pub next_at: Option<Timestamp>,
    /// The present moment.
    pub now: Timestamp,
    /// The most unfinished jobs that the organization may have.
    pub queue_limit: u64,
}

/// What came of a firing; empty when the schedule was not any more as it was read.
#[derive(Clone, Debug, Default)]
pub struct FiringEnd {
    /// What was submitted.
    pub fired: Vec<Fired>,
    /// The jobs that made room for another.
    pub cancelled: Vec<Cancelling>,
    /// The runs that did.
    pub cancelled_runs: Vec<(RunId, CancellingRun)>,
    /// How many firings were left out.
    pub skipped: u64,
    /// Why the last of them was; `None` when it was not.
    pub skip_reason: Option<String>,
}
