//! Whether a text can be a tagline.

use crate::brand::name::{cleaned, key, segments};
use crate::brand::structured::line;

/// The text as a tagline of `name`; none when it cannot be one.
pub(super) fn fitting(text: &str, name: Option<&str>) -> Option<String> {
    const MAX_CHARS: usize = 160;
    let text = line(text, 240)?;
    let text = beside_name(&text, name).unwrap_or(&text);
    let text = text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '¶' | '|' | '-' | '–' | '—' | '"' | '“' | '”')
    });
    let words = text.split_whitespace().count();
    let wide = text.chars().filter(|c| *c as u32 >= 0x3000).count();
    let chars = text.chars().count();
    // Scripts without spaces say more in less.
    let is_wide = wide * 3 > chars;
    let fits = if is_wide { (5..=40).contains(&chars) } else { (2..=24).contains(&words) };
    if !fits || chars > MAX_CHARS || is_other(text) || is_section(text) || tells_a_date(text) {
        return None;
    }
    // A page's name, a greeting or the brand's own name is not what it says of itself.
    let is_long = chars > 60;
    let says_something = is_long || (cleaned(text).is_some() && !is_called(text, name));
    says_something.then(|| text.to_owned())
}

/// Calls to action, notices, dates, code: short texts that are something else.
pub(super) fn is_other(text: &str) -> bool {
    /// With more it tells an address or a telephone.
    const MOST_DIGITS: usize = 6;
    const STARTS: [&str; 38] = [
        "click",
        "sign up",
        "sign in",
        "log in",
        "read more",
        "learn more",
        "buy",
        "order",
        "download",
        "subscribe",
        "contact us",
        "get started",
        "try ",
        "book ",
        "skip to",
        "follow us",
        "mehr erfahren",
        "mehr lesen",
        "mehr info",
        "jetzt ",
        "hier klicken",
        "en savoir",
        "découvr",
        "copyright",
        "©",
        "please ",
        "your name",
        "your company",
        "your logo",
        "your tagline",
        "your slogan",
        "your text",
        "your title",
        "loading",
        "table of",
        "version ",
        "introduction",
        "about ",
    ];
    const ANYWHERE: [&str; 12] = [
        "cookie",
        "javascript",
        "all rights",
        "privacy policy",
        "lorem ipsum",
        "dolor sit",
        "http://",
        "https://",
        "function(",
        "@media",
        "create react app",
        "this page",
    ];
    let lower = text.to_lowercase();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    STARTS.iter().any(|start| lower.starts_with(start))
        || ANYWHERE.iter().any(|part| lower.contains(part))
        || text.chars().filter(|c| c.is_numeric()).count() > MOST_DIGITS
        || letters * 2 < text.chars().filter(|c| !c.is_whitespace()).count()
        || text.ends_with(['?', ':', '：'])
        || text.split_whitespace().any(is_version)
}

/// Whether a text only announces what a section shows: `Our services`, `Nos prestations`.
fn is_section(text: &str) -> bool {
    /// With more words it says something of what it names.
    const MAX_WORDS: usize = 3;
    const OWN: [&str; 27] = [
        "our", "unser", "unsere", "unseren", "notre", "nos", "nuestro", "nuestra", "nuestros",
        "nuestras", "nosso", "nossa", "nossos", "nossas", "nostro", "nostra", "nostri", "nostre",
        "onze", "nasz", "nasza", "nasze", "naše", "našich", "наш", "наша", "наши",
    ];
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    // Italian puts an article first.
    words.len() <= MAX_WORDS && words.iter().take(2).any(|word| OWN.contains(word))
}

/// Whether a text names a day: `open on the 24th and 25th of December`.
fn tells_a_date(text: &str) -> bool {
    /// How the months begin in the languages of the Latin and Cyrillic scripts.
    const MONTHS: [&str; 40] = [
        "januar", "janv", "enero", "gennaio", "janeir", "stycz", "янв", "februar", "févr",
        "febrer", "febbra", "feverei", "lut", "фев", "march", "märz", "mars", "marzo", "abril",
        "april", "avril", "mayo", "maggio", "junio", "giugno", "juin", "juli", "juil", "luglio",
        "august", "août", "agosto", "septem", "settem", "setem", "octob", "oktob", "novem",
        "dezem", "decem",
    ];
    const MORE_MONTHS: [&str; 8] =
        ["décem", "dicem", "october", "ottob", "outub", "octub", "dezembro", "дек"];
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let is_month =
        |word: &&str| MONTHS.iter().chain(&MORE_MONTHS).any(|month| word.starts_with(month));
    let is_day = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
    let by_words =
        words.windows(2).any(|pair| pair.iter().any(is_month) && pair.iter().any(is_day));
    // `24. de diciembre`, `25 of December`: a little word between the two.
    let by_three = words.windows(3).any(|three| is_day(&three[0]) && is_month(&three[2]));
    let is_number = |text: &str, end: bool| {
        if end {
            text.ends_with(|c: char| c.is_numeric())
        } else {
            text.starts_with(|c: char| c.is_numeric())
        }
    };
    let by_signs = lower
        .split_once('月')
        .is_some_and(|(month, day)| is_number(month, true) && is_number(day, false));
    by_words || by_three || by_signs
}

/// `2.4.1`, `v3.0`: what stands beside it is a release, not a claim.
fn is_version(word: &str) -> bool {
    let number = word.trim_start_matches(['v', 'V', '(']).trim_end_matches([')', ',', ':']);
    number.contains('.')
        && number.split('.').count() >= 2
        && number
            .split('.')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

/// Whether a text is the name, with a greeting or a version around it at most.
pub(super) fn is_called(text: &str, name: Option<&str>) -> bool {
    let Some(name) = name.map(key) else { return false };
    cleaned(text).is_some_and(|bare| {
        let words: Vec<&str> = bare.split_whitespace().collect();
        // The name with what kind of house it is before or behind it: `Restaurant Tide`.
        let without_one = |words: &[&str]| !words.is_empty() && key(&words.concat()) == name;
        let has_kind = words.len() >= 2
            && (without_one(&words[1..]) || without_one(&words[..words.len() - 1]));
        let bare = key(&bare);
        bare == name || has_kind || (bare.starts_with(&name) && bare.len() < name.len() + 4)
    })
}

/// What stands beside the name in a text such as `Tide - slow work`.
fn beside_name<'a>(text: &'a str, name: Option<&str>) -> Option<&'a str> {
    let parts = segments(text);
    let [(one, _), (two, _)] = parts.as_slice() else { return None };
    match (is_called(one, name), is_called(two, name)) {
        (true, false) => Some(two),
        (false, true) => Some(one),
        _ => None,
    }
}
