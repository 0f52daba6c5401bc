//! All families that a text may be set in.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{Arc, OnceLock};

use parley::fontique::Blob;
use sha2::{Digest as _, Sha256};

use super::carried::{CARRIED, CARRIED_CJK, Class};
use super::family::{Family, Origin};
use super::order::{Han, rank};
use super::{FontError, nearest, stranger};
use crate::domain::brand::FontClass;

/// The most fonts that a brand and an operator add: a folder of a system has some hundreds.
pub const MAX_OWN_FONTS: usize = 512;

/// The families that a text may be set in. Cheap to add to: families are shared.
#[derive(Debug)]
pub struct FontShelf {
    families: Vec<Arc<Family>>,
    /// Such as `brand.display`, and the family that was asked for under this name.
    roles: BTreeMap<String, Role>,
    digest: OnceLock<String>,
}

#[derive(Clone, Debug)]
struct Role {
    family: String,
    class: Option<FontClass>,
}

/// What a style's family comes to.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The family's name as it was asked for: a role is replaced by what stands behind it.
    pub asked: String,
    /// The family of the shelf.
    pub family: Arc<Family>,
}

impl FontShelf {
    /// The families that Tidemill carries.
    pub fn embedded() -> Arc<Self> {
        static SHELF: OnceLock<Arc<FontShelf>> = OnceLock::new();
        Arc::clone(SHELF.get_or_init(|| {
            let families = CARRIED.iter().chain(CARRIED_CJK);
            let families = families.map(|family| Arc::new(Family::carried(family))).collect();
            Arc::new(Self { families, roles: BTreeMap::new(), digest: OnceLock::new() })
        }))
    }

    /// The same with a brand's own font: TrueType, OpenType, WOFF or WOFF2, at most 4 MiB. Fonts
    /// of one name become one family. A name that Tidemill carries is the brand's from then on.
    pub fn with_font(self: &Arc<Self>, name: &str, bytes: &[u8]) -> Result<Arc<Self>, FontError> {
        let mut next = self.copied();
        next.leave_room()?;
        let font = stranger::brand_font(bytes)?;
        next.families.retain(|family| family.origin() == Origin::Own || family.name() != name);
        let class = next.class_of(name);
        next.put(name, class, Origin::Own, font, 0);
        Ok(Arc::new(next))
    }

    /// The same with the fonts of an operator, used for characters that no other family has. A
    /// file that is no font is passed over; names that the shelf knows already are, too.
    pub fn with_folder_fonts(
        self: &Arc<Self>,
        files: impl IntoIterator<Item = Arc<[u8]>>,
    ) -> Result<Arc<Self>, FontError> {
        let mut next = self.copied();
        for bytes in files {
            let Ok(fonts) = stranger::folder_fonts(&bytes) else { continue };
            let font = Blob::new(Arc::new(SharedBytes(bytes)));
            for (name, index) in fonts {
                let known = next.find(&name).is_some_and(|of| of.origin() != Origin::Folder);
                if !known {
                    next.leave_room()?;
                    next.put(&name, Class::Sans, Origin::Folder, font.clone(), index);
                }
            }
        }
        Ok(Arc::new(next))
    }

    /// The letters, signs and figures of a text that no family has.
    pub fn missing(&self, text: &str) -> BTreeSet<char> {
        let is_seen = |c: &char| c.is_alphanumeric() || is_mark(*c);
        let has = |c: char| {
            self.families.iter().any(|family| family.covering(&std::iter::once(c)).is_some())
        };
        let letters: BTreeSet<char> = text.chars().filter(is_seen).collect();
        letters.into_iter().filter(|c| !c.is_ascii() && !has(*c)).collect()
    }

    /// The same with those fonts of an operator's files that have missing characters, the first
    /// that has one; the rest of the files is not looked at when nothing is missing any more.
    #[must_use]
    pub fn completed(
        self: &Arc<Self>,
        mut missing: BTreeSet<char>,
        files: impl IntoIterator<Item = Arc<[u8]>>,
    ) -> Arc<Self> {
        let mut complete = Arc::clone(self);
        let mut files = files.into_iter();
        while !missing.is_empty() {
            let Some(file) = files.next() else { break };
            if !stranger::has_any(&file, &missing) {
                continue;
            }
            let Ok(with) = complete.with_folder_fonts([file]) else { break };
            let text: String = missing.iter().collect();
            missing = with.missing(&text);
            complete = with;
        }
        complete
    }

    /// The same where `role`, such as `brand.display`, means `family`: one of the shelf's, or the
    /// nearest to it.
    #[must_use]
    pub fn with_role(
        self: &Arc<Self>,
        role: &str,
        family: &str,
        class: Option<FontClass>,
    ) -> Arc<Self> {
        let mut next = self.copied();
        next.roles.insert(role.to_owned(), Role { family: family.to_owned(), class });
        Arc::new(next)
    }

