//! Matches idle workers with due jobs.
//!
//! A seat is a worker that has nothing to do. Whoever asks the store for jobs takes as many seats
//! as it asks for, and the delivery gives back those that stayed empty, so a claimed job always
//! finds a worker. An enqueue that meets a free seat is claimed in its own transaction, and so is
//! the next waiting job where an attempt ends; for everything else the loop here claims when the
//! doorbell rings, when a delayed job becomes due, and by a slow poll. A delivered job is an
//! attempt from that moment on, and a claim under way is counted, so that a shutdown overlooks
//! neither. Never: a job held by nobody.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::domain::clock::Timestamp;
use crate::domain::plan::MAX_STEPS;
use crate::engine::orders::Orders;
use crate::engine::running::Attempting;
use crate::engine::{Core, executor};
use crate::store::{ClaimOutcome, Claiming, Delivered, Delivery};

/// The pause after a claim that failed, before the next look.
const CLAIM_AGAIN: Duration = Duration::from_millis(250);

/// What a worker is told.
pub(super) enum Order {
    /// Attempt this job.
    Attempt(Arc<Attempting>),
    /// Go home.
    Stop,
}

/// The free seats, and the way to them.
pub(super) struct Dispatcher {
    idle: AtomicUsize,
    /// Claims that were asked for and not yet delivered.
    claims: AtomicUsize,
    /// Whether due jobs may wait in the store that nobody has asked for.
    backlog: AtomicBool,
    /// When the next delayed job becomes due, in ms; `i64::MAX` when there is none.
    next_due: AtomicI64,
    doorbell: Notify,
    orders: Orders<Order>,
}

impl Dispatcher {
    /// A dispatcher for `workers` seats, all free. It begins with a look at the store.
    pub(super) fn new(workers: usize) -> Self {
        Self {
            idle: AtomicUsize::new(workers),
            claims: AtomicUsize::new(0),
            backlog: AtomicBool::new(true),
            // Unknown before the first look: whoever is served until then must not say that
            // nothing is left.
            next_due: AtomicI64::new(i64::MIN),
            doorbell: Notify::new(),
            orders: Orders::default(),
        }
    }

    /// What a worker is to do next; sleeps until there is something.
    pub(super) fn next_order(&self) -> Order {
        self.orders.take()
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

    /// The claim that follows finds what is due, and a look after it when the next one will be:
    /// what becomes known meanwhile is noted anew.
    fn begin_look(&self) {
        self.next_due.store(i64::MAX, Ordering::SeqCst);
    }

    /// There may be due jobs in the store.
    pub(super) fn ring(&self) {
        self.backlog.store(true, Ordering::SeqCst);
        self.doorbell.notify_one();
    }

    /// Sends `workers` workers home.
    pub(super) fn dismiss(&self, workers: usize) {
        for _ in 0..workers {
            self.orders.give(Order::Stop);
        }
    }

    /// Whether jobs may still be delivered that were asked for before.
    pub(super) fn awaits_deliveries(&self) -> bool {
        self.claims.load(Ordering::SeqCst) > 0
    }

    /// Takes up to `most` free seats.
    fn take_seats(&self, most: usize) -> usize {
        let taken = self.idle.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |idle| {
            (idle > 0).then(|| idle - idle.min(most))
        });
        taken.map_or(0, |idle| idle.min(most))
    }

    /// Called on the store's thread in the order of its writes: that is what makes it safe to
    /// conclude from a claim that came to an end that nothing is left.
    fn delivered(
        &self,
        seats: usize,
        attempts: Vec<Arc<Attempting>>,
        others_may_wait: bool,
        now: Timestamp,
    ) {
        let empty = seats - attempts.len().min(seats);
        for attempting in attempts {
            self.orders.give(Order::Attempt(attempting));
        }
        if empty > 0 {
            self.idle.fetch_add(empty, Ordering::SeqCst);
        }
        // Of the claims for seats only the dispatcher's own looks at delayed jobs, and forgets
        // their time before.
        let is_due = self.next_due.load(Ordering::SeqCst) <= now.ms();
        let backlog = others_may_wait || is_due;
        self.backlog.store(backlog, Ordering::SeqCst);
        if backlog && self.idle.load(Ordering::SeqCst) > 0 {
            self.doorbell.notify_one();
        }
    }

    /// A claim failed: its seats are free again, and what waits is not known.
    fn not_delivered(&self, seats: usize) {
        self.idle.fetch_add(seats, Ordering::SeqCst);
        self.ring();
    }

