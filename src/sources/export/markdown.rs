//! Markdown files of a folder: notes, plans, decision records.

use crate::domain::activity::{Author, Document, Event, EventSource, Facts, Place};
use crate::domain::clock::Timestamp;
use crate::sources::SourceError;
use crate::sources::export::Intake;
use crate::sources::export::files::Files;
use crate::sources::export::record::{event, moment};

/// Lines at the beginning of a file in which its date and author are looked for.
const HEAD_LINES: usize = 40;

pub(super) fn read(files: &mut Files, intake: &mut Intake<'_, '_>) -> Result<(), SourceError> {
    for name in files.names(&["md", "markdown", "mdx"]) {
        let changed_at = files.changed_at(&name);
        let document =
            files.text(&name).and_then(|text| document(&name, &text, changed_at, intake));
        intake.take(&name, document)?;
    }
    Ok(())
}

fn document(
    path: &str,
    text: &str,
    changed_at: Option<Timestamp>,
    intake: &Intake<'_, '_>,
) -> Result<Event, String> {
    if text.trim().is_empty() {
        return Err("it is empty".to_owned());
    }
    let dated = field(text, "date").and_then(moment);
    let at = dated.or(changed_at).ok_or("it has no date, and the file's own is not known")?;
    let mut event = event(intake.project, EventSource::DOCS, path, "document", at);
    event.title = String::from(title(text).unwrap_or(path));
    event.content = String::from(text);
    event.author = Author::named(field(text, "author").unwrap_or_default());
    // The day that it names says when it was decided; the file's says only when it was copied.
    event.updated_at = dated.or(changed_at).unwrap_or(at).max(at);
    let folder = path.rsplit_once('/').map_or(".", |(folder, _)| folder);
    event.place = Some(Place { id: folder.to_owned(), label: folder.to_owned() });
    event.facts = Facts::Document(Document { path: path.to_owned() });
    Ok(event)
}

fn title(text: &str) -> Option<&str> {
    let from_head = field(text, "title").map(|title| title.trim_matches(['"', '\'']));
    let heading = || text.lines().find_map(|line| line.strip_prefix("# ")).map(str::trim);
    from_head.or_else(heading).filter(|title| !title.is_empty())
}

/// `date: 2024-01-05`, `* Date: 2024-01-05` or `**Date**: …` in the first lines.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().take(HEAD_LINES).find_map(|line| {
        let (key, value) = line.split_once(':')?;
        let key = key.trim_matches(|one: char| !one.is_alphanumeric());
        let value = value.trim_matches(['*', ' ', '"']);
        (key.eq_ignore_ascii_case(name) && !value.is_empty()).then_some(value)
    })
}
