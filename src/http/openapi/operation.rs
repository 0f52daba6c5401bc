//! The language in which a group's file describes its routes.
//!
//! What follows from a route's kind is not said again: a key brings its refusals, a body its own,
//! a creation its headers. Never: a word about a particular route.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::domain::key::Scope;
use crate::http::error::ErrorCode;
use crate::http::openapi::parameters::{IDEMPOTENCY_KEY, PREFER, Parameter, Place};

/// What nearly every body is.
const JSON: &str = "application/json";

/// Routes that belong together.
pub(super) struct Group {
    /// What they are about.
    pub(super) name: &'static str,
    /// In a sentence or two.
    pub(super) about: &'static str,
    pub(super) operations: Vec<Operation>,
}

/// A method of a path.
pub(super) struct Operation {
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    /// Unique among all, for generated clients.
    pub(super) id: &'static str,
    pub(super) summary: &'static str,
    pub(super) about: &'static str,
    /// What a key must be able to do; `None` when no key is needed.
    pub(super) scope: Option<Scope>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) body: Option<Body>,
    pub(super) answers: Vec<Answer>,
    /// The refusals of this route that do not follow from its kind.
    pub(super) refusals: BTreeSet<ErrorCode>,
    pub(super) errors: Errors,
    /// Whether `HEAD` is answered too.
    pub(super) head: bool,
}

/// What a route reads.
pub(super) struct Body {
    pub(super) required: bool,
    pub(super) media_type: &'static str,
    pub(super) schema: Value,
    pub(super) examples: Vec<(&'static str, Value)>,
}

/// What a route answers when all is well.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) about: &'static str,
    pub(super) headers: Vec<&'static str>,
    /// By media type; none for an answer without a body.
    pub(super) content: Vec<Content>,
}

/// A body of an answer.
pub(super) struct Content {
    pub(super) media_type: &'static str,
    pub(super) schema: Value,
    pub(super) example: Option<Value>,
}

/// How a route's refusals look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Errors {
    /// As Pi's.
    Pi,
    /// As Flow Relay's.
    FlowRelay,
    /// As the prefix of the key announces.
    ByKey,
}

pub(super) fn get(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation::new("get", path, id, summary)
}

pub(super) fn post(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation::new("post", path, id, summary)
}

pub(super) fn patch(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation::new("patch", path, id, summary)
}

pub(super) fn delete(path: &'static str, id: &'static str, summary: &'static str) -> Operation {
    Operation::new("delete", path, id, summary)
}

impl Operation {
    fn new(
        method: &'static str,
        path: &'static str,
        id: &'static str,
        summary: &'static str,
    ) -> Self {
        Self {
            method,
            path,
            id,
            summary,
            about: "",
            scope: None,
            parameters: Vec::new(),
            body: None,
            answers: Vec::new(),
            refusals: BTreeSet::new(),
            errors: Errors::Pi,
            head: false,
        }
    }

    /// What else one should know.
    pub(super) fn about(mut self, text: &'static str) -> Self {
        self.about = text;
        self
    }

    /// Needs a key with this scope.
    pub(super) fn needs(mut self, scope: Scope) -> Self {
        self.scope = Some(scope);
        self
    }

    pub(super) fn takes<const N: usize>(mut self, parameters: [Parameter; N]) -> Self {
        self.parameters.extend(parameters);
        self
    }

    /// Reads a body that must be there.
    pub(super) fn reads(mut self, schema: Value, example: Value) -> Self {
        let examples = vec![("example", example)];
        self.body = Some(Body { required: true, media_type: JSON, schema, examples });
        self
    }

    /// Reads a file of any type.
    pub(super) fn reads_a_file(mut self) -> Self {
        let (media_type, schema) = ("application/octet-stream", Value::Bool(true));
        self.body = Some(Body { required: true, media_type, schema, examples: Vec::new() });
        self
    }

    /// Reads a body that may be missing.
    pub(super) fn may_read(self, schema: Value, example: Value) -> Self {
        let mut operation = self.reads(schema, example);
        if let Some(body) = &mut operation.body {
            body.required = false;
        }
        operation
    }

    /// Another body that it would read.
    pub(super) fn or(mut self, name: &'static str, example: Value) -> Self {
        self.body.get_or_insert_with(no_body).examples.push((name, example));
        self
    }

