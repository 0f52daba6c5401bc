//! Why a fetch failed, in terms that decide whether to try again.

use std::error::Error;
use std::io;
use std::time::Duration;

use super::ledger::Resource;
use super::rules::Refusal;

/// The longest pause that a site may ask for before the next try.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(10);

/// Why a URL could not be fetched. The texts are for the log and hold no address.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The rules forbid it: `redirected` tells whether the first URL or a later one.
    #[error("refused: {refusal}")]
    Refused {
        /// Which rule.
        refusal: Refusal,
        /// The site led there; the caller did not ask for it.
        redirected: bool,
    },
    /// The site's `robots.txt` forbids it.
    #[error("`robots.txt` disallows it")]
    Disallowed,
    /// `robots.txt` cannot be read for now, so that nothing may be fetched for now (RFC 9309).
    #[error("`robots.txt` answered with status {status}")]
    RobotsUnavailable {
        /// 500 to 599.
        status: u16,
        /// How long the site asks us to wait.
        retry_after: Option<Duration>,
    },
    /// No such host, as the resolver says.
    #[error("unknown host")]
    UnknownHost,
    /// Longer than the time-out for this wait.
    #[error("timed out: {0}")]
    TimedOut(Wait),
    /// Nobody listens there.
    #[error("connection refused")]
    ConnectionRefused,
    /// There is no way to the host.
    #[error("host unreachable")]
    Unreachable,
    /// The connection broke before the answer was whole.
    #[error("connection reset")]
    Reset,
    /// No trusted, encrypted connection could be made.
    #[error("TLS failure: {0}")]
    Tls(String),
    /// An answer that is neither a success nor a redirect.
    #[error("status {status}")]
    Status {
        /// The status.
        status: u16,
        /// How long the site asks us to wait.
        retry_after: Option<Duration>,
    },
    /// The redirects lead nowhere.
    #[error("redirects: {0}")]
    Redirects(RedirectFault),
    /// An answer of a type that the request does not take.
    #[error("content type `{0}`")]
    ContentType(String),
    /// It expands beyond any honest ratio.
    #[error("the body expands like a bomb")]
    Bomb,
    /// Not HTTP, or not encoded as it says.
    #[error("malformed answer: {0}")]
    Malformed(String),
    /// The session's budget is used up.
    #[error("the budget of {0} is used up")]
    BudgetSpent(Resource),
}

/// What was waited for too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Wait {
    /// The name's addresses.
    #[error("resolving the name")]
    Resolve,
    /// A connection.
    #[error("connecting")]
    Connect,
    /// The answer's head.
    #[error("waiting for the answer")]
    FirstByte,
    /// The next part of the answer's body.
    #[error("waiting for more of the answer")]
    Idle,
}

/// What is wrong with a chain of redirects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedirectFault {
    /// It comes back to where it was.
    #[error("in a circle")]
    Loop,
    /// Longer than the request allows.
    #[error("too many")]
    TooMany,
    /// A `Location` that is no URL.
    #[error("to something that is no URL")]
    Invalid,
}

/// Whether the same request may succeed later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// No: the answer would be the same.
    Never,
    /// Once more, and then no longer.
    Once,
    /// Yes, and not before the pause that the site asked for, if it did.
    Later(Option<Duration>),
}

impl FetchError {
    /// Whether another try makes sense.
    pub fn retry(&self) -> Retry {
        match self {
            Self::TimedOut(Wait::Resolve | Wait::Connect) | Self::Reset => Retry::Later(None),
            Self::ConnectionRefused => Retry::Once,
            Self::Status { status: 429 | 502 | 503 | 504, retry_after }
            | Self::RobotsUnavailable { status: 502..=504, retry_after }
                if retry_after.is_none_or(|pause| pause <= MAX_RETRY_AFTER) =>
            {
                Retry::Later(*retry_after)
            }
            _ => Retry::Never,
        }
    }

    /// Sorts an error of the HTTP client by its deepest cause.
    pub(super) fn from_client(error: &reqwest::Error) -> Self {
        if error.is_timeout() {
            // The client is given no other time-out than the one for connecting.
            return Self::TimedOut(Wait::Connect);
        }
        let mut cause: Option<&(dyn Error + 'static)> = Some(error);
        let mut deepest = String::new();
        while let Some(error) = cause {
            if let Some(found) = sort(error) {
                return found;
            }
            deepest = error.to_string();
            cause = error.source();
        }
        Self::Malformed(deepest)
    }
}

fn sort(error: &(dyn Error + 'static)) -> Option<FetchError> {
    if let Some(error) = error.downcast_ref::<io::Error>() {
        // What an `io::Error` wraps is not among its sources.
        let inner = error.get_ref().and_then(|inner| sort(inner));
        return inner.or_else(|| sort_io(error.kind()));
    }
    if let Some(error) = error.downcast_ref::<hyper::Error>() {
        let cut_off = error.is_incomplete_message() || error.is_closed();
        return cut_off.then_some(FetchError::Reset);
    }
    error.downcast_ref::<rustls::Error>().map(tls)
}

fn tls(error: &rustls::Error) -> FetchError {
    FetchError::Tls(error.to_string())
}

fn sort_io(kind: io::ErrorKind) -> Option<FetchError> {
    match kind {
        io::ErrorKind::ConnectionRefused => Some(FetchError::ConnectionRefused),
        io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::AddrNotAvailable => Some(FetchError::Unreachable),
        io::ErrorKind::TimedOut => Some(FetchError::TimedOut(Wait::Connect)),
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => Some(FetchError::Reset),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_pass_is_tried_again() {
        let status = |status, seconds: Option<u64>| FetchError::Status {
            status,
            retry_after: seconds.map(Duration::from_secs),
        };
        let table = [
            (FetchError::TimedOut(Wait::Connect), Retry::Later(None)),
            (FetchError::Reset, Retry::Later(None)),
            (status(429, Some(10)), Retry::Later(Some(Duration::from_secs(10)))),
            (status(503, None), Retry::Later(None)),
            (status(503, Some(11)), Retry::Never),
            (status(500, None), Retry::Never),
            (status(404, None), Retry::Never),
            (FetchError::RobotsUnavailable { status: 503, retry_after: None }, Retry::Later(None)),
            (FetchError::ConnectionRefused, Retry::Once),
            (FetchError::UnknownHost, Retry::Never),
            (FetchError::Tls(String::new()), Retry::Never),
            (FetchError::TimedOut(Wait::FirstByte), Retry::Never),
            (FetchError::BudgetSpent(Resource::Time), Retry::Never),
            (FetchError::Refused { refusal: Refusal::Address, redirected: false }, Retry::Never),
        ];
        for (error, retry) in table {
            assert_eq!(error.retry(), retry, "{error}");
        }
    }
}
