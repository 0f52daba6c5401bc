//! Reading the members of a job's input, naming the one at fault.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::engine::InvalidInput;

/// The members of an object at some place of an input.
#[derive(Clone, Copy)]
pub(super) struct Members<'a> {
    all: &'a Map<String, Value>,
    /// Where the object stands, such as `output`; empty for the input itself.
    path: &'a str,
    /// Members that a run fills in later: there and valid.
    given: &'a [&'a str],
}

impl<'a> Members<'a> {
    pub(super) fn of(members: &'a Map<String, Value>, given: &'a [&'a str]) -> Self {
        Self { all: members, path: "", given }
    }

    pub(super) fn at(members: &'a Map<String, Value>, path: &'a str) -> Self {
        Self { all: members, path, given: &[] }
    }

    /// Whether a run fills the member in later.
    pub(super) fn is_given(self, name: &str) -> bool {
        self.given.contains(&name)
    }

    /// The value of a member; `null` is absence, and so is what comes later.
    pub(super) fn value(self, name: &str) -> Option<&'a Value> {
        self.all.get(name).filter(|value| !value.is_null() && !self.is_given(name))
    }

    /// A text of so many characters, blanks around it not counted.
    pub(super) fn text(
        self,
        name: &str,
        characters: RangeInclusive<usize>,
    ) -> Result<Option<&'a str>, InvalidInput> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let fits = |text: &&str| characters.contains(&text.trim().chars().count());
        let (least, most) = (characters.start(), characters.end());
        let fault = || self.fault(name, &format!("must be a text of {least} to {most} characters"));
        value.as_str().filter(fits).ok_or_else(fault).map(Some)
    }

    /// A text that must be there, unless it comes later.
    pub(super) fn required(
        self,
        name: &str,
        characters: RangeInclusive<usize>,
    ) -> Result<Option<&'a str>, InvalidInput> {
        match self.text(name, characters)? {
            None if !self.is_given(name) => Err(self.fault(name, "is required")),
            found => Ok(found),
        }
    }

    pub(super) fn boolean(self, name: &str) -> Result<Option<bool>, InvalidInput> {
        let Some(value) = self.value(name) else { return Ok(None) };
        value.as_bool().ok_or_else(|| self.fault(name, "must be `true` or `false`")).map(Some)
    }

    /// A whole number from 0.
    pub(super) fn count(self, name: &str) -> Result<Option<u32>, InvalidInput> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
        let fault = || self.fault(name, "must be a whole number from 0 to 4294967295");
        number.ok_or_else(fault).map(Some)
    }

    pub(super) fn object(self, name: &str) -> Result<Option<&'a Map<String, Value>>, InvalidInput> {
        let Some(value) = self.value(name) else { return Ok(None) };
        value.as_object().ok_or_else(|| self.fault(name, "must be an object")).map(Some)
    }

    /// A decimal number, written as a number or as a text, as its digits.
    pub(super) fn decimal(self, name: &str) -> Result<String, InvalidInput> {
        match self.value(name) {
            Some(Value::Number(number)) => Ok(number.to_string()),
            Some(Value::String(text)) if text.len() <= MAX_DECIMAL => Ok(text.trim().to_owned()),
            Some(_) => Err(self.fault(name, "must be a decimal number such as `14.90`")),
            None => Err(self.fault(name, "is required")),
        }
    }

    /// One of some words.
    pub(super) fn word<T: serde::de::DeserializeOwned>(
        self,
        name: &str,
        known: &str,
    ) -> Result<Option<T>, InvalidInput> {
        let Some(value) = self.value(name) else { return Ok(None) };
        let fault = || self.fault(name, &format!("must be one of {known}"));
        let is_text = value.is_string();
        let read = serde_json::from_value(value.clone()).ok().filter(|_| is_text);
        read.ok_or_else(fault).map(Some)
    }

    /// What is wrong with a member.
    pub(super) fn fault(self, name: &str, message: &str) -> InvalidInput {
        let param =
            if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        let message = format!("`{param}` {message}");
        InvalidInput { param, message }
    }
}

/// Longer than any amount or rate.
const MAX_DECIMAL: usize = 40;
