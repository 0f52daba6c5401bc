//! The traits for everything beside jobs: one noun each, at most ten methods.

use async_trait::async_trait;

use crate::domain::asset::{Asset, ContentDigest, NewAsset};
use crate::domain::audit::Author;
use crate::domain::brand::{Brand, BrandEdit};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{AssetId, BrandId, JobId, KeyId, OrgId};
use crate::domain::job::Claimed;
use crate::domain::key::{ApiKey, NewApiKey, SecretHash};
use crate::domain::org::Org;
use crate::domain::session::NewSession;
use crate::store::{
    AuditLog, Documents, Events, Projects, Queues, RunReader, Running, Schedules, StoreError,
    StoreReader, Webhooks, WorkerFiles,
};

/// Everything that is stored beside the life of a job.
pub trait Catalog:
    StoreReader
    + RunReader
    + Queues
    + Orgs
    + Keys
    + Sessions
    + Brands
    + Assets
    + Webhooks
    + WorkerLeases
    + WorkerFiles
    + AuditLog
    + Schedules
    + Projects
    + Events
    + Documents
{
}

impl<T> Catalog for T where
    T: StoreReader
        + RunReader
        + Queues
        + Orgs
        + Keys
        + Sessions
        + Brands
        + Assets
        + Webhooks
        + WorkerLeases
        + WorkerFiles
        + AuditLog
        + Schedules
        + Projects
        + Events
        + Documents
{
}

/// What remote workers hold, and how much is being processed.
#[async_trait]
pub trait WorkerLeases: Send + Sync + 'static {
    /// The lease that a token stands for with its job as it is now; `None` when another worker
    /// has the job since, or the token is unknown. The job may have ended.
    async fn find_lease(&self, token: SecretHash) -> Result<Option<Claimed>, StoreError>;

    /// How much of an action, and of an organization's work, is being processed.
    async fn running(&self, org: OrgId, action: String) -> Result<Running, StoreError>;
}

/// Organizations. Every change is noted in the audit log as its author's.
#[async_trait]
pub trait Orgs: Send + Sync + 'static {
    /// The organization of this name, made if it is new.
    async fn ensure_org(
        &self,
        name: &str,
        now: Timestamp,
        author: Author,
    ) -> Result<Org, StoreError>;

    /// The organization of this name.
    async fn find_org(&self, name: &str) -> Result<Option<Org>, StoreError>;

    /// All organizations, oldest first.
    async fn orgs(&self) -> Result<Vec<Org>, StoreError>;

    /// Renames one; [`StoreError::Taken`] when another has the name. `None` for an unknown one.
    async fn rename_org(
        &self,
        name: &str,
        new_name: &str,
        now: Timestamp,
        author: Author,
    ) -> Result<Option<Org>, StoreError>;

    /// Deletes one with everything it has, unless it has unfinished jobs.
    async fn delete_org(
        &self,
        name: &str,
        now: Timestamp,
        author: Author,
    ) -> Result<OrgDeletion, StoreError>;
}

/// What became of an organization that was to be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrgDeletion {
    /// It is gone, with its keys, jobs, brands and asset rows.
    Deleted,
    /// It has this many unfinished jobs: cancel them, or let them end, first.
    HasUnfinishedJobs(u64),
    /// There is none of this name.
    Unknown,
}

/// API keys. What is kept of a key in memory never outlives its revocation. Every change is noted
/// in the audit log as its author's.
#[async_trait]
pub trait Keys: Send + Sync + 'static {
    /// Stores a new key.
    async fn insert_key(&self, key: NewApiKey, author: Author) -> Result<(), StoreError>;

    /// The key with this secret, unless it was revoked. Answers from memory when it can.
    async fn find_key(&self, hash: SecretHash) -> Result<Option<ApiKey>, StoreError>;

    /// The keys of an organization, or of all, newest first, revoked ones included.
    async fn keys(&self, org: Option<OrgId>) -> Result<Vec<ApiKey>, StoreError>;

    /// Revokes a key (of this organization, if one is given), from the next request on. The key
    /// as it is now; `None` for an unknown one. A key revoked before stays as it was.
    async fn revoke_key(
        &self,
        org: Option<OrgId>,
        id: KeyId,
        now: Timestamp,
        author: Author,
    ) -> Result<Option<ApiKey>, StoreError>;

    /// Notes when keys were last seen.
    async fn touch_keys(&self, uses: Vec<KeyUse>) -> Result<(), StoreError>;
}

