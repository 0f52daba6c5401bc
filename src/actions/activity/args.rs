//! What a handoff or an insight is asked with: the body of its route, the input of its step.
//!
//! One table of ranges for both dialects. A fault names its member. Never: a default that depends
//! on the moment; what is not said is filled in when the job runs, from when it was accepted.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::activity::{InsightRequest, ReleaseStyle};
use crate::domain::activity::{EventSource, Filters, InsightKind, InvalidField, Selection, Window};
use crate::domain::clock::Timestamp;
use crate::domain::ids::ProjectId;
use crate::engine::InvalidInput;

/// The longest look back in hours: a quarter.
const MAX_LOOKBACK_HOURS: u64 = 2_160;

/// The longest look back in days: a year.
const MAX_LOOKBACK_DAYS: u64 = 365;

/// The most events of one document.
const MAX_EVENTS: u64 = 1_000;

/// The longest role, focus or question, in characters.
const MAX_WORDS: usize = 500;

/// How many sources one list names.
const MAX_SOURCES: usize = 60;

/// The longest that a release's notes look back when they are told to, in days: ten years. A window
/// of so long has at most as many commits as any other.
const MAX_RELEASE_LOOKBACK_DAYS: u64 = 3_650;

/// What a plan looks back, and a release with none before it.
const RELEASE_LOOKBACK_DAYS: u64 = 365;
const PLAN_LOOKBACK_DAYS: u64 = 90;

/// Events that a release's notes or a plan's review are made of: nobody can ask for fewer.
const WHOLE_EVENTS: u64 = 1_000;

/// What a generation is asked with.
#[derive(Clone, Debug, PartialEq)]
pub struct GenerationArgs {
    /// Of which project.
    pub project: ProjectId,
    /// Only these sources.
    pub sources: Option<Vec<EventSource>>,
    /// What is wanted of each source.
    pub filters: Filters,
    /// The last moment that counts; `None` is when the job was accepted.
    pub as_of: Option<Timestamp>,
    /// How far back.
    pub lookback: Duration,
    /// Only as far as the release before, where there is one, however long that is ago.
    pub since_release: bool,
    /// How many events at the most.
    pub max_events: usize,
    /// What is made.
    pub wanted: Wanted,
}

/// What is made of the events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A handoff.
    Handoff,
    /// An insight.
    Insight(InsightRequest),
}

impl GenerationArgs {
    /// What a handoff's input says. Members named in `given` come later and are taken as right.
    pub fn handoff(input: &Map<String, Value>, given: &[&str]) -> Result<Self, InvalidInput> {
        let members = Members { input, given };
        let hours = members.number("lookbackHours", 1..=MAX_LOOKBACK_HOURS, 168)?;
        let max = members.number("maxEvents", 1..=MAX_EVENTS, 150)?;
        members.args(Wanted::Handoff, hours_of(hours), max)
    }

    /// What an insight's input says, its `kind` among it.
    pub fn insight(input: &Map<String, Value>, given: &[&str]) -> Result<Self, InvalidInput> {
        let members = Members { input, given };
        if members.is_given("kind") {
            return members.args(Wanted::Insight(InsightRequest::Correlation), hours_of(168), 150);
        }
        let kind = members.text("kind", 50)?.ok_or_else(|| fault("kind", "is required"))?;
        let kind: InsightKind = kind.parse().map_err(|error| fault("kind", &format!("{error}")))?;
        match kind {
            InsightKind::CrossSourceCorrelation => {
                let hours = members.number("lookbackHours", 1..=MAX_LOOKBACK_HOURS, 168)?;
                let max = members.number("maxEvents", 1..=MAX_EVENTS, 150)?;
                members.insight(InsightRequest::Correlation, hours_of(hours), max)
            }
            InsightKind::OnboardingBrief => {
                let days = members.number("lookbackDays", 1..=MAX_LOOKBACK_DAYS, 30)?;
                let max = members.number("maxEvents", 1..=MAX_EVENTS, 400)?;
                let new_member_role = members.words("newMemberRole")?;
                let focus_area = members.words("focusArea")?;
                let request = InsightRequest::Onboarding { new_member_role, focus_area };
                members.insight(request, days_of(days), max)
            }
            InsightKind::ArchitectureInsight => {
                let days = members.number("lookbackDays", 1..=MAX_LOOKBACK_DAYS, 14)?;
                let max = members.number("maxEvents", 1..=MAX_EVENTS, 250)?;
                let focus_question = members.words("focusQuestion")?;
                let request = InsightRequest::Architecture { focus_question };
                Members::with_code(members.insight(request, days_of(days), max)?)
            }
            InsightKind::ReleaseNotes => members.release_notes(),
            InsightKind::PlanReview => {
                let request = InsightRequest::PlanReview;
                members.insight(request, days_of(PLAN_LOOKBACK_DAYS), WHOLE_EVENTS)
            }
        }
    }

