//! What the cascade gives an element.

use std::sync::Arc;

use url::Url;

use super::sheet::{FontFace, Property, SheetKind, Sheets, Span, Symbol};
use super::values;
use crate::brand::color::Rgba;

/// The computed style of one element.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Computed {
    /// Not displayed or not visible, by itself or by an ancestor.
    pub(crate) hidden: bool,
    /// Its text colour.
    pub(crate) color: Rgba,
    /// What its own box is painted with.
    pub(crate) paint: Paint,
    /// What its `::before` and `::after` are painted with.
    pub(crate) generated: Option<Box<Paint>>,
    /// The colour of its border, when it has one that is to be seen.
    pub(crate) border: Option<Rgba>,
    /// SVG fill; `None` for `none`.
    pub(crate) fill: Option<Rgba>,
    /// SVG stroke; `None` for `none`.
    pub(crate) stroke: Option<Rgba>,
    /// Font families as they are written, first choice first.
    pub(crate) families: Arc<[String]>,
    /// 1 to 1000.
    pub(crate) weight: u16,
    /// In CSS pixels.
    pub(crate) font_size: f32,
    /// `border-radius` as written.
    pub(crate) radius: Option<Arc<str>>,
    /// `padding` as written.
    pub(crate) padding: Option<Arc<str>>,
    /// `text-transform` where it is not `none`.
    pub(crate) transform: Option<Arc<str>>,
    /// The declaration that the text colour comes from; none for the browser's default.
    pub(crate) color_from: Option<DeclarationId>,
    /// The declaration that the border colour comes from.
    pub(crate) border_from: Option<DeclarationId>,
    /// The declaration that the families come from.
    pub(crate) families_from: Option<DeclarationId>,
    /// Whether `color_from` was declared on the element itself and not inherited.
    pub(crate) has_own_color: bool,
}

/// What a box is painted with.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Paint {
    /// Its colour, when one is to be seen.
    pub(crate) color: Option<Rgba>,
    /// Addresses of its pictures.
    pub(crate) images: Vec<Url>,
    /// The stops of its gradients, in order.
    pub(crate) gradient: Vec<Rgba>,
    /// The declaration that the colour or gradient comes from.
    pub(crate) from: Option<DeclarationId>,
}

impl Paint {
    /// Whether anything of it is to be seen.
    pub(crate) fn is_empty(&self) -> bool {
        self.color.is_none() && self.images.is_empty() && self.gradient.is_empty()
    }
}

/// Names a declaration of a page's sheets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct DeclarationId(pub(super) u32);

/// The computed styles of a page's elements, by their index, and what the sheets declare.
pub(crate) struct Styles {
    pub(super) computed: Vec<Computed>,
    pub(super) sheets: Sheets,
    pub(super) variables: Vec<Variable>,
    pub(super) matched: Vec<bool>,
}

/// A custom property as the root of the page sees it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Variable {
    /// Its name without the dashes.
    pub(crate) name: String,
    /// Its colour.
    pub(crate) color: Rgba,
    /// How many declarations that won use it.
    pub(crate) uses: u32,
    /// The declaration that it comes from.
    pub(crate) from: DeclarationId,
}

/// Where a declaration stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place<'s> {
    /// Its sheet.
    pub(crate) url: &'s Url,
    /// Its line, from 1.
    pub(crate) line: u32,
    /// The selectors of its rule, empty for attributes.
    pub(crate) selectors: &'s str,
    /// Its value as written.
    pub(crate) value: &'s str,
    /// The whole declaration as written.
    pub(crate) text: &'s str,
    /// Whose sheet it is.
    pub(crate) kind: SheetKind,
}

impl std::fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}#L{}", self.url, self.line)
    }
}

impl Place<'_> {
    /// The declaration with its rule's selectors, for evidence.
    pub(crate) fn shown(&self) -> String {
        /// Selector lists of generated sheets run to kilobytes.
        const SELECTOR_CHARS: usize = 60;
        let selectors: String = self.selectors.chars().take(SELECTOR_CHARS).collect();
        if selectors.is_empty() {
            format!("style: {}", self.text)
        } else {
            format!("{selectors} {{ {} }}", self.text)
        }
    }
}

