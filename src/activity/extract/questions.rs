//! What nobody has answered: questions, threads, issues that ask, notes left in the code.

use std::collections::BTreeMap;

use crate::domain::activity::{Bullet, Evidence, Facts, Message, Sign, StandingLine, Window};

use crate::activity::read::{Corpus, Record, day, short};
use crate::activity::text::{one_line, sentences, shortened};

use super::cite::{quotation, said_at};
use super::decisions::prose;
use super::{bullet, changes, without_repeats};

/// How many questions a handoff tells of.
const MAX_QUESTIONS: usize = 8;

/// How many of them are notes in the code.
const MAX_NOTES: usize = 4;

/// Labels by which trackers mark what is not settled.
const ASKING: [&str; 9] = [
    "question",
    "discussion",
    "needs decision",
    "needs-decision",
    "needs discussion",
    "rfc",
    "needs-info",
    "needs info",
    "undecided",
];

/// Words of a commit's message that leave something open.
const LEFT_OPEN: [&str; 12] = [
    "open question",
    "remains to be",
    "unclear whether",
    "unclear why",
    "not clear whether",
    "not clear why",
    "not sure whether",
    "not sure why",
    "not sure if",
    "not sure how",
    "still need to figure out",
    "to be decided",
];

/// The questions that are open at the window's end.
pub(crate) fn open_questions(corpus: &Corpus<'_>, window: Window) -> Vec<Bullet> {
    let mut bullets = asked(corpus, window);
    bullets.extend(asking_issues(corpus));
    bullets.extend(left_open(corpus, window));
    bullets.extend(notes(corpus).into_iter().take(MAX_NOTES));
    let mut bullets = without_repeats(bullets);
    bullets.truncate(MAX_QUESTIONS);
    bullets
}

/// Questions in conversations that nobody else went on with, and threads marked as unresolved.
fn asked(corpus: &Corpus<'_>, window: Window) -> Vec<Bullet> {
    let mut threads: BTreeMap<&str, Vec<&Record<'_>>> = BTreeMap::new();
    for record in corpus.telling() {
        if let Facts::Message(message) = &record.event.facts {
            let thread = message.thread.as_deref().unwrap_or(&record.event.external_id);
            threads.entry(thread).or_default().push(record);
        }
    }
    let mut found: Vec<(&Record<'_>, Bullet)> = Vec::new();
    for records in threads.into_values() {
        let open = records.iter().enumerate().rev().find_map(|(nth, record)| {
            let Facts::Message(message) = &record.event.facts else { return None };
            let answered = is_answered(record, message, &records[nth + 1..]);
            let question = question_in(record).filter(|_| !answered);
            let unresolved = || {
                let words = prose(record).into_iter().next();
                words.filter(|_| message.resolved == Some(false) && nth + 1 == records.len())
            };
            question.or_else(unresolved).map(|words| (*record, words))
        });
        let Some((record, words)) = open else { continue };
        if window.contains(record.event.created_at) {
            let who = corpus.author(record);
            let text = format!("{who} asked: {} ({})", quotation(&words), said_at(record));
            let text = if words.ends_with('?') { text } else { text.replacen(" asked: ", ": ", 1) };
            found.push((record, bullet(text, [record.evidence()])));
        }
    }
    found.sort_by_key(|(record, _)| std::cmp::Reverse((record.event.created_at, record.event.id)));
    found.into_iter().map(|(_, bullet)| bullet).collect()
}

/// Somebody else said something afterwards, or the source says that it is settled.
fn is_answered(record: &Record<'_>, message: &Message, later: &[&Record<'_>]) -> bool {
    let other = later.iter().any(|answer| answer.person != record.person);
    // A first message whose answers were not imported has them all the same.
    let told =
        !message.is_reply && message.replies.is_some_and(|count| count > 0) && later.is_empty();
    other || told || message.resolved == Some(true)
}

