//! A question to the model that writes, asked until there is an answer or a reason.

use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use crate::outbound::rules::Refusal;

use super::chat::{Answer, Question, Try, read_answer};
use super::endpoint::{Endpoint, Failure, Surroundings};
use super::options::{AnswerForm, TextOptions};
use super::policy::{Change, Circumstances, Fault, Next, Tries};
use super::usage::{Ledger, Reason};

/// Three variants of a headline are two kilobytes; a server that sends more is broken.
const MAX_ANSWER_BYTES: usize = 2 << 20;

/// The longest answer that is asked for when a shorter one was cut off.
const MAX_TOKENS: u32 = 1_500;

/// Below the base URL.
const PATH: &str = "chat/completions";

/// The forms of answers, the strictest first.
const FORMS: [AnswerForm; 3] = [AnswerForm::JsonSchema, AnswerForm::JsonObject, AnswerForm::Prompt];

/// The model that writes.
pub(super) struct TextModel {
    endpoint: Endpoint,
    pub(super) options: TextOptions,
    /// The strictest of [`FORMS`] that the server was not seen to refuse.
    form: AtomicU8,
}

impl TextModel {
    pub(super) fn open(options: TextOptions, around: Surroundings) -> Result<Self, Refusal> {
        let endpoint = Endpoint::open("text", options.place.clone(), MAX_ANSWER_BYTES, around)?;
        Ok(Self { endpoint, options, form: AtomicU8::new(0) })
    }

    /// The model's words for `question`: those of an earlier attempt, or new ones.
    pub(super) async fn ask(
        &self,
        question: &Question,
        seed: u64,
        ledger: &mut Ledger,
    ) -> Result<String, Reason> {
        // The same however the server is asked in the end, so that it is found again.
        let first = self.first_try(seed);
        let asked = Try { form: AnswerForm::JsonSchema, ..first };
        let key = self.endpoint.question_of(PATH, &question.body(&self.options, &asked));
        if let Some(kept) = self.endpoint.replay(&key, ledger) {
            return Ok(String::from_utf8_lossy(&kept).into_owned());
        }
        let content = self.exchange(question, first, ledger).await?;
        self.endpoint.keep(&key, content.as_bytes());
        Ok(content)
    }

    async fn exchange(
        &self,
        question: &Question,
        first: Try,
        ledger: &mut Ledger,
    ) -> Result<String, Reason> {
        let (mut tries, mut attempt) = (Tries::default(), first);
        loop {
            let body = question.body(&self.options, &attempt);
            let answer = self.endpoint.post(PATH, &body, ledger).await;
            let fault = match answer.and_then(|body| whole(&body, ledger)) {
                Ok(content) => return Ok(content),
                Err(Failure::Stop(reason)) => return Err(reason),
                Err(Failure::Fault(fault)) => fault,
            };
            let around = Circumstances {
                timeout: self.options.place.timeout,
                can_step_down: self.options.form.is_none() && attempt.form != AnswerForm::Prompt,
                can_shorten: question.short.is_some(),
                seed: first.seed,
            };
            let (pause, change) = match tries.after(&fault, &around) {
                Next::Again(pause, change) => (pause, change),
                Next::GiveUp(reason) => return Err(self.given_up(reason, &fault)),
            };
            self.changed(&mut attempt, change);
            if pause > Duration::ZERO {
                self.endpoint.pause(pause, ledger).await?;
            }
        }
    }

    fn first_try(&self, seed: u64) -> Try {
        let found = FORMS[usize::from(self.form.load(Ordering::Relaxed)).min(FORMS.len() - 1)];
        Try {
            form: self.options.form.unwrap_or(found),
            seed,
            max_tokens: self.options.max_tokens,
            short: false,
        }
    }

    fn changed(&self, attempt: &mut Try, change: Change) {
        match change {
            Change::Nothing => {}
            Change::Seed => attempt.seed = attempt.seed.wrapping_add(1),
            Change::Shorten => attempt.short = true,
            Change::MoreTokens => {
                let most = MAX_TOKENS.max(attempt.max_tokens);
                attempt.max_tokens = attempt.max_tokens.saturating_mul(2).min(most);
            }
            Change::StepDown => {
                let place = FORMS.iter().position(|form| *form == attempt.form).unwrap_or(0) + 1;
                attempt.form = FORMS[place.min(FORMS.len() - 1)];
                let place = u8::try_from(place).unwrap_or(u8::MAX);
                // Remembered, so that the next job does not ask the same in vain.
                if self.form.fetch_max(place, Ordering::Relaxed) < place {
                    let form = attempt.form;
                    tracing::info!(?form, "the server takes no stricter form of answer");
                }
            }
        }
    }

    fn given_up(&self, reason: Reason, fault: &Fault) -> Reason {
        if let Fault::Refused { status, message } = fault {
            self.endpoint.tell(*status, message);
        }
        reason
    }
}

/// The words of a whole answer.
fn whole(body: &[u8], ledger: &mut Ledger) -> Result<String, Failure> {
    let Answer { content, cut_off, tokens, prompt_tokens } =
        read_answer(body).ok_or(Failure::Fault(Fault::Broken))?;
    ledger.spend_tokens(tokens, prompt_tokens);
    if cut_off { Err(Failure::Fault(Fault::CutOff)) } else { Ok(content) }
}
