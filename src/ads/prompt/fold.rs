//! Folding: the same word however it is typed.

/// Appends a character in its folded form: lower case, no accents, plain digits.
pub(super) fn push_folded(folded: &mut String, c: char) {
    let c = narrow(c);
    if is_mark(c) {
        return;
    }
    for lower in c.to_lowercase() {
        match plain(lower) {
            Some(plain) => folded.push_str(plain),
            None if is_mark(lower) => {}
            None => folded.push(same_letter(lower)),
        }
    }
}

/// Whether a character only changes the one before it, or is not seen at all.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}'
        | '\u{5c2}' | '\u{5c4}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{640}'
        | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{93c}' | '\u{94d}' | '\u{200b}'..='\u{200f}'
        | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Whether a character is written without spaces around its words: each is a word of its own.
pub(super) fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
        && c != '・'
}

/// The value of a decimal digit of the scripts that the catalog is written in.
pub(super) fn digit(c: char) -> Option<char> {
    let start = match c {
        '0'..='9' => '0',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6f0}'..='\u{6f9}' => '\u{6f0}',
        '\u{966}'..='\u{96f}' => '\u{966}',
        '\u{ff10}'..='\u{ff19}' => '\u{ff10}',
        _ => return None,
    };
    char::from_digit(u32::from(c) - u32::from(start), 10)
}

/// Full-width forms as their plain ones.
pub(super) fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'ĉ' | 'č' => "c",
        'ď' | 'đ' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' | 'ģ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => "i",
        'ł' | 'ľ' | 'ĺ' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => "o",
        'ř' | 'ŕ' => "r",
        'ś' | 'ş' | 'š' | 'ș' => "s",
        'ť' | 'ţ' | 'ț' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'æ' => "ae",
        'œ' => "oe",
        'ß' => "ss",
        _ => return None,
    })
}

/// Arabic letters that are typed in several ways.
fn same_letter(c: char) -> char {
    match c {
        'أ' | 'إ' | 'آ' | 'ٱ' => 'ا',
        'ى' | 'ی' => 'ي',
        'ة' => 'ه',
        'ک' => 'ك',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut folded = String::new();
        text.chars().for_each(|c| push_folded(&mut folded, c));
        folded
    }

    #[test]
    fn the_same_word_folds_alike() {
        for (typed, expected) in [
            ("GRÜN", "grun"),
            ("Straße", "strasse"),
            ("e\u{301}te\u{301}", "ete"),
            ("Żółć", "zolc"),
            ("ＳＡＬＥ", "sale"),
            ("إعلان", "اعلان"),
            ("İ", "i"),
            ("שָׁלוֹם", "שלום"),
        ] {
            assert_eq!(folded(typed), expected, "{typed}");
        }
    }

    #[test]
    fn digits_of_every_script_are_digits() {
        for c in ['3', '٣', '۳', '३', '３'] {
            assert_eq!(digit(c), Some('3'));
        }
        assert_eq!(digit('x'), None);
    }
}