/// The last sentence that asks.
fn question_in(record: &Record<'_>) -> Option<String> {
    let prose = prose(record);
    let question = prose.iter().rev().find_map(|prose| {
        let asks = |one: &&str| one.ends_with('?') && one.split(' ').count() >= 3;
        sentences(prose).into_iter().rev().find(asks).map(str::to_owned)
    });
    question.filter(|words| !words.contains("://"))
}

/// Open issues that their labels say are questions, and those whose title asks.
fn asking_issues(corpus: &Corpus<'_>) -> Vec<Bullet> {
    let issues = corpus.telling().rev_by_time().into_iter();
    issues
        .filter_map(|record| {
            let Facts::Issue(item) = &record.event.facts else { return None };
            let label = item.labels.iter().find(|label| {
                let label = label.to_lowercase();
                ASKING.iter().any(|asking| label.contains(asking))
            });
            let asks = label.is_some() || record.message.headline.ends_with('?');
            if !item.state.is_open() || !asks {
                return None;
            }
            let marked = label.map(|label| format!(", labelled `{label}`")).unwrap_or_default();
            let text = format!(
                "{}: {} — opened by {} on {}{marked}",
                item.key,
                changes::headline(record),
                corpus.author(record),
                record.day(),
            );
            Some(bullet(text, [record.evidence()]))
        })
        .collect()
}

/// Sentences of commits that say that something is not settled.
fn left_open(corpus: &Corpus<'_>, window: Window) -> Vec<Bullet> {
    let mut bullets = Vec::new();
    for record in corpus.telling().rev_by_time() {
        if record.event.facts.commit().is_none() || !window.contains(record.event.created_at) {
            continue;
        }
        for prose in prose(record) {
            let open = sentences(&prose).into_iter().find(|sentence| {
                let lower = sentence.to_lowercase().replace('’', "'");
                LEFT_OPEN.iter().any(|cue| lower.contains(cue))
                    && sentence.split(' ').count() >= 6
                    && sentence.ends_with(['.', '?', '!'])
                    && !lower.contains(" was ")
                    && !lower.contains(" were ")
                    && !lower.contains(" did ")
            });
            if let Some(sentence) = open {
                let who = corpus.author(record);
                let text = format!("{who}: {} ({})", quotation(sentence), said_at(record));
                bullets.push(bullet(text, [record.evidence()]));
            }
        }
    }
    bullets
}

