//! What a repository may not be: one that needs objects, references or settings from elsewhere.
//!
//! Checked before the library opens it, on the directory as it lies there. Never: a link followed,
//! or a pipe opened, which might have no other end.

use std::fs;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use crate::sources::SourceError;

/// The longest `config` that is looked through: people's are a few hundred bytes.
const MAX_CONFIG_BYTES: u64 = 1 << 20;

/// Directories that are looked through whole: all that is read of a repository lies in them, or
/// beside them. Hooks and logs are never opened.
const LOOKED_THROUGH: [&str; 2] = ["objects", "refs"];

/// Entries of all of them: a repository that is never packed has a file for each object. To look at
/// so many takes some tenths of a second.
const MAX_ENTRIES: usize = 400_000;

/// Directories within each other: a branch's name has a few slashes.
const MAX_DEPTH: usize = 24;

/// The directory with the objects and references of the repository at `path`.
pub(super) fn find_git_dir(path: &Path) -> Result<PathBuf, SourceError> {
    let inner = path.join(".git");
    match fs::symlink_metadata(&inner) {
        Ok(found) if found.is_dir() => Ok(inner),
        Ok(found) if found.is_symlink() => Err(SourceError::Borrows("`.git` is a link")),
        Ok(_) => Err(SourceError::Borrows("`.git` is a file")),
        Err(_) if looks_bare(path) => Ok(path.to_owned()),
        Err(_) if path.is_dir() => Err(SourceError::NoRepository),
        Err(_) => Err(SourceError::NotThere),
    }
}

fn looks_bare(path: &Path) -> bool {
    path.join("HEAD").is_file() && path.join("objects").is_dir() && path.join("refs").is_dir()
}

/// Whether everything that the repository needs lies in `git_dir` and belongs to this user.
pub(super) fn check(git_dir: &Path) -> Result<(), SourceError> {
    let owner = fs::metadata(git_dir).map_err(|_| SourceError::NotThere)?.uid();
    if owner != rustix::process::geteuid().as_raw() && owner != 0 {
        return Err(SourceError::Foreign);
    }
    for (file, name) in [
        ("objects/info/alternates", "alternates"),
        ("objects/info/http-alternates", "alternates"),
        ("commondir", "a common directory"),
        ("gitdir", "a common directory"),
    ] {
        if fs::symlink_metadata(git_dir.join(file)).is_ok() {
            return Err(SourceError::Borrows(name));
        }
    }
    let mut left = MAX_ENTRIES;
    check_entries(git_dir, &mut left)?;
    for directory in LOOKED_THROUGH {
        check_below(&git_dir.join(directory), MAX_DEPTH, &mut left)?;
    }
    check_config(&git_dir.join("config"))?;
    check_config(&git_dir.join("config.worktree"))
}

/// Whether a directory and those in it hold nothing but files.
fn check_below(directory: &Path, depth: usize, left: &mut usize) -> Result<(), SourceError> {
    if depth == 0 {
        let message =
            format!("the repository has directories deeper than {MAX_DEPTH} in each other");
        return Err(SourceError::TooLarge(message));
    }
    let inner = check_entries(directory, left)?;
    inner.iter().try_for_each(|directory| check_below(directory, depth - 1, left))
}

/// Whether a directory has no links, pipes or devices; gives the directories in it. `HEAD` may be
/// a link into `refs`, as it was long ago. Sockets, as those who watch a work tree leave them, do
/// not open at all.
fn check_entries(directory: &Path, left: &mut usize) -> Result<Vec<PathBuf>, SourceError> {
    let mut inner = Vec::new();
    let Ok(entries) = fs::read_dir(directory) else { return Ok(inner) };
    for entry in entries {
        let Some(fewer) = left.checked_sub(1) else {
            let message = "the repository has more loose files than are looked through: pack it \
                           (`git gc`)";
            return Err(SourceError::TooLarge(message.to_owned()));
        };
        *left = fewer;
        let entry = entry.map_err(SourceError::damaged)?;
        let kind = entry.file_type().map_err(SourceError::damaged)?;
        if kind.is_symlink() {
            let target = fs::read_link(entry.path()).unwrap_or_default();
            let is_old_head = entry.file_name() == "HEAD" && target.starts_with("refs/heads");
            if !is_old_head || target.components().any(|part| part.as_os_str() == "..") {
                return Err(SourceError::Borrows("a link"));
            }
        } else if kind.is_dir() {
            inner.push(entry.path());
        } else if kind.is_fifo() || kind.is_char_device() || kind.is_block_device() {
            return Err(SourceError::Borrows("a pipe or a device"));
        }
    }
    Ok(inner)
}

/// Whether the settings include no others, and tell of no form that is not read.
fn check_config(path: &Path) -> Result<(), SourceError> {
    let Ok(found) = fs::metadata(path) else { return Ok(()) };
    if found.len() > MAX_CONFIG_BYTES {
        return Err(SourceError::TooLarge("the repository's `config` is too long".to_owned()));
    }
    let text = fs::read(path).map_err(SourceError::damaged)?;
    let text = String::from_utf8_lossy(&text).to_ascii_lowercase();
    // A section may stand anywhere on a line, and a continued value only looks like one: what is
    // in doubt is refused.
    let names =
        |section: &str| text.split('[').skip(1).any(|rest| rest.trim_start().starts_with(section));
    if names("include") {
        return Err(SourceError::Borrows("`include.path`"));
    }
    // The library would take such a repository for none at all.
    for (key, form, unread) in [
        ("objectformat", "sha256", "SHA-256 names of objects, and only SHA-1 is read"),
        ("refstorage", "reftable", "its references in tables, and only files are read"),
    ] {
        let says = |line: &str| {
            let (name, value) = line.rsplit(']').next()?.split_once('=')?;
            Some(name.trim() == key && value.trim().trim_matches('"').starts_with(form))
        };
        if text.lines().filter_map(says).any(|says| says) {
            return Err(SourceError::Malformed(format!("the repository has {unread}")));
        }
    }
    if text.contains("worktreeconfig") && path.with_file_name("commondir").exists() {
        return Err(SourceError::Borrows("a common directory"));
    }
    Ok(())
}

