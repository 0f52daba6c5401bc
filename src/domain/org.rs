//! Organizations: the walls inside one server.

use crate::domain::clock::Timestamp;
use crate::domain::ids::OrgId;

/// The name of the organization that the first start makes.
pub const DEFAULT_ORG: &str = "default";

/// The longest name of an organization, in characters: it stands in lists and log lines.
pub const MAX_ORG_NAME: usize = 100;

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
