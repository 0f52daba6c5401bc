//! Projects, the repositories that may be read for them, and the chats that hear of them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::config::Findings;
use crate::domain::activity::{DigestPeriod, EventSource, Project};
use crate::domain::org::check_org_name;

/// `[activity]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ActivityConfig {
    /// Directories below which clients may name repositories.
    pub roots: Vec<RootConfig>,
}

/// A directory below which clients may name repositories.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RootConfig {
    /// For the organization `default`, or the only one there is.
    Plain(PathBuf),
    /// For these organizations.
    Granted(GrantedRootConfig),
}

/// A directory with those who may name repositories below it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantedRootConfig {
    /// The directory.
    pub path: PathBuf,
    /// Names of organizations.
    pub orgs: Vec<String>,
}

/// `[projects.NAME]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProjectConfig {
    /// Whose it is; empty is `default`, or the only organization there is.
    pub org: String,
    /// A git repository on this machine.
    pub repository: Option<PathBuf>,
    /// What its commits are called, such as `github`; asked of its remote when absent.
    pub source: Option<EventSource>,
    /// How often a digest is made: `daily` or `weekly`.
    pub digest: Option<DigestPeriod>,
}

/// `[discord]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DiscordConfig {
    /// `[discord.channels.NAME]`
    pub channels: BTreeMap<String, ChannelConfig>,
}

/// `[discord.channels.NAME]`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChannelConfig {
    /// The address of a webhook as Discord gives it.
    pub url: String,
    /// Names of the organizations that may send there; empty is `default`, or the only one.
    #[serde(default)]
    pub orgs: Vec<String>,
}

impl RootConfig {
    /// The directory, and the names of those who may use it; none is `default`, or the only one.
    pub fn parts(&self) -> (&PathBuf, &[String]) {
        match self {
            Self::Plain(path) => (path, &[]),
            Self::Granted(GrantedRootConfig { path, orgs }) => (path, orgs),
        }
    }
}

impl ActivityConfig {
    pub(super) fn check(&self, findings: &mut Findings) {
        let Self { roots } = self;
        for root in roots {
            let (path, orgs) = root.parts();
            check_orgs("activity.roots", orgs, findings);
            if !path.is_absolute() {
                let path = path.display();
                findings.error("activity.roots", format!("`{path}` must be an absolute path"));
            }
        }
    }
}

pub(super) fn check_projects(projects: &BTreeMap<String, ProjectConfig>, findings: &mut Findings) {
    for (name, project) in projects {
        let key = |member: &str| format!("projects.\"{name}\".{member}");
        if let Err(fault) = Project::check_name(name) {
            findings.error(format!("projects.\"{name}\""), format!("a name {}", fault.message));
        }
        let ProjectConfig { org, repository, source, digest: _ } = project;
        if !org.is_empty() {
            check_orgs(&key("org"), std::slice::from_ref(org), findings);
        }
        if repository.as_ref().is_some_and(|path| !path.is_absolute()) {
            findings.error(key("repository"), "must be an absolute path");
        }
        if source.is_some_and(|source| !source.has_branches()) {
            findings.error(key("source"), "must be a code source");
        }
    }
}

impl DiscordConfig {
    pub(super) fn check(&self, findings: &mut Findings) {
        for (name, ChannelConfig { url, orgs }) in &self.channels {
            let key = |member: &str| format!("discord.channels.\"{name}\".{member}");
            let is_web = url.starts_with("https://") || url.starts_with("http://");
            if !is_web || url::Url::parse(url).is_err() {
                findings.error(key("url"), "must be an http URL");
            }
            check_orgs(&key("orgs"), orgs, findings);
        }
    }
}

/// Organizations that are named are made at the start, so that they must have names.
fn check_orgs(key: &str, orgs: &[String], findings: &mut Findings) {
    for org in orgs {
        if let Err(fault) = check_org_name(org) {
            findings.error(key.to_owned(), format!("`{org}`: {fault}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Part {
        activity: ActivityConfig,
        projects: BTreeMap<String, ProjectConfig>,
        discord: DiscordConfig,
    }

    /// The keys at which something is wrong.
    fn wrong(text: &str) -> Vec<String> {
        let Part { activity, projects, discord } = toml::from_str(text).expect("it reads");
        let mut findings = Findings::default();
        activity.check(&mut findings);
        check_projects(&projects, &mut findings);
        discord.check(&mut findings);
        findings.errors().map(|finding| finding.key.to_string()).collect()
    }

    #[test]
    fn roots_are_plain_or_granted_and_projects_have_names() {
        let text = "[activity]\nroots = [\"/srv\", {path = \"/srv/git\", orgs = [\"acme\"]}]\n\
                    [projects.\"The mill\"]\nrepository = \"mill\"\nsource = \"slack\"\n\
                    [projects.\"\"]\n[discord]\n";
        assert_eq!(
            wrong(text),
            ["projects.\"\"", "projects.\"The mill\".repository", "projects.\"The mill\".source",]
        );
    }

    #[test]
    fn no_organization_is_made_that_could_not_be_made_otherwise() {
        let text = "[activity]\nroots = [{path = \"/srv/git\", orgs = [\"acme\", \"*\"]}]\n\
                    [projects.mill]\norg = \"*\"\n[projects.own]\norg = \"\"\n\
                    [discord.channels.ops]\nurl = \"ftp://chat\"\norgs = [\"\"]\n";
        assert_eq!(
            wrong(text),
            [
                "activity.roots",
                "projects.\"mill\".org",
                "discord.channels.\"ops\".url",
                "discord.channels.\"ops\".orgs",
            ]
        );
    }
}
