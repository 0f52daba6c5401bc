//! Reads the colours of CSS Color 4 and the parts of 5 that sites use: `color-mix`, `light-dark`
//! and relative colours. Variables are substituted before.

use cssparser::{Parser, Token};

use super::Rgba;
use super::mix::mix;
use super::names::named;
use super::space::{Space, clipped};
use crate::domain::color::Oklab;

/// A component as it is written: a number, a percentage or an angle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Component {
    /// A bare number, or `none` as 0.
    Number(f32),
    /// 1 is 100 %.
    Percent(f32),
    /// In degrees.
    Degrees(f32),
}

/// Reads one colour that fills `text`; `current` is what `currentcolor` means there.
pub(crate) fn parse(text: &str, current: Rgba) -> Option<Rgba> {
    let mut parser = Parser::new(text);
    let color = read(&mut parser, current)?;
    parser.is_exhausted().then_some(color)
}

/// Reads the colour that comes next in `parser`.
pub(crate) fn read(parser: &mut Parser<'_>, current: Rgba) -> Option<Rgba> {
    match parser.next().ok()?.clone() {
        Token::Hash(digits) | Token::IDHash(digits) => hash(&digits),
        Token::Ident(name) => word(&name.to_ascii_lowercase(), current),
        Token::Function(name) => {
            let name = name.to_ascii_lowercase();
            nested(parser, |inner| function(&name, inner, current))
        }
        _ => None,
    }
}

