//! Fonts that somebody sent: whether the bytes are a font, and what it is called.
//!
//! Only the table directory and the name table are read, every offset checked. Never: an outline,
//! or trust in a declared type.

use crate::brand::structured::line;

/// What the bytes of a font file say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FontFile {
    /// Its type: `font/ttf`, `font/otf`, `font/collection`, `font/woff` or `font/woff2`.
    pub(crate) mime_type: &'static str,
    /// The family; none for compressed files, whose tables are not unpacked here.
    pub(crate) family: Option<String>,
}

/// Reads a font file; none when the bytes are no font.
pub(crate) fn font(bytes: &[u8]) -> Option<FontFile> {
    let mime_type = match bytes.get(..4)? {
        [0, 1, 0, 0] | b"true" => "font/ttf",
        b"OTTO" => "font/otf",
        b"ttcf" => "font/collection",
        b"wOFF" => return compressed(bytes, "font/woff", 44),
        b"wOF2" => return compressed(bytes, "font/woff2", 48),
        _ => return None,
    };
    // A collection begins with offsets of its fonts; the first one names the family.
    let start = if mime_type == "font/collection" { u32_at(bytes, 12)? as usize } else { 0 };
    let names = table(bytes, start, *b"name")?;
    // What has no outlines and no map of characters is not a font to set text in.
    table(bytes, start, *b"cmap")?;
    Some(FontFile { mime_type, family: family(names) })
}

fn compressed(bytes: &[u8], mime_type: &'static str, header: usize) -> Option<FontFile> {
    // Both headers state the file's length; a cut or padded file is refused.
    let length = u32_at(bytes, 8)? as usize;
    let is_whole = length == bytes.len() && bytes.len() > header;
    is_whole.then_some(FontFile { mime_type, family: None })
}

fn table(bytes: &[u8], start: usize, tag: [u8; 4]) -> Option<&[u8]> {
    /// The format has some fifty kinds of tables.
    const MAX_TABLES: usize = 128;
    let count = u16_at(bytes, start.checked_add(4)?)? as usize;
    (0..count.min(MAX_TABLES)).find_map(|number| {
        let record = start.checked_add(12 + 16 * number)?;
        if bytes.get(record..record.checked_add(4)?)? != tag {
            return None;
        }
        let offset = u32_at(bytes, record + 8)? as usize;
        let length = u32_at(bytes, record + 12)? as usize;
        bytes.get(offset..offset.checked_add(length)?)
    })
}

/// The typographic family (name 16), else the family (name 1); English or the first that is there.
fn family(names: &[u8]) -> Option<String> {
    /// Fonts for many languages have some hundred records.
    const MAX_RECORDS: usize = 1_000;
    let count = u16_at(names, 2)? as usize;
    let storage = u16_at(names, 4)? as usize;
    let mut best: Option<(u8, String)> = None;
    for number in 0..count.min(MAX_RECORDS) {
        let record = 6 + 12 * number;
        let Some(found) = name_record(names, record, storage) else { continue };
        if best.as_ref().is_none_or(|(rank, _)| found.0 > *rank) {
            best = Some(found);
        }
    }
    best.map(|(_, name)| name)
}

/// A record's rank and text, when it is a family's name that can be read.
fn name_record(names: &[u8], record: usize, storage: usize) -> Option<(u8, String)> {
    let platform = u16_at(names, record)?;
    let language = u16_at(names, record + 4)?;
    let kind = match u16_at(names, record + 6)? {
        16 => 4,
        1 => 0,
        _ => return None,
    };
    let length = u16_at(names, record + 8)? as usize;
    let offset = storage.checked_add(u16_at(names, record + 10)? as usize)?;
    let raw = names.get(offset..offset.checked_add(length)?)?;
    let text = match platform {
        0 | 3 => {
            let units = raw.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect::<String>()
        }
        1 => raw.iter().filter(|byte| byte.is_ascii()).map(|byte| char::from(*byte)).collect(),
        _ => return None,
    };
    let is_english = matches!((platform, language), (0, _) | (1, 0) | (3, 0x409));
    let rank = kind + if is_english { 2 } else { 0 } + u8::from(platform != 1);
    Some((rank, line(&text, 60)?))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let pair = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes([pair[0], pair[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes([four[0], four[1], four[2], four[3]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A font of two tables, `cmap` empty and `name` with these records: platform, language, kind,
    /// text.
    fn font_of(records: &[(u16, u16, u16, &str)]) -> Vec<u8> {
        let mut names = Vec::new();
        let mut storage = Vec::new();
        let count = u16::try_from(records.len()).expect("few records");
        for value in [0, count, 6 + 12 * count] {
            names.extend(value.to_be_bytes());
        }
        for (platform, language, kind, text) in records {
            let raw: Vec<u8> = if *platform == 1 {
                text.bytes().collect()
            } else {
                text.encode_utf16().flat_map(u16::to_be_bytes).collect()
            };
            let lengths = [raw.len(), storage.len()].map(|n| u16::try_from(n).expect("short"));
            for value in [*platform, 1, *language, *kind, lengths[0], lengths[1]] {
                names.extend(value.to_be_bytes());
            }
            storage.extend(raw);
        }
        names.extend(storage);
        let mut file = vec![0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0];
        for (tag, offset, length) in [(b"cmap", 44, 0), (b"name", 44, names.len())] {
            file.extend(tag);
            file.extend([0; 4]);
            file.extend(u32::try_from(offset).expect("small").to_be_bytes());
            file.extend(u32::try_from(length).expect("small").to_be_bytes());
        }
        file.extend(names);
        file
    }

    #[test]
    fn the_family_is_read() {
        let file = font_of(&[
            (1, 0, 1, "Tide Old"),
            (3, 0x411, 1, "潮"),
            (3, 0x409, 1, "Tide Sans Bold"),
            (3, 0x409, 16, "Tide Sans"),
            (3, 0x409, 4, "Full Name"),
        ]);
        let found = font(&file).expect("a font");
        assert_eq!((found.mime_type, found.family.as_deref()), ("font/ttf", Some("Tide Sans")));
        let japanese = font(&font_of(&[(3, 0x411, 1, "潮")])).expect("a font");
        assert_eq!(japanese.family.as_deref(), Some("潮"));
        assert_eq!(font(&font_of(&[(3, 0x409, 1, "\u{202e}")])).and_then(|one| one.family), None);
    }

    #[test]
    fn what_is_no_font_is_refused() {
        for bytes in
            [&b""[..], b"OTTO", b"\0\x01\0\0", b"<html>", b"wOF2\0\0\0\0\0\0\0\x0c", b"ttcf"]
        {
            assert_eq!(font(bytes), None, "{bytes:?}");
        }
        let mut woff = b"wOFF\0\x01\0\0\0\0\0\x40".to_vec();
        woff.resize(64, 0);
        assert_eq!(font(&woff).map(|one| one.mime_type), Some("font/woff"));
    }

    #[test]
    fn damaged_fonts_neither_panic_nor_hang() {
        let whole = font_of(&[(3, 0x409, 1, "Tide Sans")]);
        for at in 0..whole.len() {
            let _ = font(&whole[..at]);
            for value in [0, 0x7f, 0xff] {
                let mut changed = whole.clone();
                changed[at] = value;
                let _ = font(&changed);
            }
        }
    }
}
