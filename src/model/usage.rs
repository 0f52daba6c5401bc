//! What an attempt used of a model, and why it went on without one.

use std::time::{Duration, Instant};

use super::options::Allowance;

/// Why there is no answer that can be used. A job goes on without the model, unless its caller
/// required one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Reason {
    /// The operator named none.
    #[error("no model is configured")]
    NotConfigured,
    /// It failed so often that it is left alone for a minute.
    #[error("the model failed several times in a row and is left alone for a while")]
    CircuitOpen,
    /// All its places were taken until the time was up.
    #[error("the model was busy with other jobs")]
    Busy,
    /// No connection, or one that broke.
    #[error("the model could not be reached")]
    Unreachable,
    /// No whole answer in time.
    #[error("the model did not answer in time")]
    TimedOut,
    /// It has too much to do, and said so.
    #[error("the model asked for less work")]
    Throttled,
    /// It failed.
    #[error("the model's server failed")]
    ServerFailed,
    /// It does not take our requests: a wrong key, a wrong name, a wrong size.
    #[error("the model's server refused the request")]
    Refused,
    /// The answer has no end, also when it may be twice as long.
    #[error("the model's answer was cut off")]
    CutOff,
    /// Nothing of what it answered can be used, also after it was told why.
    #[error("the model's answer could not be used")]
    Unusable,
    /// All calls of this attempt were made.
    #[error("the calls that a job may make to the model are used up")]
    CallsSpent,
    /// All tokens of this attempt were used.
    #[error("the tokens that a job may use of the model are used up")]
    TokensSpent,
    /// The attempt's time for the model is over.
    #[error("the time that a job may give the model is used up")]
    TimeSpent,
}

impl Reason {
    /// The word that stands in a job's result as `fallback_reason`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotConfigured => "not_configured",
            Self::CircuitOpen => "circuit_open",
            Self::Busy => "busy",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::Throttled => "throttled",
            Self::ServerFailed => "server_failed",
            Self::Refused => "refused",
            Self::CutOff => "cut_off",
            Self::Unusable => "unusable_answer",
            Self::CallsSpent => "calls_spent",
            Self::TokensSpent => "tokens_spent",
            Self::TimeSpent => "time_spent",
        }
    }
}

/// What a session used of its models, for the job's result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ModelUse {
    /// Requests that were sent.
    pub calls: u32,
    /// Answers that were kept from an earlier attempt.
    pub replayed: u32,
    /// Tokens, as the servers counted them.
    pub tokens: u64,
    /// Those of the prompts among them.
    pub prompt_tokens: u64,
    /// Why the last question that got no usable answer got none.
    pub fallback_reason: Option<Reason>,
}

/// What is left of an allowance.
#[derive(Debug)]
pub(super) struct Ledger {
    calls: u32,
    tokens: u64,
    deadline: Instant,
    used: ModelUse,
}

impl Ledger {
    /// `time` bounds what the allowance gives: the attempt's own end.
    pub(super) fn open(allowance: Allowance, time: Duration) -> Self {
        let Allowance { calls, tokens, time: most } = allowance;
        let deadline = Instant::now() + time.min(most);
        Self { calls, tokens, deadline, used: ModelUse::default() }
    }

    pub(super) fn time_left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// Takes one call, if there is something left of everything.
    pub(super) fn spend_call(&mut self) -> Result<(), Reason> {
        if self.time_left().is_zero() {
            return Err(Reason::TimeSpent);
        }
        if self.tokens == 0 {
            return Err(Reason::TokensSpent);
        }
        self.calls = self.calls.checked_sub(1).ok_or(Reason::CallsSpent)?;
        self.used.calls += 1;
        Ok(())
    }

    /// A call that was not sent after all.
    pub(super) fn return_call(&mut self) {
        self.calls += 1;
        self.used.calls -= 1;
    }

    /// Takes tokens, those of the prompt among them.
    pub(super) fn spend_tokens(&mut self, count: u64, of_prompt: u64) {
        self.tokens = self.tokens.saturating_sub(count);
        self.used.tokens = self.used.tokens.saturating_add(count);
        self.used.prompt_tokens = self.used.prompt_tokens.saturating_add(of_prompt.min(count));
    }

    pub(super) fn replayed(&mut self) {
        self.used.replayed += 1;
    }

    pub(super) fn fell_back(&mut self, reason: Reason) {
        self.used.fallback_reason = Some(reason);
    }

    pub(super) const fn used(&self) -> ModelUse {
        self.used
    }
}

impl ModelUse {
    /// Both together; the other's reason wins, as the later one.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            calls: self.calls + other.calls,
            replayed: self.replayed + other.replayed,
            tokens: self.tokens.saturating_add(other.tokens),
            prompt_tokens: self.prompt_tokens.saturating_add(other.prompt_tokens),
            fallback_reason: other.fallback_reason.or(self.fallback_reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AMPLE: Allowance = Allowance { calls: 2, tokens: 100, time: Duration::from_mins(1) };

    #[test]
    fn each_part_of_an_allowance_ends_it() {
        let hour = Duration::from_hours(1);
        let mut ledger = Ledger::open(AMPLE, hour);
        assert_eq!([ledger.spend_call(), ledger.spend_call()], [Ok(()), Ok(())]);
        assert_eq!(ledger.spend_call(), Err(Reason::CallsSpent));
        assert_eq!(ledger.used().calls, 2);
        let mut ledger = Ledger::open(AMPLE, hour);
        ledger.spend_tokens(150, 100);
        assert_eq!(ledger.spend_call(), Err(Reason::TokensSpent));
        let mut ledger = Ledger::open(AMPLE, Duration::ZERO);
        assert_eq!(ledger.spend_call(), Err(Reason::TimeSpent));
        assert!(Ledger::open(AMPLE, hour).time_left() <= AMPLE.time);
    }

    #[test]
    fn a_call_that_was_not_sent_is_not_counted() {
        let mut ledger = Ledger::open(AMPLE, AMPLE.time);
        ledger.spend_call().expect("there is one");
        ledger.return_call();
        assert_eq!((ledger.used().calls, ledger.calls), (0, 2));
    }
}
