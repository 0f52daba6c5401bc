//! Questions about a project, answered at once out of what it has.
//!
//! An internal job looks for the answer, so that the work stands in the same queue and under the
//! same limits as all other; the client waits for it here. Never: a word of its own.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use crate::actions::QUESTIONS_ANSWER;
use crate::http::auth::{Authorized, Read};
use crate::http::body::Body;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::fields::Fields;
use crate::http::flowrelay::{at_once, projects};
use crate::http::front::Front;

/// How soon to ask again when there was no time for an answer, in seconds.
const RETRY_AFTER: u32 = 5;

/// Answers a question about a project.
pub(crate) async fn ask(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    request: HttpRequest,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    let project = projects::in_path(&front, &caller, &request).await?;
    let (members, _share) = body.json().await?.optional_object()?;
    let question = Fields::of(&members).required_text("question", 1..=2_000)?;
    if question.trim().is_empty() {
        return Err(ApiError::body("question", "`question` is empty"));
    }
    caller.exchange.waits.set(true);
    let input = json!({ "project_id": project.id, "question": question });
    let input = input.as_object().cloned().unwrap_or_default();
    let result = at_once::done(&front, caller.org, QUESTIONS_ANSWER, &input).await?;
    let result = result.map_err(|job| {
        let message = job.error.as_ref().map_or("", |error| &error.message);
        ApiError::new(ErrorCode::Overloaded, "the question could not be answered; ask again")
            .retry_after(RETRY_AFTER)
            .because(message)
    })?;
    let member = |name: &str| result.get(name).cloned().unwrap_or(Value::Null);
    let answer = json!({ "answer": member("answer"), "citations": member("citations") });
    Ok(HttpResponse::Ok().json(answer))
}
