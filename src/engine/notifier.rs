//! Wakes those who wait for something: one channel per thing waited for, none for any other.
//!
//! The first waiter makes the channel, the last one drops it. A wake-up is a hint: who waits
//! subscribes, then reads the table, then waits. A quick job ends while its client is still about
//! to ask for it, so the latest ends that nobody waited for are kept for a moment: that client is
//! spared the table. Never: a channel for what nobody watches, or news of an end that later ones
//! hide.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::domain::ids::{JobId, RunId};
use crate::domain::job::Job;
use crate::domain::payload::Payload;
use crate::domain::run::RunState;

/// News of a job: the job itself.
pub type JobWatch = Watch<JobId, Job>;

/// News of a run: its state.
pub type RunWatch = Watch<RunId, RunState>;

/// How many ends are kept that nobody waited for: those of some milliseconds under load.
const MAX_LATELY: usize = 256;

/// How long such an end is kept for a client that is about to ask.
const LATELY: Duration = Duration::from_secs(2);

/// The longest input and result, in bytes, of a job whose end is kept: all of them are 2 MiB.
const MAX_DOCUMENT: usize = 4_096;

/// News that may be the last: nothing changes after them.
pub(super) trait News {
    /// Whether they are.
    fn is_last(&self) -> bool;

    /// Whether they are small enough to be kept for a moment.
    fn is_small(&self) -> bool;
}

impl News for Job {
    fn is_last(&self) -> bool {
        self.state.is_terminal()
    }

    fn is_small(&self) -> bool {
        std::iter::once(&self.input).chain(&self.result).all(|document| match document {
            Payload::Inline(text) => text.len() <= MAX_DOCUMENT,
            Payload::Stored(_) => true,
        })
    }
}

impl News for RunState {
    fn is_last(&self) -> bool {
        self.is_terminal()
    }

    fn is_small(&self) -> bool {
        // A run is read with its steps in any case.
        false
    }
}

/// Tells waiters the news of what they wait for. Clones share it.
#[derive(Debug)]
pub(super) struct Notifier<K, N>(Arc<Mutex<Channels<K, N>>>);

#[derive(Debug)]
struct Channels<K, N> {
    watched: HashMap<K, watch::Sender<Option<Arc<N>>>>,
    /// Ends that nobody waited for, the latest last.
    lately: VecDeque<(Instant, K, Arc<N>)>,
}

impl<K, N> Default for Notifier<K, N> {
    fn default() -> Self {
        let channels = Channels { watched: HashMap::new(), lately: VecDeque::new() };
        Self(Arc::new(Mutex::new(channels)))
    }
}

impl<K, N> Clone for Notifier<K, N> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K: Copy + Eq + Hash, N: News> Notifier<K, N> {
    /// Watches `key` from this moment on.
    pub(super) fn watch(&self, key: K) -> Watch<K, N> {
        let mut channels = self.channels();
        let channel = channels.watched.entry(key).or_insert_with(|| watch::channel(None).0);
        Watch { key, receiver: Some(channel.subscribe()), notifier: self.clone() }
    }

    /// The end of `key`, if it came a moment ago and nobody waited for it.
    pub(super) fn lately(&self, key: K) -> Option<Arc<N>> {
        let channels = self.channels();
        let (at, _, news) = channels.lately.iter().rev().find(|(_, of, _)| *of == key)?;
        (at.elapsed() < LATELY).then(|| Arc::clone(news))
    }

    /// Forgets the end of `key`: it is gone.
    pub(super) fn forget(&self, key: K) {
        self.channels().lately.retain(|(_, of, _)| *of != key);
    }

    /// Tells whoever watches `key` how it is now. The news carry what is new: no second read.
    pub(super) fn publish(&self, key: K, news: &Arc<N>) {
        self.send(key, Some(news));
    }

    /// Tells whoever watches `key` that something about it changed.
    pub(super) fn publish_change(&self, key: K) {
        self.send(key, None);
    }

    fn send(&self, key: K, news: Option<&Arc<N>>) {
        let mut channels = self.channels();
        let channel = channels.watched.get(&key).cloned();
        if let (None, Some(news)) = (&channel, news) {
            channels.keep(key, news);
        }
        drop(channels);
        // Sent outside the lock: waking thousands must not hold up those who come and go.
        if let Some(channel) = channel {
            channel.send_if_modified(|told| {
                // What comes after the end was on its way when it came.
                let is_stale = told.as_ref().is_some_and(|told| told.is_last());
                if !is_stale {
                    *told = news.cloned();
                }
                !is_stale
            });
        }
    }
}

