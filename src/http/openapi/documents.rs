//! Handoffs and insights, in the dialect of Flow Relay.

use serde_json::{Value, json};

use crate::domain::activity::InsightKind;
use crate::domain::key::Scope;
use crate::http::error::ErrorCode;
use crate::http::openapi::examples::{ISO, JOB, KEY};
use crate::http::openapi::operation::{Group, Operation, get, patch, post};
use crate::http::openapi::parameters::{LIMIT, Parameter, path, query, query_as};
use crate::http::openapi::schemas::{count, list, members, moment, object, or_null, text, uuid};

use super::activity::{EVENT, ID as PROJECT_IN_PATH, PROJECT, PROJECT_ID};

const ID: Parameter = path("document", "id", "The document's id.", text);

const KIND_IN_PATH: Parameter =
    path("insight_kind", "kind", "Which insight.", || json!({"enum": path_names()}));

const KIND: Parameter = query("kind", "Only insights of this kind.", || {
    let names = InsightKind::ALL.map(InsightKind::name);
    json!({"enum": path_names().into_iter().chain(names).collect::<Vec<_>>()})
});

const STATUS: Parameter = query_as(
    "document_status",
    "status",
    "Only documents that are in use, or were put away.",
    || json!({"enum": ["active", "archived", "all"], "default": "active"}),
);

const DOCUMENT: &str = "019ad3c2-1d42-7c53-9a11-6d2f9b4c8135";

fn path_names() -> [&'static str; 5] {
    InsightKind::ALL.map(InsightKind::path_name)
}

pub(super) fn group() -> Group {
    Group {
        name: "Handoffs and insights",
        about: "Documents made of a project's events by jobs, in the dialect of Flow Relay. A \
                job is asked after at `GET /api/v1/jobs/{id}`, whose answer holds `job` and \
                `result` beside the envelope.",
        operations: vec![
            generate_handoff(),
            list_handoffs(),
            show_handoff(),
            mark_handoff(),
            generate_insight(),
            list_insights(),
            show_insight(),
            mark_insight(),
            list_digests(),
            ask(),
        ],
    }
}

/// 202, or 200 with the document when the client waited for it.
fn generates(operation: Operation, body: Value, example: Value) -> Operation {
    let accepted =
        members(json!({"jobId": uuid(), "status": {"const": "pending"}}), &["jobId", "status"]);
    let made = members(json!({"job": object(), "result": or_null(object())}), &["job", "result"]);
    operation
        .needs(Scope::Write)
        .may_read(body, example)
        .enqueues()
        .answers(202, "The job is on disk.", accepted, json!({"jobId": JOB, "status": "pending"}))
        .with(["Location", "Retry-After"])
        .answers(200, "It has ended: `Prefer: wait` was sent.", made, {
            json!({"job": job_example(), "result": handoff_example()})
        })
        .with(["Preference-Applied"])
        .refuses([ErrorCode::ProjectNotFound])
        .flow_relay()
}

fn generate_handoff() -> Operation {
    let mut body = common();
    body["project_id"] = text();
    body["lookbackHours"] = number(2_160);
    body["maxEvents"] = number(1_000);
    let operation = post("/api/v1/handoffs", "generate_handoff", "Have a handoff made").about(
        "`project_id` is required. 168 hours and 150 events unless told otherwise. What lies in \
         the project's repository and was not read yet is read by the job.",
    );
    generates(operation, members(body, &["project_id"]), json!({"project_id": PROJECT}))
}