/// Runs `parse` on the block just opened; all of the block is consumed either way.
pub(super) fn nested<T>(
    parser: &mut Parser<'_>,
    parse: impl FnOnce(&mut Parser<'_>) -> Option<T>,
) -> Option<T> {
    let refused = |()| cssparser::ParseError::<()>::custom(());
    parser.parse_nested_block(|inner| parse(inner).ok_or(()).map_err(refused)).ok()
}

fn hash(digits: &str) -> Option<Rgba> {
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let value = u32::from_str_radix(digits, 16).ok()?;
    let double = |shift: u32| u8::try_from((value >> shift & 15) * 17).ok();
    let [rgb, alpha] = match digits.len() {
        3 => [[double(8)?, double(4)?, double(0)?], [255; 3]],
        4 => [[double(12)?, double(8)?, double(4)?], [double(0)?; 3]],
        6 | 8 => {
            let full = if digits.len() == 6 { value << 8 | 255 } else { value };
            let [red, green, blue, alpha] = full.to_be_bytes();
            [[red, green, blue], [alpha; 3]]
        }
        _ => return None,
    };
    Some(Rgba { rgb, alpha: f32::from(alpha[0]) / 255.0 })
}

fn word(name: &str, current: Rgba) -> Option<Rgba> {
    match name {
        "transparent" => Some(Rgba { rgb: [0; 3], alpha: 0.0 }),
        "currentcolor" => Some(current),
        "canvas" | "field" => Some(Rgba::WHITE),
        "canvastext" | "fieldtext" | "buttontext" => Some(Rgba::BLACK),
        "linktext" => Some(Rgba::opaque([0, 0, 238])),
        "buttonface" => Some(Rgba::opaque([239; 3])),
        _ => named(name).map(Rgba::opaque),
    }
}

fn function(name: &str, inner: &mut Parser<'_>, current: Rgba) -> Option<Rgba> {
    match name {
        "color-mix" => mix(inner, current),
        "light-dark" => {
            let light = read(inner, current)?;
            inner.expect_comma().ok()?;
            read(inner, current)?;
            Some(light)
        }
        "color" => {
            let origin = origin(inner, current)?;
            let space = inner.expect_ident().ok()?.to_ascii_lowercase();
            components(inner, Space::named(&space)?, origin)
        }
        _ => {
            let origin = origin(inner, current)?;
            components(inner, Space::of_function(name)?, origin)
        }
    }
}

/// The colour after `from`, if there is one; `None` only when that colour is unreadable.
#[expect(clippy::option_option, reason = "unreadable and absent are different answers")]
fn origin(inner: &mut Parser<'_>, current: Rgba) -> Option<Option<Rgba>> {
    if inner.try_parse(|inner| inner.expect_ident_matching("from")).is_err() {
        return Some(None);
    }
    read(inner, current).map(Some)
}

fn components(inner: &mut Parser<'_>, space: Space, origin: Option<Rgba>) -> Option<Rgba> {
    let known = origin.map(|color| space.channels(color));
    let mut values = [Component::Number(0.0); 3];
    for (at, value) in values.iter_mut().enumerate() {
        if at > 0 {
            let _ = inner.try_parse(Parser::expect_comma);
        }
        *value = component(inner, space, known)?;
    }
    let separated = inner
        .try_parse(|inner| inner.expect_delim('/'))
        .or_else(|_| inner.try_parse(Parser::expect_comma))
        .is_ok();
    let alpha = if separated {
        match component(inner, space, known)? {
            Component::Number(value) | Component::Percent(value) => value.clamp(0.0, 1.0),
            Component::Degrees(_) => return None,
        }
    } else {
        origin.map_or(1.0, |color| color.alpha)
    };
    let rgb = clipped(space.linear(values)?);
    inner.is_exhausted().then_some(Rgba { rgb, alpha })
}

fn component(inner: &mut Parser<'_>, space: Space, known: Option<[f32; 4]>) -> Option<Component> {
    match inner.next().ok()?.clone() {
        Token::Number { value, .. } => Some(Component::Number(value)),
        Token::Percentage { unit_value, .. } => Some(Component::Percent(unit_value)),
        Token::Dimension { value, unit, .. } => {
            let degrees = match unit.to_ascii_lowercase().as_str() {
                "deg" => value,
                "grad" => value * 0.9,
                "rad" => value.to_degrees(),
                "turn" => value * 360.0,
                _ => return None,
            };
            Some(Component::Degrees(degrees))
        }
        Token::Ident(name) if name.eq_ignore_ascii_case("none") => Some(Component::Number(0.0)),
        Token::Ident(name) => {
            let at = space.channel_at(&name.to_ascii_lowercase())?;
            Some(Component::Number(known?[at]))
        }
        Token::Function(name) if name.eq_ignore_ascii_case("calc") => {
            nested(inner, |inner| sum(inner, space, known))
        }
        Token::ParenthesisBlock => nested(inner, |inner| sum(inner, space, known)),
        _ => None,
    }
}

/// `calc()` over components: the unit is that of the first operand.
fn sum(inner: &mut Parser<'_>, space: Space, known: Option<[f32; 4]>) -> Option<Component> {
    let mut total = product(inner, space, known)?;
    loop {
        let sign = match inner.try_parse(|inner| inner.expect_delim('+')) {
            Ok(()) => 1.0,
            Err(_) if inner.try_parse(|inner| inner.expect_delim('-')).is_ok() => -1.0,
            Err(_) => return inner.is_exhausted().then_some(total),
        };
        let next = product(inner, space, known)?.number();
        total = total.map(|value| value + sign * next);
    }
}

fn product(inner: &mut Parser<'_>, space: Space, known: Option<[f32; 4]>) -> Option<Component> {
    let mut total = component(inner, space, known)?;
    loop {
        if inner.try_parse(|inner| inner.expect_delim('*')).is_ok() {
            let next = component(inner, space, known)?.number();
            total = total.map(|value| value * next);
        } else if inner.try_parse(|inner| inner.expect_delim('/')).is_ok() {
            let next = component(inner, space, known)?.number();
            total = total.map(|value| if next == 0.0 { 0.0 } else { value / next });
        } else {
            return Some(total);
        }
    }
}

impl Component {
    /// Its value, a percentage as a share of one.
    pub(super) const fn number(self) -> f32 {
        match self {
            Self::Number(value) | Self::Percent(value) | Self::Degrees(value) => value,
        }
    }

    /// Its value on a scale on which 100 % is `full`.
    pub(super) fn on(self, full: f32) -> f32 {
        match self {
            Self::Number(value) | Self::Degrees(value) => value,
            Self::Percent(share) => share * full,
        }
    }

    fn map(self, change: impl FnOnce(f32) -> f32) -> Self {
        match self {
            Self::Number(value) => Self::Number(change(value)),
            Self::Percent(value) => Self::Percent(change(value)),
            Self::Degrees(value) => Self::Degrees(change(value)),
        }
    }
}

impl From<Rgba> for Oklab {
    fn from(color: Rgba) -> Self {
        Self::from(color.hex())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(text: &str) -> Option<String> {
        let color = parse(text, Rgba::opaque([1, 2, 3]))?;
        let alpha = (color.alpha * 100.0).round();
        Some(if alpha >= 100.0 {
            color.hex().to_string()
        } else {
            format!("{}/{alpha}", color.hex())
        })
    }

    #[test]
    fn every_notation_reads_as_the_same_colour() {
        for text in [
            "#336699",
            "#369",
            "#336699ff",
            "rgb(51,102,153)",
            "rgb(51 102 153)",
            "rgb(20% 40% 60%)",
            "RGBA(51, 102, 153, 1)",
            "hsl(210, 50%, 40%)",
            "hsl(210deg 50 40)",
            "hsl(0.58333turn 50% 40%)",
            "hwb(210 20% 40%)",
            "color(srgb 0.2 0.4 0.6)",
            "rgb(from #336699 r g b)",
            "rgb(calc(50 + 1) calc(51 * 2) calc(306 / 2))",
            "light-dark(#369, black)",
            "color-mix(in srgb, #369, #369)",
            "color-mix(in oklab, #369 100%, red)",
        ] {
            assert_eq!(hex(text).as_deref(), Some("#336699"), "{text}");
        }
    }

    #[test]
    fn perceptual_spaces_land_where_browsers_do() {
        for (text, wanted) in [
            ("oklch(0.623 0.214 259.815)", "#2B7FFF"),
            ("oklch(62.8% 0.25768 29.234)", "#FF0000"),
            ("oklab(0.45201 -0.03245 -0.31153)", "#0000FF"),
            ("lab(54.2905 80.8049 69.891)", "#FF0000"),
            ("lch(54.2905 106.837 40.8577)", "#FF0000"),
            ("color(display-p3 1 1 1)", "#FFFFFF"),
        ] {
            let (got, wanted) = (parse(text, Rgba::BLACK), wanted.parse());
            let (Some(got), Ok(wanted)) = (got, wanted) else { panic!("{text} {got:?}") };
            let wanted: crate::domain::brand::Hex = wanted;
            let near = Oklab::from(got).distance(wanted.into());
            assert!(near < 0.03, "{text} gives {}", got.hex());
        }
    }

    #[test]
    fn translucency_is_kept_and_composited() {
        assert_eq!(hex("rgba(46,46,46,.9)").as_deref(), Some("#2E2E2E/90"));
        assert_eq!(hex("#2e2e2e80").as_deref(), Some("#2E2E2E/50"));
        assert_eq!(
            hex("color-mix(in oklab, #369 50%, transparent)").as_deref(),
            Some("#336699/50")
        );
        assert_eq!(hex("rgb(from #369 r g b / 25%)").as_deref(), Some("#336699/25"));
        let bar =
            parse("rgba(46,46,46,.9)", Rgba::BLACK).map(|one| one.over(super::super::Hex::WHITE));
        assert_eq!(bar.map(|one| one.to_string()).as_deref(), Some("#434343"));
        assert_eq!(hex("currentColor").as_deref(), Some("#010203"));
        assert_eq!(hex("transparent").as_deref(), Some("#000000/0"));
    }

    #[test]
    fn what_is_no_colour_is_none() {
        for text in [
            "",
            "#",
            "#12",
            "#12345",
            "#ggg",
            "rgb()",
            "rgb(1 2)",
            "rgb(1 2 3 4)",
            "inherit",
            "red blue",
            "url(x)",
            "color(rgb 1 2 3)",
            "color-mix(red, blue)",
            "hsl(x 1 2)",
            "calc(1)",
            "rgb(1px 2 3)x",
            "color-mix(in srgb, color-mix(in srgb, red",
            "var(--x)",
            "oklch(from #zzz l c h)",
            "rgb(from red q g b)",
        ] {
            assert_eq!(hex(text), None, "{text}");
        }
        let deep = format!("{}red{}", "color-mix(in srgb,".repeat(9_000), ")".repeat(9_000));
        assert_eq!(hex(&deep), None);
        let calc = format!("rgb({}1{} 0 0)", "calc(".repeat(9_000), ")".repeat(9_000));
        assert_eq!(hex(&calc), None);
    }
}
