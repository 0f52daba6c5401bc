//! A commit's message, or a pull request's title and text, taken apart.
//!
//! Knows conventional commits, git's and the hosts' merge messages, `Fixed #12 -- …`, and
//! trailers. Never: a word that was not there.

use crate::activity::text::{capitalized, one_line};

use super::is_kept_branch;
use super::kind::ChangeKind;

/// A message taken apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Message {
    /// What it says in one line, without marks of a convention; may be empty.
    pub(crate) headline: String,
    /// The part of the project that it names, `http` of `feat(http): …` and of `http: …`.
    pub(crate) scope: Option<String>,
    /// The sort that its conventional type names.
    pub(crate) kind: Option<ChangeKind>,
    /// It says that it breaks something.
    pub(crate) is_breaking: bool,
    /// What it breaks, in its words.
    pub(crate) breaking_note: Option<String>,
    /// The text under the first line, without trailers.
    pub(crate) body: String,
    /// `Name: value` lines at its end.
    pub(crate) trailers: Vec<(String, String)>,
    /// The pull request that a merge brings in.
    pub(crate) merged_number: Option<u32>,
    /// It is a merge's own message and says nothing beside.
    pub(crate) is_bare_merge: bool,
    /// It brings the main line into a topic, or another clone's work: no topic comes in by it.
    pub(crate) is_sync: bool,
}

/// Trailers' names that are read; other `Word: text` lines may be prose.
const TRAILERS: [&str; 19] = [
    "signed-off-by",
    "co-authored-by",
    "reviewed-by",
    "acked-by",
    "tested-by",
    "reported-by",
    "fixes",
    "closes",
    "refs",
    "pr-url",
    "change-id",
    "decision",
    "breaking-change",
    "helped-by",
    "suggested-by",
    "cc",
    "link",
    "resolves",
    "reviewed-on",
];

impl Message {
    /// Takes a title and the text under it apart.
    pub(crate) fn parse(title: &str, content: &str) -> Self {
        let (body, trailers) = without_trailers(content);
        let mut message = Self { body, trailers, ..Self::default() };
        let mut headline = one_line(title);
        if let Some(merge) = Merge::of(without_type(&headline)) {
            message.merged_number = merge.number.or_else(|| merge_request_number(&message.body));
            let inner =
                first_line(&message.body).filter(|line| !line.starts_with("See merge request"));
            message.is_bare_merge = inner.is_none();
            message.is_sync = merge.is_sync;
            if let Some(inner) = inner {
                let rest = message.body.trim_start().split_once('\n').map_or("", |(_, rest)| rest);
                let rest = rest.trim().to_owned();
                message.body = rest;
                headline = one_line(&inner);
            }
        }
        message.read_headline(&headline);
        message.read_breaking();
        message
    }

    /// The values of a trailer, by its name in lower case.
    pub(crate) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.trailers.iter().filter(move |(one, _)| one.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str())
    }

    fn read_headline(&mut self, headline: &str) {
        let mut text = without_ticket(without_numbers(headline)).trim();
        if let Some((kind, scope, bang, rest)) = conventional(text) {
            // `fix: correct typos` mends no behaviour, whatever its type says.
            let object = ChangeKind::of_object(rest).filter(|_| kind.is_behaviour());
            self.kind = Some(object.unwrap_or(kind));
            self.scope = scope;
            self.is_breaking = bang;
            text = rest;
        } else if let Some((scope, rest)) = scoped(text) {
            self.scope = Some(scope.to_owned());
            text = rest;
        }
        text.trim().trim_end_matches('.').clone_into(&mut self.headline);
    }

    /// The headline as a line of its own, with the part of the project before it. What a fix
    /// names by the trouble alone would read as if the trouble had been made.
    pub(crate) fn shown(&self) -> String {
        let is_trouble = self.kind == Some(ChangeKind::Fix) && names_trouble(&self.headline);
        match &self.scope {
            Some(scope) if is_trouble => format!("Fix in {scope}: {}", self.headline),
            None if is_trouble => format!("Fix: {}", self.headline),
            Some(scope) => format!("{scope}: {}", self.headline),
            None => capitalized(&self.headline),
        }
    }

    fn read_breaking(&mut self) {
        let marks = ["BREAKING CHANGE:", "BREAKING-CHANGE:", "BREAKING:", "Breaking change:"];
        for mark in marks {
            if let Some((_, note)) = self.body.split_once(mark) {
                let note = note.split("\n\n").next().unwrap_or(note);
                self.is_breaking = true;
                self.breaking_note = Some(one_line(note)).filter(|note| !note.is_empty());
                return;
            }
        }
        let note = self.values("breaking-change").next().map(one_line);
        if note.is_some() {
            self.is_breaking = true;
            self.breaking_note = note;
        }
        let lower = self.headline.to_lowercase();
        self.is_breaking |= ["breaking:", "breaking change", "[breaking"]
            .iter()
            .any(|start| lower.starts_with(start))
            || lower.contains("[breaking]");
    }
}

