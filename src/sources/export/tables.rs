//! Jira's and Linear's CSV exports: a row an issue, a column a member, some columns several times.

use std::cell::Cell;
use std::collections::HashMap;
use std::io::{BufRead, BufReader};

use crate::domain::activity::{
    Author, Event, EventSource, Facts, ItemState, Milestone, Place, WorkItem,
};
use crate::domain::clock::Timestamp;
use crate::sources::SourceError;
use crate::sources::export::Intake;
use crate::sources::export::bounded::Bounded;
use crate::sources::export::files::Files;
use crate::sources::export::record::{event, moment, note_boxes};

/// Whose export it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tracker {
    /// Jira's.
    Jira,
    /// Linear's.
    Linear,
}

/// Columns of one table: exports with each comment in one of its own have hundreds.
const MAX_COLUMNS: usize = 5_000;

pub(super) fn read(
    files: &mut Files,
    tracker: Tracker,
    intake: &mut Intake<'_, '_>,
) -> Result<(), SourceError> {
    for name in files.names(&["csv"]) {
        let reader = match files.reader(&name) {
            Ok(reader) => reader,
            Err(reason) => {
                intake.refuse(&name, &reason);
                continue;
            }
        };
        let since_last = Cell::new(0);
        let mut reader = BufReader::new(Bounded::new(reader, &since_last));
        let delimiter = delimiter(&mut reader);
        let mut table =
            csv::ReaderBuilder::new().flexible(true).delimiter(delimiter).from_reader(reader);
        let columns = match table.headers() {
            Ok(headers) if headers.len() <= MAX_COLUMNS => Columns::of(headers),
            Ok(headers) => {
                let reason = format!("it has {} columns; {MAX_COLUMNS} are read", headers.len());
                intake.refuse(&name, &reason);
                continue;
            }
            Err(error) => {
                intake.refuse(&name, &error.to_string());
                continue;
            }
        };
        for (number, row) in (2..).zip(table.records()) {
            since_last.set(0);
            let issue = match &row {
                Ok(row) => issue(Row { columns: &columns, row }, tracker, intake),
                Err(error) => Err(error.to_string()),
            };
            intake.take(&format!("{name}, row {number}"), issue)?;
        }
    }
    Ok(())
}

/// What stands between columns: Jira lets people choose, and spreadsheets choose by country.
fn delimiter(reader: &mut impl BufRead) -> u8 {
    // What cannot be read is told by whoever reads on.
    let head = reader.fill_buf().unwrap_or_default();
    let names = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: u8| names.split(|byte| *byte == delimiter).count();
    // Of two that are there equally often the last one is taken: none at all is a comma.
    [b'^', b'|', b'\t', b';', b','].into_iter().max_by_key(|one| count(*one)).unwrap_or(b',')
}

/// Places of columns by their names in small letters.
struct Columns(HashMap<String, Vec<usize>>);

impl Columns {
    fn of(headers: &csv::StringRecord) -> Self {
        let mut columns: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, name) in headers.iter().enumerate() {
            let name = name.trim_start_matches('\u{feff}').trim().to_lowercase();
            columns.entry(name).or_default().push(place);
        }
        Self(columns)
    }
}

#[derive(Clone, Copy)]
struct Row<'a> {
    columns: &'a Columns,
    row: &'a csv::StringRecord,
}

impl<'a> Row<'a> {
    /// All values of the columns with this name that are not empty.
    fn all(self, name: &str) -> impl Iterator<Item = &'a str> {
        let places = self.columns.0.get(name).map(Vec::as_slice).unwrap_or_default();
        let row = self.row;
        places
            .iter()
            .filter_map(move |place| row.get(*place))
            .map(str::trim)
            .filter(|text| !text.is_empty())
    }

    /// The first value among columns of these names.
    fn text(self, names: &[&str]) -> Option<&'a str> {
        names.iter().find_map(|name| self.all(name).next())
    }

    fn moment(self, names: &[&str]) -> Option<Timestamp> {
        self.text(names).and_then(moment)
    }

    fn owned(self, name: &str) -> Vec<String> {
        self.all(name).map(str::to_owned).collect()
    }
}

