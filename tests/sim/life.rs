//! Random lives: whatever happens, every accepted job is there and ends once.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tempfile::TempDir;
use tidemill::domain::audit::Author;
use tidemill::domain::clock::Timestamp;
use tidemill::domain::ids::{JobId, OrgId, WebhookId};
use tidemill::domain::job::LogLimits;
use tidemill::domain::job::{
    Claimed, Enqueued, Job, JobState, Lease, NewJob, Outcome, Renewal, Report, Write,
};
use tidemill::domain::webhook::{EventKind, EventSubject};
use tidemill::store::sqlite::{SqliteStore, WriterHooks};
use tidemill::store::{
    Cancelling, Finished, JobFilter, Renewing, Store as _, StoreError, StoreReader as _,
};

use super::dice::Dice;
use crate::fixture::{
    NO_LIMIT, at, claiming, completed_with, ending, error, everything, failed, new_asset, new_job,
    org, try_finish, unheard,
};
use crate::invariants::Inspector;
use crate::{reopen, sqlite, webhooks};

#[tokio::test]
async fn mishaps_lose_nothing() {
    for seed in 0..12 {
        live(seed, 60).await;
    }
}

#[tokio::test]
#[ignore = "takes minutes"]
async fn many_mishaps_lose_nothing() {
    for seed in 1_000..1_200 {
        live(seed, 300).await;
    }
}

/// One life of so many steps; then all faults cease, and everything must end.
async fn live(seed: u64, steps: usize) {
    let mut life = Life::begin(Dice::of_seed(seed)).await;
    for _ in 0..steps {
        life.step().await;
        life.check().await;
    }
    life.come_to_rest().await;
}

/// How many jobs are run at once.
const WORKERS: usize = 4;

struct Life {
    dice: Dice,
    dir: TempDir,
    /// None only while the process is being replaced.
    store: Option<Arc<SqliteStore>>,
    inspector: Inspector,
    /// Makes the next commit fail.
    fault: Arc<AtomicBool>,
    now: Timestamp,
    org: OrgId,
    /// Is to be told of each end.
    webhook: WebhookId,
    /// Every job that the store said it has, with its end once that was told.
    accepted: BTreeMap<JobId, Option<Job>>,
    /// What living workers run.
    running: Vec<Claimed>,
    /// Leases whose worker died, or was told to stop: they may speak up late.
    ghosts: Vec<Lease>,
}

impl Life {
    async fn begin(dice: Dice) -> Self {
        let fault = Arc::new(AtomicBool::new(false));
        let (store, dir) = sqlite(hooks(&fault));
        let inspector = Inspector::of(dir.path());
        let org = org(&*store, "one").await;
        webhooks::deliver(&*store);
        let webhook = webhooks::webhook(&*store, org, &EventKind::ALL).await;
        Self {
            dice,
            dir,
            store: Some(store),
            inspector,
            fault,
            now: at(0),
            org,
            webhook,
            accepted: BTreeMap::new(),
            running: Vec::new(),
            ghosts: Vec::new(),
        }
    }

    async fn step(&mut self) {
        let fails = self.dice.one_in(6);
        self.fault.store(fails, Ordering::SeqCst);
        match self.dice.roll(16) {
            0..3 => self.submit().await,
            3..6 => self.claim(WORKERS - self.running.len()).await,
            6..10 => self.end_one().await,
            10 => self.hear_a_ghost().await,
            11 => self.renew().await,
            12 => self.rescue().await,
            13 => self.cancel().await,
            14 => self.pass_time(),
            _ => self.die_and_restart().await,
        }
        self.fault.store(false, Ordering::SeqCst);
    }

    async fn submit(&mut self) {
        let jobs: Vec<NewJob> = (0..=self.dice.roll(3))
            .map(|_| NewJob { max_attempts: 2, ..new_job(self.org) })
            .collect();
        let ids: Vec<JobId> = jobs.iter().map(|job| job.id).collect();
        let answers = self.store().enqueue(jobs, self.now, NO_LIMIT, None).await;
        // A refused submission is never seen again: `check` finds it if it is.
        if let Ok(answers) = answers {
            assert!(answers.iter().zip(&ids).all(|(it, id)| *it == Enqueued::Created(*id)));
            self.accepted.extend(ids.into_iter().map(|id| (id, None)));
        }
    }

