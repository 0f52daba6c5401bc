//! A font that somebody gave us: hostile until it is read.

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

/// Unpacks and checks a brand's font.
pub(super) fn brand_font(bytes: &[u8]) -> Result<Blob<u8>, FontError> {
    within(bytes.len(), MAX_PACKED)?;
    let font = guarded(|| {
        let font = unpack(bytes)?;
        within(font.len(), MAX_UNPACKED)?;
        let font_ref = FontRef::new(&font).map_err(|_| FontError::Damaged("no table directory"))?;
        check(&font_ref)?;
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
            check(&font).ok()?;
            Some((family_name(&font)?, index))
        };
        Ok((0..count).filter_map(usable).collect())
    })
}

fn within(bytes: usize, limit: usize) -> Result<(), FontError> {
    if bytes > limit { Err(FontError::TooLarge { bytes, limit }) } else { Ok(()) }
}

/// A parser that panics on a stranger's bytes has found that they are damaged.
fn guarded<T>(read: impl FnOnce() -> Result<T, FontError>) -> Result<T, FontError> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or(Err(FontError::Damaged("its tables contradict each other")))
}

fn unpack(bytes: &[u8]) -> Result<Vec<u8>, FontError> {
    const DAMAGED: FontError = FontError::Damaged("it does not unpack");
    match bytes.get(..4) {
        Some(b"wOF2") => {
            announced(bytes)?;
            wuff::decompress_woff2(bytes).map_err(|_| DAMAGED)
        }
        Some(b"wOFF") => {
            announced(bytes)?;
            wuff::decompress_woff1(bytes).map_err(|_| DAMAGED)
        }
        Some(b"OTTO" | b"true" | [0, 1, 0, 0]) => Ok(bytes.to_vec()),
        _ => Err(FontError::Damaged("no TrueType, OpenType, WOFF or WOFF2 signature")),
    }
}

/// The size that a packed font says it has, before anything is unpacked.
fn announced(bytes: &[u8]) -> Result<(), FontError> {
    let size = bytes.get(16..20).and_then(|field| field.try_into().ok()).map(u32::from_be_bytes);
    let size = size.ok_or(FontError::Damaged("its header is cut off"))?;
    within(usize::try_from(size).unwrap_or(usize::MAX), MAX_UNPACKED)
}

/// What setting text needs; and one glyph is drawn, so that outlines which cannot be read are
/// found here and not in an ad.
fn check(font: &FontRef<'_>) -> Result<(), FontError> {
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
