//! The traits for a team's work: projects, events, and the documents made of them.

use async_trait::async_trait;

use crate::domain::activity::{
    Candidates, Digest, DocumentStatus, Event, EventSource, Handoff, Insight, InsightKind, Place,
    Project, Repository, Selection, Window,
};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{DigestId, EventId, HandoffId, InsightId, OrgId, ProjectId};
use crate::domain::job::Lease;
use crate::store::StoreError;

/// Projects, and which directories the operator named for whom.
#[async_trait]
pub trait Projects: Send + Sync + 'static {
    /// Stores a new project; [`StoreError::Taken`] when the organization has one of its name.
    async fn insert_project(&self, project: Project) -> Result<(), StoreError>;

    /// Stores what has changed of a project; whether it is there.
    async fn update_project(&self, project: Project) -> Result<bool, StoreError>;

    /// A project of an organization.
    async fn project(&self, org: OrgId, id: ProjectId) -> Result<Option<Project>, StoreError>;

    /// The project of this name.
    async fn find_project(&self, org: OrgId, name: &str) -> Result<Option<Project>, StoreError>;

    /// The projects of an organization, or of all, oldest first; at most [`MAX_PROJECTS`].
    async fn projects(&self, org: Option<OrgId>) -> Result<Vec<Project>, StoreError>;

    /// Deletes a project with its events and documents; whether there was one.
    async fn delete_project(&self, org: OrgId, id: ProjectId) -> Result<bool, StoreError>;

    /// Notes that the operator named a directory for an organization.
    async fn grant_repository(
        &self,
        org: OrgId,
        path: &str,
        now: Timestamp,
    ) -> Result<(), StoreError>;

    /// Whether the operator named a directory for an organization.
    async fn is_repository_granted(&self, org: OrgId, path: &str) -> Result<bool, StoreError>;

    /// The project that the operator named, made if it is new; with `repository` that one is its
    /// own from now on and granted to the organization.
    async fn adopt_project(
        &self,
        org: OrgId,
        name: &str,
        repository: Option<Repository>,
        now: Timestamp,
    ) -> Result<Project, StoreError> {
        if let Some(repository) = &repository {
            self.grant_repository(org, &repository.path, now).await?;
        }
        let known = self.find_project(org, name).await?;
        let known = known.unwrap_or_else(|| Project::new(org, name, now));
        let repository = repository.or_else(|| known.repository.clone());
        let project = Project { repository, updated_at: now, ..known };
        if !self.update_project(project.clone()).await? {
            self.insert_project(project.clone()).await?;
        }
        Ok(project)
    }
}

/// Projects that one list shows.
pub const MAX_PROJECTS: usize = 10_000;

/// Events that one write stores: it shares the writer with everybody else.
pub const MAX_EVENTS_A_WRITE: usize = 1_000;

/// What happened in projects. Secrets were taken out of it before.
#[async_trait]
pub trait Events: Send + Sync + 'static {
    /// Stores up to [`MAX_EVENTS_A_WRITE`] events: new ones, and what has changed of known ones.
    /// With a `fence` only while that lease holds; `None` when it does not, and nothing is stored.
    async fn save_events(
        &self,
        org: OrgId,
        events: Vec<Event>,
        fence: Option<Lease>,
        now: Timestamp,
    ) -> Result<Option<SavedEvents>, StoreError>;

    /// The commits of a window that are stored, with what may change of them.
    async fn known_commits(
        &self,
        project: ProjectId,
        source: EventSource,
        window: Window,
    ) -> Result<Vec<KnownCommit>, StoreError>;

    /// What a document may be made of.
    async fn candidates(
        &self,
        org: OrgId,
        project: ProjectId,
        selection: Selection,
    ) -> Result<Candidates, StoreError>;

    /// Events of an organization, newest first.
    async fn events(&self, filter: EventFilter) -> Result<Vec<Event>, StoreError>;

    /// By what the events of a project can be filtered.
    async fn facets(&self, org: OrgId, project: ProjectId) -> Result<Facets, StoreError>;

    /// From where an organization has events, the places of each source by their names.
    async fn event_places(
        &self,
        org: OrgId,
        project: Option<ProjectId>,
    ) -> Result<Vec<EventPlace>, StoreError>;

    /// Deletes events to which nothing has happened since `before`, unless they are open; at most
    /// `limit`.
    async fn prune_events(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError>;
}

