//! Breaks a paragraph into lines, and remembers where.

use super::TextError;
use super::ink::Line;
use super::paragraph::{Paragraph, REFERENCE};
use super::words::is_mark_of_format;

/// How often a width is halved to find the narrowest: to a thousandth of it.
const HALVINGS: u32 = 10;

impl Paragraph<'_> {
    /// Breaks where `width` (px at the reference size) is full; the lines that follow.
    pub(super) fn break_at(&mut self, width: f32) -> Vec<Line> {
        self.layout.break_all_lines(Some(width));
        self.lines()
    }

    /// Breaks after so many characters each time.
    pub(super) fn break_after(&mut self, counts: &[usize]) -> Vec<Line> {
        let mut breaker = self.layout.break_lines();
        for count in counts {
            let count = u32::try_from(*count).unwrap_or(u32::MAX);
            if breaker.break_next_with_length(count).is_none() {
                break;
            }
        }
        breaker.finish();
        self.lines()
    }

    /// The lines at the narrowest width that needs no more of them than `width` does: about
    /// equally long.
    pub(super) fn balanced(&mut self, width: f32) -> Vec<Line> {
        let lines = self.break_at(width);
        let widest = |lines: &[Line]| lines.iter().map(|l| l.ink.width()).fold(0.0, f32::max);
        if lines.len() < 2 {
            return lines;
        }
        let (mut low, mut high) = (widest(&lines) / 2.0, width);
        let mut best = lines;
        for _ in 0..HALVINGS {
            let middle = f32::midpoint(low, high);
            let tried = self.break_at(middle);
            if tried.len() == best.len() && widest(&tried) <= width.min(middle + REFERENCE * 0.1) {
                (high, best) = (middle, tried);
            } else {
                low = middle;
            }
        }
        best
    }

    /// The words of lines that take so many characters each, without blanks at their ends and
    /// without the marks that only tell how they are set.
    pub(super) fn words_of(&self, counts: &[usize]) -> Vec<String> {
        let mut characters = self.words.text.chars();
        let mut line = |count: &usize| {
            let line: String = characters.by_ref().take(*count).collect();
            let line = line.trim().chars().filter(|c| !is_mark_of_format(*c));
            line.collect::<String>()
        };
        counts.iter().map(&mut line).collect()
    }

    /// How many characters the stored `lines` take each: the inverse of [`Self::words_of`].
    pub(super) fn counts_of(&self, lines: &[String]) -> Result<Vec<usize>, TextError> {
        let characters: Vec<char> = self.words.text.chars().collect();
        let (mut at, mut counts) = (0, Vec::with_capacity(lines.len()));
        for line in lines {
            let start = at;
            at += skipped(&characters, at, true);
            for wanted in line.chars() {
                at += skipped(&characters, at, false);
                if characters.get(at) != Some(&wanted) {
                    return Err(TextError::StaleFit);
                }
                at += 1;
            }
            at += skipped(&characters, at, true);
            counts.push(at - start);
        }
        if at == characters.len() { Ok(counts) } else { Err(TextError::StaleFit) }
    }
}

/// How many of the characters from `at` on stand in no stored line.
fn skipped(characters: &[char], at: usize, blanks: bool) -> usize {
    let passes = |c: &&char| is_mark_of_format(**c) || blanks && c.is_whitespace();
    characters.get(at..).unwrap_or_default().iter().take_while(passes).count()
}