/// A colour that a rule declares, whether or not it matches anything.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Declared {
    /// What it colours.
    pub(crate) role: DeclaredRole,
    /// The value as written, variables and all.
    pub(crate) from: DeclarationId,
    /// Whether its rule matches an element of the page.
    pub(crate) is_matched: bool,
}

/// What a declared colour is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeclaredRole {
    /// Text.
    Text,
    /// A ground.
    Ground,
    /// A border, fill or stroke.
    Line,
}

impl Styles {
    /// The style of the element at an index.
    pub(crate) fn of(&self, index: usize) -> Option<&Computed> {
        self.computed.get(index)
    }

    /// The styles of all styled elements, in the page's order.
    pub(crate) fn all(&self) -> &[Computed] {
        &self.computed
    }

    /// The custom properties that are colours, as the root sees them.
    pub(crate) fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// The fonts that the sheets bring.
    pub(crate) fn faces(&self) -> &[FontFace] {
        &self.sheets.faces
    }

    /// Whether a limit cut the sheets short.
    pub(crate) const fn is_truncated(&self) -> bool {
        self.sheets.truncated
    }

    /// Where a declaration stands.
    pub(crate) fn place(&self, id: DeclarationId) -> Place<'_> {
        let declaration = &self.sheets.declarations[id.0 as usize];
        let rule = &self.sheets.rules[declaration.rule as usize];
        let sheet = &self.sheets.all[usize::from(declaration.value.sheet)];
        Place {
            url: &sheet.url,
            line: declaration.line,
            selectors: self.sheets.text(rule.prelude).trim(),
            value: self.sheets.text(declaration.value),
            text: written(&sheet.text, declaration.value),
            kind: sheet.kind,
        }
    }

    /// Every font stack that the site's own sheets declare without variables.
    pub(crate) fn declared_families(&self) -> impl Iterator<Item = (Vec<String>, DeclarationId)> {
        self.sheets.declarations.iter().zip(0..).filter_map(|(one, id)| {
            let text = self.sheets.text(one.value);
            let is_own = self.sheets.all[usize::from(one.value.sheet)].kind == SheetKind::Own;
            let families = match one.property {
                Property::FontFamily => values::families(text),
                Property::Font => values::font(text, 16.0).families,
                _ => return None,
            };
            let is_stack = is_own && !families.is_empty() && !text.contains("var(");
            let is_word = families.first().is_some_and(|one| values::is_keyword(one));
            (is_stack && !is_word).then_some((families, DeclarationId(id)))
        })
    }

    /// Every colour that the site's own sheets declare.
    pub(crate) fn declared(&self) -> impl Iterator<Item = Declared> {
        self.sheets.declarations.iter().zip(0..).filter_map(|(one, id)| {
            let role = match one.property {
                Property::Color => DeclaredRole::Text,
                Property::Background | Property::BackgroundColor => DeclaredRole::Ground,
                Property::Border | Property::BorderColor | Property::Fill | Property::Stroke => {
                    DeclaredRole::Line
                }
                _ => return None,
            };
            let is_own = self.sheets.all[usize::from(one.value.sheet)].kind == SheetKind::Own;
            let is_matched = self.matched[one.rule as usize];
            is_own.then_some(Declared { role, from: DeclarationId(id), is_matched })
        })
    }
}

/// A declaration from its name on: what stands before its value, back to the one before it.
fn written(sheet: &str, value: Span) -> &str {
    let (start, end) = (value.start as usize, value.end as usize);
    let before = sheet.get(..start).unwrap_or_default();
    let from = before.rfind(['{', ';', '}']).map_or(0, |at| at + 1);
    sheet.get(from..end).unwrap_or_default().trim()
}

/// What `Styles` needs of the spans of others.
impl Sheets {
    /// The text of a custom property's declaration at the root, for listing.
    pub(super) fn custom(&self) -> impl Iterator<Item = (Symbol, Span, DeclarationId)> {
        self.declarations.iter().zip(0..).filter_map(|(one, id)| match one.property {
            Property::Custom(symbol) => Some((symbol, one.value, DeclarationId(id))),
            _ => None,
        })
    }
}
