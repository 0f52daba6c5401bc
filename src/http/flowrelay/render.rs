//! How the Flow Relay dialect says things.
//!
//! States, kinds and error codes are translated here and nowhere else. Never: a read of its own.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::actions::{HANDOFFS_GENERATE, META_STEP};
use crate::domain::activity::{
    Bullet, Digest, DigestPeriod, DocumentStatus, Event, Evidence, Handoff, HandoffContent,
    Insight, InsightKind, Project, ProjectKind,
};
use crate::domain::ids::KeyId;
use crate::domain::job::{Job, JobState};
use crate::domain::org::Org;
use crate::http::error::Refusal;

/// A refusal: a text for people, under the statuses that both dialects share.
pub(crate) fn refuse(refusal: &Refusal) -> HttpResponse {
    let status = StatusCode::from_u16(refusal.code.status()).expect("the table holds statuses");
    let text = match &refusal.param {
        // What names its field in words already need not say it twice.
        Some(param) if !refusal.message.contains(param.as_ref()) => {
            format!("{param}: {}", refusal.message)
        }
        _ => refusal.message.to_string(),
    };
    HttpResponse::build(status).json(json!({ "error": text }))
}

/// What the answer to an accepted generation says.
pub(super) fn accepted(job: impl std::fmt::Display) -> String {
    json!({ "jobId": job.to_string(), "status": "pending" }).to_string()
}

/// The word for a state.
pub(super) const fn status(state: JobState) -> &'static str {
    match state {
        JobState::Blocked | JobState::Queued => "pending",
        JobState::Processing => "processing",
        JobState::Completed => "completed",
        JobState::Failed | JobState::Cancelled => "failed",
    }
}

/// The codes that a failed generation can have.
const ERROR_CODES: [&str; 4] =
    ["plan_violation", "quota_exceeded", "generation_failed", "no_result"];

/// `job` and `result`.
pub(super) fn job_members(
    job: &Job,
    input: &Map<String, Value>,
    result: &Map<String, Value>,
    document: Value,
) -> Map<String, Value> {
    let member = |name: &str| result.get(name).cloned().unwrap_or(Value::Null);
    let (error, code) = match (&job.error, job.state) {
        (_, JobState::Cancelled) => (Some("cancelled"), Some("generation_failed")),
        (Some(error), JobState::Failed) => {
            let known = ERROR_CODES.into_iter().find(|code| *code == error.code);
            (Some(error.message.as_str()), Some(known.unwrap_or("generation_failed")))
        }
        _ => (None, None),
    };
    let shown = json!({
        "id": job.id,
        "project_id": input.get("project_id"),
        "kind": kind(job, input),
        "status": status(job.state),
        "result_kind": member("result_kind"),
        "result_id": member("result_id"),
        "error": error,
        "error_code": code,
        "error_meta": meta(job),
        "created_at": job.created_at.iso(),
        "updated_at": job.updated_at.iso(),
    });
    Map::from_iter([("job".to_owned(), shown), ("result".to_owned(), document)])
}

fn kind(job: &Job, input: &Map<String, Value>) -> Value {
    if job.action == HANDOFFS_GENERATE {
        return json!("handoff");
    }
    let kind = input.get("kind").and_then(Value::as_str).unwrap_or_default();
    kind.parse::<InsightKind>().map_or(Value::Null, |kind| json!(kind.name()))
}

/// What a failure says beyond its words.
fn meta(job: &Job) -> Value {
    let step = job.diagnostics.iter().rev().find(|diagnostic| diagnostic.step == META_STEP);
    let meta = step.filter(|_| job.state == JobState::Failed);
    let meta = meta.and_then(|step| serde_json::from_str::<Map<String, Value>>(&step.detail).ok());
    Value::Object(meta.unwrap_or_default())
}

/// A project; `role` is the caller's.
pub(super) fn project(project: &Project, org: &Org, role: &str) -> Value {
    let Project {
        id,
        org: _,
        name,
        key,
        description,
        kind,
        repository: _,
        digest: _,
        created_at,
        updated_at,
    } = project;
    let of_org = (*kind == ProjectKind::Organization).then_some(org);
    json!({
        "id": id,
        "name": name,
        "slug": slug(name),
        "key": key,
        "description": description,
        "organization_id": of_org.map(|org| org.id),
        "organization_name": of_org.map(|org| &org.name),
        "organization_slug": of_org.map(|org| slug(&org.name)),
        "project_type": kind,
        "access_role": role,
        "created_at": created_at.iso(),
        "updated_at": updated_at.iso(),
    })
}

/// A name as it stands in an address.
pub(super) fn slug(name: &str) -> String {
    let parts = name.split(|one: char| !one.is_alphanumeric()).filter(|part| !part.is_empty());
    let slug = parts.collect::<Vec<_>>().join("-").to_lowercase();
    if slug.is_empty() { "project".to_owned() } else { slug }
}

