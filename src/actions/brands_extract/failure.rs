//! Why no brand came out: the wire's codes, and what a person can do about each.

use url::Url;

use crate::assets::AssetError;
use crate::brand::Unusable;
use crate::engine::{ActionError, Retry};
use crate::outbound::{self, FetchError, RedirectFault, Resource, Wait};

/// Why an attempt ends without a brand.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// The page did not come.
    #[error("{error}")]
    Fetch {
        /// What was asked for.
        url: Url,
        /// Why it did not.
        error: FetchError,
    },
    /// The page, or what was sent, is of no use.
    #[error("{0}")]
    Unusable(#[from] Unusable),
    /// A file could not be stored here.
    #[error("{0}")]
    Assets(#[from] AssetError),
}

impl Failure {
    /// The same for the engine. `attempt` counts from 1.
    pub(super) fn into_error(self, attempt: u16) -> ActionError {
        match self {
            Self::Fetch { url, error } => fetch_error(&url, &error, attempt),
            Self::Unusable(unusable) => ActionError::fatal(unusable.code(), unusable.to_string()),
            Self::Assets(error) => asset_error(&error),
        }
    }
}

fn fetch_error(url: &Url, error: &FetchError, attempt: u16) -> ActionError {
    let (code, message) = explain(url, error);
    let retry = match error.retry() {
        outbound::Retry::Once if attempt == 1 => Retry::Backoff,
        outbound::Retry::Never | outbound::Retry::Once => Retry::Never,
        outbound::Retry::Later(None) => Retry::Backoff,
        outbound::Retry::Later(Some(pause)) => Retry::After(pause),
    };
    ActionError { retry, ..ActionError::fatal(code, message).because(error) }
}

/// The code and the message of a page that did not come.
fn explain(url: &Url, error: &FetchError) -> (&'static str, String) {
    let host = url.host_str().unwrap_or_default();
    match error {
        FetchError::Refused { refusal, redirected: false } => {
            ("fetch_refused", format!("{host} is not fetched: {refusal}; give another address"))
        }
        FetchError::Refused { refusal, redirected: true } => (
            "fetch_refused",
            format!("{host} redirects to an address that is not fetched: {refusal}"),
        ),
        FetchError::Disallowed => (
            "site_disallowed",
            format!(
                "the robots.txt of {host} does not allow this page to be read; ask the site to \
                 allow the robot `Tidemill`, or upload the logo and images instead"
            ),
        ),
        FetchError::RobotsUnavailable { status, .. } => (
            "site_disallowed",
            format!(
                "the robots.txt of {host} answers with status {status}, so nothing there may be \
                 read for now; try later"
            ),
        ),
        FetchError::Status { status, .. } => explain_status(*status),
        FetchError::Redirects(fault) => {
            let fault = match fault {
                RedirectFault::Loop => "in a circle",
                RedirectFault::TooMany => "too many times",
                RedirectFault::Invalid => "to something that is no address",
            };
            (
                "site_redirects",
                format!("{host} redirects {fault}; give the address it should end at"),
            )
        }
        FetchError::ContentType(found) => explain_unusable(&Unusable::NotHtml(found.clone())),
        FetchError::Bomb | FetchError::BudgetSpent(Resource::Bytes) => (
            "site_too_large",
            format!("the page at {host} is larger than is read; give the address of a smaller one"),
        ),
        FetchError::Malformed(_) => (
            "site_error",
            format!("what {host} answers is not a valid web page; check address and port"),
        ),
        FetchError::UnknownHost
        | FetchError::TimedOut(_)
        | FetchError::ConnectionRefused
        | FetchError::Unreachable
        | FetchError::Reset
        | FetchError::Tls(_)
        | FetchError::BudgetSpent(_) => ("site_unreachable", explain_unreachable(host, error)),
    }
}

fn explain_unreachable(host: &str, error: &FetchError) -> String {
    match error {
        FetchError::UnknownHost => format!("there is no host {host}; check its spelling"),
        FetchError::TimedOut(Wait::Resolve) => {
            format!("looking up {host} took too long; try later")
        }
        FetchError::TimedOut(Wait::Connect) => {
            format!("{host} accepts no connection; check the address, or try later")
        }
        FetchError::ConnectionRefused => {
            format!("{host} refuses the connection; check address and port")
        }
        FetchError::Unreachable => format!("there is no way to {host} from this server"),
        FetchError::Reset => format!("{host} breaks the connection off; try later"),
        FetchError::Tls(_) => {
            format!("no trusted encrypted connection to {host} can be made; check its certificate")
        }
        _ => format!("{host} takes too long to answer; try later"),
    }
}

/// 401, 403 and 429 turn robots away; 503 is how many gates do, and there is no page either way.
fn explain_status(status: u16) -> (&'static str, String) {
    explain_unusable(&match status {
        401 | 403 | 429 | 503 => Unusable::Blocked(format!("status {status}")),
        _ => Unusable::Status(status),
    })
}

fn explain_unusable(unusable: &Unusable) -> (&'static str, String) {
    (unusable.code(), unusable.to_string())
}

fn asset_error(error: &AssetError) -> ActionError {
    let message = "the server cannot store files at the moment; try later";
    ActionError::transient("storage_unavailable", message).because(error)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::outbound::rules::Refusal;

    fn error(error: FetchError, attempt: u16) -> ActionError {
        let url = "http://shop.example/".parse().expect("a URL");
        Failure::Fetch { url, error }.into_error(attempt)
    }

    fn status(status: u16) -> FetchError {
        FetchError::Status { status, retry_after: None }
    }

    #[test]
    fn every_reason_has_its_code() {
        let refused = FetchError::Refused { refusal: Refusal::Address, redirected: true };
        let table = [
            (refused, "fetch_refused"),
            (FetchError::Disallowed, "site_disallowed"),
            (FetchError::UnknownHost, "site_unreachable"),
            (FetchError::Tls(String::new()), "site_unreachable"),
            (FetchError::BudgetSpent(Resource::Time), "site_unreachable"),
            (status(404), "site_error"),
            (status(500), "site_error"),
            (status(403), "site_blocked"),
            (FetchError::Redirects(RedirectFault::Loop), "site_redirects"),
            (FetchError::ContentType("application/pdf".into()), "site_not_html"),
            (FetchError::Bomb, "site_too_large"),
            (FetchError::Malformed(String::new()), "site_error"),
        ];
        for (reason, code) in table {
            let error = error(reason, 1);
            assert_eq!((error.code.as_str(), error.retry), (code, Retry::Never));
        }
    }

    #[test]
    fn what_may_pass_is_tried_again() {
        assert_eq!(error(FetchError::TimedOut(Wait::Connect), 2).retry, Retry::Backoff);
        assert_eq!(error(status(502), 1).retry, Retry::Backoff);
        assert_eq!(error(FetchError::ConnectionRefused, 1).retry, Retry::Backoff);
        assert_eq!(error(FetchError::ConnectionRefused, 2).retry, Retry::Never);
        let pause = Duration::from_secs(9);
        let busy = FetchError::Status { status: 429, retry_after: Some(pause) };
        assert_eq!(error(busy, 1).retry, Retry::After(pause));
    }
}
