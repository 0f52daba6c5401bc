//! Reading the parameters of a query.
//!
//! Never: a parameter refused because it is unknown.

use std::borrow::Cow;
use std::str::FromStr;

use url::form_urlencoded;

use crate::domain::clock::Timestamp;
use crate::http::error::ApiError;

/// How many objects a page has at the most, and how many when the client names no number.
const MAX_PAGE: usize = 100;
const DEFAULT_PAGE: usize = 20;

/// The query of a request, read anew for each question: queries are short, and nothing of them
/// is held while a client waits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Query<'a>(pub(crate) &'a str);

impl<'a> Query<'a> {
    /// The last value of a parameter.
    pub(crate) fn text(self, name: &str) -> Option<Cow<'a, str>> {
        if self.0.is_empty() {
            return None;
        }
        let pairs = form_urlencoded::parse(self.0.as_bytes());
        pairs.filter(|(key, _)| key == name).last().map(|(_, value)| value)
    }

    /// A parameter that is not empty.
    pub(crate) fn filled(self, name: &str) -> Option<Cow<'a, str>> {
        self.text(name).filter(|value| !value.is_empty())
    }

    /// Each word of the comma lists that the named parameters hold together.
    pub(crate) fn words(self, names: &[&str]) -> Vec<String> {
        form_urlencoded::parse(self.0.as_bytes())
            .filter(|(key, _)| names.contains(&key.as_ref()))
            .flat_map(|(_, value)| {
                value.split(',').map(|word| word.trim().to_owned()).collect::<Vec<_>>()
            })
            .filter(|word| !word.is_empty())
            .collect()
    }

    /// `true`, `false`, `1` or `0`.
    pub(crate) fn boolean(self, name: &'static str) -> Result<Option<bool>, ApiError> {
        match self.text(name).as_deref() {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(_) => Err(ApiError::query(name, format!("`{name}` must be `true` or `false`"))),
        }
    }

    /// The size of a page: above the most it is clamped, below 1 refused.
    pub(crate) fn limit(self) -> Result<usize, ApiError> {
        self.clamped("limit", 1, MAX_PAGE).map(|limit| limit.unwrap_or(DEFAULT_PAGE))
    }

    /// A whole number of at least `least`; one above `most` counts as `most`.
    pub(crate) fn clamped(
        self,
        name: &'static str,
        least: usize,
        most: usize,
    ) -> Result<Option<usize>, ApiError> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // Too many digits for a number are still above any limit.
        let number = digits.then(|| text.parse().unwrap_or(usize::MAX));
        let fault = || {
            let message = format!("`{name}` must be a whole number of at least {least}");
            ApiError::query(name, message)
        };
        let number = number.filter(|number| *number >= least).ok_or_else(fault)?;
        Ok(Some(number.min(most)))
    }

    /// A moment, as seconds since the epoch or in ISO 8601.
    pub(crate) fn moment(self, name: &'static str) -> Result<Option<Timestamp>, ApiError> {
        let Some(text) = self.text(name) else { return Ok(None) };
        let seconds = text.parse::<i64>().ok().and_then(|seconds| seconds.checked_mul(1_000));
        seconds.map(Timestamp::from_ms).or_else(|| Timestamp::parse(&text)).map(Some).ok_or_else(
            || {
                let message = format!("`{name}` must be ISO 8601 with an offset, or unix seconds");
                ApiError::query(name, message)
            },
        )
    }

    /// An id.
    pub(crate) fn id<T: FromStr>(self, name: &'static str) -> Result<Option<T>, ApiError> {
        let Some(text) = self.text(name) else { return Ok(None) };
        text.parse()
            .map(Some)
            .map_err(|_| ApiError::query(name, format!("`{name}` must be an id of this server")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_clamped_above_and_refused_below() {
        let limit = |query| Query(query).limit().ok();
        assert_eq!(limit(""), Some(20));
        assert_eq!(limit("limit=7"), Some(7));
        assert_eq!(limit("limit=101"), Some(100));
        assert_eq!(limit("limit=99999999999999999999999"), Some(100));
        for query in ["limit=0", "limit=-1", "limit=ten", "limit=1.5", "limit="] {
            assert_eq!(limit(query), None, "{query}");
        }
    }

    #[test]
    fn comma_lists_of_several_parameters_are_one_list() {
        let words = Query("expand=brand,%20ad&include=attempts&expand=,&x=1");
        assert_eq!(words.words(&["expand", "include"]), ["brand", "ad", "attempts"]);
    }

    #[test]
    fn booleans_are_four_words() {
        assert_eq!(Query("a=1").boolean("a").ok(), Some(Some(true)));
        assert_eq!(Query("a=false").boolean("a").ok(), Some(Some(false)));
        assert_eq!(Query("").boolean("a").ok(), Some(None));
        assert!(Query("a=yes").boolean("a").is_err());
    }

    #[test]
    fn moments_are_read_in_both_forms() {
        let moment = |query| Query(query).moment("at").ok().flatten().map(Timestamp::ms);
        assert_eq!(moment("at=1700000000"), Some(1_700_000_000_000));
        assert_eq!(moment("at=2023-11-14T22:13:20Z"), Some(1_700_000_000_000));
        assert!(Query("at=soon").moment("at").is_err());
    }
}