fn generate_insight() -> Operation {
    let mut body = common();
    let own = json!({
        "lookbackHours": number(2_160),
        "lookbackDays": number(3_650),
        "maxEvents": number(1_000),
        "newMemberRole": or_null(text()),
        "focusArea": or_null(text()),
        "focusQuestion": or_null(text()),
        "source": or_null(text()),
        "repo": or_null(text()),
        "style": {"enum": ["release_notes", "pr_description", null]},
    });
    for (name, schema) in own.as_object().into_iter().flatten() {
        body[name.as_str()] = schema.clone();
    }
    let path = "/api/v1/projects/{id}/insights/{kind}";
    let operation = post(path, "generate_insight", "Have an insight made").about(
        "`correlation` takes `lookbackHours` and `maxEvents`; `onboarding` `newMemberRole`, \
         `focusArea`, `lookbackDays` (1–365) and `maxEvents`; `architecture` `focusQuestion`, \
         `lookbackDays` (1–365) and `maxEvents`; `release_notes` `source`, `repo`, `style`, and no \
         `sources`: they begin at the release before, or `lookbackDays` (1–3650) ago. Everything \
         may be left out.",
    );
    generates(operation, members(body, &[]), json!({}))
        .takes([PROJECT_IN_PATH, KIND_IN_PATH])
        .refuses([ErrorCode::RouteNotFound])
}

fn common() -> Value {
    json!({
        "sources": {"type": ["array", "null"], "items": text(), "maxItems": 60},
        "filters": {
            "type": ["object", "null"],
            "description": "By source: `projects`, `branches`, `eventTypes`, `priorities`.",
        },
        "asOf": or_null(moment()),
    })
}

fn number(most: u32) -> Value {
    json!({"type": ["integer", "null"], "minimum": 1, "maximum": most})
}

fn list_handoffs() -> Operation {
    let answer = members(json!({"handoffs": list(handoff())}), &["handoffs"]);
    get("/api/v1/handoffs", "list_handoffs", "List handoffs, the newest first")
        .needs(Scope::Read)
        .takes([STATUS, LIMIT, PROJECT_ID])
        .answers(200, "The handoffs.", answer, json!({"handoffs": [handoff_example()]}))
        .refuses([ErrorCode::ProjectNotFound])
        .flow_relay()
}

fn show_handoff() -> Operation {
    get("/api/v1/handoffs/{id}", "show_handoff", "Show a handoff")
        .needs(Scope::Read)
        .takes([ID])
        .answers(200, "The handoff.", one("handoff", handoff()), {
            json!({"handoff": handoff_example()})
        })
        .refuses([ErrorCode::DocumentNotFound])
        .flow_relay()
}

fn mark_handoff() -> Operation {
    patch("/api/v1/handoffs/{id}", "mark_handoff", "Put a handoff away, or back")
        .needs(Scope::Write)
        .takes([ID])
        .reads(marking(), json!({"status": "active"}))
        .answers(200, "The handoff as it is now.", one("handoff", handoff()), {
            json!({"handoff": handoff_example()})
        })
        .refuses([ErrorCode::DocumentNotFound])
        .flow_relay()
}

fn list_insights() -> Operation {
    let answer = members(json!({"insights": list(insight())}), &["insights"]);
    let path = "/api/v1/projects/{id}/insights";
    get(path, "list_insights", "List a project's insights, the newest first")
        .needs(Scope::Read)
        .takes([PROJECT_IN_PATH, KIND, STATUS, LIMIT])
        .answers(200, "The insights.", answer, json!({"insights": [insight_example()]}))
        .refuses([ErrorCode::ProjectNotFound])
        .flow_relay()
}

fn show_insight() -> Operation {
    get("/api/v1/insights/{id}", "show_insight", "Show an insight")
        .needs(Scope::Read)
        .takes([ID])
        .answers(200, "The insight.", one("insight", insight()), {
            json!({"insight": insight_example()})
        })
        .refuses([ErrorCode::DocumentNotFound])
        .flow_relay()
}

fn mark_insight() -> Operation {
    patch("/api/v1/insights/{id}", "mark_insight", "Put an insight away, or back")
        .needs(Scope::Write)
        .takes([ID])
        .reads(marking(), json!({"status": "active"}))
        .answers(200, "The insight as it is now.", one("insight", insight()), {
            json!({"insight": insight_example()})
        })
        .refuses([ErrorCode::DocumentNotFound])
        .flow_relay()
}

