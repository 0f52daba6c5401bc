//! From matched rules to computed styles.

use std::sync::Arc;

use scraper::ElementRef;
use selectors::context::SelectorCaches;
use url::Url;

use super::computed::{Computed, DeclarationId, Paint, Styles, Variable};
use super::hints;
use super::index::{Applied, Index, Matched};
use super::layers::Layers;
use super::parse::Reader;
use super::sheet::{SheetKind, Sheets, Slot};
use super::values;
use super::variables::{Block, EnvironmentId, Variables};
use crate::brand::budget::Deadline;
use crate::brand::color::{self, Rgba};
use crate::brand::page::Page;

/// Cascades what `reader` has read, and the attributes of the page, over the page's elements.
///
/// Past the deadline the remaining elements look like their parents.
pub(super) fn cascade(page: &Page, mut reader: Reader, deadline: &Deadline) -> Styles {
    let attributes = attributes(page, &mut reader);
    let ranks = reader.layers.ranks();
    let sheets = reader.sheets;
    let index = Index::new(&sheets);
    let mut matched_rules = vec![false; sheets.rules.len()];
    let (mut variables, empty) = Variables::new(&sheets);
    let mut caches = SelectorCaches::default();
    let mut matched = Matched::default();
    let mut computed: Vec<Computed> = Vec::with_capacity(page.element_count());
    let mut environments: Vec<EnvironmentId> = Vec::with_capacity(page.element_count());
    let mut is_late = false;
    let initial = initial();
    for (element, at) in page.elements().zip(0..) {
        let parent = element.parent().and_then(ElementRef::wrap);
        let parent = parent.and_then(|parent| page.index_of(parent));
        let above = parent.and_then(|at| computed.get(at)).unwrap_or(&initial);
        let outer = parent.and_then(|at| environments.get(at)).copied().unwrap_or(empty);
        is_late = is_late
            || deadline.is_over()
            || !index.matches(element, &mut caches, &mut matched, deadline);
        if is_late {
            let inherited = inherited(above);
            computed.push(inherited);
            environments.push(outer);
            continue;
        }
        for applied in matched.own.iter().chain(&matched.generated) {
            matched_rules[applied.rule as usize] = true;
        }
        let order = Order { sheets: &sheets, ranks: &ranks };
        let mut winners = order.winners(&mut matched.own, &attributes[at]);
        winners.environment = variables.within(outer, &winners.blocks);
        let is_page = matches!(element.value().name(), "html" | "body");
        let mut builder = Builder {
            variables: &mut variables,
            sheets: &sheets,
            winners: &winners,
            page,
            is_page,
        };
        let mut style = builder.computed(above);
        if !matched.generated.is_empty() {
            let mut generated = order.winners(&mut matched.generated, &Attributes::default());
            generated.environment = winners.environment;
            let mut builder = Builder { winners: &generated, ..builder };
            style.generated = builder.generated(&style);
        }
        environments.push(winners.environment);
        computed.push(style);
    }
    let root = environments.first().copied().unwrap_or(empty);
    let listed = listed(&sheets, &mut variables, root);
    let uses = variables.into_uses();
    let listed = listed
        .into_iter()
        .map(|(symbol, variable)| Variable { uses: uses[symbol].saturating_sub(1), ..variable })
        .collect();
    let mut sheets = sheets;
    sheets.truncated |= is_late;
    Styles { computed, sheets, variables: listed, matched: matched_rules }
}

/// The rules of one element's attributes.
#[derive(Clone, Copy, Default)]
struct Attributes {
    presentational: Option<u32>,
    style: Option<u32>,
}

fn attributes(page: &Page, reader: &mut Reader) -> Vec<Attributes> {
    let url = page.url().clone();
    let rules = |element: ElementRef<'_>, reader: &mut Reader| {
        let hints = hints::presentational(element);
        let presentational =
            if hints.is_empty() { None } else { reader.add_attributes(&url, &hints) };
        let style = element.attr("style").filter(|style| !style.trim().is_empty());
        let style = style.and_then(|style| reader.add_attributes(&url, style));
        Attributes { presentational, style }
    };
    page.elements().map(|element| rules(element, reader)).collect()
}

