//! Which font file a brand gets: the one that was sent, the site's own where the operator allows
//! that, or one that Tidemill carries.
//!
//! What strangers made is unpacked and read once before it is kept. Never: a font that cannot be
//! read, and never a site's font whose maker forbids embedding it.

use crate::ads::fonts::{self, FontError};
use crate::brand::{Extraction, File, Unusable};
use crate::domain::brand::{FONT_CARRIED, FONT_FILE, FONT_SENT, FieldEvidence, Source};

/// Takes the font of `extraction`, and notes in it where that is from.
pub(super) fn choose(extraction: &mut Extraction) -> Result<Option<File>, Unusable> {
    if let Some(sent) = extraction.font.take() {
        match fonts::check(&sent.bytes) {
            // Whoever sends a font answers for its use.
            Ok(()) | Err(FontError::Restricted) => {}
            Err(_) => return Err(Unusable::Font),
        }
        note(extraction, FONT_SENT, "fontBase64");
        return Ok(Some(sent));
    }
    for site in std::mem::take(&mut extraction.site_fonts) {
        match fonts::check(&site.file.bytes) {
            Ok(()) => {
                note(extraction, "font-face", site.url.as_str());
                return Ok(Some(site.file));
            }
            Err(error) => extraction.profile.warnings.push(format!("font_left_out:{error}")),
        }
    }
    Ok(carried(extraction))
}

/// The carried file for the letters of the brand's name, of the first family that is carried.
fn carried(extraction: &mut Extraction) -> Option<File> {
    let fonts = &extraction.profile.fonts;
    let families = [&fonts.heading, &fonts.body].into_iter().flatten();
    let (name, bytes) = families.into_iter().find_map(|font| {
        Some((font.family.clone(), fonts::carried_file(&font.family, &extraction.name)?))
    })?;
    note(extraction, FONT_CARRIED, &name);
    Some(File { bytes, mime_type: "font/woff2", size: None })
}

fn note(extraction: &mut Extraction, kind: &str, place: &str) {
    let (kind, place) = (kind.to_owned(), place.to_owned());
    let source = Source { kind, place, snippet: String::new(), weight: 1.0 };
    let evidence = FieldEvidence { confidence: 1.0, sources: vec![source], ..Default::default() };
    extraction.evidence.insert(FONT_FILE.to_owned(), evidence);
}
