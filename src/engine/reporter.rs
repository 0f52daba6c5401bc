//! Collects what a running attempt has to say until the next renewal carries it to the store.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::domain::clock::Clock;
use crate::domain::job::{Diagnostic, LogLevel, LogLine, Report};

/// Lines that wait for the next renewal; an action that says more between two loses the rest,
/// unless it waits for room.
const MAX_WAITING_LINES: usize = 1_000;

/// The longest line that is kept, in bytes.
const MAX_LINE_BYTES: usize = 4 * 1024;

/// Steps that an attempt may note.
const MAX_DIAGNOSTICS: usize = 200;

/// What one attempt reports.
#[derive(Debug)]
pub(super) struct Reporter {
    clock: Clock,
    news: Arc<Notify>,
    /// Rings when the lines were taken.
    taken: Notify,
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    report: Report,
    diagnostics: Vec<Diagnostic>,
}

impl Reporter {
    /// A reporter that rings `news` when it has something.
    pub(super) fn new(clock: Clock, news: Arc<Notify>) -> Self {
        Self { clock, news, taken: Notify::new(), waiting: Mutex::default() }
    }

    /// Sets what the attempt is doing, and how far it is.
    pub(super) fn progress(&self, phase: Option<&str>, progress: Option<f64>) {
        let mut waiting = self.waiting();
        if let Some(phase) = phase {
            waiting.report.phase = Some(cut(phase));
        }
        if let Some(progress) = progress.filter(|progress| progress.is_finite()) {
            waiting.report.progress = Some(progress.clamp(0.0, 1.0));
        }
        drop(waiting);
        self.news.notify_one();
    }

    /// Adds a line to the job's log.
    pub(super) fn log(&self, level: LogLevel, message: &str) {
        let mut waiting = self.waiting();
        if waiting.report.lines.len() < MAX_WAITING_LINES {
            let line = LogLine { at: self.clock.now(), level, message: cut(message) };
            waiting.report.lines.push(line);
        }
        drop(waiting);
        self.news.notify_one();
    }

    /// Notes a step.
    pub(super) fn diagnose(&self, diagnostic: Diagnostic) {
        let mut waiting = self.waiting();
        if waiting.diagnostics.len() < MAX_DIAGNOSTICS {
            waiting.diagnostics.push(diagnostic);
        }
    }

    /// Takes what waits; `None` when there is nothing new.
    pub(super) fn take(&self) -> Option<Report> {
        let mut waiting = self.waiting();
        let report = &waiting.report;
        let news = report.phase.is_some() || report.progress.is_some() || !report.lines.is_empty();
        let report = news.then(|| std::mem::take(&mut waiting.report));
        drop(waiting);
        self.taken.notify_one();
        report
    }

    /// Takes back what could not be stored: it comes before what was said since, and is told with
    /// the next renewal.
    pub(super) fn take_back(&self, report: Report) {
        let Report { phase, progress, mut lines } = report;
        let mut waiting = self.waiting();
        let since = &mut waiting.report;
        since.phase = since.phase.take().or(phase);
        since.progress = since.progress.or(progress);
        lines.append(&mut since.lines);
        lines.truncate(MAX_WAITING_LINES);
        since.lines = lines;
    }

    /// Returns when another line would be kept.
    pub(super) async fn has_room(&self) {
        while self.waiting().report.lines.len() >= MAX_WAITING_LINES {
            // An attempt speaks with one voice: a permit that nobody waits for is there for it.
            self.taken.notified().await;
        }
    }

    /// Takes the steps noted.
    pub(super) fn take_diagnostics(&self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.waiting().diagnostics)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // Whole values are pushed or replaced: a panic between two leaves nothing half done.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn cut(text: &str) -> String {
    let end = text.floor_char_boundary(MAX_LINE_BYTES.min(text.len()));
    text[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_cut_between_characters() {
        let line = "é".repeat(MAX_LINE_BYTES);
        let cut = cut(&line);
        assert!(cut.len() <= MAX_LINE_BYTES && cut.chars().all(|c| c == 'é'));
    }

    #[test]
    fn what_was_taken_is_not_said_twice() {
        let reporter = Reporter::new(Clock::system(), Arc::default());
        assert!(reporter.take().is_none());
        reporter.progress(Some("reading"), Some(2.0));
        let report = reporter.take().expect("news");
        assert_eq!((report.phase.as_deref(), report.progress), (Some("reading"), Some(1.0)));
        assert!(reporter.take().is_none());
    }

    #[test]
    fn what_could_not_be_stored_is_said_again_before_what_came_since() {
        let reporter = Reporter::new(Clock::system(), Arc::default());
        reporter.progress(Some("reading"), Some(0.2));
        reporter.log(LogLevel::Info, "first");
        let report = reporter.take().expect("news");
        reporter.progress(None, Some(0.7));
        for _ in 0..MAX_WAITING_LINES {
            reporter.log(LogLevel::Info, "then");
        }
        reporter.take_back(report);
        let Report { phase, progress, lines } = reporter.take().expect("news");
        assert_eq!((phase.as_deref(), progress), (Some("reading"), Some(0.7)));
        assert_eq!((lines.len(), &*lines[0].message), (MAX_WAITING_LINES, "first"));
        assert!(reporter.take().is_none());
    }
}
