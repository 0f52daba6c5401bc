//! One short life, once for each of its commits: in each of them another commit goes wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tempfile::TempDir;
use tidemill::domain::idempotency::{Answer, Fingerprint, IdempotencyKey};
use tidemill::domain::ids::{OrgId, WebhookId};
use tidemill::domain::job::LogLimits;
use tidemill::domain::job::{Claimed, Enqueued, JobState, NewJob, Outcome, Renewal, Report, Write};
use tidemill::domain::webhook::{EventKind, EventSubject};
use tidemill::store::sqlite::{SqliteStore, WriterHooks};
use tidemill::store::{Finished, Renewing, Store as _, StoreError, StoreReader as _};

use crate::fixture::{
    LEASE_SECONDS, NO_LIMIT, at, claiming, completed_with, ending, error, line, new_asset, new_job,
    org, try_finish,
};
use crate::invariants::Inspector;
use crate::{reopen, sqlite, webhooks};

#[tokio::test]
async fn any_commit_may_fail() {
    for_every_commit(Mishap::CommitFails).await;
}

#[tokio::test]
async fn the_process_may_die_before_any_commit() {
    for_every_commit(Mishap::DiesBeforeCommit).await;
}

#[tokio::test]
async fn the_process_may_die_after_any_commit() {
    for_every_commit(Mishap::DiesAfterCommit).await;
}

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Mishap {
    /// The commit fails; the process goes on.
    CommitFails,
    /// The process dies with the transaction open.
    DiesBeforeCommit,
    /// The transaction is on disk, but nobody is told.
    DiesAfterCommit,
}

async fn for_every_commit(mishap: Mishap) {
    for strike_at in 1.. {
        let mut life = Life::begin(mishap, strike_at).await;
        life.live().await;
        let commits = life.commits.load(Ordering::SeqCst);
        assert!(commits > 10, "a life has more commits than that");
        if commits < strike_at {
            return;
        }
    }
}

/// A client with three jobs, and a server that runs them.
struct Life {
    mishap: Mishap,
    strike_at: u64,
    /// Commits that were tried, over all processes of this life.
    commits: Arc<AtomicU64>,
    store: Option<Arc<SqliteStore>>,
    dir: TempDir,
    inspector: Inspector,
    org: OrgId,
    webhook: WebhookId,
    second: i64,
    running: Vec<Claimed>,
}

impl Life {
    async fn begin(mishap: Mishap, strike_at: u64) -> Self {
        let (store, dir) = sqlite(WriterHooks::default());
        let inspector = Inspector::of(dir.path());
        let org = org(&*store, "one").await;
        let webhook = webhooks::webhook(&*store, org, &EventKind::ALL).await;
        drop(store);
        let commits = Arc::new(AtomicU64::new(0));
        let mut life = Self {
            mishap,
            strike_at,
            commits,
            store: None,
            dir,
            inspector,
            org,
            webhook,
            second: 0,
            running: Vec::new(),
        };
        life.restart();
        life
    }

    async fn live(&mut self) {
        /// A life without a mishap takes two; a mishap costs one, and at most an attempt.
        const ROUNDS: usize = 5;
        let jobs = ["first", "second", "third"].map(|key| self.job(key));
        for _ in 0..ROUNDS {
            for job in &jobs {
                self.submit(job).await;
            }
            self.serve().await;
            self.inspector.check();
        }
        for job in &jobs {
            let ended = self.store().job(self.org, job.id).await.expect("a read").expect("a job");
            assert_eq!(ended.state, JobState::Completed, "{ended:?}");
            let files = self.store().assets_of(job.id).await.expect("a read");
            assert_eq!(files.len(), 1, "what an attempt writes is there once");
            let attempts = self.store().attempts(job.id).await.expect("a read");
            let completed =
                attempts.iter().filter(|attempt| attempt.outcome == "completed").count();
            assert_eq!(completed, 1);
        }
        let told = webhooks::told(self.store(), self.org, self.webhook).await;
        for job in &jobs {
            let of_it = told.iter().filter(|event| event.subject == EventSubject::Job(job.id));
            assert_eq!(of_it.count(), 1, "a webhook is told of each end once");
        }
        assert_eq!(told.len(), jobs.len());
    }

    /// The client repeats its request until it is answered, and may repeat it after that.
    async fn submit(&mut self, job: &NewJob) {
        let now = at(self.second);
        let answers = self
            .attempt(async |store| store.enqueue(vec![job.clone()], now, NO_LIMIT, None).await)
            .await;
        let Some(mut answers) = answers else { return };
        match answers.remove(0) {
            Enqueued::Created(id) => assert_eq!(id, job.id),
            Enqueued::Replayed(answer) => assert_eq!(answer, answer_to(job)),
            refused => panic!("{refused:?}"),
        }
    }

    /// One round of the server: rescue, claim, renew, then each attempt ends.
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
        self.running = claimed.unwrap_or_default();

        let reports: Vec<_> = self.running.iter().map(|it| (it.lease, said("working"))).collect();
        let lease_expires_at = at(self.second + LEASE_SECONDS);
        let renewing = async |store: &SqliteStore| {
            store
                .renew(Renewing {
                    reports: reports.clone(),
                    log_limits: LogLimits::default(),
                    now,
                    lease_expires_at,
                })
                .await
        };
        if let Some(renewals) = self.attempt(renewing).await {
            assert!(renewals.iter().all(|renewal| *renewal == Renewal::Held), "{renewals:?}");
        }
        while let Some(claimed) = self.running.pop() {
            self.end(claimed).await;
        }
    }

    /// The first attempt is to be retried, the next completes; an unanswered end is told again.
    async fn end(&mut self, claimed: Claimed) {
        let now = at(self.second);
        let outcome = if claimed.job.attempt == 1 {
            Outcome::Retry { error: error("connect_timeout"), run_at: now }
        } else {
            completed_with("done", vec![Write::Asset(new_asset("picture"))])
        };
        let lease = claimed.lease;
        for _ in 0..2 {
            let outcome = outcome.clone();
            let told = self
                .attempt(async |store| try_finish(store, ending(lease, outcome.clone(), now)).await)
                .await;
            match told {
                Some(Finished::Written { .. }) => return,
                // Only a restart takes a lease that the worker still believes in.
                Some(Finished::LeaseLost) => {
                    assert_ne!(self.mishap, Mishap::CommitFails);
                    return;
                }
                None => {}
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
            self.running.clear();
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
        webhooks::deliver(self.store());
    }

    fn store(&self) -> &SqliteStore {
        self.store.as_deref().expect("the process lives")
    }

    fn job(&self, key: &str) -> NewJob {
        let new = new_job(self.org);
        let idempotency = IdempotencyKey {
            route: "jobs",
            key: key.to_owned(),
            fingerprint: Fingerprint::of(&key.into()),
            answer: answer_to(&new),
        };
        NewJob { idempotency: Some(idempotency), ..new }
    }
}

fn answer_to(job: &NewJob) -> Answer {
    Answer { status: 202, body: job.id.to_string() }
}

fn said(message: &str) -> Report {
    Report { lines: vec![line(at(0), message)], ..Report::default() }
}
