//! What every importer does with a record: an event to fill in, moments in the forms in which
//! trackers write them, boxes that are checked or not.

use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

use crate::domain::activity::{Author, Event, EventSource, Facts, WorkItem};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{EventId, ProjectId};

/// An event with nothing but its identity.
pub(super) fn event(
    project: ProjectId,
    source: EventSource,
    external_id: &str,
    event_type: &str,
    created_at: Timestamp,
) -> Event {
    Event {
        id: EventId::of(project, source.id(), external_id),
        project,
        source,
        external_id: external_id.to_owned(),
        event_type: event_type.to_owned(),
        title: String::new(),
        content: String::new(),
        author: Author::default(),
        url: None,
        refs: Vec::new(),
        place: None,
        branches: Vec::new(),
        priority: None,
        facts: Facts::Plain,
        created_at,
        updated_at: created_at,
    }
}

/// A URL that people can open, and nothing else.
pub(super) fn web_url(text: &str) -> Option<String> {
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    let is_plain = !text.chars().any(|one| one.is_whitespace() || one.is_control());
    (is_web && is_plain && text.len() <= 500).then(|| text.to_owned())
}

/// A moment as trackers write it; one without an offset is taken for UTC.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Some(at) = Timestamp::parse(text) {
        return Some(at);
    }
    // What a browser writes: `Mon Jan 01 2024 10:00:00 GMT+0000 (GMT)`.
    let without_name = text.split(" (").next().unwrap_or(text);
    if let Ok(at) = strtime::parse("%a %b %d %Y %H:%M:%S GMT%z", without_name)
        && let Ok(at) = at.to_timestamp()
    {
        return Some(Timestamp::from_ms(at.as_millisecond()));
    }
    let offset = ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M:%S%.f %z"];
    let with_offset =
        offset.iter().find_map(|form| strtime::parse(form, text).ok()?.to_timestamp().ok());
    if let Some(at) = with_offset {
        return Some(Timestamp::from_ms(at.as_millisecond()));
    }
    let civil = [
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%d %H:%M",
        "%d/%b/%y %I:%M %p",
        "%d/%b/%Y %I:%M %p",
        "%d/%b/%y %H:%M",
        "%b %d, %Y, %I:%M %p",
    ];
    let at = civil.iter().find_map(|form| DateTime::strptime(form, text).ok());
    let day = ["%Y-%m-%d", "%d/%b/%y", "%d/%b/%Y", "%Y/%m/%d", "%d.%m.%Y"];
    let at = at.or_else(|| {
        let day = day.iter().find_map(|form| Date::strptime(form, text).ok());
        day.map(|day| day.at(0, 0, 0, 0))
    })?;
    let at = at.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Some(Timestamp::from_ms(at.as_millisecond()))
}

/// Notes the boxes of a text: `- [ ] write it`, `* [x] done`.
pub(super) fn note_boxes(text: &str, item: &mut WorkItem) {
    for line in text.lines() {
        let Some(rest) = line.trim_start().strip_prefix(['-', '*', '+']) else { continue };
        let rest = rest.trim_start();
        if let Some(open) = rest.strip_prefix("[ ]") {
            let open = open.trim();
            if !open.is_empty() {
                item.unchecked.push(open.to_owned());
            }
        } else if rest.starts_with("[x]") || rest.starts_with("[X]") {
            item.checked = item.checked.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_trackers_write_them() {
        let expected = Timestamp::parse("2024-01-05T15:14:00Z");
        for text in [
            "2024-01-05T15:14:00Z",
            "2024-01-05T16:14:00+01:00",
            "2024-01-05T15:14:00.000+0000",
            "2024-01-05 15:14",
            "05/Jan/24 3:14 PM",
            "Fri Jan 05 2024 15:14:00 GMT+0000 (GMT)",
            "2024-01-05 15:14:00 +0000",
        ] {
            assert_eq!(moment(text), expected, "{text}");
        }
        assert_eq!(moment("2024-01-05"), Timestamp::parse("2024-01-05T00:00:00Z"));
        assert_eq!(moment("soon"), None);
    }

    #[test]
    fn boxes_are_counted_and_open_ones_kept() {
        let mut item = WorkItem::default();
        note_boxes("Plan\n- [x] dig\n * [ ] fill \n- [ ]\n1. [ ] no\n", &mut item);
        assert_eq!((item.checked, item.unchecked), (1, vec!["fill".to_owned()]));
    }

    #[test]
    fn only_web_addresses_are_links() {
        assert!(web_url("https://a.example/b").is_some());
        for text in ["javascript:alert(1)", "file:///etc/passwd", "https://a b"] {
            assert_eq!(web_url(text), None);
        }
    }
}
