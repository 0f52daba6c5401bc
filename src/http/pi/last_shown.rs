//! The last job that was shown to somebody who had waited for it.
//!
//! When a job ends, all who wait are handed the same `Arc`; the first of them renders it, and the
//! others find the text here. Held for one job only, and only while it is short.
//! Never: a job that may still change, or what an expansion reads beside it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::job::Job;

/// The longest text that is kept, in bytes: it stays until another job ends.
const MAX_BYTES: usize = 256 * 1024;

/// The text, and what it is the answer to.
#[derive(Debug, Default)]
pub(crate) struct LastShown(Mutex<Option<Shown>>);

#[derive(Debug)]
struct Shown {
    /// Compared by identity; kept, so that no other job can come to lie there.
    job: Arc<Job>,
    query: String,
    base: String,
    text: Arc<str>,
}

impl LastShown {
    /// The text of `job`, if it is the one that was shown last, to the same question.
    pub(crate) fn recall(&self, job: &Arc<Job>, query: &str, base: &str) -> Option<Arc<str>> {
        let shown = self.lock();
        let shown = shown.as_ref().filter(|shown| Arc::ptr_eq(&shown.job, job))?;
        (shown.query == query && shown.base == base).then(|| Arc::clone(&shown.text))
    }

    /// Keeps the text of a job that has ended.
    pub(crate) fn keep(&self, job: &Arc<Job>, query: &str, base: &str, text: &Arc<str>) {
        if text.len() > MAX_BYTES {
            return;
        }
        *self.lock() = Some(Shown {
            job: Arc::clone(job),
            query: query.to_owned(),
            base: base.to_owned(),
            text: Arc::clone(text),
        });
    }

    /// Lets go of the text: what it says of files has changed.
    pub(crate) fn forget(&self) {
        *self.lock() = None;
    }

    fn lock(&self) -> MutexGuard<'_, Option<Shown>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