/// What became of events that were to be stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SavedEvents {
    /// Nobody knew them.
    pub new: usize,
    /// They were known, and are others now.
    pub changed: usize,
    /// They were known as they are.
    pub unchanged: usize,
}

impl std::ops::AddAssign for SavedEvents {
    fn add_assign(&mut self, other: Self) {
        let Self { new, changed, unchanged } = other;
        self.new += new;
        self.changed += changed;
        self.unchanged += unchanged;
    }
}

/// A commit that is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownCommit {
    /// Its event.
    pub id: EventId,
    /// The branches on which it lay when it was read.
    pub branches: Vec<String>,
    /// The tags that pointed at it then.
    pub tags: Vec<String>,
}

/// Which events to list.
#[derive(Clone, Debug)]
pub struct EventFilter {
    /// Whose.
    pub org: OrgId,
    /// Of this project.
    pub project: Option<ProjectId>,
    /// Of this source.
    pub source: Option<EventSource>,
    /// How many, 1 to 100.
    pub limit: usize,
}

/// By what events can be filtered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// Values of events, each combination once.
    pub values: Vec<FacetValues>,
    /// Branches of recent events: of which source, in which place, which name.
    pub branches: Vec<(EventSource, Option<String>, String)>,
}

/// Values that occur together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FacetValues {
    /// The source.
    pub source: EventSource,
    /// The source's own project.
    pub place: Option<Place>,
    /// The type.
    pub event_type: String,
    /// The priority.
    pub priority: Option<String>,
}

/// A place from which events came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventPlace {
    /// The source.
    pub source: EventSource,
    /// The source's own project; `None` where it has none.
    pub place: Option<Place>,
    /// When the first of its events was stored.
    pub since: Timestamp,
    /// When the last one was.
    pub last_at: Timestamp,
}

/// Documents made of events. They are stored by `Store::finish`, with the job that made them.
#[async_trait]
pub trait Documents: Send + Sync + 'static {
    /// A handoff of an organization.
    async fn handoff(&self, org: OrgId, id: HandoffId) -> Result<Option<Handoff>, StoreError>;

    /// Handoffs, newest first; the filter's kind means nothing to them.
    async fn handoffs(&self, filter: DocumentFilter) -> Result<Vec<Handoff>, StoreError>;

    /// Puts a handoff away, or back. It as it is now; `None` for an unknown one.
    async fn mark_handoff(
        &self,
        org: OrgId,
        id: HandoffId,
        status: DocumentStatus,
        now: Timestamp,
    ) -> Result<Option<Handoff>, StoreError>;

    /// An insight of an organization.
    async fn insight(&self, org: OrgId, id: InsightId) -> Result<Option<Insight>, StoreError>;

    /// Insights, newest first.
    async fn insights(&self, filter: DocumentFilter) -> Result<Vec<Insight>, StoreError>;

    /// Puts an insight away, or back. It as it is now; `None` for an unknown one.
    async fn mark_insight(
        &self,
        org: OrgId,
        id: InsightId,
        status: DocumentStatus,
        now: Timestamp,
    ) -> Result<Option<Insight>, StoreError>;

    /// A digest of an organization.
    async fn digest(&self, org: OrgId, id: DigestId) -> Result<Option<Digest>, StoreError>;

    /// Digests of a project, newest first.
    async fn digests(
        &self,
        org: OrgId,
        project: ProjectId,
        limit: usize,
    ) -> Result<Vec<Digest>, StoreError>;

    /// How many handoffs and insights of an organization were made since a moment.
    async fn documents_since(&self, org: OrgId, since: Timestamp) -> Result<usize, StoreError>;

    /// Deletes documents made before `before`, at most `limit` of each kind; how many of the kind
    /// with the most.
    async fn prune_documents(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError>;
}

/// Which documents to list.
#[derive(Clone, Debug)]
pub struct DocumentFilter {
    /// Whose.
    pub org: OrgId,
    /// Of this project.
    pub project: Option<ProjectId>,
    /// Of this kind.
    pub kind: Option<InsightKind>,
    /// In this state.
    pub status: Option<DocumentStatus>,
    /// How many, 1 to 100.
    pub limit: usize,
}