    /// `sha256:` and the digest of all fonts, and of what the roles mean.
    pub fn digest(&self) -> &str {
        self.digest.get_or_init(|| {
            let mut sha = Sha256::new();
            for family in &self.families {
                for face in family.faces() {
                    sha.update(family.name());
                    sha.update([0]);
                    sha.update(face.index().to_be_bytes());
                    sha.update(Sha256::digest(face.packed()));
                }
            }
            for (role, Role { family, .. }) in &self.roles {
                let family = self.find(family).map_or(family.as_str(), |family| family.name());
                sha.update(format!("{role}={family}\0"));
            }
            sha.finalize().iter().fold("sha256:".to_owned(), |mut text, byte| {
                write!(text, "{byte:02x}").expect("a String can be written to");
                text
            })
        })
    }

    /// The family of a style: by its name, by its role, else the nearest that is carried.
    pub fn resolve(&self, family: &str) -> Resolved {
        let role = self.roles.get(family);
        let (asked, class) = match role {
            Some(role) => (role.family.as_str(), role.class),
            // A brand without fonts is set in the neutral family, and nobody asked for another.
            None if family.starts_with("brand.") => ("Inter", None),
            None => (family, None),
        };
        let found = self.find(asked).or_else(|| self.find(nearest(asked, class)));
        let family = found.expect("`nearest` names carried families, and they stay on the shelf");
        Resolved { asked: asked.to_owned(), family: Arc::clone(family) }
    }

    /// All families in the order in which a text of this family and these forms asks them.
    pub fn order(&self, named: &Family, han: Han) -> Vec<&Arc<Family>> {
        let mut families: Vec<&Arc<Family>> = self.families.iter().collect();
        families.sort_by_key(|family| rank(family, named, han));
        families
    }

    fn find(&self, name: &str) -> Option<&Arc<Family>> {
        self.families.iter().find(|family| family.name().eq_ignore_ascii_case(name))
    }

    fn class_of(&self, name: &str) -> Class {
        self.find(nearest(name, None)).map_or(Class::Sans, |family| family.class())
    }

    fn put(&mut self, name: &str, class: Class, origin: Origin, font: Blob<u8>, index: u32) {
        match self.families.iter_mut().find(|family| family.name() == name) {
            Some(family) => {
                let mut more = family.copied();
                more.add(font, index);
                *family = Arc::new(more);
            }
            None => self.families.push(Arc::new(Family::of(name, class, origin, font, index))),
        }
    }

    fn leave_room(&self) -> Result<(), FontError> {
        let own = self.families.iter().filter(|family| family.origin() != Origin::Carried);
        if own.map(|family| family.faces().len()).sum::<usize>() < MAX_OWN_FONTS {
            Ok(())
        } else {
            Err(FontError::TooMany { limit: MAX_OWN_FONTS })
        }
    }

    fn copied(&self) -> Self {
        let (families, roles) = (self.families.clone(), self.roles.clone());
        Self { families, roles, digest: OnceLock::new() }
    }
}

/// The WOFF2 file of the carried family of this name; of its parts the first that has all
/// characters of `text`, else the first.
pub fn carried_file(family: &str, text: &str) -> Option<Vec<u8>> {
    let shelf = FontShelf::embedded();
    let family = shelf.find(family)?;
    let place = family.covering(&text.chars().filter(|c| !c.is_whitespace())).unwrap_or(0);
    Some(family.faces().get(place)?.packed().to_vec())
}

fn is_mark(c: char) -> bool {
    use icu_properties::CodePointMapData;
    use icu_properties::props::GeneralCategory;
    let marks = [GeneralCategory::NonspacingMark, GeneralCategory::SpacingMark];
    marks.contains(&CodePointMapData::<GeneralCategory>::new().get(c))
}

/// The bytes of a file that several fonts share.
struct SharedBytes(Arc<[u8]>);