fn list_digests() -> Operation {
    let digest = members(
        json!({
            "id": uuid(),
            "projectId": uuid(),
            "generatedBy": {"enum": ["schedule:daily", "schedule:weekly"]},
            "periodStart": moment(),
            "periodEnd": moment(),
            "content": object(),
            "markdown": text(),
            "createdAt": moment(),
        }),
        &[
            "id",
            "projectId",
            "generatedBy",
            "periodStart",
            "periodEnd",
            "content",
            "markdown",
            "createdAt",
        ],
    );
    let mut content = handoff_example();
    if let Some(members) = content.as_object_mut() {
        let own = ["id", "user_id", "project_id", "project_name", "scope_type", "status"];
        members.retain(|name, _| !own.contains(&name.as_str()) && !name.ends_with("_at"));
    }
    let example = json!({"digests": [{
        "id": DOCUMENT, "projectId": PROJECT, "generatedBy": "schedule:weekly",
        "periodStart": ISO, "periodEnd": ISO, "content": content,
        "markdown": "# Tide mill: digest of the week to 2026-09-21\n", "createdAt": ISO,
    }]});
    let path = "/api/v1/projects/{id}/digests";
    get(path, "list_digests", "List a project's digests, the newest first")
        .about("They are made for projects of the configuration that name `digest`.")
        .needs(Scope::Read)
        .takes([PROJECT_IN_PATH, FEW])
        .answers(200, "The digests.", members(json!({"digests": list(digest)}), &["digests"]), {
            example
        })
        .refuses([ErrorCode::ProjectNotFound])
        .flow_relay()
}

const FEW: Parameter = query_as(
    "digest_limit",
    "limit",
    "How many; more counts as the most.",
    || json!({"type": "integer", "default": 10, "minimum": 1, "maximum": 50}),
);

fn ask() -> Operation {
    let body = members(
        json!({"question": {"type": "string", "minLength": 1, "maxLength": 2_000}}),
        &["question"],
    );
    let answer =
        members(json!({"answer": text(), "citations": list(text())}), &["answer", "citations"]);
    post("/api/v1/projects/{id}/qa", "ask_question", "Ask about a project")
        .about(
            "Answered within 25 s out of its events and files. Citations are `ev:<id>` and \
             `file:<path>#L<n>`; where nothing answers, the answer is `not enough evidence` and \
             the citations are the nearest sources. Needs no `write`.",
        )
        .needs(Scope::Read)
        .takes([PROJECT_IN_PATH])
        .reads(body, json!({"question": "When does the mill grind?"}))
        .answers(200, "The answer.", answer, {
            let cited = format!("ev:{EVENT}");
            json!({"answer": "Ada Low (4f1c2aa): turn at low tide.", "citations": [cited]})
        })
        .refuses([
            ErrorCode::ProjectNotFound,
            ErrorCode::QueueLimitExceeded,
            ErrorCode::ShuttingDown,
        ])
        .flow_relay()
}

fn one(name: &str, of: Value) -> Value {
    let mut properties = json!({});
    properties[name] = of;
    members(properties, &[name])
}

fn marking() -> Value {
    members(json!({"status": {"enum": ["active", "archived"]}}), &["status"])
}

