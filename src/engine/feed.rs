//! What changes, for those who watch everything: the last word on each job and run, in a ring.
//!
//! A subject stands in the ring once, so that who reads slowly is told less, and never queued for.
//! A place in it outlives a connection; who comes back to one that was pushed out is told so, and
//! reads anew. While nobody watches, nothing is kept and a change costs one look at a flag.
//! Never: a channel for each watcher, or news that the table does not hold.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

use crate::domain::clock::{Clock, Timestamp};
use crate::domain::ids::OrgId;
use crate::engine::bulletin::{Bulletin, SubjectId};

/// Jobs and runs in the ring: what a busy server changes in the seconds that a connection takes to
/// come back, in about two megabytes.
const MAX_SUBJECTS: usize = 4_096;

/// How long the ring is kept up when the last watcher has left: a browser comes back sooner.
const KEPT_UNWATCHED: Duration = Duration::from_mins(2);

/// Watchers at one time: more are no people before screens.
const MAX_WATCHERS: usize = 1_000;

/// What changes. Clones share it.
#[derive(Clone)]
pub(super) struct Feed(Arc<Shared>);

struct Shared {
    clock: Clock,
    /// Whether anybody watches, or did just now.
    awake: AtomicBool,
    ring: Mutex<Ring>,
    /// The last place.
    changed: watch::Sender<u64>,
}

#[derive(Default)]
struct Ring {
    /// When it began to be kept: places of another epoch mean nothing.
    epoch: i64,
    /// The last place that was given out.
    last: u64,
    /// The last place whose bulletin was pushed out.
    lost: u64,
    latest: HashMap<SubjectId, u64>,
    bulletins: BTreeMap<u64, Arc<Bulletin>>,
    watchers: usize,
    /// When the last watcher left.
    left_at: Timestamp,
}

impl Feed {
    /// A feed that nobody watches.
    pub(super) fn new(clock: Clock) -> Self {
        Self(Arc::new(Shared {
            clock,
            awake: AtomicBool::new(false),
            ring: Mutex::default(),
            changed: watch::channel(0).0,
        }))
    }

    /// Whether a bulletin would be kept.
    pub(super) fn is_awake(&self) -> bool {
        self.0.awake.load(Ordering::Acquire)
    }

    /// Tells those who watch, if there are any; `make` is called only then.
    pub(super) fn publish(&self, make: impl FnOnce() -> Option<Bulletin>) {
        if !self.is_awake() {
            return;
        }
        let Some(bulletin) = make() else { return };
        let mut ring = self.0.ring();
        if ring.watchers == 0 && self.0.clock.now().since(ring.left_at) > KEPT_UNWATCHED {
            ring.clear();
            self.0.awake.store(false, Ordering::Release);
            return;
        }
        let told = ring.put(bulletin);
        drop(ring);
        if let Some(place) = told {
            self.0.changed.send_replace(place);
        }
    }

    /// Watches what changes from now on, or since `place`; `None` when too many watch.
    pub(super) fn watch(&self, org: Option<OrgId>, place: Option<FeedPlace>) -> Option<FeedWatch> {
        let mut ring = self.0.ring();
        if ring.watchers >= MAX_WATCHERS {
            return None;
        }
        ring.watchers += 1;
        if !self.is_awake() {
            ring.epoch = self.0.clock.now().ms();
            ring.lost = ring.last;
            self.0.awake.store(true, Ordering::Release);
        }
        let seen = match place {
            None => Some(ring.last),
            Some(place) => {
                (place.epoch == ring.epoch && place.seen <= ring.last).then_some(place.seen)
            }
        };
        let changed = self.0.changed.subscribe();
        Some(FeedWatch { feed: self.clone(), org, seen, changed })
    }
}

impl Shared {
    fn ring(&self) -> MutexGuard<'_, Ring> {
        // A panic between two changes of the maps leaves a place without a bulletin, which is
        // passed over.
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ring {
    /// Keeps a bulletin in the place of the subject's last one; its place, or `None` when it says
    /// nothing new.
    fn put(&mut self, mut bulletin: Bulletin) -> Option<u64> {
        let id = bulletin.id();
        if let Some(place) = self.latest.get(&id) {
            if self.bulletins.get(place).is_some_and(|earlier| !bulletin.follows(earlier)) {
                return None;
            }
            self.bulletins.remove(place);
        }
        self.last += 1;
        self.bulletins.insert(self.last, Arc::new(bulletin));
        self.latest.insert(id, self.last);
        if self.bulletins.len() > MAX_SUBJECTS
            && let Some((place, oldest)) = self.bulletins.pop_first()
        {
            self.latest.remove(&oldest.id());
            self.lost = place;
        }
        Some(self.last)
    }

    fn clear(&mut self) {
        self.latest = HashMap::new();
        self.bulletins = BTreeMap::new();
    }
}

/// How far a watcher was told; `18f3a-42` on the wire. The default is a place that is lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeedPlace {
    epoch: i64,
    seen: u64,
}

