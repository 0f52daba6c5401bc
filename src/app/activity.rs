//! What the configuration says of projects, roots and chats, in the words of the rooms.
//!
//! Projects of the configuration are made at the start and follow it from then on; one that is
//! taken out of it stays, with its events, but its repository is read no more unless a root covers
//! it. Never: a path looked at.

use std::path::PathBuf;
use std::sync::Arc;

use crate::actions::{ActivityOptions, Channel, Channels, RepositoryGrants};
use crate::config::{ChannelConfig, Config, ProjectConfig};
use crate::domain::activity::{Project, Repository};
use crate::domain::audit::Author;
use crate::domain::clock::Clock;
use crate::domain::ids::OrgId;
use crate::domain::org::DEFAULT_ORG;
use crate::store::{Catalog, StoreError};

/// Makes the projects that the configuration names. Answers what the actions of a team's work are
/// built with.
pub(super) async fn prepare(
    config: &Config,
    catalog: &dyn Catalog,
    clock: &Clock,
) -> Result<ActivityOptions, StoreError> {
    make_projects(config, catalog, clock).await?;
    Ok(ActivityOptions {
        grants: Arc::new(grants(config, catalog, clock).await?),
        channels: Arc::new(channels(config, catalog, clock).await?),
        generations_per_day: config.limits.generations_per_day,
    })
}

/// Which directories may be read for whom.
async fn grants(
    config: &Config,
    catalog: &dyn Catalog,
    clock: &Clock,
) -> Result<RepositoryGrants, StoreError> {
    let mut grants = RepositoryGrants::default();
    for root in &config.activity.roots {
        let (path, orgs) = root.parts();
        for org in named_orgs(orgs, catalog, clock).await? {
            grants.roots.push((org, path.clone()));
        }
    }
    for project in config.projects.values() {
        let Some(path) = &project.repository else { continue };
        let org = named_org(&project.org, catalog, clock).await?;
        grants.named.push((org, path.clone()));
    }
    Ok(grants)
}

/// Where messages may go.
async fn channels(
    config: &Config,
    catalog: &dyn Catalog,
    clock: &Clock,
) -> Result<Channels, StoreError> {
    let mut channels = Vec::new();
    for (name, ChannelConfig { url, orgs }) in &config.discord.channels {
        // What is no URL was an error of the configuration.
        let Ok(url) = url.parse() else { continue };
        let orgs = named_orgs(orgs, catalog, clock).await?;
        channels.push(Channel { name: name.clone(), url, orgs });
    }
    Ok(Channels::new(channels))
}

async fn named_orgs(
    names: &[String],
    catalog: &dyn Catalog,
    clock: &Clock,
) -> Result<Vec<OrgId>, StoreError> {
    if names.is_empty() {
        return Ok(vec![named_org("", catalog, clock).await?]);
    }
    let mut orgs = Vec::with_capacity(names.len());
    for name in names {
        orgs.push(named_org(name, catalog, clock).await?);
    }
    Ok(orgs)
}

/// The organization of this name, made if it is new; of none `default`, or the only one there is.
async fn named_org(name: &str, catalog: &dyn Catalog, clock: &Clock) -> Result<OrgId, StoreError> {
    let name = if name.is_empty() {
        match catalog.orgs().await?.as_slice() {
            [only] => return Ok(only.id),
            _ => DEFAULT_ORG,
        }
    } else {
        name
    };
    Ok(catalog.ensure_org(name, clock.now(), Author::SERVER).await?.id)
}

/// Makes the projects that the configuration names, and brings those that there are up to date.
async fn make_projects(
    config: &Config,
    catalog: &dyn Catalog,
    clock: &Clock,
) -> Result<(), StoreError> {
    for (name, ProjectConfig { org, repository, source, digest }) in &config.projects {
        let org = named_org(org, catalog, clock).await?;
        let repository = repository.as_ref().map(|path: &PathBuf| Repository {
            path: path.to_string_lossy().into_owned(),
            source: *source,
        });
        let now = clock.now();
        match catalog.find_project(org, name).await? {
            None => {
                let new = Project::new(org, name, now);
                catalog.insert_project(Project { repository, digest: *digest, ..new }).await?;
            }
            Some(known) if known.repository != repository || known.digest != *digest => {
                let project = Project { repository, digest: *digest, updated_at: now, ..known };
                catalog.update_project(project).await?;
            }
            Some(_) => {}
        }
    }
    Ok(())
}
