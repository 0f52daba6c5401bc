//! Matches idle workers with due jobs.
//!
//! A seat is a worker that has nothing to do. Whoever asks the store for jobs takes as many seats
//! as it asks for, and the delivery gives back those that stayed empty, so a claimed job always
//! finds a worker. An enqueue that meets a free seat is claimed in its own transaction, and so is
//! the next waiting job where an attempt ends; for everything else the loop here claims when the
//! doorbell rings, when a delayed job becomes due, and by a slow poll. Never: a job held by nobody.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};

use crossbeam_channel::{Receiver, Sender};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::domain::clock::Timestamp;
use crate::domain::job::Claimed;
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
    fn delivered(&self, seats: usize, claimed: Vec<Claimed>) {
        let empty = seats - claimed.len().min(seats);
        for job in claimed {
            drop(self.orders.send(Order::Attempt(Box::new(job))));
        }
        if empty > 0 {
            self.idle.fetch_add(empty, Ordering::SeqCst);
            self.backlog.store(false, Ordering::SeqCst);
        } else {
            self.backlog.store(true, Ordering::SeqCst);
            if self.idle.load(Ordering::SeqCst) > 0 {
                self.doorbell.notify_one();
            }
        }
    }
}

impl Core {
    /// The claim that travels with an enqueue: for one free seat, or for none, so that the
    /// dispatcher hears of the waiting job in the order of the writes.
    pub(super) fn claiming_with_enqueue(self: &Arc<Self>) -> Claiming {
        let seats = if self.is_stopping() { 0 } else { self.dispatcher.take_seats(1) };
        self.claiming(seats)
    }

    /// The claim that travels with the end of an attempt, while jobs wait: it keeps the worker's
    /// seat, which is free otherwise.
    pub(super) fn claiming_with_finish(self: &Arc<Self>) -> Option<Claiming> {
        let waiting = self.dispatcher.backlog.load(Ordering::SeqCst) && !self.is_stopping();
        waiting.then(|| self.claiming(1))
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
            deliver: Delivery::new(move |claimed| core.dispatcher.delivered(seats, claimed)),
        }
    }

    /// Claims for free seats until `shutdown`.
    pub(super) async fn dispatch(self: &Arc<Self>, shutdown: &CancellationToken) {
        while !shutdown.is_cancelled() {
            if self.dispatcher.backlog.load(Ordering::SeqCst) {
                self.claim_for_free_seats().await;
            }
            tokio::select! {
                () = self.dispatcher.doorbell.notified() => {}
                () = tokio::time::sleep(self.until_next_look()) => {
                    self.dispatcher.backlog.store(true, Ordering::SeqCst);
                }
                () = shutdown.cancelled() => {}
            }
        }
    }

    async fn claim_for_free_seats(self: &Arc<Self>) {
        let seats = self.dispatcher.take_seats(usize::MAX);
        if seats == 0 {
            // The next free seat rings.
            return;
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
    }

    fn until_next_look(&self) -> std::time::Duration {
        let next_due = Timestamp::from_ms(self.dispatcher.next_due.load(Ordering::SeqCst));
        next_due.since(self.clock.now()).min(self.options.poll)
    }
}