    /// How long the dispatcher may sleep. When it found no free seat, what is due already has to
    /// wait for one, and the one that becomes free rings.
    fn until_next_look(&self, found_seats: bool, now: Timestamp, poll: Duration) -> Duration {
        let left = Timestamp::from_ms(self.next_due.load(Ordering::SeqCst)).since(now);
        if left.is_zero() && !found_seats {
            return poll;
        }
        left.min(poll)
    }
}

/// A claim under way, from before the look at whether the server stops until after its delivery.
struct Asking(Arc<Core>);

impl Asking {
    fn begin(core: &Arc<Core>) -> Self {
        core.dispatcher.claims.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(core))
    }

    /// Takes up to `most` free seats; none when the server stops.
    fn take_seats(&self, most: usize) -> usize {
        if self.0.is_stopping() { 0 } else { self.0.dispatcher.take_seats(most) }
    }

    /// The claim for so many seats. With it comes, maybe, a job that becomes due at `run_at`.
    fn claiming(self, seats: usize, run_at: Option<Timestamp>) -> Claiming {
        let core = Arc::clone(&self.0);
        let now = core.clock.now();
        Claiming {
            limit: seats,
            actions: Arc::clone(&core.action_names),
            worker: Claiming::LOCAL.to_owned(),
            org: None,
            tokens: Vec::new(),
            limits: Arc::clone(&core.limits),
            now,
            lease_expires_at: now.after(core.options.lease),
            deliver: Delivery::new(move |delivered| {
                // Here, because the client whose job it is may have gone away.
                if let Some(at) = run_at {
                    self.0.dispatcher.expect_at(at);
                }
                self.delivered(seats, delivered);
            }),
        }
    }

    fn delivered(self, seats: usize, delivered: Delivered) {
        let core = &self.0;
        match delivered {
            Delivered::Claimed(ClaimOutcome { jobs, others_may_wait, ripened: _ }) => {
                let attempts =
                    jobs.into_iter().map(|claimed| executor::begin(core, claimed)).collect();
                let now = core.clock.now();
                core.dispatcher.delivered(seats, attempts, others_may_wait, now);
            }
            Delivered::Failed => core.dispatcher.not_delivered(seats),
        }
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        self.0.dispatcher.claims.fetch_sub(1, Ordering::SeqCst);
        if self.0.is_stopping() {
            self.0.drained.notify_one();
        }
    }
}

impl Core {
    /// The claim that travels with an enqueue: for one free seat, or for none, so that the
    /// dispatcher hears of the waiting job in the order of the writes.
    pub(super) fn claiming_with_enqueue(self: &Arc<Self>, run_at: Option<Timestamp>) -> Claiming {
        self.claiming_with(1, run_at)
    }

    /// The claim that travels with a run of which so many steps are due at once.
    pub(super) fn claiming_with_run(self: &Arc<Self>, due: usize) -> Claiming {
        self.claiming_with(due, None)
    }

    fn claiming_with(self: &Arc<Self>, due: usize, run_at: Option<Timestamp>) -> Claiming {
        let asking = Asking::begin(self);
        let seats = asking.take_seats(due);
        asking.claiming(seats, run_at)
    }

    /// The claim that travels with the end of an attempt, while jobs wait: it keeps the worker's
    /// seat, which is free otherwise. A step's end may make others due, up to a whole run of them.
    pub(super) fn claiming_with_finish(self: &Arc<Self>, is_step: bool) -> Option<Claiming> {
        let may_find_some = is_step || self.dispatcher.backlog.load(Ordering::SeqCst);
        if self.is_stopping() || !may_find_some {
            return None;
        }
        // The attempt itself is waited for until its end is written, and this delivered.
        let asking = Asking::begin(self);
        let further = if is_step { asking.take_seats(MAX_STEPS - 1) } else { 0 };
        Some(asking.claiming(1 + further, None))
    }

