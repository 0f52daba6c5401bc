//! What this server can do, with the schemas of what it takes and gives.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use crate::engine::{Action, ActionDescription};
use crate::http::auth::{Authorized, Read};
use crate::http::error::{ApiError, ErrorCode};
use crate::http::front::Front;
use crate::http::pi::render::{self, Head};

/// All actions that clients may ask for.
pub(crate) async fn list(
    caller: Authorized<Read>,
    front: web::Data<Front>,
) -> Result<HttpResponse, ApiError> {
    let items = enabled(&front).map(|action| members(action.as_ref())).collect();
    Ok(render::list(&caller.exchange, front.clock.now(), items, json!({ "has_more": false })))
}

/// One of them.
pub(crate) async fn show(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let name = request.match_info().get("name").unwrap_or_default();
    let action = enabled(&front).find(|action| action.name() == name).ok_or_else(|| {
        ApiError::new(ErrorCode::ActionNotFound, format!("no action `{name}` on this server"))
    })?;
    let data = members(action.as_ref());
    Ok(render::succeed(&caller.exchange, front.clock.now(), Head::of("action"), data))
}

fn enabled(front: &Front) -> impl Iterator<Item = &Arc<dyn Action>> {
    let actions = front.engine.actions();
    actions.public().filter(|action| !actions.is_disabled(action.name()))
}

fn members(action: &dyn Action) -> Value {
    let ActionDescription { summary, input_schema, result_schema } = action.description();
    let policy = action.policy();
    json!({
        "name": action.name(),
        "summary": summary,
        "input_schema": input_schema,
        "result_schema": result_schema,
        "max_attempts": policy.max_attempts,
        "attempt_timeout_seconds": policy.attempt_timeout.as_secs_f64(),
    })
}
