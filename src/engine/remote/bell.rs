//! Remote workers that wait for jobs, and which of them are alive.
//!
//! A job that becomes due wakes one worker that may have it; a worker that found something wakes
//! the next, so that a thousand jobs wake as many as are needed and one job wakes one. A wake-up is
//! a hint: who waits stands here first, then claims, then waits, and looks again by itself.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::domain::clock::{Clock, Timestamp};
use crate::domain::ids::OrgId;
use crate::domain::key::Reach;

/// How long after it was last heard of a worker counts as alive: a claim may wait half of it.
const ALIVE_FOR: Duration = Duration::from_mins(1);

/// How many pairs of action and organization are remembered: beyond it the old ones are forgotten.
const MAX_HEARD: usize = 10_000;

/// The workers that wait, and when others were last heard of. Clones share it.
#[derive(Clone, Debug)]
pub(in crate::engine) struct Bell {
    ears: Arc<Mutex<Ears>>,
    clock: Clock,
    /// Who was never heard of has been silent since then.
    began_at: Timestamp,
}

#[derive(Debug, Default)]
struct Ears {
    waiting: Vec<Arc<Ear>>,
    /// By action, and by organization or none for all of them.
    heard: HashMap<(String, Option<OrgId>), Timestamp>,
}

/// Since when no remote worker has asked for an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// The last one asked then.
    Since(Timestamp),
    /// None has since the process began, which was then.
    Always(Timestamp),
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
    /// A bell that nobody was heard of yet.
    pub(in crate::engine) fn new(clock: Clock) -> Self {
        let began_at = clock.now();
        Self { ears: Arc::default(), clock, began_at }
    }

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
        let (now, mut ears) = (self.clock.now(), self.ears());
        if ears.heard.len() + actions.len() > MAX_HEARD {
            ears.heard.retain(|_, at| now.since(*at) < ALIVE_FOR);
        }
        for action in actions {
            ears.heard.insert((action.clone(), org), now);
        }
    }

    /// Whether a worker lives that may have the organization's jobs of the action.
    pub(in crate::engine) fn is_answered(&self, org: OrgId, action: &str) -> bool {
        let (now, ears) = (self.clock.now(), self.ears());
        let was_heard = |org| {
            let at = ears.heard.get(&(action.to_owned(), org));
            at.is_some_and(|at| now.since(*at) < ALIVE_FOR)
        };
        ears.waiting.iter().any(|ear| ear.may_have(Some(org), Some(action)))
            || was_heard(Some(org))
            || was_heard(None)
    }

    /// Since when nobody has asked for jobs of the action that may have the organization's, or
    /// any; `None` while somebody lives, or could still come back after the process began.
    pub(in crate::engine) fn silence(&self, org: Option<OrgId>, action: &str) -> Option<Silence> {
        let (now, ears) = (self.clock.now(), self.ears());
        if ears.waiting.iter().any(|ear| ear.may_have(org, Some(action))) {
            return None;
        }
        let concerns = |(asked, own): &(String, Option<OrgId>)| {
            asked == action && (org.is_none() || own.is_none() || *own == org)
        };
        let heard = ears.heard.iter().filter(|(pair, _)| concerns(pair)).map(|(_, at)| *at);
        let silence = heard.max().map_or(Silence::Always(self.began_at), Silence::Since);
        let (Silence::Since(at) | Silence::Always(at)) = silence;
        (now.since(at) >= ALIVE_FOR).then_some(silence)
    }

    fn ears(&self) -> MutexGuard<'_, Ears> {
        // Every change under the lock is a single call of the list's or the map's: a panic leaves
        // them whole.
        self.ears.lock().unwrap_or_else(PoisonError::into_inner)
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
        let (bell, ours) = (bell(), OrgId::mint());
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
        let bell = bell();
        let first = bell.listen(Reach::EveryOrg, actions(&["a"]));
        let second = bell.listen(Reach::EveryOrg, actions(&["a"]));
        bell.ring(None, Some("a"));
        drop(first);
        assert!(second.rung().now_or_never().is_some());
    }

    fn bell() -> Bell {
        Bell::new(Clock::manual(Timestamp::from_ms(0)))
    }

    #[test]
    fn a_silence_is_told_after_a_while_and_since_when() {
        let (bell, ours, other) = (bell(), OrgId::mint(), OrgId::mint());
        assert_eq!(bell.silence(Some(ours), "a"), None, "it may still come back");
        bell.clock.advance(ALIVE_FOR);
        let always = Some(Silence::Always(Timestamp::from_ms(0)));
        assert_eq!((bell.silence(Some(ours), "a"), bell.silence(None, "a")), (always, always));
        let listening = bell.listen(Reach::Org(ours), actions(&["a"]));
        assert_eq!((bell.silence(Some(ours), "a"), bell.silence(Some(other), "a")), (None, always));
        let asked_at = bell.clock.now();
        drop(listening);
        bell.clock.advance(Duration::from_secs(59));
        assert_eq!(bell.silence(None, "a"), None);
        bell.clock.advance(Duration::from_secs(1));
        let since = Some(Silence::Since(asked_at));
        assert_eq!((bell.silence(Some(ours), "a"), bell.silence(None, "a")), (since, since));
        assert_eq!(bell.silence(Some(other), "a"), always);
        bell.heard(Reach::EveryOrg, &["a".to_owned()]);
        assert_eq!(bell.silence(Some(other), "a"), None);
    }

    #[test]
    fn a_worker_that_asked_lately_is_alive() {
        let (bell, ours) = (bell(), OrgId::mint());
        assert!(!bell.is_answered(ours, "a"));
        drop(bell.listen(Reach::Org(ours), actions(&["a"])));
        assert!(bell.is_answered(ours, "a") && !bell.is_answered(ours, "b"));
        assert!(!bell.is_answered(OrgId::mint(), "a"));
        bell.heard(Reach::EveryOrg, &["b".to_owned()]);
        assert!(bell.is_answered(OrgId::mint(), "b"));
    }
}
