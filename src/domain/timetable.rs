//! Timetables: a cron expression on the clocks of a place, and when it falls due.
//!
//! `croner` says when, on clocks that `jiff` knows. An expression with fixed hours and minutes
//! fires once where clocks go forward over it (right after the gap) or back over it (the first
//! time); one with wildcards fires as the wall clock shows. Never: a clock of its own.

use std::collections::VecDeque;

use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use jiff::tz::TimeZone;

use crate::domain::clock::Timestamp;

/// A cron expression on the clocks of a place.
#[derive(Clone, Debug)]
pub struct Timetable {
    cron: Cron,
    zone: TimeZone,
}

/// Why there can be no such timetable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTimetable {
    /// The expression means nothing.
    #[error(
        "must be a cron expression of five fields (minute, hour, day of month, month, day of \
         week), such as `0 9 * * 1-5`: {0}"
    )]
    Cron(String),
    /// There is no such place.
    #[error("must be the name of an IANA time zone, such as `Europe/Berlin` or `UTC`")]
    Zone,
    /// There is no such moment.
    #[error("never falls due: no date is like that")]
    Never,
}

impl Timetable {
    /// The timetable of five fields in an IANA time zone.
    pub fn parse(cron: &str, zone: &str) -> Result<Self, InvalidTimetable> {
        /// Names that the database of zones has for this machine's own, wherever that is.
        const NO_PLACES: [&str; 2] = ["localtime", "posixrules"];
        let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed);
        let cron = parser.build().parse(cron);
        let cron = cron.map_err(|error| InvalidTimetable::Cron(error.to_string()))?;
        let zone = TimeZone::get(zone).map_err(|_| InvalidTimetable::Zone)?;
        match zone.iana_name() {
            Some(name) if !NO_PLACES.contains(&name) => Ok(Self { cron, zone }),
            _ => Err(InvalidTimetable::Zone),
        }
    }

    /// The zone's name as the database of zones writes it.
    pub fn zone(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    /// The first moment after `at` when it falls due.
    pub fn after(&self, at: Timestamp) -> Result<Timestamp, InvalidTimetable> {
        let at = jiff::Timestamp::from_millisecond(at.ms()).map_err(|_| InvalidTimetable::Never)?;
        let next = self.cron.find_next_occurrence(&at.to_zoned(self.zone.clone()), false);
        let next = next.map_err(|_| InvalidTimetable::Never)?;
        Ok(Timestamp::from_ms(next.timestamp().as_millisecond()))
    }

    /// The moment before `moment`, which is one when it falls due: from within a second, `croner`
    /// would come upon some twice where clocks go back.
    fn before(&self, moment: Timestamp) -> Option<Timestamp> {
        let at = jiff::Timestamp::from_millisecond(moment.ms()).ok()?;
        let last = self.cron.find_previous_occurrence(&at.to_zoned(self.zone.clone()), false);
        Some(Timestamp::from_ms(last.ok()?.timestamp().as_millisecond()))
    }

    /// The first moments after `at` when it falls due, at most `many`.
    pub fn upcoming(&self, at: Timestamp, many: usize) -> Vec<Timestamp> {
        let next = |at: &Timestamp| self.after(*at).ok();
        std::iter::successors(next(&at), next).take(many).collect()
    }

    /// What is due between `next`, which is, and `now`: the last moments of it, at most `keep`; how
    /// many were before those; and the first moment after `now`, if there is one.
    pub fn due(&self, next: Timestamp, now: Timestamp, keep: usize) -> Due {
        /// Further back nobody counts: a long absence costs two milliseconds.
        const MAX_COUNTED: usize = 2_000;
        // From now on backwards, so that the last ones are found at once after any absence.
        let before = |at: &Timestamp| self.before(*at).filter(|earlier| *earlier >= next);
        let last = self.after(now).ok().and_then(|upcoming| before(&upcoming));
        let mut due = std::iter::successors(last, before).take(keep.saturating_add(MAX_COUNTED));
        let mut moments = VecDeque::new();
        for moment in due.by_ref().take(keep) {
            moments.push_front(moment);
        }
        Due { moments, missed: due.count() as u64, next: self.after(now.max(next)).ok() }
    }
}

