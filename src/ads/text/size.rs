//! Finds the size and the lines: as large as fits, and pleasant to look at.

use super::TextError;
use super::chunk::Chunk;
use super::ink::Line;
use super::lines::{INNER_END, arranged, filled};
use super::paragraph::{Paragraph, REFERENCE};
use super::place::{extent, line_distances};
use crate::ads::scene::{Frame, Style};

/// The largest size in px that is set: the height of the largest canvas.
const MAX_SIZE: f32 = 4_096.0;

/// The most lines of a text.
const MAX_LINES: u32 = 24;

/// How often lines are set and measured to find one text's size, at most: mostly it is once.
const MAX_TRIALS: u32 = 64;

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
    /// How many characters each line takes.
    counts: Vec<usize>,
    score: f32,
}

/// The size in px, and how many characters each line takes.
pub(super) fn choose(
    paragraph: &mut Paragraph<'_>,
    frame: Frame,
) -> Result<(f32, Vec<usize>), TextError> {
    let (low, high) = range(paragraph.style)?;
    let no_room = TextError::NoRoom { size: px(low) };
    let room = Room::of(frame).ok_or(no_room.clone())?;
    let chunks = paragraph.chunks();
    let mut candidates = candidates(paragraph, &chunks, room, (low, high));
    // A stable sort: of two that are worth the same, the one with fewer lines comes first.
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut trials = 0;
    for Candidate { mut size, counts, .. } in candidates {
        let counts = paragraph.as_stored(&counts)?;
        let lines = paragraph.break_after(&counts);
        // Ink may reach beyond what was reckoned with: a swash, or letters that would touch.
        while size >= low && trials < MAX_TRIALS {
            trials += 1;
            if is_within(paragraph, &lines, room.at(size)) {
                return Ok((px(size), counts));
            }
            size -= 1;
        }
    }
    Err(no_room)
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

/// For each number of lines the largest size, and some smaller ones that may break better.
fn candidates(
    paragraph: &Paragraph<'_>,
    chunks: &[Chunk],
    room: Room,
    (low, high): (Halves, Halves),
) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for lines in 1..=paragraph.style.lines.min(MAX_LINES) {
        let lines = usize::try_from(lines).unwrap_or(usize::MAX);
        let fits = |size| fit(paragraph, chunks, room.at(size), lines);
        let Some(largest) = largest(fits, low, high) else { continue };
        let fewest = fit(paragraph, chunks, room.at(largest), lines).map_or(0, |lines| lines.len());
        if found.iter().any(|other| other.size == largest && other.counts.len() == fewest) {
            continue;
        }
        for size in sizes_below(largest, low) {
            if let Some(of_chunks) = best_lines(paragraph, chunks, room.at(size), lines) {
                let score = px(size) * worth(paragraph.style, chunks, &of_chunks);
                found.push(Candidate { size, counts: in_characters(chunks, &of_chunks), score });
            }
        }
        if largest == high && fewest < lines {
            break;
        }
    }
    found
}

/// A size and those that are up to a sixth smaller.
fn sizes_below(largest: Halves, low: Halves) -> impl Iterator<Item = Halves> {
    let step = (largest / 32).max(1);
    (0..6).map_while(move |steps| largest.checked_sub(steps * step)).filter(move |s| *s >= low)
}

/// The largest of the sizes that fit; where a size fits, all smaller ones do.
fn largest<T>(
    fits: impl Fn(Halves) -> Option<T>,
    mut low: Halves,
    mut high: Halves,
) -> Option<Halves> {
    if fits(high).is_some() {
        return Some(high);
    }
    fits(low)?;
    while high - low > 1 {
        let middle = u32::midpoint(low, high);
        if fits(middle).is_some() { low = middle } else { high = middle }
    }
    Some(low)
}

/// The lines, filled one after the other, where they are few enough and stay in the room.
fn fit(
    paragraph: &Paragraph<'_>,
    chunks: &[Chunk],
    room: Room,
    lines: usize,
) -> Option<Vec<usize>> {
    let found = filled(chunks, room.width)?;
    let fits = found.len() <= lines && height(paragraph, chunks, &found) <= room.height;
    fits.then_some(found)
}

fn best_lines(
    paragraph: &Paragraph<'_>,
    chunks: &[Chunk],
    room: Room,
    lines: usize,
) -> Option<Vec<usize>> {
    let filled = fit(paragraph, chunks, room, lines)?;
    let orphan = filled.len() > 1 && filled.last() == Some(&1) && ends_short(chunks);
    if !paragraph.style.balance && !orphan {
        return Some(filled);
    }
    let arranged = arranged(chunks, room.width, filled.len());
    let fits = |of: &Vec<usize>| height(paragraph, chunks, of) <= room.height;
    Some(arranged.filter(fits).unwrap_or(filled))
}

fn ends_short(chunks: &[Chunk]) -> bool {
    chunks.last().is_some_and(|chunk| chunk.is_short)
}

/// The height of the ink of lines with so many chunks each, at the reference size.
fn height(paragraph: &Paragraph<'_>, chunks: &[Chunk], counts: &[usize]) -> f32 {
    let (mut rest, mut down) = (chunks, 0.0);
    let (mut top, mut bottom) = (f32::MAX, f32::MIN);
    for count in counts {
        let (line, following) = rest.split_at((*count).min(rest.len()));
        for chunk in line {
            (top, bottom) = (top.min(down + chunk.ink[0]), bottom.max(down + chunk.ink[1]));
        }
        (rest, down) = (following, down + paragraph.leading * REFERENCE);
    }
    bottom - top
}

/// What a size is worth with these lines, 0.5 to 1: a little smaller is better than ugly.
fn worth(style: &Style, chunks: &[Chunk], counts: &[usize]) -> f32 {
    /// A last line of one short word.
    const ORPHAN: f32 = 0.2;
    /// Lines of very different lengths.
    const RAGGED: f32 = 0.1;
    /// The shortest line as a share of the longest, from which on they are so.
    const RAGGED_FROM: f32 = 0.55;
    let (mut rest, mut loss) = (chunks, 0.0);
    let (mut shortest, mut longest) = (f32::MAX, 0.0_f32);
    for count in counts {
        let (line, following) = rest.split_at((*count).min(rest.len()));
        let width: f32 = line.iter().map(|chunk| chunk.advance).sum();
        (shortest, longest) = (shortest.min(width), longest.max(width));
        if let Some((end, inner)) = line.split_last() {
            let ends = inner.iter().filter(|chunk| chunk.ends_sentence);
            loss += end.cost + ends.map(|_| INNER_END).sum::<f32>();
        }
        rest = following;
    }
    if counts.len() > 1 && counts.last() == Some(&1) && ends_short(chunks) {
        loss += ORPHAN;
    }
    if style.balance && shortest < longest * RAGGED_FROM {
        loss += RAGGED;
    }
    (1.0 - loss).max(0.5)
}

fn in_characters(chunks: &[Chunk], counts: &[usize]) -> Vec<usize> {
    let mut rest = chunks;
    let characters = counts.iter().map(|count| {
        let (line, following) = rest.split_at((*count).min(rest.len()));
        rest = following;
        line.iter().map(|chunk| chunk.characters).sum()
    });
    characters.collect()
}

fn is_within(paragraph: &Paragraph<'_>, lines: &[Line], room: Room) -> bool {
    let distances = line_distances(paragraph, lines);
    let (top, bottom) = extent(lines, &distances);
    bottom - top <= room.height && lines.iter().all(|line| line.ink.width() <= room.width)
}
