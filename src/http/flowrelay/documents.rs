//! Handoffs, insights and digests: listed, shown, put away.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use crate::domain::activity::{DocumentStatus, InsightKind};
use crate::domain::ids::OrgId;
use crate::http::auth::{Authorized, Read, Write};
use crate::http::body::Body;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::fields::Fields;
use crate::http::flowrelay::{projects, render};
use crate::http::front::Front;
use crate::http::query::Query;
use crate::store::DocumentFilter;

/// Digests that a page has at the most, and without being told.
const MAX_DIGESTS: usize = 50;
const DIGESTS: usize = 10;

/// Handoffs of the organization, or of one project, newest first.
pub(crate) async fn handoffs(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let query = Query(request.query_string());
    let (status, limit) = (status(query)?, query.limit()?);
    let project = projects::in_query(&front, &caller, query).await?.map(|project| project.id);
    let filter = DocumentFilter { org: caller.org, project, kind: None, status, limit };
    let found = front.catalog.handoffs(filter).await?;
    let found: Vec<Value> = found.iter().map(render::handoff).collect();
    Ok(HttpResponse::Ok().json(json!({ "handoffs": found })))
}

/// Insights of a project, newest first.
pub(crate) async fn insights(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let query = Query(request.query_string());
    let (status, limit) = (status(query)?, query.limit()?);
    let kind = match query.filled("kind") {
        None => None,
        Some(word) => Some(
            word.parse::<InsightKind>()
                .map_err(|error| ApiError::query("kind", format!("`kind` is {error}")))?,
        ),
    };
    let project = projects::in_path(&front, &caller, &request).await?;
    let filter = DocumentFilter { org: caller.org, project: Some(project.id), kind, status, limit };
    let found = front.catalog.insights(filter).await?;
    let found: Vec<Value> = found.iter().map(render::insight).collect();
    Ok(HttpResponse::Ok().json(json!({ "insights": found })))
}

/// Digests of a project, newest first.
pub(crate) async fn digests(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let limit = Query(request.query_string()).clamped("limit", 1, MAX_DIGESTS)?;
    let project = projects::in_path(&front, &caller, &request).await?;
    let limit = limit.unwrap_or(DIGESTS);
    let found = front.catalog.digests(caller.org, project.id, limit).await?;
    let found: Vec<Value> = found.iter().map(render::digest).collect();
    Ok(HttpResponse::Ok().json(json!({ "digests": found })))
}

/// The state that the documents of a list are in; `None` is any.
fn status(query: Query<'_>) -> Result<Option<DocumentStatus>, ApiError> {
    let wrong = || ApiError::query("status", "`status` must be `active`, `archived` or `all`");
    match query.filled("status").as_deref() {
        None => Ok(Some(DocumentStatus::Active)),
        Some("all") => Ok(None),
        Some(word) => render::document_status(word).map(Some).ok_or_else(wrong),
    }
}

/// A handoff.
pub(crate) async fn handoff(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let found = front.catalog.handoff(caller.org, id(&request)?).await?;
    let found = found.ok_or_else(not_found)?;
    Ok(HttpResponse::Ok().json(json!({ "handoff": render::handoff(&found) })))
}

/// An insight.
pub(crate) async fn insight(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let found = front.catalog.insight(caller.org, id(&request)?).await?;
    let found = found.ok_or_else(not_found)?;
    Ok(HttpResponse::Ok().json(json!({ "insight": render::insight(&found) })))
}

/// Puts a handoff away, or back.
pub(crate) async fn mark_handoff(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let (id, status, now) = (id(&request)?, wanted(body).await?, front.clock.now());
    let marked = front.catalog.mark_handoff(caller.org, id, status, now).await?;
    let marked = marked.ok_or_else(not_found)?;
    Ok(HttpResponse::Ok().json(json!({ "handoff": render::handoff(&marked) })))
}

/// Puts an insight away, or back.
pub(crate) async fn mark_insight(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let (id, status, now) = (id(&request)?, wanted(body).await?, front.clock.now());
    let marked = front.catalog.mark_insight(caller.org, id, status, now).await?;
    let marked = marked.ok_or_else(not_found)?;
    Ok(HttpResponse::Ok().json(json!({ "insight": render::insight(&marked) })))
}

/// The state that a body wants.
async fn wanted(body: Body) -> Result<DocumentStatus, ApiError> {
    let (members, _share) = body.json().await?.optional_object()?;
    let word = Fields::of(&members).required_text("status", 1..=20)?;
    render::document_status(word)
        .ok_or_else(|| ApiError::body("status", "`status` must be `active` or `archived`"))
}

fn id<T: std::str::FromStr>(request: &HttpRequest) -> Result<T, ApiError> {
    let id = request.match_info().get("id").and_then(|id| id.parse().ok());
    id.ok_or_else(not_found)
}

/// 404 for a document that is unknown, another organization's, or no id at all.
pub(super) fn not_found() -> ApiError {
    ApiError::new(ErrorCode::DocumentNotFound, "no such document")
}

/// The document that a generation's result names; null when there is none, or no more.
pub(super) async fn of_result(
    front: &Front,
    org: OrgId,
    result: &Map<String, Value>,
) -> Result<Value, ApiError> {
    let text = |name: &str| result.get(name).and_then(Value::as_str).unwrap_or_default();
    let id = text("result_id");
    let found = match text("result_kind") {
        "handoff" => match id.parse() {
            Ok(id) => front.catalog.handoff(org, id).await?.as_ref().map(render::handoff),
            Err(_) => None,
        },
        "insight" => match id.parse() {
            Ok(id) => front.catalog.insight(org, id).await?.as_ref().map(render::insight),
            Err(_) => None,
        },
        _ => None,
    };
    Ok(found.unwrap_or(Value::Null))
}
