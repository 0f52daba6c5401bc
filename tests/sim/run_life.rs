//! Random lives with runs: whatever happens, every accepted run is there, no step begins too
//! early, and each run ends once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use tidemill::domain::audit::Author;
use tidemill::domain::clock::Timestamp;
use tidemill::domain::ids::{OrgId, RunId, WebhookId};
use tidemill::domain::job::{Claimed, Lease, Outcome};
use tidemill::domain::plan::MAX_STEPS;
use tidemill::domain::run::{EnqueuedRun, NewRun, Run};
use tidemill::domain::webhook::{EventKind, EventSubject};
use tidemill::store::sqlite::SqliteStore;
use tidemill::store::{RunReader as _, Runs as _, Store as _, StoreReader as _};

use super::dice::Dice;
use super::life::hooks;
use crate::fixture::{NO_LIMIT, at, claiming, ending, error, failed, org, try_finish, unheard};
use crate::invariants::Inspector;
use crate::run_fixture::{brings, new_run, taking};
use crate::{reopen, sqlite, webhooks};

#[tokio::test]
async fn mishaps_leave_no_run_unfinished() {
    for seed in 0..12 {
        live(seed, 60).await;
    }
}

#[tokio::test]
#[ignore = "takes minutes"]
async fn many_mishaps_leave_no_run_unfinished() {
    for seed in 1_000..1_200 {
        live(seed, 300).await;
    }
}

