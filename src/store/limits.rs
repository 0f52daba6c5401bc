//! How many jobs may be processed at one time: of an action, and of an organization.

use std::collections::{BTreeMap, BTreeSet};

/// The limits that a claim keeps to. They cost nothing where no job waits that one counts.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_own_work_counts_only_where_it_has_a_limit_itself() {
        let mut limits = ConcurrencyLimits {
            actions: [("press".to_owned(), 2), ("deliver".to_owned(), 4)].into(),
            exempt: ["deliver", "tidy"].map(str::to_owned).into(),
            ..ConcurrencyLimits::default()
        };
        let counted = |limits: &ConcurrencyLimits| {
            let all = ["press", "deliver", "tidy", "fold"].into_iter();
            all.filter(|action| limits.count(action)).collect::<Vec<_>>()
        };
        assert_eq!(counted(&ConcurrencyLimits::default()), [""; 0]);
        assert_eq!(counted(&limits), ["press", "deliver"]);
        limits.org = Some(3);
        assert_eq!(counted(&limits), ["press", "deliver", "fold"]);
        limits.org = None;
        limits.orgs = [("one".to_owned(), 1)].into();
        assert_eq!(counted(&limits), ["press", "deliver", "fold"]);
    }
}