    async fn claim(&mut self, limit: usize) {
        let (claiming, delivered) = claiming(limit, self.now);
        let told = self.store().claim(claiming).await;
        let claimed = delivered.await.expect("a delivery, whatever happened");
        assert_eq!(claimed.len(), told.unwrap_or(0));
        self.running.extend(claimed);
    }

    async fn end_one(&mut self) {
        if self.running.is_empty() {
            return;
        }
        let place = self.dice.roll(self.running.len() as u64);
        let claimed = self.running.remove(usize::try_from(place).expect("a place"));
        if self.dice.one_in(5) {
            // The worker dies before it says anything.
            self.ghosts.push(claimed.lease);
            return;
        }
        let lease = claimed.lease;
        match self.finish(lease).await {
            Ok(Finished::Written { job, .. }) => self.note(*job),
            // Told by the next renewal that the job was cancelled, or lost while the clock leapt.
            Ok(Finished::LeaseLost) => {}
            // The worker has it still, and will say so again.
            Err(_) => self.running.push(claimed),
        }
        if self.dice.one_in(4) {
            self.ghosts.push(lease);
        }
    }

    async fn finish(&mut self, lease: Lease) -> Result<Finished, StoreError> {
        let outcome = match self.dice.roll(6) {
            0..3 => completed_with("done", vec![Write::Asset(new_asset("picture"))]),
            3 => failed(),
            4 => Outcome::Released,
            _ => {
                let run_at = self.now.after(Duration::from_secs(self.dice.roll(20)));
                Outcome::Retry { error: error("connect_timeout"), run_at }
            }
        };
        try_finish(self.store(), ending(lease, outcome, self.now)).await
    }

    async fn hear_a_ghost(&mut self) {
        if self.ghosts.is_empty() {
            return;
        }
        let lease = *self.dice.pick(&self.ghosts);
        // As long as nobody rescued the job its end may still be written, but only once.
        if let Ok(Finished::Written { job, .. }) = self.finish(lease).await {
            self.note(*job);
        }
    }

    async fn renew(&mut self) {
        let lease_expires_at = self.now.after(Duration::from_secs(30));
        let reports: Vec<_> =
            self.running.iter().map(|claimed| (claimed.lease, Report::default())).collect();
        let renewing =
            Renewing { reports, log_limits: LogLimits::default(), now: self.now, lease_expires_at };
        let Ok(renewals) = self.store().renew(renewing).await else { return };
        let mut renewals = renewals.into_iter();
        self.running.retain(|claimed| {
            let held = renewals.next().expect("an answer each") == Renewal::Held;
            if !held {
                self.ghosts.push(claimed.lease);
            }
            held
        });
    }

    async fn rescue(&mut self) {
        let Ok(rescued) = self.store().rescue_expired(self.now, 100).await else { return };
        for rescued in rescued {
            self.note(rescued.job);
        }
    }

    async fn cancel(&mut self) {
        if self.accepted.is_empty() {
            return;
        }
        let ids: Vec<JobId> = self.accepted.keys().copied().collect();
        let id = *self.dice.pick(&ids);
        let Ok(mut told) =
            self.store().cancel(self.org, vec![id], self.now, Author::SERVER, unheard()).await
        else {
            return;
        };
        match told.pop().flatten().expect("the job is there") {
            Cancelling::Cancelled { job, .. } => self.note(*job),
            Cancelling::AlreadyTerminal(state) => {
                assert_eq!(self.accepted[&id].as_ref().map(|job| job.state), Some(state));
            }
        }
    }

    fn pass_time(&mut self) {
        let ms = match self.dice.roll(8) {
            0 => 3_600_000,
            1 => -3_600_000,
            _ => 1_000 * i64::try_from(self.dice.roll(20)).expect("a few seconds"),
        };
        self.now = Timestamp::from_ms(self.now.ms() + ms);
    }

