//! Organizations: rows of `orgs`, and what hangs on them when one is deleted.
//!
//! Deleting goes in portions, keys first, so that no request reaches an organization that is
//! half gone and no other organization's writes wait for it. Never: a rule about names.

use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};

use crate::domain::audit::{AuditAction, Author};
use crate::domain::clock::Timestamp;
use crate::domain::ids::OrgId;
use crate::domain::org::Org;
use crate::store::sqlite::SqliteStore;
use crate::store::sqlite::audit::{self, Note};
use crate::store::{OrgDeletion, Orgs, StoreError};

#[async_trait]
impl Orgs for SqliteStore {
    async fn ensure_org(
        &self,
        name: &str,
        now: Timestamp,
        author: Author,
    ) -> Result<Org, StoreError> {
        let name = name.to_owned();
        let id = OrgId::mint();
        self.writer
            .write(move |tx| {
                let parameters =
                    named_params! { ":id": id.as_bytes(), ":name": name, ":now": now.ms() };
                let made =
                    tx.prepare_cached(include_str!("sql/ensure_org.sql"))?.execute(parameters)?;
                if made > 0 {
                    let note = Note::of(AuditAction::OrgCreated, id, &id).named(&name);
                    audit::note(tx, author, now, &note)?;
                }
                find(tx, &name)?.ok_or_else(|| {
                    StoreError::Damaged(format!(
                        "organization `{name}` is not there after its insert"
                    ))
                })
            })
            .await
    }

    async fn find_org(&self, name: &str) -> Result<Option<Org>, StoreError> {
        let name = name.to_owned();
        self.readers.read(move |connection| find(connection, &name)).await
    }

    async fn orgs(&self) -> Result<Vec<Org>, StoreError> {
        self.readers
            .read(|connection| {
                let mut statement = connection.prepare_cached(include_str!("sql/orgs.sql"))?;
                let orgs = statement.query_map([], org)?.collect::<Result<_, _>>()?;
                Ok(orgs)
            })
            .await
    }

    async fn rename_org(
        &self,
        name: &str,
        new_name: &str,
        now: Timestamp,
        author: Author,
    ) -> Result<Option<Org>, StoreError> {
        let (name, new_name) = (name.to_owned(), new_name.to_owned());
        self.writer
            .write(move |tx| {
                let known = find(tx, &new_name)?;
                if known.is_some() && name != new_name {
                    return Err(StoreError::Taken(new_name));
                }
                let renamed = tx
                    .prepare_cached(include_str!("sql/rename_org.sql"))?
                    .query_row(named_params! { ":name": name, ":new_name": new_name }, org)
                    .optional()?;
                if let Some(Org { id, .. }) = renamed {
                    let note = Note::of(AuditAction::OrgRenamed, id, &id)
                        .named(&new_name)
                        .detail(format!("was: {name}"));
                    audit::note(tx, author, now, &note)?;
                }
                Ok(renamed)
            })
            .await
    }

    async fn delete_org(
        &self,
        name: &str,
        now: Timestamp,
        author: Author,
    ) -> Result<OrgDeletion, StoreError> {
        let Some(org) = self.find_org(name).await? else {
            return Ok(OrgDeletion::Unknown);
        };
        let id = org.id;
        let unfinished = self.close_org(id).await?;
        if unfinished > 0 {
            return Ok(OrgDeletion::HasUnfinishedJobs(unfinished));
        }
        self.empty_org(id, include_str!("sql/delete_org_jobs.sql")).await?;
        self.empty_org(id, include_str!("sql/delete_org_events.sql")).await?;
        self.empty_org(id, include_str!("sql/delete_org_assets.sql")).await?;
        self.remove_org(org, now, author).await
    }
}

impl SqliteStore {
    /// Deletes the organization's keys and schedules, unless it has unfinished jobs; answers their
    /// number.
    async fn close_org(&self, id: OrgId) -> Result<u64, StoreError> {
        let forgotten = self.key_cache.forget_when_dropped();
        let (unfinished, _forgotten) = self
            .writer
            .write(move |tx| {
                let unfinished = unfinished(tx, id)?;
                if unfinished == 0 {
                    // With its schedules, so that none brings a job while the rest is deleted.
                    for sql in [
                        include_str!("sql/delete_org_keys.sql"),
                        include_str!("sql/delete_org_schedules.sql"),
                    ] {
                        tx.prepare_cached(sql)?
                            .execute(named_params! { ":org_id": id.as_bytes() })?;
                    }
                }
                Ok((unfinished, forgotten))
            })
            .await?;
        Ok(unfinished)
    }

    /// Runs `sql`, which deletes at most `:limit` of the organization's rows, until none is left.
    async fn empty_org(&self, id: OrgId, sql: &'static str) -> Result<(), StoreError> {
        /// Rows that one write deletes: some ten milliseconds of the writer's time.
        const PORTION: usize = 500;
        loop {
            let deleted = self
                .writer
                .write(move |tx| {
                    // A job that came in by another way meanwhile must not vanish unfinished.
                    if unfinished(tx, id)? > 0 {
                        return Ok(0);
                    }
                    let parameters = named_params! { ":org_id": id.as_bytes(), ":limit": PORTION };
                    Ok(tx.prepare_cached(sql)?.execute(parameters)?)
                })
                .await?;
            if deleted < PORTION {
                return Ok(());
            }
        }
    }

    async fn remove_org(
        &self,
        org: Org,
        now: Timestamp,
        author: Author,
    ) -> Result<OrgDeletion, StoreError> {
        let Org { id, name, created_at: _ } = org;
        let forgotten = self.key_cache.forget_when_dropped();
        let (deletion, _forgotten) = self
            .writer
            .write(move |tx| {
                let unfinished = unfinished(tx, id)?;
                if unfinished > 0 {
                    return Ok((OrgDeletion::HasUnfinishedJobs(unfinished), forgotten));
                }
                tx.prepare_cached(include_str!("sql/delete_org.sql"))?
                    .execute(named_params! { ":org_id": id.as_bytes() })?;
                let note = Note::of(AuditAction::OrgDeleted, id, &id).named(&name);
                audit::note(tx, author, now, &note)?;
                Ok((OrgDeletion::Deleted, forgotten))
            })
            .await?;
        Ok(deletion)
    }
}

fn find(connection: &Connection, name: &str) -> Result<Option<Org>, StoreError> {
    let org = connection
        .prepare_cached(include_str!("sql/find_org.sql"))?
        .query_row(named_params! { ":name": name }, org)
        .optional()?;
    Ok(org)
}

fn unfinished(connection: &Connection, id: OrgId) -> Result<u64, StoreError> {
    let count = connection
        .prepare_cached(include_str!("sql/delete_org_count_unfinished.sql"))?
        .query_row(named_params! { ":org_id": id.as_bytes() }, |row| row.get(0))?;
    Ok(count)
}

fn org(row: &Row<'_>) -> rusqlite::Result<Org> {
    Ok(Org {
        id: OrgId::from_bytes(row.get("id")?),
        name: row.get("name")?,
        created_at: Timestamp::from_ms(row.get("created_at")?),
    })
}
