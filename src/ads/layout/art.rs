//! Which drawing stands where: quiet ones behind words, loud ones in a panel of their own.

use crate::ads::random::Random;
use crate::ads::scene::{Frame, Generator, GeneratorKind, Ink, Node, Role};

/// Art that words may stand upon: thin, faint, and bleeding off an edge.
pub(super) fn behind_words(mut random: Random, color: Ink, second: Ink) -> Generator {
    use GeneratorKind::{Arcs, Contours, DotGrid, Halftone, RadialGlow, Waves};
    let kinds = [Arcs, Arcs, Contours, Waves, DotGrid, Halftone, RadialGlow];
    let kind = random.pick(&kinds).copied().unwrap_or(Arcs);
    let (opacity, step) = match kind {
        Arcs => (0.30, 0.11),
        Contours => (0.22, 0.10),
        Waves => (0.20, 0.08),
        DotGrid => (0.16, 0.05),
        Halftone => (0.20, 0.045),
        _ => (0.34, 0.8),
    };
    // A disc bleeds off the edge: whole, it would float.
    let origin = [random.between(0.92, 0.99), random.between(0.82, 0.96)];
    let color = if kind == RadialGlow { second } else { color };
    let second = (kind == Arcs).then_some(second);
    generator(random, kind, color, second, opacity, step, origin)
}

/// Art in a panel of its own, where no word stands.
pub(super) fn figure(mut random: Random, color: Ink, second: Ink) -> Generator {
    use GeneratorKind::{Arcs, BauhausTiles, Blobs, Contours, Halftone, Stripes, Waves};
    let kinds = [BauhausTiles, BauhausTiles, Arcs, Stripes, Blobs, Halftone, Waves, Contours];
    let kind = random.pick(&kinds).copied().unwrap_or(BauhausTiles);
    let (opacity, step) = match kind {
        BauhausTiles => (1.0, 0.34),
        Arcs => (0.9, 0.13),
        Stripes => (1.0, 0.16),
        Blobs => (1.0, 0.5),
        Halftone => (0.9, 0.07),
        Waves => (0.8, 0.11),
        _ => (0.7, 0.09),
    };
    let origin = [random.between(0.75, 1.0), random.between(0.65, 1.0)];
    generator(random, kind, color, Some(second), opacity, step, origin)
}

/// An even pattern around a card.
pub(super) fn pattern(mut random: Random, color: Ink, second: Ink, origin: [f32; 2]) -> Generator {
    use GeneratorKind::{Arcs, BauhausTiles, DotGrid, Halftone, Stripes};
    let kinds = [BauhausTiles, BauhausTiles, DotGrid, Stripes, Halftone, Arcs];
    let kind = random.pick(&kinds).copied().unwrap_or(DotGrid);
    let (opacity, step) = match kind {
        BauhausTiles => (0.9, 0.14),
        DotGrid => (0.55, 0.045),
        Stripes => (0.5, 0.08),
        Halftone => (0.6, 0.05),
        _ => (0.55, 0.07),
    };
    let second = (kind == BauhausTiles).then_some(second);
    generator(random, kind, color, second, opacity, step, origin)
}

/// Soft light: what a number or a poster stands in.
pub(super) fn light(mut random: Random, color: Ink, second: Ink) -> Generator {
    use GeneratorKind::{Mesh, RadialGlow};
    let kind = if random.chance(0.6) { Mesh } else { RadialGlow };
    let origin = [random.between(0.3, 0.75), random.between(0.35, 0.75)];
    let second = (kind == Mesh).then_some(second);
    generator(random, kind, color, second, 0.55, 0.9, origin)
}

/// A generator with its own seed.
pub(super) fn generator(
    mut random: Random,
    kind: GeneratorKind,
    color: Ink,
    second: Option<Ink>,
    opacity: f32,
    step: f32,
    origin: [f32; 2],
) -> Generator {
    let seed = random.seed().to_string();
    Generator { kind, seed, color, second, opacity, step, origin, mirrored: false }
}

/// A node that holds a drawing.
pub(super) fn drawn(id: &str, z: i32, frame: Frame, generator: Generator) -> Node {
    let mut node = Node::new(id, Role::Decoration, z, frame);
    node.generator = Some(generator);
    node
}
