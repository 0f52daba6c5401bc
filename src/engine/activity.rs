//! What an action reads and stores of a team's work, confined to the job's organization.

use crate::domain::activity::{
    Candidates, Digest, Event, EventSource, Handoff, Insight, Project, Selection, Window,
};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{DigestId, HandoffId, InsightId, ProjectId};
use crate::engine::ActionError;
use crate::engine::context::{ActionContext, unreadable};
use crate::store::{KnownCommit, MAX_EVENTS_A_WRITE, SavedEvents, StoreError};

impl ActionContext {
    /// A project of the organization.
    pub async fn project(&self, id: ProjectId) -> Result<Option<Project>, ActionError> {
        let found = self.catalog.project(self.org, id).await;
        found.map_err(|error| unreadable("project", error))
    }

    /// The events of a project that a document may be made of.
    pub async fn events(
        &self,
        project: ProjectId,
        selection: &Selection,
    ) -> Result<Candidates, ActionError> {
        let found = self.catalog.candidates(self.org, project, selection.clone()).await;
        found.map_err(|error| unreadable("event", error))
    }

    /// The commits of a window that are stored.
    pub async fn known_commits(
        &self,
        project: ProjectId,
        source: EventSource,
        window: Window,
    ) -> Result<Vec<KnownCommit>, ActionError> {
        let found = self.catalog.known_commits(project, source, window).await;
        found.map_err(|error| unreadable("event", error))
    }

    /// A handoff of the organization.
    pub async fn handoff(&self, id: HandoffId) -> Result<Option<Handoff>, ActionError> {
        let found = self.catalog.handoff(self.org, id).await;
        found.map_err(|error| unreadable("handoff", error))
    }

    /// An insight of the organization.
    pub async fn insight(&self, id: InsightId) -> Result<Option<Insight>, ActionError> {
        let found = self.catalog.insight(self.org, id).await;
        found.map_err(|error| unreadable("insight", error))
    }

    /// A digest of the organization.
    pub async fn digest(&self, id: DigestId) -> Result<Option<Digest>, ActionError> {
        let found = self.catalog.digest(self.org, id).await;
        found.map_err(|error| unreadable("digest", error))
    }

    /// How many handoffs and insights the organization has had made since a moment.
    pub async fn documents_since(&self, since: Timestamp) -> Result<usize, ActionError> {
        let found = self.catalog.documents_since(self.org, since).await;
        found.map_err(|error| unreadable("document", error))
    }

    /// Whether the operator named a directory for the organization.
    pub async fn is_repository_granted(&self, path: &str) -> Result<bool, ActionError> {
        let found = self.catalog.is_repository_granted(self.org, path).await;
        found.map_err(|error| unreadable("project", error))
    }

    /// Stores events in writes of their own, under the lease: they stay whatever the job's end,
    /// and storing them again changes nothing. Secrets must be out of them.
    pub async fn save(&self, mut events: Vec<Event>) -> Result<SavedEvents, ActionError> {
        let mut saved = SavedEvents::default();
        while !events.is_empty() {
            let rest = events.split_off(events.len().min(MAX_EVENTS_A_WRITE));
            let now = self.clock.now();
            match self.catalog.save_events(self.org, events, Some(self.lease), now).await {
                Ok(Some(some)) => saved += some,
                Ok(None) => {
                    let message = "The job is no longer this attempt's, or its project is gone.";
                    return Err(ActionError::fatal("generation_failed", message));
                }
                Err(error) => return Err(unstored(error)),
            }
            events = rest;
        }
        Ok(saved)
    }
}

fn unstored(error: StoreError) -> ActionError {
    let message = "What was read could not be stored.";
    ActionError::transient("storage_unavailable", message).because(error)
}
