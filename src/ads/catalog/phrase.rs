//! One thought in one language: its lengths and its forms of address.

use serde::{Deserialize, Serialize};

use super::slots;

/// How much room a phrase takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Length {
    /// As it is best said.
    #[default]
    Normal,
    /// In fewer characters.
    Short,
}

/// How people are addressed, in languages that know two ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Formality {
    /// As *Sie* and *vous*.
    Formal,
    /// As *du* and *tu*.
    Informal,
}

/// One thought in one language.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Phrase {
    normal: Forms,
    short: Option<Forms>,
}

impl Phrase {
    /// The words with their gaps; the normal ones where there are no shorter ones.
    pub fn text(&self, length: Length, formality: Option<Formality>) -> &str {
        let forms = match length {
            Length::Short => self.short.as_ref().unwrap_or(&self.normal),
            Length::Normal => &self.normal,
        };
        forms.text(formality)
    }

    /// Every way in which the file says it, for those who check it.
    pub fn texts(&self) -> Vec<(Length, &str)> {
        let normal = self.normal.texts().into_iter().map(|text| (Length::Normal, text));
        let short = self.short.iter().flat_map(Forms::texts).map(|text| (Length::Short, text));
        normal.chain(short).collect()
    }
}

/// One wording, or one for each form of address.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Forms {
    One(String),
    Two { formal: String, informal: String },
}

impl Forms {
    fn text(&self, formality: Option<Formality>) -> &str {
        match self {
            Self::One(text) => text,
            Self::Two { informal, .. } if formality == Some(Formality::Informal) => informal,
            Self::Two { formal, .. } => formal,
        }
    }

    fn texts(&self) -> Vec<&str> {
        match self {
            Self::One(text) => vec![text],
            Self::Two { formal, informal } => vec![formal, informal],
        }
    }

    fn map(self, change: impl Fn(&str) -> Result<String, String>) -> Result<Self, String> {
        Ok(match self {
            Self::One(text) => Self::One(change(&text)?),
            Self::Two { formal, informal } => {
                Self::Two { formal: change(&formal)?, informal: change(&informal)? }
            }
        })
    }
}

/// A phrase as a file writes it: a text alone has one length.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Lengths(Lengths),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Lengths {
    normal: Forms,
    #[serde(default)]
    short: Option<Forms>,
}

impl TryFrom<Written> for Phrase {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let (normal, short) = match written {
            Written::Text(text) => (Forms::One(text), None),
            Written::Lengths(Lengths { normal, short }) => (normal, short),
        };
        let short = short.map(|forms| forms.map(checked)).transpose()?;
        Ok(Self { normal: normal.map(checked)?, short })
    }
}

fn checked(text: &str) -> Result<String, String> {
    if text.trim().is_empty() || text.trim() != text {
        return Err(format!("`{text}` is empty or has space around it"));
    }
    slots::parts(text).map_err(|brace| format!("`{brace}` in `{text}` names no slot"))?;
    Ok(with_breaks(text))
}

/// Turns the files' `|`, where a line may break, into U+200B, and keeps every other pair of
/// characters together with U+2060: without it Japanese and Chinese break inside words.
fn with_breaks(text: &str) -> String {
    if !text.contains('|') {
        return text.to_owned();
    }
    text.split('|').map(unbroken).collect::<Vec<_>>().join("\u{200b}")
}

fn unbroken(segment: &str) -> String {
    let mut joined = String::new();
    let mut is_in_gap = false;
    let mut before = None;
    for c in segment.chars() {
        let is_space = |c: char| c.is_whitespace();
        if before.is_some_and(|before| !is_space(before)) && !is_in_gap && !is_space(c) {
            joined.push('\u{2060}');
        }
        is_in_gap = (is_in_gap || c == '{') && c != '}';
        joined.push(c);
        before = Some(c);
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrase(json: &str) -> serde_json::Result<Phrase> {
        serde_json::from_str(json)
    }

    #[test]
    fn lengths_and_forms_fall_back() {
        let one = phrase(r#""Hello""#).expect("a phrase");
        assert_eq!(one.text(Length::Short, Some(Formality::Formal)), "Hello");
        let both =
            phrase(r#"{"normal": {"formal": "Sehen Sie", "informal": "Sieh"}, "short": "Los"}"#)
                .expect("a phrase");
        assert_eq!(both.text(Length::Normal, Some(Formality::Informal)), "Sieh");
        assert_eq!(both.text(Length::Normal, None), "Sehen Sie");
        assert_eq!(both.text(Length::Short, Some(Formality::Informal)), "Los");
    }

    #[test]
    fn what_is_no_phrase_is_refused() {
        for broken in [
            r#""""#,
            r#"" a""#,
            r#""{price""#,
            r#""{cost}""#,
            "{}",
            r#"{"short": "a"}"#,
            r#"{"normal": "a", "long": "b"}"#,
            r#"{"normal": {"formal": "a"}}"#,
            "7",
        ] {
            assert!(phrase(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_line_breaks_at_bars_only() {
        assert_eq!(
            with_breaks("{brand}と|暮らす"),
            "{brand}\u{2060}と\u{200b}暮\u{2060}ら\u{2060}す"
        );
        assert_eq!(with_breaks("plain words"), "plain words");
    }
}