/// An event; `key` is the caller's.
pub(super) fn event(event: &Event, key: KeyId) -> Value {
    json!({
        "id": event.id,
        "user_id": key,
        "source": event.source,
        "event_type": event.event_type,
        "title": event.title,
        "content": event.content,
        "created_at": event.created_at.iso(),
    })
}

/// A handoff.
pub(super) fn handoff(handoff: &Handoff) -> Value {
    let Handoff {
        id,
        org: _,
        project,
        project_name,
        requested_by,
        status,
        content,
        created_at,
        updated_at,
    } = handoff;
    let mut members = content_members(content);
    let own = json!({
        "id": id,
        "user_id": requested_by,
        "project_id": project,
        "project_name": project_name,
        "scope_type": "project",
        "status": status,
        "created_at": created_at.iso(),
        "updated_at": updated_at.iso(),
    });
    members.extend(own.as_object().cloned().unwrap_or_default());
    Value::Object(members)
}

fn content_members(content: &HandoffContent) -> Map<String, Value> {
    let HandoffContent {
        title,
        summary,
        sources,
        key_changes,
        decisions,
        open_questions,
        next_steps,
        related_event_ids,
        markdown,
        model_used,
        token_usage,
    } = content;
    let members = json!({
        "title": title,
        "summary": summary,
        "sources": sources,
        "key_changes": texts(key_changes),
        "decisions": texts(decisions),
        "open_questions": texts(open_questions),
        "next_steps": texts(next_steps),
        "evidence": {
            "key_changes": evidence(key_changes),
            "decisions": evidence(decisions),
            "open_questions": evidence(open_questions),
            "next_steps": evidence(next_steps),
        },
        "related_event_ids": related_event_ids,
        "markdown": markdown,
        "model_used": model_used,
        "token_usage": token_usage,
    });
    members.as_object().cloned().unwrap_or_default()
}

fn texts(bullets: &[Bullet]) -> Vec<&str> {
    bullets.iter().map(|bullet| bullet.text.as_str()).collect()
}

fn evidence(bullets: &[Bullet]) -> Vec<&[Evidence]> {
    bullets.iter().map(|bullet| bullet.evidence.as_slice()).collect()
}

/// An insight.
pub(super) fn insight(insight: &Insight) -> Value {
    let Insight { id, org: _, project, requested_by, status, content, created_at, updated_at } =
        insight;
    json!({
        "id": id,
        "project_id": project,
        "requested_by": requested_by,
        "kind": content.kind.name(),
        "title": content.title,
        "summary": content.summary,
        "data": content.data,
        "model_used": content.model_used,
        "token_usage": content.token_usage,
        "status": status,
        "related_event_ids": content.related_event_ids,
        "created_at": created_at.iso(),
        "updated_at": updated_at.iso(),
        "markdown": content.markdown,
    })
}

/// A digest.
pub(super) fn digest(digest: &Digest) -> Value {
    let Digest { id, org: _, project, period, window, content, created_at } = digest;
    let generated_by = match period {
        DigestPeriod::Daily => "schedule:daily",
        DigestPeriod::Weekly => "schedule:weekly",
    };
    json!({
        "id": id,
        "projectId": project,
        "generatedBy": generated_by,
        "periodStart": window.start.iso(),
        "periodEnd": window.end.iso(),
        "content": content_members(content),
        "markdown": content.markdown,
        "createdAt": created_at.iso(),
    })
}

/// The state that a word means.
pub(super) fn document_status(word: &str) -> Option<DocumentStatus> {
    match word {
        "active" => Some(DocumentStatus::Active),
        "archived" => Some(DocumentStatus::Archived),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::error::{ApiError, ErrorCode};

    #[test]
    fn a_refusal_names_its_field_once() {
        let text = |error: ApiError| {
            let response = refuse(error.refusal());
            assert_eq!(response.status().as_u16(), error.refusal().code.status());
            let body = actix_web::body::MessageBody::try_into_bytes(response.into_body());
            serde_json::from_slice::<Value>(&body.expect("a body")).expect("JSON")["error"].take()
        };
        assert_eq!(text(ApiError::body("name", "is empty")), json!("name: is empty"));
        assert_eq!(text(ApiError::body("name", "`name` is empty")), json!("`name` is empty"));
        let plain = ApiError::new(ErrorCode::JobNotFound, "no such job");
        assert_eq!(text(plain), json!("no such job"));
    }

    #[test]
    fn names_become_addresses() {
        assert_eq!(slug("Tide  mill & Co."), "tide-mill-co");
        assert_eq!(slug("!?"), "project");
    }

    #[test]
    fn six_states_are_four_words() {
        let words = JobState::ALL.map(status);
        assert_eq!(words, ["pending", "pending", "processing", "completed", "failed", "failed"]);
    }
}
