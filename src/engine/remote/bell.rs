//! Remote workers that wait for jobs, and which of them are alive.
//!
//! A job that becomes due wakes one worker that may have it; a worker that found something wakes
//! the next, so that a thousand jobs wake as many as are needed and one job wakes one. A wake-up is
//! a hint: who waits stands here first, then claims, then waits, and looks again by itself.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use crate::domain::ids::OrgId;
use crate::domain::key::Reach;

/// How long after it was last heard of a worker counts as alive: a claim may wait half of it.
const ALIVE_FOR: Duration = Duration::from_mins(1);

/// How many pairs of action and organization are remembered: beyond it the old ones are forgotten.
const MAX_HEARD: usize = 10_000;

/// The workers that wait, and when others were last heard of. Clones share it.
#[derive(Clone, Debug, Default)]
pub(in crate::engine) struct Bell(Arc<Mutex<Ears>>);

#[derive(Debug, Default)]
struct Ears {
    waiting: Vec<Arc<Ear>>,
    /// By action, and by organization or none for all of them.
    heard: HashMap<(String, Option<OrgId>), Instant>,
}

/// One worker that waits.
#[derive(Debug)]
struct Ear {
    reach: Reach,
    actions: Arc<[String]>,
    rung: AtomicBool,
    notify: Notify,
}

impl Ear {
    fn may_have(&self, org: Option<OrgId>, action: Option<&str>) -> bool {
        let reaches = match (self.reach, org) {
            (Reach::Org(own), Some(org)) => own == org,
            _ => true,
        };
        reaches && action.is_none_or(|action| self.actions.iter().any(|own| own == action))
    }
}

impl Bell {
    /// A worker waits for jobs of these actions, until the value is dropped.
    pub(super) fn listen(&self, reach: Reach, actions: Arc<[String]>) -> Listening {
        self.heard(reach, &actions);
        let ear = Ear { reach, actions, rung: AtomicBool::new(false), notify: Notify::new() };
        let ear = Arc::new(ear);
        self.ears().waiting.push(Arc::clone(&ear));
        Listening { bell: self.clone(), ear }
    }

    /// There may be a job: of this organization and action, where they are known.
    pub(in crate::engine) fn ring(&self, org: Option<OrgId>, action: Option<&str>) {
        let ears = self.ears();
        let ready = |ear: &&Arc<Ear>| !ear.rung.load(Ordering::SeqCst) && ear.may_have(org, action);
        if let Some(ear) = ears.waiting.iter().find(ready) {
            ear.rung.store(true, Ordering::SeqCst);
            ear.notify.notify_one();
        }
    }

    /// A worker that can do these actions was heard of.
    pub(super) fn heard(&self, reach: Reach, actions: &[String]) {
        let org = match reach {
            Reach::Org(org) => Some(org),
            Reach::EveryOrg => None,
        };
        let (now, mut ears) = (Instant::now(), self.ears());
        if ears.heard.len() + actions.len() > MAX_HEARD {
            ears.heard.retain(|_, at| now.duration_since(*at) < ALIVE_FOR);
        }
        for action in actions {
            ears.heard.insert((action.clone(), org), now);
        }
    }

    /// Whether a worker lives that may have the organization's jobs of the action.
    pub(in crate::engine) fn is_answered(&self, org: OrgId, action: &str) -> bool {
        let (now, ears) = (Instant::now(), self.ears());
        let was_heard = |org| {
            let at = ears.heard.get(&(action.to_owned(), org));
            at.is_some_and(|at| now.duration_since(*at) < ALIVE_FOR)
        };
        ears.waiting.iter().any(|ear| ear.may_have(Some(org), Some(action)))
            || was_heard(Some(org))
            || was_heard(None)
    }

    fn ears(&self) -> MutexGuard<'_, Ears> {
        // Every change under the lock is a single call of the list's or the map's: a panic leaves
        // them whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A worker's place among those who wait.
pub(super) struct Listening {
    bell: Bell,
    ear: Arc<Ear>,
}

impl Listening {
    /// What was rung so far is about to be looked after.
    pub(super) fn look(&self) {
        self.ear.rung.store(false, Ordering::SeqCst);
    }

    /// Returns when there may be a job since the last look.
    pub(super) async fn rung(&self) {
        self.ear.notify.notified().await;
    }

    /// There may be more than this worker takes.
    pub(super) fn pass_on(&self) {
        for action in self.ear.actions.iter() {
            self.bell.ring(None, Some(action));
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.bell.ears().waiting.retain(|ear| !Arc::ptr_eq(ear, &self.ear));
        // Who was called and goes away calls another.
        if self.ear.rung.load(Ordering::SeqCst) {
            self.pass_on();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn actions(names: &[&str]) -> Arc<[String]> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn one_job_wakes_one_worker_that_may_have_it() {
        let (bell, ours) = (Bell::default(), OrgId::mint());
        let stranger = bell.listen(Reach::Org(OrgId::mint()), actions(&["a"]));
        let other = bell.listen(Reach::EveryOrg, actions(&["b"]));
        let first = bell.listen(Reach::Org(ours), actions(&["a"]));
        let second = bell.listen(Reach::EveryOrg, actions(&["a", "b"]));
        let is_rung = |listening: &Listening| listening.rung().now_or_never().is_some();
        bell.ring(Some(ours), Some("a"));
        assert!(is_rung(&first));
        assert!(!is_rung(&second) && !is_rung(&stranger) && !is_rung(&other));
        bell.ring(Some(ours), Some("a"));
        assert!(is_rung(&second));
        first.look();
        bell.ring(Some(ours), Some("a"));
        assert!(is_rung(&first));
    }

    #[test]
    fn who_was_called_and_goes_away_calls_another() {
        let bell = Bell::default();
        let first = bell.listen(Reach::EveryOrg, actions(&["a"]));
        let second = bell.listen(Reach::EveryOrg, actions(&["a"]));
        bell.ring(None, Some("a"));
        drop(first);
        assert!(second.rung().now_or_never().is_some());
    }

    #[test]
    fn a_worker_that_asked_lately_is_alive() {
        let (bell, ours) = (Bell::default(), OrgId::mint());
        assert!(!bell.is_answered(ours, "a"));
        drop(bell.listen(Reach::Org(ours), actions(&["a"])));
        assert!(bell.is_answered(ours, "a") && !bell.is_answered(ours, "b"));
        assert!(!bell.is_answered(OrgId::mint(), "a"));
        bell.heard(Reach::EveryOrg, &["b".to_owned()]);
        assert!(bell.is_answered(OrgId::mint(), "b"));
    }
}
