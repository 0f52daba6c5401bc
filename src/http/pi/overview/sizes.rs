//! The sizes of what is stored, asked for at most twice a minute: their sum goes over every file's
//! row.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::http::error::ApiError;
use crate::store::{Catalog, Usage};

/// How old sizes may be: a disk fills in hours.
const KEPT_FOR: Duration = Duration::from_secs(30);

/// The sizes as they were a moment ago.
#[derive(Debug, Default)]
pub(crate) struct Sizes(Mutex<Option<(Instant, Usage)>>);

impl Sizes {
    /// The sizes, half a minute old at most.
    pub(super) async fn usage(&self, catalog: &dyn Catalog) -> Result<Usage, ApiError> {
        let known = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, usage)) = known.filter(|(at, _)| at.elapsed() < KEPT_FOR) {
            return Ok(usage);
        }
        let usage = catalog.usage().await?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((Instant::now(), usage));
        Ok(usage)
    }
}
