//! What is kept of parsed style sheets.

use std::collections::HashMap;

use url::Url;

use super::select::Selectors;

/// All sheets of a page, in the order in which the cascade reads them.
#[derive(Default)]
pub(super) struct Sheets {
    /// The sheets; rules and spans name them by their place.
    pub(super) all: Vec<Sheet>,
    /// The rules, in order of appearance.
    pub(super) rules: Vec<Rule>,
    /// The declarations of all rules, each rule's together.
    pub(super) declarations: Vec<Declaration>,
    /// The fonts that sheets bring.
    pub(super) faces: Vec<FontFace>,
    /// Names of custom properties.
    pub(super) names: Names,
    /// Initial values of registered custom properties.
    pub(super) initial: HashMap<Symbol, Span>,
    /// Whether a limit cut them short.
    pub(super) truncated: bool,
}

/// One sheet.
pub(super) struct Sheet {
    /// Where it came from; the page's own address for a `<style>`.
    pub(super) url: Url,
    /// Its text, which spans point into.
    pub(super) text: String,
    /// What the selector of a value's place says when the sheet stands for attributes.
    pub(super) kind: SheetKind,
}

/// Whose a sheet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SheetKind {
    /// The defaults that every browser brings.
    Browser,
    /// The site's own.
    Own,
    /// A library that many sites carry; no evidence of a brand by itself.
    Library,
    /// `style` and presentational attributes.
    Attributes,
}

/// A style rule.
pub(super) struct Rule {
    /// Its selectors; none for attributes, which apply to their element alone.
    pub(super) selectors: Option<Selectors>,
    /// The selectors as written.
    pub(super) prelude: Span,
    /// Where its declarations stand in `Sheets::declarations`.
    pub(super) declarations: std::ops::Range<u32>,
    /// Its cascade layer.
    pub(super) layer: Layer,
}

/// A declaration with a property that is of interest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Declaration {
    /// The property.
    pub(super) property: Property,
    /// The value as written, without `!important`.
    pub(super) value: Span,
    /// Whether it is important.
    pub(super) important: bool,
    /// Its line, from 1.
    pub(super) line: u32,
    /// Its rule.
    pub(super) rule: u32,
}

/// A stretch of a sheet's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    /// Its sheet.
    pub(super) sheet: u16,
    /// First byte.
    pub(super) start: u32,
    /// One past the last byte.
    pub(super) end: u32,
}

/// A font that a sheet brings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FontFace {
    /// The family's name as the sheet calls it.
    pub(crate) family: String,
    /// The file's address as written.
    pub(crate) source: String,
    /// The addresses of all its files in the last `src`, as written.
    pub(crate) files: Vec<String>,
    /// Whether its range of characters, if it has one, begins with the Latin letters.
    pub(crate) is_latin: bool,
    /// Whether it neither leans nor is italic.
    pub(crate) is_upright: bool,
    /// Its weight, or the lowest that it has.
    pub(crate) weight: u16,
    /// The sheet that the addresses stand in.
    pub(crate) sheet: Url,
}

/// More forms of one file than any site has.
const MAX_FILES: usize = 8;

impl FontFace {
    /// A face of `sheet` of which nothing is known yet.
    pub(crate) fn begun(sheet: Url) -> Self {
        Self {
            family: String::new(),
            source: String::new(),
            files: Vec::new(),
            is_latin: true,
            is_upright: true,
            weight: 400,
            sheet,
        }
    }

    /// Takes over a descriptor.
    pub(crate) fn describe(&mut self, name: &str, value: &str) {
        let value = value.trim();
        match name {
            "font-family" => value.trim_matches(['"', '\'']).clone_into(&mut self.family),
            "src" => {
                self.files = super::values::urls(value).into_iter().take(MAX_FILES).collect();
                if let Some(first) = self.files.first().filter(|_| self.source.is_empty()) {
                    self.source.clone_from(first);
                }
            }
            "font-style" => self.is_upright = value.eq_ignore_ascii_case("normal"),
            "font-weight" => {
                let first = value.split_whitespace().next().unwrap_or_default();
                let named = if first.eq_ignore_ascii_case("bold") { 700 } else { 400 };
                self.weight = first.parse().unwrap_or(named);
            }
            "unicode-range" => self.is_latin = begins_with_latin(value),
            _ => {}
        }
    }
}

/// Whether a `unicode-range` has the letter A.
fn begins_with_latin(ranges: &str) -> bool {
    const A: u32 = 0x41;
    ranges.split(',').any(|range| {
        let range = range.trim().trim_start_matches(['U', 'u']).trim_start_matches('+');
        let (from, to) = range.split_once('-').unwrap_or((range, range));
        let bound = |text: &str, digit: &str| u32::from_str_radix(&text.replace('?', digit), 16);
        matches!((bound(from, "0"), bound(to, "F")), (Ok(from), Ok(to)) if (from..=to).contains(&A))
    })
}

/// The name of a custom property, interned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Symbol(u32);

