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
    /// What the URLs in the text begin with; nothing where it has none.
    base: Option<String>,
    text: Arc<str>,
}

impl LastShown {
    /// The text of `job`, if it is the one that was shown last, to the same question. `base` is
    /// what URLs in the answer begin with.
    pub(crate) fn recall(
        &self,
        job: &Arc<Job>,
        query: &str,
        base: impl FnOnce() -> String,
    ) -> Option<Arc<str>> {
        let shown = self.lock();
        let shown = shown.as_ref().filter(|shown| Arc::ptr_eq(&shown.job, job))?;
        let is_same = shown.query == query
            && shown.base.as_ref().is_none_or(|shown_base| *shown_base == base());
        is_same.then(|| Arc::clone(&shown.text))
    }

    /// Keeps the text of a job that has ended, unless nobody else holds the job: where others wait,
    /// they or their channel do.
    pub(crate) fn keep(
        &self,
        job: &Arc<Job>,
        query: &str,
        base: impl FnOnce() -> String,
        text: &Arc<str>,
    ) {
        if text.len() > MAX_BYTES || Arc::strong_count(job) == 1 {
            return;
        }
        let base = Some(base()).filter(|base| text.contains(base.as_str()));
        *self.lock() = Some(Shown {
            job: Arc::clone(job),
            query: query.to_owned(),
            base,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::Timestamp;

    fn ours() -> String {
        "http://localhost:8080".to_owned()
    }

    fn theirs() -> String {
        "https://tides.example".to_owned()
    }

    fn job() -> Arc<Job> {
        Arc::new(Job::sample(Timestamp::from_ms(1_000)))
    }

    #[test]
    fn a_text_with_urls_is_for_those_who_named_the_same_host() {
        let (shown, job) = (LastShown::default(), job());
        let _waits_too = Arc::clone(&job);
        let text: Arc<str> = r#"{"url":"http://localhost:8080/assets/x"}"#.into();
        shown.keep(&job, "", ours, &text);
        assert_eq!(shown.recall(&job, "", ours), Some(text));
        assert_eq!(shown.recall(&job, "", theirs), None);

        let without: Arc<str> = "{}".into();
        shown.keep(&job, "", ours, &without);
        assert_eq!(shown.recall(&job, "", theirs), Some(without));
    }

    #[test]
    fn a_text_is_for_one_job_and_one_question() {
        let (shown, job, another) = (LastShown::default(), job(), self::job());
        let _waits_too = Arc::clone(&job);
        shown.keep(&job, "fields=phase", ours, &"{}".into());
        assert!(shown.recall(&job, "fields=phase", ours).is_some());
        assert!(shown.recall(&job, "", ours).is_none());
        assert!(shown.recall(&another, "fields=phase", ours).is_none());
        shown.forget();
        assert!(shown.recall(&job, "fields=phase", ours).is_none());
    }

    #[test]
    fn what_nobody_else_will_ask_for_is_not_kept() {
        let (shown, job) = (LastShown::default(), job());
        shown.keep(&job, "", ours, &"{}".into());
        assert!(shown.recall(&job, "", ours).is_none());
    }
}
