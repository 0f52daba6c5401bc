//! One run's life, once for each of its commits: in each of them another commit goes wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};
use tempfile::TempDir;
use tidemill::domain::idempotency::{Answer, Fingerprint, IdempotencyKey};
use tidemill::domain::ids::OrgId;
use tidemill::domain::job::{Claimed, JobState, Outcome};
use tidemill::domain::run::{EnqueuedRun, NewRun, RunState};
use tidemill::store::sqlite::{SqliteStore, WriterHooks};
use tidemill::store::{RunReader as _, Runs as _, Store as _, StoreError, StoreReader as _};

use super::mishaps::Mishap;
use crate::fixture::{LEASE_SECONDS, NO_LIMIT, at, claiming, ending, error, org, try_finish};
use crate::invariants::Inspector;
use crate::run_fixture::{brings, new_run, run, states, taking};
use crate::{reopen, sqlite};

#[tokio::test]
async fn any_commit_of_a_run_may_go_wrong() {
    for mishap in [Mishap::CommitFails, Mishap::DiesBeforeCommit, Mishap::DiesAfterCommit] {
        for strike_at in 1.. {
            let mut life = Life::begin(mishap, strike_at).await;
            life.live().await;
            let commits = life.commits.load(Ordering::SeqCst);
            assert!(commits > 10, "a run has more commits than that");
            if commits < strike_at {
                break;
            }
        }
    }
}

/// A client with one run, and a server that works on it.
struct Life {
    mishap: Mishap,
    strike_at: u64,
    /// Commits that were tried, over all processes of this life.
    commits: Arc<AtomicU64>,
    store: Option<Arc<SqliteStore>>,
    dir: TempDir,
    inspector: Inspector,
    org: OrgId,
    second: i64,
}

impl Life {
    async fn begin(mishap: Mishap, strike_at: u64) -> Self {
        let (store, dir) = sqlite(WriterHooks::default());
        let inspector = Inspector::of(dir.path());
        let org = org(&*store, "one").await;
        drop(store);
        let commits = Arc::new(AtomicU64::new(0));
        let mut life =
            Self { mishap, strike_at, commits, store: None, dir, inspector, org, second: 0 };
        life.restart();
        life
    }

    async fn live(&mut self) {
        /// A run of three levels takes six with its retries; a mishap costs one more.
        const ROUNDS: usize = 9;
        let new = self.new_run();
        for _ in 0..ROUNDS {
            self.submit(&new).await;
            self.serve().await;
            self.inspector.check();
        }
        let ended = run(self.store(), self.org, new.id).await;
        assert_eq!(ended.state, RunState::Completed, "{:?}", states(&ended));
        assert_eq!(states(&ended), [JobState::Completed; 4]);
        let mapped = ended.steps[3].job.as_ref().map(|job| Value::Object(job.mapped.clone()));
        assert_eq!(mapped, Some(json!({"from_a": "a", "from_c": "c"})));
        for step in &ended.steps {
            let attempts = self.store().attempts(step.plan.job).await.expect("a read");
            let completed = attempts.iter().filter(|it| it.outcome == "completed").count();
            assert_eq!(completed, 1, "one result a step");
        }
        let filter = tidemill::store::RunFilter {
            org: self.org,
            states: Vec::new(),
            created_after: None,
            created_before: None,
            cursor: None,
            limit: 10,
        };
        assert_eq!(self.store().runs(filter).await.expect("a read").runs.len(), 1);
    }

    fn new_run(&self) -> NewRun {
        let steps =
            new_run(self.org, &[("a", &[]), ("b", &["a"]), ("c", &["a"]), ("d", &["b", "c"])]);
        let steps = taking(taking(steps, "d", "from_a", "a", "said"), "d", "from_c", "c", "said");
        let idempotency = IdempotencyKey {
            route: "runs",
            key: "one".to_owned(),
            fingerprint: Fingerprint::of(&"one".into()),
            answer: answer(),
        };
        NewRun { idempotency: Some(idempotency), ..steps }
    }

    /// The client repeats its request until it is answered, and may repeat it after that.
    async fn submit(&mut self, new: &NewRun) {
        let now = at(self.second);
        let told = self
            .attempt(async |store| {
                store.enqueue_run(new.clone(), now, NO_LIMIT, claiming(0, now).0).await
            })
            .await;
        match told {
            Some(EnqueuedRun::Created(id)) => assert_eq!(id, new.id),
            Some(EnqueuedRun::Replayed(before)) => assert_eq!(before, answer()),
            Some(refused) => panic!("{refused:?}"),
            None => {}
        }
    }

    /// One round of the server: rescue, claim, then each attempt ends.
    async fn serve(&mut self) {
        self.second += LEASE_SECONDS + 1;
        let now = at(self.second);
        self.attempt(async |store| store.rescue_expired(now, 10).await).await;
        let claimed = self
            .attempt(async |store| {
                let (claiming, delivered) = claiming(10, now);
                store.claim(claiming).await?;
                Ok(delivered.await.expect("a delivery"))
            })
            .await;
        for claimed in claimed.unwrap_or_default() {
            self.end(&claimed).await;
        }
    }

    /// The first attempt is to be retried, the next completes; an unanswered end is told again.
    async fn end(&mut self, claimed: &Claimed) {
        let now = at(self.second);
        let (_, step) = claimed.job.step.clone().expect("a step");
        let outcome = if claimed.job.attempt == 1 {
            Outcome::Retry { error: error("connect_timeout"), run_at: now }
        } else {
            brings(&json!({ "said": step }))
        };
        for _ in 0..2 {
            let told = self
                .attempt(async |store| {
                    try_finish(store, ending(claimed.lease, outcome.clone(), now)).await
                })
                .await;
            if told.is_some() {
                return;
            }
        }
    }

    /// Tries a write; `None` when it failed, or nobody lives to hear of it.
    async fn attempt<T>(
        &mut self,
        write: impl AsyncFn(&SqliteStore) -> Result<T, StoreError>,
    ) -> Option<T> {
        let before = self.commits.load(Ordering::SeqCst);
        let result = write(self.store()).await;
        let struck =
            before < self.strike_at && self.commits.load(Ordering::SeqCst) >= self.strike_at;
        if !struck {
            return Some(result.expect("nothing goes wrong but the one thing"));
        }
        assert_eq!(result.is_ok(), self.mishap == Mishap::DiesAfterCommit);
        if self.mishap != Mishap::CommitFails {
            self.restart();
            let now = at(self.second);
            self.store().expire_local_leases(now).await.expect("the disk is well again");
            self.store().rescue_expired(now, 10).await.expect("the disk is well again");
        }
        self.inspector.check();
        None
    }

    /// Ends the process, if there is one, and begins another.
    fn restart(&mut self) {
        self.store = None;
        let (mishap, strike_at) = (self.mishap, self.strike_at);
        let commits = Arc::clone(&self.commits);
        let before_commit = move |_| {
            let strikes = commits.fetch_add(1, Ordering::SeqCst) + 1 == strike_at;
            if strikes && mishap != Mishap::DiesAfterCommit {
                return Err(StoreError::DiskFull);
            }
            Ok(())
        };
        let hooks =
            WriterHooks { before_commit: Some(Arc::new(before_commit)), ..WriterHooks::default() };
        self.store = Some(reopen(&self.dir, hooks));
    }

    fn store(&self) -> &SqliteStore {
        self.store.as_deref().expect("the process lives")
    }
}

fn answer() -> Answer {
    Answer { status: 202, body: "the run".to_owned() }
}
