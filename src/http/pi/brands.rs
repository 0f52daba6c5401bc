//! Brands: extracted by a job, listed, shown, projected, deleted.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use crate::actions::BRANDS_EXTRACT;
use crate::domain::brand::Brand;
use crate::domain::ids::{AssetId, BrandId, OrgId};
use crate::http::auth::{Authorized, Read, Write};
use crate::http::body::Body;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::fields::Fields;
use crate::http::front::Front;
use crate::http::idempotency::ClientKey;
use crate::http::pi::render::{self, BrandView, Head, Selection};
use crate::http::pi::{assets, creation, jobs, requests};
use crate::http::query::Query;
use crate::store::BrandFilter;

/// The members of a body that are the action's.
const ARGUMENTS: [&str; 5] = ["url", "location", "logoBase64", "imagesBase64", "fontBase64"];

/// Accepts a job that reads a brand from a site, or from files.
pub(crate) async fn extract(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let json = body.json().await?;
    let (key, json) = ClientKey::of(request.headers(), "brands/extract", json).await?;
    let (mut members, share) = json.object()?;
    let mut references = Fields::of(&members).references()?;
    members.retain(|name, _| ARGUMENTS.contains(&name.as_str()));
    requests::permit(&front, BRANDS_EXTRACT)?;
    let mut job = requests::with_input(&front, &caller, BRANDS_EXTRACT, members, "").await?;
    job.echo.append(&mut references);
    drop(share);
    creation::accept(&front, &caller, &request, key, job).await
}

/// How far into a list of brands a client may go by counting.
const MAX_OFFSET: usize = 1_000_000;

/// The longest part of a name to look for, in characters.
const MAX_QUERY: usize = 200;

/// A page of the organization's brands, newest first.
pub(crate) async fn list(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let query = Query(request.query_string());
    let name = query.filled("query").map(std::borrow::Cow::into_owned);
    if name.as_ref().is_some_and(|name| name.chars().count() > MAX_QUERY) {
        let message = format!("`query` must have at most {MAX_QUERY} characters");
        return Err(ApiError::query("query", message));
    }
    let (limit, offset) = (query.limit()?, query.clamped("offset", 0, MAX_OFFSET)?.unwrap_or(0));
    let filter = BrandFilter { org: caller.org, query: name, limit, offset };
    let page = front.catalog.brands(filter).await?;
    let selection = Selection::of(query.words(&["fields"]));
    let with_job = expands_latest_job(query);
    let mut items = Vec::with_capacity(page.brands.len());
    for brand in &page.brands {
        let evidence = selection.names("evidence");
        let mut members = view(&front, &request, brand, evidence).await?;
        selection.apply(&mut members, "");
        if with_job {
            expand_latest_job(&front, &request, brand, &mut members).await?;
        }
        items.push(Value::Object(members));
    }
    let seen = (offset + items.len()) as u64;
    let has_more = seen < page.total;
    let more = json!({ "total_count": page.total, "has_more": has_more });
    Ok(render::list(&caller.exchange, front.clock.now(), items, more))
}

/// One brand, with its evidence.
pub(crate) async fn show(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let brand = find(&front, caller.org, &request).await?;
    answer(&front, &caller, &request, &brand).await
}

/// The answer that shows a brand, with what the query asks for.
pub(super) async fn answer(
    front: &Front,
    caller: &crate::http::auth::Caller,
    request: &HttpRequest,
    brand: &Brand,
) -> Result<HttpResponse, ApiError> {
    let query = Query(request.query_string());
    let mut members = view(front, request, brand, true).await?;
    Selection::of(query.words(&["fields"])).apply(&mut members, "");
    if expands_latest_job(query) {
        expand_latest_job(front, request, brand, &mut members).await?;
    }
    Ok(render::succeed(&caller.exchange, front.clock.now(), Head::of("brand"), members))
}

fn expands_latest_job(query: Query<'_>) -> bool {
    query.words(&["expand", "include"]).iter().any(|word| word == "latest_job")
}

