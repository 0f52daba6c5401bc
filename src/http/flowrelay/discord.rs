//! Discord: channels that the operator configured, and messages to them.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use crate::actions::{MAX_MESSAGE, MESSAGES_SEND};
use crate::http::auth::{Authorized, Read, Write};
use crate::http::body::Body;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::fields::Fields;
use crate::http::flowrelay::at_once;
use crate::http::front::Front;

/// The channels to which the caller may send.
pub(crate) async fn channels(
    caller: Authorized<Read>,
    front: web::Data<Front>,
    _request: HttpRequest,
) -> Result<HttpResponse, ApiError> {
    let channels: Vec<Value> = front
        .channels
        .of(caller.org)
        .map(|channel| json!({ "id": channel.name, "name": channel.name, "topic": null }))
        .collect();
    if channels.is_empty() {
        return Err(not_configured());
    }
    Ok(HttpResponse::Ok().json(json!({ "channels": channels })))
}

fn not_configured() -> ApiError {
    let message = "Discord is not configured: the operator can name a webhook under \
                   `[discord.channels.NAME] url`";
    ApiError::new(ErrorCode::DiscordNotConfigured, message)
}

/// Sends a text.
pub(crate) async fn send(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    if front.channels.of(caller.org).next().is_none() {
        return Err(not_configured());
    }
    let (members, _share) = body.json().await?.object()?;
    let fields = Fields::of(&members);
    let channel = fields.required_text("channel_id", 1..=100)?;
    if !front.channels.of(caller.org).any(|known| known.name == channel) {
        return Err(ApiError::new(ErrorCode::ChannelNotFound, "no such channel"));
    }
    let content = fields.required_text("content", 1..=MAX_MESSAGE)?;
    caller.exchange.waits.set(true);
    let input = json!({ "channel": channel, "content": content });
    let input = input.as_object().cloned().unwrap_or_default();
    match at_once::done(&front, caller.org, MESSAGES_SEND, &input).await? {
        Ok(result) => Ok(HttpResponse::Ok().json(sent(&result))),
        Err(job) => {
            let message =
                job.error.as_ref().map_or("the message was not sent", |error| &error.message);
            Err(ApiError::new(ErrorCode::Overloaded, message.to_owned()))
        }
    }
}

fn sent(result: &Map<String, Value>) -> Value {
    json!({ "ok": true, "message_id": result.get("message_id") })
}
