//! Where events come from: the contract's list of sources, each with what it can be filtered by.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a source has to filter by, and what it is called in a sentence.
struct Kind {
    id: &'static str,
    label: &'static str,
    /// Its events lie on branches of a repository.
    code: bool,
    /// Its events have priorities.
    priorities: bool,
}

const fn plain(id: &'static str, label: &'static str) -> Kind {
    Kind { id, label, code: false, priorities: false }
}

const fn ranked(id: &'static str, label: &'static str) -> Kind {
    Kind { id, label, code: false, priorities: true }
}

const fn code(id: &'static str, label: &'static str) -> Kind {
    Kind { id, label, code: true, priorities: false }
}

/// In the contract's order, which is the order of lists; Tidemill's own two come last.
const KINDS: &[Kind] = &[
    Kind { id: "github", label: "GitHub", code: true, priorities: true },
    code("gitlab", "GitLab"),
    code("bitbucket", "Bitbucket"),
    code("azure_devops", "Azure DevOps"),
    plain("buildkite", "Buildkite"),
    plain("circleci", "CircleCI"),
    plain("vercel", "Vercel"),
    plain("netlify", "Netlify"),
    plain("render", "Render"),
    plain("railway", "Railway"),
    plain("cloudflare_pages", "Cloudflare Pages"),
    plain("heroku", "Heroku"),
    ranked("linear", "Linear"),
    ranked("jira", "Jira"),
    ranked("clickup", "ClickUp"),
    plain("monday_com", "monday.com"),
    plain("shortcut", "Shortcut"),
    plain("asana", "Asana"),
    ranked("sentry", "Sentry"),
    plain("datadog", "Datadog"),
    ranked("pagerduty", "PagerDuty"),
    ranked("incident_io", "incident.io"),
    ranked("grafana", "Grafana"),
    ranked("alertmanager", "Alertmanager"),
    ranked("new_relic", "New Relic"),
    plain("posthog", "PostHog"),
    ranked("snyk", "Snyk"),
    plain("sonarqube", "SonarQube"),
    plain("launchdarkly", "LaunchDarkly"),
    plain("hcp_terraform", "HCP Terraform"),
    plain("pulumi", "Pulumi"),
    plain("fireflies", "Fireflies"),
    plain("zoom", "Zoom"),
    plain("google_meet", "Google Meet"),
    plain("microsoft_teams_meetings", "Microsoft Teams meetings"),
    plain("fathom", "Fathom"),
    plain("google_calendar", "Google Calendar"),
    plain("miro", "Miro"),
    plain("intercom", "Intercom"),
    ranked("zendesk", "Zendesk"),
    ranked("jira_service_management", "Jira Service Management"),
    ranked("hubspot", "HubSpot"),
    ranked("salesforce", "Salesforce"),
    plain("slack", "Slack"),
    plain("discord", "Discord"),
    plain("microsoft_teams", "Microsoft Teams"),
    plain("microsoft_outlook", "Microsoft Outlook"),
    plain("gmail", "Gmail"),
    plain("notion", "Notion"),
    plain("confluence", "Confluence"),
    plain("google_drive", "Google Drive"),
    plain("figma", "Figma"),
    code("git", "git"),
    plain("docs", "documents"),
];

/// One of the contract's sources; its text form is the contract's id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventSource(u8);

/// A name that is none of the contract's sources.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no source `{0}`; the sources are {list}", list = ids())]
pub struct UnknownSource(pub String);

fn ids() -> String {
    KINDS.iter().map(|kind| kind.id).collect::<Vec<_>>().join(", ")
}

impl EventSource {
    /// A local repository that has no other name.
    pub const GIT: Self = Self(place_of("git"));
    /// Documents in folders.
    pub const DOCS: Self = Self(place_of("docs"));
    /// A repository's own host, its issues and pull requests.
    pub const GITHUB: Self = Self(place_of("github"));
    /// Likewise.
    pub const GITLAB: Self = Self(place_of("gitlab"));
    /// Chat.
    pub const SLACK: Self = Self(place_of("slack"));
    /// A tracker.
    pub const JIRA: Self = Self(place_of("jira"));
    /// A tracker.
    pub const LINEAR: Self = Self(place_of("linear"));

    /// All of them, in the contract's order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..u8::MAX).take(KINDS.len()).map(Self)
    }

    /// The contract's id.
    pub fn id(self) -> &'static str {
        self.kind().id
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        self.kind().label
    }

    /// Whether its events lie on branches, so that `branches` may filter them.
    pub fn has_branches(self) -> bool {
        self.kind().code
    }

    /// Whether its events have priorities, so that `priorities` may filter them.
    pub fn has_priorities(self) -> bool {
        self.kind().priorities
    }

    /// The source of a repository whose remote is on `host`; `git` for hosts of nobody's.
    pub fn of_host(host: &str) -> Self {
        let host = host.to_ascii_lowercase();
        let is_at = |name: &str| host == name || host.ends_with(&format!(".{name}"));
        let known = [
            ("github.com", "github"),
            ("gitlab.com", "gitlab"),
            ("bitbucket.org", "bitbucket"),
            ("dev.azure.com", "azure_devops"),
            ("visualstudio.com", "azure_devops"),
        ];
        let found = known.iter().find(|(name, _)| is_at(name));
        found.and_then(|(_, id)| id.parse().ok()).unwrap_or(Self::GIT)
    }

    fn kind(self) -> &'static Kind {
        &KINDS[usize::from(self.0)]
    }
}

/// The place of `id` in the list; an id that is not there does not compile.
#[expect(clippy::cast_possible_truncation, reason = "the list is far shorter than 256")]
const fn place_of(id: &str) -> u8 {
    let mut place = 0;
    while place < KINDS.len() {
        if same(KINDS[place].id.as_bytes(), id.as_bytes()) {
            return place as u8;
        }
        place += 1;
    }
    panic!("the list has no such source")
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut place = 0;
    while place < one.len() {
        if one[place] != other[place] {
            return false;
        }
        place += 1;
    }
    true
}

impl FromStr for EventSource {
    type Err = UnknownSource;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::all()
            .find(|source| source.id() == text)
            .ok_or_else(|| UnknownSource(text.chars().take(64).collect()))
    }
}

impl fmt::Display for EventSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl fmt::Debug for EventSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl Serialize for EventSource {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl<'de> Deserialize<'de> for EventSource {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_reads_its_own_id() {
        assert_eq!(EventSource::all().count(), 54);
        for source in EventSource::all() {
            assert_eq!(source.id().parse(), Ok(source));
        }
        let error = "githib".parse::<EventSource>().expect_err("no such source");
        assert!(error.to_string().starts_with("no source `githib`; the sources are github, "));
    }

    #[test]
    fn the_contract_says_which_have_branches_and_priorities() {
        let with = |test: fn(EventSource) -> bool| {
            EventSource::all().filter(|one| test(*one)).map(EventSource::id).collect::<Vec<_>>()
        };
        let code = ["github", "gitlab", "bitbucket", "azure_devops", "git"];
        assert_eq!(with(EventSource::has_branches), code);
        assert_eq!(with(EventSource::has_priorities).len(), 15);
    }

    #[test]
    fn a_remote_names_its_host() {
        assert_eq!(EventSource::of_host("GitHub.com"), EventSource::GITHUB);
        assert_eq!(EventSource::of_host("git.example.org"), EventSource::GIT);
        assert_eq!(EventSource::of_host("notgithub.com"), EventSource::GIT);
    }
}
