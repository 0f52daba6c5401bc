//! Projects: what events and documents belong to.

use serde::{Deserialize, Serialize};

use crate::domain::activity::InvalidField;
use crate::domain::activity::source::EventSource;
use crate::domain::clock::Timestamp;
use crate::domain::ids::{OrgId, ProjectId};

/// The longest name, in characters, as the contract has it.
const MAX_NAME: usize = 200;

/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 2_000;

/// The longest key, in characters: `KEY-12` is written often.
const MAX_KEY: usize = 20;

/// A project of an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// Whose it is.
    pub org: OrgId,
    /// 1 to 200 characters.
    pub name: String,
    /// Letters and digits, the first part of its issues' keys; made of the name if none was given.
    pub key: String,
    /// May be empty.
    pub description: String,
    /// Whether it is an organization's or one person's.
    pub kind: ProjectKind,
    /// The local repository that is read when a job needs it.
    pub repository: Option<Repository>,
    /// How often a digest is made.
    pub digest: Option<DigestPeriod>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// `project_type` on the wire.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProjectKind {
    /// One person's.
    Personal,
    /// An organization's.
    #[default]
    Organization,
}

/// A repository on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repository {
    /// The directory, as it was named.
    pub path: String,
    /// What its events are called; `None` asks its remote.
    pub source: Option<EventSource>,
}

/// How often a digest is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DigestPeriod {
    /// Once a day.
    Daily,
    /// Once a week.
    Weekly,
}

impl DigestPeriod {
    /// How many hours a digest looks back.
    pub const fn hours(self) -> u64 {
        match self {
            Self::Daily => 24,
            Self::Weekly => 7 * 24,
        }
    }
}

impl Project {
    /// A new project of an organization, with a key made of its name and nothing else.
    pub fn new(org: OrgId, name: &str, now: Timestamp) -> Self {
        Self {
            id: ProjectId::mint(),
            org,
            name: name.to_owned(),
            key: Self::key_of(name),
            description: String::new(),
            kind: ProjectKind::Organization,
            repository: None,
            digest: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// Whether a project may have this name.
    pub fn check_name(name: &str) -> Result<(), InvalidField> {
        within("name", name, 1, MAX_NAME)
    }

    /// Whether a project may have this description.
    pub fn check_description(text: &str) -> Result<(), InvalidField> {
        let length = text.chars().count();
        if length > MAX_DESCRIPTION {
            let right = format!("has {length} characters; at most {MAX_DESCRIPTION} are taken");
            return Err(InvalidField::new("description", right));
        }
        Ok(())
    }

    /// Whether a project may have this key.
    pub fn check_key(key: &str) -> Result<(), InvalidField> {
        let starts = key.starts_with(|one: char| one.is_ascii_uppercase());
        let plain = key.chars().all(|one| one.is_ascii_uppercase() || one.is_ascii_digit());
        if !starts || !plain || key.len() > MAX_KEY {
            let right = format!("is not 1 to {MAX_KEY} capital letters and digits, a letter first");
            return Err(InvalidField::new("key", right));
        }
        Ok(())
    }

    /// The key of a project that was given none: the first letters of its name's words, or the
    /// beginning of its only one.
    pub fn key_of(name: &str) -> String {
        let words: Vec<String> = name
            .split(|one: char| !one.is_ascii_alphanumeric())
            .filter(|word| word.starts_with(|one: char| one.is_ascii_alphabetic()))
            .map(str::to_ascii_uppercase)
            .collect();
        match words.as_slice() {
            [] => "PROJECT".to_owned(),
            [word] => word.chars().take(6).collect(),
            words => words.iter().take(6).filter_map(|word| word.chars().next()).collect(),
        }
    }
}

fn within(field: &str, text: &str, least: usize, most: usize) -> Result<(), InvalidField> {
    let length = text.trim().chars().count();
    if !(least..=most).contains(&length) || text.chars().any(char::is_control) {
        let right = format!("must have {least} to {most} characters, none of them for control");
        return Err(InvalidField::new(field, right));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_of_the_name() {
        assert_eq!(Project::key_of("Tide mill works"), "TMW");
        assert_eq!(Project::key_of("tidemill"), "TIDEMI");
        assert_eq!(Project::key_of("水车"), "PROJECT");
        for name in ["Tide mill works", "tidemill", "水车"] {
            assert_eq!(Project::check_key(&Project::key_of(name)), Ok(()));
        }
        assert!(Project::check_key("a-b").is_err());
    }
}
