//! API keys: rows of `api_keys`, and the few of them that are kept in memory.
//!
//! Every request presents a key, so `find_key` answers from a bounded map. A change to a key
//! empties the map after its commit and before its answer. Never: a secret, in a row or in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row, named_params};

use crate::domain::audit::{AuditAction, Author};
use crate::domain::clock::Timestamp;
use crate::domain::ids::{KeyId, OrgId};
use crate::domain::key::{ApiKey, NewApiKey, Reach, SecretHash};
use crate::store::sqlite::SqliteStore;
use crate::store::sqlite::audit::{self, Note};
use crate::store::{KeyUse, Keys, StoreError};

#[async_trait]
impl Keys for SqliteStore {
    async fn insert_key(&self, new: NewApiKey, author: Author) -> Result<(), StoreError> {
        let NewApiKey { key, hash, secret: _ } = new;
        let org = match key.reach {
            Reach::Org(org) => Some(org),
            Reach::EveryOrg => None,
        };
        self.writer
            .write(move |tx| {
                tx.prepare_cached(include_str!("sql/insert_key.sql"))?.execute(named_params! {
                    ":id": key.id.as_bytes(),
                    ":org_id": org.as_ref().map(OrgId::as_bytes),
                    ":name": key.name,
                    ":scopes": key.scopes.to_string(),
                    ":hint": key.hint,
                    ":hash": hash.as_bytes(),
                    ":created_at": key.created_at.ms(),
                })?;
                let note = Note::of(AuditAction::KeyCreated, org, &key.id)
                    .named(&key.name)
                    .detail(format!("scopes: {}", key.scopes));
                audit::note(tx, author, key.created_at, &note)
            })
            .await
    }

    async fn find_key(&self, hash: SecretHash) -> Result<Option<ApiKey>, StoreError> {
        let generation = match self.key_cache.recall(hash) {
            Recalled::Known(key) => return Ok(Some(key)),
            Recalled::Unknown { generation } => generation,
        };
        let found = self
            .readers
            .read(move |connection| {
                let key = connection
                    .prepare_cached(include_str!("sql/find_key.sql"))?
                    .query_row(named_params! { ":hash": hash.as_bytes() }, key)
                    .optional()?;
                Ok(key)
            })
            .await?;
        if let Some(key) = &found {
            self.key_cache.remember(generation, hash, key.clone());
        }
        Ok(found)
    }

    async fn keys(&self, org: Option<OrgId>) -> Result<Vec<ApiKey>, StoreError> {
        self.readers
            .read(move |connection| {
                let mut statement = connection.prepare_cached(include_str!("sql/keys.sql"))?;
                let parameters = named_params! { ":org_id": org.as_ref().map(OrgId::as_bytes) };
                let keys = statement.query_map(parameters, key)?.collect::<Result<_, _>>()?;
                Ok(keys)
            })
            .await
    }

    async fn revoke_key(
        &self,
        org: Option<OrgId>,
        id: KeyId,
        now: Timestamp,
        author: Author,
    ) -> Result<Option<ApiKey>, StoreError> {
        let forgotten = self.key_cache.forget_when_dropped();
        let (revoked, _forgotten) =
            self.writer.write(move |tx| Ok((revoke(tx, org, id, now, author)?, forgotten))).await?;
        Ok(revoked)
    }

    async fn touch_keys(&self, uses: Vec<KeyUse>) -> Result<(), StoreError> {
        let forgotten = self.key_cache.forget_when_dropped();
        let _forgotten = self
            .writer
            .write(move |tx| {
                let mut statement = tx.prepare_cached(include_str!("sql/touch_keys.sql"))?;
                for KeyUse { key, at } in uses {
                    statement.execute(named_params! { ":key": key.as_bytes(), ":at": at.ms() })?;
                }
                Ok(forgotten)
            })
            .await?;
        Ok(())
    }
}

/// Revokes a key; the first revocation's moment stands.
fn revoke(
    transaction: &Connection,
    org: Option<OrgId>,
    id: KeyId,
    now: Timestamp,
    author: Author,
) -> Result<Option<ApiKey>, StoreError> {
    let org = org.as_ref().map(OrgId::as_bytes);
    let changed = transaction
        .prepare_cached(include_str!("sql/revoke_key.sql"))?
        .execute(named_params! { ":id": id.as_bytes(), ":org_id": org, ":now": now.ms() })?;
    let found = transaction
        .prepare_cached(include_str!("sql/revoke_key_find.sql"))?
        .query_row(named_params! { ":id": id.as_bytes(), ":org_id": org }, key)
        .optional()?;
    if let Some(key) = found.as_ref().filter(|_| changed > 0) {
        let org = match key.reach {
            Reach::Org(org) => Some(org),
            Reach::EveryOrg => None,
        };
        let note = Note::of(AuditAction::KeyRevoked, org, &key.id).named(&key.name);
        audit::note(transaction, author, now, &note)?;
    }
    Ok(found)
}

