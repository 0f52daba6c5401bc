//! In which order families are asked whether they have a character.

use super::carried::Class;
use super::family::{Family, Origin};

/// Which of the forms that China, Japan and Korea gave to one character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Han {
    /// Japan.
    Japanese,
    /// Korea.
    Korean,
    /// China and Singapore.
    Simplified,
    /// Taiwan, Hong Kong and Macao.
    Traditional,
}

impl Han {
    /// The forms that a text in `lang` (BCP 47) wants; its kana or its syllables decide where the
    /// language does not.
    pub fn of(lang: &str, text: &str) -> Self {
        let mut parts = lang.split(['-', '_']);
        let language = parts.next().unwrap_or_default().to_ascii_lowercase();
        let traditional = |part: &str| {
            ["hant", "tw", "hk", "mo"].iter().any(|known| part.eq_ignore_ascii_case(known))
        };
        let simplified = |part: &str| part.eq_ignore_ascii_case("hans");
        match language.as_str() {
            "ja" => Self::Japanese,
            "ko" => Self::Korean,
            "zh" | "yue" | "cmn" => {
                if !lang.split(['-', '_']).any(simplified) && parts.any(traditional) {
                    Self::Traditional
                } else {
                    Self::Simplified
                }
            }
            _ if text.chars().any(|c| matches!(c, '\u{3041}'..='\u{30ff}')) => Self::Japanese,
            _ if text.chars().any(|c| matches!(c, '\u{ac00}'..='\u{d7a3}')) => Self::Korean,
            _ => Self::Simplified,
        }
    }

    /// The nearest first. Traditional forms are nearer to the Japanese than to the simplified.
    const fn order(self) -> [Self; 4] {
        match self {
            Self::Japanese => [Self::Japanese, Self::Traditional, Self::Simplified, Self::Korean],
            Self::Korean => [Self::Korean, Self::Traditional, Self::Japanese, Self::Simplified],
            Self::Simplified => [Self::Simplified, Self::Traditional, Self::Japanese, Self::Korean],
            Self::Traditional => {
                [Self::Traditional, Self::Japanese, Self::Simplified, Self::Korean]
            }
        }
    }

    /// What the name of a family of the system says that it is for.
    pub(super) fn of_family(name: &str) -> Option<Self> {
        let last = name.split([' ', '-']).next_back()?;
        match last {
            "JP" => Some(Self::Japanese),
            "KR" => Some(Self::Korean),
            "SC" | "CN" => Some(Self::Simplified),
            "TC" | "HK" | "TW" => Some(Self::Traditional),
            _ => None,
        }
    }
}

/// Sorts the families for a text: the one it names, the brand's, those of its class, the rest of
/// Tidemill's, those of its script, the operator's.
pub(super) fn rank(family: &Family, named: &Family, han: Han) -> (u8, u8) {
    if std::ptr::eq(family, named) {
        return (0, 0);
    }
    let nearness = |of: Option<Han>| {
        let place = of.and_then(|of| han.order().iter().position(|form| *form == of));
        place.and_then(|place| u8::try_from(place).ok()).unwrap_or(u8::MAX)
    };
    match (family.origin(), family.class()) {
        (Origin::Own, _) => (1, 0),
        (Origin::Carried, Class::Han(of)) => (5, nearness(Some(of))),
        (Origin::Carried, Class::Script) => (4, 0),
        (Origin::Carried, class) if class == named.class() => (2, 0),
        (Origin::Carried, _) => (3, 0),
        (Origin::Folder, _) => (6, nearness(Han::of_family(family.name()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_decides_on_the_form_of_han() {
        for (lang, text, form) in [
            ("ja", "森", Han::Japanese),
            ("zh", "森", Han::Simplified),
            ("zh-Hans-TW", "森", Han::Simplified),
            ("zh-TW", "森", Han::Traditional),
            ("zh_Hant", "森", Han::Traditional),
            ("ko-KR", "森", Han::Korean),
            ("fr", "森", Han::Simplified),
            ("fr", "森の", Han::Japanese),
            ("en", "서울", Han::Korean),
            ("", "", Han::Simplified),
        ] {
            assert_eq!(Han::of(lang, text), form, "{lang} {text}");
        }
    }

    #[test]
    fn a_name_of_the_system_says_its_form() {
        assert_eq!(Han::of_family("Noto Sans CJK TC"), Some(Han::Traditional));
        assert_eq!(Han::of_family("Inter"), None);
    }
}