/// Notes to do that came in the window and are there still.
fn notes(corpus: &Corpus<'_>) -> Vec<Bullet> {
    let Some(snapshot) = corpus.snapshot else { return Vec::new() };
    let mut notes: Vec<(&StandingLine, Option<&Record<'_>>)> = snapshot
        .standing
        .iter()
        .filter(|line| !crate::activity::read::is_document(&line.path))
        .map(|line| (line, corpus.by_sha(&line.sha).map(|place| &corpus.records[place])))
        .filter(|(line, record)| !record.is_some_and(|record| was_moved(line, record)))
        .collect();
    notes.sort_by_key(|(line, record)| {
        (std::cmp::Reverse(record.map(|one| one.event.created_at)), &line.path, line.number)
    });
    notes
        .into_iter()
        .filter_map(|(line, record)| {
            let (mark, words) = note_of(&line.text)?;
            let by = record.map(|record| {
                let sha = record.event.facts.commit().map(|commit| short(&commit.sha).to_owned());
                let at = day(record.event.created_at);
                format!(" — {} ({}, {at})", corpus.author(record), sha.unwrap_or_default())
            });
            let place = format!("`{}` line {}", line.path, line.number);
            let text =
                format!("{mark} in {place}: {}{}", quotation(&words), by.unwrap_or_default());
            let file = Evidence::File { path: line.path.clone(), line: Some(line.number) };
            Some(bullet(text, [file].into_iter().chain(record.map(Record::evidence))))
        })
        .collect()
}

/// Whether the commit that brought a note took it away elsewhere, or only worded it anew.
fn was_moved(line: &StandingLine, record: &Record<'_>) -> bool {
    let lines = record.event.facts.commit().map(|commit| commit.lines.as_slice());
    let own = super::words(&line.text);
    let mut removed = lines.unwrap_or_default().iter().filter(|one| one.sign == Sign::Removed);
    removed.any(|one| {
        let is_same = one.text.trim() == line.text.trim();
        is_same
            || note_of(&one.text).is_some()
                && changes::says_the_same(&super::words(&one.text), &own)
    })
}

/// A comment's line of so many characters goes on in the next one, unless it ends a sentence.
const LONG_LINE: usize = 50;

/// The mark and the words of `// TODO(ada): close the file`.
fn note_of(line: &str) -> Option<(&'static str, String)> {
    let (mark, at) = ["TODO", "FIXME", "XXX", "HACK"]
        .into_iter()
        .filter_map(|mark| line.find(mark).map(|at| (mark, at)))
        .min_by_key(|(_, at)| *at)?;
    let before = line[..at].trim_end();
    let comments = ["//", "#", "*", "--", ";", "<!--", "/*", "\"\"\"", "{/*"];
    let is_comment = before.is_empty() || comments.iter().any(|one| before.contains(one));
    let mut rest = &line[at + mark.len()..];
    if let Some((name, after)) = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        rest = if name.len() < 40 { after } else { rest };
    }
    let words = one_line(rest.trim_start_matches([':', ' ', '-', ',']));
    let words = words.trim_end_matches("*/").trim_end_matches("-->").trim().to_owned();
    // `/XXX` is a part of a name; a mark stands alone, at the beginning of what a comment says.
    let stands_alone = !line[..at]
        .ends_with(|one: char| one.is_alphanumeric() || "/_-.".contains(one))
        && !line[at + mark.len()..]
            .starts_with(|one: char| one.is_alphanumeric() || "/_".contains(one));
    let says = before.trim_start_matches(|one: char| !one.is_alphanumeric());
    let begins =
        mark != "XXX" || says.is_empty() || comments.iter().any(|one| before.ends_with(one));
    let is_note = is_comment && stands_alone && begins && !is_quoted(before);
    let goes_on = line.chars().count() >= LONG_LINE
        && words.ends_with(|one: char| one.is_alphanumeric() || ",-".contains(one));
    let shown = shortened(&words, 160);
    let shown = if goes_on { format!("{} …", shown.trim_end_matches('…')) } else { shown };
    (is_note && words.split(' ').count() >= 2).then_some((mark, shown))
}

/// Whether what follows stands in a string or is only shown, as in a test of such notes.
fn is_quoted(before: &str) -> bool {
    let before = before.replace("\\\"", "").replace("\"\"\"", "");
    ['"', '`'].iter().any(|quote| before.matches(*quote).count() % 2 == 1)
}

/// Records, the newest first.
pub(super) trait ByTime<'c, 'a> {
    fn rev_by_time(self) -> Vec<&'c Record<'a>>;
}

impl<'c, 'a: 'c, I: Iterator<Item = &'c Record<'a>>> ByTime<'c, 'a> for I {
    fn rev_by_time(self) -> Vec<&'c Record<'a>> {
        let mut records: Vec<_> = self.collect();
        records.reverse();
        records
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_comments_with_words() {
        let note = |line| note_of(line).map(|(mark, words)| format!("{mark} {words}"));
        assert_eq!(note("// TODO(ada): close the file").as_deref(), Some("TODO close the file"));
        assert_eq!(note("/* FIXME leaks memory */").as_deref(), Some("FIXME leaks memory"));
        assert_eq!(note("let x = \"TODO list of things\";"), None);
        assert_eq!(note("// TODO"), None);
        assert_eq!(note("// such as /PREFIX/XXX should resolve to another"), None);
        assert_eq!(note("x = 1  # XXX not so").as_deref(), Some("XXX not so"));
        let long = note("// TODO: this should be closed when the gate of the mill is opened and");
        assert!(long.is_some_and(|words| words.ends_with("opened and …")));
        assert_eq!(note("check(\"// TODO close the file\");"), None);
        assert_eq!(note("/// The words of `// TODO close the file`"), None);
        assert_eq!(note("\"\"\" TODO close the file").as_deref(), Some("TODO close the file"));
    }
}
