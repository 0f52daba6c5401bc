//! Quotations: words that are to be taken as they are.

use std::ops::Range;

use super::fold::is_unspaced;

/// Words between quotation marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Quotation {
    /// Where it stands with its marks, in bytes.
    pub(crate) outer: Range<usize>,
    /// The words, without controls and with single spaces.
    pub(crate) words: String,
}

/// The quotations of a prompt, in order; none lies within another.
pub(super) fn find(prompt: &str) -> Vec<Quotation> {
    let chars: Vec<(usize, char)> = prompt.char_indices().collect();
    let mut quotations = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let Some(end) = closed(&chars, at) else {
            at += 1;
            continue;
        };
        let inner = chars[at].0 + chars[at].1.len_utf8()..chars[end].0;
        let words = cleaned(&prompt[inner]);
        if words.chars().any(char::is_alphanumeric) {
            let outer = chars[at].0..chars[end].0 + chars[end].1.len_utf8();
            quotations.push(Quotation { outer, words });
        }
        at = end + 1;
    }
    quotations
}

/// Where the quotation that opens here is closed.
fn closed(chars: &[(usize, char)], open: usize) -> Option<usize> {
    /// Longer ones are not words for an ad; the bound keeps reading linear.
    const MAX_CHARS: usize = 300;
    let closing = closing_marks(chars[open].1)?;
    let is_plain = is_ambiguous(chars[open].1);
    if is_plain && !can_open(chars, open) {
        return None;
    }
    let end = chars.len().min(open + 2 + MAX_CHARS);
    (open + 1..end)
        .find(|at| closing.contains(&chars[*at].1) && (!is_plain || can_close(chars, *at)))
}

fn closing_marks(open: char) -> Option<&'static [char]> {
    Some(match open {
        '"' | '＂' => &['"', '＂'],
        '\'' => &['\''],
        '`' => &['`'],
        '“' | '‟' => &['”', '“'],
        '”' => &['”'],
        '„' => &['“', '”'],
        '‘' => &['’'],
        '‚' => &['‘', '’'],
        '«' => &['»'],
        '»' => &['«'],
        '‹' => &['›'],
        '「' => &['」'],
        '『' => &['』'],
        '《' => &['》'],
        _ => return None,
    })
}

/// Marks that are apostrophes and inches too.
fn is_ambiguous(mark: char) -> bool {
    matches!(mark, '"' | '\'' | '`' | '‘' | '”' | '»')
}

fn can_open(chars: &[(usize, char)], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| chars[before].1);
    let is_free = before.is_none_or(|c| !c.is_alphanumeric() || is_unspaced(c));
    is_free && chars.get(at + 1).is_some_and(|(_, c)| !c.is_whitespace())
}

fn can_close(chars: &[(usize, char)], at: usize) -> bool {
    chars.get(at + 1).is_none_or(|(_, c)| !c.is_alphanumeric() || is_unspaced(*c))
}

/// The words without what a picture cannot show: controls, marks that turn the text around.
pub(crate) fn cleaned(words: &str) -> String {
    let seen = |c: char| match c {
        '\u{200b}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{fffe}'
        | '\u{ffff}' => None,
        c if c.is_control() => Some(' '),
        c => Some(c),
    };
    let words: String = words.chars().filter_map(seen).collect();
    // U+00A0 and U+202F bind what stands beside them, so only breaking space is space here.
    let is_space = |c: char| c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{202f}');
    words.split(is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(prompt: &str) -> Vec<String> {
        find(prompt).into_iter().map(|quotation| quotation.words).collect()
    }

    #[test]
    fn every_style_of_quotation_is_one() {
        for prompt in [
            r#"say "Real fruit" now"#,
            "say 'Real fruit' now",
            "say “Real fruit” now",
            "sag „Real fruit“ jetzt",
            "dis « Real fruit » maintenant",
            "sag »Real fruit« jetzt",
            "powiedz „Real fruit” teraz",
            "say ‘Real fruit’ now",
            "say `Real fruit` now",
            "見出しは「Real fruit」で",
            "『Real fruit』",
            "标题“Real fruit”",
            "标题\"Real fruit\"吧",
            "‹Real fruit›",
        ] {
            assert_eq!(words(prompt), ["Real fruit"], "{prompt}");
        }
    }

    #[test]
    fn apostrophes_and_inches_are_none() {
        for prompt in
            ["don't use the brand's logo", "a 15\" screen and a 17\" one", "l'été d'or", "\"", "''"]
        {
            assert!(words(prompt).is_empty(), "{prompt}");
        }
        assert_eq!(words("it's 'Don't stop' here"), ["Don't stop"]);
    }

    #[test]
    fn the_words_are_clean() {
        assert_eq!(words("\"a\u{202e}b\n\tc\u{0}  d\""), ["ab c d"]);
        assert!(words("\"…\"").is_empty());
    }
}
