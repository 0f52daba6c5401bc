//! How the Flow Relay dialect says things.
//!
//! States, kinds and error codes are translated here and nowhere else. Never: a read of its own.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::{Value, json};

use crate::domain::activity::{Event, Project, ProjectKind};
use crate::domain::ids::KeyId;
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
pub(super) fn event(event: &Event, key: Option<KeyId>) -> Value {
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
}
