//! Generations: documents, each made by a job.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::json;

use crate::actions::{HANDOFFS_GENERATE, INSIGHTS_GENERATE};
use crate::domain::activity::InsightKind;
use crate::http::auth::{Authorized, Write};
use crate::http::body::Body;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::fields::Fields;
use crate::http::flowrelay::{creation, projects};
use crate::http::front::Front;
use crate::http::idempotency::ClientKey;

/// Accepts a job that makes a handoff.
pub(crate) async fn handoff(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let json = body.json().await?;
    let (key, json) = ClientKey::of(request.headers(), "handoffs", json).await?;
    let (input, _share) = json.optional_object()?;
    let project = Fields::of(&input).required_text("project_id", 1..=100)?;
    let project = project.parse().map_err(|_| projects::not_found())?;
    projects::find(&front, &caller, project).await?;
    creation::accept(&front, &caller, &request, HANDOFFS_GENERATE, input, key).await
}

/// Accepts a job that makes an insight of the kind in the path.
pub(crate) async fn insight(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let kind = request.match_info().get("kind").unwrap_or_default();
    let kind = InsightKind::ALL.into_iter().find(|known| known.path_name() == kind);
    let kind = kind.ok_or_else(|| {
        let message = "no such kind of insight; there are correlation, onboarding, architecture, \
                       release_notes and plan_review";
        ApiError::new(ErrorCode::RouteNotFound, message)
    })?;
    let project = projects::in_path(&front, &caller, &request).await?;
    let json = body.json().await?;
    let (key, json) = ClientKey::of(request.headers(), "insights", json).await?;
    let key = key.map(|key| key.about(format!("{}/{}", project.id, kind.path_name())));
    let (mut input, _share) = json.optional_object()?;
    input.insert("project_id".to_owned(), json!(project.id));
    input.insert("kind".to_owned(), json!(kind.path_name()));
    creation::accept(&front, &caller, &request, INSIGHTS_GENERATE, input, key).await
}
