//! Bytes to text, as browsers decide it.
//!
//! Byte order mark, then the header's charset, then what the document declares in its first
//! bytes, then a guess from the bytes. Decoding never fails. Never: trusting a label blindly that
//! names no encoding.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How far into a page its `<meta>` is looked for, as HTML says.
const PRESCAN_BYTES: usize = 1_024;

/// How much of a page the guess looks at.
const DETECTION_BYTES: usize = 64 << 10;

/// The text of an HTML page and the encoding that it was in.
pub(crate) fn page<'a>(
    bytes: &'a [u8],
    content_type: Option<&str>,
) -> (Cow<'a, str>, &'static Encoding) {
    let declared = content_type.and_then(of_header).or_else(|| of_meta(bytes));
    let encoding = declared.unwrap_or_else(|| guess(bytes));
    let (text, used, _) = encoding.decode(bytes);
    (text, used)
}

/// The text of a style sheet of a document in `document`'s encoding.
pub(crate) fn sheet<'a>(
    bytes: &'a [u8],
    content_type: Option<&str>,
    document: &'static Encoding,
) -> Cow<'a, str> {
    let declared = content_type.and_then(of_header).or_else(|| of_at_charset(bytes));
    // Undeclared sheets are UTF-8 far more often than in a legacy document's own encoding.
    let fallback = if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { document };
    declared.unwrap_or(fallback).decode(bytes).0
}

fn of_header(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    let (_, rest) = lower.split_once("charset=")?;
    let label = rest.split(';').next()?.trim().trim_matches(['"', '\'']);
    Encoding::for_label(label.as_bytes())
}

/// Finds `charset=` within a `<meta` of the first bytes.
fn of_meta(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(PRESCAN_BYTES)];
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    head.split("<meta").skip(1).find_map(|rest| {
        let tag = rest.split('>').next()?;
        let (_, value) = tag.split_once("charset")?;
        let value = value.trim_start().strip_prefix('=')?.trim_start();
        let value = value.trim_start_matches(['"', '\'']);
        let label = value.split(['"', '\'', ' ', ';', '/', '\n', '\t']).next()?;
        let encoding = Encoding::for_label(label.as_bytes())?;
        // A page that could be read this far is not in UTF-16, whatever it says.
        Some(if encoding == UTF_16BE || encoding == UTF_16LE { UTF_8 } else { encoding })
    })
}

fn of_at_charset(bytes: &[u8]) -> Option<&'static Encoding> {
    let rest = bytes.strip_prefix(b"@charset \"")?;
    let end = rest.iter().take(64).position(|byte| *byte == b'"')?;
    Encoding::for_label(&rest[..end])
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    if std::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    let seen = &bytes[..bytes.len().min(DETECTION_BYTES)];
    if seen.is_ascii() {
        return WINDOWS_1252;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(seen, seen.len() == bytes.len());
    detector.guess(None, Utf8Detection::Allow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_wins_then_the_meta_then_the_bytes() {
        let latin = b"<meta charset=iso-8859-1><p>caf\xe9";
        assert!(page(latin, None).0.ends_with("café"));
        assert!(page(latin, Some("text/html; charset=\"windows-1251\"")).0.ends_with("cafй"));
        assert!(page(b"<p>d\xc3\xa9j\xc3\xa0", None).0.ends_with("déjà"));
        assert!(page(latin, Some("text/html; charset=nonsense")).0.ends_with("café"));
        let http_equiv = b"<META http-equiv=Content-Type content='text/html; charset=koi8-r'>\xd1";
        assert!(page(http_equiv, None).0.ends_with('я'));
    }

    #[test]
    fn korean_without_a_declaration_is_read() {
        let (bytes, ..) = encoding_rs::EUC_KR.encode(
            "<title>한국어 웹 페이지</title><p>안녕하세요. 이 문서는 한국어로 작성되었습니다.",
        );
        assert!(page(&bytes, None).0.contains("안녕하세요"));
    }

    #[test]
    fn a_mark_overrules_every_label() {
        let utf16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("<p>ö".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        assert_eq!(page(&utf16, Some("text/html; charset=utf-8")).0, "<p>ö");
    }

    #[test]
    fn sheets_follow_their_own_declaration() {
        assert_eq!(
            sheet(b"@charset \"iso-8859-1\";/*\xe9*/", None, UTF_8),
            "@charset \"iso-8859-1\";/*é*/"
        );
        assert_eq!(sheet(b"/*\xe9*/", None, WINDOWS_1252), "/*é*/");
    }
}
