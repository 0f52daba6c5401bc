//! Breaks a paragraph into lines, and remembers where.

use super::TextError;
use super::chunk::Chunk;
use super::ink::Line;
use super::paragraph::Paragraph;
use super::words::is_mark_of_format;

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

    /// The words of lines that take so many characters each, without blanks at their ends and
    /// without the marks that only tell how they are set.
    pub(super) fn words_of(&self, counts: &[usize]) -> Vec<String> {
        let mut characters = self.words.text.chars();
        let mut line = |count: &usize| {
            let line = characters.by_ref().take(*count).filter(|c| !is_mark_of_format(*c));
            line.collect::<String>().trim().to_owned()
        };
        counts.iter().map(&mut line).collect()
    }

    /// The same lines as they are found again from what is stored of them: marks that tell how
    /// words are set end the line before, and no line has nothing but those.
    pub(super) fn as_stored(&self, counts: &[usize]) -> Result<Vec<usize>, TextError> {
        let lines: Vec<String> =
            self.words_of(counts).into_iter().filter(|line| !line.is_empty()).collect();
        self.counts_of(&lines)
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

/// How many chunks each line takes when lines are filled one after the other; `None` when a chunk
/// is wider than a line.
pub(super) fn filled(chunks: &[Chunk], width: f32) -> Option<Vec<usize>> {
    let (mut lines, mut used) = (Vec::new(), 0.0);
    let mut count = 0;
    for chunk in chunks {
        if chunk.width > width {
            return None;
        }
        if count > 0 && used + chunk.width > width {
            lines.push(count);
            (used, count) = (0.0, 0);
        }
        used += chunk.advance;
        count += 1;
    }
    lines.push(count);
    Some(lines)
}

/// The chunks of each line when there are exactly `lines` of them: about equally long, and broken
/// where the words pause. `None` where that is not possible.
pub(super) fn arranged(chunks: &[Chunk], width: f32, lines: usize) -> Option<Vec<usize>> {
    if lines == 0 || lines > chunks.len() || chunks.len() > MAX_ARRANGED {
        return None;
    }
    let total: f32 = chunks.iter().map(|chunk| chunk.advance).sum();
    let target = total / f32::from(u16::try_from(lines).ok()?);
    // costs[end]: the least cost of the chunks before `end`, with the lines there are so far.
    let mut costs = vec![f32::INFINITY; chunks.len() + 1];
    costs[0] = 0.0;
    let mut starts: Vec<Vec<usize>> = Vec::with_capacity(lines);
    for _ in 0..lines {
        let (next, start_of) = with_a_line_more(chunks, &costs, width, target);
        costs = next;
        starts.push(start_of);
    }
    costs.last().filter(|cost| cost.is_finite())?;
    let mut end = chunks.len();
    let mut counts: Vec<usize> = Vec::with_capacity(lines);
    for start_of in starts.iter().rev() {
        let start = *start_of.get(end)?;
        counts.push(end - start);
        end = start;
    }
    counts.reverse();
    Some(counts)
}

/// The least costs with one line more, and where that line starts.
fn with_a_line_more(
    chunks: &[Chunk],
    costs: &[f32],
    width: f32,
    target: f32,
) -> (Vec<f32>, Vec<usize>) {
    let mut next = vec![f32::INFINITY; costs.len()];
    let mut start_of = vec![0; costs.len()];
    for (start, before) in costs.iter().enumerate().filter(|(_, cost)| cost.is_finite()) {
        let (mut used, mut inner) = (0.0, 0.0);
        for (end, chunk) in chunks.iter().enumerate().skip(start) {
            let wide = used + chunk.width;
            if wide > width {
                break;
            }
            let slack = (target - wide) / target;
            let cost = before + slack * slack * UNEVEN + inner + chunk.cost;
            if cost < next[end + 1] {
                (next[end + 1], start_of[end + 1]) = (cost, start);
            }
            used += chunk.advance;
            inner += if chunk.ends_sentence { INNER_END } else { 0.0 };
        }
    }
    (next, start_of)
}

/// Texts of more chunks are filled line by line: nobody balances a paragraph of law.
const MAX_ARRANGED: usize = 120;

/// What a line costs that is empty, against one that is as long as the others.
const UNEVEN: f32 = 0.6;

/// What a sentence costs that ends within a line, where others are broken.
pub(super) const INNER_END: f32 = 0.05;
