//! Language codes: tags as people write them, and what the detectors call the same language.

/// A well-formed BCP 47 tag in its usual casing (`pt-BR`, `zh-Hant`), or nothing.
pub(in crate::brand) fn tag(text: &str) -> Option<String> {
    /// Language, script, region and a variant; longer tags carry nothing that is used here.
    const MAX_SUBTAGS: usize = 4;
    let mut subtags = text.trim().split(['-', '_']);
    let primary = subtags.next()?.to_ascii_lowercase();
    let is_language = (2..=3).contains(&primary.len())
        && primary.bytes().all(|byte| byte.is_ascii_lowercase())
        && !["und", "mul", "zxx", "mis"].contains(&primary.as_str());
    if !is_language {
        return None;
    }
    let mut tag = primary;
    for subtag in subtags.take(MAX_SUBTAGS - 1) {
        if !(2..=8).contains(&subtag.len()) || !subtag.bytes().all(|b| b.is_ascii_alphanumeric()) {
            break;
        }
        tag.push('-');
        match subtag.len() {
            2 => tag.push_str(&subtag.to_ascii_uppercase()),
            4 if subtag.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
                tag.push_str(&subtag[..1].to_ascii_uppercase());
                tag.push_str(&subtag[1..].to_ascii_lowercase());
            }
            _ => tag.push_str(&subtag.to_ascii_lowercase()),
        }
    }
    Some(tag)
}

/// The language itself, without script and region.
pub(super) fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// Whether two primary subtags name one written language to a detector: it cannot tell Bosnian
/// from Croatian, and sites write `no` for Norwegian.
pub(super) fn are_alike(one: &str, two: &str) -> bool {
    const GROUPS: [&[&str]; 5] = [
        &["no", "nb", "nn", "da"],
        &["hr", "sr", "bs", "sh"],
        &["id", "ms"],
        &["fa", "prs", "ps"],
        &["zh", "yue", "cmn"],
    ];
    one == two || GROUPS.iter().any(|group| group.contains(&one) && group.contains(&two))
}

/// Whether a language is usually written from right to left.
pub(super) fn is_right_to_left(tag: &str) -> bool {
    const LANGUAGES: [&str; 9] = ["ar", "he", "fa", "ur", "yi", "ps", "sd", "ug", "ckb"];
    LANGUAGES.contains(&primary(tag))
}

/// The two-letter code of a detector's three-letter one; three letters where there is no shorter.
pub(super) fn two_letters(code: &str) -> &str {
    SHORTER.iter().find(|(long, _)| *long == code).map_or(code, |(_, short)| short)
}

/// ISO 639-3 and 639-1 codes that do not begin alike.
const SHORTER: [(&str, &str); 69] = [
    ("afr", "af"),
    ("aka", "ak"),
    ("amh", "am"),
    ("ara", "ar"),
    ("aze", "az"),
    ("bel", "be"),
    ("ben", "bn"),
    ("bul", "bg"),
    ("cat", "ca"),
    ("ces", "cs"),
    ("cmn", "zh"),
    ("cym", "cy"),
    ("dan", "da"),
    ("deu", "de"),
    ("ell", "el"),
    ("eng", "en"),
    ("epo", "eo"),
    ("est", "et"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("guj", "gu"),
    ("heb", "he"),
    ("hin", "hi"),
    ("hrv", "hr"),
    ("hun", "hu"),
    ("hye", "hy"),
    ("ind", "id"),
    ("ita", "it"),
    ("jav", "jv"),
    ("jpn", "ja"),
    ("kan", "kn"),
    ("kat", "ka"),
    ("khm", "km"),
    ("kor", "ko"),
    ("lat", "la"),
    ("lav", "lv"),
    ("lit", "lt"),
    ("mal", "ml"),
    ("mar", "mr"),
    ("mkd", "mk"),
    ("mya", "my"),
    ("nep", "ne"),
    ("nld", "nl"),
    ("nob", "nb"),
    ("ori", "or"),
    ("pan", "pa"),
    ("pes", "fa"),
    ("pol", "pl"),
    ("por", "pt"),
    ("ron", "ro"),
    ("rus", "ru"),
    ("sin", "si"),
    ("slk", "sk"),
    ("slv", "sl"),
    ("sna", "sn"),
    ("spa", "es"),
    ("srp", "sr"),
    ("swe", "sv"),
    ("tam", "ta"),
    ("tel", "te"),
    ("tgl", "tl"),
    ("tha", "th"),
    ("tuk", "tk"),
    ("tur", "tr"),
    ("ukr", "uk"),
    ("urd", "ur"),
    ("uzb", "uz"),
    ("vie", "vi"),
    ("yid", "yi"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_as_sites_write_them() {
        for (written, meant) in [
            ("en", Some("en")),
            (" EN-us ", Some("en-US")),
            ("pt_BR", Some("pt-BR")),
            ("zh-hant-TW", Some("zh-Hant-TW")),
            ("de-x-\u{202e}evil", Some("de")),
            ("und", None),
            ("", None),
            ("english", None),
            ("<script>", None),
        ] {
            assert_eq!(tag(written).as_deref(), meant, "{written}");
        }
    }

    #[test]
    fn every_language_of_the_detectors_has_a_code() {
        for language in whatlang::Lang::all() {
            let code = two_letters(language.code());
            assert!(code.len() == 2 || code == language.code(), "{code}");
        }
        let short = whatlang::Lang::all().iter().filter(|one| two_letters(one.code()).len() == 2);
        assert_eq!(short.count(), 69);
        for language in whichlang::LANGUAGES {
            assert_eq!(two_letters(language.three_letter_code()).len(), 2);
        }
    }
}
