//! Projects, their events and the chats that hear of them, in the dialect of Flow Relay.

use serde_json::{Value, json};

use crate::actions::MAX_MESSAGE;
use crate::domain::key::Scope;
use crate::http::error::ErrorCode;
use crate::http::openapi::examples::{ISO, KEY, ORG};
use crate::http::openapi::operation::{Group, Operation, delete, get, post};
use crate::http::openapi::parameters::{LIMIT, Parameter, path, query, query_as};
use crate::http::openapi::schemas::{
    boolean, count, list, members, moment, object, or_null, text, uuid,
};
use crate::store::MAX_EVENTS_A_WRITE;

pub(super) const ID: Parameter = path("project", "id", "The project's id.", text);

pub(super) const PROJECT_ID: Parameter = query("project_id", "The project's id.", text);

const SOURCE: Parameter =
    query_as("event_source", "source", "The id of a source, such as `slack`.", text);

pub(super) const PROJECT: &str = "019ad3c2-1d40-7a31-b5c8-2e9f7d604b13";
pub(super) const EVENT: &str = "019ad3c2-1d41-7b42-86da-5c1e8f3a7024";

pub(super) fn group() -> Group {
    Group {
        name: "Projects",
        about: "Projects and the events of their work, in the dialect of Flow Relay: answers \
                without an envelope, refusals as `{\"error\": \"<text>\"}`.",
        operations: vec![
            list_projects(),
            create_project(),
            delete_project(),
            list_events(),
            save_events(),
            filters(),
            integrations(),
            untracked(),
            my_work(),
            channels(),
            send(),
        ],
    }
}

fn list_projects() -> Operation {
    let organization = members(
        json!({
            "id": uuid(),
            "name": text(),
            "slug": text(),
            "role": {"enum": ["admin", "member"]},
            "is_temporary_admin": boolean(),
        }),
        &["id", "name", "slug", "role", "is_temporary_admin"],
    );
    let answer = members(
        json!({
            "account_type": {"const": "business"},
            "organizations": list(organization),
            "projects": list(project()),
        }),
        &["account_type", "organizations", "projects"],
    );
    get("/api/v1/projects", "list_projects", "List projects")
        .about("With them what the key is in its organization.")
        .needs(Scope::Read)
        .answers(200, "All projects of the organization.", answer, {
            json!({
                "account_type": "business",
                "organizations": [{
                    "id": ORG, "name": "default", "slug": "default", "role": "member",
                    "is_temporary_admin": false,
                }],
                "projects": [project_example()],
            })
        })
        .flow_relay()
}

fn create_project() -> Operation {
    let body = members(
        json!({
            "name": {"type": "string", "minLength": 1, "maxLength": 200},
            "key": {"type": ["string", "null"], "minLength": 1, "maxLength": 20},
            "description": {"type": ["string", "null"], "maxLength": 2_000},
            "repository": {
                "type": ["string", "null"],
                "description": "The path of a git repository below a granted root.",
            },
        }),
        &["name"],
    );
    post("/api/v1/projects", "create_project", "Make a project")
        .needs(Scope::Write)
        .reads(body, json!({"name": "Tide mill"}))
        .answers(201, "The project.", members(json!({"project": project()}), &["project"]), {
            json!({"project": project_example()})
        })
        .refuses([ErrorCode::NameTaken])
        .flow_relay()
}

fn delete_project() -> Operation {
    let answer = members(
        json!({"ok": {"const": true}, "id": uuid(), "deleted": {"const": true}}),
        &["ok", "id", "deleted"],
    );
    delete("/api/v1/projects/{id}", "delete_project", "Delete a project with its events")
        .needs(Scope::Write)
        .takes([ID])
        .answers(200, "It is gone.", answer, json!({"ok": true, "id": PROJECT, "deleted": true}))
        .refuses([ErrorCode::ProjectNotFound])
        .flow_relay()
}

