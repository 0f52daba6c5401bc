//! What commands beside the running server ask of it, over a socket in the data directory.
//!
//! Whoever may open the socket (mode 0600) may do all of this; there is no key. Never: a route of
//! this file on an address that another user or machine can reach.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use crate::domain::audit::Author;
use crate::domain::ids::OrgId;
use crate::domain::key::{ApiKey, MAX_KEY_NAME, NewApiKey, Reach, Scope, Scopes, WantedKey};
use crate::domain::org::{EVERY_ORG, MAX_ORG_NAME, Org, check_org_name};
use crate::http::body::Body;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::fields::Fields;
use crate::http::front::Front;
use crate::http::pi::{audit, keys};
use crate::http::query::Query;
use crate::http::request_id::Exchange;
use crate::store::{OrgDeletion, StoreError};

/// The keys of one organization, or of all.
pub(crate) async fn list_keys(
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let org = named_org(&front, &request).await?;
    let keys = front.catalog.keys(org).await?;
    let orgs = front.catalog.orgs().await?;
    let keys: Vec<Value> = keys.iter().map(|key| key_members(key, &orgs)).collect();
    Ok(HttpResponse::Ok().json(json!({ "keys": keys })))
}

/// Makes a key, and its organization if that is new.
pub(crate) async fn create_key(
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let author = author(&request);
    let (body, _share) = body.json().await?.object()?;
    let fields = Fields::of(&body);
    let org = fields.required_text("org", 1..=MAX_ORG_NAME)?;
    let name = fields.required_text("name", 1..=MAX_KEY_NAME)?;
    let scopes = match fields.text("scopes", 1..=100)? {
        None => Scopes::of(&[Scope::Read, Scope::Write]),
        Some(words) => words.parse().map_err(|error: crate::domain::key::UnknownScope| {
            ApiError::body("scopes", error.to_string())
        })?,
    };
    let wanted = WantedKey { org, name, scopes, dialect: keys::dialect(fields)? };
    wanted.check().map_err(|fault| ApiError::body(fault.member(), fault.to_string()))?;
    let now = front.clock.now();
    let orgs = if wanted.is_for_every_org() {
        Vec::new()
    } else {
        vec![front.catalog.ensure_org(org, now, author).await?]
    };
    let reach = orgs.first().map_or(Reach::EveryOrg, |org| Reach::Org(org.id));
    let new = NewApiKey::mint(reach, name, scopes, wanted.dialect, now);
    let (key, secret) = (new.key.clone(), new.secret.clone());
    front.catalog.insert_key(new, author).await?;
    let answer = json!({ "key": key_members(&key, &orgs), "secret": secret });
    Ok(HttpResponse::build(StatusCode::CREATED).json(answer))
}

/// Revokes a key, from the next request on.
pub(crate) async fn revoke_key(
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let unknown = || ApiError::new(ErrorCode::KeyNotFound, "no such key");
    let id = request.match_info().get("id").and_then(|id| id.parse().ok()).ok_or_else(unknown)?;
    let org = named_org(&front, &request).await?;
    let now = front.clock.now();
    let revoked = front.catalog.revoke_key(org, id, now, author(&request)).await?;
    let key = revoked.ok_or_else(unknown)?;
    let orgs = front.catalog.orgs().await?;
    Ok(HttpResponse::Ok().json(json!({ "key": key_members(&key, &orgs) })))
}

/// Whoever may open the socket, for the audit log.
pub(super) fn author(request: &HttpRequest) -> Author {
    Author { request: Some(Exchange::of(request).id), ..Author::LOCAL }
}

fn key_members(key: &ApiKey, orgs: &[Org]) -> Value {
    let mut members = keys::members(key);
    members["org"] = json!(match key.reach {
        Reach::Org(id) => orgs.iter().find(|org| org.id == id).map(|org| org.name.as_str()),
        Reach::EveryOrg => Some(EVERY_ORG),
    });
    members
}

/// The organization that `?org=` names, if it names one.
pub(super) async fn named_org(
    front: &Front,
    request: &HttpRequest,
) -> Result<Option<OrgId>, ApiError> {
    let Some(name) = Query(request.query_string()).text("org") else { return Ok(None) };
    match front.catalog.find_org(&name).await? {
        Some(org) => Ok(Some(org.id)),
        None => Err(no_org(&name)),
    }
}

/// A page of the audit log.
pub(crate) async fn list_audit(
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let (entries, mut page) = audit::page(&front, &request).await?;
    page["entries"] = Value::Array(entries);
    Ok(HttpResponse::Ok().json(page))
}

/// All organizations.
pub(crate) async fn list_orgs(front: web::Data<Front>) -> Result<HttpResponse, ApiError> {
    let orgs: Vec<Value> = front.catalog.orgs().await?.iter().map(org_members).collect();
    Ok(HttpResponse::Ok().json(json!({ "orgs": orgs })))
}

/// Renames an organization.
pub(crate) async fn rename_org(
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let (body, _share) = body.json().await?.object()?;
    let new_name = Fields::of(&body).required_text("name", 1..=MAX_ORG_NAME)?;
    check_org_name(new_name).map_err(|fault| ApiError::body("name", fault.to_string()))?;
    let name = path_name(&request);
    match front.catalog.rename_org(&name, new_name, front.clock.now(), author(&request)).await {
        Ok(Some(org)) => {
            front.engine.organizations_changed();
            Ok(HttpResponse::Ok().json(json!({ "org": org_members(&org) })))
        }
        Ok(None) => Err(no_org(&name)),
        Err(StoreError::Taken(_)) => {
            let message = format!("there is an organization `{new_name}` already");
            Err(ApiError::new(ErrorCode::NameTaken, message))
        }
        Err(error) => Err(error.into()),
    }
}

/// Deletes an organization with everything it has.
pub(crate) async fn delete_org(
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let name = path_name(&request);
    match front.catalog.delete_org(&name, front.clock.now(), author(&request)).await? {
        OrgDeletion::Deleted => {
            front.engine.organizations_changed();
            Ok(HttpResponse::Ok().json(json!({ "deleted": true })))
        }
        OrgDeletion::HasUnfinishedJobs(jobs) => {
            let message =
                format!("`{name}` has {jobs} unfinished jobs: cancel them, or let them end, first");
            Err(ApiError::new(ErrorCode::OrgNotEmpty, message))
        }
        OrgDeletion::Unknown => Err(no_org(&name)),
    }
}

/// The name in the path. The router leaves these three escapes for us, in upper case; `%25` comes
/// last, since it may begin what looks like another.
pub(super) fn path_name(request: &HttpRequest) -> String {
    let name = request.match_info().query("name");
    name.replace("%2F", "/").replace("%2B", "+").replace("%25", "%")
}

fn org_members(org: &Org) -> Value {
    json!({ "id": org.id, "name": org.name, "created_at": org.created_at.iso() })
}

/// 404 for an organization that there is not.
pub(super) fn no_org(name: &str) -> ApiError {
    ApiError::new(ErrorCode::OrgNotFound, format!("no organization `{name}`"))
}
