//! Sessions: rows of `sessions`, found together with the key that they stand for.
//!
//! A session is asked for by people's browsers, not by load, so nothing of it is kept in memory
//! and nothing outlives a revocation. Never: a secret in a row.

use async_trait::async_trait;
use rusqlite::{OptionalExtension as _, named_params};

use crate::domain::clock::Timestamp;
use crate::domain::key::SecretHash;
use crate::domain::session::{MAX_SESSIONS_A_KEY, NewSession};
use crate::store::sqlite::{SqliteStore, keys};
use crate::store::{FoundSession, Sessions, StoreError};

#[async_trait]
impl Sessions for SqliteStore {
    async fn insert_session(&self, new: NewSession) -> Result<(), StoreError> {
        let NewSession { hash, secret: _, key, created_at, expires_at } = new;
        self.writer
            .write(move |tx| {
                tx.prepare_cached(include_str!("sql/insert_session_expire.sql"))?
                    .execute(named_params! { ":now": created_at.ms() })?;
                tx.prepare_cached(include_str!("sql/insert_session_make_room.sql"))?.execute(
                    named_params! {
                        ":key_id": key.as_bytes(),
                        ":kept": i64::try_from(MAX_SESSIONS_A_KEY - 1).unwrap_or(i64::MAX),
                    },
                )?;
                tx.prepare_cached(include_str!("sql/insert_session.sql"))?.execute(
                    named_params! {
                        ":hash": hash.as_bytes(),
                        ":key_id": key.as_bytes(),
                        ":created_at": created_at.ms(),
                        ":expires_at": expires_at.ms(),
                    },
                )?;
                Ok(())
            })
            .await
    }

    async fn find_session(
        &self,
        hash: SecretHash,
        now: Timestamp,
    ) -> Result<Option<FoundSession>, StoreError> {
        self.readers
            .read(move |connection| {
                let found = connection
                    .prepare_cached(include_str!("sql/find_session.sql"))?
                    .query_row(
                        named_params! { ":hash": hash.as_bytes(), ":now": now.ms() },
                        |row| {
                            let expires_at = Timestamp::from_ms(row.get("expires_at")?);
                            Ok(FoundSession { key: keys::key(row)?, expires_at })
                        },
                    )
                    .optional()?;
                Ok(found)
            })
            .await
    }

    async fn end_session(&self, hash: SecretHash) -> Result<(), StoreError> {
        self.writer
            .write(move |tx| {
                tx.prepare_cached(include_str!("sql/end_session.sql"))?
                    .execute(named_params! { ":hash": hash.as_bytes() })?;
                Ok(())
            })
            .await
    }
}