impl Symbol {
    /// Its place among all symbols.
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A cascade layer by its order of registration; see `layers`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layer(pub(super) u16);

/// The properties that speak of a brand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Property {
    Color,
    Background,
    BackgroundColor,
    BackgroundImage,
    Border,
    BorderColor,
    BorderStyle,
    BorderWidth,
    BorderRadius,
    Display,
    Visibility,
    Opacity,
    Fill,
    Stroke,
    Font,
    FontFamily,
    FontSize,
    FontWeight,
    Padding,
    TextTransform,
    Custom(Symbol),
}

impl Property {
    /// The property of a name in lower case, custom ones excepted.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "color" => Self::Color,
            "background" => Self::Background,
            "background-color" => Self::BackgroundColor,
            "background-image" => Self::BackgroundImage,
            "border" | "border-top" | "border-bottom" | "border-left" | "border-right" => {
                Self::Border
            }
            "border-color" | "border-top-color" | "border-bottom-color" => Self::BorderColor,
            "border-style" | "border-top-style" | "border-bottom-style" => Self::BorderStyle,
            "border-width" | "border-top-width" | "border-bottom-width" => Self::BorderWidth,
            "border-radius" => Self::BorderRadius,
            "display" => Self::Display,
            "visibility" => Self::Visibility,
            "opacity" => Self::Opacity,
            "fill" => Self::Fill,
            "stroke" => Self::Stroke,
            "font" => Self::Font,
            "font-family" => Self::FontFamily,
            "font-size" => Self::FontSize,
            "font-weight" => Self::FontWeight,
            "padding" => Self::Padding,
            "text-transform" => Self::TextTransform,
            _ => return None,
        })
    }

    /// What a declaration of this property sets.
    pub(super) const fn slots(self) -> &'static [Slot] {
        match self {
            Self::Color => &[Slot::Color],
            Self::Background => &[Slot::BackgroundColor, Slot::BackgroundImage],
            Self::BackgroundColor => &[Slot::BackgroundColor],
            Self::BackgroundImage => &[Slot::BackgroundImage],
            Self::Border => &[Slot::BorderColor, Slot::BorderStyle, Slot::BorderWidth],
            Self::BorderColor => &[Slot::BorderColor],
            Self::BorderStyle => &[Slot::BorderStyle],
            Self::BorderWidth => &[Slot::BorderWidth],
            Self::BorderRadius => &[Slot::BorderRadius],
            Self::Display => &[Slot::Display],
            Self::Visibility => &[Slot::Visibility],
            Self::Opacity => &[Slot::Opacity],
            Self::Fill => &[Slot::Fill],
            Self::Stroke => &[Slot::Stroke],
            Self::Font => &[Slot::FontFamily, Slot::FontSize, Slot::FontWeight],
            Self::FontFamily => &[Slot::FontFamily],
            Self::FontSize => &[Slot::FontSize],
            Self::FontWeight => &[Slot::FontWeight],
            Self::Padding => &[Slot::Padding],
            Self::TextTransform => &[Slot::TextTransform],
            Self::Custom(_) => &[],
        }
    }
}

/// A value that the cascade decides for an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Slot {
    Color,
    BackgroundColor,
    BackgroundImage,
    BorderColor,
    BorderStyle,
    BorderWidth,
    BorderRadius,
    Display,
    Visibility,
    Opacity,
    Fill,
    Stroke,
    FontFamily,
    FontSize,
    FontWeight,
    Padding,
    TextTransform,
}

impl Slot {
    /// How many there are.
    pub(super) const COUNT: usize = Self::TextTransform as usize + 1;
}

impl Sheets {
    /// The text of a span.
    pub(super) fn text(&self, span: Span) -> &str {
        let sheet = self.all.get(usize::from(span.sheet));
        let range = span.start as usize..span.end as usize;
        sheet.and_then(|sheet| sheet.text.get(range)).unwrap_or_default()
    }

    /// The declarations of a rule.
    pub(super) fn of(&self, rule: &Rule) -> &[Declaration] {
        let range = rule.declarations.start as usize..rule.declarations.end as usize;
        self.declarations.get(range).unwrap_or_default()
    }
}

/// Interned names of custom properties, without their dashes.
#[derive(Default)]
pub(super) struct Names {
    known: HashMap<Box<str>, Symbol>,
    texts: Vec<Box<str>>,
}

impl Names {
    /// The symbol of `name`, made if it is new.
    pub(super) fn intern(&mut self, name: &str) -> Symbol {
        if let Some(symbol) = self.known.get(name) {
            return *symbol;
        }
        let symbol =
            Symbol(u32::try_from(self.texts.len()).expect("sheets are smaller than 4 GiB"));
        self.known.insert(name.into(), symbol);
        self.texts.push(name.into());
        symbol
    }

    /// The symbol of `name`, if any sheet declares it.
    pub(super) fn find(&self, name: &str) -> Option<Symbol> {
        self.known.get(name).copied()
    }

    /// The name of a symbol.
    pub(super) fn text(&self, symbol: Symbol) -> &str {
        self.texts.get(symbol.0 as usize).map_or("", |text| text)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }
}
