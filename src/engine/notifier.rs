//! Wakes those who wait for a job: one channel per job waited for, and none for any other.
//!
//! The first waiter makes the channel, the last one drops it. A wake-up is a hint: who waits
//! subscribes, then reads the table, then waits. Never: a channel for a job that nobody watches.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::domain::ids::JobId;
use crate::domain::job::Job;

/// Tells waiters of jobs' news. Clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Notifier(Arc<Mutex<Channels>>);

type Channels = HashMap<JobId, watch::Sender<Option<Arc<Job>>>>;

impl Notifier {
    /// Watches a job from this moment on.
    pub(super) fn watch(&self, job: JobId) -> Watch {
        let receiver =
            self.channels().entry(job).or_insert_with(|| watch::channel(None).0).subscribe();
        Watch { job, receiver: Some(receiver), notifier: self.clone() }
    }

    /// Tells whoever watches the job how it is now. The news carries the job: no second read.
    pub(super) fn publish(&self, job: &Arc<Job>) {
        let channel = self.channels().get(&job.id).cloned();
        // Sent outside the lock: waking thousands must not hold up those who come and go.
        if let Some(channel) = channel {
            channel.send_replace(Some(Arc::clone(job)));
        }
    }

    /// Tells whoever watches the job that something about it changed.
    pub(super) fn publish_change(&self, job: JobId) {
        let channel = self.channels().get(&job).cloned();
        if let Some(channel) = channel {
            channel.send_replace(None);
        }
    }

    fn channels(&self) -> MutexGuard<'_, Channels> {
        // Every change under the lock is a single call of the map's: a panic leaves it whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One waiter's end of a job's channel.
#[derive(Debug)]
pub struct Watch {
    job: JobId,
    receiver: Option<watch::Receiver<Option<Arc<Job>>>>,
    notifier: Notifier,
}

impl Watch {
    /// Waits for the next news of the job: the job itself, or `None` when it must be read.
    pub async fn changed(&mut self) -> Option<Arc<Job>> {
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

impl Drop for Watch {
    fn drop(&mut self) {
        let mut channels = self.notifier.channels();
        // Drop our own receiver before counting the others, so that the last one sees none.
        drop(self.receiver.take());
        if channels.get(&self.job).is_some_and(|channel| channel.receiver_count() == 0) {
            channels.remove(&self.job);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_waiter_takes_the_channel_along() {
        let notifier = Notifier::default();
        let job = JobId::mint();
        let first = notifier.watch(job);
        let second = notifier.watch(job);
        drop(first);
        assert!(notifier.channels().contains_key(&job));
        drop(second);
        assert!(notifier.channels().is_empty());
    }
}
