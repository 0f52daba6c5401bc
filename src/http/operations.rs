//! What an operator's tools ask: is it alive, does it take work, what does it count.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde_json::json;

use crate::http::auth::{Authorized, Operator};
use crate::http::error::ApiError;
use crate::http::front::Front;
use crate::store::QueueDepth;
use crate::telemetry::Metrics;

/// The process answers.
pub(crate) async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

/// The process takes work: its threads answer, and its storage can be read.
pub(crate) async fn readyz(front: web::Data<Front>) -> HttpResponse {
    let engine = front.engine.is_fit();
    let store = front.catalog.next_due().await.is_ok();
    let status = if engine && store { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let word = |fit: bool| if fit { "ok" } else { "failing" };
    HttpResponse::build(status).json(json!({
        "status": if status.is_success() { "ready" } else { "not_ready" },
        "engine": word(engine),
        "store": word(store),
        "warnings": front.metrics.warnings(),
    }))
}

/// The counts, for who may see the whole server.
pub(crate) async fn metrics(
    _caller: Authorized<Operator>,
    front: web::Data<Front>,
) -> Result<HttpResponse, ApiError> {
    scrape(front).await
}

/// The counts, on an address of their own.
pub(crate) async fn scrape(front: web::Data<Front>) -> Result<HttpResponse, ApiError> {
    let depths = front.catalog.depths().await?;
    let depths = depths.into_iter().map(|QueueDepth { action, state, jobs }| (action, state, jobs));
    front.metrics.queue_depths(depths);
    let usage = front.catalog.usage().await?;
    front.metrics.stored(usage.database_bytes, usage.asset_bytes);
    Ok(HttpResponse::Ok().content_type(Metrics::MEDIA_TYPE).body(front.metrics.render()))
}
