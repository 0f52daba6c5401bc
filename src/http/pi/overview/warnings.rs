//! What a person should look at, in words: what is the matter, since when, and what helps.
//!
//! Pure: from figures to sentences. A warning that nobody can act on is not given.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use crate::domain::clock::Timestamp;
use crate::engine::Silence;
use crate::http::pi::overview::figures::Queue;
use crate::store::{Claiming, Disk, Underway, Usage};

/// How long a due job waits before somebody should know.
const LONG_WAIT: Duration = Duration::from_mins(1);

/// How many jobs of an action must have ended before its failures mean something.
const MIN_ENDED: u32 = 5;

/// The least free part of a disk, as its divisor, and the least free bytes.
const LEAST_FREE_PART: u64 = 20;
const LEAST_FREE_BYTES: u64 = 1024 * 1024 * 1024;

/// Says something of an action by its name.
type Of<'a, T> = Box<dyn Fn(&str) -> T + 'a>;

/// What this server can do.
pub(super) struct Actions<'a> {
    pub(super) is_known: Of<'a, bool>,
    pub(super) is_disabled: Of<'a, bool>,
    /// Since when no remote worker has asked for an action that is theirs.
    pub(super) silence: Of<'a, Option<Silence>>,
}

/// What is looked at.
pub(super) struct Look<'a> {
    pub(super) now: Timestamp,
    pub(super) actions: Actions<'a>,
    pub(super) queues: BTreeMap<String, Queue>,
    pub(super) underway: &'a [Underway],
    /// The server's worker threads.
    pub(super) threads: usize,
    /// Threads that were given up.
    pub(super) abandoned: usize,
    /// What lies on the disk, for those who may know.
    pub(super) usage: Option<Usage>,
    /// Further words from the metrics, such as `model_unavailable`.
    pub(super) remarks: Vec<&'static str>,
}

impl Look<'_> {
    /// The warnings, the gravest first.
    pub(super) fn warnings(&self) -> Vec<Value> {
        let mut warnings = Vec::new();
        warnings.extend(self.usage.and_then(|usage| usage.disk).and_then(full_disk));
        warnings.extend(self.lost_threads());
        for (action, queue) in &self.queues {
            warnings.extend(self.stuck(action, queue));
            warnings.extend(failing(action, queue));
        }
        warnings.extend(self.remarks.iter().map(|remark| self::remark(remark)));
        warnings
    }

    fn lost_threads(&self) -> Option<Value> {
        let lost = self.abandoned;
        (lost > 0).then(|| {
            warning(
                "workers_abandoned",
                None,
                format!(
                    "{} did not heed a time-out and {} given up; at 8 the server restarts. The \
                     log names the action.",
                    counted(lost as u64, "worker thread"),
                    if lost == 1 { "was" } else { "were" },
                ),
            )
        })
    }

    /// Jobs that wait for long, or for ever.
    fn stuck(&self, action: &str, queue: &Queue) -> Option<Value> {
        if queue.ready == 0 {
            return None;
        }
        let jobs = counted(queue.ready, "job");
        let wait = if queue.ready == 1 { "waits" } else { "wait" };
        if !(self.actions.is_known)(action) {
            let message = if (self.actions.is_disabled)(action) {
                format!("{jobs} of `{action}` {wait}: the operator switched that action off.")
            } else {
                format!(
                    "{jobs} of `{action}` {wait}: this server no longer has that action. \
                     Configure it again, or cancel them."
                )
            };
            return Some(warning("action_missing", Some(action), message));
        }
        if let Some(silence) = (self.actions.silence)(action) {
            let nobody = match silence {
                Silence::Since(at) => {
                    format!("no remote worker has asked for it since {}", self.time(at))
                }
                Silence::Always(at) => format!(
                    "no remote worker has asked for it since the server began at {}",
                    self.time(at)
                ),
            };
            let message = format!("{jobs} of `{action}` {wait}: {nobody}.");
            return Some(warning("no_remote_worker", Some(action), message));
        }
        let since = self.now.since(queue.oldest?);
        if since < LONG_WAIT {
            return None;
        }
        let local = self.underway.iter().filter(|one| one.worker == Claiming::LOCAL).count();
        let cause = if local >= self.threads {
            format!(": all {} are busy", counted(self.threads as u64, "worker"))
        } else {
            String::new()
        };
        let message =
            format!("{jobs} of `{action}` {wait}, the oldest for {}{cause}.", span(since));
        Some(warning("long_wait", Some(action), message))
    }
}

/// The length of a day, after which a time of day needs its date.
const DAY: Duration = Duration::from_hours(24);

impl Look<'_> {
    /// A moment as people say it on the same day, and with its date later.
    fn time(&self, at: Timestamp) -> String {
        let iso = at.iso();
        match (iso.get(..10), iso.get(11..16)) {
            (_, Some(time)) if self.now.since(at) < DAY => format!("{time} UTC"),
            (Some(date), Some(time)) => format!("{time} UTC on {date}"),
            _ => iso,
        }
    }
}

/// An action most of whose jobs fail.
fn failing(action: &str, queue: &Queue) -> Option<Value> {
    let (failed, completed) = (queue.tally.failed, queue.tally.completed);
    let ended = failed.saturating_add(completed);
    (ended >= MIN_ENDED && failed.saturating_mul(2) > ended).then(|| {
        let message = format!(
            "{failed} of {ended} jobs of `{action}` that ended in the last hour failed. \
             Their errors say why."
        );
        warning("failing", Some(action), message)
    })
}

