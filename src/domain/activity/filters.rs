//! Filters of a generation, as the contract has them: arrays are or-lists, and-ed within a source.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::activity::InvalidField;
use crate::domain::activity::event::Event;
use crate::domain::activity::source::EventSource;

/// How many values one array has: more than anybody picks from a list.
const MAX_VALUES: usize = 100;

/// The longest value, in characters: a branch's name.
const MAX_VALUE_CHARS: usize = 300;

/// What is wanted of each source; one that is not named is not constrained.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Filters(pub BTreeMap<EventSource, SourceFilter>);

/// What is wanted of one source; `None` wants all, an empty list nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceFilter {
    /// Ids of places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub projects: Option<Vec<String>>,
    /// Short names of branches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branches: Option<Vec<String>>,
    /// Event types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_types: Option<Vec<String>>,
    /// Priorities, in the source's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priorities: Option<Vec<String>>,
}

impl Filters {
    /// Reads a request's `filters`; `null` is none.
    pub fn parse(value: &Value) -> Result<Self, InvalidField> {
        let object = match value {
            Value::Null => return Ok(Self::default()),
            Value::Object(object) => object,
            _ => return Err(InvalidField::new("filters", "is not an object of sources")),
        };
        let mut filters = BTreeMap::new();
        for (id, value) in object {
            let field = format!("filters.{id}");
            let source: EventSource = id.parse().map_err(|error| invalid(&field, &error))?;
            filters.insert(source, SourceFilter::parse(source, &field, value)?);
        }
        Ok(Self(filters))
    }

    /// Whether an event passes what is wanted of its source.
    pub fn admit(&self, event: &Event) -> bool {
        self.0.get(&event.source).is_none_or(|filter| filter.admits(event))
    }
}

impl SourceFilter {
    fn parse(source: EventSource, field: &str, value: &Value) -> Result<Self, InvalidField> {
        let Some(object) = value.as_object() else {
            return Err(InvalidField::new(field, "is not an object of arrays"));
        };
        let mut filter = Self::default();
        for (name, value) in object {
            let field = format!("{field}.{name}");
            let values = || strings(&field, value);
            match name.as_str() {
                "projects" => filter.projects = values()?,
                "eventTypes" => filter.event_types = values()?,
                "branches" if source.has_branches() => filter.branches = values()?,
                "priorities" if source.has_priorities() => filter.priorities = values()?,
                "branches" => return Err(refused(&field, "branches", EventSource::has_branches)),
                "priorities" => {
                    return Err(refused(&field, "priorities", EventSource::has_priorities));
                }
                _ => {
                    let right = "is none of projects, branches, eventTypes, priorities";
                    return Err(InvalidField::new(field, right));
                }
            }
        }
        Ok(filter)
    }

    fn admits(&self, event: &Event) -> bool {
        let Self { projects, branches, event_types, priorities } = self;
        let place = event.place.as_ref().map(|place| place.id.as_str());
        names(projects.as_ref(), place)
            && names(event_types.as_ref(), Some(event.event_type.as_str()))
            && names(priorities.as_ref(), event.priority.as_deref())
            && branches
                .as_ref()
                .is_none_or(|wanted| event.branches.iter().any(|branch| wanted.contains(branch)))
    }
}

fn names(wanted: Option<&Vec<String>>, value: Option<&str>) -> bool {
    wanted.is_none_or(|wanted| value.is_some_and(|value| wanted.iter().any(|one| one == value)))
}

fn strings(field: &str, value: &Value) -> Result<Option<Vec<String>>, InvalidField> {
    let wrong = || {
        let right = format!("is not an array of at most {MAX_VALUES} strings");
        InvalidField::new(field, right)
    };
    let values = match value {
        Value::Null => return Ok(None),
        Value::Array(values) if values.len() <= MAX_VALUES => values,
        _ => return Err(wrong()),
    };
    let text = |value: &Value| {
        let text = value.as_str().filter(|text| text.chars().count() <= MAX_VALUE_CHARS);
        text.map(str::to_owned).ok_or_else(wrong)
    };
    values.iter().map(text).collect::<Result<_, _>>().map(Some)
}

fn invalid(field: &str, error: &impl std::fmt::Display) -> InvalidField {
    InvalidField::new(field, error.to_string())
}

fn refused(field: &str, name: &str, has: fn(EventSource) -> bool) -> InvalidField {
    let right: Vec<_> = EventSource::all().filter(|one| has(*one)).map(EventSource::id).collect();
    InvalidField::new(field, format!("only these have {name}: {}", right.join(", ")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn error(value: &Value) -> String {
        Filters::parse(value).expect_err("refused").to_string()
    }

    #[test]
    fn what_the_contract_refuses_is_refused_by_name() {
        assert!(error(&json!({"githib": {}})).starts_with("filters.githib: no source `githib`"));
        let branches = error(&json!({"slack": {"branches": ["a"]}}));
        assert!(branches.starts_with("filters.slack.branches: only these have branches: github,"));
        let priorities = error(&json!({"gitlab": {"priorities": ["high"]}}));
        assert!(priorities.contains("github, linear, jira"), "{priorities}");
        assert!(error(&json!({"git": {"branch": []}})).starts_with("filters.git.branch: is none"));
        assert!(error(&json!({"git": {"projects": "a"}})).contains("array"));
        assert!(error(&json!([])).starts_with("filters: "));
    }

    #[test]
    fn a_filter_reads_what_it_writes() {
        let value = json!({"github": {"branches": ["main"], "eventTypes": ["commit"]}});
        let filters = Filters::parse(&value).expect("valid");
        assert_eq!(serde_json::to_value(&filters).ok(), Some(value));
    }
}
