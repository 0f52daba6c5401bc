//! The values of single properties, once their variables are substituted.

use cssparser::{Parser, Token};

use crate::brand::color::{self, Rgba};

/// How many stops, pictures and families are kept of one value.
const MAX_PARTS: usize = 16;

/// What a `background` paints.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Background {
    /// The colour under everything, when one is written.
    pub(super) color: Option<Rgba>,
    /// The stops of its gradients.
    pub(super) gradient: Vec<Rgba>,
    /// The addresses of its pictures as written.
    pub(super) images: Vec<String>,
}

/// Reads `background`, `background-color` or `background-image`.
pub(super) fn background(text: &str, current: Rgba) -> Background {
    let mut found = Background::default();
    layers(&mut Parser::new(text), current, &mut found);
    found
}

fn layers(input: &mut Parser<'_>, current: Rgba, found: &mut Background) {
    loop {
        let start = input.state();
        let Ok(token) = input.next().cloned() else { return };
        match token {
            Token::UnquotedUrl(address) => push(&mut found.images, address.to_string()),
            Token::Function(name) => {
                let name = name.to_ascii_lowercase();
                if name.ends_with("gradient") {
                    inside(input, |inner| stops(inner, current, &mut found.gradient));
                } else if name == "url" {
                    inside(input, |inner| {
                        if let Ok(address) = inner.expect_string() {
                            push(&mut found.images, address.to_string());
                        }
                    });
                } else if name.ends_with("image-set") {
                    let mut set = Background::default();
                    inside(input, |inner| image_set(inner, &mut set));
                    found.images.extend(set.images.into_iter().take(1));
                } else {
                    input.reset(&start);
                    color_or_skip(input, current, &mut found.color);
                }
            }
            Token::Hash(_) | Token::IDHash(_) | Token::Ident(_) => {
                input.reset(&start);
                color_or_skip(input, current, &mut found.color);
            }
            _ => {}
        }
    }
}

fn color_or_skip(input: &mut Parser<'_>, current: Rgba, color: &mut Option<Rgba>) {
    match input.try_parse(|input| color::read(input, current).ok_or(())) {
        Ok(read) => *color = Some(read),
        Err(()) => {
            let _ = input.next();
        }
    }
}

/// Every colour of a gradient, in order.
fn stops(input: &mut Parser<'_>, current: Rgba, found: &mut Vec<Rgba>) {
    while !input.is_exhausted() {
        let mut color = None;
        color_or_skip(input, current, &mut color);
        if let Some(color) = color {
            push(found, color);
        }
    }
}

fn image_set(input: &mut Parser<'_>, found: &mut Background) {
    loop {
        match input.next().cloned() {
            Ok(Token::QuotedString(address) | Token::UnquotedUrl(address)) => {
                push(&mut found.images, address.to_string());
            }
            Ok(Token::Function(name)) if name.eq_ignore_ascii_case("url") => {
                inside(input, |inner| {
                    if let Ok(address) = inner.expect_string() {
                        push(&mut found.images, address.to_string());
                    }
                });
            }
            Ok(_) => {}
            Err(_) => return,
        }
    }
}

fn inside(input: &mut Parser<'_>, mut read: impl FnMut(&mut Parser<'_>)) {
    let _ = input.parse_nested_block(|inner| {
        read(inner);
        while inner.next().is_ok() {}
        Ok::<(), cssparser::ParseError<()>>(())
    });
}

fn push<T>(all: &mut Vec<T>, one: T) {
    if all.len() < MAX_PARTS {
        all.push(one);
    }
}

/// The addresses of a value such as `src` of a font.
pub(super) fn urls(text: &str) -> Vec<String> {
    background(text, Rgba::BLACK).images
}

/// What a `border` shorthand or one of its longhands says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Border {
    /// Its colour, when one is written.
    pub(super) color: Option<Rgba>,
    /// Whether a line style other than `none` is written.
    pub(super) is_drawn: Option<bool>,
    /// Whether the width is more than nothing.
    pub(super) has_width: Option<bool>,
}

