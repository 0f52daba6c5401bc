//! Random lives of schedules: each moment that falls due brings one job, or is counted as left out.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tempfile::TempDir;
use tidemill::domain::audit::Author;
use tidemill::domain::clock::Timestamp;
use tidemill::domain::ids::OrgId;
use tidemill::domain::schedule::{Overlap, Schedule, Submission};
use tidemill::domain::timetable::{Due, Timetable};
use tidemill::store::sqlite::SqliteStore;
use tidemill::store::{Firing, JobFilter, Schedules as _, Store as _, StoreReader as _};

use super::dice::Dice;
use super::life::hooks;
use crate::fixture::{NO_LIMIT, at, everything, org, unheard};
use crate::schedules::{insert, schedule, submission};
use crate::{reopen, sqlite};

#[tokio::test]
async fn mishaps_double_no_firing_and_lose_none() {
    for seed in 0..12 {
        let mut life = Life::begin(Dice::of_seed(seed)).await;
        for _ in 0..60 {
            life.step().await;
            life.check().await;
        }
    }
}

/// Every five minutes, and whatever happens.
struct Life {
    dice: Dice,
    dir: TempDir,
    /// None only while the process is being replaced.
    store: Option<Arc<SqliteStore>>,
    /// Makes the next commit fail.
    fault: Arc<AtomicBool>,
    now: Timestamp,
    org: OrgId,
    table: Timetable,
    /// What was asked for once, and may be asked for again.
    ghosts: Vec<Firing>,
}

impl Life {
    async fn begin(dice: Dice) -> Self {
        let fault = Arc::new(AtomicBool::new(false));
        let (store, dir) = sqlite(hooks(&fault));
        let org = org(&*store, "one").await;
        let table = Timetable::parse("*/5 * * * *", "UTC").expect("a timetable");
        let next_at = table.after(at(0)).ok();
        let schedule = Schedule {
            cron: "*/5 * * * *".to_owned(),
            time_zone: "UTC".to_owned(),
            next_at,
            catch_up: 2,
            ..schedule(org, Overlap::Queue)
        };
        insert(&*store, &schedule).await;
        Self { dice, dir, store: Some(store), fault, now: at(0), org, table, ghosts: Vec::new() }
    }

    async fn step(&mut self) {
        let fails = self.dice.one_in(4);
        self.fault.store(fails, Ordering::SeqCst);
        match self.dice.roll(8) {
            0..3 => self.fire().await,
            3 => self.edit().await,
            4 => self.hear_a_ghost().await,
            5 => {
                // The old process ends before the new one begins.
                self.store = None;
                self.store = Some(reopen(&self.dir, hooks(&self.fault)));
            }
            _ => self.pass_time(),
        }
        self.fault.store(false, Ordering::SeqCst);
    }

    async fn fire(&mut self) {
        let due = self.store().due_schedules(self.now, 10).await.expect("a read");
        for schedule in due {
            let next = schedule.next_at.expect("it is due");
            let keep = usize::try_from(schedule.catch_up).expect("a few");
            let Due { moments, missed, next: next_at } = self.table.due(next, self.now, keep);
            let submissions = moments.into_iter().map(|at| submission(&schedule, at)).collect();
            let firing = Firing {
                schedule,
                submissions,
                missed,
                skip_reason: None,
                next_at,
                now: self.now,
                queue_limit: NO_LIMIT,
            };
            self.ghosts.push(firing.clone());
            // Whether it was stored or not is told by the table alone.
            drop(self.store().fire(firing, unheard()).await);
        }
    }

    /// Somebody who hung asks for a firing that may have been long ago.
    async fn hear_a_ghost(&mut self) {
        if self.ghosts.is_empty() {
            return;
        }
        let mut firing = self.dice.pick(&self.ghosts).clone();
        // Another process would have minted other ids.
        for submitted in &mut firing.submissions {
            if let Submission::Job(job) = submitted {
                job.id = tidemill::domain::ids::JobId::mint();
            }
        }
        drop(self.store().fire(firing, unheard()).await);
    }

    /// Somebody changes the name; what is due stays due.
    async fn edit(&mut self) {
        let was = self.schedule().await;
        let updated_at = self.now.max(was.updated_at.after(Duration::from_millis(1)));
        let edited = Schedule { name: None, updated_at, ..was.clone() };
        drop(self.store().edit_schedule(was, edited, Author::SERVER).await);
    }

    fn pass_time(&mut self) {
        let minutes = match self.dice.roll(8) {
            0 => 600,
            1 => -60,
            _ => i64::try_from(self.dice.roll(12)).expect("a few minutes"),
        };
        self.now = Timestamp::from_ms(self.now.ms() + minutes * 60_000);
    }

    fn store(&self) -> &SqliteStore {
        self.store.as_deref().expect("the process lives")
    }

    async fn schedule(&self) -> Schedule {
        let mut found = self.store().schedules(self.org, None).await.expect("a read");
        found.pop().expect("the schedule is there")
    }

    /// Of all the moments before the next one, each brought a job or was left out, none both.
    async fn check(&self) {
        let schedule = self.schedule().await;
        let next = schedule.next_at.expect("it is active");
        let filter = JobFilter { limit: 10_000, ..everything(self.org) };
        let listed = self.store().jobs(filter).await.expect("a read").jobs;
        let mut brought = BTreeSet::new();
        for listed in &listed {
            let job = self.store().job(self.org, listed.id).await.expect("a read").expect("a job");
            let moment = job.echo["scheduled_at"].as_str().expect("a moment").to_owned();
            assert!(brought.insert(moment), "a firing was doubled");
        }
        let first = self.table.after(at(0)).expect("a moment");
        let passed = (next.ms() - first.ms()) / 300_000;
        let told = brought.len() as u64 + schedule.skipped;
        assert_eq!(told, u64::try_from(passed).expect("no moment comes back"), "one was lost");
    }
}
