//! Where commands write: results to standard output, remarks to standard error.
//!
//! Colour only where a person looks and has not said `NO_COLOR`. A reader who goes away ends the
//! writing, not the command.

use std::fmt::{self, Display};
use std::io::{self, IsTerminal as _, Write as _};

/// Standard output, as the person in front of it wants it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terminal {
    colour: bool,
}

#[expect(clippy::unused_self, reason = "a line is written where the terminal is")]
impl Terminal {
    /// The process's own.
    pub(super) fn of_process() -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { colour: io::stdout().is_terminal() && !refused }
    }

    /// One without colour, for tests and files.
    #[cfg(test)]
    pub(super) fn plain() -> Self {
        Self { colour: false }
    }

    /// A line of what was asked for.
    pub(super) fn line(self, text: impl Display) {
        let mut out = io::stdout().lock();
        // Nobody reads any more: there is nobody to tell.
        drop(writeln!(out, "{text}").and_then(|()| out.flush()));
    }

    /// A line about it, which a script that captures the output does not see.
    pub(super) fn remark(self, text: impl Display) {
        drop(writeln!(io::stderr().lock(), "{text}"));
    }

    /// In bold.
    pub(super) fn bold<T: Display>(self, text: T) -> Styled<T> {
        self.styled("1", text)
    }

    /// Less loud.
    pub(super) fn faint<T: Display>(self, text: T) -> Styled<T> {
        self.styled("2", text)
    }

    /// For what went well.
    pub(super) fn green<T: Display>(self, text: T) -> Styled<T> {
        self.styled("32", text)
    }

    /// For what did not.
    pub(super) fn red<T: Display>(self, text: T) -> Styled<T> {
        self.styled("31", text)
    }

    /// A block in a colour, given as `#RRGGBB`; two blanks where colour is not wanted.
    pub(super) fn swatch(self, hex: &str) -> String {
        let channel = |range: std::ops::Range<usize>| {
            hex.get(range).and_then(|digits| u8::from_str_radix(digits, 16).ok())
        };
        match (self.colour, channel(1..3), channel(3..5), channel(5..7)) {
            (true, Some(red), Some(green), Some(blue)) => {
                format!("\u{1b}[48;2;{red};{green};{blue}m      \u{1b}[0m")
            }
            _ => "  ".to_owned(),
        }
    }

    fn styled<T: Display>(self, code: &'static str, text: T) -> Styled<T> {
        Styled { code: self.colour.then_some(code), text }
    }
}

/// A text in a style.
pub(super) struct Styled<T> {
    code: Option<&'static str>,
    text: T,
}

impl<T: Display> Display for Styled<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, text } = self;
        match code {
            Some(code) => write!(f, "\u{1b}[{code}m{text}\u{1b}[0m"),
            None => text.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_is_only_where_it_is_wanted() {
        let (coloured, plain) = (Terminal { colour: true }, Terminal::plain());
        assert_eq!(coloured.bold("a").to_string(), "\u{1b}[1ma\u{1b}[0m");
        assert_eq!(plain.bold("a").to_string(), "a");
        assert_eq!(coloured.swatch("#1F4D3A"), "\u{1b}[48;2;31;77;58m      \u{1b}[0m");
        assert_eq!(plain.swatch("#1F4D3A"), "  ");
        assert_eq!(coloured.swatch("green"), "  ");
    }
}
