//! Keeps the leases of running attempts, carries what they report to the store, and gives up on
//! attempts that do not heed their time-out.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::domain::job::Renewal;
use crate::engine::running::Attempting;
use crate::engine::{Bulletin, Core, executor, time_limit};
use crate::store::Renewing;

/// How long reports are gathered before one write carries them: a person sees progress move, and
/// a chatty action costs four writes a second.
const GATHER: Duration = Duration::from_millis(250);

/// How often attempts are looked at while they may take to heed a time-out.
const LOOKS: u32 = 5;

/// Leases renewed in one write: bounded as every write is.
const MAX_LEASES_A_WRITE: usize = 500;

impl Core {
    /// Renews and reports until `done`, which comes after the last attempt has ended.
    pub(super) async fn renew_leases(self: &Arc<Self>, done: &CancellationToken) {
        let mut renewed = Instant::now();
        while !done.is_cancelled() {
            tokio::select! {
                () = self.news.notified() => tokio::time::sleep(GATHER).await,
                () = tokio::time::sleep(self.options.lease / 3) => {}
                () = done.cancelled() => return,
            }
            let all = renewed.elapsed() >= self.options.lease / 3;
            if all {
                renewed = Instant::now();
            }
            self.renew(all).await;
        }
    }

    async fn renew(self: &Arc<Self>, all: bool) {
        let attempts: Vec<_> = self
            .running
            .all()
            .into_iter()
            .filter_map(|attempting| {
                let report = attempting.reporter.take();
                (all || report.is_some()).then(|| (attempting, report.unwrap_or_default()))
            })
            .collect();
        let now = self.clock.now();
        let mut attempts = attempts.into_iter().peekable();
        while attempts.peek().is_some() {
            let (renewed, reports): (Vec<_>, Vec<_>) = attempts
                .by_ref()
                .take(MAX_LEASES_A_WRITE)
                .map(|(attempting, report)| (Arc::clone(&attempting), (attempting.lease, report)))
                .unzip();
            let told = self.bulletins_of_progress(&renewed, &reports, now);
            let said: Vec<_> = reports.iter().map(|(_, report)| report.clone()).collect();
            let renewing = Renewing {
                reports,
                log_limits: self.options.log_limits,
                now,
                lease_expires_at: now.after(self.options.lease),
            };
            match self.store.renew(renewing).await {
                Ok(renewals) => self.heed(&renewed, &renewals, told),
                Err(error) => {
                    tracing::warn!(%error, "failed to renew leases; trying again");
                    for (attempting, report) in renewed.iter().zip(said) {
                        attempting.reporter.take_back(report);
                    }
                }
            }
        }
    }

    fn heed(&self, renewed: &[Arc<Attempting>], renewals: &[Renewal], told: Vec<Option<Bulletin>>) {
        let mut told = told.into_iter();
        for (attempting, renewal) in renewed.iter().zip(renewals) {
            let bulletin = told.next().flatten();
            match renewal {
                Renewal::Held => {
                    self.feed.publish(|| bulletin);
                    self.notifier.publish_change(attempting.lease.job);
                    if let Some((run, _)) = &attempting.job.step {
                        self.run_notifier.publish_change(*run);
                    }
                }
                Renewal::Cancelled | Renewal::Lost => attempting.token.cancel(),
            }
        }
    }

    /// Gives up threads whose attempt ignores its time-out, until `done`.
    pub(super) async fn watch_time_outs(self: &Arc<Self>, done: &CancellationToken) {
        let heed = self.options.heed_time_out;
        while !done.is_cancelled() {
            tokio::select! {
                () = tokio::time::sleep(heed / LOOKS) => {}
                () = done.cancelled() => return,
            }
            for attempting in self.running.all() {
                if Instant::now() >= attempting.deadline() + heed && attempting.end() {
                    self.abandon(&attempting);
                }
            }
        }
    }

    fn abandon(self: &Arc<Self>, attempting: &Arc<Attempting>) {
        let job = &attempting.job;
        tracing::error!(
            job = %job.id, action = job.action,
            "an attempt ignores its time-out; its thread is given up and replaced",
        );
        let error = time_limit::exceeded(self, attempting);
        attempting.give_back();
        executor::finish(self, attempting, executor::failed(self, attempting, &error), None);
        self.metrics.worker_abandoned();
        self.abandoned.fetch_add(1, Ordering::SeqCst);
        self.given_up.notify_one();
        if let Err(error) = self.hire() {
            tracing::error!(%error, "failed to start a worker thread");
            return;
        }
        self.dispatcher.free_seat();
    }
}
