//! What commands beside the running server ask of its projects, over the same socket as
//! `control`.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use crate::activity::redact_event;
use crate::domain::activity::{Event, EventSource, Project, Repository};
use crate::domain::ids::EventId;
use crate::domain::org::{DEFAULT_ORG, MAX_ORG_NAME, Org, check_org_name};
use crate::http::body::Body;
use crate::http::control::{author, named_org, no_org, path_name};
use crate::http::error::{ApiError, ErrorCode};
use crate::http::fields::Fields;
use crate::http::front::Front;
use crate::http::query::Query;
use crate::store::MAX_EVENTS_A_WRITE;

/// The longest path of a repository, in characters.
const MAX_PATH: usize = 4_096;

/// The projects of one organization, or of all.
pub(crate) async fn list(
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let org = named_org(&front, &request).await?;
    let orgs = front.catalog.orgs().await?;
    let projects = front.catalog.projects(org).await?;
    let projects: Vec<Value> = projects.iter().map(|project| members(project, &orgs)).collect();
    Ok(HttpResponse::Ok().json(json!({ "projects": projects })))
}

fn members(project: &Project, orgs: &[Org]) -> Value {
    let org = orgs.iter().find(|org| org.id == project.org);
    json!({
        "id": project.id,
        "org": org.map(|org| &org.name),
        "name": project.name,
        "key": project.key,
        "repository": project.repository.as_ref().map(|repository| &repository.path),
    })
}

/// Makes a project, or brings the one of this name up to date; its repository is granted.
pub(crate) async fn add(
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let (body, _share) = body.json().await?.object()?;
    let fields = Fields::of(&body);
    let org = fields.required_text("org", 1..=MAX_ORG_NAME)?;
    check_org_name(org).map_err(|fault| ApiError::body("org", fault.to_string()))?;
    let name = fields.required_text("name", 1..=200)?;
    Project::check_name(name).map_err(|fault| ApiError::body("name", fault.to_string()))?;
    let source = fields.text("source", 1..=50)?.map(str::parse::<EventSource>).transpose();
    let source = source.map_err(|error| ApiError::body("source", error.to_string()))?;
    let path = fields.text("repository", 1..=MAX_PATH)?;
    let repository = path.map(|path| Repository { path: path.to_owned(), source });
    let now = front.clock.now();
    let org = front.catalog.ensure_org(org, now, author(&request)).await?;
    let project = front.catalog.adopt_project(org.id, name, repository, now).await?;
    let answer = json!({ "project": members(&project, std::slice::from_ref(&org)) });
    Ok(HttpResponse::build(StatusCode::CREATED).json(answer))
}

/// Deletes a project with its events and documents.
pub(crate) async fn remove(
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let project = named(&front, &request).await?;
    front.catalog.delete_project(project.org, project.id).await?;
    Ok(HttpResponse::Ok().json(json!({ "deleted": true })))
}

/// Stores events that a command read.
pub(crate) async fn save_events(
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let project = named(&front, &request).await?;
    let (mut body, _share) = body.json().await?.object()?;
    let events = body.remove("events").unwrap_or_default();
    let events: Vec<Event> = serde_json::from_value(events)
        .map_err(|error| ApiError::body("events", format!("`events`: {error}")))?;
    if events.len() > MAX_EVENTS_A_WRITE {
        let message = format!("send at most {MAX_EVENTS_A_WRITE} events at once");
        return Err(ApiError::body("events", message));
    }
    let own = |mut event: Event| {
        event.project = project.id;
        event.id = EventId::of(project.id, event.source.id(), &event.external_id);
        event.clip();
        redact_event(&mut event);
        event
    };
    let events = events.into_iter().map(own).collect();
    let now = front.clock.now();
    let saved = front.catalog.save_events(project.org, events, None, now).await?;
    let saved = saved.ok_or_else(not_found)?;
    let answer =
        json!({ "new": saved.new, "changed": saved.changed, "unchanged": saved.unchanged });
    Ok(HttpResponse::Ok().json(answer))
}

/// The project that the path names, in the organization that the query names.
async fn named(front: &Front, request: &HttpRequest) -> Result<Project, ApiError> {
    let org = Query(request.query_string()).filled("org");
    let org = org.as_deref().unwrap_or(DEFAULT_ORG);
    let org = front.catalog.find_org(org).await?.ok_or_else(|| no_org(org))?;
    let name = path_name(request);
    front.catalog.find_project(org.id, &name).await?.ok_or_else(not_found)
}

fn not_found() -> ApiError {
    ApiError::new(ErrorCode::ProjectNotFound, "no such project")
}
