//! Words without their endings, as far as looking them up needs it.

/// The English singular of a word or of the last of several: `berries` gives `berry`.
pub(super) fn singular(words: &str) -> String {
    let word = words.to_lowercase();
    let is_long = word.chars().count() > 3;
    if let Some(stem) = word.strip_suffix("ies").filter(|_| is_long && word.len() > 4) {
        return format!("{stem}y");
    }
    for sibilant in ["sses", "shes", "ches", "xes", "zes", "oes"] {
        if word.ends_with(sibilant) && word.len() > sibilant.len() + 1 {
            let kept = word.len() - 2;
            // Shoes and toes keep their e; potatoes do not.
            let kept = if sibilant == "oes" && word.len() < 6 { kept + 1 } else { kept };
            return word[..kept].to_owned();
        }
    }
    match word.strip_suffix('s') {
        Some(stem) if is_long && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word,
    }
}

/// The forms under which an English word may stand in the index, surest first.
pub(super) fn forms(word: &str) -> Vec<String> {
    let mut forms = vec![singular(word)];
    if let Some(stem) = word.strip_suffix("ing").filter(|stem| stem.len() > 2) {
        forms.push(stem.to_owned());
        forms.push(format!("{stem}e"));
        let mut letters = stem.chars().rev();
        // Running is of run.
        if let (Some(one), Some(two)) = (letters.next(), letters.next())
            && one == two
        {
            forms.push(stem[..stem.len() - one.len_utf8()].to_owned());
        }
    }
    forms
}

/// Whether two words of a language are one but for their ending or their article.
pub(super) fn alike(one: &str, two: &str, lang: &str) -> bool {
    one == two || stem(one, lang) == stem(two, lang)
}

fn stem<'a>(word: &'a str, lang: &str) -> &'a str {
    // Prefixed articles and prepositions.
    let word = match lang {
        "ar" => ["وال", "بال", "لل", "ال"]
            .into_iter()
            .find_map(|article| word.strip_prefix(article).filter(|rest| rest.chars().count() > 2))
            .unwrap_or(word),
        "he" => ["ה", "ב", "ל", "ו"]
            .into_iter()
            .find_map(|article| word.strip_prefix(article).filter(|rest| rest.chars().count() > 2))
            .unwrap_or(word),
        "fr" | "it" => word.split_once(['\'', '’']).map_or(word, |(_, rest)| rest),
        _ => word,
    };
    let endings: &[&str] = match lang {
        "fr" => &["es", "s", "x", "e"],
        "de" => &["en", "er", "es", "e", "n", "s"],
        "es" | "pt" => &["es", "s"],
        "it" => &["i", "e", "o", "a"],
        "nl" => &["en", "s"],
        "pl" => &["ami", "ach", "ów", "om", "ie", "em", "y", "i", "a", "e", "ę", "ą", "u", "o"],
        "ar" => &["ات", "ين", "ة", "ه"],
        "he" => &["ים", "ות", "ה"],
        "hi" => &["ों", "ें", "े", "ी", "ा"],
        _ => &[],
    };
    let is_enough = |rest: &&str| rest.chars().count() >= 3;
    endings.iter().find_map(|ending| word.strip_suffix(ending).filter(is_enough)).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_meet_their_singular() {
        for (many, one) in [
            ("berries", "berry"),
            ("shoes", "shoe"),
            ("watches", "watch"),
            ("glasses", "glass"),
            ("cars", "car"),
            ("gas", "gas"),
            ("bus", "bus"),
            ("potatoes", "potato"),
            ("ice creams", "ice cream"),
            ("Boxes", "box"),
        ] {
            assert_eq!(singular(many), one);
        }
        assert!(forms("running").contains(&"run".to_owned()));
        assert!(forms("hiking").contains(&"hike".to_owned()));
    }

    #[test]
    fn endings_of_other_languages_are_forgiven() {
        assert!(alike("kawy", "kawa", "pl") && alike("القهوة", "قهوة", "ar"));
        assert!(alike("l'eau", "eau", "fr") && alike("bicicletas", "bicicleta", "es"));
        assert!(!alike("haus", "hausen", "fr") && !alike("mer", "mère", "fr"));
    }
}
