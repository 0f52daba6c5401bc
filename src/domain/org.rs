//! Organizations: the walls inside one server.

use crate::domain::clock::Timestamp;
use crate::domain::ids::OrgId;

/// The name of the organization that the first start makes.
pub const DEFAULT_ORG: &str = "default";

/// The longest name of an organization, in characters: it stands in lists and log lines.
pub const MAX_ORG_NAME: usize = 100;

/// What stands for every organization where one is named: the name of none.
pub const EVERY_ORG: &str = "*";

/// A name that no organization can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidOrgName {
    /// It means all of them.
    #[error("`*` means every organization, and is the name of none")]
    EveryOrg,
    /// It is empty, too long, or holds a line break or the like.
    #[error("an organization's name has 1 to {MAX_ORG_NAME} characters, none of them for control")]
    Unreadable,
}

/// Whether an organization may have this name.
pub fn check_org_name(name: &str) -> Result<(), InvalidOrgName> {
    let length = name.chars().count();
    if name == EVERY_ORG {
        Err(InvalidOrgName::EveryOrg)
    } else if !(1..=MAX_ORG_NAME).contains(&length) || name.chars().any(char::is_control) {
        Err(InvalidOrgName::Unreadable)
    } else {
        Ok(())
    }
}

/// An organization: everything stored belongs to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Org {
    /// Its id, `org_id` on the wire.
    pub id: OrgId,
    /// Its name, unique on this server.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_a_length_and_no_line_breaks() {
        assert_eq!(check_org_name("North & Sons"), Ok(()));
        assert_eq!(check_org_name("*"), Err(InvalidOrgName::EveryOrg));
        for name in ["", "a\nb", &"x".repeat(MAX_ORG_NAME + 1)] {
            assert_eq!(check_org_name(name), Err(InvalidOrgName::Unreadable), "{name}");
        }
    }
}
