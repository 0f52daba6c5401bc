//! Finds the size and the lines: as large as fits, and pleasant to look at.

use super::TextError;
use super::ink::Line;
use super::paragraph::{Paragraph, REFERENCE};
use super::place::{extent, line_distances};
use crate::ads::scene::{Frame, Style};

/// The largest size in px that is set: the height of the largest canvas.
const MAX_SIZE: f32 = 4_096.0;

/// The most lines of a text.
const MAX_LINES: u32 = 24;

/// How often a paragraph is broken to find its size, at most. A text of three lines takes some 60.
const MAX_TRIALS: u32 = 600;

/// Sizes are multiples of one half px; here they are counted in halves.
type Halves = u32;

/// Says no to sizes that nobody can mean.
pub(super) fn settable(size: f32) -> Result<(), TextError> {
    if size > 0.0 && size <= MAX_SIZE { Ok(()) } else { Err(TextError::BadStyle("its size")) }
}

/// The sizes of a style, in halves of a px.
pub(super) fn range(style: &Style) -> Result<(Halves, Halves), TextError> {
    let [min, max] = style.size;
    settable(min)?;
    settable(max)?;
    let (low, high) = (halves((min * 2.0).ceil()), halves((max * 2.0).floor()));
    if low > high {
        return Err(TextError::BadStyle("no size lies in its range"));
    }
    if !style.lh.is_finite() || !style.track.is_finite() || style.lines == 0 {
        return Err(TextError::BadStyle("its line height, tracking or number of lines"));
    }
    Ok((low, high))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`settable` has checked that the value is positive and small"
)]
fn halves(value: f32) -> Halves {
    value as Halves
}

fn px(size: Halves) -> f32 {
    f32::from(u16::try_from(size).unwrap_or(u16::MAX)) / 2.0
}

/// A size with its lines.
struct Candidate {
    size: Halves,
    counts: Vec<usize>,
    score: f32,
}

/// The size in px, and how many characters each line takes.
pub(super) fn choose(
    paragraph: &mut Paragraph<'_>,
    frame: Frame,
) -> Result<(f32, Vec<usize>), TextError> {
    let (low, high) = range(paragraph.style)?;
    let room = Room::of(frame).ok_or(TextError::NoRoom { size: px(low) })?;
    let mut trials = 0;
    let mut best: Option<Candidate> = None;
    let mut seen: Option<(Halves, usize)> = None;
    for lines in 1..=paragraph.style.lines.min(MAX_LINES) {
        let limit = usize::try_from(lines).unwrap_or(usize::MAX);
        let Some(size) = largest(paragraph, room, limit, (low, high), &mut trials) else {
            continue;
        };
        let Some(candidate) = candidate(paragraph, room, size, low, &mut trials) else { continue };
        let found = (candidate.size, candidate.counts.len());
        if seen != Some(found) && best.as_ref().is_none_or(|best| candidate.score > best.score) {
            best = Some(candidate);
        }
        // More lines are of no use once the largest size is reached with fewer.
        if size == high && found.1 < limit || trials >= MAX_TRIALS {
            break;
        }
        seen = Some(found);
    }
    let best = best.ok_or(TextError::NoRoom { size: px(low) })?;
    Ok((px(best.size), best.counts))
}

/// The space for the words in px.
#[derive(Clone, Copy)]
struct Room {
    width: f32,
    height: f32,
}

impl Room {
    #[expect(clippy::cast_precision_loss, reason = "boxes are smaller than 2^24 px")]
    fn of(frame: Frame) -> Option<Self> {
        let room = Self { width: frame.w as f32, height: frame.h as f32 };
        (frame.w > 0 && frame.h > 0).then_some(room)
    }

    /// The same in px at the reference size, for words of `size`.
    fn at(self, size: Halves) -> Self {
        let scale = REFERENCE / px(size);
        Self { width: self.width * scale, height: self.height * scale }
    }
}

/// The largest size at which the words take at most so many lines and stay in their room.
fn largest(
    paragraph: &mut Paragraph<'_>,
    room: Room,
    lines: usize,
    (mut low, mut high): (Halves, Halves),
    trials: &mut u32,
) -> Option<Halves> {
    let mut fits = |size: Halves| {
        *trials += 1;
        let room = room.at(size);
        let found = paragraph.break_at(room.width);
        found.len() <= lines && is_within(paragraph, &found, room)
    };
    if fits(high) {
        return Some(high);
    }
    if !fits(low) {
        return None;
    }
    while high - low > 1 {
        let middle = u32::midpoint(low, high);
        if fits(middle) { low = middle } else { high = middle }
    }
    Some(low)
}

fn is_within(paragraph: &Paragraph<'_>, lines: &[Line], room: Room) -> bool {
    let distances = line_distances(paragraph, lines);
    let (top, bottom) = extent(lines, &distances);
    bottom - top <= room.height && lines.iter().all(|line| line.ink.width() <= room.width)
}

/// The lines of a size, balanced where that is wanted or where the last one is an orphan.
fn candidate(
    paragraph: &mut Paragraph<'_>,
    room: Room,
    largest: Halves,
    low: Halves,
    trials: &mut u32,
) -> Option<Candidate> {
    let width = room.at(largest).width;
    let mut lines = paragraph.break_at(width);
    if paragraph.style.balance || orphan(paragraph, &lines) {
        lines = paragraph.balanced(width);
    }
    let counts: Vec<usize> = lines.iter().map(|line| line.characters).collect();
    // Other breaks bring other letters above each other, which may push the lines apart.
    let mut size = largest;
    while !is_within(paragraph, &lines, room.at(size)) {
        *trials += 1;
        if size == low || *trials >= MAX_TRIALS {
            return None;
        }
        size -= 1;
    }
    let score = score(paragraph, &lines, size);
    Some(Candidate { size, counts, score })
}

/// How much a size is worth with these lines: a little smaller is better than ugly.
fn score(paragraph: &Paragraph<'_>, lines: &[Line], size: Halves) -> f32 {
    /// What a size is worth with a last line of one short word.
    const ORPHAN: f32 = 0.8;
    /// What it is worth with lines of very different lengths.
    const RAGGED: f32 = 0.9;
    /// The shortest line as a share of the longest, from which on they are so.
    const RAGGED_FROM: f32 = 0.55;
    let widths = || lines.iter().map(|line| line.ink.width());
    let (shortest, longest) = (widths().fold(f32::MAX, f32::min), widths().fold(0.0, f32::max));
    let mut score = px(size);
    if orphan(paragraph, lines) {
        score *= ORPHAN;
    }
    if paragraph.style.balance && shortest < longest * RAGGED_FROM {
        score *= RAGGED;
    }
    score
}

/// Whether the last of several lines is one short word.
fn orphan(paragraph: &Paragraph<'_>, lines: &[Line]) -> bool {
    /// A last word of fewer letters looks forgotten.
    const SHORT_WORD: usize = 5;
    let counts: Vec<usize> = lines.iter().map(|line| line.characters).collect();
    let words = paragraph.words_of(&counts);
    let last = words.last().map_or("", String::as_str);
    let letters = last.chars().filter(|c| c.is_alphanumeric()).count();
    lines.len() > 1 && !last.contains(' ') && letters < SHORT_WORD
}
