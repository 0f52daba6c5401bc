//! What is measured on a scene before it is delivered.
//!
//! Each check has an id, a value and a limit; an error keeps the ad back, a warning goes with it.
//! Geometry is read from the fits, contrast from what was rendered below the words. `lint` weighs
//! them into one number: a measure of craft, not of success. Never: a change of the scene.

mod geometry;
pub(crate) mod legibility;
mod lint;
mod sight;
mod space;
#[cfg(test)]
mod trials;
mod wording;

pub use lint::lint;
pub use sight::Sight;

use crate::ads::kit::BrandKit;
use crate::ads::scene::{Check, Node, Scene, Severity};

/// Measures a scene; without a sight of what lies below its words contrast is taken from the
/// palette alone, which is right for plain grounds only.
pub fn check(scene: &Scene, kit: &BrandKit, sight: Option<&Sight>) -> Vec<Check> {
    let mut checks = Vec::new();
    legibility::check(scene, sight, &mut checks);
    geometry::check(scene, &mut checks);
    space::check(scene, &mut checks);
    wording::check(scene, kit, &mut checks);
    checks
}

/// Measures a file against the limit of its format.
pub fn file_size(scene: &Scene, bytes: usize) -> Option<Check> {
    let limit = scene.format.byte_limit()?;
    Some(at_most("bytes", whole(bytes), whole(limit), Severity::Error))
}

/// Whether this check keeps the ad back.
pub fn blocks(check: &Check) -> bool {
    !check.pass && check.severity == Severity::Error
}

fn at_least(id: impl Into<String>, value: f64, min: f64, severity: Severity) -> Check {
    let value = rounded(value);
    Check { id: id.into(), value, min: Some(min), max: None, pass: value >= min, severity }
}

fn at_most(id: impl Into<String>, value: f64, max: f64, severity: Severity) -> Check {
    let value = rounded(value);
    Check { id: id.into(), value, min: None, max: Some(max), pass: value <= max, severity }
}

/// Two decimals, downwards where it counts: 4.496 is not 4.5.
fn rounded(value: f64) -> f64 {
    libm::floor(value * 100.0 + 1e-6) / 100.0
}

#[expect(clippy::cast_precision_loss, reason = "counts and areas stay far below 2^52")]
fn whole(count: usize) -> f64 {
    count as f64
}

/// The nodes that carry words of the ad; the brand's name is its mark.
fn words(scene: &Scene) -> impl Iterator<Item = &Node> {
    scene.nodes.iter().filter(|node| node.role.is_text() && node.fit.is_some())
}