    /// Which events that is, at a moment for which nothing else was said.
    pub fn selection(&self, accepted_at: Timestamp) -> Selection {
        Selection {
            window: Window::before(self.as_of.unwrap_or(accepted_at), self.lookback),
            sources: self.sources.clone(),
            filters: self.filters.clone(),
            max_events: self.max_events,
        }
    }
}

/// Members of an input, some of which may still be on their way.
#[derive(Clone, Copy)]
struct Members<'a> {
    input: &'a Map<String, Value>,
    given: &'a [&'a str],
}

impl<'a> Members<'a> {
    fn args(
        self,
        wanted: Wanted,
        lookback: Duration,
        max: u64,
    ) -> Result<GenerationArgs, InvalidInput> {
        let filters = self.value("filters").unwrap_or(&Value::Null);
        Ok(GenerationArgs {
            project: self.project()?,
            sources: self.sources()?,
            filters: Filters::parse(filters).map_err(refused)?,
            as_of: self.moment("asOf")?,
            lookback,
            since_release: false,
            max_events: usize::try_from(max).unwrap_or(usize::MAX),
            wanted,
        })
    }

    fn insight(
        self,
        request: InsightRequest,
        lookback: Duration,
        max: u64,
    ) -> Result<GenerationArgs, InvalidInput> {
        self.args(Wanted::Insight(request), lookback, max)
    }

    fn release_notes(self) -> Result<GenerationArgs, InvalidInput> {
        if self.value("sources").is_some() {
            return Err(fault("sources", "is not taken here; name one `source`"));
        }
        let source = self.text("source", 50)?.map(|id| source("source", id)).transpose()?;
        if source.is_some_and(|source| !source.has_branches()) {
            let right = format!("must be a code source: {}", code_sources());
            return Err(fault("source", &right));
        }
        let style = match self.text("style", 50)? {
            None | Some("release_notes") => ReleaseStyle::ReleaseNotes,
            Some("pr_description") => ReleaseStyle::PrDescription,
            Some(_) => {
                return Err(fault("style", "must be `release_notes` or `pr_description`"));
            }
        };
        let repo = self.words("repo")?;
        let days = 1..=MAX_RELEASE_LOOKBACK_DAYS;
        let days = self.number("lookbackDays", days, RELEASE_LOOKBACK_DAYS)?;
        let request = InsightRequest::ReleaseNotes { source, repo, style, since: None };
        let args = self.insight(request, days_of(days), WHOLE_EVENTS)?;
        Ok(GenerationArgs { since_release: self.value("lookbackDays").is_none(), ..args })
    }

    fn with_code(args: GenerationArgs) -> Result<GenerationArgs, InvalidInput> {
        let has_code = |sources: &Vec<EventSource>| sources.iter().any(|one| one.has_branches());
        if args.sources.as_ref().is_some_and(|sources| !has_code(sources)) {
            let right = format!("must name a code source: {}", code_sources());
            return Err(fault("sources", &right));
        }
        Ok(args)
    }

    fn project(self) -> Result<ProjectId, InvalidInput> {
        if self.is_given("project_id") {
            return Ok(ProjectId::from_bytes([0; 16]));
        }
        let id = self.text("project_id", 100)?.ok_or_else(|| fault("project_id", "is required"))?;
        id.parse().map_err(|_| fault("project_id", "must be the id of a project"))
    }

    fn sources(self) -> Result<Option<Vec<EventSource>>, InvalidInput> {
        let Some(value) = self.value("sources") else { return Ok(None) };
        let wrong = || fault("sources", "must be a list of sources' ids");
        let ids = value.as_array().filter(|ids| ids.len() <= MAX_SOURCES).ok_or_else(wrong)?;
        let sources: Result<Vec<EventSource>, InvalidInput> =
            ids.iter().map(|id| source("sources", id.as_str().ok_or_else(wrong)?)).collect();
        // An empty list asks for none in particular.
        sources.map(|sources| Some(sources).filter(|sources| !sources.is_empty()))
    }

    fn moment(self, name: &str) -> Result<Option<Timestamp>, InvalidInput> {
        let Some(text) = self.text(name, 64)? else { return Ok(None) };
        let at = Timestamp::parse(text);
        at.map(Some).ok_or_else(|| fault(name, "must be an ISO 8601 time with its offset"))
    }

    fn number(
        self,
        name: &str,
        range: std::ops::RangeInclusive<u64>,
        default: u64,
    ) -> Result<u64, InvalidInput> {
        let Some(value) = self.value(name) else { return Ok(default) };
        let number = value.as_u64().filter(|number| range.contains(number));
        number.ok_or_else(|| {
            let right = format!("must be a whole number from {} to {}", range.start(), range.end());
            fault(name, &right)
        })
    }

    fn words(self, name: &str) -> Result<Option<String>, InvalidInput> {
        let text = self.text(name, MAX_WORDS)?.map(str::trim);
        Ok(text.filter(|text| !text.is_empty()).map(str::to_owned))
    }