fn full_disk(disk: Disk) -> Option<Value> {
    let Disk { free_bytes, total_bytes } = disk;
    let low = free_bytes < LEAST_FREE_BYTES || free_bytes < total_bytes / LEAST_FREE_PART;
    (low && total_bytes > 0).then(|| {
        let free = bytes(free_bytes);
        let message = format!(
            "The disk has {free} left. When it is full, the server takes no more jobs: make room, \
             or shorten `retention.jobs` and `retention.assets`."
        );
        warning("disk_low", None, message)
    })
}

fn remark(word: &str) -> Value {
    let message = match word {
        "model_unavailable" => {
            "A model has failed too often and is left alone for a while; work goes on without it. \
             `tidemill doctor` asks it."
        }
        _ => "The server's log says more.",
    };
    warning(word, None, message)
}

fn warning(code: &str, action: Option<&str>, message: impl Into<String>) -> Value {
    json!({ "code": code, "action": action, "message": message.into() })
}

fn counted(number: u64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// A span of time in the unit that a person would use.
fn span(duration: Duration) -> String {
    match duration.as_secs() {
        seconds if seconds < 120 => counted(seconds, "second"),
        seconds if seconds < 7_200 => counted(seconds / 60, "minute"),
        seconds if seconds < 172_800 => counted(seconds / 3_600, "hour"),
        seconds => counted(seconds / 86_400, "day"),
    }
}

fn bytes(number: u64) -> String {
    const MIB: u64 = 1024 * 1024;
    match number {
        small if small < 1024 * MIB => format!("{} MiB", small / MIB),
        large => format!("{} GiB", large / (1024 * MIB)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Tally;

    const NOW: Timestamp = Timestamp::from_ms(1_800_000_000_000);

    fn look(queue: Queue, known: bool) -> Look<'static> {
        Look {
            now: NOW,
            actions: Actions {
                is_known: Box::new(move |_| known),
                is_disabled: Box::new(|_| false),
                silence: Box::new(|_| None),
            },
            queues: BTreeMap::from([("video.transcode".to_owned(), queue)]),
            underway: &[],
            threads: 8,
            abandoned: 0,
            usage: None,
            remarks: Vec::new(),
        }
    }

    fn messages(look: &Look<'_>) -> Vec<String> {
        let text = |warning: &Value| warning["message"].as_str().expect("words").to_owned();
        look.warnings().iter().map(text).collect()
    }

    fn waiting(jobs: u64, for_seconds: u64) -> Queue {
        let oldest = Some(NOW.before(Duration::from_secs(for_seconds)));
        Queue { ready: jobs, oldest, ..Queue::default() }
    }

    #[test]
    fn a_queue_that_moves_is_no_warning() {
        assert!(messages(&look(waiting(40, 3), true)).is_empty());
        assert!(messages(&look(Queue::default(), false)).is_empty());
    }

    #[test]
    fn a_long_wait_says_how_long_and_why() {
        assert_eq!(
            messages(&look(waiting(3, 600), true)),
            ["3 jobs of `video.transcode` wait, the oldest for 10 minutes."]
        );
        let busy = Look { threads: 0, ..look(waiting(1, 61), true) };
        assert_eq!(
            messages(&busy),
            ["1 job of `video.transcode` waits, the oldest for 61 seconds: all 0 \
              workers are busy."]
        );
    }

    #[test]
    fn an_action_that_is_gone_is_told_at_once() {
        let told = messages(&look(waiting(1, 0), false));
        assert!(told[0].starts_with("1 job of `video.transcode` waits: this server no longer has"));
    }

    #[test]
    fn work_that_no_remote_worker_asks_for_is_told_with_the_time() {
        let told = |silence: Silence| {
            let mut look = look(waiting(3, 1), true);
            look.actions.silence = Box::new(move |_| Some(silence));
            messages(&look).remove(0)
        };
        let minutes_ago = |minutes| NOW.before(Duration::from_mins(minutes));
        assert_eq!(
            told(Silence::Since(minutes_ago(8))),
            "3 jobs of `video.transcode` wait: no remote worker has asked for it since 07:52 UTC."
        );
        assert!(
            told(Silence::Since(minutes_ago(2_000))).ends_with("since 22:40 UTC on 2027-01-13.")
        );
        assert!(told(Silence::Always(minutes_ago(60))).ends_with("the server began at 07:00 UTC."));
    }

    #[test]
    fn an_action_that_mostly_fails_is_told() {
        let ended = |failed, completed| Queue {
            tally: Tally { completed, failed, ..Tally::default() },
            ..Queue::default()
        };
        assert!(messages(&look(ended(2, 1), true)).is_empty());
        assert!(messages(&look(ended(5, 5), true)).is_empty());
        let told = messages(&look(ended(6, 2), true));
        assert!(told[0].starts_with("6 of 8 jobs of `video.transcode`"), "{told:?}");
    }

    #[test]
    fn a_disk_that_fills_is_told() {
        let disk = |free_bytes| Usage {
            disk: Some(Disk { free_bytes, total_bytes: 1 << 40 }),
            ..Usage::default()
        };
        let told =
            |free| messages(&Look { usage: Some(disk(free)), ..look(Queue::default(), true) });
        assert!(told(1 << 39).is_empty());
        assert!(told(1 << 29)[0].starts_with("The disk has 512 MiB left."));
    }
}
