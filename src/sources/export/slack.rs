//! Slack's own export: `channels.json`, `users.json`, and a folder a channel with a file a day.

use std::collections::HashMap;

use crate::domain::activity::{Author, Event, EventSource, Facts, Message, Place};
use crate::domain::clock::Timestamp;
use crate::sources::SourceError;
use crate::sources::export::Intake;
use crate::sources::export::files::Files;
use crate::sources::export::json::{Record, each_record};
use crate::sources::export::record::event;

/// Kinds of messages that a program writes when somebody moves about.
const MOVES: [&str; 12] = [
    "channel_join",
    "channel_leave",
    "channel_topic",
    "channel_purpose",
    "channel_name",
    "channel_archive",
    "channel_unarchive",
    "channel_canvas_updated",
    "group_join",
    "group_leave",
    "bot_add",
    "tombstone",
];

pub(super) fn read(files: &mut Files, intake: &mut Intake<'_, '_>) -> Result<(), SourceError> {
    let people = people(files);
    for name in files.names(&["json"]) {
        let mut parts = name.rsplit('/');
        let (Some(day), Some(channel)) = (parts.next(), parts.next()) else { continue };
        if !is_day(day) {
            continue;
        }
        let mut stopped = Ok(());
        let mut place = 0_usize;
        let parsed = files.reader(&name).and_then(|reader| {
            each_record(reader, &mut |value| {
                place += 1;
                let record = Record(&value);
                let moves = record.text("subtype").is_some_and(|kind| MOVES.contains(&kind));
                if moves || record.text("type").is_some_and(|kind| kind != "message") {
                    intake.skip();
                    return true;
                }
                let message = message(record, channel, &people, intake);
                stopped = intake.take(&format!("{name}, message {place}"), message);
                stopped.is_ok()
            })
        });
        stopped?;
        if let Err(reason) = parsed {
            intake.refuse(&name, &reason);
        }
    }
    Ok(())
}

/// Names by ids.
fn people(files: &mut Files) -> HashMap<String, (String, bool)> {
    let names = files.names(&["json"]);
    let Some(name) = names.iter().find(|name| name.rsplit('/').next() == Some("users.json")) else {
        return HashMap::new();
    };
    let mut people = HashMap::new();
    // Without names the ids are shown: messages are still worth having.
    let _ = files.reader(name).and_then(|reader| {
        each_record(reader, &mut |value| {
            let record = Record(&value);
            let shown = ["profile.display_name", "profile.real_name", "real_name", "name"];
            let shown = shown.iter().find_map(|path| record.text(path));
            if let Some((id, shown)) = record.text("id").zip(shown) {
                people.insert(id.to_owned(), (shown.to_owned(), record.is("is_bot")));
            }
            true
        })
    });
    people
}

fn is_day(name: &str) -> bool {
    let day = name.trim_end_matches(".json");
    day.len() == 10 && day.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn message(
    record: Record<'_>,
    channel: &str,
    people: &HashMap<String, (String, bool)>,
    intake: &Intake<'_, '_>,
) -> Result<Event, String> {
    let ts = record.text("ts").ok_or("`ts` is missing")?;
    let at = moment(ts).ok_or("`ts` is no time")?;
    let text = record.text("text").ok_or("`text` is missing or empty")?;
    let id = |ts: &str| format!("{channel}/{ts}");
    let mut event = event(intake.project, EventSource::SLACK, &id(ts), "message", at);
    event.content = plain(text, people);
    event.author = author(record, people);
    event.updated_at = record.text("edited.ts").and_then(moment).unwrap_or(at).max(at);
    event.place = Some(Place { id: channel.to_owned(), label: format!("#{channel}") });
    let thread = record.text("thread_ts");
    let is_reply = thread.is_some_and(|thread| thread != ts);
    event.refs.extend(thread.filter(|_| is_reply).map(id));
    event.facts = Facts::Message(Message {
        thread: Some(id(thread.unwrap_or(ts))),
        is_reply,
        replies: record.number("reply_count").and_then(|count| count.try_into().ok()),
        resolved: None,
    });
    Ok(event)
}

fn author(record: Record<'_>, people: &HashMap<String, (String, bool)>) -> Author {
    let user = record.text("user");
    let known = user.and_then(|user| people.get(user));
    let shown = ["user_profile.display_name", "user_profile.real_name", "bot_profile.name"];
    let named = shown.iter().find_map(|path| record.text(path)).or(record.text("username"));
    let name = named.or(known.map(|(name, _)| name.as_str())).or(user).unwrap_or_default();
    Author {
        name: name.to_owned(),
        login: user.map(str::to_owned),
        email: None,
        is_bot: record.value("bot_id").is_some() || known.is_some_and(|(_, is_bot)| *is_bot),
    }
}

/// `1700000000.000200`, seconds and a counter.
fn moment(ts: &str) -> Option<Timestamp> {
    let (seconds, fraction) = ts.split_once('.').unwrap_or((ts, ""));
    let seconds: i64 = seconds.parse().ok()?;
    let ms: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    Some(Timestamp::from_ms(seconds.checked_mul(1_000)?.checked_add(ms)?))
}

/// A message's text as people read it: mentions by name, links as they are.
fn plain(text: &str, people: &HashMap<String, (String, bool)>) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        let Some((inside, after)) = after.split_once('>') else {
            plain.push('<');
            rest = after;
            continue;
        };
        let (target, label) = inside.split_once('|').map_or((inside, None), |(a, b)| (a, Some(b)));
        match (target.strip_prefix('@'), target.strip_prefix(['#', '!']), label) {
            (Some(user), _, label) => {
                let name = people.get(user).map(|(name, _)| name.as_str()).or(label);
                plain.push('@');
                plain.push_str(name.unwrap_or(user));
            }
            (_, Some(name), label) => {
                plain.push(if target.starts_with('#') { '#' } else { '@' });
                plain.push_str(label.unwrap_or(name).trim_start_matches(['@', '#']));
            }
            (_, _, Some(label)) if label != target => {
                plain.push_str(label);
                plain.push_str(" (");
                plain.push_str(target);
                plain.push(')');
            }
            _ => plain.push_str(target),
        }
        rest = after;
    }
    plain.push_str(rest);
    plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_and_links_are_read_as_people_see_them() {
        let people = HashMap::from([("U1".to_owned(), ("Ada".to_owned(), false))]);
        let text =
            "<@U1> see <https://a.example/x|the plan> &amp; <https://b.example> in <#C2|ops>";
        assert_eq!(
            plain(text, &people),
            "@Ada see the plan (https://a.example/x) & https://b.example in #ops"
        );
        assert_eq!(plain("a < b", &people), "a < b");
    }

    #[test]
    fn a_time_stamp_is_seconds_and_a_counter() {
        assert_eq!(moment("1700000000.000200"), Some(Timestamp::from_ms(1_700_000_000_000)));
        assert_eq!(moment("1700000000.9"), Some(Timestamp::from_ms(1_700_000_000_900)));
        assert_eq!(moment("now"), None);
    }
}