/// One life of so many moves; then all faults cease, and every run must end.
async fn live(seed: u64, moves: usize) {
    let mut life = Life::begin(Dice::of_seed(seed)).await;
    for _ in 0..moves {
        life.step().await;
        life.check().await;
    }
    life.come_to_rest().await;
}

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
    /// Every run that the store said it has, with its end once that was seen.
    accepted: BTreeMap<RunId, Option<Run>>,
    running: Vec<Claimed>,
    /// Leases whose worker died: they may speak up late.
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
            0..2 => self.submit().await,
            2..6 => self.claim().await,
            6..11 => self.end_one().await,
            11 => self.hear_a_ghost().await,
            12 => drop(self.store().rescue_expired(self.now, 100).await),
            13 => self.cancel().await,
            14 => self.now = self.now.after(Duration::from_secs(self.dice.roll(40))),
            _ => self.die_and_restart().await,
        }
        self.fault.store(false, Ordering::SeqCst);
    }

    async fn submit(&mut self) {
        let run = self.random_run();
        let id = run.id;
        let (asked, delivered) = claiming(2, self.now);
        let told = self.store().enqueue_run(run, self.now, NO_LIMIT, asked).await;
        let claimed = delivered.await.expect("a delivery, whatever happened");
        // A refused submission is never seen again: `check` finds it if it is.
        if let Ok(told) = told {
            assert_eq!(told, EnqueuedRun::Created(id));
            self.accepted.insert(id, None);
            self.running.extend(claimed);
        }
    }

    /// Up to ten steps, each waiting for some of the earlier ones and taking what they say.
    fn random_run(&mut self) -> NewRun {
        let number = 1 + usize::try_from(self.dice.roll(MAX_STEPS as u64)).expect("a few");
        let names: Vec<String> = (0..number).map(|step| format!("s{step}")).collect();
        let mut depends_on: Vec<Vec<&str>> = Vec::new();
        for step in 0..number {
            let earlier = names[..step].iter().map(String::as_str);
            depends_on.push(earlier.filter(|_| self.dice.one_in(3)).collect());
        }
        let steps: Vec<(&str, &[&str])> =
            names.iter().map(String::as_str).zip(depends_on.iter().map(Vec::as_slice)).collect();
        let mut run = new_run(self.org, &steps);
        for (step, on) in &steps {
            for from in on.iter().filter(|_| self.dice.one_in(2)) {
                run = taking(run, step, from, from, "said");
            }
        }
        run
    }

    async fn claim(&mut self) {
        let (claiming, delivered) = claiming(4, self.now);
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
        if !self.dice.one_in(6) {
            let outcome = self.outcome(&claimed);
            if try_finish(self.store(), ending(claimed.lease, outcome, self.now)).await.is_err() {
                // The worker has it still, and will say so again.
                self.running.push(claimed);
                return;
            }
        }
        if self.dice.one_in(3) {
            self.ghosts.push(claimed.lease);
        }
    }

    fn outcome(&mut self, claimed: &Claimed) -> Outcome {
        let (_, step) = claimed.job.step.clone().expect("a step");
        match self.dice.roll(10) {
            0 => failed(),
            1 => Outcome::Released,
            2 => {
                let run_at = self.now.after(Duration::from_secs(self.dice.roll(20)));
                Outcome::Retry { error: error("connect_timeout"), run_at }
            }
            // Without what others may take.
            3 => brings(&json!({})),
            _ => brings(&json!({ "said": step })),
        }
    }

    async fn hear_a_ghost(&mut self) {
        if let Some(lease) = self.ghosts.pop() {
            let late = ending(lease, brings(&json!({"said": "late"})), self.now);
            drop(try_finish(self.store(), late).await);
        }
    }

    async fn cancel(&mut self) {
        let ids: Vec<RunId> = self.accepted.keys().copied().collect();
        if ids.is_empty() {
            return;
        }
        let id = *self.dice.pick(&ids);
        if self.dice.one_in(2) {
            drop(self.store().cancel_run(self.org, id, self.now, Author::SERVER, unheard()).await);
            return;
        }
        let run = self.read(id).await;
        let step = self.dice.pick(&run.steps).plan.job;
        drop(self.store().cancel(self.org, vec![step], self.now, Author::SERVER, unheard()).await);
    }

    async fn die_and_restart(&mut self) {
        self.ghosts.extend(self.running.drain(..).map(|claimed| claimed.lease));
        // The old process ends before the new one begins.
        self.store = None;
        self.store = Some(reopen(&self.dir, hooks(&self.fault)));
        webhooks::deliver(self.store());
        if self.store().expire_local_leases(self.now).await.is_ok() {
            drop(self.store().rescue_expired(self.now, 100).await);
        }
    }

    async fn read(&self, id: RunId) -> Run {
        self.store().run(self.org, id).await.expect("a read").expect("the run is there")
    }

    fn store(&self) -> &SqliteStore {
        self.store.as_deref().expect("the process lives")
    }

    async fn check(&mut self) {
        self.inspector.check();
        let listed = self.store().runs(all(self.org)).await.expect("a read").runs;
        assert_eq!(listed.len(), self.accepted.len(), "a run is lost, or one too many is there");
        for id in self.accepted.keys().copied().collect::<Vec<_>>() {
            let run = self.read(id).await;
            match self.accepted.get_mut(&id).expect("it is known") {
                Some(ended) => assert_eq!(*ended, run, "an ended run changed"),
                known => *known = run.state.is_terminal().then_some(run),
            }
        }
        self.check_messages().await;
    }

    /// A message to the webhook was stored with the end of each run, and at most one with that of
    /// a step.
    async fn check_messages(&self) {
        let told = webhooks::told(self.store(), self.org, self.webhook).await;
        let subjects: BTreeSet<String> =
            told.iter().map(|event| format!("{:?}", event.subject)).collect();
        assert_eq!(subjects.len(), told.len(), "an end is told twice");
        let of_runs = told.iter().filter_map(|event| match event.subject {
            EventSubject::Run(id) => Some((id, event.kind)),
            EventSubject::Job(_) => None,
        });
        let ended = self.accepted.iter().filter_map(|(id, run)| {
            let kind = run.as_ref().and_then(|run| EventKind::of_run(run.state))?;
            Some((*id, kind))
        });
        assert_eq!(of_runs.collect::<BTreeMap<_, _>>(), ended.collect());
    }

    async fn come_to_rest(&mut self) {
        for _ in 0..4 * MAX_STEPS {
            if self.accepted.values().all(Option::is_some) {
                break;
            }
            self.now = self.now.after(Duration::from_hours(1));
            self.store().rescue_expired(self.now, 1_000).await.expect("the disk is well");
            self.running.clear();
            while self.running.len() < 1_000 {
                let before = self.running.len();
                self.claim().await;
                if self.running.len() == before {
                    break;
                }
            }
            for claimed in std::mem::take(&mut self.running) {
                let (_, step) = claimed.job.step.clone().expect("a step");
                let ending = ending(claimed.lease, brings(&json!({ "said": step })), self.now);
                try_finish(self.store(), ending).await.expect("the disk is well");
            }
            self.check().await;
        }
        for (id, ended) in &self.accepted {
            assert!(ended.is_some(), "the run {id} does not end");
        }
        let depths = self.store().depths().await.expect("a read");
        assert!(depths.iter().all(|depth| depth.jobs == 0 || depth.action == webhooks::DELIVER));
    }
}

fn all(org: OrgId) -> tidemill::store::RunFilter {
    tidemill::store::RunFilter {
        org,
        states: Vec::new(),
        created_after: None,
        created_before: None,
        cursor: None,
        limit: 10_000,
    }
}
