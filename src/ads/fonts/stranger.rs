//! A font that somebody gave us: hostile until it is read.

use std::collections::BTreeSet;
use std::error::Error;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use parley::fontique::Blob;
use skrifa::instance::{LocationRef, Size};
use skrifa::raw::{FileRef, FontRef, TableProvider as _};
use skrifa::{GlyphId, MetadataProvider as _};

use super::FontError;

/// The largest file of a brand's font: four times a large text face as WOFF2.
pub(super) const MAX_PACKED: usize = 4 << 20;

/// The most that it may unpack to.
const MAX_UNPACKED: usize = 32 << 20;

/// The largest file of an operator's folder: above the largest collection for Chinese, Japanese
/// and Korean in one.
const MAX_FOLDER_FILE: usize = 64 << 20;

/// The most fonts that are read of a collection.
const MAX_FACES: u32 = 16;

/// Whether a font of at most 4 MiB can be unpacked, read and used in an ad.
pub fn check(bytes: &[u8]) -> Result<(), FontError> {
    brand_font(bytes).map(drop)
}

/// Unpacks and checks a brand's font.
pub(super) fn brand_font(bytes: &[u8]) -> Result<Blob<u8>, FontError> {
    within(bytes.len(), MAX_PACKED)?;
    let font = guarded(|| {
        let font = unpack(bytes)?;
        within(font.len(), MAX_UNPACKED)?;
        let font_ref = FontRef::new(&font).map_err(|_| FontError::Damaged("no table directory"))?;
        complete(&font_ref)?;
        permitted(&font_ref)?;
        Ok(font)
    })?;
    Ok(Blob::new(Arc::new(font)))
}

/// The fonts of an operator's file that can be used, each with its family's name and its place.
pub(super) fn folder_fonts(bytes: &Arc<[u8]>) -> Result<Vec<(String, u32)>, FontError> {
    within(bytes.len(), MAX_FOLDER_FILE)?;
    guarded(|| {
        let file = FileRef::new(bytes).map_err(|_| FontError::Damaged("no font file"))?;
        let count = match &file {
            FileRef::Font(_) => 1,
            FileRef::Collection(collection) => collection.len().min(MAX_FACES),
        };
        let usable = |index: u32| {
            let font = FontRef::from_index(bytes, index).ok()?;
            complete(&font).ok()?;
            Some((family_name(&font)?, index))
        };
        Ok((0..count).filter_map(usable).collect())
    })
}

/// Whether a font of an operator's file has any of these characters.
pub(super) fn has_any(bytes: &Arc<[u8]>, sought: &BTreeSet<char>) -> bool {
    let read = guarded(|| {
        let fonts = folder_fonts(bytes)?;
        let has = |index: u32| {
            let font = FontRef::from_index(bytes, index).ok();
            font.is_some_and(|font| sought.iter().any(|c| font.charmap().map(*c).is_some()))
        };
        Ok(fonts.into_iter().any(|(_, index)| has(index)))
    });
    read.unwrap_or(false)
}

fn within(bytes: usize, limit: usize) -> Result<(), FontError> {
    if bytes > limit { Err(FontError::TooLarge { bytes, limit }) } else { Ok(()) }
}

/// A parser that panics on a stranger's bytes has found that they are damaged.
fn guarded<T>(read: impl FnOnce() -> Result<T, FontError>) -> Result<T, FontError> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or(Err(FontError::Damaged("its tables contradict each other")))
}

/// The font itself, whatever it is packed in.
pub(super) fn unpack(bytes: &[u8]) -> Result<Vec<u8>, FontError> {
    // A directory may announce a hundred times the file's size, so what is unpacked is counted.
    let mut room = MAX_UNPACKED;
    let unpacked = match bytes.get(..4) {
        Some(b"wOF2") => wuff::decompress_woff2_with_custom_brotli(bytes, &mut |packed, size| {
            let mut reader = brotli_decompressor::Decompressor::new(packed, 1 << 14);
            unpack_part(&mut reader, size, &mut room)
        }),
        Some(b"wOFF") => wuff::decompress_woff1_with_custom_z(bytes, &mut |packed, size| {
            unpack_part(&mut flate2::read::ZlibDecoder::new(packed), size, &mut room)
        }),
        Some(b"OTTO" | b"true" | [0, 1, 0, 0]) => return Ok(bytes.to_vec()),
        _ => return Err(FontError::Damaged("no TrueType, OpenType, WOFF or WOFF2 signature")),
    };
    unpacked.map_err(|_| FontError::Damaged("it does not unpack"))
}

/// Reads `size` bytes, where there is room for them.
fn unpack_part(
    packed: &mut dyn Read,
    size: usize,
    room: &mut usize,
) -> Result<Vec<u8>, Box<dyn Error>> {
    *room = room.checked_sub(size).ok_or(FontError::TooLarge { bytes: size, limit: *room })?;
    let mut unpacked = vec![0; size];
    packed.read_exact(&mut unpacked)?;
    Ok(unpacked)
}

