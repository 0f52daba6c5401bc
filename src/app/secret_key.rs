//! The key that seals secrets in the database: from the environment, or a file beside it.
//!
//! The first start makes the file. A key that does not open what was sealed stops the start: with
//! it, messages could not be signed. Never: a new key over secrets that it cannot open.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::app::DataDir;
use crate::config::read_variable;
use crate::domain::ids::WebhookId;
use crate::domain::sealed::{NotAKey, SecretKey};

/// The variable that may hold the key.
const VARIABLE: &str = "TIDEMILL_SECRET_KEY";

/// The file in the data directory that holds it otherwise.
const FILE: &str = DataDir::SECRET_KEY;

/// Why there is no key to work with.
#[derive(Debug, thiserror::Error)]
pub enum SecretKeyError {
    /// The file cannot be read or made.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// What was found is no key.
    #[error("{origin}: {source}")]
    Invalid {
        /// The file or the variable.
        origin: String,
        /// What a key looks like.
        source: NotAKey,
    },
    /// There is none, but there are secrets that one sealed.
    #[error(
        "{} is missing, and the database has secrets of webhooks that it sealed: put it back, or \
         set {VARIABLE}; if it is lost, `tidemill webhooks forget-secrets` helps", _0.display()
    )]
    Missing(PathBuf),
    /// It is another one.
    #[error(
        "the key in {0} does not open the webhooks' secrets in the database: put back the one \
         that sealed them; if it is lost, `tidemill webhooks forget-secrets` helps"
    )]
    Wrong(String),
}

/// Takes the key, or makes one if nothing was sealed yet, and tries it on what was.
pub(super) fn take(
    data_dir: &Path,
    sealed: &[(WebhookId, Vec<u8>)],
) -> Result<SecretKey, SecretKeyError> {
    match check_secret_key(data_dir, sealed)? {
        Some(key) => Ok(key),
        None => make(&data_dir.join(FILE)),
    }
}

/// The key that opens what was sealed; `None` when there is none, and nothing to open. Makes none.
pub fn check_secret_key(
    data_dir: &Path,
    sealed: &[(WebhookId, Vec<u8>)],
) -> Result<Option<SecretKey>, SecretKeyError> {
    let path = data_dir.join(FILE);
    let Some((key, origin)) = find(&path)? else {
        return if sealed.is_empty() { Ok(None) } else { Err(SecretKeyError::Missing(path)) };
    };
    let opens_all = sealed.iter().all(|sealed| opens(&key, sealed));
    if opens_all { Ok(Some(key)) } else { Err(SecretKeyError::Wrong(origin)) }
}

/// Those webhooks whose secrets nobody can read with the key that there is, or without one.
pub fn unreadable_secrets(
    data_dir: &Path,
    sealed: &[(WebhookId, Vec<u8>)],
) -> Result<Vec<WebhookId>, SecretKeyError> {
    let key = find(&data_dir.join(FILE))?.map(|(key, _)| key);
    let is_lost = |sealed: &&_| !key.as_ref().is_some_and(|key| opens(key, sealed));
    Ok(sealed.iter().filter(is_lost).map(|(id, _)| *id).collect())
}

/// The file that holds the key when the environment does not.
pub fn secret_key_file(data_dir: &Path) -> PathBuf {
    data_dir.join(FILE)
}

fn opens(key: &SecretKey, (id, secret): &(WebhookId, Vec<u8>)) -> bool {
    key.open(id.as_bytes(), secret).is_ok()
}

/// The key and where it is from.
fn find(path: &Path) -> Result<Option<(SecretKey, String)>, SecretKeyError> {
    let parse = |text: &str, origin: String| {
        let key = SecretKey::parse(text);
        match key {
            Ok(key) => Ok(Some((key, origin))),
            Err(source) => Err(SecretKeyError::Invalid { origin, source }),
        }
    };
    if let Some(text) = read_variable(VARIABLE) {
        return parse(&text, VARIABLE.to_owned());
    }
    match fs::read_to_string(path) {
        Ok(text) => parse(&text, path.display().to_string()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(SecretKeyError::Io { path: path.to_owned(), source }),
    }
}

/// Makes a key and keeps it, synced, before anything is sealed by it. It has its name only when it
/// is whole: a process that is killed meanwhile leaves no half of one, which no start would take.
fn make(path: &Path) -> Result<SecretKey, SecretKeyError> {
    let (key, half) = (SecretKey::mint(), path.with_extension("key.new"));
    let write = || {
        // Of a start that was killed; the data directory is this process's alone.
        match fs::remove_file(&half) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&half)?;
        writeln!(file, "{}", key.text())?;
        file.sync_all()?;
        fs::rename(&half, path)?;
        // The name is in the directory for good only after this.
        fs::File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
    };
    match write() {
        Ok(()) => Ok(key),
        Err(source) => Err(SecretKeyError::Io { path: path.to_owned(), source }),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_first_start_makes_a_key_that_later_ones_find() {
        let dir = tempfile::tempdir().expect("a directory");
        fs::write(dir.path().join("secret.key.new"), "dGlk").expect("a start that was killed");
        let key = take(dir.path(), &[]).expect("made");
        assert!(!dir.path().join("secret.key.new").exists());
        let mode = fs::metadata(dir.path().join(FILE)).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let id = WebhookId::mint();
        let sealed = [(id, key.seal(id.as_bytes(), "tide and time"))];
        assert!(take(dir.path(), &sealed).is_ok());
    }

    #[test]
    fn a_lost_key_a_wrong_one_and_no_key_at_all_are_told_apart() {
        let dir = tempfile::tempdir().expect("a directory");
        let id = WebhookId::mint();
        let sealed = [(id, SecretKey::mint().seal(id.as_bytes(), "tide and time"))];
        let refusal = |sealed: &[_]| take(dir.path(), sealed).expect_err("refused").to_string();
        assert!(refusal(&sealed).contains("secret.key is missing"));
        take(dir.path(), &[]).expect("made");
        assert!(refusal(&sealed).contains("does not open"));
        fs::write(dir.path().join(FILE), "tide").expect("written");
        assert!(refusal(&[]).contains("openssl rand -base64 32"));
    }

    #[test]
    fn secrets_are_lost_one_by_one() {
        let dir = tempfile::tempdir().expect("a directory");
        let (old, new) = (WebhookId::mint(), WebhookId::mint());
        let lost = (old, SecretKey::mint().seal(old.as_bytes(), "of an older key"));
        let lost_in = |sealed: &[_]| unreadable_secrets(dir.path(), sealed).expect("a look");
        assert_eq!(lost_in(std::slice::from_ref(&lost)), [old]);
        let key = take(dir.path(), &[]).expect("made");
        assert_eq!(lost_in(&[lost, (new, key.seal(new.as_bytes(), "of this one"))]), [old]);
    }
}
