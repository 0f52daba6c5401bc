//! Commits and tags as events.

use gix::bstr::ByteSlice as _;

use crate::domain::activity::{Commit, Event, Facts, Release, Tag};
use crate::domain::ids::{EventId, ProjectId};
use crate::sources::git::difference::Difference;
use crate::sources::git::history::{author, moment};
use crate::sources::git::{FoundCommit, GitRepository};
use crate::sources::{SourceError, Watch};

impl GitRepository {
    /// The events of commits, in the order given. One that cannot be read is passed over.
    pub fn read(
        &self,
        project: ProjectId,
        found: &[FoundCommit],
        watch: Watch<'_>,
    ) -> Result<Vec<Event>, SourceError> {
        let mut events = Vec::with_capacity(found.len());
        for found in found {
            watch.check()?;
            match self.commit_event(project, found) {
                Ok(event) => events.push(event),
                Err(error) => tracing::debug!(sha = found.sha(), %error, "a commit was not read"),
            }
        }
        Ok(events)
    }

    fn commit_event(&self, project: ProjectId, found: &FoundCommit) -> Result<Event, SourceError> {
        let commit = self.git.find_commit(found.id).map_err(SourceError::damaged)?;
        let decoded = commit.decode().map_err(SourceError::damaged)?;
        let sha = found.sha();
        let parents: Vec<String> = decoded.parents().map(|id| id.to_string()).collect();
        let Difference { paths, total, lines } = if parents.len() > 1 {
            Difference::default()
        } else {
            // In a shallow clone the parent is not there: what changed is not known then.
            self.own_difference(&commit).unwrap_or_default()
        };
        let message = decoded.message.to_str_lossy();
        let (title, content) = split_message(&message);
        let committer = decoded.committer().map_err(SourceError::damaged)?;
        let at = moment(committer.seconds());
        let writer = decoded.author().map_err(SourceError::damaged)?;
        let mut event = Event {
            id: EventId::of(project, self.source.id(), &sha),
            project,
            source: self.source,
            event_type: "commit".to_owned(),
            title,
            content,
            author: author(&writer),
            url: self.web.as_ref().map(|web| format!("{web}/commit/{sha}")),
            refs: Vec::new(),
            place: Some(self.place.clone()),
            branches: found.branches.clone(),
            priority: None,
            facts: Facts::Commit(Commit {
                sha: sha.clone(),
                parents,
                paths,
                paths_total: total,
                lines,
                tags: found.tags.clone(),
            }),
            created_at: at,
            updated_at: at,
            external_id: sha,
        };
        event.clip();
        Ok(event)
    }

    fn own_difference(&self, commit: &gix::Commit<'_>) -> Result<Difference, SourceError> {
        let tree = commit.tree_id().map_err(SourceError::damaged)?.detach();
        let before = match commit.parent_ids().next() {
            Some(parent) => {
                let parent = self.git.find_commit(parent).map_err(SourceError::damaged)?;
                Some(parent.tree_id().map_err(SourceError::damaged)?.detach())
            }
            None => None,
        };
        self.difference(before, tree)
    }

    /// The event of a tag.
    pub fn tag_event(&self, project: ProjectId, tag: &Tag) -> Event {
        let Tag { name, sha, at } = tag;
        let external_id = format!("tag/{name}");
        let mut event = Event {
            id: EventId::of(project, self.source.id(), &external_id),
            project,
            source: self.source,
            external_id,
            event_type: "tag".to_owned(),
            title: name.clone(),
            content: String::new(),
            author: crate::domain::activity::Author::default(),
            url: self.web.as_ref().map(|web| format!("{web}/tree/{name}")),
            refs: vec![sha.clone()],
            place: Some(self.place.clone()),
            branches: Vec::new(),
            priority: None,
            facts: Facts::Release(Release { tag: name.clone(), sha: Some(sha.clone()) }),
            created_at: *at,
            updated_at: *at,
        };
        event.clip();
        event
    }
}

/// A message's first line, and what follows.
fn split_message(message: &str) -> (String, String) {
    let message = message.trim();
    match message.split_once('\n') {
        Some((title, rest)) => (title.trim().to_owned(), rest.trim().to_owned()),
        None => (message.to_owned(), String::new()),
    }
}