impl<K, N: News> Channels<K, N> {
    fn keep(&mut self, key: K, news: &Arc<N>) {
        if news.is_last() && news.is_small() {
            if self.lately.len() == MAX_LATELY {
                self.lately.pop_front();
            }
            self.lately.push_back((Instant::now(), key, Arc::clone(news)));
        }
    }
}

impl<K, N> Notifier<K, N> {
    fn channels(&self) -> MutexGuard<'_, Channels<K, N>> {
        // Every change under the lock is a single call of the map's: a panic leaves it whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One waiter's end of a channel.
#[derive(Debug)]
pub struct Watch<K: Eq + Hash, N> {
    key: K,
    receiver: Option<watch::Receiver<Option<Arc<N>>>>,
    notifier: Notifier<K, N>,
}

impl<K: Eq + Hash, N> Watch<K, N> {
    /// Waits for the next news: what is new, or `None` when it must be read.
    pub async fn changed(&mut self) -> Option<Arc<N>> {
        match &mut self.receiver {
            // The sender lives in the map as long as this receiver does.
            Some(receiver) => match receiver.changed().await {
                Ok(()) => receiver.borrow_and_update().clone(),
                Err(_) => std::future::pending().await,
            },
            None => std::future::pending().await,
        }
    }
}

impl<K: Eq + Hash, N> Drop for Watch<K, N> {
    fn drop(&mut self) {
        let mut channels = self.notifier.channels();
        // Drop our own receiver before counting the others, so that the last one sees none.
        drop(self.receiver.take());
        let channel = channels.watched.get(&self.key);
        if channel.is_some_and(|channel| channel.receiver_count() == 0) {
            channels.watched.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_waiter_takes_the_channel_along() {
        let notifier: Notifier<JobId, Job> = Notifier::default();
        let job = JobId::mint();
        let first = notifier.watch(job);
        let second = notifier.watch(job);
        drop(first);
        assert!(notifier.channels().watched.contains_key(&job));
        drop(second);
        assert!(notifier.channels().watched.is_empty());
    }

    /// News with a number, of which the even ones are an end.
    impl News for u32 {
        fn is_last(&self) -> bool {
            self.is_multiple_of(2)
        }

        fn is_small(&self) -> bool {
            *self < 1_000_000
        }
    }

    #[test]
    fn ends_that_nobody_waited_for_are_kept_for_a_moment() {
        let notifier: Notifier<JobId, u32> = Notifier::default();
        let [ended, goes_on, large, waited_for] = [0; 4].map(|_| JobId::mint());
        let watch = notifier.watch(waited_for);
        for (job, news) in [(ended, 2), (goes_on, 3), (large, 1_000_000), (waited_for, 4)] {
            notifier.publish(job, &Arc::new(news));
        }
        drop(watch);
        assert_eq!(notifier.lately(ended).as_deref(), Some(&2));
        for job in [goes_on, large, waited_for] {
            assert!(notifier.lately(job).is_none());
        }
        notifier.forget(ended);
        assert!(notifier.lately(ended).is_none());
    }

    #[test]
    fn so_many_ends_are_kept_and_no_more() {
        let notifier: Notifier<JobId, u32> = Notifier::default();
        let first = JobId::mint();
        notifier.publish(first, &Arc::new(2));
        (0..MAX_LATELY).for_each(|_| notifier.publish(JobId::mint(), &Arc::new(2)));
        assert!(notifier.lately(first).is_none());
        assert_eq!(notifier.channels().lately.len(), MAX_LATELY);
    }

    #[tokio::test]
    async fn news_of_an_end_are_not_hidden_by_older_ones() {
        let notifier: Notifier<RunId, RunState> = Notifier::default();
        let run = RunId::mint();
        let mut watch = notifier.watch(run);
        notifier.publish(run, &Arc::new(RunState::InProgress));
        notifier.publish(run, &Arc::new(RunState::Completed));
        notifier.publish(run, &Arc::new(RunState::InProgress));
        notifier.publish_change(run);
        assert_eq!(watch.changed().await.as_deref(), Some(&RunState::Completed));
    }
}