    fn text(self, name: &str, most: usize) -> Result<Option<&'a str>, InvalidInput> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let text = value.as_str().filter(|text| text.chars().count() <= most);
        text.map(Some)
            .ok_or_else(|| fault(name, &format!("must be a text of at most {most} characters")))
    }

    fn value(self, name: &str) -> Option<&'a Value> {
        self.input.get(name).filter(|value| !value.is_null() && !self.is_given(name))
    }

    fn is_given(self, name: &str) -> bool {
        self.given.contains(&name)
    }
}

fn source(name: &str, id: &str) -> Result<EventSource, InvalidInput> {
    id.parse().map_err(|error| fault(name, &format!("{error}")))
}

fn code_sources() -> String {
    let ids = EventSource::all().filter(|source| source.has_branches()).map(EventSource::id);
    ids.collect::<Vec<_>>().join(", ")
}

const fn hours_of(hours: u64) -> Duration {
    Duration::from_hours(hours)
}

const fn days_of(days: u64) -> Duration {
    Duration::from_hours(24 * days)
}

fn fault(param: &str, message: &str) -> InvalidInput {
    InvalidInput { param: param.to_owned(), message: format!("`{param}` {message}") }
}

fn refused(fault: InvalidField) -> InvalidInput {
    let InvalidField { field, message } = fault;
    InvalidInput { message: format!("`{field}` {message}"), param: field }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const PROJECT: &str = "0198c0de-0000-7000-8000-000000000000";

    fn with(mut value: Value) -> Map<String, Value> {
        value["project_id"] = json!(PROJECT);
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn what_is_not_said_has_the_contracts_defaults() {
        let args = GenerationArgs::handoff(&with(json!({})), &[]).expect("valid");
        assert_eq!((args.lookback, args.max_events), (Duration::from_hours(168), 150));
        let of = |kind: &str| {
            let args = GenerationArgs::insight(&with(json!({"kind": kind})), &[]).expect("valid");
            (args.lookback.as_secs() / 3_600, args.max_events)
        };
        assert_eq!(of("correlation"), (168, 150));
        assert_eq!(of("onboarding_brief"), (30 * 24, 400));
        assert_eq!(of("architecture"), (14 * 24, 250));
        let accepted = Timestamp::from_ms(1_800_000_000_000);
        assert_eq!(args.selection(accepted).window.end, accepted);
        let earlier = with(json!({"asOf": "2026-01-01T00:00:00Z"}));
        let args = GenerationArgs::handoff(&earlier, &[]).expect("valid");
        let end = args.selection(accepted).window.end;
        assert_eq!(Some(end), Timestamp::parse("2026-01-01T00:00:00Z"));
    }

    #[test]
    fn each_fault_names_its_member() {
        let handoff =
            |value| GenerationArgs::handoff(&with(value), &[]).expect_err("refused").param;
        for (name, value) in [
            ("lookbackHours", json!(0)),
            ("lookbackHours", json!(2_161)),
            ("maxEvents", json!(1_001)),
            ("maxEvents", json!("9")),
            ("sources", json!("github")),
            ("sources", json!(["githib"])),
            ("asOf", json!("yesterday")),
            ("filters", json!([])),
        ] {
            let mut body = json!({});
            body[name] = value;
            assert_eq!(handoff(body), name);
        }
        let deep = handoff(json!({"filters": {"slack": {"branches": []}}}));
        assert_eq!(deep, "filters.slack.branches");
        let insight =
            |value| GenerationArgs::insight(&with(value), &[]).expect_err("refused").param;
        assert_eq!(insight(json!({"kind": "weather"})), "kind");
        assert_eq!(insight(json!({"kind": "release_notes", "source": "slack"})), "source");
        assert_eq!(insight(json!({"kind": "release_notes", "sources": ["git"]})), "sources");
        assert_eq!(insight(json!({"kind": "release_notes", "style": "song"})), "style");
        assert_eq!(insight(json!({"kind": "architecture", "sources": ["slack"]})), "sources");
        assert_eq!(insight(json!({"kind": "onboarding", "lookbackDays": 366})), "lookbackDays");
        let long = with(json!({"kind": "release_notes", "lookbackDays": 3_651}));
        let long = GenerationArgs::insight(&long, &[]).expect_err("refused");
        assert!(long.message.ends_with("from 1 to 3650"), "{}", long.message);
        let nobody = GenerationArgs::handoff(&Map::new(), &[]).expect_err("refused");
        assert_eq!(nobody.param, "project_id");
    }

    #[test]
    fn what_a_run_fills_in_later_counts_as_right() {
        assert!(GenerationArgs::handoff(&Map::new(), &["project_id"]).is_ok());
        assert!(GenerationArgs::insight(&Map::new(), &["project_id", "kind"]).is_ok());
    }
}
