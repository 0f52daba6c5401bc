//! What handoffs and insights take and give, for `GET /actions`.

use serde_json::{Value, json};

use crate::domain::activity::InsightKind;
use crate::engine::ActionDescription;

pub(super) fn handoff() -> ActionDescription {
    ActionDescription {
        summary: "Makes a handoff out of what happened in a project.".to_owned(),
        input_schema: json!({
            "type": "object",
            "properties": {
                "project_id": {"type": "string"},
                "sources": {"type": "array", "items": {"type": "string"}},
                "filters": {"type": "object"},
                "asOf": {"type": "string", "format": "date-time"},
                "lookbackHours": {"type": "integer", "minimum": 1, "maximum": 2_160},
                "maxEvents": {"type": "integer", "minimum": 1, "maximum": 1_000},
            },
            "required": ["project_id"],
        }),
        result_schema: result("handoff"),
    }
}

pub(super) fn insight() -> ActionDescription {
    let kinds = InsightKind::ALL.map(InsightKind::path_name);
    ActionDescription {
        summary: "Makes an insight into a project: correlation, onboarding, architecture, \
                  release notes, or a plan's review."
            .to_owned(),
        input_schema: json!({
            "type": "object",
            "properties": {
                "project_id": {"type": "string"},
                "kind": {"enum": kinds},
                "sources": {"type": "array", "items": {"type": "string"}},
                "filters": {"type": "object"},
                "asOf": {"type": "string", "format": "date-time"},
                "lookbackHours": {"type": "integer", "minimum": 1, "maximum": 2_160},
                "lookbackDays": {"type": "integer", "minimum": 1, "maximum": 3_650},
                "maxEvents": {"type": "integer", "minimum": 1, "maximum": 1_000},
                "newMemberRole": {"type": "string"},
                "focusArea": {"type": "string"},
                "focusQuestion": {"type": "string"},
                "source": {"type": "string"},
                "repo": {"type": "string"},
                "style": {"enum": ["release_notes", "pr_description"]},
            },
            "required": ["project_id", "kind"],
        }),
        result_schema: result("insight"),
    }
}

fn result(kind: &str) -> Value {
    json!({
        "type": "object",
        "properties": {
            "job_id": {"type": "string"},
            "result_id": {"type": "string"},
            "result_kind": {"enum": [kind]},
        },
        "required": ["job_id", "result_id", "result_kind"],
    })
}
