//! What to do after a call that failed: the whole policy on one page, and pure.

use std::time::Duration;

use super::usage::Reason;

/// How a call failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// No connection, no such name, no trust, or broken off.
    Unreachable,
    /// No whole answer in time.
    TimedOut,
    /// 429 or 503, with the pause that it asks for.
    Throttled(Option<Duration>),
    /// Another status from 500 on, or no HTTP, or an answer without end.
    Broken,
    /// A status from 300 to 499, with the server's message.
    Refused {
        /// The status.
        status: u16,
        /// What the server says is wrong, in lower case.
        message: String,
    },
    /// An answer that ended because it was as long as it may be.
    CutOff,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The same again after a pause, with a change.
    Again(Duration, Change),
    /// The job goes on without.
    GiveUp(Reason),
}

/// What is different in the next call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Nothing,
    /// Constrained sampling fails by chance: another seed may not.
    Seed,
    /// A form of answer, or a protocol, that asks less of the server.
    StepDown,
    /// Less material.
    Shorten,
    /// A longer answer.
    MoreTokens,
}

/// What a step down is called by servers that refuse one.
const FORM_WORDS: [&str; 5] =
    ["response_format", "json_schema", "json_object", "structured output", "grammar"];

/// What a prompt that is too long is called.
const LENGTH_WORDS: [&str; 5] = [
    "exceed_context_size",
    "context_length_exceeded",
    "context size",
    "context length",
    "context window",
];

/// A refused connection is often a server that restarts.
const RECONNECT_PAUSE: Duration = Duration::from_millis(500);

/// The pause when a busy server names none.
const USUAL_PAUSE: Duration = Duration::from_secs(1);

/// Whoever asks for a longer pause is not waited for.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// A model that thought for longer than this would think as long again.
const MAX_RETRIED_TIMEOUT: Duration = Duration::from_mins(1);

/// The retries of one question.
#[derive(Debug, Default)]
pub(super) struct Tries {
    connects: u32,
    timeouts: u32,
    throttles: u32,
    seeds: u32,
    shortenings: u32,
    lengthenings: u32,
}

/// What else decides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Circumstances {
    /// The time-out of each call.
    pub(super) timeout: Duration,
    /// Whether there is something to step down to.
    pub(super) can_step_down: bool,
    /// Whether there is material to leave out.
    pub(super) can_shorten: bool,
    /// From what the jitter is made.
    pub(super) seed: u64,
}

impl Tries {
    /// What comes after `fault`.
    pub(super) fn after(&mut self, fault: &Fault, around: &Circumstances) -> Next {
        let again = |change| Next::Again(Duration::ZERO, change);
        match fault {
            Fault::Unreachable if below(&mut self.connects, 1) => {
                Next::Again(RECONNECT_PAUSE, Change::Nothing)
            }
            Fault::Unreachable => Next::GiveUp(Reason::Unreachable),
            Fault::TimedOut
                if around.timeout <= MAX_RETRIED_TIMEOUT && below(&mut self.timeouts, 1) =>
            {
                again(Change::Nothing)
            }
            Fault::TimedOut => Next::GiveUp(Reason::TimedOut),
            Fault::Throttled(asked) => self.after_throttling(*asked, around),
            Fault::Broken if below(&mut self.seeds, 1) => again(Change::Seed),
            Fault::Broken => Next::GiveUp(Reason::ServerFailed),
            Fault::Refused { status: 400 | 422, message }
                if around.can_step_down && names(message, &FORM_WORDS) =>
            {
                again(Change::StepDown)
            }
            Fault::Refused { status: 400 | 413, message }
                if around.can_shorten
                    && names(message, &LENGTH_WORDS)
                    && below(&mut self.shortenings, 1) =>
            {
                again(Change::Shorten)
            }
            Fault::Refused { .. } => Next::GiveUp(Reason::Refused),
            Fault::CutOff if below(&mut self.lengthenings, 1) => again(Change::MoreTokens),
            Fault::CutOff => Next::GiveUp(Reason::CutOff),
        }
    }

    fn after_throttling(&mut self, asked: Option<Duration>, around: &Circumstances) -> Next {
        let pause = asked.unwrap_or(USUAL_PAUSE * (self.throttles + 1));
        if pause > MAX_PAUSE || !below(&mut self.throttles, 2) {
            return Next::GiveUp(Reason::Throttled);
        }
        Next::Again(pause + jitter(pause, around.seed, self.throttles), Change::Nothing)
    }
}

