//! Where commands write: results to standard output, remarks to standard error.
//!
//! Colour only where a person looks and has not said `NO_COLOR`. A reader who goes away ends the
//! writing, not the command.

use std::fmt::{self, Display, Write as _};
use std::io::{self, IsTerminal as _, Write as _};

use crate::ads::raster::HalfBlock;

/// Standard output, as the person in front of it wants it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terminal {
    colour: Colour,
}

/// Which colours a terminal shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Colour {
    /// None at all, or nobody looks.
    None,
    /// The 256 that every terminal has had for decades.
    Palette,
    /// All of them.
    True,
}

#[expect(clippy::unused_self, reason = "a line is written where the terminal is")]
impl Terminal {
    /// The process's own.
    pub(super) fn of_process() -> Self {
        let variable = |name: &str| {
            let value = std::env::var_os(name).filter(|value| !value.is_empty());
            value.map(|value| value.to_string_lossy().into_owned())
        };
        let refused = variable("NO_COLOR").is_some() || variable("TERM").as_deref() == Some("dumb");
        let all = ["truecolor", "24bit"];
        let shows_all = variable("COLORTERM").is_some_and(|value| all.contains(&value.as_str()))
            || variable("TERM").is_some_and(|value| value.ends_with("-direct"));
        let colour = match io::stdout().is_terminal() && !refused {
            false => Colour::None,
            true if shows_all => Colour::True,
            true => Colour::Palette,
        };
        Self { colour }
    }

    /// One without colour, for tests and files.
    #[cfg(test)]
    pub(super) fn plain() -> Self {
        Self { colour: Colour::None }
    }

    /// One with every colour, for tests.
    #[cfg(test)]
    pub(super) fn colourful() -> Self {
        Self { colour: Colour::True }
    }

    /// Whether a picture can be shown.
    pub(super) fn shows_pictures(self) -> bool {
        self.colour != Colour::None
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
        match (self.shows_pictures(), channel(1..3), channel(3..5), channel(5..7)) {
            (true, Some(red), Some(green), Some(blue)) => {
                format!("\u{1b}[48;{}m      \u{1b}[0m", self.colour_code([red, green, blue]))
            }
            _ => "  ".to_owned(),
        }
    }

    /// A line of a picture; nothing where colour is not wanted.
    pub(super) fn half_blocks(self, blocks: &[HalfBlock]) -> String {
        let mut line = String::new();
        if !self.shows_pictures() {
            return line;
        }
        let mut last = None;
        for block in blocks {
            if last.replace(*block) != Some(*block) {
                let (upper, lower) = (self.colour_code(block.upper), self.colour_code(block.lower));
                write!(line, "\u{1b}[38;{upper};48;{lower}m").expect("a string takes all text");
            }
            line.push('▀');
        }
        line.push_str("\u{1b}[0m");
        line
    }

    /// What names a colour in an escape sequence, behind `38;` or `48;`.
    fn colour_code(self, [red, green, blue]: [u8; 3]) -> String {
        if self.colour == Colour::True {
            return format!("2;{red};{green};{blue}");
        }
        format!("5;{}", nearest_of_palette([red, green, blue]))
    }

    fn styled<T: Display>(self, code: &'static str, text: T) -> Styled<T> {
        Styled { code: self.shows_pictures().then_some(code), text }
    }
}

/// The number of the nearest of the 240 fixed colours: a cube of 6 × 6 × 6, and 24 greys.
fn nearest_of_palette(colour: [u8; 3]) -> u8 {
    const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let distance = |other: [u8; 3]| -> u32 {
        let parts = colour.iter().zip(other).map(|(one, two)| u32::from(one.abs_diff(two)).pow(2));
        parts.sum()
    };
    let cube = (0..216_u8).map(|at| {
        let level = |unit: u8| LEVELS[usize::from(at / unit % 6)];
        (16 + at, [level(36), level(6), level(1)])
    });
    let greys = (0..24_u8).map(|at| (232 + at, [8 + 10 * at; 3]));
    let nearest = cube.chain(greys).min_by_key(|(_, other)| distance(*other));
    nearest.map_or(16, |(number, _)| number)
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
        let (coloured, plain) = (Terminal::colourful(), Terminal::plain());
        assert_eq!(coloured.bold("a").to_string(), "\u{1b}[1ma\u{1b}[0m");
        assert_eq!(plain.bold("a").to_string(), "a");
        assert_eq!(coloured.swatch("#1F4D3A"), "\u{1b}[48;2;31;77;58m      \u{1b}[0m");
        assert_eq!(plain.swatch("#1F4D3A"), "  ");
        assert_eq!(coloured.swatch("green"), "  ");
    }
    #[test]
    fn a_picture_names_a_colour_only_when_it_changes() {
        let (red, grey) = ([255, 0, 0], [118; 3]);
        let solid = HalfBlock { upper: red, lower: red };
        let blocks = [solid, solid, HalfBlock { upper: red, lower: grey }];
        assert_eq!(
            Terminal::colourful().half_blocks(&blocks),
            "\u{1b}[38;2;255;0;0;48;2;255;0;0m▀▀\u{1b}[38;2;255;0;0;48;2;118;118;118m▀\u{1b}[0m"
        );
        assert_eq!(
            Terminal { colour: Colour::Palette }.half_blocks(&blocks),
            "\u{1b}[38;5;196;48;5;196m▀▀\u{1b}[38;5;196;48;5;243m▀\u{1b}[0m"
        );
        assert_eq!(Terminal::plain().half_blocks(&blocks), "");
    }

    #[test]
    fn every_fixed_colour_is_its_own_nearest() {
        assert_eq!(nearest_of_palette([0; 3]), 16);
        assert_eq!(nearest_of_palette([255; 3]), 231);
        assert_eq!(nearest_of_palette([95, 135, 175]), 67);
        assert_eq!(nearest_of_palette([8; 3]), 232);
        assert_eq!(nearest_of_palette([31, 77, 58]), 237);
    }
}
