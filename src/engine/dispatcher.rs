//! Matches idle workers with due jobs.
//!
//! A seat is a worker that has nothing to do. Whoever asks the store for jobs takes as many seats
//! as it asks for, and the delivery gives back those that stayed empty, so a claimed job always
//! finds a worker. An enqueue that meets a free seat is claimed in its own transaction, and so is
//! the next waiting job where an attempt ends; for everything else the loop here claims when the
//! doorbell rings, when a delayed job becomes due, and by a slow poll. Never: a job held by nobody.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::domain::clock::Timestamp;
use crate::domain::job::Claimed;
use crate::domain::plan::MAX_STEPS;
use crate::engine::Core;
use crate::store::{Claiming, Delivery};

/// What a worker is told.
pub(super) enum Order {
    /// Attempt this job.
    Attempt(Box<Claimed>),
    /// Go home.
    Stop,
}

/// The free seats, and the way to them.
pub(super) struct Dispatcher {
    idle: AtomicUsize,
    /// Whether due jobs may wait in the store that nobody has asked for.
    backlog: AtomicBool,
    /// When the next delayed job becomes due, in ms; `i64::MAX` when none is known.
    next_due: AtomicI64,
    doorbell: Notify,
    orders: Sender<Order>,
    taken: Receiver<Order>,
}

impl Dispatcher {
    /// A dispatcher for `workers` seats, all free. It begins with a look at the store.
    pub(super) fn new(workers: usize) -> Self {
        // Unbounded in form only: a job is sent only to a seat that was taken for it.
        let (orders, taken) = crossbeam_channel::unbounded();
        Self {
            idle: AtomicUsize::new(workers),
            backlog: AtomicBool::new(true),
            next_due: AtomicI64::new(i64::MAX),
            doorbell: Notify::new(),
            orders,
            taken,
        }
    }

    /// Where workers wait for orders.
    pub(super) fn orders(&self) -> Receiver<Order> {
        self.taken.clone()
    }

    /// A worker has nothing to do.
    pub(super) fn free_seat(&self) {
        self.idle.fetch_add(1, Ordering::SeqCst);
        if self.backlog.load(Ordering::SeqCst) {
            self.doorbell.notify_one();
        }
    }

    /// A job becomes due at `at`.
    pub(super) fn expect_at(&self, at: Timestamp) {
        if self.next_due.fetch_min(at.ms(), Ordering::SeqCst) > at.ms() {
            self.doorbell.notify_one();
        }
    }

    /// There may be due jobs in the store.
    pub(super) fn ring(&self) {
        self.backlog.store(true, Ordering::SeqCst);
        self.doorbell.notify_one();
    }

    /// Sends `workers` workers home.
    pub(super) fn dismiss(&self, workers: usize) {
        for _ in 0..workers {
            // The receiver lives as long as the sender: both are ours.
            drop(self.orders.send(Order::Stop));
        }
    }

    /// Takes up to `most` free seats.
    fn take_seats(&self, most: usize) -> usize {
        let taken = self.idle.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |idle| {
            (idle > 0).then(|| idle - idle.min(most))
        });
        taken.map_or(0, |idle| idle.min(most))
    }

    /// Called on the store's thread in the order of its writes: that is what makes it safe to
    /// conclude from an unfilled claim that nothing is left.
    fn delivered(&self, seats: usize, claimed: Vec<Claimed>, now: Timestamp) {
        let empty = seats - claimed.len().min(seats);
        for job in claimed {
            drop(self.orders.send(Order::Attempt(Box::new(job))));
        }
        if empty > 0 {
            self.idle.fetch_add(empty, Ordering::SeqCst);
        }
        // Only the dispatcher's own claim looks at delayed jobs, and forgets their time before.
        let is_due = self.next_due.load(Ordering::SeqCst) <= now.ms();
        let backlog = empty == 0 || is_due;
        self.backlog.store(backlog, Ordering::SeqCst);
        if backlog && self.idle.load(Ordering::SeqCst) > 0 {
            self.doorbell.notify_one();
        }
    }

    /// How long the dispatcher may sleep. When it found no free seat, what is due has to wait for
    /// one, and the one that becomes free rings.
    fn until_next_look(&self, found_seats: bool, now: Timestamp, poll: Duration) -> Duration {
        if !found_seats {
            return poll;
        }
        Timestamp::from_ms(self.next_due.load(Ordering::SeqCst)).since(now).min(poll)
    }
}

impl Core {
    /// The claim that travels with an enqueue: for one free seat, or for none, so that the
    /// dispatcher hears of the waiting job in the order of the writes.
    pub(super) fn claiming_with_enqueue(self: &Arc<Self>) -> Claiming {
        let seats = if self.is_stopping() { 0 } else { self.dispatcher.take_seats(1) };
        self.claiming(seats)
    }

