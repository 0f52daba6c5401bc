//! How many jobs may be processed at one time: of an action, and of an organization.

use std::collections::{BTreeMap, BTreeSet};

/// The limits that a claim keeps to. Empty, they cost nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConcurrencyLimits {
    /// Of single actions, over all organizations.
    pub actions: BTreeMap<String, u32>,
    /// Of each organization; `None` is no limit.
    pub org: Option<u32>,
    /// Of single organizations, by name, in the place of `org`.
    pub orgs: BTreeMap<String, u32>,
    /// Actions that the server's own work is made of: no organization's limit counts them.
    pub exempt: BTreeSet<String>,
}

impl ConcurrencyLimits {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty() && !self.has_orgs()
    }

    /// Whether a job of this action takes a place that another could have.
    pub fn count(&self, action: &str) -> bool {
        self.actions.contains_key(action) || (self.has_orgs() && !self.exempt.contains(action))
    }

    /// Whether any organization has one.
    pub fn has_orgs(&self) -> bool {
        self.org.is_some() || !self.orgs.is_empty()
    }

    /// That of the organization of this name.
    pub fn of_org(&self, name: &str) -> Option<u32> {
        self.orgs.get(name).copied().or(self.org)
    }
}

/// How much is being processed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// Jobs of the action, over all organizations.
    pub of_action: u32,
    /// Jobs of the organization, the server's own not counted.
    pub of_org: u32,
    /// The organization's name.
    pub org_name: String,
}