/// Reads `border`, `border-color`, `border-style` or `border-width`: the first of each kind.
pub(super) fn border(text: &str, current: Rgba) -> Border {
    let mut input = Parser::new(text);
    let mut found = Border::default();
    loop {
        let start = input.state();
        let Ok(token) = input.next().cloned() else { return found };
        match token {
            Token::Number { value, .. } | Token::Dimension { value, .. } => {
                found.has_width.get_or_insert(value > 0.0);
            }
            Token::Ident(word) => match word.to_ascii_lowercase().as_str() {
                "none" | "hidden" => found.is_drawn = Some(false),
                "solid" | "dashed" | "dotted" | "double" | "groove" | "ridge" | "inset"
                | "outset" => found.is_drawn = Some(true),
                "thin" | "medium" | "thick" => found.has_width = Some(true),
                _ => {
                    input.reset(&start);
                    first_color(&mut input, current, &mut found);
                }
            },
            Token::Hash(_) | Token::IDHash(_) | Token::Function(_) => {
                input.reset(&start);
                first_color(&mut input, current, &mut found);
            }
            _ => {}
        }
    }
}

fn first_color(input: &mut Parser<'_>, current: Rgba, found: &mut Border) {
    let mut color = None;
    color_or_skip(input, current, &mut color);
    found.color = found.color.or(color);
}

/// What `font` or one of its longhands says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Font {
    /// Families, first choice first; empty when none is written.
    pub(super) families: Vec<String>,
    /// The size in pixels.
    pub(super) size: Option<f32>,
    /// 1 to 1000.
    pub(super) weight: Option<u16>,
}

/// Reads the `font` shorthand; `parent` is the size that relative sizes refer to.
pub(super) fn font(text: &str, parent: f32) -> Font {
    let mut input = Parser::new(text);
    let mut found = Font::default();
    loop {
        let start = input.state();
        let Ok(token) = input.next().cloned() else { return found };
        match token {
            Token::Ident(word) => {
                let word = word.to_ascii_lowercase();
                found.weight = found.weight.or(weight(&word));
                if found.size.is_none() {
                    found.size = keyword_size(&word, parent);
                } else {
                    input.reset(&start);
                    break;
                }
            }
            Token::Number { int_value: Some(value), .. } if found.size.is_none() => {
                found.weight = u16::try_from(value).ok().filter(|weight| *weight <= 1_000);
            }
            Token::QuotedString(_) => {
                input.reset(&start);
                break;
            }
            Token::Delim('/') => {
                let _ = input.next();
            }
            token if found.size.is_none() => found.size = size_of(&token, parent),
            _ => {}
        }
    }
    let from = input.position();
    while input.next().is_ok() {}
    found.families = families(input.slice_from(from));
    found
}

/// Reads `font-size`.
pub(super) fn font_size(text: &str, parent: f32) -> Option<f32> {
    let mut input = Parser::new(text);
    match input.next().ok()?.clone() {
        Token::Ident(word) => keyword_size(&word.to_ascii_lowercase(), parent),
        // `clamp()` and `calc()`: the last length is the largest or the base.
        Token::Function(_) => {
            let mut last = None;
            inside(&mut input, |inner| {
                while let Ok(token) = inner.next().cloned() {
                    last = size_of(&token, parent).or(last);
                }
            });
            last
        }
        token => size_of(&token, parent),
    }
}

fn size_of(token: &Token<'_>, parent: f32) -> Option<f32> {
    let pixels = match token {
        Token::Percentage { unit_value, .. } => unit_value * parent,
        Token::Number { value, .. } if *value == 0.0 => 0.0,
        Token::Dimension { value, unit, .. } => {
            value
                * match unit.to_ascii_lowercase().as_str() {
                    "px" => 1.0,
                    "rem" => 16.0,
                    "em" => parent,
                    "pt" => 4.0 / 3.0,
                    "vw" => 12.8,
                    "vh" | "vmin" => 8.0,
                    "ex" | "ch" => parent / 2.0,
                    _ => return None,
                }
        }
        _ => return None,
    };
    // No page means more than this; larger numbers would only spoil the comparisons.
    pixels.is_finite().then(|| pixels.clamp(0.0, 1_000.0))
}

fn keyword_size(word: &str, parent: f32) -> Option<f32> {
    Some(match word {
        "xx-small" => 9.0,
        "x-small" => 10.0,
        "small" => 13.0,
        "medium" => 16.0,
        "large" => 18.0,
        "x-large" => 24.0,
        "xx-large" => 32.0,
        "xxx-large" => 48.0,
        "larger" => parent * 1.2,
        "smaller" => parent / 1.2,
        _ => return None,
    })
}