fn project() -> Value {
    members(
        json!({
            "id": uuid(),
            "name": text(),
            "slug": text(),
            "key": text(),
            "description": text(),
            "organization_id": or_null(uuid()),
            "organization_name": or_null(text()),
            "organization_slug": or_null(text()),
            "project_type": text(),
            "access_role": {"enum": ["owner", "admin", "member"]},
            "created_at": moment(),
            "updated_at": moment(),
        }),
        &["id", "name", "slug", "key", "project_type", "access_role", "created_at", "updated_at"],
    )
}

fn project_example() -> Value {
    json!({
        "id": PROJECT, "name": "Tide mill", "slug": "tide-mill", "key": "TM", "description": "",
        "organization_id": ORG, "organization_name": "default", "organization_slug": "default",
        "project_type": "organization", "access_role": "member", "created_at": ISO,
        "updated_at": ISO,
    })
}

fn list_events() -> Operation {
    let event = members(
        json!({
            "id": uuid(),
            "user_id": {"type": ["string", "null"], "description": "The id of the key that asks."},
            "source": text(),
            "event_type": text(),
            "title": or_null(text()),
            "content": or_null(text()),
            "created_at": moment(),
        }),
        &["id", "user_id", "source", "event_type", "title", "content", "created_at"],
    );
    let example = json!({"events": [{
        "id": EVENT, "user_id": KEY, "source": "slack", "event_type": "message", "title": "",
        "content": "Decision: we keep one writer.", "created_at": ISO,
    }]});
    get("/api/v1/events", "list_project_events", "List events, the newest first")
        .needs(Scope::Read)
        .takes([SOURCE, PROJECT_ID, LIMIT])
        .answers(200, "The events.", members(json!({"events": list(event)}), &["events"]), example)
        .refuses([ErrorCode::ProjectNotFound])
        .flow_relay()
}

fn save_events() -> Operation {
    let event = json!({
        "source": "slack", "external_id": "ops/1", "event_type": "message",
        "content": "Decision: we keep one writer.", "created_at": ISO,
    });
    let several = json!({
        "type": "object",
        "properties": {"project_id": text(), "events": events()},
        "required": ["events"],
    });
    let mut one = event.clone();
    one["project_id"] = json!(PROJECT);
    let answer = members(
        json!({
            "ok": {"const": true},
            "new": count(),
            "changed": count(),
            "unchanged": count(),
            "ids": list(uuid()),
        }),
        &["ok", "new", "changed", "unchanged", "ids"],
    );
    post("/api/v1/events", "save_events", "Send events of one project")
        .about(
            "One event, a list, or `events` in an object. The same project, source and \
             `external_id` again update. Secrets are taken out before anything is stored.",
        )
        .needs(Scope::Write)
        .takes([PROJECT_ID])
        .reads(json!({"anyOf": [several, events(), draft()]}), one)
        .or("several", json!({"project_id": PROJECT, "events": [event]}))
        .answers(200, "They are stored.", answer, {
            json!({"ok": true, "new": 1, "changed": 0, "unchanged": 0, "ids": [EVENT]})
        })
        .refuses([ErrorCode::ProjectNotFound])
        .flow_relay()
}

fn events() -> Value {
    json!({"type": "array", "items": draft(), "minItems": 1, "maxItems": MAX_EVENTS_A_WRITE})
}

/// An event as clients send it.
fn draft() -> Value {
    members(
        json!({
            "project_id": or_null(text()),
            "source": text(),
            "external_id": text(),
            "event_type": text(),
            "title": or_null(text()),
            "content": or_null(text()),
            "created_at": text(),
        }),
        &["source", "external_id", "event_type", "created_at"],
    )
}

fn filters() -> Operation {
    let filters = json!({
        "type": "object",
        "description": "By source: `projects`, `branches`, `branchesByProject`, \
                        `defaultBranchByProject`, `eventTypes` and `priorities`.",
        "additionalProperties": object(),
    });
    let example = json!({"filters": {"slack": {
        "projects": [{"id": "ops", "label": "ops"}], "branches": [], "branchesByProject": {},
        "defaultBranchByProject": {}, "eventTypes": [{"value": "message", "label": "message"}],
        "priorities": [],
    }}});
    get("/api/v1/handoffs/filters", "list_filters", "By what a project's events can be filtered")
        .about("`project_id` is required.")
        .needs(Scope::Read)
        .takes([PROJECT_ID])
        .answers(
            200,
            "The values that occur.",
            members(json!({"filters": filters}), &["filters"]),
            example,
        )
        .refuses([ErrorCode::ProjectNotFound])
        .flow_relay()
}

