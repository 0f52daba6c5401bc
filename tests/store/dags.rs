//! Random runs of up to ten steps, whose steps complete, fail, are retried, lost and cancelled in
//! a random order: each ends, no step begins too early, and none has two results.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};
use tidemill::domain::audit::Author;
use tidemill::domain::ids::{JobId, OrgId};
use tidemill::domain::job::{Claimed, JobState, Outcome};
use tidemill::domain::plan::MAX_STEPS;
use tidemill::domain::run::{NewRun, Run, RunState};
use tidemill::store::sqlite::{SqliteStore, WriterHooks};
use tidemill::store::{Finished, Store as _};

use crate::fixture::{
    LEASE_SECONDS, at, claim, ending, error, failed, org, rescue, try_finish, unheard,
};
use crate::invariants::Inspector;
use crate::run_fixture::{brings, enqueue_run, new_run, run, states, taking};
use crate::sqlite;

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 120, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn every_run_ends_as_its_steps_do(dag in dag(), rolls in rolls(60)) {
        on_a_store(&dag, &rolls);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 3_000, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    #[ignore = "takes minutes"]
    fn many_runs_end_as_their_steps_do(dag in dag(), rolls in rolls(60)) {
        on_a_store(&dag, &rolls);
    }
}

/// What is rolled at each turn: which of the running steps, and what happens.
fn rolls(turns: usize) -> impl Strategy<Value = Vec<(prop::sample::Index, u8)>> {
    prop::collection::vec((any::<prop::sample::Index>(), 0..10_u8), turns)
}

/// A step of a random run: what it depends on, and how it ends when it comes to that.
#[derive(Clone, Debug)]
struct Fate {
    depends_on: Vec<usize>,
    /// Whether it takes a value from all of those, and whether those bring it.
    takes: bool,
    end: End,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Completes,
    /// Completes, but without the value that others may take.
    CompletesEmpty,
    Fails,
    Cancelled,
}

fn dag() -> impl Strategy<Value = Vec<Fate>> {
    let end = prop_oneof![
        8 => Just(End::Completes),
        1 => Just(End::CompletesEmpty),
        1 => Just(End::Fails),
        1 => Just(End::Cancelled),
    ];
    let fate = (prop::collection::vec(any::<prop::sample::Index>(), 0..4), any::<bool>(), end);
    prop::collection::vec(fate, 1..=MAX_STEPS).prop_map(|fates| {
        let fates = fates.into_iter().enumerate().map(|(place, (on, takes, end))| {
            // Only earlier ones, so that there is no cycle; the ids are in no order at all.
            let mut on: Vec<usize> =
                on.iter().filter(|_| place > 0).map(|on| on.index(place.max(1))).collect();
            on.sort_unstable();
            on.dedup();
            Fate { depends_on: on, takes, end }
        });
        fates.collect()
    })
}

fn name(place: usize) -> String {
    format!("step {place}")
}

fn run_of(org: OrgId, dag: &[Fate]) -> NewRun {
    let names: Vec<String> = (0..dag.len()).map(name).collect();
    let depends_on: Vec<Vec<&str>> = dag
        .iter()
        .map(|fate| fate.depends_on.iter().map(|on| names[*on].as_str()).collect())
        .collect();
    let steps: Vec<(&str, &[&str])> =
        names.iter().zip(&depends_on).map(|(name, on)| (name.as_str(), on.as_slice())).collect();
    let mut run = new_run(org, &steps);
    for step in &mut run.steps {
        // However often its worker is lost, a step comes to the end that it is to have.
        step.job.max_attempts = 1_000;
    }
    for (place, fate) in dag.iter().enumerate().filter(|(_, fate)| fate.takes) {
        for on in &fate.depends_on {
            run = taking(run, &names[place], &format!("from {on}"), &names[*on], "value");
        }
    }
    run
}

/// How each step must end: as its fate has it, if all that it depends on completed.
fn expected(dag: &[Fate]) -> Vec<JobState> {
    let mut states: Vec<JobState> = Vec::new();
    for fate in dag {
        let state = if fate.depends_on.iter().any(|on| states[*on] != JobState::Completed) {
            // What it takes may be missing before another dependency fails, or after.
            JobState::Cancelled
        } else if fate.takes && fate.depends_on.iter().any(|on| dag[*on].end == End::CompletesEmpty)
        {
            JobState::Failed
        } else {
            match fate.end {
                End::Completes | End::CompletesEmpty => JobState::Completed,
                End::Fails => JobState::Failed,
                End::Cancelled => JobState::Cancelled,
            }
        };
        states.push(state);
    }
    states
}

