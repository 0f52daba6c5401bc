//! Why a field of a brand says what it says.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// For each field, by its name (`name`, `colors.primary`, `fonts.heading`, `logo` …), its evidence.
pub type BrandEvidence = BTreeMap<String, FieldEvidence>;

/// The evidence of one field.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldEvidence {
    /// How sure the value is, 0 to 1.
    pub confidence: f64,
    /// What speaks for the value, strongest first.
    pub sources: Vec<Source>,
    /// The values that came next, best first, as text.
    pub alternatives: Vec<String>,
    /// Set when the value is not an extraction's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_by: Option<SetBy>,
}

/// One thing seen that speaks for a value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// What kind of thing it is, such as `button`, `css-variable`, `json-ld`, `logo`, `derived`.
    pub kind: String,
    /// Where it stands: a URL with a line, or a selector.
    #[serde(rename = "where")]
    pub place: String,
    /// What stands there, shortened.
    pub snippet: String,
    /// What it counted.
    pub weight: f64,
}

/// Who set a value that no extraction may overwrite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetBy {
    /// A person, through an edit.
    Person,
}

impl FieldEvidence {
    /// The evidence of a value that a person set.
    pub fn person() -> Self {
        Self { confidence: 1.0, set_by: Some(SetBy::Person), ..Self::default() }
    }

    /// Whether a person set the value.
    pub fn is_by_person(&self) -> bool {
        self.set_by == Some(SetBy::Person)
    }
}