fn integrations() -> Operation {
    let integration = members(
        json!({
            "source": text(),
            "workspace_id": text(),
            "workspace_name": text(),
            "connected_at": moment(),
            "scope": {"const": "project"},
            "resource_type": {"enum": ["repository", "workspace"]},
            "connection_status": {"const": "connected"},
            "last_validated_at": moment(),
        }),
        &["source", "workspace_id", "workspace_name", "connected_at", "resource_type"],
    );
    let answer = members(json!({"integrations": list(integration)}), &["integrations"]);
    let example = json!({"integrations": [{
        "source": "slack", "workspace_id": "ops", "workspace_name": "ops", "connected_at": ISO,
        "scope": "project", "resource_type": "workspace", "connection_status": "connected",
        "last_validated_at": ISO,
    }]});
    get("/api/v1/integrations", "list_integrations", "List from where there are events")
        .needs(Scope::Read)
        .takes([PROJECT_ID])
        .answers(200, "The places.", answer, example)
        .refuses([ErrorCode::ProjectNotFound])
        .flow_relay()
}

fn untracked() -> Operation {
    let source = members(
        json!({
            "source": text(), "resource_id": text(), "resource_name": text(),
            "resource_type": text(),
        }),
        &["source", "resource_id", "resource_name", "resource_type"],
    );
    let path = "/api/v1/integrations/untracked";
    get(path, "list_untracked", "List sources that are bound to no project")
        .about("There are none: whatever is imported names its project.")
        .needs(Scope::Read)
        .answers(200, "The sources.", list(source), json!([]))
        .flow_relay()
}

fn my_work() -> Operation {
    let answer = members(json!({"items": list(object())}), &["items"]);
    get("/api/v1/my-work", "list_my_work", "List what is assigned to the caller")
        .about("Nothing is: a key is nobody in a tracker.")
        .needs(Scope::Read)
        .answers(200, "The work.", answer, json!({"items": []}))
        .flow_relay()
}

fn channels() -> Operation {
    let channel = members(
        json!({"id": text(), "name": text(), "topic": or_null(text())}),
        &["id", "name", "topic"],
    );
    let answer = members(json!({"channels": list(channel)}), &["channels"]);
    get("/api/v1/discord/channels", "list_channels", "List the configured channels")
        .needs(Scope::Read)
        .answers(200, "Where messages may go.", answer, {
            json!({"channels": [{"id": "team", "name": "team", "topic": null}]})
        })
        .refuses([ErrorCode::DiscordNotConfigured])
        .flow_relay()
}

fn send() -> Operation {
    let body = members(
        json!({
            "channel_id": text(),
            "content": {"type": ["string", "null"], "minLength": 1, "maxLength": MAX_MESSAGE},
            "handoff_id": or_null(text()),
            "insight_id": or_null(text()),
            "artifact": {"enum": [
                "last_handoff", "last_correlation", "last_onboarding", "last_architecture",
                "last_release_notes", null,
            ]},
            "project_id": or_null(text()),
        }),
        &["channel_id"],
    );
    let answer = members(json!({"ok": {"const": true}, "message_id": or_null(text())}), &["ok"]);
    post("/api/v1/discord/send", "send_message", "Send a text or a document to a channel")
        .about(
            "Exactly one of `content`, `handoff_id`, `insight_id` and `artifact`, which needs \
             `project_id`. A document is cut at 2,000 characters.",
        )
        .needs(Scope::Write)
        .reads(body, json!({"channel_id": "team", "content": "The mill runs."}))
        .answers(200, "It was sent.", answer, json!({"ok": true, "message_id": "1310"}))
        .refuses([
            ErrorCode::DiscordNotConfigured,
            ErrorCode::ChannelNotFound,
            ErrorCode::DocumentNotFound,
            ErrorCode::ProjectNotFound,
            ErrorCode::QueueLimitExceeded,
        ])
        .flow_relay()
}