/// Reads a key.
pub(super) fn key(row: &Row<'_>) -> rusqlite::Result<ApiKey> {
    let moment = |column| -> rusqlite::Result<Option<Timestamp>> {
        Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp::from_ms))
    };
    let scopes: String = row.get("scopes")?;
    Ok(ApiKey {
        id: KeyId::from_bytes(row.get("id")?),
        reach: match row.get("org_id")? {
            Some(org) => Reach::Org(OrgId::from_bytes(org)),
            None => Reach::EveryOrg,
        },
        name: row.get("name")?,
        scopes: scopes.parse().map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(3, Type::Text, Box::new(error))
        })?,
        hint: row.get("hint")?,
        created_at: Timestamp::from_ms(row.get("created_at")?),
        last_used_at: moment("last_used_at")?,
        revoked_at: moment("revoked_at")?,
    })
}

/// The keys that were presented lately, by their hash. Clones share the map.
#[derive(Clone, Debug, Default)]
pub(super) struct KeyCache(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    keys: HashMap<SecretHash, ApiKey>,
    /// Grows whenever the map is emptied: what was read from the database before that is old.
    generation: u64,
}

/// What the map has to say about a hash.
#[derive(Debug, PartialEq)]
enum Recalled {
    Known(ApiKey),
    /// Nothing; what is read from now on may be remembered under this generation.
    Unknown {
        generation: u64,
    },
}

impl KeyCache {
    fn recall(&self, hash: SecretHash) -> Recalled {
        let kept = self.kept();
        kept.keys
            .get(&hash)
            .cloned()
            .map_or(Recalled::Unknown { generation: kept.generation }, Recalled::Known)
    }

    /// Keeps a key, unless the map was emptied since `generation` was read: then the reading may
    /// have come before a revocation.
    fn remember(&self, generation: u64, hash: SecretHash, key: ApiKey) {
        /// The most keys in memory: more than any installation uses in a minute, some 1 MiB.
        const MAX_KEPT: usize = 4_096;
        let mut kept = self.kept();
        if kept.generation != generation {
            return;
        }
        if kept.keys.len() >= MAX_KEPT {
            kept.keys.clear();
        }
        kept.keys.insert(hash, key);
    }

    /// A token that empties the map when it is dropped. It travels through the writer inside the
    /// write's answer, so it is dropped after the commit even if the caller has gone away.
    pub(super) fn forget_when_dropped(&self) -> Forgetting {
        Forgetting(self.clone())
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Each change below the lock is complete in itself, so a panic elsewhere breaks nothing.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Empties the map of keys when it is dropped.
#[derive(Debug)]
pub(super) struct Forgetting(KeyCache);

impl Drop for Forgetting {
    fn drop(&mut self) {
        let mut kept = self.0.kept();
        kept.generation += 1;
        kept.keys.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::key::{Dialect, Scopes};

    fn new_key() -> NewApiKey {
        let now = Timestamp::from_ms(0);
        NewApiKey::mint(OrgId::mint(), "one", Scopes::all(), Dialect::Pi, now)
    }

    #[test]
    fn a_key_is_recalled_until_something_changes() {
        let cache = KeyCache::default();
        let NewApiKey { key, hash, .. } = new_key();
        assert_eq!(cache.recall(hash), Recalled::Unknown { generation: 0 });
        cache.remember(0, hash, key.clone());
        assert_eq!(cache.recall(hash), Recalled::Known(key));
        drop(cache.forget_when_dropped());
        assert_eq!(cache.recall(hash), Recalled::Unknown { generation: 1 });
    }

    #[test]
    fn what_was_read_before_a_revocation_is_not_remembered_after_it() {
        let cache = KeyCache::default();
        let NewApiKey { key, hash, .. } = new_key();
        let Recalled::Unknown { generation } = cache.recall(hash) else {
            panic!("nothing was remembered yet");
        };
        drop(cache.forget_when_dropped());
        cache.remember(generation, hash, key);
        assert_eq!(cache.recall(hash), Recalled::Unknown { generation: 1 });
    }

    #[test]
    fn the_map_is_bounded() {
        let cache = KeyCache::default();
        let NewApiKey { key, .. } = new_key();
        for number in 0..10_000 {
            cache.remember(0, SecretHash::of(&number.to_string()), key.clone());
        }
        assert!(cache.kept().keys.len() <= 4_096);
    }
}
