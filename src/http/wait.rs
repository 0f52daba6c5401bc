//! How long a client wants to wait for a job's end, in the query or as a preference.
//!
//! Waiting itself is the engine's. Never: longer than [`MAX_WAIT`], and never an error because
//! the time is up.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

use crate::http::error::ApiError;
use crate::http::query::Query;

/// The longest that a client may wait in one request.
pub(crate) const MAX_WAIT: Duration = Duration::from_secs(30);

/// How long a client waits that names no time.
const DEFAULT_WAIT: Duration = Duration::from_secs(20);

/// What a client wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wait {
    /// Whether they want to wait, be it for no time.
    pub(crate) asked: bool,
    /// At most so long.
    pub(crate) at_most: Duration,
    /// Whether the time was named as a preference, which an answer then says was honoured.
    pub(crate) preferred: bool,
}

impl Wait {
    /// Of a request for a job: the query wins over the preference.
    pub(crate) fn of_read(query: Query<'_>, headers: &HeaderMap) -> Result<Self, ApiError> {
        let waiting = query.boolean("wait_for_completion")?;
        let named = match query.text("timeout_seconds") {
            Some(text) => Some(seconds(&text)?),
            None => None,
        };
        let preference = preference(headers);
        Ok(match (waiting, named, preference) {
            (None, None, Some(wait)) => Self { asked: true, at_most: wait, preferred: true },
            (Some(true), _, _) | (None, _, Some(_)) => {
                Self { asked: true, at_most: named.unwrap_or(DEFAULT_WAIT), preferred: false }
            }
            (Some(false), _, _) | (None, _, None) => {
                Self { asked: false, at_most: Duration::ZERO, preferred: false }
            }
        })
    }

    /// Of a request that creates a job: only the preference counts.
    pub(crate) fn of_creation(headers: &HeaderMap) -> Option<Duration> {
        preference(headers)
    }
}

/// Says that a wait was honoured.
pub(crate) fn say_applied(response: &mut HttpResponse, wait: Duration) {
    let value = HeaderValue::try_from(format!("wait={}", wait.as_secs()));
    let value = value.expect("digits are a header value");
    response.headers_mut().insert(PREFERENCE_APPLIED.clone(), value);
}

static PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

fn seconds(text: &str) -> Result<Duration, ApiError> {
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    number
        .map(|number| Duration::from_secs_f64(number.clamp(0.0, MAX_WAIT.as_secs_f64())))
        .ok_or_else(|| {
            ApiError::query("timeout_seconds", "`timeout_seconds` must be a number of seconds")
        })
}

/// `Prefer: wait=N` of RFC 7240; out of form it is no preference.
fn preference(headers: &HeaderMap) -> Option<Duration> {
    let values = headers.get_all("prefer").filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).find_map(|preference| {
        let (name, value) = preference.split(';').next()?.split_once('=')?;
        let value = value.trim();
        let value = value.strip_prefix('"').and_then(|v| v.strip_suffix('"')).unwrap_or(value);
        let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
        let wait = name.trim().eq_ignore_ascii_case("wait") && digits;
        wait.then(|| Duration::from_secs(value.parse().unwrap_or(u64::MAX)).min(MAX_WAIT))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefer(value: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(HeaderName::from_static("prefer"), HeaderValue::from_static(value));
        headers
    }

    fn wait(query: &str, headers: &HeaderMap) -> (f64, bool) {
        let wait = Wait::of_read(Query(query), headers).expect("in form");
        (wait.at_most.as_secs_f64(), wait.preferred)
    }

    #[test]
    fn times_are_clamped_and_decimals_honoured() {
        let none = HeaderMap::new();
        for (query, seconds) in [
            ("", 0.0),
            ("timeout_seconds=5", 0.0),
            ("wait_for_completion=true", 20.0),
            ("wait_for_completion=1&timeout_seconds=2.5", 2.5),
            ("wait_for_completion=true&timeout_seconds=31", 30.0),
            ("wait_for_completion=true&timeout_seconds=-4", 0.0),
            ("wait_for_completion=false&timeout_seconds=9", 0.0),
        ] {
            assert_eq!(wait(query, &none), (seconds, false), "{query}");
        }
        for query in ["timeout_seconds=soon", "timeout_seconds=NaN", "wait_for_completion=maybe"] {
            assert!(Wait::of_read(Query(query), &none).is_err(), "{query}");
        }
    }

    #[test]
    fn the_query_wins_over_the_preference() {
        assert_eq!(wait("", &prefer("wait=7")), (7.0, true));
        assert_eq!(wait("timeout_seconds=3", &prefer("wait=7")), (3.0, false));
        assert_eq!(wait("wait_for_completion=false", &prefer("wait=7")), (0.0, false));
        assert_eq!(wait("wait_for_completion=true", &prefer("wait=7")), (20.0, false));
    }

    #[test]
    fn a_preference_out_of_form_is_none() {
        let seconds = |value| Wait::of_creation(&prefer(value)).map(|wait| wait.as_secs());
        assert_eq!(seconds("respond-async, Wait=\"10\"; x=1"), Some(10));
        assert_eq!(seconds("wait=999999999999999999999999"), Some(30));
        assert_eq!(seconds("wait=0"), Some(0));
        for value in ["wait", "wait=", "wait=1.5", "wait=-1", "wait=ten", "return=minimal"] {
            assert_eq!(seconds(value), None, "{value}");
        }
    }
}
