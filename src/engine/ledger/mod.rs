//! What happened in the last hour, by organization and action, for who looks on.
//!
//! Each pair has a ring of quarter minutes and a few histograms, written under one short lock and
//! read only when somebody asks, so nothing is ever counted in the table. Figures begin anew with
//! the process. Never: more than [`MAX_SERIES`] pairs in memory.

mod series;
mod spread;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::domain::clock::Timestamp;
use crate::domain::ids::OrgId;
use crate::domain::job::{Job, JobState};
use crate::engine::ledger::series::Series;

pub use series::{TICK, Tally, Tick};
pub use spread::Quantiles;
use spread::Spread;

/// Pairs of organization and action that are told apart: some 13 KiB each. One more takes the
/// place of the one that was quiet for longest.
const MAX_SERIES: usize = 512;

/// Figures of the last hour.
#[derive(Clone, Debug, Default)]
pub struct Recent {
    /// All together, the oldest quarter minute first.
    pub ticks: Vec<Tick>,
    /// How long jobs waited for their first attempt.
    pub wait: Option<Quantiles>,
    /// How long attempts took.
    pub run: Option<Quantiles>,
    /// The same by organization and action, as far as something happened.
    pub parts: Vec<RecentOf>,
    /// Clients that wait for an end just now.
    pub waiting_clients: usize,
}

/// Figures of the last hour of one organization and action.
#[derive(Clone, Debug)]
pub struct RecentOf {
    /// Whose.
    pub org: OrgId,
    /// The action's name.
    pub action: String,
    /// How many.
    pub tally: Tally,
    /// How long jobs waited for their first attempt.
    pub wait: Option<Quantiles>,
    /// How long attempts took.
    pub run: Option<Quantiles>,
}

/// Where the engine notes what happens.
#[derive(Debug, Default)]
pub(super) struct Ledger(Mutex<Books>);

#[derive(Debug, Default)]
struct Books {
    orgs: HashMap<OrgId, Book>,
    series: usize,
}

#[derive(Debug, Default)]
struct Book {
    actions: HashMap<Box<str>, Box<Series>>,
    waiting_clients: usize,
}

impl Ledger {
    /// A job was accepted.
    pub(super) fn arrived(&self, org: OrgId, action: &str, now: Timestamp) {
        self.note(org, action, now, |series| series.tick(now).tally.arrived += 1);
    }

    /// A job's first attempt began, `wait` after it was accepted.
    pub(super) fn waited(&self, org: OrgId, action: &str, wait: Duration, now: Timestamp) {
        self.note(org, action, now, |series| series.span(now).wait.add(wait));
    }

    /// A job's attempt ended, or the job was ended without one.
    pub(super) fn ended(&self, job: &Job, took: Option<Duration>) {
        if job.internal {
            // The server's own work is no figure of an organization's; the metrics have it.
            return;
        }
        let now = job.updated_at;
        self.note(job.org, &job.action, now, |series| {
            if let Some(took) = took {
                series.span(now).run.add(took);
            }
            let tally = &mut series.tick(now).tally;
            match job.state {
                JobState::Completed => tally.completed += 1,
                JobState::Failed => tally.failed += 1,
                JobState::Cancelled => tally.cancelled += 1,
                JobState::Blocked | JobState::Queued | JobState::Processing => {}
            }
        });
    }

    /// A client begins to wait.
    pub(super) fn client_waits(&self, org: OrgId) {
        self.books().orgs.entry(org).or_default().waiting_clients += 1;
    }

    /// A client no longer waits.
    pub(super) fn client_left(&self, org: OrgId) {
        let mut books = self.books();
        let Some(book) = books.orgs.get_mut(&org) else { return };
        book.waiting_clients = book.waiting_clients.saturating_sub(1);
        if book.waiting_clients == 0 && book.actions.is_empty() {
            books.orgs.remove(&org);
        }
    }

