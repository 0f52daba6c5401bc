//! The text that Prometheus scrapes: every count under its name, with a sentence of help.

use std::fmt;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;

use crate::telemetry::histogram::Histogram;
use crate::telemetry::metrics::{MODEL_OUTCOMES, Metrics, OUTCOMES, STATUSES};

impl Collector for Metrics {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        self.encode_build(&mut encoder)?;
        self.encode_jobs(&mut encoder)?;
        self.encode_schedules(&mut encoder)?;
        self.encode_queues(&mut encoder)?;
        self.encode_store(&mut encoder)?;
        self.encode_models(&mut encoder)?;
        self.encode_http(&mut encoder)
    }
}

impl Metrics {
    #[expect(clippy::unused_self, reason = "the same shape as its neighbours")]
    fn encode_build(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let help = "The version that runs; always 1";
        let mut metric =
            encoder.encode_descriptor("tidemill_build_info", help, None, MetricType::Gauge)?;
        metric.encode_family(&[("version", env!("CARGO_PKG_VERSION"))])?.encode_gauge(&1_i64)
    }

    fn encode_jobs(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let actions = self.actions.entries();
        let mut metric = counter(encoder, "tidemill_jobs_enqueued", "Jobs accepted")?;
        for (action, counts) in &actions {
            encode_count(&mut metric.encode_family(&[("action", *action)])?, &counts.enqueued)?;
        }
        let mut metric = counter(encoder, "tidemill_attempts_finished", "Attempts that ended")?;
        for (action, counts) in &actions {
            for (outcome, count) in OUTCOMES.iter().zip(&counts.finished) {
                if count.load(Ordering::Relaxed) > 0 {
                    let labels = [("action", *action), ("outcome", *outcome)];
                    encode_count(&mut metric.encode_family(&labels)?, count)?;
                }
            }
        }
        let help = "From the moment a job was due to its claim";
        let mut metric = histogram(encoder, "tidemill_job_wait_seconds", help)?;
        for (action, counts) in &actions {
            encode_histogram(&mut metric.encode_family(&[("action", *action)])?, &counts.wait)?;
        }
        let help = "From an attempt's claim to its end";
        let mut metric = histogram(encoder, "tidemill_job_run_seconds", help)?;
        for (action, counts) in &actions {
            encode_histogram(&mut metric.encode_family(&[("action", *action)])?, &counts.run)?;
        }
        Ok(())
    }

    fn encode_schedules(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let help = "Times that a schedule fell due";
        let mut metric = counter(encoder, "tidemill_schedule_firings", help)?;
        for (outcome, count) in [("submitted", &self.firings), ("skipped", &self.firings_skipped)] {
            encode_count(&mut metric.encode_family(&[("outcome", outcome)])?, count)?;
        }
        Ok(())
    }

    fn encode_queues(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let mut metric = gauge(encoder, "tidemill_queue_depth", "Unfinished jobs")?;
        let depths = self.depths.lock().unwrap_or_else(PoisonError::into_inner);
        for (action, state, jobs) in &*depths {
            let labels = [("action", action.as_str()), ("state", state.as_str())];
            metric.encode_family(&labels)?.encode_gauge(jobs)?;
        }
        let help = "Requests that wait for a job's end";
        encode_gauge(encoder, "tidemill_waiting_clients", help, &self.waiting_clients)?;
        let help = "Worker threads given up because an action ignored its time-out";
        encode_gauge(encoder, "tidemill_workers_abandoned", help, &self.workers_abandoned)
    }

    fn encode_store(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let help = "How long a commit took, sync included";
        encode_histogram(
            &mut histogram(encoder, "tidemill_commit_seconds", help)?,
            &self.commit_seconds,
        )?;
        let help = "How many writes shared a commit";
        encode_histogram(
            &mut histogram(encoder, "tidemill_commit_writes", help)?,
            &self.commit_writes,
        )?;
        let help = "The size of the database file";
        encode_gauge(encoder, "tidemill_database_bytes", help, &self.database_bytes)?;
        let help = "The sum of the sizes of all stored files";
        encode_gauge(encoder, "tidemill_asset_bytes", help, &self.asset_bytes)
    }

    fn encode_models(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let models = self.models.entries();
        let mut metric = counter(encoder, "tidemill_model_calls", "Calls of models that ended")?;
        for (model, counts) in &models {
            for (outcome, count) in MODEL_OUTCOMES.iter().zip(&counts.calls) {
                if count.load(Ordering::Relaxed) > 0 {
                    let labels = [("model", *model), ("outcome", *outcome)];
                    encode_count(&mut metric.encode_family(&labels)?, count)?;
                }
            }
        }
        let help = "Whether the model is asked: 0 when it failed too often";
        let mut metric = gauge(encoder, "tidemill_model_available", help)?;
        for (model, counts) in &models {
            let available = u64::from(!counts.unavailable.load(Ordering::Relaxed));
            metric.encode_family(&[("model", *model)])?.encode_gauge(&available)?;
        }
        Ok(())
    }

    fn encode_http(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let mut metric = counter(encoder, "tidemill_http_requests", "Requests answered")?;
        for (route, counts) in self.routes.entries() {
            for (status, count) in STATUSES.iter().zip(counts) {
                if count.load(Ordering::Relaxed) > 0 {
                    let status = status.to_string();
                    let labels = [("route", route), ("status", status.as_str())];
                    encode_count(&mut metric.encode_family(&labels)?, count)?;
                }
            }
        }
        Ok(())
    }
}

/// Begins a counter; the format adds `_total` to its name.
fn counter<'a>(
    encoder: &'a mut DescriptorEncoder<'_>,
    name: &'a str,
    help: &str,
) -> Result<MetricEncoder<'a>, fmt::Error> {
    encoder.encode_descriptor(name, help, None, MetricType::Counter)
}

fn gauge<'a>(
    encoder: &'a mut DescriptorEncoder<'_>,
    name: &'a str,
    help: &str,
) -> Result<MetricEncoder<'a>, fmt::Error> {
    encoder.encode_descriptor(name, help, None, MetricType::Gauge)
}

fn histogram<'a>(
    encoder: &'a mut DescriptorEncoder<'_>,
    name: &'a str,
    help: &str,
) -> Result<MetricEncoder<'a>, fmt::Error> {
    encoder.encode_descriptor(name, help, None, MetricType::Histogram)
}

fn encode_count(metric: &mut MetricEncoder<'_>, count: &AtomicU64) -> fmt::Result {
    metric.encode_counter::<NoLabelSet, _, f64>(&count.load(Ordering::Relaxed), None)
}

fn encode_gauge(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    value: &AtomicU64,
) -> fmt::Result {
    gauge(encoder, name, help)?.encode_gauge(&value.load(Ordering::Relaxed))
}

fn encode_histogram(metric: &mut MetricEncoder<'_>, histogram: &Histogram) -> fmt::Result {
    let seen = histogram.distribution();
    metric.encode_histogram::<NoLabelSet>(seen.sum, seen.count, &seen.buckets, None)
}
