//! Random verbs against a store agree with a simple model of it.

use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::Index;
use tidemill::domain::audit::Author;
use tidemill::domain::ids::{JobId, OrgId};
use tidemill::domain::job::LogLimits;
use tidemill::domain::job::{Lease, NewJob, Outcome, Report};
use tidemill::store::sqlite::{SqliteStore, WriterHooks};
use tidemill::store::{
    ClaimOutcome, Claiming, Deletion, Delivered, Finished, Renewing, Store as _, StoreReader as _,
};

use crate::fixture::{
    at, claiming_with, claims, completed, ending, error, everything, failed, new_job, org, rescue,
    try_finish, unheard,
};
use crate::invariants::Inspector;
use crate::model::{Asked, Model};
use crate::sqlite;

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 100, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn random_verbs_agree_with_a_model(verbs in prop::collection::vec(verb(), 1..60)) {
        on_a_store(&verbs);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1_000, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    #[ignore = "takes minutes"]
    fn many_random_verbs_agree_with_a_model(verbs in prop::collection::vec(verb(), 1..200)) {
        on_a_store(&verbs);
    }
}

/// What may happen to a store. An `Index` picks among what is known so far.
#[derive(Clone, Debug)]
enum Verb {
    Enqueue(Submission),
    Claim { limit: usize, org: Option<usize>, actions: usize, local: bool },
    Finish { lease: Index, end: End },
    Renew { lease: Index },
    Cancel { job: Index },
    Delete { job: Index },
    Rescue { limit: usize },
    ExpireLocalLeases,
    Prune,
    Pass { seconds: i64 },
}

/// A job to be accepted, and how many workers are idle then.
#[derive(Clone, Copy, Debug)]
struct Submission {
    org: usize,
    action: usize,
    priority: u8,
    delay: i64,
    attempts: u16,
    unique: bool,
    idle: usize,
}

/// How an attempt ends.
#[derive(Clone, Copy, Debug)]
enum End {
    Completed,
    Failed,
    Retry { delay: i64 },
    Released,
}

fn verb() -> impl Strategy<Value = Verb> {
    let index = any::<Index>;
    let end = prop_oneof![
        4 => Just(End::Completed),
        1 => Just(End::Failed),
        2 => (0_i64..20).prop_map(|delay| End::Retry { delay }),
        1 => Just(End::Released),
    ];
    prop_oneof![
        6 => submission().prop_map(Verb::Enqueue),
        4 => (1..5_usize, prop::option::weighted(0.2, 0..3_usize), 1..3_usize, any::<bool>())
            .prop_map(|(limit, org, actions, local)| Verb::Claim { limit, org, actions, local }),
        6 => (index(), end).prop_map(|(lease, end)| Verb::Finish { lease, end }),
        2 => index().prop_map(|lease| Verb::Renew { lease }),
        1 => index().prop_map(|job| Verb::Cancel { job }),
        1 => index().prop_map(|job| Verb::Delete { job }),
        2 => (1..4_usize).prop_map(|limit| Verb::Rescue { limit }),
        1 => Just(Verb::ExpireLocalLeases),
        1 => Just(Verb::Prune),
        3 => (1_i64..40).prop_map(|seconds| Verb::Pass { seconds }),
    ]
}

fn submission() -> impl Strategy<Value = Submission> {
    let delay = prop_oneof![3 => Just(0_i64), 1 => 1_i64..40];
    let idle = prop_oneof![2 => Just(0_usize), 1 => 1..3_usize];
    (0..3_usize, 0..2_usize, 0..3_u8, delay, 1..4_u16, any::<bool>(), idle).prop_map(
        |(org, action, priority, delay, attempts, unique, idle)| Submission {
            org,
            action,
            priority,
            delay,
            attempts,
            unique,
            idle,
        },
    )
}

/// The most unfinished jobs of an organization: few, so that it is reached.
const QUEUE_LIMIT: u64 = 8;

fn on_a_store(verbs: &[Verb]) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let (store, dir) = sqlite(WriterHooks::default());
        let inspector = Inspector::of(dir.path());
        let mut world = World::on(store).await;
        for verb in verbs {
            world.apply(verb).await;
            world.compare().await;
            inspector.check();
        }
        world.drain().await;
        inspector.check();
    });
}

/// A store, its model, and what was handed out so far.
struct World {
    store: Arc<SqliteStore>,
    model: Model,
    orgs: Vec<OrgId>,
    jobs: Vec<(OrgId, JobId)>,
    leases: Vec<Lease>,
    /// Seconds since the beginning.
    second: i64,
}

impl World {
    async fn on(store: Arc<SqliteStore>) -> Self {
        let mut orgs = Vec::new();
        for name in ["one", "two", "three"] {
            orgs.push(org(&*store, name).await);
        }
        Self { store, model: Model::default(), orgs, jobs: vec![], leases: vec![], second: 0 }
    }

