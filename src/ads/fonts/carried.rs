//! The families that are part of the program.
//!
//! `assets/fonts/fonts.lock.json` says where each file came from; a test compares the two.

use super::order::Han;

/// What a family is like: who may stand in for whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Without serifs, for everything.
    Sans,
    /// Without serifs, with a character of its own, for large sizes.
    Display,
    /// With serifs.
    Serif,
    /// For one writing system, whatever the class of the rest.
    Script,
    /// For Chinese, Japanese or Korean.
    Han(Han),
}

/// A family of the program.
#[derive(Debug)]
pub(super) struct Carried {
    pub(super) name: &'static str,
    pub(super) class: Class,
    /// The copyright line and the licence, word for word.
    pub(super) licence: &'static str,
    /// Its files as WOFF2, each with a part of its characters; the file's name, then its bytes.
    pub(super) files: &'static [(&'static str, &'static [u8])],
}

/// Names the files of one family's folder.
macro_rules! carried {
    ($name:literal, $class:expr, $folder:literal, [$($file:literal),+ $(,)?]) => {
        Carried {
            name: $name,
            class: $class,
            licence: include_str!(concat!("../../../assets/fonts/", $folder, "/OFL.txt")),
            files: &[$((
                concat!($folder, "/", $file, ".woff2"),
                include_bytes!(concat!("../../../assets/fonts/", $folder, "/", $file, ".woff2")),
            )),+],
        }
    };
}

/// All of them, in the order in which they stand in for each other.
pub(super) const CARRIED: &[Carried] = &[
    carried!(
        "Inter",
        Class::Sans,
        "inter",
        [
            "inter-latin-opsz-normal",
            "inter-latin-ext-opsz-normal",
            "inter-vietnamese-opsz-normal",
            "inter-cyrillic-opsz-normal",
            "inter-cyrillic-ext-opsz-normal",
            "inter-greek-opsz-normal",
            "inter-greek-ext-opsz-normal",
        ]
    ),
    carried!(
        "Manrope",
        Class::Display,
        "manrope",
        [
            "manrope-latin-wght-normal",
            "manrope-latin-ext-wght-normal",
            "manrope-vietnamese-wght-normal",
            "manrope-cyrillic-wght-normal",
            "manrope-cyrillic-ext-wght-normal",
            "manrope-greek-wght-normal",
        ]
    ),
    carried!(
        "Space Grotesk",
        Class::Display,
        "space-grotesk",
        [
            "space-grotesk-latin-wght-normal",
            "space-grotesk-latin-ext-wght-normal",
            "space-grotesk-vietnamese-wght-normal",
        ]
    ),
    carried!(
        "Bricolage Grotesque",
        Class::Display,
        "bricolage-grotesque",
        [
            "bricolage-grotesque-latin-wght-normal",
            "bricolage-grotesque-latin-ext-wght-normal",
            "bricolage-grotesque-vietnamese-wght-normal",
        ]
    ),
    carried!(
        "Fraunces",
        Class::Serif,
        "fraunces",
        [
            "fraunces-latin-opsz-normal",
            "fraunces-latin-ext-opsz-normal",
            "fraunces-vietnamese-opsz-normal",
        ]
    ),
    carried!(
        "Literata",
        Class::Serif,
        "literata",
        [
            "literata-latin-wght-normal",
            "literata-latin-ext-wght-normal",
            "literata-vietnamese-wght-normal",
            "literata-cyrillic-wght-normal",
            "literata-cyrillic-ext-wght-normal",
            "literata-greek-wght-normal",
            "literata-greek-ext-wght-normal",
        ]
    ),
    carried!(
        "Noto Sans Arabic",
        Class::Script,
        "noto-sans-arabic",
        ["noto-sans-arabic-arabic-wght-normal",]
    ),
    carried!(
        "Noto Sans Hebrew",
        Class::Script,
        "noto-sans-hebrew",
        ["noto-sans-hebrew-hebrew-wght-normal",]
    ),
    carried!(
        "Noto Sans Devanagari",
        Class::Script,
        "noto-sans-devanagari",
        ["noto-sans-devanagari-devanagari-wght-normal",]
    ),
    carried!(
        "Noto Sans Thai",
        Class::Script,
        "noto-sans-thai",
        ["noto-sans-thai-thai-wght-normal",]
    ),
    carried!(
        "Noto Sans Bengali",
        Class::Script,
        "noto-sans-bengali",
        ["noto-sans-bengali-bengali-wght-normal",]
    ),
];

