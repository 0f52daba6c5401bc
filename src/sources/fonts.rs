//! The fonts of this machine, for characters that no other font at hand has.
//!
//! Folders are looked through when a text first needs it. Never: a file that is larger than any
//! font, more files than a system has, a link that leads out of a folder into a circle.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// The largest file that is read: above the largest collection for Chinese, Japanese and Korean.
const MAX_FILE: u64 = 64 << 20;

/// The most that is read for one text.
const MAX_READ: u64 = 512 << 20;

/// The most files that are known; a system with every package has some thousands.
const MAX_FILES: usize = 8_000;

/// How deep folders are followed.
const MAX_DEPTH: usize = 8;

/// Folders with fonts.
#[derive(Debug, Default)]
pub struct FontFolders {
    folders: Vec<PathBuf>,
    files: OnceLock<Vec<PathBuf>>,
}

impl FontFolders {
    /// These folders; one that is not there has no fonts.
    pub fn new(folders: Vec<PathBuf>) -> Self {
        Self { folders, files: OnceLock::new() }
    }

    /// The content of their files, one after the other, each read when it is asked for: upright
    /// bold ones first, since they are for headlines.
    pub fn contents(&self) -> impl Iterator<Item = Arc<[u8]>> + '_ {
        let mut left = MAX_READ;
        self.files().iter().filter_map(move |path| {
            let size = path.metadata().ok()?.len();
            left = left.checked_sub(size).filter(|_| size <= MAX_FILE)?;
            std::fs::read(path).ok().map(Arc::from)
        })
    }

    fn files(&self) -> &[PathBuf] {
        self.files.get_or_init(|| {
            let mut files = Vec::new();
            for folder in &self.folders {
                collect(folder, MAX_DEPTH, &mut files);
            }
            files.sort_by_cached_key(|path| (rank(path), path.clone()));
            files
        })
    }
}

/// The font files of a folder and of those in it.
fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if files.len() == MAX_FILES {
            return;
        }
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() && depth > 0 => collect(&path, depth - 1, files),
            // A link to a file is common; one to a folder could lead in a circle.
            Ok(kind) if !kind.is_dir() && is_font(&path) && path.is_file() => files.push(path),
            _ => {}
        }
    }
}

fn is_font(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| {
        ["ttf", "otf", "ttc", "otc"].iter().any(|known| ending.eq_ignore_ascii_case(known))
    })
}

/// Which of a family's files go first.
fn rank(path: &Path) -> u8 {
    let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_lowercase();
    match name.as_str() {
        name if name.contains("italic") || name.contains("oblique") => 3,
        name if name.ends_with("-bold") => 0,
        name if name.ends_with("-regular") => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn upright_bold_fonts_come_first_and_other_files_never() {
        let dir = tempfile::tempdir().expect("a directory");
        std::fs::create_dir_all(dir.path().join("noto/deep")).expect("folders");
        for (name, content) in [
            ("noto/Noto-Italic.ttf", "italic"),
            ("noto/Noto-Regular.ttf", "regular"),
            ("noto/deep/Noto-Bold.OTF", "bold"),
            ("noto/LICENSE", "licence"),
        ] {
            std::fs::write(dir.path().join(name), content).expect("a file");
        }
        std::os::unix::fs::symlink(dir.path(), dir.path().join("noto/circle")).expect("a link");
        let folders = FontFolders::new(vec![dir.path().into(), "/nowhere/at/all".into()]);
        let found: Vec<Arc<[u8]>> = folders.contents().collect();
        assert_eq!(
            found.iter().map(|font| &**font).collect::<Vec<_>>(),
            [&b"bold"[..], b"regular", b"italic"]
        );
    }

    #[test]
    fn a_file_larger_than_any_font_is_passed_over() {
        let dir = tempfile::tempdir().expect("a directory");
        let file = std::fs::File::create(dir.path().join("huge.ttf")).expect("a file");
        file.set_len(MAX_FILE + 1).expect("a hole");
        assert_eq!(FontFolders::new(vec![dir.path().into()]).contents().count(), 0);
    }
}
