//! Ads on a terminal: drawn small, side by side.

use crate::ads::raster;
use crate::ads::svg::DrawError;
use crate::cli::terminal::Terminal;

/// How wide a terminal is at the least that nobody has made smaller.
const WIDTH: u32 = 80;

/// How high a picture is at the most, in lines, so that two rows of them fit on a screen.
const MOST_LINES: u32 = 12;

const MARGIN: &str = "  ";

/// A drawing and its size in px.
pub(super) struct Drawing {
    pub(super) svg: String,
    pub(super) size: (u32, u32),
}

/// The lines that show the drawings beside each other, as high as the terminal's width allows.
pub(super) fn draw(drawings: &[Drawing], terminal: Terminal) -> Result<Vec<String>, DrawError> {
    let sizes: Vec<(u32, u32)> = drawings.iter().map(|drawing| drawing.size).collect();
    let lines = common_height(&sizes);
    let mut rows = vec![String::new(); lines as usize];
    for Drawing { svg, size: (width, height) } in drawings {
        let columns = columns((*width, *height), lines);
        let blocks = raster::render(svg, *width, *height)?.half_blocks(columns);
        for (at, row) in rows.iter_mut().enumerate() {
            let shown = blocks.get(at).map(|blocks| terminal.half_blocks(blocks));
            row.push_str(MARGIN);
            row.push_str(&shown.unwrap_or_else(|| " ".repeat(columns as usize)));
        }
    }
    Ok(rows)
}

/// The most lines at which pictures of these sizes fit side by side.
fn common_height(sizes: &[(u32, u32)]) -> u32 {
    let width = |lines: u32| -> u32 { sizes.iter().map(|size| columns(*size, lines) + 2).sum() };
    (1..=MOST_LINES).rev().find(|lines| width(*lines) <= WIDTH).unwrap_or(1)
}

/// How many columns a picture takes that is so many lines high: a place is twice as high as wide.
fn columns((width, height): (u32, u32), lines: u32) -> u32 {
    (2 * lines * width).div_ceil(height.max(1)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn red(width: u32, height: u32) -> Drawing {
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\">\
             <rect width=\"{width}\" height=\"{height}\" fill=\"#f00\"/></svg>"
        );
        Drawing { svg, size: (width, height) }
    }

    #[test]
    fn three_formats_stand_beside_each_other_on_the_narrowest_terminal() {
        let drawings = [red(1080, 1080), red(1080, 1920), red(1200, 628)];
        let lines = draw(&drawings, Terminal::colourful()).expect("drawn");
        assert_eq!(lines.len(), 10);
        for line in &lines {
            let places = line.matches(['▀', ' ']).count();
            assert!(places <= 80, "{places}: {line}");
            assert_eq!(line.matches('▀').count(), 20 + 12 + 39, "{line}");
            assert!(line.contains("255;0;0"), "{line}");
        }
    }

    #[test]
    fn a_strip_and_a_tower_have_a_height_too() {
        assert_eq!(common_height(&[(4096, 512); 3]), 1);
        assert_eq!(common_height(&[(160, 600)]), MOST_LINES);
        assert_eq!(columns((160, 600), MOST_LINES), 7);
    }
}