/// Words by which people name what went wrong.
const TROUBLE: [&str; 40] = [
    "breaking",
    "breaks",
    "broken",
    "bug",
    "cannot",
    "conflict",
    "conflicts",
    "crash",
    "crashes",
    "deadlock",
    "doesn't",
    "error",
    "errors",
    "exception",
    "fail",
    "fails",
    "failing",
    "failure",
    "freeze",
    "hang",
    "hangs",
    "incorrect",
    "infinite",
    "invalid",
    "isn't",
    "issue",
    "leak",
    "leaks",
    "mismatch",
    "missing",
    "not",
    "overflow",
    "panic",
    "panics",
    "race",
    "regression",
    "segfault",
    "typo",
    "unexpected",
    "wrong",
];

/// How many words of a headline are asked for trouble.
const TROUBLE_WORDS: usize = 6;

/// Whether a headline says what went wrong and not what was done: trouble without a verb first.
fn names_trouble(headline: &str) -> bool {
    let lower = headline.to_lowercase().replace('’', "'");
    let mut words = lower.split(' ').take(TROUBLE_WORDS);
    let first = words.next().unwrap_or_default();
    let is_done = ChangeKind::of_words(first).is_some() || DONE.contains(&first);
    !is_done && (TROUBLE.contains(&first) || words.any(|word| TROUBLE.contains(&word)))
}

/// Verbs of what was done that name no sort of change.
const DONE: [&str; 40] = [
    "accept",
    "align",
    "apply",
    "await",
    "bail",
    "bring",
    "call",
    "change",
    "check",
    "clear",
    "close",
    "convert",
    "detect",
    "emit",
    "escape",
    "give",
    "guard",
    "hide",
    "ignore",
    "improve",
    "keep",
    "let",
    "make",
    "mark",
    "normalize",
    "pass",
    "preserve",
    "refine",
    "reject",
    "report",
    "reset",
    "respect",
    "return",
    "set",
    "show",
    "suppress",
    "throw",
    "update",
    "use",
    "warn",
];

fn first_line(text: &str) -> Option<String> {
    text.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned)
}

/// A merge's own first line.
struct Merge {
    number: Option<u32>,
    is_sync: bool,
}

/// Names of main lines.
const MAIN_LINES: [&str; 6] = ["main", "master", "develop", "trunk", "dev", "next"];

impl Merge {
    fn of(headline: &str) -> Option<Self> {
        let rest = headline.strip_prefix("Merge ")?;
        if let Some(rest) = rest.strip_prefix("pull request #") {
            let digits = rest.split(' ').next().unwrap_or_default();
            return Some(Self { number: digits.parse().ok(), is_sync: false });
        }
        let starts = ["branch ", "branches ", "remote-tracking ", "tag ", "commit "];
        let is_merge =
            starts.iter().any(|start| rest.starts_with(start)) || rest.contains(" into ");
        let named = |name: &str| {
            let name = name.trim_matches(['\'', '"', ' ']);
            let remote = ["origin/", "upstream/"].iter().find_map(|start| name.strip_prefix(start));
            let name = remote.unwrap_or(name);
            MAIN_LINES.contains(&name) || is_kept_branch(name)
        };
        let (from, into) = match rest.split_once(" into ") {
            Some((from, into)) => (from, Some(into)),
            None => (rest, None),
        };
        let from = from.split_once(' ').map_or(from, |(_, name)| name);
        let is_sync = named(from)
            || rest.contains(" of http")
            || rest.contains(" of git")
            || rest.starts_with("remote-tracking")
            || into.is_some_and(|into| !named(into));
        is_merge.then_some(Self { number: None, is_sync })
    }
}