/// What the library's refusal means.
pub(super) fn unopened(git_dir: &Path, error: &dyn std::fmt::Display) -> SourceError {
    tracing::info!(path = %git_dir.display(), %error, "a repository was not opened");
    SourceError::NoRepository
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn bare() -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a directory");
        for inner in ["objects/info", "objects/pack", "refs/heads"] {
            fs::create_dir_all(dir.path().join(inner)).expect("made");
        }
        fs::write(dir.path().join("HEAD"), "ref: refs/heads/main\n").expect("written");
        dir
    }

    fn refusal(change: impl FnOnce(&Path)) -> String {
        let dir = bare();
        change(dir.path());
        find_git_dir(dir.path()).and_then(|git| check(&git)).expect_err("refused").to_string()
    }

    #[test]
    fn a_repository_of_its_own_is_taken() {
        let dir = bare();
        assert_eq!(check(&find_git_dir(dir.path()).expect("bare")), Ok(()));
        fs::write(dir.path().join("config"), "[core]\n\tbare = true\n").expect("written");
        let watching = dir.path().join("fsmonitor--daemon.ipc");
        let _watcher = std::os::unix::net::UnixListener::bind(watching).expect("a socket");
        assert_eq!(check(dir.path()), Ok(()));
    }

    #[test]
    fn what_borrows_is_refused_and_named() {
        let write = |file: &'static str, text: &'static str| {
            move |dir: &Path| fs::write(dir.join(file), text).expect("written")
        };
        let alternates = refusal(write("objects/info/alternates", "/elsewhere/objects\n"));
        assert!(alternates.contains("alternates"), "{alternates}");
        assert!(refusal(write("commondir", "../other\n")).contains("common"));
        for config in [
            "[include]\n\tpath = /etc/passwd\n",
            "[core] bare = true\n[ IncludeIf \"gitdir:/\"] path = x\n",
        ] {
            assert!(
                refusal(move |dir| fs::write(dir.join("config"), config).expect("written"))
                    .contains("include.path")
            );
        }
        assert!(refusal(write(".git", "gitdir: /elsewhere/.git\n")).contains("`.git` is a file"));
        assert!(refusal(|dir| symlink("/", dir.join(".git")).expect("linked")).contains("link"));
        let packs = refusal(|dir| {
            fs::remove_dir(dir.join("objects/pack")).expect("gone");
            symlink("/tmp", dir.join("objects/pack")).expect("linked");
        });
        assert!(packs.contains("a link"), "{packs}");
    }

    /// Whoever opened it would wait for its other end, for ever.
    fn make_pipe(path: &Path) {
        use rustix::fs::{CWD, FileType, Mode, mknodat};
        mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).expect("a pipe");
    }

    #[test]
    fn pipes_are_refused_unopened_wherever_they_lie() {
        let places =
            ["config", "packed-refs", "objects/pack/pack-a.idx", "objects/ab/cd", "refs/heads/a/b"];
        for place in places {
            let told = refusal(|dir| {
                let path = dir.join(place);
                fs::create_dir_all(path.parent().expect("a directory")).expect("made");
                make_pipe(&path);
            });
            assert!(told.contains("a pipe"), "{place}: {told}");
        }
    }

    #[test]
    fn links_are_refused_however_deep_they_lie() {
        for place in ["objects/ab/cd", "refs/heads/main", "refs/remotes/origin/a"] {
            let told = refusal(|dir| {
                let path = dir.join(place);
                fs::create_dir_all(path.parent().expect("a directory")).expect("made");
                symlink("/elsewhere", path).expect("linked");
            });
            assert!(told.contains("a link"), "{place}: {told}");
        }
        let deep = refusal(|dir| {
            fs::create_dir_all(dir.join("refs/heads").join("a/".repeat(MAX_DEPTH))).expect("made");
        });
        assert!(deep.contains("deeper"), "{deep}");
    }

    #[test]
    fn a_form_that_is_not_read_is_named() {
        for (config, says) in [
            ("[core]\n\tbare = true\n[extensions]\n\tobjectFormat = sha256\n", "SHA-256"),
            ("[extensions] refStorage = \"reftable\"\n", "references in tables"),
        ] {
            let told = refusal(|dir| fs::write(dir.join("config"), config).expect("written"));
            assert!(told.contains(says), "{told}");
        }
    }

    #[test]
    fn a_directory_that_is_no_repository_says_so() {
        let dir = tempfile::tempdir().expect("a directory");
        assert_eq!(find_git_dir(dir.path()), Err(SourceError::NoRepository));
        assert_eq!(find_git_dir(&dir.path().join("a")), Err(SourceError::NotThere));
    }
}
