//! Refusals: one table of codes, statuses and types, and what an answer needs to say why.
//!
//! A handler returns an [`ApiError`]; `frame` writes it in the caller's dialect, with the
//! request's id, and logs its cause. Never: a status code chosen anywhere else.

use std::borrow::Cow;
use std::fmt;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};

use crate::assets::AssetError;
use crate::domain::ids::JobId;
use crate::engine::{EngineError, InvalidInput};
use crate::store::StoreError;

macro_rules! error_codes {
    ($($name:ident = $status:literal $kind:ident $code:literal,)*) => {
        /// Why a request was refused, for programs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum ErrorCode {
            $(#[doc = concat!("`", $code, "`")] $name,)*
        }

        impl ErrorCode {
            /// The word on the wire.
            pub(crate) const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The status that an answer with this code has.
            pub(crate) const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// The family on the wire, `error.type`.
            pub(crate) const fn kind(self) -> ErrorKind {
                match self { $(Self::$name => ErrorKind::$kind,)* }
            }
        }
    };
}

error_codes! {
    InvalidJsonBody = 400 InvalidRequest "invalid_json_body",
    InvalidRequestBody = 400 InvalidRequest "invalid_request_body",
    InvalidQueryParameter = 400 InvalidRequest "invalid_query_parameter",
    InvalidBrandId = 400 InvalidRequest "invalid_brand_id",
    SourceJobTypeInvalid = 400 InvalidRequest "source_job_type_invalid",
    SourceJobNotCompleted = 400 InvalidRequest "source_job_not_completed",
    ProjectionRequestTooLarge = 400 InvalidRequest "projection_request_too_large",
    MissingAuthorizationHeader = 401 InvalidRequest "missing_authorization_header",
    InvalidApiKey = 401 Authentication "invalid_api_key",
    InsufficientScope = 403 Permission "insufficient_scope",
    ActionDisabled = 403 Permission "action_disabled",
    DiscordNotConfigured = 403 Permission "discord_not_configured",
    JobNotFound = 404 InvalidRequest "job_not_found",
    RunNotFound = 404 InvalidRequest "run_not_found",
    BrandNotFound = 404 InvalidRequest "brand_not_found",
    AssetNotFound = 404 InvalidRequest "asset_not_found",
    ActionNotFound = 404 InvalidRequest "action_not_found",
    ScheduleNotFound = 404 InvalidRequest "schedule_not_found",
    WebhookNotFound = 404 InvalidRequest "webhook_not_found",
    DeliveryNotFound = 404 InvalidRequest "delivery_not_found",
    KeyNotFound = 404 InvalidRequest "key_not_found",
    OrgNotFound = 404 InvalidRequest "org_not_found",
    ProjectNotFound = 404 InvalidRequest "project_not_found",
    DocumentNotFound = 404 InvalidRequest "document_not_found",
    ChannelNotFound = 404 InvalidRequest "channel_not_found",
    RouteNotFound = 404 InvalidRequest "route_not_found",
    MethodNotAllowed = 405 InvalidRequest "method_not_allowed",
    NotAcceptable = 406 InvalidRequest "not_acceptable",
    IdempotencyKeyMismatch = 409 InvalidRequest "idempotency_key_mismatch",
    JobAlreadyTerminal = 409 InvalidRequest "job_already_terminal",
    RunAlreadyTerminal = 409 InvalidRequest "run_already_terminal",
    JobNotTerminal = 409 InvalidRequest "job_not_terminal",
    LeaseLost = 409 InvalidRequest "lease_lost",
    UniqueJobExists = 409 InvalidRequest "unique_job_exists",
    NameTaken = 409 InvalidRequest "name_taken",
    OrgNotEmpty = 409 InvalidRequest "org_has_unfinished_jobs",
    RequestTooLarge = 413 InvalidRequest "request_too_large",
    UnsupportedMediaType = 415 InvalidRequest "unsupported_media_type",
    HostNotAllowed = 421 InvalidRequest "host_not_allowed",
    RateLimitExceeded = 429 RateLimit "rate_limit_exceeded",
    QueueLimitExceeded = 429 RateLimit "queue_limit_exceeded",
    InternalError = 500 Api "internal_error",
    StorageUnavailable = 503 Api "storage_unavailable",
    Overloaded = 503 Api "overloaded",
    ShuttingDown = 503 Api "shutting_down",
}