impl fmt::Display for FeedPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}-{}", self.epoch, self.seen)
    }
}

/// A text that names no place.
#[derive(Debug, thiserror::Error)]
#[error("no place in the feed")]
pub struct UnknownPlace;

impl FromStr for FeedPlace {
    type Err = UnknownPlace;

    fn from_str(text: &str) -> Result<Self, UnknownPlace> {
        let (epoch, seen) = text.split_once('-').ok_or(UnknownPlace)?;
        let epoch = i64::from_str_radix(epoch, 16).map_err(|_| UnknownPlace)?;
        Ok(Self { epoch, seen: seen.parse().map_err(|_| UnknownPlace)? })
    }
}

/// What a watcher is told.
#[derive(Debug)]
pub enum FeedNews {
    /// These changed, each as it is now.
    Changed(Vec<(FeedPlace, Arc<Bulletin>)>),
    /// Some of what changed is not known any more: read anew, from this place on all is told.
    Reset(FeedPlace),
}

/// One who watches.
pub struct FeedWatch {
    feed: Feed,
    org: Option<OrgId>,
    /// How far it was told; `None` when its place is lost.
    seen: Option<u64>,
    changed: watch::Receiver<u64>,
}

impl FeedWatch {
    /// How far it was told.
    pub fn place(&self) -> FeedPlace {
        let ring = self.feed.0.ring();
        FeedPlace { epoch: ring.epoch, seen: self.seen.unwrap_or(ring.last) }
    }

    /// What is new since the last time, at most so many; empty when nothing is.
    pub fn news(&mut self, limit: usize) -> FeedNews {
        let ring = self.feed.0.ring();
        let epoch = ring.epoch;
        let Some(seen) = self.seen.filter(|seen| *seen >= ring.lost) else {
            self.seen = Some(ring.last);
            return FeedNews::Reset(FeedPlace { epoch, seen: ring.last });
        };
        let own = |bulletin: &Bulletin| self.org.is_none_or(|org| org == bulletin.org);
        let changed: Vec<_> = ring
            .bulletins
            .range(seen + 1..)
            .filter(|(_, bulletin)| own(bulletin))
            .take(limit)
            .map(|(seen, bulletin)| (FeedPlace { epoch, seen: *seen }, Arc::clone(bulletin)))
            .collect();
        let full = changed.len() == limit;
        let told = changed.last().filter(|_| full).map_or(ring.last, |(place, _)| place.seen);
        self.seen = Some(told);
        FeedNews::Changed(changed)
    }