/// A key seen at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUse {
    /// The key.
    pub key: KeyId,
    /// When.
    pub at: Timestamp,
}

/// Sessions of the dashboard. One is worth what its key is, and never outlives it.
#[async_trait]
pub trait Sessions: Send + Sync + 'static {
    /// Stores a new session. Those that are over are deleted, and so are the oldest of its key
    /// beyond [`crate::domain::session::MAX_SESSIONS_A_KEY`].
    async fn insert_session(&self, session: NewSession) -> Result<(), StoreError>;

    /// The session with this secret, unless it is over at `now` or its key was revoked.
    async fn find_session(
        &self,
        hash: SecretHash,
        now: Timestamp,
    ) -> Result<Option<FoundSession>, StoreError>;

    /// Ends a session; one that is unknown has ended already.
    async fn end_session(&self, hash: SecretHash) -> Result<(), StoreError>;
}

/// A session that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundSession {
    /// The key that it stands for.
    pub key: ApiKey,
    /// When it ends by itself.
    pub expires_at: Timestamp,
}

/// Brands. They are first stored by `Store::finish`, with the job that found them.
#[async_trait]
pub trait Brands: Send + Sync + 'static {
    /// A brand of an organization.
    async fn brand(&self, org: OrgId, id: BrandId) -> Result<Option<Brand>, StoreError>;

    /// Brands of an organization, newest first.
    async fn brands(&self, filter: BrandFilter) -> Result<BrandPage, StoreError>;

    /// Applies what a person set, in one transaction with the reading, and stores `assets`
    /// with it. The brand as it is now; `None` for an unknown one.
    async fn edit_brand(
        &self,
        org: OrgId,
        id: BrandId,
        edit: BrandEdit,
        assets: Vec<NewAsset>,
        now: Timestamp,
    ) -> Result<Option<Brand>, StoreError>;

    /// Deletes a brand; whether there was one.
    async fn delete_brand(&self, org: OrgId, id: BrandId) -> Result<bool, StoreError>;

    /// The newest job whose result names the brand.
    async fn latest_job_of_brand(
        &self,
        org: OrgId,
        id: BrandId,
    ) -> Result<Option<JobId>, StoreError>;
}

/// Which brands to list.
#[derive(Clone, Debug)]
pub struct BrandFilter {
    /// Whose.
    pub org: OrgId,
    /// A part of the name, in any case.
    pub query: Option<String>,
    /// How many, 1 to 100.
    pub limit: usize,
    /// How many to pass over.
    pub offset: usize,
}

/// A page of brands.
#[derive(Clone, Debug, Default)]
pub struct BrandPage {
    /// The brands, newest first.
    pub brands: Vec<Brand>,
    /// How many there are in all.
    pub total: u64,
}

/// Rows of stored files. The bytes are the asset store's.
#[async_trait]
pub trait Assets: Send + Sync + 'static {
    /// A file of an organization.
    async fn asset(&self, org: OrgId, id: AssetId) -> Result<Option<Asset>, StoreError>;

    /// The file behind a public token that was not ended.
    async fn asset_by_token(&self, token: &str) -> Result<Option<Asset>, StoreError>;

    /// The tokens of those among these files that are the organization's and have one.
    async fn asset_tokens(
        &self,
        org: OrgId,
        ids: Vec<AssetId>,
    ) -> Result<Vec<(AssetId, String)>, StoreError>;

    /// Deletes a file's row, and with it its token. `None` for an unknown one.
    async fn delete_asset(&self, org: OrgId, id: AssetId) -> Result<Option<Asset>, StoreError>;

    /// Ends the file's token and gives it another. `None` for an unknown one.
    async fn rotate_asset(&self, org: OrgId, id: AssetId) -> Result<Option<Asset>, StoreError>;

    /// Notes that files are in use, so that they are kept.
    async fn touch_assets(&self, uses: Vec<AssetUse>) -> Result<(), StoreError>;

    /// Of these contents, the ones that some row names: a file, or a job's large input or result.
    async fn used_contents(
        &self,
        digests: Vec<ContentDigest>,
    ) -> Result<Vec<ContentDigest>, StoreError>;
}

/// A file used at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AssetUse {
    /// The file.
    pub asset: AssetId,
    /// When.
    pub at: Timestamp,
}