    /// Claims for free seats until `shutdown`.
    pub(super) async fn dispatch(self: &Arc<Self>, shutdown: &CancellationToken) {
        while !shutdown.is_cancelled() {
            let backlog = self.dispatcher.backlog.load(Ordering::SeqCst);
            let look = if backlog { self.claim_for_free_seats().await } else { Look::Claimed };
            if let Look::Failed = look {
                // Without listening to the doorbell, which every failed claim rings.
                tokio::select! {
                    () = tokio::time::sleep(CLAIM_AGAIN) => {}
                    () = shutdown.cancelled() => {}
                }
                continue;
            }
            let found_seats = !matches!(look, Look::NoSeats);
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

    async fn claim_for_free_seats(self: &Arc<Self>) -> Look {
        let asking = Asking::begin(self);
        let seats = asking.take_seats(usize::MAX);
        if seats == 0 {
            return Look::NoSeats;
        }
        self.dispatcher.begin_look();
        let claimed = self.store.claim(asking.claiming(seats, None)).await;
        match self.catalog.next_due().await {
            Ok(Some(at)) => {
                self.dispatcher.next_due.fetch_min(at.ms(), Ordering::SeqCst);
            }
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(%error, "failed to read when the next job is due");
                self.dispatcher.expect_at(self.clock.now().after(CLAIM_AGAIN));
            }
        }
        // What has ripened with this claim may be remote workers'.
        self.ring_remote(None, None);
        if let Err(error) = claimed {
            tracing::warn!(%error, "failed to claim jobs; trying again shortly");
            return Look::Failed;
        }
        Look::Claimed
    }
}

/// What came of a look at the store.
enum Look {
    /// What could be claimed was.
    Claimed,
    /// Every worker is at work.
    NoSeats,
    /// The store did not answer.
    Failed,
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::domain::clock::Clock;
    use crate::domain::job::{Job, Lease};
    use crate::engine::reporter::Reporter;

    const NOW: Timestamp = Timestamp::from_ms(1_000);
    const POLL: Duration = Duration::from_secs(5);

    /// A dispatcher that has had its first look.
    fn dispatcher(workers: usize) -> Dispatcher {
        let dispatcher = Dispatcher::new(workers);
        dispatcher.begin_look();
        dispatcher
    }

    fn has_backlog(dispatcher: &Dispatcher) -> bool {
        dispatcher.backlog.load(Ordering::SeqCst)
    }

    #[test]
    fn a_claim_that_came_to_the_end_tells_that_nothing_waits() {
        let dispatcher = dispatcher(2);
        assert_eq!(dispatcher.take_seats(usize::MAX), 2);
        dispatcher.delivered(2, Vec::new(), false, NOW);
        assert!(!has_backlog(&dispatcher));
        assert_eq!(dispatcher.take_seats(1), 1);
    }

    #[test]
    fn a_job_that_nobody_waited_behind_leaves_nothing_to_look_for() {
        let job = Job::sample(NOW);
        let reporter = Arc::new(Reporter::new(Clock::manual(NOW), Arc::default()));
        let lease = Lease { job: job.id, epoch: 1 };
        let attempt = Arc::new(Attempting::new(lease, job, Instant::now(), reporter));
        let dispatcher = dispatcher(2);
        for others_may_wait in [false, true] {
            assert_eq!(dispatcher.take_seats(1), 1);
            dispatcher.delivered(1, vec![Arc::clone(&attempt)], others_may_wait, NOW);
            assert_eq!(has_backlog(&dispatcher), others_may_wait);
        }
        assert_eq!(dispatcher.take_seats(1), 0, "both have a job");
    }

    #[test]
    fn before_the_first_look_nothing_says_that_nothing_waits() {
        let dispatcher = Dispatcher::new(2);
        assert_eq!(dispatcher.take_seats(1), 1);
        dispatcher.delivered(1, Vec::new(), false, NOW);
        assert!(has_backlog(&dispatcher));
    }

    #[test]
    fn a_failed_claim_tells_nothing_of_what_waits() {
        let dispatcher = dispatcher(2);
        assert_eq!(dispatcher.take_seats(usize::MAX), 2);
        dispatcher.delivered(1, Vec::new(), false, NOW);
        assert!(!has_backlog(&dispatcher));
        dispatcher.not_delivered(1);
        assert!(has_backlog(&dispatcher));
        assert_eq!(dispatcher.take_seats(usize::MAX), 2, "its seats are free");
    }

    #[test]
    fn the_end_of_a_claim_tells_nothing_of_a_delayed_job_that_is_due() {
        let dispatcher = dispatcher(1);
        dispatcher.expect_at(NOW);
        assert_eq!(dispatcher.take_seats(1), 1);
        dispatcher.delivered(1, Vec::new(), false, NOW);
        assert!(has_backlog(&dispatcher));
    }

    #[test]
    fn a_due_job_without_a_free_seat_is_not_asked_for_without_end() {
        let dispatcher = dispatcher(1);
        dispatcher.expect_at(Timestamp::from_ms(400));
        assert_eq!(dispatcher.until_next_look(false, NOW, POLL), POLL);
        assert_eq!(dispatcher.until_next_look(true, NOW, POLL), Duration::ZERO);
        let waiting = self::dispatcher(1);
        waiting.expect_at(Timestamp::from_ms(1_250));
        for found_seats in [true, false] {
            let left = waiting.until_next_look(found_seats, NOW, POLL);
            assert_eq!(left, Duration::from_millis(250), "not due yet");
        }
    }
}
