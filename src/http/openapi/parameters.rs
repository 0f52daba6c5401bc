//! What requests carry in path, query and headers.

use serde_json::{Value, json};

use crate::http::openapi::schemas::{moment, text, uuid};
use crate::http::wait::MAX_WAIT;

/// A parameter, told once and named by every route that takes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parameter {
    /// Its name among the document's components.
    pub(super) key: &'static str,
    /// Its name in a request.
    pub(super) name: &'static str,
    pub(super) place: Place,
    pub(super) about: &'static str,
    pub(super) schema: fn() -> Value,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Path,
    Query,
    Header,
}

impl Place {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
        }
    }
}

/// A part of a path. `key` sets parts of the same name apart.
pub(super) const fn path(
    key: &'static str,
    name: &'static str,
    about: &'static str,
    schema: fn() -> Value,
) -> Parameter {
    Parameter { key, name, place: Place::Path, about, schema }
}

/// A parameter of the query that means the same on every route.
pub(super) const fn query(
    name: &'static str,
    about: &'static str,
    schema: fn() -> Value,
) -> Parameter {
    query_as(name, name, about, schema)
}

/// A parameter of the query. `key` sets those of the same name apart.
pub(super) const fn query_as(
    key: &'static str,
    name: &'static str,
    about: &'static str,
    schema: fn() -> Value,
) -> Parameter {
    Parameter { key, name, place: Place::Query, about, schema }
}

const fn header(name: &'static str, about: &'static str, schema: fn() -> Value) -> Parameter {
    Parameter { key: name, name, place: Place::Header, about, schema }
}

pub(super) const IDEMPOTENCY_KEY: Parameter = header(
    "Idempotency-Key",
    "Makes the request safe to send twice: for 24 hours the same key with the same body gets the \
     same answer, with another body 409 `idempotency_key_mismatch`.",
    || json!({"type": "string", "minLength": 1, "maxLength": 255}),
);

pub(super) const PREFER: Parameter = header(
    "Prefer",
    "`wait=N` waits up to N seconds, at most 30, for the end; `Preference-Applied` says that it \
     was honoured. Another form of it is ignored.",
    text,
);

pub(super) const LAST_EVENT_ID: Parameter = header(
    "Last-Event-ID",
    "The id of the last event that was seen; the stream goes on after it.",
    text,
);

pub(super) const WAIT_FOR_COMPLETION: Parameter = query(
    "wait_for_completion",
    "Holds the answer until the end, or until `timeout_seconds` are over; then the answer is 200 \
     with the state as it is, and one asks again.",
    || json!({"enum": [true, false, 1, 0], "default": false}),
);

pub(super) const TIMEOUT_SECONDS: Parameter = query(
    "timeout_seconds",
    "How long to wait; what is more counts as the most, below 0 as 0. Decimals are honoured.",
    || json!({"type": "number", "default": 20, "minimum": 0, "maximum": MAX_WAIT.as_secs()}),
);

pub(super) const FIELDS: Parameter = query(
    "fields",
    "The members of `data` to show, with commas between them; without it all. An unknown name is \
     ignored.",
    text,
);

pub(super) const LIMIT: Parameter = query(
    "limit",
    "The size of a page; more counts as the most.",
    || json!({"type": "integer", "default": 20, "minimum": 1, "maximum": 100}),
);

pub(super) const CURSOR: Parameter = query("cursor", "The `next_cursor` of the page before.", uuid);

pub(super) const OFFSET: Parameter = query(
    "offset",
    "How many to pass over.",
    || json!({"type": "integer", "default": 0, "minimum": 0}),
);

pub(super) const CREATED_AFTER: Parameter =
    query("created_after", "Only what was created after this moment.", any_moment);

pub(super) const CREATED_BEFORE: Parameter =
    query("created_before", "Only what was created before this moment.", any_moment);

/// A moment as a query may give it.
pub(super) fn any_moment() -> Value {
    json!({
        "description": "ISO 8601 with an offset, or whole seconds since 1970.",
        "anyOf": [moment(), {"type": "integer"}],
    })
}