async fn expand_latest_job(
    front: &Front,
    request: &HttpRequest,
    brand: &Brand,
    members: &mut Map<String, Value>,
) -> Result<(), ApiError> {
    let id = front.catalog.latest_job_of_brand(brand.org, brand.id).await?;
    let job = match id {
        Some(id) => front.catalog.job(brand.org, id).await?,
        None => None,
    };
    if let Some(job) = job {
        let job = jobs::value(front, request, &job).await?;
        members.insert("expanded".to_owned(), json!({ "latest_job": job }));
    }
    Ok(())
}

/// A brand of the organization as data, with or without its evidence; `None` for an unknown one.
pub(super) async fn members(
    front: &Front,
    request: &HttpRequest,
    org: OrgId,
    id: BrandId,
    evidence: bool,
) -> Result<Option<Map<String, Value>>, ApiError> {
    match front.catalog.brand(org, id).await? {
        Some(brand) => Ok(Some(view(front, request, &brand, evidence).await?)),
        None => Ok(None),
    }
}

async fn view(
    front: &Front,
    request: &HttpRequest,
    brand: &Brand,
    evidence: bool,
) -> Result<Map<String, Value>, ApiError> {
    let base = front.hosts.base_url(request);
    let logo_url = file_url(front, brand.org, brand.logo, &base).await?;
    let font_url = file_url(front, brand.org, brand.font, &base).await?;
    Ok(BrandView { brand, logo_url, font_url, evidence }.members())
}

async fn file_url(
    front: &Front,
    org: OrgId,
    file: Option<AssetId>,
    base: &str,
) -> Result<Option<String>, ApiError> {
    let Some(id) = file else { return Ok(None) };
    let asset = front.catalog.asset(org, id).await?;
    Ok(asset.and_then(|asset| assets::public_url(&asset, base)))
}

/// The brand that the path names.
pub(super) async fn find(
    front: &Front,
    org: OrgId,
    request: &HttpRequest,
) -> Result<Brand, ApiError> {
    front.catalog.brand(org, brand_id(request)?).await?.ok_or_else(not_found)
}

/// The id in the path; 400 for what is none.
pub(super) fn brand_id(request: &HttpRequest) -> Result<BrandId, ApiError> {
    let id = request.match_info().get("id").and_then(|id| id.parse().ok());
    id.ok_or_else(|| ApiError::new(ErrorCode::InvalidBrandId, "the brand's id must be a UUID"))
}

/// 404 for a brand that is unknown, or another organization's.
pub(super) fn not_found() -> ApiError {
    ApiError::new(ErrorCode::BrandNotFound, "no such brand")
}

/// The longest description of a use, in characters.
const MAX_USE_CASE: usize = 2_000;

/// The brand as it bears on one use. Without a model nothing of it is left out or added.
pub(crate) async fn project(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    brand_id(&request)?;
    let (body, _share) = body.json().await?.object()?;
    let fields = Fields::of(&body);
    let use_case = fields.required_text("use_case", 1..=usize::MAX)?;
    if use_case.chars().count() > MAX_USE_CASE {
        let message = format!("`use_case` must be a text of 1 to {MAX_USE_CASE} characters");
        let refusal = ApiError::new(ErrorCode::ProjectionRequestTooLarge, message);
        return Err(refusal.at("use_case"));
    }
    let brand = find(&front, caller.org, &request).await?;
    let base = front.hosts.base_url(&request);
    let mut projection = render::brand_dna(&brand);
    let logo_url = file_url(&front, brand.org, brand.logo, &base).await?;
    projection.insert("logo_url".to_owned(), json!(logo_url));
    let data = json!({
        "use_case": use_case,
        "is_wildcard": true,
        "payload": {
            "use_case": use_case,
            "brand_projection": projection,
            "meta": {
                "source": "deterministic_projection",
                "reason": "no model is configured on this server",
            },
        },
    });
    Ok(render::succeed(&caller.exchange, front.clock.now(), Head::of("brand.projection"), data))
}

/// Deletes a brand; the jobs that found it stay.
pub(crate) async fn delete(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let id = brand_id(&request)?;
    if !front.catalog.delete_brand(caller.org, id).await? {
        return Err(not_found());
    }
    Ok(render::deleted(&caller.exchange, front.clock.now(), "brand", id))
}
