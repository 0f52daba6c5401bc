//! Transcripts of meetings in `WebVTT`, as meeting programs save them.

use crate::domain::activity::{Event, EventSource, Facts, Transcript, Turn};
use crate::domain::clock::Timestamp;
use crate::sources::SourceError;
use crate::sources::export::Intake;
use crate::sources::export::files::Files;
use crate::sources::export::record::{event, moment};

/// The longest name before a colon that is taken for a speaker's, in characters.
const MAX_SPEAKER: usize = 60;

pub(super) fn read(files: &mut Files, intake: &mut Intake<'_, '_>) -> Result<(), SourceError> {
    for name in files.names(&["vtt"]) {
        let changed_at = files.changed_at(&name);
        let meeting = files.text(&name).and_then(|text| meeting(&name, &text, changed_at, intake));
        intake.take(&name, meeting)?;
    }
    Ok(())
}

fn meeting(
    path: &str,
    text: &str,
    changed_at: Option<Timestamp>,
    intake: &Intake<'_, '_>,
) -> Result<Event, String> {
    if !text.starts_with("WEBVTT") {
        return Err("it does not begin with `WEBVTT`".to_owned());
    }
    let turns = turns(text);
    if turns.is_empty() {
        return Err("nobody says anything in it".to_owned());
    }
    let stem = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".vtt");
    let at = day_in(stem).or(changed_at).ok_or("its name has no date, and its own is not known")?;
    // Teams marks who speaks; Zoom and the others write the name before the words.
    let source = if text.contains("<v ") { "microsoft_teams_meetings" } else { "zoom" };
    let source: EventSource = source.parse().unwrap_or(EventSource::DOCS);
    let mut event = event(intake.project, source, path, "meeting", at);
    event.title = String::from(stem.replace(['_', '-'], " ").trim());
    let said = turns.iter().map(|Turn { speaker, text, .. }| {
        if speaker.is_empty() { text.clone() } else { format!("{speaker}: {text}") }
    });
    event.content = said.collect::<Vec<_>>().join("\n");
    event.facts = Facts::Transcript(Transcript { turns });
    Ok(event)
}

/// The first day of the form `2024-01-05` or `20240105` in a name.
fn day_in(name: &str) -> Option<Timestamp> {
    let parts: Vec<&str> = name.split(|one: char| !one.is_ascii_digit()).collect();
    let joined = parts
        .windows(3)
        .find(|three| three[0].len() == 4 && three[1].len() == 2 && three[2].len() == 2);
    let day = if let Some(three) = joined {
        three.join("-")
    } else {
        let whole = parts.iter().find(|part| part.len() == 8)?;
        format!("{}-{}-{}", &whole[..4], &whole[4..6], &whole[6..])
    };
    moment(&day)
}

/// What was said, one turn for all that a person says before the next one speaks.
fn turns(text: &str) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    for cue in text.replace("\r\n", "\n").split("\n\n") {
        let mut lines = cue.lines().skip_while(|line| !line.contains("-->"));
        let Some(at_seconds) = lines.next().and_then(start) else { continue };
        for line in lines {
            let (speaker, words) = spoken(line);
            if words.is_empty() {
                continue;
            }
            match turns.last_mut() {
                Some(last) if speaker.is_none_or(|speaker| speaker == last.speaker) => {
                    last.text.push(' ');
                    last.text.push_str(&words);
                }
                _ => turns.push(Turn {
                    speaker: speaker.unwrap_or_default().to_owned(),
                    at_seconds,
                    text: words,
                }),
            }
        }
    }
    turns
}

/// `00:01:02.500 --> …` or `01:02.500 --> …`, in seconds.
fn start(line: &str) -> Option<u32> {
    let (start, _) = line.split_once("-->")?;
    let whole = start.trim().split('.').next()?;
    whole
        .split(':')
        .try_fold(0_u32, |seconds, part| seconds.checked_mul(60)?.checked_add(part.parse().ok()?))
}

/// Who says a line, if it says so, and the words without marks.
fn spoken(line: &str) -> (Option<&str>, String) {
    let line = line.trim();
    if let Some((speaker, words)) = line.strip_prefix("<v ").and_then(|rest| rest.split_once('>')) {
        return (Some(speaker.trim()), without_marks(words));
    }
    match line.split_once(": ") {
        Some((speaker, words)) if is_name(speaker) => (Some(speaker.trim()), without_marks(words)),
        _ => (None, without_marks(line)),
    }
}

fn is_name(text: &str) -> bool {
    let words = text.split_whitespace().count();
    let starts = text.chars().next().is_some_and(char::is_uppercase);
    starts
        && (1..=4).contains(&words)
        && text.chars().count() <= MAX_SPEAKER
        && text.chars().all(|one| one.is_alphanumeric() || " .'-()".contains(one))
}

fn without_marks(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut inside = false;
    for one in text.chars() {
        match one {
            '<' => inside = true,
            '>' if inside => inside = false,
            _ if !inside => plain.push(one),
            _ => {}
        }
    }
    plain.trim().to_owned()
}