impl AsRef<[u8]> for SharedBytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::super::stranger::unpack;
    use super::*;

    fn woff2() -> &'static [u8] {
        CARRIED[0].files[2].1
    }

    #[test]
    fn a_carried_file_is_the_one_for_the_letters() {
        let latin = carried_file("inter", "Kiel Werk").expect("carried");
        let cyrillic = carried_file("Inter", "Прилив").expect("carried");
        assert!(latin.starts_with(b"wOF2") && cyrillic.starts_with(b"wOF2") && latin != cyrillic);
        assert_eq!(carried_file("Inter", "潮"), Some(latin), "else the first");
        assert_eq!(carried_file("Gotham", "Kiel"), None);
    }

    #[test]
    fn every_vendored_font_unpacks() {
        for family in &FontShelf::embedded().families {
            for face in family.faces() {
                assert!(face.font().as_ref().len() > 1_000, "{}", family.name());
            }
        }
    }

    #[test]
    fn the_digest_is_of_all_fonts_and_of_nothing_else() {
        let shelf = FontShelf::embedded();
        let digest = shelf.digest().to_owned();
        assert_eq!(digest.len(), "sha256:".len() + 64);
        assert!(digest.starts_with("sha256:"));
        let own = shelf.with_font("Brandy", woff2()).expect("a font");
        let again = shelf.with_font("Brandy", woff2()).expect("a font");
        assert_eq!(own.digest(), again.digest());
        assert_ne!(own.digest(), digest);
        let role = shelf.with_role("brand.display", "Fraunces", None);
        assert_ne!(role.digest(), digest);
        assert_eq!(shelf.digest(), digest);
    }

    #[test]
    fn a_role_means_a_family_or_the_nearest() {
        let shelf = FontShelf::embedded().with_role("brand.display", "Gotham", None).with_role(
            "brand.body",
            "Quux",
            Some(FontClass::Serif),
        );
        let names = |family| {
            let resolved = shelf.resolve(family);
            (resolved.asked, resolved.family.name().to_owned())
        };
        assert_eq!(names("brand.display"), ("Gotham".into(), "Manrope".into()));
        assert_eq!(names("brand.body"), ("Quux".into(), "Literata".into()));
        assert_eq!(names("brand.mono"), ("Inter".into(), "Inter".into()));
        assert_eq!(names("fraunces"), ("fraunces".into(), "Fraunces".into()));
    }

    #[test]
    fn a_brand_s_font_goes_before_ours_of_the_same_name() {
        let shelf = FontShelf::embedded().with_font("Inter", woff2()).expect("a font");
        let found = shelf.resolve("Inter").family;
        assert_eq!((found.origin(), found.faces().len()), (Origin::Own, 1));
        let two = shelf.with_font("Inter", woff2()).expect("a font");
        assert_eq!(two.resolve("Inter").family.faces().len(), 2);
    }

    #[test]
    fn families_are_asked_in_the_order_of_their_nearness() {
        let shelf = FontShelf::embedded().with_font("Brandy", woff2()).expect("a font");
        let named = shelf.resolve("Fraunces").family;
        let order: Vec<&str> =
            shelf.order(&named, Han::Japanese).into_iter().map(|family| family.name()).collect();
        assert_eq!(order[..4], ["Fraunces", "Brandy", "Literata", "Inter"]);
        let cjk: Vec<&str> =
            order.iter().copied().filter(|name| name.starts_with("Noto Sans CJK")).collect();
        if cfg!(feature = "fonts-cjk") {
            assert_eq!(cjk, ["Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans CJK KR"]);
        }
    }

    #[test]
    fn what_no_family_has_is_brought_from_a_folder_and_nothing_else() {
        let shelf = FontShelf::embedded();
        assert_eq!(shelf.missing("Kiel 潮 สด! 🦀 \u{2060}"), BTreeSet::new());
        let armenian = shelf.missing("Բարեւ, Kiel");
        assert_eq!(armenian.len(), 5);
        let latin: Arc<[u8]> = unpack(woff2()).expect("vendored").into();
        let without = shelf.completed(armenian, [latin, b"junk".as_slice().into()]);
        assert_eq!(without.digest(), shelf.digest(), "no file has the letters");
        let bare =
            FontShelf { families: Vec::new(), roles: BTreeMap::new(), digest: OnceLock::new() };
        let bare = Arc::new(bare);
        let other: Arc<[u8]> = carried_file("Noto Sans Thai", "")
            .and_then(|font| unpack(&font).ok())
            .expect("carried")
            .into();
        let missing = bare.missing("ส");
        let junk: Arc<[u8]> = b"junk".as_slice().into();
        let with = bare.completed(missing, [junk, Arc::clone(&other), other]);
        assert_eq!((with.families.len(), with.missing("ส").len()), (1, 0));
        assert!(with.families[0].is_from_folder());
    }

    #[test]
    fn the_shelf_has_an_end() {
        let mut shelf = FontShelf::embedded().copied();
        let font = Blob::new(Arc::new(Vec::new()));
        let mut family = Family::of("Many", Class::Sans, Origin::Own, font.clone(), 0);
        (1..MAX_OWN_FONTS).for_each(|_| family.add(font.clone(), 0));
        shelf.families.push(Arc::new(family));
        let full = Arc::new(shelf).with_font("One more", woff2());
        assert_eq!(full.err(), Some(FontError::TooMany { limit: MAX_OWN_FONTS }));
    }
}