    /// The claim that travels with a run of which so many steps are due at once.
    pub(super) fn claiming_with_run(self: &Arc<Self>, due: usize) -> Claiming {
        let seats = if self.is_stopping() { 0 } else { self.dispatcher.take_seats(due) };
        self.claiming(seats)
    }

    /// The claim that travels with the end of an attempt, while jobs wait: it keeps the worker's
    /// seat, which is free otherwise. A step's end may make others due, up to a whole run of them.
    pub(super) fn claiming_with_finish(self: &Arc<Self>, is_step: bool) -> Option<Claiming> {
        if self.is_stopping() {
            return None;
        }
        if is_step {
            return Some(self.claiming(1 + self.dispatcher.take_seats(MAX_STEPS - 1)));
        }
        self.dispatcher.backlog.load(Ordering::SeqCst).then(|| self.claiming(1))
    }

    fn claiming(self: &Arc<Self>, seats: usize) -> Claiming {
        let now = self.clock.now();
        let core = Arc::clone(self);
        Claiming {
            limit: seats,
            actions: Arc::clone(&self.action_names),
            worker: Claiming::LOCAL.to_owned(),
            org: None,
            now,
            lease_expires_at: now.after(self.options.lease),
            deliver: Delivery::new(move |claimed| {
                core.dispatcher.delivered(seats, claimed, core.clock.now());
            }),
        }
    }

    /// Claims for free seats until `shutdown`.
    pub(super) async fn dispatch(self: &Arc<Self>, shutdown: &CancellationToken) {
        while !shutdown.is_cancelled() {
            let backlog = self.dispatcher.backlog.load(Ordering::SeqCst);
            let found_seats = !backlog || self.claim_for_free_seats().await;
            let sleep =
                self.dispatcher.until_next_look(found_seats, self.clock.now(), self.options.poll);
            tokio::select! {
                () = self.dispatcher.doorbell.notified() => {}
                () = tokio::time::sleep(sleep) => {
                    self.dispatcher.backlog.store(true, Ordering::SeqCst);
                }
                () = shutdown.cancelled() => {}
            }
        }
    }

    /// Whether there were free seats to claim for.
    async fn claim_for_free_seats(self: &Arc<Self>) -> bool {
        let seats = self.dispatcher.take_seats(usize::MAX);
        if seats == 0 {
            return false;
        }
        // Forgotten before the claim: what becomes due meanwhile is noted anew.
        self.dispatcher.next_due.store(i64::MAX, Ordering::SeqCst);
        if let Err(error) = self.store.claim(self.claiming(seats)).await {
            tracing::warn!(%error, "failed to claim jobs; trying again at the next look");
        }
        match self.catalog.next_due().await {
            Ok(Some(at)) => {
                self.dispatcher.next_due.fetch_min(at.ms(), Ordering::SeqCst);
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "failed to read when the next job is due"),
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_ms(1_000);
    const POLL: Duration = Duration::from_secs(5);

    fn has_backlog(dispatcher: &Dispatcher) -> bool {
        dispatcher.backlog.load(Ordering::SeqCst)
    }

    #[test]
    fn an_unfilled_claim_tells_that_nothing_waits() {
        let dispatcher = Dispatcher::new(2);
        assert_eq!(dispatcher.take_seats(usize::MAX), 2);
        dispatcher.delivered(2, Vec::new(), NOW);
        assert!(!has_backlog(&dispatcher));
        assert_eq!(dispatcher.take_seats(1), 1);
    }

    #[test]
    fn an_unfilled_claim_tells_nothing_of_a_delayed_job_that_is_due() {
        let dispatcher = Dispatcher::new(1);
        dispatcher.expect_at(NOW);
        assert_eq!(dispatcher.take_seats(1), 1);
        dispatcher.delivered(1, Vec::new(), NOW);
        assert!(has_backlog(&dispatcher));
    }

    #[test]
    fn a_due_job_without_a_free_seat_is_not_asked_for_without_end() {
        let dispatcher = Dispatcher::new(1);
        dispatcher.expect_at(Timestamp::from_ms(400));
        assert_eq!(dispatcher.until_next_look(false, NOW, POLL), POLL);
        assert_eq!(dispatcher.until_next_look(true, NOW, POLL), Duration::ZERO);
        let waiting = Dispatcher::new(1);
        waiting.expect_at(Timestamp::from_ms(1_250));
        assert_eq!(waiting.until_next_look(true, NOW, POLL), Duration::from_millis(250));
    }
}
