//! Organizations and keys of a data directory: through the server that runs on it, or, when none
//! does, by taking the directory and opening the database here.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::app::{DataDir, DataDirError};
use crate::cli::control::{Control, ControlError};
use crate::cli::error::CliError;
use crate::cli::runtime;
use crate::domain::audit::Author;
use crate::domain::clock::{Clock, Timestamp};
use crate::domain::ids::{AuditId, KeyId};
use crate::domain::key::{ApiKey, Dialect, NewApiKey, Reach, WantedKey};
use crate::domain::org::{EVERY_ORG, Org};
use crate::http::audit_members;
use crate::store::sqlite::{SqliteStore, WriterHooks};
use crate::store::{
    AuditFilter, AuditLog as _, AuditPage, Keys as _, OrgDeletion, Orgs as _, StoreError,
};

/// A key, for a list.
#[derive(Debug, Deserialize)]
pub(super) struct KeyRow {
    pub(super) id: String,
    pub(super) org: Option<String>,
    pub(super) name: String,
    pub(super) scopes: Vec<String>,
    pub(super) hint: String,
    pub(super) last_used_at: Option<String>,
    pub(super) revoked_at: Option<String>,
}

/// An organization, for a list.
#[derive(Debug, Deserialize)]
pub(super) struct OrgRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) created_at: String,
}

/// A page of the audit log, as the server sends it.
#[derive(Debug, Deserialize)]
struct Audit {
    entries: Vec<Value>,
    next_cursor: Option<AuditId>,
}

/// Where organizations and keys are asked for.
pub(super) enum Desk {
    /// The server that runs.
    Server(Control),
    /// This process, which has the directory.
    Own(Box<OwnDesk>),
}

/// A data directory in the hands of this process.
pub(super) struct OwnDesk {
    // In this order they are dropped: the writer ends while the directory is still ours.
    pub(super) store: SqliteStore,
    pub(super) runtime: Runtime,
    _dir: DataDir,
}

impl Desk {
    /// The desk of the directory at `path`, which must be there.
    pub(super) fn find(path: &Path) -> Result<Self, CliError> {
        if path.is_dir() {
            return Self::open(path);
        }
        let message = format!("no data directory at {}; name one with --data-dir", path.display());
        Err(CliError::Refused(message))
    }

