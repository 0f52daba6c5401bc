//! Discord: channels that the operator configured, and messages to them.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use crate::actions::{MAX_MESSAGE, MESSAGES_SEND};
use crate::domain::activity::{InsightKind, Project};
use crate::http::auth::{Authorized, Caller, Read, Write};
use crate::http::body::Body;
use crate::http::error::{ApiError, ErrorCode};
use crate::http::fields::Fields;
use crate::http::flowrelay::{at_once, documents, projects};
use crate::http::front::Front;
use crate::store::DocumentFilter;

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

/// What a message can say; exactly one of them.
const CONTENTS: [&str; 4] = ["content", "handoff_id", "insight_id", "artifact"];

/// Sends a text, a document, or a project's last one.
pub(crate) async fn send(
    caller: Authorized<Write>,
    front: web::Data<Front>,
    body: Body,
) -> Result<HttpResponse, ApiError> {
    if front.channels.of(caller.org).next().is_none() {
        return Err(not_configured());
    }
    let (members, _share) = body.json().await?.optional_object()?;
    let fields = Fields::of(&members);
    let channel = fields.required_text("channel_id", 1..=100)?;
    if !front.channels.of(caller.org).any(|known| known.name == channel) {
        return Err(ApiError::new(ErrorCode::ChannelNotFound, "no such channel"));
    }
    let is_there = |name: &&&str| members.get(**name).is_some_and(|value| !value.is_null());
    let named: Vec<&&str> = CONTENTS.iter().filter(is_there).collect();
    let [name] = named.as_slice() else {
        let message =
            format!("send exactly one of {}", CONTENTS.map(|it| format!("`{it}`")).join(", "));
        return Err(ApiError::body("content", message));
    };
    let text = fields.required_text(name, 1..=MAX_MESSAGE)?;
    let content = content(&front, &caller, fields, name, text).await?;
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

async fn content(
    front: &Front,
    caller: &Caller,
    fields: Fields<'_>,
    name: &str,
    text: &str,
) -> Result<String, ApiError> {
    let markdown = match name {
        "content" => return Ok(text.to_owned()),
        "handoff_id" => {
            let id = text.parse().map_err(|_| documents::not_found())?;
            let found = front.catalog.handoff(caller.org, id).await?;
            found.map(|handoff| handoff.content.markdown)
        }
        "insight_id" => {
            let id = text.parse().map_err(|_| documents::not_found())?;
            let found = front.catalog.insight(caller.org, id).await?;
            found.map(|insight| insight.content.markdown)
        }
        _ => {
            let project = fields.required_text("project_id", 1..=100)?;
            let project = project.parse().map_err(|_| projects::not_found())?;
            let project = projects::find(front, caller, project).await?;
            last(front, &project, text).await?
        }
    };
    Ok(shortened(&markdown.ok_or_else(documents::not_found)?))
}

/// The Markdown of a project's last document of a kind.
async fn last(
    front: &Front,
    project: &Project,
    artifact: &str,
) -> Result<Option<String>, ApiError> {
    let kind = match artifact {
        "last_handoff" => None,
        "last_correlation" => Some(InsightKind::CrossSourceCorrelation),
        "last_onboarding" => Some(InsightKind::OnboardingBrief),
        "last_architecture" => Some(InsightKind::ArchitectureInsight),
        "last_release_notes" => Some(InsightKind::ReleaseNotes),
        _ => {
            let message = "`artifact` must be `last_handoff`, `last_correlation`, \
                           `last_onboarding`, `last_architecture` or `last_release_notes`";
            return Err(ApiError::body("artifact", message));
        }
    };
    let filter = DocumentFilter {
        org: project.org,
        project: Some(project.id),
        kind,
        status: None,
        limit: 1,
    };
    Ok(match kind {
        None => front.catalog.handoffs(filter).await?.pop().map(|it| it.content.markdown),
        Some(_) => front.catalog.insights(filter).await?.pop().map(|it| it.content.markdown),
    })
}

/// As much of a document as one message holds, cut at the end of a line.
fn shortened(markdown: &str) -> String {
    const MORE: &str = "\n…";
    if markdown.chars().count() <= MAX_MESSAGE {
        return markdown.to_owned();
    }
    let most = MAX_MESSAGE - MORE.chars().count();
    let end = markdown.char_indices().nth(most).map_or(markdown.len(), |(end, _)| end);
    let cut = &markdown[..end];
    let cut = cut.rfind('\n').map_or(cut, |line_end| &cut[..line_end]);
    format!("{cut}{MORE}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_document_is_cut_at_a_line_s_end() {
        let long = "é line\n".repeat(1_000);
        let cut = shortened(&long);
        assert!(cut.chars().count() <= MAX_MESSAGE);
        assert!(cut.ends_with("é line\n…"));
        assert_eq!(shortened("short"), "short");
    }
}
