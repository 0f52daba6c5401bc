//! The first start: an organization, and a key to begin with.

use crate::domain::audit::Author;
use crate::domain::clock::Clock;
use crate::domain::key::{Dialect, NewApiKey, Scopes};
use crate::domain::org::DEFAULT_ORG;
use crate::store::{Catalog, StoreError};

/// The name of the key that the first start makes.
const FIRST_KEY: &str = "first";

/// Makes the organization `default` and a key with every scope when the database has no key yet.
/// Its secret, which is nowhere else; `None` on every later start.
///
/// It looks for keys, not for organizations: a process that was killed between the two writes
/// would else have left a database that nobody can enter.
pub(super) async fn make(
    catalog: &dyn Catalog,
    clock: &Clock,
) -> Result<Option<String>, StoreError> {
    if !catalog.keys(None).await?.is_empty() {
        return Ok(None);
    }
    let now = clock.now();
    let org = catalog.ensure_org(DEFAULT_ORG, now, Author::SERVER).await?;
    let key = NewApiKey::mint(org.id, FIRST_KEY, Scopes::all(), Dialect::Pi, now);
    let secret = key.secret.clone();
    catalog.insert_key(key, Author::SERVER).await?;
    Ok(Some(secret))
}
