//! What a command says on standard error: lines for the job's log, and progress.
//!
//! A line is kept up to a length, the log up to a number of lines and bytes, and the last words for
//! the error that may follow. When the log is read more slowly than the command speaks, the command
//! waits. Never: more in memory than one line and the last words.

use std::collections::VecDeque;

use serde::Deserialize;

use crate::domain::job::LogLevel;
use crate::engine::ActionContext;

/// The longest line that is kept, in bytes; what is longer is cut.
const MAX_LINE_BYTES: usize = 4 * 1024;

/// How much of the last lines stands in an error, in bytes.
const MAX_LAST_BYTES: usize = 2 * 1024;

/// What a command says.
pub(super) struct Words {
    context: ActionContext,
    lines_left: u32,
    bytes_left: u64,
    limits: (u32, u64),
    line: Vec<u8>,
    last: VecDeque<String>,
    last_bytes: usize,
}

/// A line that moves the bar.
#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Progress {
    progress: Option<f64>,
    message: Option<String>,
}

impl Words {
    /// Nothing said yet; `lines` of `bytes` may go to the log.
    pub(super) fn new(context: ActionContext, lines: u32, bytes: u64) -> Self {
        Self {
            context,
            lines_left: lines,
            bytes_left: bytes,
            limits: (lines, bytes),
            line: Vec::new(),
            last: VecDeque::new(),
            last_bytes: 0,
        }
    }

    /// Takes the next piece of what is said.
    pub(super) async fn hear(&mut self, piece: &[u8]) {
        let mut parts = piece.split(|byte| matches!(byte, b'\n' | b'\r'));
        // The last part has not come to its end yet.
        let rest = parts.next_back().unwrap_or_default();
        for part in parts {
            self.append(part);
            self.end().await;
        }
        self.append(rest);
    }

    fn append(&mut self, part: &[u8]) {
        let room = MAX_LINE_BYTES - self.line.len();
        self.line.extend_from_slice(&part[..part.len().min(room)]);
    }

    /// The line is whole.
    pub(super) async fn end(&mut self) {
        let line = std::mem::take(&mut self.line);
        if let Some(Progress { progress, message }) = progress_in(&line) {
            self.context.report(message.as_deref(), progress);
            return;
        }
        let line = readable(&String::from_utf8_lossy(&line));
        if !line.trim().is_empty() {
            self.log(&line).await;
            self.keep(line);
        }
    }

    async fn log(&mut self, line: &str) {
        let bytes = line.len() as u64;
        if self.lines_left == 0 {
            return;
        }
        self.context.log_has_room().await;
        if self.lines_left > 1 && self.bytes_left >= bytes {
            self.context.log(LogLevel::Info, line);
            (self.lines_left, self.bytes_left) = (self.lines_left - 1, self.bytes_left - bytes);
            return;
        }
        self.lines_left = 0;
        let (lines, bytes) = self.limits;
        let message = format!(
            "The log of this attempt has reached its limit (max_log_lines = {lines}, \
             max_log_bytes = {bytes}); what follows is not kept."
        );
        self.context.log(LogLevel::Warn, &message);
    }

    fn keep(&mut self, line: String) {
        self.last_bytes += line.len() + 1;
        self.last.push_back(line);
        while self.last_bytes > MAX_LAST_BYTES
            && self.last.len() > 1
            && let Some(first) = self.last.pop_front()
        {
            self.last_bytes -= first.len() + 1;
        }
    }

    /// The last lines, for an error.
    pub(super) fn last(&self) -> String {
        let unfinished = readable(&String::from_utf8_lossy(&self.line));
        let mut lines: Vec<&str> = self.last.iter().map(String::as_str).collect();
        lines.extend(Some(unfinished.trim()).filter(|line| !line.is_empty()));
        let text = lines.join("\n");
        let start = text.ceil_char_boundary(text.len().saturating_sub(MAX_LAST_BYTES));
        text[start..].to_owned()
    }
}

fn progress_in(line: &[u8]) -> Option<Progress> {
    let line = line.trim_ascii();
    let read: Progress = line.starts_with(b"{").then(|| serde_json::from_slice(line).ok())??;
    let is_progress = read.progress.is_some() || read.message.is_some();
    let fits = read.progress.is_none_or(|progress| (0.0..=1.0).contains(&progress));
    (is_progress && fits).then_some(read)
}

/// A line without what only a terminal understands.
fn readable(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            if characters.next() == Some('[') {
                // A control sequence ends with a letter, or one of its like.
                let _ = characters.by_ref().find(|c| matches!(c, '\u{40}'..='\u{7e}'));
            }
        } else if character == '\t' || !character.is_control() {
            text.push(character);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_progress_is_told_from_others() {
        let read = |line: &str| progress_in(line.as_bytes());
        let half = Progress { progress: Some(0.5), message: Some("half".to_owned()) };
        assert_eq!(read(r#" {"progress": 0.5, "message": "half"}"#), Some(half));
        assert!(read(r#"{"message": "only words"}"#).is_some());
        for other in [r#"{"progress": 2}"#, r#"{"progress": 0.5, "level": "x"}"#, "{}", "{", "0.5"]
        {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn colours_are_left_out() {
        assert_eq!(readable("\u{1b}[31mred\u{1b}[0m\tand \u{7}more"), "red\tand more");
    }
}
