//! JSON of any length, one record at a time, and a record's members by name.

use std::cell::Cell;
use std::io::Read;

use serde::Deserialize as _;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::domain::clock::Timestamp;
use crate::sources::export::bounded::Bounded;

/// Hands over each record of a text: the items of its lists, and its objects. Several texts may
/// follow each other, as pages do.
pub(super) fn each_record(
    reader: impl Read,
    take: &mut dyn FnMut(Value) -> bool,
) -> Result<(), String> {
    let since_last = Cell::new(0);
    let reader = Bounded::new(reader, &since_last);
    let take: &mut dyn FnMut(Value) -> bool = &mut |value| {
        since_last.set(0);
        take(value)
    };
    let mut deserializer = serde_json::Deserializer::from_reader(reader);
    loop {
        if deserializer.end().is_ok() {
            return Ok(());
        }
        Each(take).deserialize(&mut deserializer).map_err(|error| error.to_string())?;
    }
}

struct Each<'a>(&'a mut dyn FnMut(Value) -> bool);

impl<'de> DeserializeSeed<'de> for Each<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Each<'_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list of records or a record")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element::<Value>()? {
            if !(self.0)(item) {
                return Err(A::Error::custom("stopped"));
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<(), A::Error> {
        let members = serde::de::value::MapAccessDeserializer::new(members);
        let record = Map::deserialize(members)?;
        if (self.0)(Value::Object(record)) { Ok(()) } else { Err(A::Error::custom("stopped")) }
    }
}

/// A record's members by their paths.
#[derive(Clone, Copy)]
pub(super) struct Record<'a>(pub(super) &'a Value);

impl<'a> Record<'a> {
    /// The value at `path`, such as `user.login`; `None` for null.
    pub(super) fn value(self, path: &str) -> Option<&'a Value> {
        let found = path.split('.').try_fold(self.0, |value, name| value.get(name))?;
        Some(found).filter(|value| !value.is_null())
    }

    /// A text that is not empty.
    pub(super) fn text(self, path: &str) -> Option<&'a str> {
        self.value(path)?.as_str().map(str::trim).filter(|text| !text.is_empty())
    }

    /// A number.
    pub(super) fn number(self, path: &str) -> Option<u64> {
        self.value(path)?.as_u64()
    }

    /// Whether it is there and true.
    pub(super) fn is(self, path: &str) -> bool {
        self.value(path).and_then(Value::as_bool).unwrap_or(false)
    }

    /// A moment.
    pub(super) fn moment(self, path: &str) -> Option<Timestamp> {
        super::record::moment(self.text(path)?)
    }

    /// A moment that a record must have.
    pub(super) fn needed_moment(self, path: &str) -> Result<Timestamp, String> {
        self.moment(path).ok_or_else(|| format!("`{path}` is missing or no time"))
    }

    /// The items of a list.
    pub(super) fn items(self, path: &str) -> impl Iterator<Item = Record<'a>> {
        let items = self.value(path).and_then(Value::as_array);
        items.into_iter().flatten().map(Record)
    }

    /// The texts of a list, whose items are texts or objects with this member.
    pub(super) fn texts(self, path: &str, member: &str) -> Vec<String> {
        let text = |item: Record<'a>| item.0.as_str().or_else(|| item.text(member));
        self.items(path).filter_map(text).map(str::to_owned).collect()
    }
}
