//! The formats that have a name.

use crate::ads::scene::Format;

/// A named format.
pub(super) struct Row {
    /// Its name.
    pub(super) id: &'static str,
    size: (u32, u32),
    /// Left, top, right and bottom margin in px.
    margins: [i32; 4],
    /// The most bytes of a file.
    pub(super) byte_limit: Option<usize>,
}

/// The format of this name.
pub(super) fn find(id: &str) -> Option<Format> {
    let row = TABLE.iter().find(|row| row.id == id)?;
    let (w, h) = row.size;
    let [left, top, right, bottom] = row.margins;
    let safe = [left, top, w.cast_signed() - right, h.cast_signed() - bottom];
    Some(Format { id: id.to_owned(), w, h, safe })
}

/// All names, for a message.
pub(super) fn names() -> String {
    let quoted: Vec<String> = TABLE.iter().map(|row| format!("`{}`", row.id)).collect();
    quoted.join(", ")
}

const fn row(id: &'static str, w: u32, h: u32, margins: [i32; 4]) -> Row {
    Row { id, size: (w, h), margins, byte_limit: None }
}

/// A banner of the advertising bureau, with the limit of its first load.
const fn banner(id: &'static str, w: u32, h: u32, margin: i32, kilobytes: usize) -> Row {
    Row { id, size: (w, h), margins: [margin; 4], byte_limit: Some(kilobytes * 1000) }
}

/// The table. Stories and reels leave the bands free that the platforms cover with their own
/// controls.
pub(super) const TABLE: &[Row] = &[
    row("square", 1080, 1080, [65; 4]),
    row("portrait_4x5", 1080, 1350, [64; 4]),
    row("story", 1080, 1920, [65, 270, 65, 380]),
    row("reel", 1080, 1920, [65, 270, 65, 672]),
    row("landscape", 1200, 628, [60, 31, 60, 31]),
    row("og", 1200, 630, [60, 31, 60, 31]),
    row("wide", 1920, 1080, [96, 54, 96, 54]),
    row("x_16x9", 1200, 675, [60, 33, 60, 33]),
    row("pin", 1000, 1500, [60; 4]),
    banner("iab_mpu", 300, 250, 8, 150),
    banner("iab_leaderboard", 728, 90, 8, 150),
    banner("iab_billboard", 970, 250, 8, 250),
    banner("iab_super_leader", 970, 90, 8, 200),
    banner("iab_sky", 160, 600, 8, 150),
    banner("iab_portrait", 300, 1050, 8, 250),
    banner("iab_mobile", 320, 50, 4, 50),
    banner("half_page", 300, 600, 8, 150),
];
