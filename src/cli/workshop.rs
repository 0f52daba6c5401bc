//! Projects of a data directory, and events for them: through the server that runs on it, or by
//! this process where none does.

use serde::Deserialize;
use serde_json::json;

use crate::activity::redact_event;
use crate::cli::desk::{Desk, escaped, member, no_org};
use crate::cli::error::CliError;
use crate::domain::activity::{Event, EventSource, Project, Repository};
use crate::domain::audit::Author;
use crate::domain::clock::Clock;
use crate::domain::ids::{OrgId, ProjectId};
use crate::store::{Events as _, Orgs as _, Projects as _, SavedEvents, StoreError};

/// A project, for a list.
#[derive(Debug, Deserialize)]
pub(super) struct ProjectRow {
    pub(super) id: ProjectId,
    pub(super) org: String,
    pub(super) name: String,
    pub(super) key: String,
    pub(super) repository: Option<String>,
}

/// A project that is wanted.
#[derive(Clone, Debug)]
pub(super) struct WantedProject<'a> {
    pub(super) org: &'a str,
    pub(super) name: &'a str,
    pub(super) repository: Option<Repository>,
}

impl Desk {
    /// The projects of an organization, or of all.
    pub(super) fn projects(&self, org: Option<&str>) -> Result<Vec<ProjectRow>, CliError> {
        match self {
            Self::Server(control) => {
                let query = org.map(|org| format!("?org={}", escaped(org))).unwrap_or_default();
                member(control.ask("GET", &format!("/projects{query}"), None)?, "projects")
            }
            Self::Own(own) => own.runtime.block_on(async {
                let org = own.find_org(org).await?.map(|org| org.id);
                let orgs = own.store.orgs().await?;
                let projects = own.store.projects(org).await?;
                let name = |id| orgs.iter().find(|org| org.id == id).map(|org| org.name.clone());
                Ok(projects.into_iter().map(|it| row(name(it.org), it)).collect())
            }),
        }
    }

    /// Makes a project, or gives the one of this name another repository. Its repository
    /// may be read for its organization from then on.
    pub(super) fn add_project(&self, wanted: &WantedProject<'_>) -> Result<(), CliError> {
        let WantedProject { org, name, repository } = wanted;
        match self {
            Self::Server(control) => {
                let body = json!({
                    "org": org,
                    "name": name,
                    "repository": repository.as_ref().map(|it| &it.path),
                    "source": repository.as_ref().and_then(|it| it.source),
                });
                control.ask("POST", "/projects", Some(&body))?;
                Ok(())
            }
            Self::Own(own) => own.runtime.block_on(async {
                let now = Clock::system().now();
                let org = own.store.ensure_org(org, now, Author::LOCAL).await?.id;
                own.store.adopt_project(org, name, repository.clone(), now).await?;
                Ok(())
            }),
        }
    }

    /// Deletes a project with its events and documents.
    pub(super) fn remove_project(&self, org: &str, name: &str) -> Result<(), CliError> {
        match self {
            Self::Server(control) => {
                let path = format!("/projects/{}?org={}", escaped(name), escaped(org));
                control.ask("DELETE", &path, None)?;
                Ok(())
            }
            Self::Own(own) => own.runtime.block_on(async {
                let org = own.store.find_org(org).await?.ok_or_else(|| no_org(org))?.id;
                let found = own.store.find_project(org, name).await?;
                let found = found.ok_or_else(|| no_project(name))?;
                own.store.delete_project(org, found.id).await?;
                Ok(())
            }),
        }
    }

    /// Stores events of a project. Secrets are taken out of them on their way in.
    pub(super) fn save_events(
        &self,
        project: &ProjectRow,
        events: Vec<Event>,
    ) -> Result<SavedEvents, CliError> {
        match self {
            Self::Server(control) => {
                let name = escaped(&project.name);
                let path = format!("/projects/{name}/events?org={}", escaped(&project.org));
                let answer = control.ask("POST", &path, Some(&json!({ "events": events })))?;
                let count = |name| member::<usize>(answer.clone(), name);
                Ok(SavedEvents {
                    new: count("new")?,
                    changed: count("changed")?,
                    unchanged: count("unchanged")?,
                })
            }
            Self::Own(own) => own.runtime.block_on(async {
                let org = own.store.find_org(&project.org).await?;
                let org: OrgId = org.ok_or_else(|| no_org(&project.org))?.id;
                let mut events = events;
                for event in &mut events {
                    redact_event(event);
                }
                let now = Clock::system().now();
                let saved = own.store.save_events(org, events, None, now).await?;
                saved.ok_or_else(|| no_project(&project.name))
            }),
        }
    }
}

fn no_project(name: &str) -> CliError {
    CliError::Refused(format!(
        "no project `{name}`; `tidemill projects list` shows those there are"
    ))
}

fn row(org: Option<String>, project: Project) -> ProjectRow {
    ProjectRow {
        id: project.id,
        org: org.unwrap_or_default(),
        name: project.name,
        key: project.key,
        repository: project.repository.map(|repository| repository.path),
    }
}

/// The code source that a word names.
pub(super) fn code_source(word: &str) -> Result<EventSource, CliError> {
    let source: EventSource =
        word.parse().map_err(|error| CliError::Refused(format!("`--source`: {error}")))?;
    if source.has_branches() {
        return Ok(source);
    }
    Err(CliError::Refused(format!("`--source`: `{word}` is no code source")))
}

/// What a store's refusal means where a name was to be new.
pub(super) fn named(error: CliError) -> CliError {
    match error {
        CliError::Store(StoreError::Taken(name)) => {
            CliError::Refused(format!("there is a project `{name}` already"))
        }
        other => other,
    }
}