fn on_a_store(dag: &[Fate], rolls: &[(prop::sample::Index, u8)]) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let (store, dir) = sqlite(WriterHooks::default());
        let inspector = Inspector::of(dir.path());
        let org = org(&*store, "one").await;
        let id = enqueue_run(&*store, run_of(org, dag)).await;
        let mut yard =
            Yard { store: &store, org, dag, running: Vec::new(), ends: BTreeMap::new(), second: 0 };
        for (which, what) in rolls {
            yard.turn(which, *what).await;
            inspector.check();
        }
        // Nothing goes wrong any more.
        for _ in 0..3 * MAX_STEPS {
            yard.rest().await;
            inspector.check();
        }
        let ended = run(&*store, org, id).await;
        compare(&ended, dag, &yard.ends);
    });
}

/// Where steps are worked on.
struct Yard<'a> {
    store: &'a SqliteStore,
    org: OrgId,
    dag: &'a [Fate],
    running: Vec<Claimed>,
    /// Each end that the store said was written, with the attempt's own mark.
    ends: BTreeMap<JobId, i64>,
    second: i64,
}

impl Yard<'_> {
    async fn turn(&mut self, which: &prop::sample::Index, what: u8) {
        self.second += 1;
        match what {
            0..3 => self.claim().await,
            3 => {
                // All workers fall silent, and their leases run out.
                self.second += LEASE_SECONDS + 1;
                rescue(self.store, at(self.second), 100).await;
            }
            _ if self.running.is_empty() => {}
            4 => {
                let claimed = self.running.remove(which.index(self.running.len()));
                let outcome = Outcome::Retry { error: error("x"), run_at: at(self.second + 2) };
                self.finish(&claimed, outcome).await;
            }
            5 => {
                // Ended twice: the second time must write nothing.
                let claimed = self.running.remove(which.index(self.running.len()));
                self.end(&claimed).await;
                self.end(&claimed).await;
            }
            _ => {
                let claimed = self.running.remove(which.index(self.running.len()));
                self.end(&claimed).await;
            }
        }
    }

    async fn rest(&mut self) {
        self.second += LEASE_SECONDS + 1;
        rescue(self.store, at(self.second), 100).await;
        self.running.clear();
        self.claim().await;
        for claimed in std::mem::take(&mut self.running) {
            self.end(&claimed).await;
        }
    }

    async fn claim(&mut self) {
        for claimed in claim(self.store, 3, at(self.second)).await {
            let (_, fate) = self.fate(&claimed);
            for on in &fate.depends_on {
                let mark = format!("from {on}");
                assert_eq!(claimed.job.mapped.contains_key(&mark), fate.takes, "{claimed:?}");
            }
            self.running.push(claimed);
        }
    }

    fn fate(&self, claimed: &Claimed) -> (usize, &Fate) {
        let (_, step) = claimed.job.step.as_ref().expect("a step");
        let place = (0..self.dag.len()).find(|place| name(*place) == *step).expect("a place");
        (place, &self.dag[place])
    }

    async fn end(&mut self, claimed: &Claimed) {
        let mark = claimed.lease.epoch;
        let (place, fate) = self.fate(claimed);
        let outcome = match fate.end {
            End::Completes => brings(&json!({"value": place, "mark": mark})),
            End::CompletesEmpty => brings(&json!({"mark": mark})),
            End::Fails => failed(),
            End::Cancelled => {
                self.store
                    .cancel(
                        self.org,
                        vec![claimed.job.id],
                        at(self.second),
                        Author::SERVER,
                        unheard(),
                    )
                    .await
                    .expect("a cancel");
                return;
            }
        };
        if self.finish(claimed, outcome).await {
            let before = self.ends.insert(claimed.job.id, mark);
            assert_eq!(before, None, "it ends twice");
        }
    }

    /// Whether it was written.
    async fn finish(&self, claimed: &Claimed, outcome: Outcome) -> bool {
        let ending = ending(claimed.lease, outcome, at(self.second));
        let finished = try_finish(self.store, ending).await.expect("a finish");
        matches!(finished, Finished::Written { .. })
    }
}

fn compare(run: &Run, dag: &[Fate], ends: &BTreeMap<JobId, i64>) {
    let (actual, expected) = (states(run), expected(dag));
    for (place, (actual, expected)) in actual.iter().zip(&expected).enumerate() {
        // A step that takes from one which came without, and waits for one that failed, is failed
        // or skipped, whichever came first.
        let either = dag[place].takes
            && *expected == JobState::Cancelled
            && dag[place].depends_on.iter().any(|on| dag[*on].end == End::CompletesEmpty);
        assert!(actual == expected || either && *actual == JobState::Failed, "{place}: {actual}");
    }
    let all = actual.iter().all(|state| *state == JobState::Completed);
    assert_eq!(run.state, if all { RunState::Completed } else { RunState::Failed });
    for step in &run.steps {
        let job = step.job.as_ref().expect("its job");
        let result = match &job.result {
            Some(tidemill::domain::payload::Payload::Inline(text)) => {
                serde_json::from_str(text).expect("JSON")
            }
            _ => Value::Null,
        };
        let told = ends.get(&job.id).filter(|_| job.state == JobState::Completed);
        assert_eq!(result["mark"].as_i64(), told.copied(), "the result is that of the end told");
    }
}
