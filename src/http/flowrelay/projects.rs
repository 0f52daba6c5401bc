//! Projects: listed, made, deleted; and the one that a request speaks of.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use crate::domain::activity::{InvalidField, Project, Repository};
use crate::domain::ids::ProjectId;
use crate::domain::key::{Scope, Scopes};
use crate::domain::org::Org;
use crate::http::auth::{Authorized, Caller, Read, Write};
use crate::http::body::Body;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::fields::Fields;
use crate::http::flowrelay::render;
use crate::http::front::Front;
use crate::http::query::Query;
use crate::store::StoreError;

/// Projects that an organization may have: its lists stay readable.
const MAX_PROJECTS: usize = 1_000;

/// The longest path of a repository, in characters.
const MAX_PATH: usize = 4_096;

/// The organization's projects, and what the caller is in it.
pub(crate) async fn list(
    caller: Authorized<Read>,
    front: web::Data<Front>,
) -> Result<HttpResponse, ApiError> {
    let org = org(&front, &caller).await?;
    let role = role(caller.scopes);
    let projects = front.catalog.projects(Some(caller.org)).await?;
    let projects: Vec<Value> =
        projects.iter().map(|project| render::project(project, &org, role)).collect();
    let member = if role == "member" { "member" } else { "admin" };
    Ok(HttpResponse::Ok().json(json!({
        "account_type": "business",
        "organizations": [{
            "id": org.id,
            "name": org.name,
            "slug": render::slug(&org.name),
            "role": member,
            "is_temporary_admin": false,
        }],
        "projects": projects,
    })))
}

async fn org(front: &Front, caller: &Caller) -> Result<Org, ApiError> {
    let orgs = front.catalog.orgs().await?;
    let found = orgs.into_iter().find(|org| org.id == caller.org);
    found.ok_or_else(|| ApiError::internal("a key outlived its organization"))
}

/// What a key's scopes make of its holder.
fn role(scopes: Scopes) -> &'static str {
    if scopes.contains(Scope::Operator) {
        "owner"
    } else if scopes.contains(Scope::Keys) {
        "admin"
    } else {
        "member"
    }
}

/// Makes a project.
pub(crate) async fn create(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let (members, _share) = body.json().await?.optional_object()?;
    let fields = Fields::of(&members);
    let name = fields.required_text("name", 1..=200)?.trim();
    Project::check_name(name).map_err(fault)?;
    let key = fields.text("key", 1..=20)?;
    key.map(Project::check_key).transpose().map_err(fault)?;
    let description = fields.text("description", 0..=2_000)?.unwrap_or_default();
    let path = fields.text("repository", 1..=MAX_PATH)?;
    let repository = path.map(|path| Repository { path: path.to_owned(), source: None });
    if let Some(repository) = &repository {
        check_repository(&front, &caller, repository.clone()).await?;
    }
    if front.catalog.projects(Some(caller.org)).await?.len() >= MAX_PROJECTS {
        let message = format!("an organization has at most {MAX_PROJECTS} projects");
        return Err(ApiError::body("name", message));
    }
    let now = front.clock.now();
    let new = Project::new(caller.org, name, now);
    let key = key.map_or(new.key, str::to_owned);
    let project = Project { key, description: description.to_owned(), repository, ..new };
    match front.catalog.insert_project(project.clone()).await {
        Ok(()) => {}
        Err(StoreError::Taken(_)) => {
            let message = format!("there is a project `{name}` already");
            return Err(ApiError::new(ErrorCode::NameTaken, message));
        }
        Err(error) => return Err(error.into()),
    }
    let org = org(&front, &caller).await?;
    let shown = render::project(&project, &org, role(caller.scopes));
    Ok(HttpResponse::build(StatusCode::CREATED).json(json!({ "project": shown })))
}

/// Refuses a repository that would not be read.
async fn check_repository(
    front: &web::Data<Front>,
    caller: &Caller,
    repository: Repository,
) -> Result<(), ApiError> {
    let org = caller.org;
    let is_granted = front.catalog.is_repository_granted(org, &repository.path).await?;
    let grants = front.grants.clone();
    let opened = web::block(move || grants.open(org, &repository, is_granted).map(drop)).await;
    let refused = opened.map_err(ApiError::internal)?;
    refused.map_err(|error| ApiError::body("repository", format!("`repository`: {error}")))
}

/// Deletes a project with its events and documents.
pub(crate) async fn delete(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let project = in_path(&front, &caller, &request).await?;
    front.catalog.delete_project(caller.org, project.id).await?;
    Ok(HttpResponse::Ok().json(json!({ "ok": true, "id": project.id, "deleted": true })))
}

/// The project in the path.
pub(super) async fn in_path(
    front: &Front,
    caller: &Caller,
    request: &HttpRequest,
) -> Result<Project, ApiError> {
    let id = request.match_info().get("id").and_then(|id| id.parse().ok());
    find(front, caller, id.ok_or_else(not_found)?).await
}

/// The project that a query names, if it names one.
pub(super) async fn in_query(
    front: &Front,
    caller: &Caller,
    query: Query<'_>,
) -> Result<Option<Project>, ApiError> {
    let Some(id) = query.filled("project_id") else { return Ok(None) };
    let id = id.parse().map_err(|_| not_found())?;
    find(front, caller, id).await.map(Some)
}

/// A project of the caller's organization.
pub(super) async fn find(
    front: &Front,
    caller: &Caller,
    id: ProjectId,
) -> Result<Project, ApiError> {
    front.catalog.project(caller.org, id).await?.ok_or_else(not_found)
}

/// 404 for a project that is unknown, another organization's, or no id at all.
pub(super) fn not_found() -> ApiError {
    ApiError::new(ErrorCode::ProjectNotFound, "no such project")
}

/// 400 for a field that the domain refuses.
pub(super) fn fault(fault: InvalidField) -> ApiError {
    let InvalidField { field, message } = fault;
    ApiError::body(field.clone(), format!("`{field}` {message}"))
}