    async fn die_and_restart(&mut self) {
        self.ghosts.extend(self.running.drain(..).map(|claimed| claimed.lease));
        // The old process ends before the new one begins.
        self.store = None;
        self.store = Some(reopen(&self.dir, hooks(&self.fault)));
        webhooks::deliver(self.store());
        // The new process rescues its predecessor's jobs, if the disk lets it.
        if self.store().expire_local_leases(self.now).await.is_ok() {
            self.rescue().await;
        }
    }

    fn store(&self) -> &SqliteStore {
        self.store.as_deref().expect("the process lives")
    }

    /// Keeps what the store told of a job. An end is told once.
    fn note(&mut self, job: Job) {
        if job.state.is_terminal() {
            let known = self.accepted.get_mut(&job.id).expect("an accepted job");
            assert_eq!(known.replace(job), None, "it ends twice");
        }
    }

    async fn check(&self) {
        self.inspector.check();
        let filter = JobFilter { limit: 10_000, ..everything(self.org) };
        let listed = self.store().jobs(filter).await.expect("a read").jobs;
        let stored: Vec<_> =
            listed.iter().rev().map(|job| (job.id, job.finished_at, job.attempt)).collect();
        assert_eq!(stored.len(), self.accepted.len(), "a job is lost, or one too many is there");
        for ((id, ended), stored) in self.accepted.iter().zip(stored) {
            let attempt = ended.as_ref().map_or(stored.2, |job| job.attempt);
            let finished_at = ended.as_ref().and_then(|job| job.finished_at);
            assert_eq!(stored, (*id, finished_at, attempt), "an end changed, or was not told");
        }
        self.check_messages().await;
    }

    /// A message to the webhook was stored with each end, and with nothing else.
    async fn check_messages(&self) {
        let told = webhooks::told(self.store(), self.org, self.webhook).await;
        let mut told: Vec<_> = told.iter().map(|event| (event.subject, event.kind)).collect();
        told.sort_unstable_by_key(|(subject, _)| match subject {
            EventSubject::Job(id) => *id,
            EventSubject::Run(_) => panic!("there are no runs"),
        });
        let ends = self.accepted.iter().filter_map(|(id, ended)| {
            let kind = ended.as_ref().and_then(EventKind::of_job)?;
            Some((EventSubject::Job(*id), kind))
        });
        assert_eq!(told, ends.collect::<Vec<_>>());
    }

    async fn come_to_rest(&mut self) {
        // Each round lets every lease expire and starts an attempt of every job; a round for each
        // hour that the clock may have been set back, and two for the attempts, are plenty.
        for _ in 0..100 {
            if self.accepted.values().all(Option::is_some) {
                break;
            }
            self.now = self.now.after(Duration::from_hours(2));
            self.rescue().await;
            self.claim(1_000).await;
            for claimed in std::mem::take(&mut self.running) {
                let writes = vec![Write::Asset(new_asset("picture"))];
                let ending = ending(claimed.lease, completed_with("done", writes), self.now);
                if let Ok(Finished::Written { job, .. }) = try_finish(self.store(), ending).await {
                    self.note(*job);
                }
            }
            self.check().await;
        }
        for (id, ended) in &self.accepted {
            let ended = ended.as_ref().expect("every job ends");
            let stored = self.store().job(self.org, *id).await.expect("a read");
            assert_eq!(stored.as_ref(), Some(ended), "what was told is what is stored");
            // What an attempt wrote is there if it completed the job, and only once.
            let files = self.store().assets_of(*id).await.expect("a read").len();
            assert_eq!(files, usize::from(ended.state == JobState::Completed));
        }
    }
}

/// Lets commits fail while `fault` is set.
pub(super) fn hooks(fault: &Arc<AtomicBool>) -> WriterHooks {
    let fault = Arc::clone(fault);
    WriterHooks {
        before_commit: Some(Arc::new(move |_| {
            if fault.load(Ordering::SeqCst) { Err(StoreError::DiskFull) } else { Ok(()) }
        })),
        ..WriterHooks::default()
    }
}
