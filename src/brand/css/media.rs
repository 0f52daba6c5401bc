//! Media queries, answered for a still page on a light desktop screen.

use cssparser::{Parser, Token};

/// The screen that pages are looked at on.
const WIDTH: f32 = 1_280.0;
const HEIGHT: f32 = 800.0;

/// Whether a media query list, as in a `media` attribute, holds.
pub(crate) fn matches(text: &str) -> bool {
    matches_list(&mut Parser::new(text))
}

/// Whether the media query list that fills `input` holds; an empty one does.
pub(super) fn matches_list(input: &mut Parser<'_>) -> bool {
    if input.is_exhausted() {
        return true;
    }
    let mut holds = false;
    loop {
        let one = input.parse_until_before(cssparser::Delimiter::Comma, |inner| {
            let holds = query(inner).unwrap_or(false);
            while inner.next().is_ok() {}
            Ok::<bool, cssparser::ParseError<()>>(holds)
        });
        holds |= one.unwrap_or(false);
        if input.next().is_err() {
            return holds;
        }
    }
}

/// `[not|only] <type> [and <condition>]*`, or a condition; `None` when it is unreadable.
fn query(input: &mut Parser<'_>) -> Option<bool> {
    let negated = input.try_parse(|input| input.expect_ident_matching("not")).is_ok();
    let _ = input.try_parse(|input| input.expect_ident_matching("only"));
    let kind = input.try_parse(Parser::expect_ident_cloned).ok();
    let mut holds = match kind {
        Some(name) => name.eq_ignore_ascii_case("all") || name.eq_ignore_ascii_case("screen"),
        None => condition(input)?,
    };
    while !input.is_exhausted() {
        let word = input.expect_ident_cloned().ok()?;
        let next = if input.try_parse(|input| input.expect_ident_matching("not")).is_ok() {
            !condition(input)?
        } else {
            condition(input)?
        };
        holds = if word.eq_ignore_ascii_case("or") { holds || next } else { holds && next };
    }
    Some(holds != negated)
}

/// A feature or a nested condition in parentheses.
fn condition(input: &mut Parser<'_>) -> Option<bool> {
    match input.next().ok()? {
        Token::ParenthesisBlock => {}
        _ => return None,
    }
    let inside = input.parse_nested_block(|inner| {
        let start = inner.state();
        let is_nested = match inner.next() {
            Ok(Token::ParenthesisBlock) => true,
            Ok(Token::Ident(name)) => name.eq_ignore_ascii_case("not"),
            _ => false,
        };
        inner.reset(&start);
        let holds = if is_nested { query(inner) } else { feature(inner) };
        while inner.next().is_ok() {}
        Ok::<bool, cssparser::ParseError<()>>(holds.unwrap_or(false))
    });
    inside.ok()
}

/// `name`, `name: value`, `name >= value`, `value <= name`, `value < name <= value`.
fn feature(input: &mut Parser<'_>) -> Option<bool> {
    if let Ok(name) = input.try_parse(Parser::expect_ident_cloned) {
        let name = name.to_ascii_lowercase();
        if input.is_exhausted() {
            return Some(has(&name));
        }
        if input.try_parse(Parser::expect_colon).is_ok() {
            return Some(value_holds(&name, input));
        }
        let (order, equal) = comparison(input)?;
        return Some(compared(size(&name)?, order, equal, length(input)?));
    }
    let first = length(input)?;
    let (order, equal) = comparison(input)?;
    let name = input.expect_ident_cloned().ok()?.to_ascii_lowercase();
    let size = size(&name)?;
    let mut holds = compared(first, order, equal, size);
    if let Some((order, equal)) = comparison(input) {
        holds &= compared(size, order, equal, length(input)?);
    }
    Some(holds)
}

/// Whether a feature is there at all.
fn has(name: &str) -> bool {
    matches!(name, "color" | "hover" | "pointer" | "any-hover" | "any-pointer" | "width" | "height")
}

fn value_holds(name: &str, input: &mut Parser<'_>) -> bool {
    let (bound, name) = match name.split_at_checked(4) {
        Some((bound @ ("min-" | "max-"), name)) => (Some(bound), name),
        _ => (None, name),
    };
    if let Some(size) = size(name) {
        let Some(wanted) = length(input) else { return false };
        return match bound {
            Some("min-") => size >= wanted,
            Some(_) => size <= wanted,
            None => (size - wanted).abs() < 0.5,
        };
    }
    let Ok(value) = input.try_parse(Parser::expect_ident_cloned) else { return bound.is_some() };
    let value = value.to_ascii_lowercase();
    match name {
        "prefers-color-scheme" => value == "light",
        "prefers-reduced-motion" | "prefers-contrast" => value == "no-preference",
        "orientation" => value == "landscape",
        "hover" | "any-hover" => value == "hover",
        "pointer" | "any-pointer" => value == "fine",
        "scripting" | "forced-colors" => value == "none",
        "update" => value == "fast",
        "display-mode" => value == "browser",
        "color-gamut" => value == "srgb",
        _ => false,
    }
}

fn size(name: &str) -> Option<f32> {
    match name {
        "width" | "device-width" => Some(WIDTH),
        "height" | "device-height" => Some(HEIGHT),
        _ => None,
    }
}

fn length(input: &mut Parser<'_>) -> Option<f32> {
    match input.next().ok()? {
        Token::Number { value, .. } => Some(*value),
        Token::Dimension { value, unit, .. } => {
            let pixels = match unit.to_ascii_lowercase().as_str() {
                "px" => 1.0,
                "em" | "rem" => 16.0,
                "pt" => 4.0 / 3.0,
                "cm" => 37.8,
                "in" => 96.0,
                _ => return None,
            };
            Some(value * pixels)
        }
        _ => None,
    }
}

fn comparison(input: &mut Parser<'_>) -> Option<(std::cmp::Ordering, bool)> {
    let order = match input.next().ok()? {
        Token::Delim('<') => std::cmp::Ordering::Less,
        Token::Delim('>') => std::cmp::Ordering::Greater,
        Token::Delim('=') => return Some((std::cmp::Ordering::Equal, true)),
        _ => return None,
    };
    let equal = input.try_parse(|input| input.expect_delim('=')).is_ok();
    Some((order, equal))
}

fn compared(one: f32, order: std::cmp::Ordering, equal: bool, two: f32) -> bool {
    let found = one.total_cmp(&two);
    found == order || (equal && found.is_eq())
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn what_a_light_desktop_screen_shows() {
        for query in [
            "",
            "all",
            "screen",
            "only screen",
            "screen and (min-width: 40em)",
            "(min-width:1280px)",
            "print, screen",
            "not print",
            "(prefers-color-scheme: light)",
            "(width >= 64rem)",
            "(400px <= width < 2000px)",
            "(hover: hover)",
            "(min-width: 100px) and (max-width: 90rem)",
            "not (prefers-color-scheme: dark)",
            "not all and (monochrome)",
            "(hover)",
        ] {
            assert!(matches(query), "{query}");
        }
    }

    #[test]
    fn what_it_does_not_show() {
        for query in [
            "print",
            "speech",
            "screen and (max-width: 767px)",
            "(prefers-color-scheme: dark)",
            "(width < 48rem)",
            "not screen",
            "(min-width: 1281px)",
            "handheld",
            "(2000px < width)",
            "(prefers-reduced-motion: reduce)",
            "((((",
            "(min-width",
            "only print and (color)",
            "&",
        ] {
            assert!(!matches(query), "{query}");
        }
        assert!(!matches(&"(".repeat(100_000)));
        assert!(!matches(&"not ".repeat(100_000)));
    }
}
