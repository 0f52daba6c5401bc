//! What stands between an at-rule's name and its block.

use cssparser::{Parser, Token};

use super::media;
use super::parse::Import;

/// The at-rules that matter here.
pub(super) enum Prelude {
    /// `@media`, `@supports`, `@container`, `@scope`: whether the rules inside apply.
    Condition(bool),
    /// `@layer`, with its names.
    Layer(Vec<String>),
    /// `@import`; none when its media do not hold.
    Import(Option<Import>),
    /// `@font-face`.
    FontFace,
    /// `@property`, without its dashes.
    Property(String),
    /// Everything else.
    Other,
}

impl Prelude {
    /// Reads the prelude of the at-rule `name`, in lower case; all of it is consumed.
    pub(super) fn read(name: &str, input: &mut Parser<'_>) -> Self {
        let prelude = match name {
            "media" => Self::Condition(media::matches_list(input)),
            // Browsers of today support what is asked for; `not` asks for the others.
            "supports" => Self::Condition(
                input.try_parse(|input| input.expect_ident_matching("not")).is_err(),
            ),
            "container" | "scope" => Self::Condition(true),
            "layer" => Self::Layer(layers(input)),
            "import" => Self::Import(import(input)),
            "font-face" => Self::FontFace,
            "property" => match input.expect_ident() {
                Ok(name) => Self::Property(name.trim_start_matches("--").to_owned()),
                Err(_) => Self::Other,
            },
            _ => Self::Other,
        };
        while input.next().is_ok() {}
        prelude
    }
}

fn layers(input: &mut Parser<'_>) -> Vec<String> {
    let from = input.position();
    while input.next().is_ok() {}
    let text = input.slice_from(from);
    text.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn import(input: &mut Parser<'_>) -> Option<Import> {
    let address = input.expect_url_or_string().ok()?.to_string();
    let mut layer = None;
    loop {
        let start = input.state();
        match input.next() {
            Ok(Token::Ident(word)) if word.eq_ignore_ascii_case("layer") => {
                layer = Some(String::new());
            }
            Ok(Token::Function(name)) if name.eq_ignore_ascii_case("layer") => {
                let name = input.parse_nested_block(|inner| {
                    let name = layers(inner).into_iter().next().unwrap_or_default();
                    Ok::<String, cssparser::ParseError<()>>(name)
                });
                layer = name.ok();
            }
            Ok(Token::Function(name)) if name.eq_ignore_ascii_case("supports") => {}
            _ => {
                input.reset(&start);
                break;
            }
        }
    }
    media::matches_list(input).then_some(Import { address, layer })
}
