//! Compresses the larger texts that the program carries, each to a third or less.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

/// Files, and folders of them.
const TEXTS: [&str; 3] = ["docs/openapi.json", "src/ads/catalog", "src/ads/prompt/words"];

/// What is code in these folders.
const CODE: &str = "rs";

fn main() -> io::Result<()> {
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    for text in TEXTS {
        println!("cargo::rerun-if-changed={text}");
        let text = Path::new(text);
        if text.is_file() {
            pack(text, &out)?;
            continue;
        }
        for entry in fs::read_dir(text)? {
            let path = entry?.path();
            if path.is_file() && path.extension().is_some_and(|extension| extension != CODE) {
                pack(&path, &out)?;
            }
        }
    }
    Ok(())
}

/// Writes `path`, compressed, to the same place under `out`.
fn pack(path: &Path, out: &Path) -> io::Result<()> {
    let mut name = out.join(path).into_os_string();
    name.push(".gz");
    let packed = PathBuf::from(name);
    fs::create_dir_all(packed.parent().unwrap_or(out))?;
    let mut encoder = GzEncoder::new(File::create(packed)?, Compression::best());
    io::copy(&mut File::open(path)?, &mut encoder)?;
    encoder.finish()?.flush()
}