    async fn apply(&mut self, verb: &Verb) {
        let now = at(self.second);
        match verb {
            Verb::Pass { seconds } => self.second += seconds,
            Verb::Enqueue(submission) => self.enqueue(*submission).await,
            Verb::Claim { limit, org, actions, local } => {
                let (claiming, delivered) = claiming_with(*limit, now, claims);
                let claiming = Claiming {
                    org: org.map(|org| self.orgs[org]),
                    actions: ACTIONS[..*actions].iter().map(|&action| action.into()).collect(),
                    worker: if *local { Claiming::LOCAL } else { "printer" }.to_owned(),
                    ..claiming
                };
                let asked = Asked::by(&claiming);
                self.store.claim(claiming).await.expect("a claim");
                self.model.ripen(now);
                self.claimed(&asked, &delivered.await.expect("a delivery"));
            }
            Verb::Finish { lease, end } => {
                if !self.leases.is_empty() {
                    self.finish(*lease.get(&self.leases), *end).await;
                }
            }
            Verb::Renew { lease } => {
                if !self.leases.is_empty() {
                    self.renew(*lease.get(&self.leases)).await;
                }
            }
            Verb::Cancel { job } | Verb::Delete { job } => {
                if !self.jobs.is_empty() {
                    self.remove(verb, *job.get(&self.jobs)).await;
                }
            }
            Verb::Rescue { limit } => {
                let rescued = rescue(&*self.store, now, *limit).await;
                self.model.rescue(&rescued, now, *limit);
            }
            Verb::ExpireLocalLeases => {
                let expired = self.store.expire_local_leases(now).await.expect("an expiry");
                assert_eq!(expired, self.model.expire_local_leases(now));
            }
            Verb::Prune => {
                let before = at(self.second - 60);
                let pruned = self.store.prune_finished(before, before, before, 1_000).await;
                assert_eq!(pruned.expect("a prune").jobs, self.model.prune(before));
            }
        }
    }

    async fn enqueue(&mut self, submission: Submission) {
        let Submission { org, action, priority, delay, attempts, unique, idle } = submission;
        let now = at(self.second);
        let new = NewJob {
            action: ACTIONS[action].to_owned(),
            priority,
            run_at: (delay > 0).then(|| at(self.second + delay)),
            max_attempts: attempts,
            unique_key: unique.then(|| format!("only-{priority}")),
            ..new_job(self.orgs[org])
        };
        let expected = self.model.enqueue(&new, QUEUE_LIMIT);
        self.jobs.push((new.org, new.id));
        let (asked, delivered) = claiming_with(idle, now, |delivered| delivered);
        let by = Asked::by(&asked);
        let asked = (idle > 0).then_some(asked);
        let answers = self.store.enqueue(vec![new], now, QUEUE_LIMIT, asked).await;
        assert_eq!(answers.expect("an enqueue"), [expected]);
        // Whoever is idle takes what is ready; only a claim looks for what became due.
        match delivered.await.expect("a delivery") {
            Delivered::Claimed(claims) => self.claimed(&by, &claims),
            Delivered::Failed => assert_eq!(idle, 0, "nobody asked"),
        }
    }

    fn claimed(&mut self, asked: &Asked, claims: &ClaimOutcome) {
        self.model.claim(asked, claims);
        self.leases.extend(claims.jobs.iter().map(|claimed| claimed.lease));
    }

    async fn finish(&mut self, lease: Lease, end: End) {
        let now = at(self.second);
        let outcome = match end {
            End::Completed => completed(&format!("in attempt {}", lease.epoch)),
            End::Failed => failed(),
            End::Retry { delay } => {
                Outcome::Retry { error: error("connect_timeout"), run_at: at(self.second + delay) }
            }
            End::Released => Outcome::Released,
        };
        let expected = self.model.finish(lease, &outcome, now);
        let finished = try_finish(&*self.store, ending(lease, outcome, now)).await;
        let written = matches!(finished.expect("a finish"), Finished::Written { .. });
        assert_eq!(written, expected, "{lease:?}");
    }

    async fn renew(&mut self, lease: Lease) {
        let now = at(self.second);
        let lease_expires_at = now.after(Duration::from_secs(30));
        let expected = self.model.renew(lease, lease_expires_at);
        let reports = vec![(lease, Report::default())];
        let renewed = self
            .store
            .renew(Renewing { reports, log_limits: LogLimits::default(), now, lease_expires_at })
            .await;
        assert_eq!(renewed.expect("a renewal"), [expected]);
    }

    async fn remove(&mut self, verb: &Verb, (org, id): (OrgId, JobId)) {
        let now = at(self.second);
        if matches!(verb, Verb::Cancel { .. }) {
            let told = self
                .store
                .cancel(org, vec![id], now, Author::SERVER, unheard())
                .await
                .expect("a cancel")
                .remove(0);
            assert!(self.model.cancel(id, told.as_ref(), now), "{told:?}");
            return;
        }
        let expected = match self.model.delete(id) {
            None => Deletion::Unknown,
            Some(state) if state.is_terminal() => Deletion::Deleted,
            Some(_) => Deletion::NotTerminal,
        };
        assert_eq!(
            self.store.delete(org, id, at(9), Author::SERVER).await.expect("a delete"),
            expected
        );
    }

    async fn compare(&self) {
        for org in &self.orgs {
            let page = self.store.jobs(everything(*org)).await.expect("a read");
            self.model.compare(*org, &page.jobs);
        }
    }

    /// Lets everything end, and reads the results.
    async fn drain(&mut self) {
        while self.model.unfinished() > 0 {
            self.second += 100;
            self.apply(&Verb::Rescue { limit: 100 }).await;
            let known = self.leases.len();
            let claim = Verb::Claim { limit: 100, org: None, actions: 2, local: true };
            self.apply(&claim).await;
            for lease in self.leases.split_off(known) {
                self.finish(lease, End::Completed).await;
            }
        }
        self.compare().await;
        for (org, id, result) in self.model.results() {
            let job = self.store.job(org, id).await.expect("a read").expect("the job is there");
            assert_eq!(job.result.as_ref(), result);
        }
    }
}

/// The actions there are; a claim knows the first, or both.
const ACTIONS: [&str; 2] = ["noop", "another"];