/// The order of the cascade.
struct Order<'a> {
    sheets: &'a Sheets,
    ranks: &'a [u16],
}

/// For each slot the declaration that won.
struct Winners {
    slots: [Option<DeclarationId>; Slot::COUNT],
    blocks: Vec<Block>,
    environment: EnvironmentId,
}

impl Order<'_> {
    fn winners(&self, applied: &mut [Applied], attributes: &Attributes) -> Winners {
        let mut winners = Winners {
            slots: [None; Slot::COUNT],
            blocks: Vec::new(),
            environment: EnvironmentId::default(),
        };
        applied.sort_unstable_by_key(|one| self.key(*one, false));
        let browser = applied.iter().take_while(|one| self.is_browser(one.rule)).count();
        let (defaults, own) = applied.split_at_mut(browser);
        let presentational = attributes.presentational.iter().copied();
        let style = attributes.style.iter().copied();
        let normal = defaults
            .iter()
            .map(|one| one.rule)
            .chain(presentational)
            .chain(own.iter().map(|one| one.rule))
            .chain(style.clone());
        let mut has_important = false;
        for rule in normal {
            has_important |= self.apply(rule, false, &mut winners);
        }
        if has_important {
            own.sort_unstable_by_key(|one| self.key(*one, true));
            for rule in own.iter().map(|one| one.rule).chain(style) {
                self.apply(rule, true, &mut winners);
            }
        }
        winners
    }

    /// Sets the slots of a rule's declarations; says whether it has important ones.
    fn apply(&self, rule: u32, important: bool, winners: &mut Winners) -> bool {
        let rule_ref = &self.sheets.rules[rule as usize];
        let mut has_important = false;
        let mut has_custom = false;
        let ids = rule_ref.declarations.clone();
        for (declaration, id) in self.sheets.of(rule_ref).iter().zip(ids) {
            has_important |= declaration.important;
            if declaration.important != important {
                continue;
            }
            let slots = declaration.property.slots();
            has_custom |= slots.is_empty();
            for slot in slots {
                winners.slots[*slot as usize] = Some(DeclarationId(id));
            }
        }
        if has_custom {
            winners.blocks.push(Block { rule, important });
        }
        has_important
    }

    fn is_browser(&self, rule: u32) -> bool {
        let sheet = self.sheets.rules[rule as usize].prelude.sheet;
        self.sheets.all[usize::from(sheet)].kind == SheetKind::Browser
    }

    /// Later in the order wins. Among important declarations the layers stand the other way round.
    fn key(&self, applied: Applied, important: bool) -> (bool, u16, u32, u32) {
        let rank = self.ranks[usize::from(self.sheets.rules[applied.rule as usize].layer.0)];
        let rank = if important { u16::MAX - rank } else { rank };
        (!self.is_browser(applied.rule), rank, applied.specificity, applied.rule)
    }
}

fn initial() -> Computed {
    Computed {
        hidden: false,
        color: Rgba::BLACK,
        paint: Paint::default(),
        generated: None,
        border: None,
        fill: Some(Rgba::BLACK),
        stroke: None,
        families: Arc::new([]),
        weight: 400,
        font_size: 16.0,
        radius: None,
        padding: None,
        transform: None,
        color_from: None,
        border_from: None,
        families_from: None,
        has_own_color: false,
    }
}

/// What a child without declarations of its own looks like.
fn inherited(parent: &Computed) -> Computed {
    Computed {
        paint: Paint::default(),
        generated: None,
        border: None,
        radius: None,
        padding: None,
        border_from: None,
        has_own_color: false,
        ..parent.clone()
    }
}

/// Builds one element's style out of its winners.
struct Builder<'b, 's> {
    variables: &'b mut Variables<'s>,
    sheets: &'s Sheets,
    winners: &'b Winners,
    page: &'b Page,
    /// Whether it is the root or the body.
    is_page: bool,
}