/// Those of the feature `fonts-cjk`: the larger half of all bytes.
#[cfg(feature = "fonts-cjk")]
pub(super) const CARRIED_CJK: &[Carried] = &[
    carried!(
        "Noto Sans CJK JP",
        Class::Han(Han::Japanese),
        "noto-sans-cjk-jp",
        ["noto-sans-cjk-jp-bold",]
    ),
    carried!(
        "Noto Sans CJK KR",
        Class::Han(Han::Korean),
        "noto-sans-cjk-kr",
        ["noto-sans-cjk-kr-bold",]
    ),
    carried!(
        "Noto Sans CJK SC",
        Class::Han(Han::Simplified),
        "noto-sans-cjk-sc",
        ["noto-sans-cjk-sc-bold",]
    ),
];

/// Without the feature there are none.
#[cfg(not(feature = "fonts-cjk"))]
pub(super) const CARRIED_CJK: &[Carried] = &[];

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fmt::Write as _;

    use serde::Deserialize;
    use sha2::{Digest as _, Sha256};

    use super::*;

    #[derive(Deserialize)]
    struct Lock {
        families: Vec<Locked>,
    }

    #[derive(Deserialize)]
    struct Locked {
        family: String,
        licence: String,
        author: String,
        folder: String,
        files: Vec<LockedFile>,
    }

    #[derive(Deserialize)]
    struct LockedFile {
        file: String,
        sha256: String,
    }

    fn lock() -> Lock {
        serde_json::from_str(include_str!("../../../assets/fonts/fonts.lock.json")).expect("JSON")
    }

    fn carried() -> impl Iterator<Item = &'static Carried> {
        CARRIED.iter().chain(CARRIED_CJK)
    }

    #[test]
    fn every_file_is_the_one_that_was_vendored() {
        let mut locked = BTreeMap::new();
        for family in lock().families {
            for LockedFile { file, sha256 } in family.files {
                locked.insert(format!("{}/{file}", family.folder), (family.family.clone(), sha256));
            }
        }
        for family in carried() {
            for (file, bytes) in family.files {
                let (name, digest) = locked.remove(*file).expect("in the lock");
                let found = Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
                    write!(hex, "{byte:02x}").expect("a String");
                    hex
                });
                assert_eq!((name.as_str(), digest), (family.name, found), "{file}");
            }
        }
        let left = if cfg!(feature = "fonts-cjk") { 0 } else { 3 };
        assert_eq!(locked.len(), left, "vendored, but not carried: {:?}", locked.keys());
    }

    #[test]
    fn no_licence_reserves_a_name_that_a_family_bears() {
        for family in carried() {
            let first = family.licence.lines().next().expect("a first line");
            assert!(first.starts_with("Copyright"), "{}: {first}", family.name);
            assert!(
                family.licence.contains("SIL OPEN FONT LICENSE Version 1.1"),
                "{}",
                family.name
            );
            if let Some((_, reserved)) = first.split_once("Reserved Font Name") {
                let mut words = family.name.split(' ');
                assert!(!words.any(|word| reserved.contains(word)), "{}: {first}", family.name);
            }
        }
    }

    #[test]
    fn the_lock_names_the_authors_of_the_licences() {
        for family in lock().families {
            assert_eq!(family.licence, "OFL-1.1");
            let carried = carried().find(|carried| carried.name == family.family);
            let Some(carried) = carried else { continue };
            assert_eq!(carried.licence.lines().next().map(str::trim), Some(family.author.as_str()));
        }
    }
}