    /// The last hour of one organization, or of all.
    pub(super) fn recent(&self, org: Option<OrgId>, now: Timestamp) -> Recent {
        let mut sum = Series::default();
        let (mut wait, mut run) = (Spread::default(), Spread::default());
        let mut recent = Recent::default();
        let books = self.books();
        for (id, book) in books.orgs.iter().filter(|(id, _)| org.is_none_or(|org| org == **id)) {
            recent.waiting_clients += book.waiting_clients;
            for (action, series) in &book.actions {
                let (tally, waits, runs) = (series.tally(now), series.waits(now), series.runs(now));
                if tally == Tally::default() && runs.quantiles().is_none() {
                    continue;
                }
                sum.add_ticks(series, now);
                wait.merge(&waits);
                run.merge(&runs);
                recent.parts.push(RecentOf {
                    org: *id,
                    action: action.to_string(),
                    tally,
                    wait: waits.quantiles(),
                    run: runs.quantiles(),
                });
            }
        }
        drop(books);
        Recent { ticks: sum.ticks(now), wait: wait.quantiles(), run: run.quantiles(), ..recent }
    }

    fn note(&self, org: OrgId, action: &str, now: Timestamp, change: impl FnOnce(&mut Series)) {
        let mut books = self.books();
        if let Some(series) = books.orgs.get_mut(&org).and_then(|book| book.actions.get_mut(action))
        {
            series.touched_at = series.touched_at.max(now);
            return change(series);
        }
        if books.series >= MAX_SERIES {
            books.forget_quietest();
        }
        books.series += 1;
        let book = books.orgs.entry(org).or_default();
        let series = book.actions.entry(action.into()).or_default();
        series.touched_at = now;
        change(series);
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        // Counts are added one by one: a panic between two loses at most one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Books {
    fn forget_quietest(&mut self) {
        let all = self.orgs.iter().flat_map(|(org, book)| {
            book.actions.iter().map(|(action, series)| (series.touched_at, *org, action))
        });
        let Some((_, org, action)) = all.min_by_key(|(touched_at, ..)| *touched_at) else { return };
        let action = action.clone();
        if let Some(book) = self.orgs.get_mut(&org) {
            book.actions.remove(&action);
            if book.actions.is_empty() && book.waiting_clients == 0 {
                self.orgs.remove(&org);
            }
        }
        self.series -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_ms(1_800_000_000_000);

    #[test]
    fn an_organization_sees_its_own_figures_and_the_server_all() {
        let (ledger, ours, theirs) = (Ledger::default(), OrgId::mint(), OrgId::mint());
        ledger.arrived(ours, "noop", NOW);
        ledger.arrived(theirs, "noop", NOW);
        ledger.waited(theirs, "noop", Duration::from_secs(3), NOW);
        ledger.client_waits(theirs);
        let own = ledger.recent(Some(ours), NOW);
        assert_eq!((own.parts.len(), own.waiting_clients, own.wait), (1, 0, None));
        assert_eq!(own.parts[0].tally.arrived, 1);
        let all = ledger.recent(None, NOW);
        assert_eq!((all.parts.len(), all.waiting_clients), (2, 1));
        assert_eq!(all.ticks.iter().map(|tick| tick.tally.arrived).sum::<u32>(), 2);
        assert!(all.wait.is_some());
    }

    #[test]
    fn what_is_older_than_an_hour_is_forgotten() {
        let (ledger, org) = (Ledger::default(), OrgId::mint());
        ledger.arrived(org, "noop", NOW);
        ledger.waited(org, "noop", Duration::from_secs(1), NOW);
        let later = NOW.after(Duration::from_mins(70));
        let recent = ledger.recent(Some(org), later);
        assert!(recent.parts.is_empty() && recent.wait.is_none());
        assert!(recent.ticks.iter().all(|tick| tick.tally == Tally::default()));
        // The ring is used again.
        ledger.arrived(org, "noop", later);
        assert_eq!(ledger.recent(Some(org), later).parts[0].tally.arrived, 1);
    }

    #[test]
    fn the_quietest_pair_gives_way() {
        let (ledger, org) = (Ledger::default(), OrgId::mint());
        for number in 0..u64::try_from(MAX_SERIES).expect("small") + 5 {
            let at = NOW.after(Duration::from_millis(number));
            ledger.arrived(org, &format!("action-{number}"), at);
        }
        let recent = ledger.recent(Some(org), NOW);
        assert_eq!(recent.parts.len(), MAX_SERIES);
        assert!(!recent.parts.iter().any(|part| part.action == "action-0"));
    }

    #[test]
    fn an_organization_that_only_waited_leaves_nothing_behind() {
        let (ledger, org) = (Ledger::default(), OrgId::mint());
        ledger.client_waits(org);
        ledger.client_left(org);
        assert!(ledger.books().orgs.is_empty());
    }
}