    /// The desk of the directory at `path`, which is made when it is new.
    pub(super) fn open(path: &Path) -> Result<Self, CliError> {
        match DataDir::take(path) {
            Ok(dir) => {
                let runtime = runtime()?;
                let handle = runtime.handle().clone();
                let store = SqliteStore::open(dir.path(), handle, WriterHooks::default())?;
                Ok(Self::Own(Box::new(OwnDesk { store, runtime, _dir: dir })))
            }
            Err(DataDirError::InUse { .. }) => Ok(Self::Server(Control::of(path))),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes a key that was checked, and its organization if that is new. The secret.
    pub(super) fn create_key(&self, wanted: WantedKey<'_>) -> Result<String, CliError> {
        let WantedKey { org, name, scopes, dialect } = wanted;
        match self {
            Self::Server(control) => {
                let body = json!({
                    "org": org,
                    "name": name,
                    "scopes": scopes.to_string(),
                    "dialect": dialect_word(dialect),
                });
                member(control.ask("POST", "/keys", Some(&body))?, "secret")
            }
            Self::Own(own) => own.runtime.block_on(async {
                let now = Clock::system().now();
                let reach = if wanted.is_for_every_org() {
                    Reach::EveryOrg
                } else {
                    Reach::Org(own.store.ensure_org(org, now, Author::LOCAL).await?.id)
                };
                let new = NewApiKey::mint(reach, name, scopes, dialect, now);
                let secret = new.secret.clone();
                own.store.insert_key(new, Author::LOCAL).await?;
                Ok(secret)
            }),
        }
    }

    /// The keys of an organization, or of all.
    pub(super) fn keys(&self, org: Option<&str>) -> Result<Vec<KeyRow>, CliError> {
        match self {
            Self::Server(control) => {
                member(control.ask("GET", &format!("/keys{}", query(org)), None)?, "keys")
            }
            Self::Own(own) => own.runtime.block_on(async {
                let org = own.find_org(org).await?;
                let keys = own.store.keys(org.map(|org| org.id)).await?;
                let orgs = own.store.orgs().await?;
                Ok(keys.iter().map(|key| key_row(key, &orgs)).collect())
            }),
        }
    }

    /// Revokes a key, from the next request on.
    pub(super) fn revoke_key(&self, id: KeyId) -> Result<(), CliError> {
        match self {
            Self::Server(control) => {
                control.ask("DELETE", &format!("/keys/{id}"), None)?;
                Ok(())
            }
            Self::Own(own) => own.runtime.block_on(async {
                let now = Clock::system().now();
                let revoked = own.store.revoke_key(None, id, now, Author::LOCAL).await?;
                revoked.map(drop).ok_or_else(|| CliError::Refused(format!("no key `{id}`")))
            }),
        }
    }

    /// A page of the audit log, and where the next one begins.
    pub(super) fn audit(
        &self,
        filter: &AuditFilter,
    ) -> Result<(Vec<Value>, Option<AuditId>), CliError> {
        match self {
            Self::Server(control) => {
                let path = format!("/audit{}", audit_query(filter));
                let page = serde_json::from_value(control.ask("GET", &path, None)?);
                let Audit { entries, next_cursor } = page.map_err(|_| ControlError::Unreadable)?;
                Ok((entries, next_cursor))
            }
            Self::Own(own) => own.runtime.block_on(async {
                let AuditPage { entries, next } = own.store.audit(filter.clone()).await?;
                Ok((entries.iter().map(audit_members).collect(), next))
            }),
        }
    }

    /// All organizations.
    pub(super) fn orgs(&self) -> Result<Vec<OrgRow>, CliError> {
        match self {
            Self::Server(control) => member(control.ask("GET", "/orgs", None)?, "orgs"),
            Self::Own(own) => own
                .runtime
                .block_on(async { Ok(own.store.orgs().await?.iter().map(org_row).collect()) }),
        }
    }

    /// Renames an organization.
    pub(super) fn rename_org(&self, name: &str, new_name: &str) -> Result<(), CliError> {
        match self {
            Self::Server(control) => {
                let body = json!({ "name": new_name });
                control.ask("PATCH", &format!("/orgs/{}", escaped(name)), Some(&body))?;
                Ok(())
            }
            Self::Own(own) => own.runtime.block_on(async {
                let now = Clock::system().now();
                match own.store.rename_org(name, new_name, now, Author::LOCAL).await {
                    Ok(Some(_)) => Ok(()),
                    Ok(None) => Err(no_org(name)),
                    Err(StoreError::Taken(_)) => Err(CliError::Refused(format!(
                        "there is an organization `{new_name}` already"
                    ))),
                    Err(error) => Err(error.into()),
                }
            }),
        }
    }

    /// Deletes an organization with everything it has.
    pub(super) fn delete_org(&self, name: &str) -> Result<(), CliError> {
        match self {
            Self::Server(control) => {
                control.ask("DELETE", &format!("/orgs/{}", escaped(name)), None)?;
                Ok(())
            }
            Self::Own(own) => own.runtime.block_on(async {
                let now = Clock::system().now();
                match own.store.delete_org(name, now, Author::LOCAL).await? {
                    OrgDeletion::Deleted => Ok(()),
                    OrgDeletion::Unknown => Err(no_org(name)),
                    OrgDeletion::HasUnfinishedJobs(jobs) => Err(CliError::Refused(format!(
                        "`{name}` has {jobs} unfinished jobs: cancel them, or let them end, first"
                    ))),
                }
            }),
        }
    }
}

impl OwnDesk {
    pub(super) async fn find_org(&self, name: Option<&str>) -> Result<Option<Org>, CliError> {
        let Some(name) = name else { return Ok(None) };
        self.store.find_org(name).await?.map(Some).ok_or_else(|| no_org(name))
    }
}

pub(super) fn no_org(name: &str) -> CliError {
    CliError::Refused(format!("no organization `{name}`"))
}

/// The word for a dialect on the command line and on the control socket.
pub(super) const fn dialect_word(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Pi => "pi",
        Dialect::FlowRelay => "flowrelay",
    }
}

fn key_row(key: &ApiKey, orgs: &[Org]) -> KeyRow {
    KeyRow {
        id: key.id.to_string(),
        org: match key.reach {
            Reach::Org(id) => orgs.iter().find(|org| org.id == id).map(|org| org.name.clone()),
            Reach::EveryOrg => Some(EVERY_ORG.to_owned()),
        },
        name: key.name.clone(),
        scopes: key.scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
        hint: key.hint.clone(),
        last_used_at: key.last_used_at.map(Timestamp::iso),
        revoked_at: key.revoked_at.map(Timestamp::iso),
    }
}

fn org_row(org: &Org) -> OrgRow {
    OrgRow { id: org.id.to_string(), name: org.name.clone(), created_at: org.created_at.iso() }
}

/// A member of the server's answer.
pub(super) fn member<T: for<'de> Deserialize<'de>>(
    mut answer: Value,
    name: &str,
) -> Result<T, CliError> {
    let value = answer.get_mut(name).map(Value::take).unwrap_or_default();
    serde_json::from_value(value).map_err(|_| ControlError::Unreadable.into())
}

fn query(org: Option<&str>) -> String {
    org.map(|org| format!("?org={}", escaped(org))).unwrap_or_default()
}

/// A filter of the audit log as a query.
fn audit_query(filter: &AuditFilter) -> String {
    let AuditFilter { action, key, object, after, before, cursor, limit } = filter;
    let pairs = [
        ("action", action.map(|action| action.to_string())),
        ("key_id", key.map(|key| key.to_string())),
        ("object_id", object.clone()),
        ("created_after", after.map(Timestamp::iso)),
        ("created_before", before.map(Timestamp::iso)),
        ("cursor", cursor.map(|cursor| cursor.to_string())),
    ];
    let further = pairs.into_iter().filter_map(|(name, value)| Some((name, value?)));
    further.fold(format!("?limit={limit}"), |query, (name, value)| {
        format!("{query}&{name}={}", escaped(&value))
    })
}

/// A name as a part of a path or query.
pub(super) fn escaped(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    name.bytes()
        .map(|byte| if plain(byte) { char::from(byte).into() } else { format!("%{byte:02X}") })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped_for_paths() {
        assert_eq!(escaped("north-2_b.c~"), "north-2_b.c~");
        assert_eq!(escaped("a b/ü?"), "a%20b%2F%C3%BC%3F");
    }

    #[test]
    fn a_desk_of_ones_own_keeps_organizations_and_keys() {
        let dir = tempfile::tempdir().expect("a directory");
        let desk = Desk::open(dir.path()).expect("free");
        assert!(matches!(desk, Desk::Own(_)));
        let wanted = WantedKey {
            org: "north",
            name: "ci",
            scopes: "read".parse().expect("scopes"),
            dialect: Dialect::Pi,
        };
        let secret = desk.create_key(wanted).expect("made");
        assert!(secret.starts_with("pi_live_"));
        let keys = desk.keys(Some("north")).expect("listed");
        assert_eq!((keys.len(), keys[0].name.as_str()), (1, "ci"));
        desk.revoke_key(keys[0].id.parse().expect("an id")).expect("revoked");
        assert!(desk.keys(None).expect("listed")[0].revoked_at.is_some());
        desk.rename_org("north", "south").expect("renamed");
        assert_eq!(desk.orgs().expect("listed")[0].name, "south");
        assert!(desk.keys(Some("north")).is_err());
        desk.delete_org("south").expect("deleted");
        assert!(desk.orgs().expect("listed").is_empty());
    }

    #[test]
    fn a_directory_that_is_not_there_is_not_made_by_looking_for_it() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("data");
        assert!(Desk::find(&path).is_err());
        assert!(!path.exists());
    }

    #[test]
    fn a_second_desk_asks_the_process_that_has_the_directory() {
        let dir = tempfile::tempdir().expect("a directory");
        let _first = Desk::open(dir.path()).expect("free");
        assert!(matches!(Desk::open(dir.path()).expect("taken"), Desk::Server(_)));
    }
}