    /// Returns when there may be more.
    pub async fn changed(&mut self) {
        // The sender lives in the feed, as long as this.
        while self.seen.is_some_and(|seen| *self.changed.borrow_and_update() <= seen) {
            if self.changed.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}

impl Drop for FeedWatch {
    fn drop(&mut self) {
        let mut ring = self.feed.0.ring();
        ring.watchers -= 1;
        ring.left_at = self.feed.0.clock.now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{JobId, RunId};
    use crate::domain::job::JobState;
    use crate::domain::run::RunState;
    use crate::engine::bulletin::{JobBulletin, Subject};

    const NOW: Timestamp = Timestamp::from_ms(1_000);

    fn feed() -> (Feed, Clock) {
        let clock = Clock::manual(NOW);
        (Feed::new(clock.clone()), clock)
    }

    fn job(org: OrgId, id: JobId, state: JobState, attempt: u16) -> Bulletin {
        let subject = Subject::Job(JobBulletin {
            id,
            action: "noop".to_owned(),
            state,
            attempt,
            phase: None,
            progress: None,
            error_code: None,
            step: None,
        });
        let text = std::sync::OnceLock::new();
        Bulletin { org, subject, created_at: NOW, updated_at: NOW, text }
    }

    fn states(watch: &mut FeedWatch) -> Vec<JobState> {
        let FeedNews::Changed(changed) = watch.news(1_000) else { panic!("a reset") };
        changed
            .iter()
            .map(|(_, bulletin)| match &bulletin.subject {
                Subject::Job(job) => job.state,
                Subject::Run(..) => panic!("a run"),
            })
            .collect()
    }

    #[test]
    fn who_reads_slowly_is_told_the_last_word() {
        let (feed, _) = feed();
        let (org, one, two) = (OrgId::mint(), JobId::mint(), JobId::mint());
        let mut watch = feed.watch(Some(org), None).expect("room");
        feed.publish(|| Some(job(org, one, JobState::Queued, 0)));
        feed.publish(|| Some(job(org, two, JobState::Queued, 0)));
        feed.publish(|| Some(job(org, one, JobState::Processing, 1)));
        assert_eq!(states(&mut watch), [JobState::Queued, JobState::Processing]);
        assert_eq!(states(&mut watch), []);
    }

    #[test]
    fn what_was_overtaken_is_not_told() {
        let (feed, _) = feed();
        let (org, id) = (OrgId::mint(), JobId::mint());
        let mut watch = feed.watch(Some(org), None).expect("room");
        feed.publish(|| Some(job(org, id, JobState::Processing, 1)));
        feed.publish(|| Some(job(org, id, JobState::Queued, 0)));
        assert_eq!(states(&mut watch), [JobState::Processing]);
        feed.publish(|| Some(job(org, id, JobState::Queued, 1)));
        feed.publish(|| Some(job(org, id, JobState::Processing, 1)));
        assert_eq!(states(&mut watch), [JobState::Queued]);
        feed.publish(|| Some(job(org, id, JobState::Failed, 1)));
        feed.publish(|| Some(job(org, id, JobState::Processing, 2)));
        assert_eq!(states(&mut watch), [JobState::Failed]);
    }

    #[test]
    fn another_organizations_changes_are_not_told() {
        let (feed, _) = feed();
        let (org, other) = (OrgId::mint(), OrgId::mint());
        let mut own = feed.watch(Some(org), None).expect("room");
        let mut all = feed.watch(None, None).expect("room");
        feed.publish(|| Some(job(other, JobId::mint(), JobState::Queued, 0)));
        assert_eq!((states(&mut own).len(), states(&mut all).len()), (0, 1));
    }

    #[test]
    fn a_watcher_comes_back_to_its_place() {
        let (feed, clock) = feed();
        let org = OrgId::mint();
        let mut watch = feed.watch(Some(org), None).expect("room");
        feed.publish(|| Some(job(org, JobId::mint(), JobState::Queued, 0)));
        assert_eq!(states(&mut watch).len(), 1);
        let place = watch.place().to_string().parse().expect("a place");
        drop(watch);
        feed.publish(|| Some(job(org, JobId::mint(), JobState::Completed, 1)));
        let mut again = feed.watch(Some(org), Some(place)).expect("room");
        assert_eq!(states(&mut again), [JobState::Completed]);
        drop(again);
        clock.advance(KEPT_UNWATCHED + Duration::from_millis(1));
        feed.publish(|| Some(job(org, JobId::mint(), JobState::Queued, 0)));
        assert!(!feed.is_awake());
        let mut late = feed.watch(Some(org), Some(place)).expect("room");
        assert!(matches!(late.news(1), FeedNews::Reset(_)));
        assert_eq!(states(&mut late), []);
    }

    #[test]
    fn what_was_pushed_out_is_not_passed_over_in_silence() {
        let (feed, _) = feed();
        let org = OrgId::mint();
        let mut watch = feed.watch(Some(org), None).expect("room");
        for _ in 0..=MAX_SUBJECTS {
            feed.publish(|| Some(job(org, JobId::mint(), JobState::Queued, 0)));
        }
        assert_eq!(feed.0.ring().bulletins.len(), MAX_SUBJECTS);
        assert_eq!(feed.0.ring().latest.len(), MAX_SUBJECTS);
        assert!(matches!(watch.news(1), FeedNews::Reset(_)));
        assert_eq!(states(&mut watch), []);
    }

    #[test]
    fn a_run_is_told_when_its_state_changes() {
        let (feed, _) = feed();
        let (org, run) = (OrgId::mint(), RunId::mint());
        let mut watch = feed.watch(Some(org), None).expect("room");
        for state in [RunState::InProgress, RunState::InProgress, RunState::Pending] {
            feed.publish(|| Some(Bulletin::of_run(org, run, state, NOW, NOW)));
        }
        let FeedNews::Changed(changed) = watch.news(10) else { panic!("a reset") };
        assert_eq!(changed.len(), 1);
        assert_eq!(watch.place().seen, 1);
    }

    #[test]
    fn the_number_of_watchers_is_bounded() {
        let (feed, _) = feed();
        let all: Vec<_> = (0..MAX_WATCHERS).map_while(|_| feed.watch(None, None)).collect();
        assert_eq!(all.len(), MAX_WATCHERS);
        assert!(feed.watch(None, None).is_none());
        drop(all);
        assert!(feed.watch(None, None).is_some());
    }

    #[tokio::test]
    async fn a_waiting_watcher_is_woken() {
        let (feed, _) = feed();
        let org = OrgId::mint();
        let mut watch = feed.watch(Some(org), None).expect("room");
        let publish = async { feed.publish(|| Some(job(org, JobId::mint(), JobState::Queued, 0))) };
        tokio::join!(watch.changed(), publish);
        assert_eq!(states(&mut watch).len(), 1);
    }
}