fn issue(row: Row<'_>, tracker: Tracker, intake: &Intake<'_, '_>) -> Result<Event, String> {
    let (source, key_column) = match tracker {
        Tracker::Jira => (EventSource::JIRA, "issue key"),
        Tracker::Linear => (EventSource::LINEAR, "id"),
    };
    let key = row.text(&[key_column]).ok_or_else(|| format!("`{key_column}` is empty"))?;
    let title = row.text(&["summary", "title"]).ok_or("it has no title")?;
    let created = row.text(&["created"]).ok_or("`Created` is empty")?;
    let created_at = moment(created).ok_or_else(|| {
        let shown: String = created.chars().take(40).collect();
        format!("`Created` is no time that is known: `{shown}`")
    })?;
    let body = row.text(&["description"]).unwrap_or_default();
    let mut event = event(intake.project, source, key, "issue", created_at);
    event.title = String::from(title);
    event.content = String::from(body);
    event.author = Author::named(row.text(&["creator", "reporter"]).unwrap_or_default());
    event.priority = row
        .text(&["priority"])
        .map(str::to_owned)
        .filter(|priority| !priority.eq_ignore_ascii_case("no priority"));
    event.place = place(row, key);
    let item = work_item(row, key, body);
    let moments = [item.closed_at, row.moment(&["updated"])];
    event.updated_at = moments.into_iter().flatten().fold(created_at, Timestamp::max);
    event.facts = Facts::Issue(item);
    Ok(event)
}

fn place(row: Row<'_>, key: &str) -> Option<Place> {
    let prefix = key.rsplit_once('-').map(|(prefix, _)| prefix);
    let id = row.text(&["project key"]).or(prefix)?;
    let label = row.text(&["project name", "team"]).unwrap_or(id);
    Some(Place { id: id.to_owned(), label: label.to_owned() })
}

fn work_item(row: Row<'_>, key: &str, body: &str) -> WorkItem {
    let status = row.text(&["status"]).unwrap_or_default();
    let category = row.text(&["status category"]).unwrap_or_default();
    let ended = row.moment(&["resolved", "completed"]);
    let given_up = row.moment(&["canceled"]);
    let resolution = row.text(&["resolution"]).unwrap_or_default();
    let state = state(status, category, resolution, ended, given_up);
    let labels = row.all("labels").flat_map(|labels| labels.split([',', ' ']));
    let labels = labels.map(str::trim).filter(|label| !label.is_empty()).map(str::to_owned);
    let milestone = row.text(&["project milestone", "fix version/s", "fix versions", "project"]);
    let mut item = WorkItem {
        key: key.to_owned(),
        state,
        labels: labels.collect(),
        assignees: row.owned("assignee"),
        milestone: milestone.map(|title| Milestone { title: title.to_owned(), due_at: None }),
        due_at: row.moment(&["due date", "due"]),
        closed_at: ended.or(given_up).filter(|_| !state.is_open()),
        comments: row.all("comment").count().try_into().unwrap_or(u32::MAX),
        blocks: row.owned("outward issue link (blocks)"),
        blocked_by: row.owned("inward issue link (blocks)"),
        ..WorkItem::default()
    };
    note_boxes(body, &mut item);
    item
}

/// What a status means. Its category says it where there is one; its name mostly does.
fn state(
    status: &str,
    category: &str,
    resolution: &str,
    ended: Option<Timestamp>,
    given_up: Option<Timestamp>,
) -> ItemState {
    let has = |text: &str, words: &[&str]| {
        let text = text.to_lowercase();
        words.iter().any(|word| text.contains(word))
    };
    let refused = ["won't", "wont", "duplicate", "cannot reproduce", "declined", "cancel"];
    if given_up.is_some() || has(resolution, &refused) || has(status, &refused) {
        return ItemState::Declined;
    }
    let done = ["done", "closed", "resolved", "complete", "released", "shipped", "merged"];
    if ended.is_some() || has(category, &["done", "complete"]) || has(status, &done) {
        return ItemState::Closed;
    }
    let going = ["progress", "review", "doing", "testing", "started", "develop"];
    if has(category, &["progress"]) || has(status, &going) {
        return ItemState::InProgress;
    }
    ItemState::Open
}
