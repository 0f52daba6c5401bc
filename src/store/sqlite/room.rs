//! How much room the limits leave, seen from within the transaction that claims.
//!
//! The rows of what is being processed are few, and they are read only where a limit is set.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension as _};

use crate::store::{ConcurrencyLimits, StoreError};

type OrgBytes = [u8; 16];

/// What is being processed, against its limits.
pub(super) struct Room<'limits> {
    limits: &'limits ConcurrencyLimits,
    of_action: HashMap<String, u32>,
    of_org: HashMap<OrgBytes, u32>,
    /// Limits of single organizations, by their ids.
    own: HashMap<OrgBytes, u32>,
}

impl<'limits> Room<'limits> {
    /// What is left under `limits`; `None` when there are none, and nothing is read.
    pub(super) fn read(
        transaction: &Connection,
        limits: &'limits ConcurrencyLimits,
    ) -> Result<Option<Self>, StoreError> {
        if limits.is_empty() {
            return Ok(None);
        }
        let (of_action, of_org) = (HashMap::new(), HashMap::new());
        let mut room = Self { limits, of_action, of_org, own: HashMap::new() };
        let mut running = transaction.prepare_cached(include_str!("sql/claim_find_running.sql"))?;
        let mut rows = running.query([])?;
        while let Some(row) = rows.next()? {
            let (org, action, internal): (OrgBytes, String, bool) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            room.count(org, action, internal);
        }
        for (name, limit) in &limits.orgs {
            let mut find = transaction.prepare_cached(include_str!("sql/find_org.sql"))?;
            let id: Option<OrgBytes> = find.query_row([name], |row| row.get(0)).optional()?;
            room.own.extend(id.map(|id| (id, *limit)));
        }
        Ok(Some(room))
    }

    /// Whether one more job of the action may be processed for the organization.
    pub(super) fn has(&self, org: &OrgBytes, action: &str) -> bool {
        let running = self.of_action.get(action).copied().unwrap_or(0);
        let full = self.limits.actions.get(action).is_some_and(|limit| running >= *limit);
        !full && (self.limits.exempt.contains(action) || self.has_for_org(org))
    }

    fn has_for_org(&self, org: &OrgBytes) -> bool {
        let limit = self.own.get(org).copied().or(self.limits.org);
        let running = self.of_org.get(org).copied().unwrap_or(0);
        limit.is_none_or(|limit| running < limit)
    }

    /// Notes that one more is.
    pub(super) fn take(&mut self, org: OrgBytes, action: &str) {
        let internal = self.limits.exempt.contains(action);
        self.count(org, action.to_owned(), internal);
    }

    fn count(&mut self, org: OrgBytes, action: String, internal: bool) {
        *self.of_action.entry(action).or_default() += 1;
        if !internal {
            *self.of_org.entry(org).or_default() += 1;
        }
    }
}