/// Reads `font-weight`; relative words count as what they mostly come to.
pub(super) fn weight(text: &str) -> Option<u16> {
    match text.trim().to_ascii_lowercase().as_str() {
        "normal" => Some(400),
        "bold" | "bolder" => Some(700),
        "lighter" => Some(300),
        number => number.parse::<f32>().ok().and_then(|weight| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the range is checked"
            )]
            (1.0..=1_000.0).contains(&weight).then_some(weight as u16)
        }),
    }
}

/// Reads `font-family`: quotes removed, white space collapsed.
pub(super) fn families(text: &str) -> Vec<String> {
    let mut input = Parser::new(text);
    let mut all = Vec::new();
    let mut one = String::new();
    loop {
        let token = input.next().cloned();
        match token {
            Ok(Token::Ident(word) | Token::QuotedString(word)) => {
                if !one.is_empty() {
                    one.push(' ');
                }
                one.push_str(word.trim());
            }
            Ok(Token::Function(_)) => inside(&mut input, |_| {}),
            Ok(Token::Comma) | Err(_) => {
                let done = std::mem::take(&mut one);
                if !done.is_empty() {
                    push(&mut all, done);
                }
                if token.is_err() {
                    return all;
                }
            }
            Ok(_) => {}
        }
    }
}

/// Whether a value is one of the words that every property takes.
pub(super) fn is_keyword(text: &str) -> bool {
    matches!(text, "inherit" | "initial" | "unset" | "revert" | "revert-layer")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backgrounds_are_taken_apart() {
        let found = background(
            "url(a.png) no-repeat, linear-gradient(90deg, #f00 10%, rgba(0,0,255,.5)), #0f0",
            Rgba::BLACK,
        );
        assert_eq!(found.images, ["a.png"]);
        assert_eq!(found.color, Some(Rgba::opaque([0, 255, 0])));
        assert_eq!(found.gradient.len(), 2);
        let set = background("image-set('a.webp' 1x, \"b.png\" 2x)", Rgba::BLACK);
        assert_eq!(set.images, ["a.webp"]);
        assert_eq!(background("none", Rgba::BLACK), Background::default());
        let radial = background("radial-gradient(circle at center, red, blue)", Rgba::BLACK);
        assert_eq!(radial.gradient.len(), 2);
    }

    #[test]
    fn borders_are_taken_apart() {
        let found = border("1px solid #f00", Rgba::BLACK);
        assert_eq!(found.color, Some(Rgba::opaque([255, 0, 0])));
        assert_eq!((found.is_drawn, found.has_width), (Some(true), Some(true)));
        assert_eq!(border("0", Rgba::BLACK).has_width, Some(false));
        assert_eq!(border("none", Rgba::BLACK).is_drawn, Some(false));
    }

    #[test]
    fn fonts_are_taken_apart() {
        let found = font("italic bold 12px/1.5 'Open Sans', Arial, sans-serif", 16.0);
        assert_eq!(found.families, ["Open Sans", "Arial", "sans-serif"]);
        assert_eq!((found.size, found.weight), (Some(12.0), Some(700)));
        assert_eq!(font("1.5em Lucida Grande", 20.0).families, ["Lucida Grande"]);
        assert_eq!(font("1.5em Lucida Grande", 20.0).size, Some(30.0));
        assert_eq!(
            families("lucida grande,  \"Segoe UI\" , serif"),
            ["lucida grande", "Segoe UI", "serif"]
        );
        assert_eq!(font_size("clamp(1rem, 2vw, 3rem)", 16.0), Some(48.0));
        assert_eq!(weight("650"), Some(650));
        assert_eq!(weight("9999"), None);
    }

    #[test]
    fn endless_values_are_bounded() {
        let many = format!("linear-gradient({}red)", "red,".repeat(100_000));
        assert_eq!(background(&many, Rgba::BLACK).gradient.len(), MAX_PARTS);
        assert_eq!(families(&"a,".repeat(100_000)).len(), MAX_PARTS);
        let deep = "linear-gradient(".repeat(50_000);
        assert!(background(&deep, Rgba::BLACK).gradient.is_empty());
    }
}
