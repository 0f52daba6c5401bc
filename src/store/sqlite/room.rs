//! How much room the limits leave, seen from within the transaction that claims.
//!
//! The rows of what is being processed are few, and they are read when the first job is looked at
//! that a limit counts. So deliveries to webhooks, which have a limit of their own, cost a claim
//! nothing while none of them waits. Never: a row read for a job that no limit counts.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension as _};

use crate::store::{ConcurrencyLimits, StoreError};

type OrgBytes = [u8; 16];

/// What is being processed, against its limits.
pub(super) struct Room<'claim> {
    transaction: &'claim Connection,
    limits: &'claim ConcurrencyLimits,
    taken: Option<Taken>,
}

/// What is being processed.
#[derive(Default)]
struct Taken {
    of_action: HashMap<String, u32>,
    of_org: HashMap<OrgBytes, u32>,
    /// Limits of single organizations, by their ids.
    own: HashMap<OrgBytes, u32>,
}

impl<'claim> Room<'claim> {
    /// What `limits` leave as the transaction sees it.
    pub(super) const fn under(
        limits: &'claim ConcurrencyLimits,
        transaction: &'claim Connection,
    ) -> Self {
        Self { transaction, limits, taken: None }
    }

    /// Whether one more job of the action may be processed for the organization.
    pub(super) fn has(&mut self, org: &OrgBytes, action: &str) -> Result<bool, StoreError> {
        if !self.limits.count(action) {
            return Ok(true);
        }
        let taken = match &mut self.taken {
            Some(taken) => taken,
            none => none.insert(Taken::read(self.transaction, self.limits)?),
        };
        Ok(taken.leaves(self.limits, org, action))
    }

    /// Notes that one more is, by a row that says so already.
    pub(super) fn take(&mut self, org: OrgBytes, action: &str) {
        // Who reads the rows later finds it among them.
        if let Some(taken) = &mut self.taken {
            taken.count(org, action.to_owned(), self.limits.exempt.contains(action));
        }
    }
}

impl Taken {
    fn read(transaction: &Connection, limits: &ConcurrencyLimits) -> Result<Self, StoreError> {
        let mut taken = Self::default();
        let mut running = transaction.prepare_cached(include_str!("sql/claim_find_running.sql"))?;
        let mut rows = running.query([])?;
        while let Some(row) = rows.next()? {
            let (org, action, internal): (OrgBytes, String, bool) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            taken.count(org, action, internal);
        }
        for (name, limit) in &limits.orgs {
            let mut find = transaction.prepare_cached(include_str!("sql/find_org.sql"))?;
            let id: Option<OrgBytes> = find.query_row([name], |row| row.get(0)).optional()?;
            taken.own.extend(id.map(|id| (id, *limit)));
        }
        Ok(taken)
    }

    fn leaves(&self, limits: &ConcurrencyLimits, org: &OrgBytes, action: &str) -> bool {
        let running = self.of_action.get(action).copied().unwrap_or(0);
        let full = limits.actions.get(action).is_some_and(|limit| running >= *limit);
        !full && (limits.exempt.contains(action) || self.leaves_for_org(limits, org))
    }

    fn leaves_for_org(&self, limits: &ConcurrencyLimits, org: &OrgBytes) -> bool {
        let limit = self.own.get(org).copied().or(limits.org);
        let running = self.of_org.get(org).copied().unwrap_or(0);
        limit.is_none_or(|limit| running < limit)
    }

    fn count(&mut self, org: OrgBytes, action: String, internal: bool) {
        *self.of_action.entry(action).or_default() += 1;
        if !internal {
            *self.of_org.entry(org).or_default() += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_read_for_a_job_that_no_limit_counts() {
        // Without a table every read fails.
        let empty = Connection::open_in_memory().expect("a database");
        let actions = [("webhooks.deliver".to_owned(), 2)].into();
        let limits = ConcurrencyLimits { actions, ..ConcurrencyLimits::default() };
        let mut room = Room::under(&limits, &empty);
        assert!(room.has(&[7; 16], "noop").expect("no read"));
        room.take([7; 16], "noop");
        assert!(room.has(&[7; 16], "webhooks.deliver").is_err());
    }
}