impl Builder<'_, '_> {
    fn computed(&mut self, parent: &Computed) -> Computed {
        let mut style = inherited(parent);
        self.text(parent, &mut style);
        self.font(parent, &mut style);
        if self.is_page {
            // Some pages hide all of themselves until a script shows them.
            return self.boxed(style);
        }
        style.hidden |= self.value(Slot::Display).is_some_and(|text| text.trim() == "none");
        match self.value(Slot::Visibility).as_deref().map(str::trim) {
            Some("hidden" | "collapse") => style.hidden = true,
            // A visible child of an invisible parent is seen; of one not displayed it is not, but
            // menus that are folded away by it still speak of the brand, at a lower weight.
            Some("visible") if !parent.hidden => style.hidden = false,
            _ => {}
        }
        self.boxed(style)
    }

    /// Fills in what concerns the element's own box.
    fn boxed(&mut self, mut style: Computed) -> Computed {
        style.paint = self.paint(style.color);
        self.frame(&mut style);
        style.radius = self.kept(Slot::BorderRadius, "0");
        style.padding = self.kept(Slot::Padding, "0");
        style
    }

    /// The paint of generated content, when there is any.
    fn generated(&mut self, style: &Computed) -> Option<Box<Paint>> {
        let paint = self.paint(style.color);
        (!paint.is_empty()).then(|| Box::new(paint))
    }

    fn text(&mut self, parent: &Computed, style: &mut Computed) {
        if let Some(text) = self.value(Slot::Color) {
            match text.trim() {
                "inherit" | "unset" | "currentcolor" | "currentColor" | "revert" => {}
                text => {
                    if let Some(color) = color::parse(text, parent.color) {
                        style.color = color;
                        style.color_from = self.author(Slot::Color);
                        style.has_own_color = style.color_from.is_some();
                    }
                }
            }
        }
        let line = |text: Option<String>, inherited: Option<Rgba>, current: Rgba| match text {
            Some(text) if text.trim() == "none" => None,
            Some(text) => color::parse(text.trim(), current).or(inherited),
            None => inherited,
        };
        style.fill = line(self.value(Slot::Fill), parent.fill, style.color);
        style.stroke = line(self.value(Slot::Stroke), parent.stroke, style.color);
        if let Some(text) = self.value(Slot::TextTransform) {
            let text = text.trim();
            style.transform = (!values::is_keyword(text) && text != "none").then(|| text.into());
        }
    }

    fn font(&mut self, parent: &Computed, style: &mut Computed) {
        let size = parent.font_size;
        let shorthand = |builder: &mut Self, slot: Slot| {
            let is_shorthand = builder.is_font_shorthand(slot);
            builder.value(slot).map(|text| (is_shorthand, text))
        };
        if let Some((is_font, text)) = shorthand(self, Slot::FontFamily) {
            let families =
                if is_font { values::font(&text, size).families } else { values::families(&text) };
            if !families.is_empty() && !families.iter().all(|one| values::is_keyword(one)) {
                style.families = families.into();
                style.families_from = self.author(Slot::FontFamily);
            }
        }
        if let Some((is_font, text)) = shorthand(self, Slot::FontSize) {
            let read = if is_font {
                values::font(&text, size).size
            } else {
                values::font_size(&text, size)
            };
            style.font_size = read.unwrap_or(size);
        }
        if let Some((is_font, text)) = shorthand(self, Slot::FontWeight) {
            let read =
                if is_font { values::font(&text, size).weight } else { values::weight(&text) };
            style.weight = read.unwrap_or(if is_font { 400 } else { parent.weight });
        }
    }

    fn paint(&mut self, current: Rgba) -> Paint {
        let mut paint = Paint::default();
        if let Some(text) = self.value(Slot::BackgroundColor) {
            let read = values::background(&text, current);
            paint.color = read.color.filter(|color| !color.is_invisible());
            if paint.color.is_some() {
                paint.from = self.author(Slot::BackgroundColor);
            }
        }
        if let Some(text) = self.value(Slot::BackgroundImage) {
            let read = values::background(&text, current);
            paint.gradient = read.gradient;
            if !paint.gradient.is_empty() && paint.from.is_none() {
                paint.from = self.author(Slot::BackgroundImage);
            }
            let base = self.sheet_url(Slot::BackgroundImage);
            paint.images = read
                .images
                .iter()
                .filter_map(|address| base.join(address).ok())
                .filter(|url| matches!(url.scheme(), "http" | "https"))
                .collect();
        }
        paint
    }