/// What setting text needs; and one glyph is drawn, so that outlines which cannot be read are
/// found here and not in an ad.
fn complete(font: &FontRef<'_>) -> Result<(), FontError> {
    font.cmap().map_err(|_| FontError::Incomplete("cmap"))?;
    let head = font.head().map_err(|_| FontError::Incomplete("head"))?;
    font.hmtx().map_err(|_| FontError::Incomplete("hmtx"))?;
    if !(16..=16_384).contains(&head.units_per_em()) {
        return Err(FontError::Damaged("its em has an impossible size"));
    }
    let outlines = font.outline_glyphs();
    if outlines.format().is_none() {
        return Err(FontError::Incomplete("glyf"));
    }
    let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
    let sane = metrics.advance_width(GlyphId::new(1)).is_none_or(|width| width < 65_536.0);
    let any = font.charmap().mappings().take(1).count() == 1;
    if any && sane { Ok(()) } else { Err(FontError::Damaged("it has no characters")) }
}

/// OS/2 `fsType`, bit 1: "must not be modified, embedded or exchanged". A font without the table
/// says nothing.
fn permitted(font: &FontRef<'_>) -> Result<(), FontError> {
    const RESTRICTED: u16 = 0x0002;
    match font.os2() {
        Ok(os2) if os2.fs_type() & 0x000f == RESTRICTED => Err(FontError::Restricted),
        _ => Ok(()),
    }
}

fn family_name(font: &FontRef<'_>) -> Option<String> {
    use skrifa::string::StringId;
    let named = |id| font.localized_strings(id).english_or_first().map(|name| name.to_string());
    named(StringId::TYPOGRAPHIC_FAMILY_NAME).or_else(|| named(StringId::FAMILY_NAME))
}

#[cfg(test)]
mod tests {
    use super::super::FontShelf;
    use super::super::carried::CARRIED;
    use super::*;

    fn woff2() -> &'static [u8] {
        CARRIED[0].files[2].1
    }

    fn plain() -> Vec<u8> {
        unpack(woff2()).expect("vendored")
    }

    /// Where the table `tag` of a plain font starts.
    fn table(font: &[u8], tag: [u8; 4]) -> usize {
        let entry = font[12..].chunks(16).find(|entry| entry.starts_with(&tag)).expect("a table");
        u32::from_be_bytes(entry[8..12].try_into().expect("four bytes")) as usize
    }

    fn renamed(mut font: Vec<u8>, tag: [u8; 4]) -> Vec<u8> {
        let at = font.windows(4).position(|four| four == tag.as_slice()).expect("in the directory");
        font[at..at + 4].copy_from_slice(b"zzzz");
        font
    }

    #[test]
    fn plain_and_packed_fonts_are_read() {
        for bytes in [woff2().to_vec(), plain()] {
            assert!(brand_font(&bytes).is_ok());
        }
    }

    #[test]
    fn what_is_no_font_is_refused() {
        for bytes in [&b""[..], b"OTTO", b"<svg/>", b"wOF2", b"wOFF....", &[0, 1, 0, 0, 255, 255]] {
            assert!(brand_font(bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn a_font_without_a_table_names_it() {
        for name in ["cmap", "head", "hmtx", "glyf"] {
            let tag = name.as_bytes().try_into().expect("four bytes");
            let found = brand_font(&renamed(plain(), tag)).map(|_| ());
            assert_eq!(found, Err(FontError::Incomplete(name)));
        }
    }

    #[test]
    fn a_restricted_font_is_refused_and_a_preview_font_is_not() {
        let mut font = plain();
        let fs_type = table(&font, *b"OS/2") + 8;
        font[fs_type + 1] = 2;
        assert_eq!(brand_font(&font).map(|_| ()), Err(FontError::Restricted));
        font[fs_type + 1] = 4;
        assert!(brand_font(&font).is_ok());
    }

    #[test]
    fn large_files_are_not_even_opened() {
        let error = brand_font(&vec![0; MAX_PACKED + 1]).map(|_| ());
        assert_eq!(error, Err(FontError::TooLarge { bytes: MAX_PACKED + 1, limit: MAX_PACKED }));
    }

    #[test]
    fn a_part_that_announces_too_much_is_not_unpacked() {
        let mut room = 10;
        assert!(unpack_part(&mut &b"123456789"[..], 8, &mut room).is_ok());
        assert!(unpack_part(&mut &b"123456789"[..], 8, &mut room).is_err());
        assert_eq!(room, 2);
    }

    #[test]
    fn damage_anywhere_is_an_error_or_a_font_and_never_a_panic() {
        let font = plain();
        for step in 0..400 {
            let mut damaged = font.clone();
            let at = (step * 7_919) % damaged.len();
            damaged[at] ^= 0xff;
            damaged[step % 300] ^= 0x55;
            drop(brand_font(&damaged));
            drop(brand_font(&damaged[..at]));
        }
        let packed = woff2();
        for cut in (0..packed.len()).step_by(97) {
            assert!(brand_font(&packed[..cut]).is_err());
        }
    }

    #[test]
    fn a_folder_s_file_is_read_by_the_name_that_it_has() {
        let bytes: Arc<[u8]> = plain().into();
        let fonts = folder_fonts(&bytes).expect("a font");
        assert_eq!(fonts, [("Inter".to_owned(), 0)]);
        let shelf = FontShelf::embedded().with_folder_fonts([bytes, b"junk".as_slice().into()]);
        let shelf = shelf.expect("room");
        assert_eq!(shelf.digest(), FontShelf::embedded().digest(), "Inter is known already");
    }
}