/// `See merge request group/project!12`.
fn merge_request_number(body: &str) -> Option<u32> {
    let line = body.lines().find(|line| line.trim_start().starts_with("See merge request"))?;
    line.rsplit_once('!').and_then(|(_, digits)| digits.trim().parse().ok())
}

/// Without `(#12)` at the end, as hosts write it when they squash.
fn without_numbers(headline: &str) -> &str {
    let mut text = headline.trim();
    loop {
        let shorter = text.strip_suffix(')').and_then(|inner| inner.rsplit_once('(')).filter(
            |(_, number)| {
                let number = number.rsplit(' ').next().unwrap_or(number);
                let digits = number.trim_start_matches(['#', '!']);
                digits.len() < number.len() && digits.bytes().all(|byte| byte.is_ascii_digit())
            },
        );
        match shorter {
            Some((before, _)) => text = before.trim_end(),
            None => return text,
        }
    }
}

/// Without `Fixed #12 -- `, `[1.2.x] `, `KEY-3: `, `#12: ` at the beginning.
fn without_ticket(headline: &str) -> &str {
    let mut text = headline;
    if let Some((before, rest)) = text.split_once(" -- ")
        && before.contains('#')
        && before.len() < 60
    {
        text = rest;
    }
    if let Some((tag, rest)) = text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        let is_branch = tag.contains(|one: char| one.is_ascii_digit()) && !tag.contains(' ');
        if is_branch && !rest.trim().is_empty() {
            return without_ticket(rest.trim_start_matches([':', ' ']));
        }
    }
    let word = text.split([' ', ':']).next().unwrap_or_default();
    let rest = text[word.len()..].trim_start_matches([':', ' ', '-', '–']);
    let number = word.strip_prefix('#').is_some_and(|digits| digits.parse::<u32>().is_ok());
    let key = word.rsplit_once('-').is_some_and(|(project, digits)| {
        project.len() >= 2
            && project.bytes().all(|byte| byte.is_ascii_uppercase())
            && digits.parse::<u32>().is_ok()
    });
    if (number || key) && rest.contains(' ') { rest } else { text }
}

/// A merge's message without the type that some put before it, `chore: Merge branch 'x'`.
fn without_type(headline: &str) -> &str {
    let rest = headline.split_once(": ").map(|(_, rest)| rest);
    rest.filter(|rest| rest.starts_with("Merge ")).unwrap_or(headline)
}

/// `feat(scope)!: text`.
fn conventional(text: &str) -> Option<(ChangeKind, Option<String>, bool, &str)> {
    let (head, rest) = text.split_once(": ")?;
    let (head, bang) = head.strip_suffix('!').map_or((head, false), |head| (head, true));
    let (name, scope) = match head.split_once('(') {
        Some((name, scope)) => (name, Some(scope.strip_suffix(')')?.to_owned())),
        None => (head, None),
    };
    let kind = ChangeKind::of_type(name.trim())?;
    let scope = scope.filter(|scope| !scope.trim().is_empty());
    let is_deps = matches!(kind, ChangeKind::Other | ChangeKind::Build)
        && scope.as_deref().is_some_and(|scope| scope.starts_with("deps"));
    let kind = if is_deps { ChangeKind::Dependencies } else { kind };
    Some((kind, scope, bang, rest))
}

/// `http: text`, `crates/http: text`, `http, store: text`.
fn scoped(text: &str) -> Option<(&str, &str)> {
    let (scope, rest) = text.split_once(": ")?;
    let is_word = |part: &str| {
        let part = part.trim();
        !part.is_empty()
            && part.len() <= 30
            && part.chars().all(|one| one.is_alphanumeric() || "-_/.*+".contains(one))
    };
    (scope.len() <= 40 && scope.split(',').all(is_word) && !rest.trim().is_empty())
        .then_some((scope, rest))
}

