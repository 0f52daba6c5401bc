//! What a file is, by its content; by its name only among texts.
//!
//! A drawing that could act in a browser is no picture here: it is kept as it is and sent as an
//! attachment. Never: a type that a browser would run.

use crate::pixels::{self, Format};

/// Leading bytes that tell a type.
const MAGIC: [(&[u8], &str); 13] = [
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"wOF2", "font/woff2"),
    (b"wOFF", "font/woff"),
    (b"OTTO", "font/otf"),
    (b"SQLite format 3\0", "application/vnd.sqlite3"),
];

/// Texts by the ends of their names.
const TEXTS: [(&str, &str); 4] = [
    (".json", "application/json"),
    (".csv", "text/csv"),
    (".md", "text/markdown"),
    (".xml", "application/xml"),
];

/// What the file is of this name and these bytes, of which the first mebibyte will do; and of a
/// picture its width and height in pixels.
pub fn of(name: &str, bytes: &[u8]) -> (&'static str, Option<(u32, u32)>) {
    if let Ok(format) = pixels::sniff(bytes)
        && let Some(mime_type) = picture(format)
    {
        return (mime_type, dimensions(bytes));
    }
    let magic = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic));
    let mime_type = match magic {
        Some((_, mime_type)) => mime_type,
        None if bytes.get(4..8) == Some(b"ftyp") => "video/mp4",
        None if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WAVE") => "audio/wav",
        None if is_text(bytes) => {
            let name = name.to_ascii_lowercase();
            TEXTS.iter().find(|(end, _)| name.ends_with(end)).map_or("text/plain", |(_, text)| text)
        }
        None => "application/octet-stream",
    };
    (mime_type, None)
}

fn picture(format: Format) -> Option<&'static str> {
    match format {
        Format::Png => Some("image/png"),
        Format::Jpeg => Some("image/jpeg"),
        Format::Gif => Some("image/gif"),
        Format::WebP => Some("image/webp"),
        Format::Ico | Format::Bmp | Format::Svg => None,
    }
}

fn dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
    image::ImageReader::new(std::io::Cursor::new(bytes))
        .with_guessed_format()
        .ok()?
        .into_dimensions()
        .ok()
}

fn is_text(bytes: &[u8]) -> bool {
    /// A file that is text so far is taken for one.
    const HEAD_BYTES: usize = 64 * 1024;
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // The cut may lie within a character.
        Err(error) if error.error_len().is_none() && head.len() < bytes.len() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_holds() {
        let kind = |name, bytes: &[u8]| of(name, bytes).0;
        assert_eq!(kind("a.png", b"%PDF-1.7"), "application/pdf");
        assert_eq!(kind("a.json", b"{}"), "application/json");
        assert_eq!(kind("a.html", b"<p>hi</p>"), "text/plain");
        assert_eq!(kind("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "text/plain");
        assert_eq!(kind("a", b"\0\x01\x02"), "application/octet-stream");
        assert_eq!(kind("a", b"\0\0\0\x18ftypisom"), "video/mp4");
        assert_eq!(kind("a", "naïve\n".repeat(20_000).as_bytes()), "text/plain");
        assert_eq!(kind("a.bin", b""), "text/plain");
    }
}