/// The families of refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorKind {
    /// The request is at fault.
    InvalidRequest,
    /// The key is.
    Authentication,
    /// The key may not do this.
    Permission,
    /// Too much at once.
    RateLimit,
    /// The server is at fault.
    Api,
}

impl ErrorKind {
    /// The word on the wire.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request_error",
            Self::Authentication => "authentication_error",
            Self::Permission => "permission_error",
            Self::RateLimit => "rate_limit_error",
            Self::Api => "api_error",
        }
    }
}

/// A refusal. Small to return: what it says lies behind one pointer.
#[derive(Debug)]
pub(crate) struct ApiError(Box<Refusal>);

/// What a refusal says.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// For programs.
    pub(crate) code: ErrorCode,
    /// For people: what was wrong with what they sent, and what would be right.
    pub(crate) message: Cow<'static, str>,
    /// The path of the field at fault, `steps[1].action`.
    pub(crate) param: Option<Cow<'static, str>>,
    /// The job that stands in the way.
    pub(crate) job: Option<JobId>,
    /// When to try again, in seconds.
    pub(crate) retry_after: Option<u32>,
    /// The methods that the path has, for `Allow`.
    pub(crate) allow: Option<String>,
    /// For the log, never for the caller.
    pub(crate) cause: Option<String>,
}

impl ApiError {
    /// A refusal that says why.
    pub(crate) fn new(code: ErrorCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Refusal {
            code,
            message: message.into(),
            param: None,
            job: None,
            retry_after: None,
            allow: None,
            cause: None,
        }))
    }

    /// 400 for a member of the body.
    pub(crate) fn body(
        param: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::new(ErrorCode::InvalidRequestBody, message).at(param)
    }

    /// 400 for a parameter of the query.
    pub(crate) fn query(name: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::InvalidQueryParameter, message).at(name)
    }

    /// 404 for a job that is unknown, another organization's, or no id at all.
    pub(crate) fn job_not_found() -> Self {
        Self::new(ErrorCode::JobNotFound, "no such job")
    }

    /// 400 for an action's input, whose members stand under `prefix` in the body.
    pub(crate) fn input(prefix: &str, fault: InvalidInput) -> Self {
        let InvalidInput { param, message } = fault;
        let path = match (prefix.is_empty(), param.is_empty()) {
            (true, _) => param,
            (false, true) => prefix.to_owned(),
            (false, false) => format!("{prefix}.{param}"),
        };
        let refusal = Self::new(ErrorCode::InvalidRequestBody, message);
        if path.is_empty() { refusal } else { refusal.at(path) }
    }

    /// Names the field at fault.
    #[must_use]
    pub(crate) fn at(mut self, param: impl Into<Cow<'static, str>>) -> Self {
        self.0.param = Some(param.into());
        self
    }

    /// Says that the field at fault stands in the member `name`.
    #[must_use]
    pub(crate) fn within(mut self, name: &str) -> Self {
        let path = match self.0.param.take() {
            Some(path) if path.starts_with('[') => format!("{name}{path}"),
            Some(path) => format!("{name}.{path}"),
            None => name.to_owned(),
        };
        self.at(path)
    }

    /// Names the job that stands in the way.
    #[must_use]
    pub(crate) fn naming(mut self, job: JobId) -> Self {
        self.0.job = Some(job);
        self
    }

    /// Says when to try again.
    #[must_use]
    pub(crate) fn retry_after(mut self, seconds: u32) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// Lists the methods that would be right.
    #[must_use]
    pub(crate) fn allowing(mut self, methods: String) -> Self {
        self.0.allow = Some(methods);
        self
    }

    /// Tells the log, and only it, what lies behind.
    #[must_use]
    pub(crate) fn because(mut self, cause: impl fmt::Display) -> Self {
        self.0.cause = Some(cause.to_string());
        self
    }

    /// What it says.
    pub(crate) fn refusal(&self) -> &Refusal {
        &self.0
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code.as_str(), self.0.message)
    }
}