/// Counts one more, if that is within `most`.
fn below(count: &mut u32, most: u32) -> bool {
    let more = *count < most;
    *count += u32::from(more);
    more
}

fn names(message: &str, words: &[&str]) -> bool {
    words.iter().any(|word| message.contains(word))
}

/// Up to a quarter of `pause`, so that jobs which were sent away together do not come back so.
fn jitter(pause: Duration, seed: u64, tries: u32) -> Duration {
    // The multiplier is that of Knuth's linear congruential generator, whose high bits are good.
    let mixed = (seed ^ u64::from(tries)).wrapping_mul(6_364_136_223_846_793_005) >> 48;
    let part = u32::try_from(mixed & 0xff).unwrap_or(0);
    pause / 4 * part / 256
}

#[cfg(test)]
mod tests {
    use super::*;

    const AROUND: Circumstances = Circumstances {
        timeout: Duration::from_secs(90),
        can_step_down: true,
        can_shorten: true,
        seed: 7,
    };

    fn refused(status: u16, message: &str) -> Fault {
        Fault::Refused { status, message: message.to_owned() }
    }

    /// What follows the same fault, again and again, until it is given up.
    fn story(fault: &Fault, around: &Circumstances) -> (Vec<(Duration, Change)>, Reason) {
        let (mut tries, mut steps) = (Tries::default(), Vec::new());
        loop {
            match tries.after(fault, around) {
                Next::Again(pause, change) => steps.push((pause, change)),
                Next::GiveUp(reason) => return (steps, reason),
            }
            assert!(steps.len() < 10, "{fault:?} is tried without end");
        }
    }

    #[test]
    fn each_fault_has_its_retries_and_its_reason() {
        let zero = Duration::ZERO;
        let once = |pause, change| vec![(pause, change)];
        let table = [
            (Fault::Unreachable, once(RECONNECT_PAUSE, Change::Nothing), Reason::Unreachable),
            (Fault::TimedOut, vec![], Reason::TimedOut),
            (Fault::Throttled(Some(Duration::from_secs(31))), vec![], Reason::Throttled),
            (Fault::Broken, once(zero, Change::Seed), Reason::ServerFailed),
            (refused(401, "no"), vec![], Reason::Refused),
            (refused(404, "response_format"), vec![], Reason::Refused),
            (refused(400, "bad field"), vec![], Reason::Refused),
            (
                refused(400, "exceed_context_size_error"),
                once(zero, Change::Shorten),
                Reason::Refused,
            ),
            (refused(302, ""), vec![], Reason::Refused),
            (Fault::CutOff, once(zero, Change::MoreTokens), Reason::CutOff),
        ];
        for (fault, steps, reason) in table {
            assert_eq!(story(&fault, &AROUND), (steps, reason), "{fault:?}");
        }
    }

    #[test]
    fn a_short_time_out_is_tried_once_more() {
        let around = Circumstances { timeout: Duration::from_mins(1), ..AROUND };
        let (steps, reason) = story(&Fault::TimedOut, &around);
        assert_eq!((steps.len(), reason), (1, Reason::TimedOut));
    }

    #[test]
    fn a_busy_server_gets_the_pause_that_it_asks_for_and_a_little_more() {
        let asked = Duration::from_secs(8);
        let (steps, reason) = story(&Fault::Throttled(Some(asked)), &AROUND);
        assert_eq!((steps.len(), reason), (2, Reason::Throttled));
        for (pause, change) in steps {
            assert!(pause >= asked && pause <= asked + asked / 4, "{pause:?}");
            assert_eq!(change, Change::Nothing);
        }
        let (steps, _) = story(&Fault::Throttled(None), &AROUND);
        assert!(steps[0].0 < steps[1].0, "without a word from the server the pause grows");
    }

    #[test]
    fn the_form_is_stepped_down_while_there_is_one_and_the_server_names_it() {
        let fault = refused(422, "unknown field `response_format`");
        let mut tries = Tries::default();
        let step = Next::Again(Duration::ZERO, Change::StepDown);
        assert_eq!(tries.after(&fault, &AROUND), step);
        assert_eq!(tries.after(&fault, &AROUND), step);
        let around = Circumstances { can_step_down: false, ..AROUND };
        assert_eq!(tries.after(&fault, &around), Next::GiveUp(Reason::Refused));
    }
}