    fn frame(&mut self, style: &mut Computed) {
        let current = style.color;
        let mut read = |slot: Slot| {
            self.value(slot).map(|text| values::border(&text, current)).unwrap_or_default()
        };
        let color = read(Slot::BorderColor).color;
        let is_drawn = read(Slot::BorderStyle).is_drawn.unwrap_or(false);
        let has_width = read(Slot::BorderWidth).has_width.unwrap_or(true);
        if is_drawn && has_width {
            style.border = Some(color.unwrap_or(current)).filter(|color| !color.is_invisible());
            style.border_from = self.author(Slot::BorderColor);
        }
    }

    fn kept(&mut self, slot: Slot, nothing: &str) -> Option<Arc<str>> {
        let text = self.value(slot)?;
        let text = text.trim();
        // Longer ones are no longer a look that another layout could take over.
        let is_plain = text.len() <= 60 && !values::is_keyword(text) && text != nothing;
        is_plain.then(|| text.into())
    }

    fn value(&mut self, slot: Slot) -> Option<String> {
        let id = self.winners.slots[slot as usize]?;
        let span = self.sheets.declarations[id.0 as usize].value;
        self.variables.substituted(span, self.winners.environment).map(std::borrow::Cow::into_owned)
    }

    /// The winner of a slot, when it is not a default of the browser.
    fn author(&self, slot: Slot) -> Option<DeclarationId> {
        let id = self.winners.slots[slot as usize]?;
        let sheet = self.sheets.declarations[id.0 as usize].value.sheet;
        (self.sheets.all[usize::from(sheet)].kind != SheetKind::Browser).then_some(id)
    }

    fn is_font_shorthand(&self, slot: Slot) -> bool {
        self.winners.slots[slot as usize].is_some_and(|id| {
            self.sheets.declarations[id.0 as usize].property == super::sheet::Property::Font
        })
    }

    fn sheet_url(&self, slot: Slot) -> Url {
        let id = self.winners.slots[slot as usize];
        let sheet = id.map(|id| self.sheets.declarations[id.0 as usize].value.sheet);
        sheet
            .and_then(|sheet| self.sheets.all.get(usize::from(sheet)))
            .filter(|sheet| sheet.kind != SheetKind::Attributes)
            .map_or_else(|| self.page.base().clone(), |sheet| sheet.url.clone())
    }
}

/// The custom properties that are colours at the root of the page.
fn listed(
    sheets: &Sheets,
    variables: &mut Variables<'_>,
    root: EnvironmentId,
) -> Vec<(usize, Variable)> {
    let mut listed: Vec<(usize, Variable)> = Vec::new();
    let mut seen = vec![false; sheets.names.len()];
    for (symbol, _, from) in sheets.custom() {
        let at = symbol.index();
        if std::mem::replace(&mut seen[at], true) {
            continue;
        }
        let Some(value) = variables.value(symbol, root, 0) else { continue };
        let Some(color) = color::parse(value.trim(), Rgba::BLACK) else { continue };
        let name = sheets.names.text(symbol).to_owned();
        listed.push((at, Variable { name, color, uses: 0, from }));
    }
    listed
}

/// The browser's own sheet comes first in every cascade.
pub(super) fn reader(page: &Page, max_rules: usize) -> Reader {
    let mut reader = Reader::new(max_rules);
    reader.add(page.url(), hints::BROWSER, SheetKind::Browser, Layers::NONE);
    let mut body = page.elements().filter(|element| element.value().name() == "body");
    if let Some(color) = body.next().and_then(hints::link_color) {
        let css = format!("a:link{{color:{color}}}");
        reader.add(page.url(), &css, SheetKind::Own, Layers::NONE);
    }
    reader
}