impl std::error::Error for ApiError {}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.code.status()).expect("the table holds statuses")
    }

    /// Without a body: `frame`, which knows the request's id and dialect, writes it.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// How long a caller should wait for the disk, in seconds.
const STORAGE_RETRY_AFTER: u32 = 1;

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::new(
                ErrorCode::Overloaded,
                "the server is writing as fast \
                as its disk allows; send this again shortly",
            )
            .retry_after(STORAGE_RETRY_AFTER),
            StoreError::Closed => Self::shutting_down(),
            StoreError::DiskFull => {
                Self::new(ErrorCode::StorageUnavailable, "the server's disk is full")
                    .because("the disk is full")
            }
            StoreError::Database(_) => {
                Self::new(ErrorCode::StorageUnavailable, "the server cannot reach its storage")
                    .retry_after(STORAGE_RETRY_AFTER)
                    .because(error)
            }
            StoreError::Taken(_) | StoreError::SchemaTooNew { .. } | StoreError::Damaged(_) => {
                Self::internal(error)
            }
        }
    }
}

impl From<AssetError> for ApiError {
    fn from(error: AssetError) -> Self {
        match error {
            AssetError::DiskFull(_) => {
                Self::new(ErrorCode::StorageUnavailable, "the server's disk is full").because(error)
            }
            AssetError::Missing(_) | AssetError::Damaged(_) | AssetError::Io { .. } => {
                Self::internal(error)
            }
        }
    }
}

impl From<EngineError> for ApiError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Store(error) => error.into(),
            EngineError::Assets(error) => error.into(),
            EngineError::ShuttingDown => Self::shutting_down(),
            EngineError::UnknownAction(_) | EngineError::Thread(_) | EngineError::Abandoned(_) => {
                Self::internal(error)
            }
        }
    }
}

impl ApiError {
    /// 500: the fault is ours, and only the log is told which.
    pub(crate) fn internal(cause: impl fmt::Display) -> Self {
        Self::new(ErrorCode::InternalError, "the server failed; its log says why").because(cause)
    }

    fn shutting_down() -> Self {
        Self::new(ErrorCode::ShuttingDown, "the server is stopping; send this again shortly")
            .retry_after(STORAGE_RETRY_AFTER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(param: &str) -> InvalidInput {
        InvalidInput { param: param.to_owned(), message: "no".to_owned() }
    }

    #[test]
    fn the_path_of_a_fault_starts_at_the_body() {
        let path = |prefix: &str, param: &str| {
            ApiError::input(prefix, fault(param)).refusal().param.clone().map(Cow::into_owned)
        };
        assert_eq!(path("input", "url").as_deref(), Some("input.url"));
        assert_eq!(path("input", "").as_deref(), Some("input"));
        assert_eq!(path("", "url").as_deref(), Some("url"));
        assert_eq!(path("", ""), None);
    }

    #[test]
    fn the_callers_message_never_shows_the_cause() {
        let error = ApiError::from(StoreError::Database("near \"selekt\": syntax error".into()));
        assert!(!error.refusal().message.contains("selekt"));
        assert!(error.refusal().cause.as_deref().is_some_and(|cause| cause.contains("selekt")));
        assert_eq!(error.status_code(), StatusCode::SERVICE_UNAVAILABLE);
    }
}
