//! The chat protocol: a question as a request's body, an answer's body as words.

use serde::Deserialize;
use serde_json::{Value, json};

use super::options::{AnswerForm, TextOptions};

/// What is asked, apart from what changes between tries.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Question {
    /// The rules of the work.
    pub(super) system: String,
    /// The work itself, with the material in full.
    pub(super) user: String,
    /// The same with little material, for a model with a short memory.
    pub(super) short: Option<String>,
    /// An unusable answer, and why it is.
    pub(super) repair: Option<Repair>,
    /// The form of the answer, as JSON Schema.
    pub(super) schema: Value,
    /// From 0, always the same, to 1.
    pub(super) temperature: f64,
}

/// An unusable answer, and why it is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Repair {
    pub(super) answer: String,
    pub(super) reasons: String,
}

/// What changes between tries.
#[derive(Clone, Copy, Debug)]
pub(super) struct Try {
    pub(super) form: AnswerForm,
    pub(super) seed: u64,
    pub(super) max_tokens: u32,
    pub(super) short: bool,
}

/// A whole answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    /// What the model said, without its thoughts.
    pub(super) content: String,
    /// It ended because it was as long as it may be.
    pub(super) cut_off: bool,
    /// With the prompt's, as the server counted; 0 when it did not.
    pub(super) tokens: u64,
    /// The prompt's among them.
    pub(super) prompt_tokens: u64,
}

/// Servers read seeds as a 32-bit number, some with a sign.
const SEED_MASK: u64 = 0x7fff_ffff;

impl Question {
    /// The body of a request.
    pub(super) fn body(&self, options: &TextOptions, attempt: &Try) -> Value {
        let user = match &self.short {
            Some(short) if attempt.short => short,
            _ => &self.user,
        };
        let mut messages = vec![
            json!({"role": "system", "content": self.system_for(attempt.form)}),
            json!({"role": "user", "content": user}),
        ];
        if let Some(Repair { answer, reasons }) = &self.repair {
            messages.push(json!({"role": "assistant", "content": answer}));
            messages.push(json!({"role": "user", "content": reasons}));
        }
        let mut body = json!({
            "model": options.place.model,
            "stream": false,
            "temperature": self.temperature,
            "seed": attempt.seed & SEED_MASK,
            "max_tokens": attempt.max_tokens,
            "messages": messages,
        });
        match attempt.form {
            AnswerForm::JsonSchema => {
                body["response_format"] = json!({
                    "type": "json_schema",
                    "json_schema": {"name": "copy", "strict": true, "schema": self.schema},
                });
            }
            AnswerForm::JsonObject => body["response_format"] = json!({"type": "json_object"}),
            AnswerForm::Prompt => {}
        }
        if let Some(effort) = &options.reasoning_effort {
            body["reasoning_effort"] = json!(effort);
        }
        if !options.thinking {
            body["chat_template_kwargs"] = json!({"enable_thinking": false});
        }
        body
    }

    /// Where nobody enforces the schema, the model is shown it.
    fn system_for(&self, form: AnswerForm) -> String {
        match form {
            AnswerForm::JsonSchema => self.system.clone(),
            AnswerForm::JsonObject | AnswerForm::Prompt => {
                format!("{}\nThe JSON Schema of your answer: {}", self.system, self.schema)
            }
        }
    }
}

#[derive(Deserialize)]
struct Wire {
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Choice {
    message: Message,
    #[serde(default)]
    finish_reason: Option<String>,
}

/// `reasoning_content` and the like are not read.
#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    content: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    total_tokens: u64,
    #[serde(default)]
    prompt_tokens: u64,
}

/// The answer in a response's body; `None` when it is none.
pub(super) fn read_answer(body: &[u8]) -> Option<Answer> {
    let Wire { choices, usage } = serde_json::from_slice(body).ok()?;
    let Choice { message, finish_reason } = choices.into_iter().next()?;
    Some(Answer {
        content: without_thoughts(&message.content.unwrap_or_default()).trim().to_owned(),
        cut_off: finish_reason.as_deref() == Some("length"),
        tokens: usage.as_ref().map_or(0, |usage| usage.total_tokens),
        prompt_tokens: usage.map_or(0, |usage| usage.prompt_tokens),
    })
}

/// `content` without `<think>…</think>`; thoughts without an end are all of the rest, and those
/// without a beginning, which a chat template swallowed, all before.
fn without_thoughts(content: &str) -> String {
    const OPEN: &str = "<think>";
    const CLOSE: &str = "</think>";
    let begins = match (content.find(OPEN), content.find(CLOSE)) {
        (open, Some(close)) if open.is_none_or(|open| close < open) => close + CLOSE.len(),
        _ => 0,
    };
    let mut kept = String::new();
    let mut rest = &content[begins..];
    while let Some((before, after)) = rest.split_once(OPEN) {
        kept.push_str(before);
        rest = after.split_once(CLOSE).map_or("", |(_, after)| after);
    }
    kept + rest
}

/// The JSON object in what a model said: alone, in a code fence, or among other words.
pub(super) fn find_object(content: &str) -> Option<Value> {
    let fenced = content.split("```").nth(1).map(|inside| {
        let word_end = inside.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(0);
        &inside[word_end..]
    });
    let braced = || content.find('{').zip(content.rfind('}')).map(|(from, to)| (from, to + 1));
    let among = braced().filter(|(from, to)| from < to).map(|(from, to)| &content[from..to]);
    let candidates = [Some(content), fenced, among];
    candidates
        .into_iter()
        .flatten()
        .filter_map(|text| serde_json::from_str(text.trim()).ok())
        .find(Value::is_object)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(content: &str, finish: &str) -> Vec<u8> {
        json!({
            "choices": [{
                "message": {"content": content, "reasoning_content": "secret thoughts"},
                "finish_reason": finish,
            }],
            "usage": {"total_tokens": 42},
        })
        .to_string()
        .into_bytes()
    }

    #[test]
    fn an_answer_is_read_without_its_thoughts() {
        let read = |content| read_answer(&answer(content, "stop")).expect("an answer");
        assert_eq!(
            read(" {\"a\":1} "),
            Answer {
                content: "{\"a\":1}".to_owned(),
                cut_off: false,
                tokens: 42,
                prompt_tokens: 0
            }
        );
        assert_eq!(read("<think>hm</think> x <think>again</think>y").content, "x y");
        assert_eq!(read("hm, let me see</think>\n\nx").content, "x");
        assert_eq!(read("x<think>for ever").content, "x");
        assert!(read_answer(&answer("", "length")).expect("an answer").cut_off);
        assert_eq!(read_answer(b"{\"choices\":[]}"), None);
        assert_eq!(read_answer(b"<html>"), None);
        let null = br#"{"choices":[{"message":{"content":null}}]}"#;
        assert_eq!(read_answer(null).expect("an answer").content, "");
    }

    #[test]
    fn json_is_found_alone_fenced_and_among_words() {
        let expected = json!({"a": "b"});
        for text in [
            "{\"a\":\"b\"}",
            "```json\n{\"a\":\"b\"}\n```",
            "```\n{\"a\":\"b\"}\n```\nVoilà!",
            "Here you are: {\"a\":\"b\"} – enjoy.",
        ] {
            assert_eq!(find_object(text), Some(expected.clone()), "{text}");
        }
        for text in ["", "```jso", "}{", "[1]", "{\"a\":", "\"a\""] {
            assert_eq!(find_object(text), None, "{text}");
        }
    }
}