/// The text without the `Name: value` lines of its last paragraph, and those.
fn without_trailers(content: &str) -> (String, Vec<(String, String)>) {
    let text = content.trim_end();
    let lines: Vec<&str> = text.lines().collect();
    let start = lines.iter().rposition(|line| line.trim().is_empty()).map_or(0, |at| at + 1);
    let mut trailers = Vec::new();
    let mut kept = lines[..start].join("\n");
    for line in &lines[start..] {
        if let Some(trailer) = trailer(line) {
            trailers.push(trailer);
        } else {
            kept.push('\n');
            kept.push_str(line);
        }
    }
    (kept.trim().to_owned(), trailers)
}

fn trailer(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(':')?;
    let known = TRAILERS.contains(&name.trim().to_ascii_lowercase().as_str());
    let value = value.trim();
    (known && !value.is_empty()).then(|| (name.trim().to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conventions_are_taken_off() {
        let cases = [
            ("feat(http)!: add long polling (#12)", "http: add long polling"),
            ("Fixed #36500 -- Made Q() objects hashable.", "Made Q() objects hashable"),
            ("[5.2.x] Fixed #1 -- Fixed crash in a form.", "Fixed crash in a form"),
            ("fix: close files", "Close files"),
            ("dx(mill): warn of floods", "mill: warn of floods"),
            ("printer: fix colors", "printer: fix colors"),
            ("TIDE-3: close the file", "Close the file"),
            ("axum-extra: Fix `Query` (#3)", "axum-extra: Fix `Query`"),
        ];
        for (title, shown) in cases {
            assert_eq!(Message::parse(title, "").shown(), shown);
        }
        assert!(Message::parse("feat(http)!: add", "").is_breaking);
        let troubles = [
            ("fix(tree): panic in a search", "Fix in tree: panic in a search"),
            ("fix: literal routes not working", "Fix: literal routes not working"),
            ("fix(tree): return an error for no node", "tree: return an error for no node"),
            ("fix(tree): keep order", "tree: keep order"),
        ];
        for (title, shown) in troubles {
            assert_eq!(Message::parse(title, "").shown(), shown);
        }
    }

    #[test]
    fn a_merge_says_what_it_brings() {
        let merge =
            Message::parse("Merge pull request #7 from a/b", "Close files early\n\nThey leak.");
        assert_eq!(merge.headline, "Close files early");
        assert_eq!((merge.merged_number, merge.body.as_str()), (Some(7), "They leak."));
        let sync = Message::parse("Merge branch 'main' into x", "");
        assert!(sync.is_bare_merge && sync.is_sync);
        assert!(!Message::parse("Merge branch 'x' into main", "").is_sync);
        assert!(!Message::parse("Merge branch 'ps/refs'", "").is_sync);
        for sync in ["Merge branch 'stable'", "chore: Merge branch 'main' into minor"] {
            assert!(Message::parse(sync, "").is_sync, "{sync}");
        }
        let request = "Close files\n\nSee merge request acme/app!9";
        assert_eq!(Message::parse("Merge branch 'x' into 'main'", request).merged_number, Some(9));
    }

    #[test]
    fn trailers_are_not_prose() {
        let message =
            Message::parse("A", "Why: it leaks.\n\nDecision: close early\nSigned-off-by: B <b@c>");
        assert_eq!(message.body, "Why: it leaks.");
        assert_eq!(message.values("decision").collect::<Vec<_>>(), ["close early"]);
    }

    #[test]
    fn what_breaks_is_told() {
        let message =
            Message::parse("A", "Text.\n\nBREAKING CHANGE: the port\nis another.\n\nMore.");
        assert!(message.is_breaking);
        assert_eq!(message.breaking_note.as_deref(), Some("the port is another."));
        assert!(Message::parse("Breaking change: rename the port", "").is_breaking);
        assert!(!Message::parse("fix: breaking support of hyphens in names", "").is_breaking);
    }
}
