//! Wakes those who wait for something: one channel per thing waited for, none for any other.
//!
//! The first waiter makes the channel, the last one drops it. A wake-up is a hint: who waits
//! subscribes, then reads the table, then waits. Never: a channel for what nobody watches, or news
//! of an end that later ones hide.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::domain::ids::{JobId, RunId};
use crate::domain::job::Job;
use crate::domain::run::RunState;

/// News of a job: the job itself.
pub type JobWatch = Watch<JobId, Job>;

/// News of a run: its state.
pub type RunWatch = Watch<RunId, RunState>;

/// News that may be the last: nothing changes after them.
pub(super) trait News {
    /// Whether they are.
    fn is_last(&self) -> bool;
}

impl News for Job {
    fn is_last(&self) -> bool {
        self.state.is_terminal()
    }
}

impl News for RunState {
    fn is_last(&self) -> bool {
        self.is_terminal()
    }
}

/// Tells waiters the news of what they wait for. Clones share it.
#[derive(Debug)]
pub(super) struct Notifier<K, N>(Arc<Mutex<Channels<K, N>>>);

type Channels<K, N> = HashMap<K, watch::Sender<Option<Arc<N>>>>;

impl<K, N> Default for Notifier<K, N> {
    fn default() -> Self {
        Self(Arc::default())
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
        let receiver =
            self.channels().entry(key).or_insert_with(|| watch::channel(None).0).subscribe();
        Watch { key, receiver: Some(receiver), notifier: self.clone() }
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
        let channel = self.channels().get(&key).cloned();
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
        if channels.get(&self.key).is_some_and(|channel| channel.receiver_count() == 0) {
            channels.remove(&self.key);
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
        assert!(notifier.channels().contains_key(&job));
        drop(second);
        assert!(notifier.channels().is_empty());
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
