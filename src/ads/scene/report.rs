//! What was measured on a scene, and where its parts came from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One thing that was measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// What and where, as `contrast.headline`.
    pub id: String,
    /// What was measured.
    pub value: f64,
    /// The least that is right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// The most that is right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// Whether it is.
    pub pass: bool,
    /// What follows when it is not.
    pub severity: Severity,
}

/// What follows from a check that does not pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The ad is not delivered.
    Error,
    /// The ad is delivered, and says so.
    Warning,
}

/// The weighted sum of the checks: a measure of craft, not of success.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Lint {
    /// 0 to 100.
    pub score: u32,
    /// By part: contrast 25, fit 20, hierarchy 15, brand 15, grid 10, space 10, copy 5.
    pub parts: BTreeMap<String, u32>,
}

/// Where words and pictures came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// Of most of the words.
    pub copy: WordsFrom,
    /// `procedural`, `reference`, `model` or `none`.
    pub picture: String,
    /// How often a model was asked.
    pub model_calls: u32,
    /// Why a configured model was not used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback_reason: Option<String>,
}

/// Where words came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WordsFrom {
    /// The catalog of phrases.
    Catalog,
    /// The brand's own words.
    Brand,
    /// The prompt.
    User,
    /// A model.
    Model,
}
