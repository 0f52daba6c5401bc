//! What an organization of a test's server may have of a team's work.

use std::path::PathBuf;
use std::sync::Arc;

use tidemill::actions::{ActivityOptions, Channel, Channels, RepositoryGrants};
use tidemill::domain::activity::Project;
use tidemill::domain::ids::OrgId;
use tidemill::store::Catalog;

/// What the organization `default` may have of a team's work.
#[derive(Default)]
pub(crate) struct TeamSettings {
    /// A directory below which it may name repositories.
    pub(crate) root: Option<PathBuf>,
    /// A webhook to which it may have messages sent.
    pub(crate) channel: Option<String>,
    /// Documents that it may have made in a day; 0 is no limit.
    pub(crate) generations_per_day: u32,
    /// A project that is there at the start: its digests are asked for.
    pub(crate) project: Option<Project>,
    /// Built-in actions that are switched off.
    pub(crate) disabled: Vec<String>,
}

impl TeamSettings {
    /// For `org`, with the names of what is switched off.
    pub(crate) async fn options(
        self,
        org: OrgId,
        catalog: &dyn Catalog,
    ) -> (ActivityOptions, Vec<String>) {
        let Self { root, channel, generations_per_day, project, disabled } = self;
        if let Some(project) = project {
            catalog.insert_project(Project { org, ..project }).await.expect("stored");
        }
        let roots = root.map(|root| (org, root)).into_iter().collect();
        let channel = channel.map(|url| Channel {
            name: "ops".to_owned(),
            url: url.parse().expect("a URL"),
            orgs: vec![org],
        });
        let activity = ActivityOptions {
            grants: Arc::new(RepositoryGrants { roots, named: Vec::new() }),
            channels: Arc::new(Channels::new(channel.into_iter().collect())),
            generations_per_day,
        };
        (activity, disabled)
    }
}
