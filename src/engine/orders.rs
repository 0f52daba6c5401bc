//! What idle workers wait for.
//!
//! Whoever gives orders wakes at most one sleeping worker; a worker that takes an order and sees
//! more waiting wakes the next one before it begins. So the store's thread, which delivers a whole
//! commit's jobs, pays for one wake-up, and short jobs are done by the few workers that are awake.
//! Never: an order that waits while a worker sleeps and nobody is being woken.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A queue of orders for any number of workers.
#[derive(Debug)]
pub(super) struct Orders<T> {
    waiting: Mutex<Waiting<T>>,
    bell: Condvar,
}

#[derive(Debug)]
struct Waiting<T> {
    /// Unbounded in form only: a job is given only to a seat that was taken for it.
    orders: VecDeque<T>,
    /// Workers that sleep, the one that is being woken included.
    asleep: usize,
    /// Whether one of them was woken and has not looked yet.
    waking: bool,
}

impl<T> Default for Orders<T> {
    fn default() -> Self {
        let waiting = Waiting { orders: VecDeque::new(), asleep: 0, waking: false };
        Self { waiting: Mutex::new(waiting), bell: Condvar::new() }
    }
}

impl<T> Orders<T> {
    /// Adds an order for whoever is idle.
    pub(super) fn give(&self, order: T) {
        let mut waiting = self.waiting();
        waiting.orders.push_back(order);
        self.wake_one(waiting);
    }

    /// Takes the oldest order; sleeps until there is one.
    pub(super) fn take(&self) -> T {
        let mut waiting = self.waiting();
        loop {
            if let Some(order) = waiting.orders.pop_front() {
                self.wake_one(waiting);
                return order;
            }
            waiting.asleep += 1;
            waiting = self.bell.wait(waiting).unwrap_or_else(PoisonError::into_inner);
            waiting.asleep -= 1;
            waiting.waking = false;
        }
    }

    /// Wakes a worker if one is needed and none is being woken.
    fn wake_one(&self, mut waiting: MutexGuard<'_, Waiting<T>>) {
        if waiting.orders.is_empty() || waiting.asleep == 0 || waiting.waking {
            return;
        }
        waiting.waking = true;
        // The one that is woken needs the lock first of all.
        drop(waiting);
        self.bell.notify_one();
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting<T>> {
        // Every change under the lock is a single step: a panic leaves it whole.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Barrier};
    use std::thread;

    use super::*;

    #[test]
    fn orders_are_taken_in_the_order_in_which_they_were_given() {
        let orders = Orders::default();
        (0..3).for_each(|order| orders.give(order));
        assert_eq!([orders.take(), orders.take(), orders.take()], [0, 1, 2]);
    }

    #[test]
    fn every_sleeping_worker_is_woken_when_there_is_work_for_each() {
        const WORKERS: usize = 8;
        let orders = Arc::new(Orders::default());
        // Nobody comes past it before all are at work at the same time.
        let all_at_work = Arc::new(Barrier::new(WORKERS + 1));
        let workers: Vec<_> = (0..WORKERS)
            .map(|_| {
                let (orders, all_at_work) = (Arc::clone(&orders), Arc::clone(&all_at_work));
                thread::spawn(move || {
                    let order: usize = orders.take();
                    all_at_work.wait();
                    order
                })
            })
            .collect();
        (0..WORKERS).for_each(|order| orders.give(order));
        all_at_work.wait();
        let mut done: Vec<usize> =
            workers.into_iter().map(|worker| worker.join().expect("it ends")).collect();
        done.sort_unstable();
        assert_eq!(done, (0..WORKERS).collect::<Vec<_>>());
    }

    #[test]
    fn no_order_is_lost_or_taken_twice() {
        const GIVERS: usize = 4;
        const EACH: usize = 2_000;
        let orders = Arc::new(Orders::default());
        let takers: Vec<_> = (0..GIVERS)
            .map(|_| {
                let orders = Arc::clone(&orders);
                thread::spawn(move || (0..EACH).map(|_| orders.take()).collect::<Vec<usize>>())
            })
            .collect();
        let givers: Vec<_> = (0..GIVERS)
            .map(|giver| {
                let orders = Arc::clone(&orders);
                thread::spawn(move || {
                    (0..EACH).for_each(|order| orders.give(giver * EACH + order));
                })
            })
            .collect();
        for giver in givers {
            giver.join().expect("it ends");
        }
        let mut taken: Vec<usize> =
            takers.into_iter().flat_map(|taker| taker.join().expect("it ends")).collect();
        taken.sort_unstable();
        assert_eq!(taken, (0..GIVERS * EACH).collect::<Vec<_>>());
    }
}