fn handoff() -> Value {
    let bullets = || list(text());
    members(
        json!({
            "id": uuid(),
            "user_id": or_null(uuid()),
            "project_id": uuid(),
            "project_name": text(),
            "scope_type": {"const": "project"},
            "title": text(),
            "summary": text(),
            "status": {"enum": ["active", "archived"]},
            "sources": list(text()),
            "key_changes": bullets(),
            "decisions": bullets(),
            "open_questions": bullets(),
            "next_steps": bullets(),
            "evidence": {
                "type": "object",
                "description": "For each list of lines: what speaks for each of them, as the ids \
                                of events and the paths of files.",
            },
            "related_event_ids": list(uuid()),
            "created_at": moment(),
            "updated_at": moment(),
            "markdown": text(),
            "model_used": text(),
            "token_usage": usage(),
        }),
        &[
            "id",
            "user_id",
            "project_id",
            "project_name",
            "scope_type",
            "title",
            "summary",
            "status",
            "sources",
            "key_changes",
            "decisions",
            "open_questions",
            "next_steps",
            "related_event_ids",
            "created_at",
            "updated_at",
            "markdown",
        ],
    )
}

fn usage() -> Value {
    members(
        json!({
            "prompt_tokens": count(), "completion_tokens": count(), "total_tokens": count(),
        }),
        &["prompt_tokens", "completion_tokens", "total_tokens"],
    )
}

fn insight() -> Value {
    members(
        json!({
            "id": uuid(),
            "project_id": uuid(),
            "requested_by": or_null(uuid()),
            "kind": {"enum": InsightKind::ALL.map(InsightKind::name)},
            "title": text(),
            "summary": text(),
            "data": object(),
            "model_used": text(),
            "token_usage": usage(),
            "status": {"enum": ["active", "archived"]},
            "related_event_ids": list(uuid()),
            "created_at": moment(),
            "updated_at": moment(),
            "markdown": text(),
        }),
        &[
            "id",
            "project_id",
            "requested_by",
            "kind",
            "title",
            "summary",
            "data",
            "model_used",
            "token_usage",
            "status",
            "related_event_ids",
            "created_at",
            "updated_at",
            "markdown",
        ],
    )
}

fn job_example() -> Value {
    json!({
        "id": JOB, "project_id": PROJECT, "kind": "handoff", "status": "completed",
        "result_kind": "handoff", "result_id": DOCUMENT, "error": null, "error_code": null,
        "error_meta": {}, "created_at": ISO, "updated_at": ISO,
    })
}

fn handoff_example() -> Value {
    json!({
        "id": DOCUMENT, "user_id": KEY, "project_id": PROJECT, "project_name": "Tide mill",
        "scope_type": "project", "title": "Tide mill: handoff for 2026-09-14 to 2026-09-21",
        "summary": "In 7 days: 1 commit by Ada Low.", "status": "active", "sources": ["git"],
        "key_changes": ["wheel: turn at low tide — Ada Low, 1 commit in `src` (4f1c2aa)"],
        "decisions": [], "open_questions": [], "next_steps": [],
        "evidence": {
            "key_changes": [[EVENT]], "decisions": [], "open_questions": [], "next_steps": [],
        },
        "related_event_ids": [EVENT], "created_at": ISO, "updated_at": ISO,
        "markdown": "# Tide mill: handoff for 2026-09-14 to 2026-09-21\n",
        "model_used": "extractive/1", "token_usage": no_usage(),
    })
}

fn insight_example() -> Value {
    json!({
        "id": DOCUMENT, "project_id": PROJECT, "requested_by": KEY, "kind": "plan_review",
        "title": "Tide mill: plan review", "summary": "1 milestone, 1 overdue.",
        "data": {
            "milestones": [{
                "title": "Spring", "due": "2026-09-01", "done": 1, "total": 2, "overdue": true,
                "blocked": 0, "text": "Spring: 1 of 2 done", "evidence": [EVENT],
            }],
            "throughput": {"closed_per_week": 1.0, "opened_per_week": 2.0},
            "slips": [], "concerns": [], "next_steps": [],
        },
        "model_used": "extractive/1", "token_usage": no_usage(), "status": "active",
        "related_event_ids": [EVENT], "created_at": ISO, "updated_at": ISO,
        "markdown": "# Tide mill: plan review\n",
    })
}

fn no_usage() -> Value {
    json!({"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0})
}
