//! The trait for webhooks and their deliveries, and the values that it speaks in.

use std::sync::Arc;

use async_trait::async_trait;

use crate::domain::audit::Author;
use crate::domain::clock::Timestamp;
use crate::domain::idempotency::{Answer, IdempotencyKey};
use crate::domain::ids::{JobId, OrgId, WebhookId};
use crate::domain::job::{Attempt, Job, NewJob};
use crate::domain::webhook::{Event, NewDelivery, Webhook, WebhookEdit};
use crate::store::StoreError;

/// Makes the job that delivers an event: `Store::deliver_by` is given one. Called within
/// transactions, so it must be quick.
pub type Messenger = Arc<dyn Fn(OrgId, NewDelivery) -> NewJob + Send + Sync>;

/// Webhooks. Their deliveries are jobs, stored in the transactions whose ends they report. Every
/// change is noted in the audit log as its author's.
#[async_trait]
pub trait Webhooks: Send + Sync + 'static {
    /// Stores a new webhook with its idempotency key, unless the organization has `limit` already.
    async fn insert_webhook(
        &self,
        webhook: Webhook,
        limit: usize,
        key: Option<IdempotencyKey>,
        author: Author,
    ) -> Result<Inserted, StoreError>;

    /// A webhook of an organization.
    async fn webhook(&self, org: OrgId, id: WebhookId) -> Result<Option<Webhook>, StoreError>;

    /// The webhooks of an organization, newest first.
    async fn webhooks(&self, org: OrgId) -> Result<Vec<Webhook>, StoreError>;

    /// Changes a webhook; the webhook as it is now, `None` for an unknown one.
    async fn edit_webhook(
        &self,
        org: OrgId,
        id: WebhookId,
        edit: WebhookEdit,
        now: Timestamp,
        author: Author,
    ) -> Result<Option<Webhook>, StoreError>;

    /// Deletes a webhook; whether there was one. What is still to be delivered to it is not.
    async fn delete_webhook(
        &self,
        org: OrgId,
        id: WebhookId,
        now: Timestamp,
        author: Author,
    ) -> Result<bool, StoreError>;

    /// The sealed secrets of all webhooks, for a look at whether the key opens them.
    async fn webhook_secrets(&self) -> Result<Vec<(WebhookId, Vec<u8>)>, StoreError>;

    /// Lets go of secrets that no key opens: their webhooks are switched off until they get new
    /// ones. The webhooks as they are now.
    async fn forget_secrets(
        &self,
        ids: Vec<WebhookId>,
        now: Timestamp,
        author: Author,
    ) -> Result<Vec<Webhook>, StoreError>;

    /// Deliveries to a webhook, newest first.
    async fn deliveries(&self, filter: DeliveryFilter) -> Result<DeliveryPage, StoreError>;
}

/// What became of a row that was to be inserted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inserted {
    /// It is there.
    Created,
    /// The idempotency key was seen before with the same body: the answer given then.
    Replayed(Answer),
    /// The idempotency key was seen before with another body; nothing was stored.
    KeyMismatch,
    /// The organization has as many as it may; nothing was stored.
    Full,
}

/// Which deliveries to list.
#[derive(Clone, Copy, Debug)]
pub struct DeliveryFilter {
    /// Whose.
    pub org: OrgId,
    /// To which webhook.
    pub webhook: WebhookId,
    /// Only this one.
    pub id: Option<JobId>,
    /// Older than this one.
    pub cursor: Option<JobId>,
    /// How many, 1 to 100.
    pub limit: usize,
}

/// A delivery of an event to a webhook.
#[derive(Clone, Debug)]
pub struct Delivering {
    /// The job that delivers, whose id is the delivery's.
    pub job: Job,
    /// What is delivered.
    pub event: Event,
    /// The attempts that ended, oldest first.
    pub attempts: Vec<Attempt>,
}

/// A page of deliveries.
#[derive(Clone, Debug, Default)]
pub struct DeliveryPage {
    /// The deliveries, newest first.
    pub deliveries: Vec<Delivering>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<JobId>,
}
