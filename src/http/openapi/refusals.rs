//! What refusals look like in the document, and what each code means.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::http::error::ErrorCode;
use crate::http::openapi::examples::REQUEST_ID;
use crate::http::openapi::operation::Errors;

/// What a code means and what to do, in a sentence.
pub(super) const fn meaning(code: ErrorCode) -> &'static str {
    use ErrorCode as Code;
    match code {
        Code::InvalidJsonBody => "The body is not JSON.",
        Code::InvalidRequestBody => "`param` names the member at fault, the message what is right.",
        Code::InvalidQueryParameter => "`param` names the parameter at fault.",
        Code::InvalidBrandId => "The brand's id is no UUID.",
        Code::SourceJobTypeInvalid => "The source is no ad.",
        Code::SourceJobNotCompleted => "The source has not completed.",
        Code::ProjectionRequestTooLarge => "`use_case` is too long.",
        Code::MissingAuthorizationHeader => "Send `Authorization: Bearer <key>`.",
        Code::InvalidApiKey => "The key is unknown or was revoked.",
        Code::InsufficientScope => "The key lacks the scope that the message names.",
        Code::ActionDisabled => "The operator switched the action off.",
        Code::JobNotFound => "There is no such job in the key's organization.",
        Code::RunNotFound => "There is no such run in the key's organization.",
        Code::BrandNotFound => "There is no such brand in the key's organization.",
        Code::AssetNotFound => "There is no such file.",
        Code::ActionNotFound => "This server has no such action.",
        Code::ScheduleNotFound => "There is no such schedule in the key's organization.",
        Code::WebhookNotFound => "There is no such webhook in the key's organization.",
        Code::DeliveryNotFound => "The webhook has no such delivery.",
        Code::KeyNotFound => "There is no such key in the key's organization.",
        Code::OrgNotFound => "There is no such organization.",
        Code::ProjectNotFound => "There is no such project in the key's organization.",
        Code::DocumentNotFound => "There is no such document in the key's organization.",
        Code::ChannelNotFound => "The organization has no such channel.",
        Code::DiscordNotConfigured => "The operator named no chat for the organization.",
        Code::RouteNotFound => "There is no such path.",
        Code::MethodNotAllowed => "The path has no such method; `Allow` lists those it has.",
        Code::NotAcceptable => "`Accept` excludes JSON.",
        Code::IdempotencyKeyMismatch => "The key came before with another body.",
        Code::JobAlreadyTerminal => "The job has ended.",
        Code::RunAlreadyTerminal => "The run has ended.",
        Code::JobNotTerminal => "It has not ended yet.",
        Code::LeaseLost => "The job ended, was cancelled, or is another worker's: stop.",
        Code::UniqueJobExists => "`job_id` is the unfinished job with this `unique_key`.",
        Code::NameTaken => "The name is taken.",
        Code::OrgNotEmpty => "The organization has unfinished jobs.",
        Code::RequestTooLarge => "The body is longer than the route's limit.",
        Code::UnsupportedMediaType => "The body must be plain `application/json`.",
        Code::HostNotAllowed => "The operator did not name this `Host`.",
        Code::RateLimitExceeded => "Wait for `Retry-After` seconds.",
        Code::QueueLimitExceeded => "The organization has as many unfinished jobs as it may.",
        Code::InternalError => "The server failed; its log says why, by `request_id`.",
        Code::StorageUnavailable => "The disk is full, or the database cannot be reached.",
        Code::Overloaded => "Send it again after `Retry-After` seconds.",
        Code::ShuttingDown => "The server stops; send it again shortly.",
    }
}

/// Answers that are shared by routes: one for each set of codes under a status.
#[derive(Default)]
pub(super) struct Refusals(BTreeMap<String, Value>);

impl Refusals {
    /// References to the answers of a route that refuses with `codes`, by status.
    pub(super) fn of(
        &mut self,
        codes: &BTreeSet<ErrorCode>,
        errors: Errors,
    ) -> BTreeMap<String, Value> {
        let mut by_status: BTreeMap<u16, Vec<ErrorCode>> = BTreeMap::new();
        for code in codes {
            by_status.entry(code.status()).or_default().push(*code);
        }
        let references = by_status.into_iter().map(|(status, codes)| {
            let words: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
            let mut key = format!("{status}.{}", words.join("."));
            key.push_str(match errors {
                Errors::Pi => "",
                Errors::FlowRelay => ".flow_relay",
                Errors::ByKey => ".by_key",
            });
            let reference = json!({"$ref": format!("#/components/responses/{key}")});
            self.0.entry(key).or_insert_with(|| response(status, &codes, errors));
            (status.to_string(), reference)
        });
        references.collect()
    }

    /// The document's `components.responses`.
    pub(super) fn components(self) -> Value {
        Value::Object(self.0.into_iter().collect())
    }
}

fn response(status: u16, codes: &[ErrorCode], errors: Errors) -> Value {
    let lines: Vec<String> =
        codes.iter().map(|code| format!("`{}`: {}", code.as_str(), meaning(*code))).collect();
    let words: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
    let pi = json!({"allOf": [
        {"$ref": "#/components/schemas/Error"},
        {"properties": {"error": {"properties": {"code": {"enum": words}}}}},
    ]});
    let schema = match errors {
        Errors::Pi => pi,
        Errors::FlowRelay => json!({"$ref": "#/components/schemas/FlowRelayError"}),
        Errors::ByKey => json!({"anyOf": [pi, {"$ref": "#/components/schemas/FlowRelayError"}]}),
    };
    let examples: Map<String, Value> = codes
        .iter()
        .map(|code| (code.as_str().to_owned(), json!({ "value": example(*code, errors) })))
        .collect();
    let mut headers = json!({"X-Request-Id": {"$ref": "#/components/headers/X-Request-Id"}});
    if matches!(status, 429 | 503) {
        headers["Retry-After"] = json!({"$ref": "#/components/headers/Retry-After"});
    }
    json!({
        "description": lines.join(" "),
        "headers": headers,
        "content": {"application/json": {"schema": schema, "examples": examples}},
    })
}

fn example(code: ErrorCode, errors: Errors) -> Value {
    if errors == Errors::FlowRelay {
        return json!({ "error": meaning(code) });
    }
    json!({"error": {
        "type": code.kind().as_str(),
        "code": code.as_str(),
        "message": meaning(code),
        "request_id": REQUEST_ID,
    }})
}
