//! A prompt in words, figures, marks and quotations.

use super::fold::{digit, is_mark, is_unspaced, narrow, push_folded};
use super::quotes::{self, Quotation};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word; in Japanese and Chinese a single character.
    Word,
    /// Digits with the points and commas between them, in ASCII.
    Number,
    /// `#` and hexadecimal digits of a colour.
    Hex,
    /// A quotation, by its place in the list of them.
    Quote(usize),
    /// One character of punctuation, or another sign.
    Mark(char),
    /// The end of a line.
    Line,
}

/// A piece of a prompt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: Kind,
    /// The text, folded.
    pub(crate) folded: String,
    /// Where it begins, in bytes.
    pub(crate) start: usize,
    /// Where it ends, in bytes.
    pub(crate) end: usize,
}

impl Token {
    /// Whether it is this mark.
    pub(crate) fn is_mark(&self, mark: char) -> bool {
        self.kind == Kind::Mark(mark)
    }
}

/// Cuts a text into tokens; the quotations are those of [`quotes::find`].
pub(super) fn cut(text: &str, quotations: &[Quotation]) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut quoted = quotations.iter().enumerate().peekable();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if let Some((number, quotation)) = quoted.next_if(|(_, next)| next.outer.start == at) {
            let end = quotation.outer.end;
            tokens.push(Token { kind: Kind::Quote(number), folded: String::new(), start: at, end });
            at = end;
            continue;
        }
        let stop = quoted.peek().map_or(text.len(), |(_, next)| next.outer.start);
        let (kind, length) = next(&text[at..stop], c);
        if let Some(kind) = kind {
            let folded = folded(kind, &text[at..at + length]);
            tokens.push(Token { kind, folded, start: at, end: at + length });
        }
        at += length;
    }
    tokens
}

pub(super) fn tokens_of(text: &str) -> Vec<Token> {
    cut(text, &quotes::find(text))
}

/// The kind of what begins here, none for what lies between tokens, and its length in bytes.
fn next(text: &str, c: char) -> (Option<Kind>, usize) {
    let one = c.len_utf8();
    let narrowed = narrow(c);
    if let Some(length) = hex(text) {
        return (Some(Kind::Hex), length);
    }
    if digit(c).is_some() {
        return (Some(Kind::Number), number(text));
    }
    if is_unspaced(c) {
        return (Some(Kind::Word), one);
    }
    if narrowed.is_alphabetic() {
        return (Some(Kind::Word), word(text));
    }
    match narrowed {
        '\n' | '\r' | '\u{2028}' | '\u{2029}' => (Some(Kind::Line), one),
        c if c.is_whitespace() || c.is_control() || is_mark(c) => (None, one),
        c => (Some(Kind::Mark(plain_mark(c))), one),
    }
}

/// Signs that are typed in several ways.
fn plain_mark(c: char) -> char {
    match c {
        '、' | '،' | '，' => ',',
        '。' | '।' | '۔' => '.',
        '؛' => ';',
        '؟' => '?',
        '٪' => '%',
        '−' | '–' | '—' | '‑' | '‐' => '-',
        '×' | '✕' => 'x',
        '￥' => '¥',
        '’' | 'ʼ' => '\'',
        c => c,
    }
}

fn word(text: &str) -> usize {
    let is_inside = |c: char| {
        let c = narrow(c);
        is_mark(c) || c.is_alphabetic() && !is_unspaced(c)
    };
    text.find(|c| !is_inside(c)).unwrap_or(text.len())
}

fn number(text: &str) -> usize {
    let mut length = 0;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let is_separator = matches!(c, '.' | ',' | '\'' | '’' | '\u{a0}' | '\u{202f}' | '٫' | '٬');
        let joins = is_separator && rest.peek().is_some_and(|next| digit(*next).is_some());
        if digit(c).is_none() && !joins {
            break;
        }
        length += c.len_utf8();
    }
    length
}

/// The length of a colour such as `#F80` or `#FF8800` that begins here.
fn hex(text: &str) -> Option<usize> {
    let digits = text.strip_prefix('#')?;
    let count = digits.bytes().take_while(u8::is_ascii_hexdigit).count();
    let is_whole = !digits[count..].chars().next().is_some_and(char::is_alphanumeric);
    (is_whole && matches!(count, 3 | 6)).then_some(count + 1)
}

fn folded(kind: Kind, text: &str) -> String {
    match kind {
        Kind::Number => text.chars().map(|c| digit(c).unwrap_or(separator(c))).collect(),
        Kind::Mark(mark) => mark.to_string(),
        _ => {
            let mut folded = String::new();
            text.chars().for_each(|c| push_folded(&mut folded, c));
            folded
        }
    }
}

fn separator(c: char) -> char {
    match c {
        '٫' => '.',
        '٬' => ',',
        '\u{a0}' | '\u{202f}' | '’' => '\'',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let shown = |token: Token| match token.kind {
            Kind::Quote(number) => format!("<{number}>"),
            Kind::Line => "/".to_owned(),
            _ => token.folded,
        };
        tokens_of(text).into_iter().map(shown).collect()
    }

    #[test]
    fn a_prompt_is_cut_into_tokens() {
        for (text, expected) in [
            ("Make it 30% off!", "make it 30 % off !"),
            ("use #FF8800, not #12345", "use #ff8800 , not # 12345"),
            ("1.299,00 €", "1.299,00 €"),
            ("call-to-action: \"Book now\"", "call - to - action : <0>"),
            ("夏のセール30％オフ", "夏 の セ ー ル 30 % オ フ"),
            ("خصم ٣٠٪", "خصم 30 %"),
            ("1080x1350\n16:9", "1080 x 1350 / 16 : 9"),
            ("l’été", "l ' ete"),
            ("हिन्दी में", "हिनदी में"),
        ] {
            assert_eq!(shown(text).join(" "), expected, "{text}");
        }
    }

    #[test]
    fn spans_give_back_the_text() {
        let text = "Große Äpfel, „frisch“ 🍎 ab 1,99\u{a0}€";
        let tokens = tokens_of(text);
        for token in &tokens {
            assert!(text.get(token.start..token.end).is_some_and(|part| !part.is_empty()));
        }
        assert!(tokens.windows(2).all(|pair| pair[0].end <= pair[1].start));
    }
}