    pub(super) fn answers(
        self,
        status: u16,
        about: &'static str,
        schema: Value,
        example: Value,
    ) -> Self {
        self.answers_as(status, about, "application/json", schema, Some(example))
    }

    /// An answer of another media type; the same status again is another form of it.
    pub(super) fn answers_as(
        mut self,
        status: u16,
        about: &'static str,
        media_type: &'static str,
        schema: Value,
        example: Option<Value>,
    ) -> Self {
        let content = Content { media_type, schema, example };
        match self.answers.iter_mut().find(|answer| answer.status == status) {
            Some(answer) => answer.content.push(content),
            None => self.answers.push(Answer {
                status,
                about,
                headers: Vec::new(),
                content: vec![content],
            }),
        }
        self
    }

    /// An answer without a body.
    pub(super) fn answers_empty(mut self, status: u16, about: &'static str) -> Self {
        self.answers.push(Answer { status, about, headers: Vec::new(), content: Vec::new() });
        self
    }

    /// Headers of the last answer that was named.
    pub(super) fn with<const N: usize>(mut self, headers: [&'static str; N]) -> Self {
        if let Some(answer) = self.answers.last_mut() {
            answer.headers.extend(headers);
        }
        self
    }

    /// Makes a job or a run: safe to send twice, may wait for the end, and a queue may be full.
    pub(super) fn enqueues(self) -> Self {
        self.takes([IDEMPOTENCY_KEY, PREFER])
            .refuses([ErrorCode::QueueLimitExceeded, ErrorCode::ShuttingDown])
    }

    /// Refusals of this route that do not follow from its kind.
    pub(super) fn refuses<const N: usize>(mut self, codes: [ErrorCode; N]) -> Self {
        self.refusals.extend(codes);
        self
    }

    /// Refuses as Flow Relay does.
    pub(super) fn flow_relay(mut self) -> Self {
        self.errors = Errors::FlowRelay;
        self
    }

    /// Refuses in the dialect that the key announces.
    pub(super) fn by_key(mut self) -> Self {
        self.errors = Errors::ByKey;
        self
    }

    /// Answers `HEAD` too.
    pub(super) fn and_head(mut self) -> Self {
        self.head = true;
        self
    }

    /// All refusals: its own, and those that follow from its kind.
    pub(super) fn all_refusals(&self) -> BTreeSet<ErrorCode> {
        let mut codes = self.refusals.clone();
        codes.insert(ErrorCode::InternalError);
        if !matches!(self.path, "/healthz" | "/readyz") {
            codes.insert(ErrorCode::HostNotAllowed);
        }
        if self.path.starts_with("/api/v1/") && !self.path.starts_with("/api/v1/assets/") {
            codes.insert(ErrorCode::NotAcceptable);
        }
        if self.scope.is_some() {
            codes.extend([
                ErrorCode::MissingAuthorizationHeader,
                ErrorCode::InvalidApiKey,
                ErrorCode::InsufficientScope,
                ErrorCode::RateLimitExceeded,
                ErrorCode::StorageUnavailable,
                ErrorCode::ShuttingDown,
            ]);
        }
        if self.scope.is_some() && self.method != "get" {
            codes.insert(ErrorCode::Overloaded);
        }
        if self.body.is_some() {
            codes.extend([
                ErrorCode::InvalidRequestBody,
                ErrorCode::RequestTooLarge,
                ErrorCode::UnsupportedMediaType,
                ErrorCode::Overloaded,
            ]);
        }
        if self.body.as_ref().is_some_and(|body| body.media_type == JSON) {
            codes.insert(ErrorCode::InvalidJsonBody);
        }
        for parameter in &self.parameters {
            if parameter.place == Place::Query {
                codes.insert(ErrorCode::InvalidQueryParameter);
            }
            if parameter.name == IDEMPOTENCY_KEY.name {
                codes.extend([ErrorCode::InvalidRequestBody, ErrorCode::IdempotencyKeyMismatch]);
            }
        }
        codes
    }
}

fn no_body() -> Body {
    Body { required: true, media_type: JSON, schema: Value::Bool(true), examples: Vec::new() }
}
