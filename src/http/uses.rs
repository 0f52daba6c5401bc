//! When keys and files were last used: noted in memory, written back once a minute.
//!
//! A crash loses at most a minute of it, which only makes a file look a minute older.
//! Never: a write in the course of a request.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::domain::clock::Timestamp;
use crate::domain::ids::{AssetId, KeyId};
use crate::store::{AssetUse, Catalog, KeyUse};

/// How often uses are written back: `last_used_at` is exact to the minute.
const INTERVAL: Duration = Duration::from_mins(1);

/// How many uses are held between two writings; further ones are noted in a later minute.
const MAX_NOTED: usize = 10_000;

/// Uses not yet written back.
#[derive(Debug, Default)]
pub(crate) struct Uses(Mutex<Noted>);

#[derive(Debug, Default)]
struct Noted {
    keys: HashMap<KeyId, Timestamp>,
    assets: HashMap<AssetId, Timestamp>,
}

impl Uses {
    /// A key was seen.
    pub(crate) fn key(&self, key: KeyId, at: Timestamp) {
        note(&mut self.noted().keys, key, at);
    }

    /// A file was asked for.
    pub(crate) fn asset(&self, asset: AssetId, at: Timestamp) {
        note(&mut self.noted().assets, asset, at);
    }

    /// Writes back every minute until `shutdown` fires.
    pub(crate) async fn write_back(&self, catalog: &dyn Catalog, shutdown: &CancellationToken) {
        while shutdown.run_until_cancelled(tokio::time::sleep(INTERVAL)).await.is_some() {
            self.flush(catalog).await;
        }
    }

    /// Writes back what was noted since the last time.
    pub(crate) async fn flush(&self, catalog: &dyn Catalog) {
        let Noted { keys, assets } = std::mem::take(&mut *self.noted());
        if !keys.is_empty() {
            let uses = keys.into_iter().map(|(key, at)| KeyUse { key, at }).collect();
            if let Err(error) = catalog.touch_keys(uses).await {
                tracing::warn!(%error, "the last uses of keys were not written");
            }
        }
        if !assets.is_empty() {
            let uses = assets.into_iter().map(|(asset, at)| AssetUse { asset, at }).collect();
            if let Err(error) = catalog.touch_assets(uses).await {
                tracing::warn!(%error, "the last uses of files were not written");
            }
        }
    }

    fn noted(&self) -> std::sync::MutexGuard<'_, Noted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn note<K: std::hash::Hash + Eq>(noted: &mut HashMap<K, Timestamp>, id: K, at: Timestamp) {
    if noted.len() < MAX_NOTED || noted.contains_key(&id) {
        noted.insert(id, at);
    }
}