/// What of a timetable is due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// When it fell due, oldest first.
    pub moments: VecDeque<Timestamp>,
    /// How many moments before those are not made good.
    pub missed: u64,
    /// When it falls due next.
    pub next: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).expect("a moment")
    }

    fn nexts(cron: &str, zone: &str, from: &str, many: usize) -> Vec<String> {
        let timetable = Timetable::parse(cron, zone).expect("a timetable");
        let moments = timetable.upcoming(at(from), many);
        moments.into_iter().map(|at| at.iso().replace(":00.000Z", "Z")).collect()
    }

    #[test]
    fn an_hour_that_is_left_out_fires_once_right_after_it() {
        // Clocks go from 2:00 to 3:00 on 29 March 2026 in Berlin.
        assert_eq!(
            nexts("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", 3),
            ["2026-03-28T01:30Z", "2026-03-29T01:00Z", "2026-03-30T00:30Z"]
        );
        assert_eq!(
            nexts("*/30 * * * *", "Europe/Berlin", "2026-03-29T00:15:00Z", 3),
            ["2026-03-29T00:30Z", "2026-03-29T01:00Z", "2026-03-29T01:30Z"]
        );
        // From 2:00 to 3:00 on 8 March 2026 in New York.
        assert_eq!(
            nexts("30 2 * * *", "America/New_York", "2026-03-07T00:00:00Z", 3),
            ["2026-03-07T07:30Z", "2026-03-08T07:00Z", "2026-03-09T06:30Z"]
        );
        // From 2:00 to 2:30 on 4 October 2026 on Lord Howe Island.
        assert_eq!(
            nexts("15 2 * * *", "Australia/Lord_Howe", "2026-10-02T00:00:00Z", 3),
            ["2026-10-02T15:45Z", "2026-10-03T15:30Z", "2026-10-04T15:15Z"]
        );
        assert_eq!(
            nexts("*/15 * * * *", "Australia/Lord_Howe", "2026-10-03T15:00:00Z", 3),
            ["2026-10-03T15:15Z", "2026-10-03T15:30Z", "2026-10-03T15:45Z"]
        );
    }

    #[test]
    fn an_hour_that_comes_twice_fires_once_or_as_the_clock_shows() {
        // Clocks go from 3:00 back to 2:00 on 25 October 2026 in Berlin.
        assert_eq!(
            nexts("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2),
            ["2026-10-25T00:30Z", "2026-10-26T01:30Z"]
        );
        assert_eq!(
            nexts("*/30 * * * *", "Europe/Berlin", "2026-10-25T00:15:00Z", 4),
            ["2026-10-25T00:30Z", "2026-10-25T01:00Z", "2026-10-25T01:30Z", "2026-10-25T02:00Z"]
        );
        // From 2:00 back to 1:00 on 1 November 2026 in New York.
        assert_eq!(
            nexts("30 1 * * *", "America/New_York", "2026-10-31T12:00:00Z", 2),
            ["2026-11-01T05:30Z", "2026-11-02T06:30Z"]
        );
        // From 2:00 back to 1:30 on 5 April 2026 on Lord Howe Island.
        assert_eq!(
            nexts("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00:00Z", 2),
            ["2026-04-04T14:45Z", "2026-04-05T15:15Z"]
        );
    }

    #[test]
    fn what_means_nothing_is_refused() {
        let refusal = |cron, zone| Timetable::parse(cron, zone).expect_err("refused");
        for cron in ["", "* * * *", "* * * * * *", "60 * * * *", "every day", "@reboot"] {
            assert!(matches!(refusal(cron, "UTC"), InvalidTimetable::Cron(_)), "{cron}");
        }
        for zone in ["Europe/Atlantis", "", "localtime", "Etc/Unknown", "../UTC", "+01:00"] {
            assert_eq!(refusal("* * * * *", zone), InvalidTimetable::Zone, "{zone}");
        }
        let never = Timetable::parse("0 0 30 2 *", "UTC").expect("a timetable");
        assert_eq!(never.after(at("2026-01-01T00:00:00Z")), Err(InvalidTimetable::Never));
        assert_eq!(Timetable::parse("@daily", "europe/berlin").map_or("", |_| "ok"), "ok");
        let zone = Timetable::parse("0 9 * * MON-FRI", "europe/berlin").expect("a timetable");
        assert_eq!(zone.zone(), "Europe/Berlin");
    }

    #[test]
    fn of_what_was_missed_the_last_is_kept() {
        let hourly = Timetable::parse("0 * * * *", "UTC").expect("a timetable");
        let due = hourly.due(at("2026-01-01T01:00:00Z"), at("2026-01-01T05:30:00Z"), 2);
        assert_eq!(due.moments, [at("2026-01-01T04:00:00Z"), at("2026-01-01T05:00:00Z")]);
        assert_eq!((due.missed, due.next), (3, Some(at("2026-01-01T06:00:00Z"))));
        let sharp = hourly.due(at("2026-01-01T01:00:00Z"), at("2026-01-01T01:00:00Z"), 2);
        assert_eq!(sharp.moments, [at("2026-01-01T01:00:00Z")]);
        assert_eq!(sharp.next, Some(at("2026-01-01T02:00:00Z")));
        let long = hourly.due(at("2000-01-01T00:00:00Z"), at("2026-01-01T00:30:00Z"), 1);
        assert_eq!(long.moments, [at("2026-01-01T00:00:00Z")]);
        assert_eq!((long.missed, long.next), (2_000, Some(at("2026-01-01T01:00:00Z"))));
    }

    #[test]
    fn a_clock_that_went_back_brings_nothing_twice() {
        let hourly = Timetable::parse("0 * * * *", "UTC").expect("a timetable");
        let due = hourly.due(at("2026-01-01T05:00:00Z"), at("2026-01-01T03:30:00Z"), 2);
        assert_eq!((due.moments.len(), due.missed), (0, 0));
    }

    #[test]
    fn half_an_hour_that_comes_twice_is_due_once_each_time() {
        // Clocks go from 2:00 back to 1:30 on 5 April 2026 on Lord Howe Island, at 15:00 UTC.
        let table = Timetable::parse("*/30 * * * *", "Australia/Lord_Howe").expect("a timetable");
        let due = table.due(at("2026-04-04T14:00:00Z"), at("2026-04-04T16:10:00.001Z"), 9);
        let halves = ["14:00", "14:30", "15:00", "15:30", "16:00"];
        assert_eq!(due.moments, halves.map(|time| at(&format!("2026-04-04T{time}:00Z"))));
    }

    #[test]
    fn backwards_it_falls_due_as_it_does_forwards() {
        let (from, to) = (at("2026-03-01T00:00:00Z"), at("2026-11-10T00:00:00Z"));
        for zone in ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"] {
            for cron in ["30 2 * * *", "*/30 1-3 * * *", "15 1,2,3 * * *", "10-20/5 2 * * 0"] {
                let timetable = Timetable::parse(cron, zone).expect("a timetable");
                let next = |at: &Timestamp| timetable.after(*at).ok().filter(|at| *at <= to);
                let first = next(&from).expect("a moment");
                let forwards: Vec<_> = std::iter::successors(Some(first), next).collect();
                assert!(forwards.len() > 30);
                let backwards = timetable.due(first, to, forwards.len() + 1);
                assert_eq!(backwards.moments, forwards, "{cron} {zone}");
            }
        }
    }
}
