//! Pictures: made, changed and localized by jobs.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::actions::{CAMPAIGNS_EDIT, CAMPAIGNS_GENERATE, CAMPAIGNS_LOCALIZE_AD, IMAGES_GENERATE};
use crate::http::auth::{Authorized, Caller, Write};
use crate::http::body::Body;
use crate::http::error::ApiError;
use crate::http::fields::Fields;
use crate::http::front::Front;
use crate::http::idempotency::ClientKey;
use crate::http::pi::{creation, requests};

/// Accepts a job that makes a picture without words.
pub(crate) async fn generate(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    accept(&caller, &front, &request, body, IMAGES_GENERATE, "images/generations").await
}

/// Accepts a job that makes an ad.
pub(crate) async fn campaign(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    accept(&caller, &front, &request, body, CAMPAIGNS_GENERATE, "campaigns/generate").await
}

/// Accepts a job that changes an ad.
pub(crate) async fn edit(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    accept(&caller, &front, &request, body, CAMPAIGNS_EDIT, "campaigns/edit").await
}

/// Accepts a job that gives an ad the words of other readers.
pub(crate) async fn localize(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    accept(&caller, &front, &request, body, CAMPAIGNS_LOCALIZE_AD, "campaigns/localize-ad").await
}

/// Members of a body that are told and not asked.
const TOLD: [&str; 2] = ["client_reference_id", "metadata"];

/// Accepts a job of `action`; `route` is the main route, under which keys are kept.
async fn accept(
    caller: &Caller,
    front: &Front,
    request: &HttpRequest,
    body: Body,
    action: &str,
    route: &'static str,
) -> Result<HttpResponse, ApiError> {
    let json = body.json().await?;
    let (key, json) = ClientKey::of(request.headers(), route, json).await?;
    let (mut members, share) = json.object()?;
    let mut told = Fields::of(&members).references()?;
    members.retain(|name, _| !TOLD.contains(&name.as_str()));
    requests::permit(front, action)?;
    let mut job = requests::with_input(front, caller, action, members, "").await?;
    job.echo.append(&mut told);
    drop(share);
    creation::accept(front, caller, request, key, job).await
}
