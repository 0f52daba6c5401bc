//! Rows of the jobs table as values, and values as columns.
//!
//! A job's columns are read by position, in the order of the schema: every statement that gives
//! whole jobs says `returning *` or lists the columns in that order.

use std::time::Duration;

use rusqlite::types::{FromSql, ValueRef};
use rusqlite::{Connection, Row, ToSql};

use crate::domain::asset::ContentDigest;
use crate::domain::clock::Timestamp;
use crate::domain::ids::{JobId, OrgId, RunId};
use crate::domain::job::{Job, JobError, LogLevel};
use crate::domain::payload::Payload;
use crate::store::StoreError;

/// Reads a row's columns one after the other.
pub(super) struct Columns<'row, 'statement> {
    row: &'row Row<'statement>,
    next: usize,
}

impl<'row, 'statement> Columns<'row, 'statement> {
    /// From the first column.
    pub(super) const fn of(row: &'row Row<'statement>) -> Self {
        Self { row, next: 0 }
    }

    /// The next column.
    pub(super) fn next<T: FromSql>(&mut self) -> Result<T, StoreError> {
        let column = self.next;
        self.next += 1;
        Ok(self.row.get(column)?)
    }

    /// The next column, 16 bytes of an id.
    pub(super) fn id<T>(&mut self, from: impl FnOnce([u8; 16]) -> T) -> Result<T, StoreError> {
        Ok(from(self.next::<[u8; 16]>()?))
    }

    /// The next column, an id or null.
    pub(super) fn maybe_id<T>(
        &mut self,
        from: impl FnOnce([u8; 16]) -> T,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.next::<Option<[u8; 16]>>()?.map(from))
    }

    /// The next column, a moment.
    pub(super) fn at(&mut self) -> Result<Timestamp, StoreError> {
        Ok(Timestamp::from_ms(self.next()?))
    }

    /// The next column, a moment or null.
    pub(super) fn maybe_at(&mut self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.next::<Option<i64>>()?.map(Timestamp::from_ms))
    }

    /// The next column, a JSON text.
    pub(super) fn json<T: serde::de::DeserializeOwned>(&mut self) -> Result<T, StoreError> {
        let column = self.next;
        self.next += 1;
        match self.row.get_ref(column)? {
            ValueRef::Text(text) => {
                serde_json::from_slice(text).map_err(|error| StoreError::Damaged(error.to_string()))
            }
            other => Err(StoreError::Damaged(format!("{} for JSON", other.data_type()))),
        }
    }

    /// The next column, a JSON text or null.
    pub(super) fn maybe_json<T: serde::de::DeserializeOwned>(
        &mut self,
    ) -> Result<Option<T>, StoreError> {
        match self.row.get_ref(self.next)? {
            ValueRef::Null => {
                self.next += 1;
                Ok(None)
            }
            _ => self.json().map(Some),
        }
    }

    /// The next two columns, a text and a digest of which at most one is set.
    fn payload(&mut self) -> Result<Option<Payload>, StoreError> {
        let text: Option<String> = self.next()?;
        let file: Option<[u8; 32]> = self.next()?;
        Ok(text
            .map(Payload::Inline)
            .or_else(|| file.map(|bytes| Payload::Stored(ContentDigest::from_bytes(bytes)))))
    }

    fn skip(&mut self, columns: usize) {
        self.next += columns;
    }
}

/// Reads a whole job.
pub(super) fn job(row: &Row<'_>) -> Result<Job, StoreError> {
    let mut columns = Columns::of(row);
    columns.skip(1);
    Ok(Job {
        id: columns.id(JobId::from_bytes)?,
        org: columns.id(OrgId::from_bytes)?,
        action: columns.next()?,
        internal: columns.next()?,
        state: word(&columns.next::<String>()?)?,
        priority: columns.next()?,
        // A list leaves payloads out.
        input: columns.payload()?.unwrap_or_else(Payload::empty),
        echo: columns.json()?,
        phase: columns.next()?,
        progress: columns.next()?,
        result: columns.payload()?,
        error: error(columns.next()?, columns.next()?),
        diagnostics: columns
            .next::<Option<String>>()?
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default(),
        attempt: columns.next()?,
        max_attempts: columns.next()?,
        attempt_timeout: Duration::from_millis(columns.next::<u64>()?),
        run_at: columns.maybe_at()?,
        unique_key: columns.next()?,
        retry_of: columns.maybe_id(JobId::from_bytes)?,
        step: columns.maybe_id(RunId::from_bytes)?.zip(columns.next()?),
        created_at: {
            // Dependencies, worker and lease are the engine's own.
            columns.skip(4);
            columns.at()?
        },
        updated_at: columns.at()?,
        started_at: columns.maybe_at()?,
        finished_at: columns.maybe_at()?,
        mapped: columns.maybe_json()?.unwrap_or_default(),
    })
}

/// Reads whole jobs to the end of a statement, which one that writes must be stepped to.
pub(super) fn jobs(rows: rusqlite::Rows<'_>) -> Result<Vec<Job>, StoreError> {
    to_the_end(rows, job)
}

/// All that a statement finds.
pub(super) fn all<T>(
    connection: &Connection,
    sql: &str,
    parameters: &[(&str, &dyn ToSql)],
    read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    to_the_end(connection.prepare_cached(sql)?.query(parameters)?, read)
}

fn to_the_end<T>(
    mut rows: rusqlite::Rows<'_>,
    read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut values = Vec::new();
    while let Some(row) = rows.next()? {
        values.push(read(row)?);
    }
    Ok(values)
}

/// Cuts what was found down to a page of `limit`, of which one more was asked for: that tells
/// whether there is a next page. The last one of this page, if there is.
pub(super) fn cut<T>(found: &mut Vec<T>, limit: usize) -> Option<&T> {
    let more = found.len() > limit;
    found.truncate(limit);
    found.last().filter(|_| more)
}

/// The epoch of the lease in a whole job's row.
pub(super) fn lease_epoch(row: &Row<'_>) -> Result<i64, StoreError> {
    Ok(row.get("lease_epoch")?)
}

/// An error from its two columns.
pub(super) fn error(code: Option<String>, message: Option<String>) -> Option<JobError> {
    code.map(|code| JobError { code, message: message.unwrap_or_default() })
}

/// A stored word as the value that it names.
pub(super) fn word<T: std::str::FromStr<Err: std::fmt::Display>>(
    word: &str,
) -> Result<T, StoreError> {
    word.parse().map_err(|error: T::Err| StoreError::Damaged(error.to_string()))
}

/// A value as the JSON text that is stored.
pub(super) fn text(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Damaged(error.to_string()))
}

/// The word that stands for a value without members.
pub(super) fn name_of(value: &impl serde::Serialize) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        other => Err(StoreError::Damaged(format!("{other:?} for a word"))),
    }
}

/// The value that a word stands for.
pub(super) fn named<T: serde::de::DeserializeOwned>(word: String) -> Result<T, StoreError> {
    serde_json::from_value(serde_json::Value::String(word))
        .map_err(|error| StoreError::Damaged(error.to_string()))
}

/// The value of a JSON text.
pub(super) fn json_of<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Damaged(error.to_string()))
}

/// A log level from its word.
pub(super) fn level(word: &str) -> LogLevel {
    LogLevel::from_word(word)
}

/// The two columns of a payload: its text, or its file.
pub(super) fn payload_columns(payload: &Payload) -> (Option<&str>, Option<&[u8; 32]>) {
    match payload {
        Payload::Inline(text) => (Some(text), None),
        Payload::Stored(digest) => (None, Some(digest.as_bytes())),
    }
}
