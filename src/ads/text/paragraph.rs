//! A text, shaped once at a reference size.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use parley::fontique::{Blob, Collection, CollectionOptions, FontInfoOverride, SourceCache};
use parley::setting::Tag;
use parley::{
    BaseDirection, FontContext, FontFamily, FontFamilyName, FontFeature, FontVariation, FontWeight,
    Language, Layout, LayoutContext, LineBreak, RangedBuilder, StyleProperty, WordBreak,
};

use super::TextError;
use super::choice::{Chosen, choose, without_pictographs};
use super::direction::Reading;
use super::outline::Glyphs;
use super::script::{BODY, is_spaceless, leading, tracking};
use super::words::{Words, is_invisible};
use crate::ads::fonts::{Family, FontShelf, Han, Resolved};
use crate::ads::scene::Style;

/// The size in px at which texts are shaped; all others are this one, scaled.
pub(super) const REFERENCE: f32 = 100.0;

/// What shaping needs, and what of the shelf it has met so far.
pub(super) struct Press {
    shelf: Arc<FontShelf>,
    fonts: FontContext,
    layouts: LayoutContext<()>,
    /// The families of the fonts that were registered, by the font's blob and its place in it.
    families: BTreeMap<(u64, u32), String>,
    glyphs: Glyphs,
}

/// A shaped text.
pub(super) struct Paragraph<'a> {
    pub(super) words: Words,
    pub(super) style: &'a Style,
    pub(super) layout: Layout<()>,
    pub(super) glyphs: &'a mut Glyphs,
    /// The distance of base lines as a multiple of the size.
    pub(super) leading: f32,
    pub(super) missing: Vec<char>,
    /// The family that was asked for and the one that was used, where they differ.
    pub(super) substituted: Option<(String, String)>,
    families: &'a BTreeMap<(u64, u32), String>,
}

impl Press {
    pub(super) fn new(shelf: Arc<FontShelf>) -> Self {
        let options = CollectionOptions { shared: false, system_fonts: false };
        let fonts = FontContext {
            collection: Collection::new(options),
            source_cache: SourceCache::default(),
        };
        Self {
            shelf,
            fonts,
            layouts: LayoutContext::new(),
            families: BTreeMap::new(),
            glyphs: Glyphs::default(),
        }
    }

    pub(super) fn shape<'a>(
        &'a mut self,
        mut words: Words,
        style: &'a Style,
    ) -> Result<Paragraph<'a>, TextError> {
        self.glyphs.make_room();
        let fonts = Arc::clone(&self.shelf);
        let resolved = fonts.resolve(&style.family);
        let order = fonts.order(&resolved.family, Han::of(&words.lang, &words.text));
        let mut missing = Vec::new();
        if let Some((left, pictographs)) = without_pictographs(&words.text, &order) {
            if left.chars().all(is_invisible) {
                return Err(TextError::MissingGlyphs(pictographs));
            }
            (words.text, missing) = (left, pictographs);
        }
        let chosen = choose(&words.text, &order);
        for part in &chosen {
            self.register(&part.family);
        }
        let substituted = substitution(&resolved, &chosen);
        let layout = self.lay_out(&words, style, &chosen);
        complete(&words.text, &layout)?;
        let leading = leading(&words.text, style);
        let (glyphs, families) = (&mut self.glyphs, &self.families);
        Ok(Paragraph { words, style, layout, glyphs, leading, missing, substituted, families })
    }

    fn register(&mut self, family: &Family) {
        for (place, face) in family.faces().iter().enumerate() {
            let key = (face.font().id(), face.index());
            if let Entry::Vacant(entry) = self.families.entry(key) {
                entry.insert(family.name().to_owned());
                // Vendored files carry odd names. A collection keeps the names of its own: its
                // faces are different families.
                let name = family.name_of(place);
                let named =
                    FontInfoOverride { family_name: Some(&name), ..FontInfoOverride::default() };
                let named = (!family.is_from_folder()).then_some(named);
                self.fonts.collection.register_fonts(Blob::clone(face.font()), named);
            }
        }
    }

    fn lay_out(&mut self, words: &Words, style: &Style, chosen: &[Chosen]) -> Layout<()> {
        let Self { fonts, layouts, .. } = self;
        let mut builder = layouts.ranged_builder(fonts, &words.text, 1.0, false);
        builder.set_base_direction(match words.reading {
            Reading::Ltr => BaseDirection::Ltr,
            Reading::Rtl => BaseDirection::Rtl,
        });
        dress(&mut builder, words, style);
        for part in chosen {
            let family = FontFamilyName::Named(Cow::Owned(part.family.name_of(part.face)));
            builder.push(StyleProperty::FontFamily(FontFamily::Single(family)), part.range.clone());
        }
        let mut layout = builder.build(&words.text);
        layout.break_all_lines(None);
        layout
    }
}

impl Paragraph<'_> {
    /// The families that ink something, in the order in which they appear.
    pub(super) fn fonts_used(&self) -> Vec<String> {
        let mut used: Vec<String> = Vec::new();
        for run in self.layout.lines().flat_map(|line| line.runs().collect::<Vec<_>>()) {
            let inks = self
                .words
                .text
                .get(run.text_range())
                .is_some_and(|text| text.chars().any(|c| !is_invisible(c)));
            let family = self.families.get(&(run.font().data.id(), run.font().index));
            if let Some(family) = family.filter(|family| inks && !used.contains(family)) {
                used.push(family.clone());
            }
        }
        used
    }
}

/// What was asked for and what was used, where that is not the same: where another family stands
/// for the one that was asked for, or sets all letters because that one has none of them.
fn substitution(resolved: &Resolved, chosen: &[Chosen]) -> Option<(String, String)> {
    let Resolved { asked, family } = resolved;
    if !asked.eq_ignore_ascii_case(family.name()) {
        return Some((asked.clone(), family.name().to_owned()));
    }
    let letters = || chosen.iter().filter(|part| part.has_letters);
    let other = letters().next().filter(|_| letters().all(|p| !Arc::ptr_eq(&p.family, family)));
    other.map(|part| (asked.clone(), part.family.name().to_owned()))
}

/// What holds for the whole text.
fn dress(builder: &mut RangedBuilder<'_, ()>, words: &Words, style: &Style) {
    let language = Language::parse(&words.lang).ok();
    let tracking = tracking(&words.text, style);
    builder.push_default(StyleProperty::FontSize(REFERENCE));
    builder.push_default(StyleProperty::FontWeight(FontWeight::new(f32::from(style.weight))));
    builder.push_default(StyleProperty::LetterSpacing(tracking * REFERENCE));
    builder.push_default(StyleProperty::Locale(language));
    builder.push_default(StyleProperty::LineBreak(LineBreak::Strict));
    // Kana stand in squares that are wider than they are: a headline closes them up.
    if style.lh < BODY && is_spaceless(&words.text) {
        let closer = [FontFeature::new(Tag::new(b"palt"), 1)];
        builder.push_default(StyleProperty::FontFeatures((&closer).into()));
    }
    let axes = [FontVariation { tag: Tag::new(b"opsz"), value: optical_size(style) }];
    builder.push_default(StyleProperty::FontVariations((&axes).into()));
    if keeps_words(words) {
        builder.push_default(StyleProperty::WordBreak(WordBreak::KeepAll));
    }
}

/// The design for large sizes has finer hairlines and closer letters: the smallest size that the
/// style allows must still bear it.
fn optical_size(style: &Style) -> f32 {
    style.size[0].clamp(9.0, 144.0)
}

/// Korean breaks between words; so do Japanese and Chinese where U+200B marks them.
fn keeps_words(words: &Words) -> bool {
    let korean = words.lang.split(['-', '_']).next().is_some_and(|lang| lang == "ko");
    korean || is_spaceless(&words.text) && words.text.contains('\u{200b}')
}

/// No glyph may be the one that says "missing".
fn complete(text: &str, layout: &Layout<()>) -> Result<(), TextError> {
    let mut missing = Vec::new();
    for line in layout.lines() {
        for cluster in line.runs().flat_map(|run| run.clusters().collect::<Vec<_>>()) {
            if cluster.glyphs().any(|glyph| glyph.id == 0) {
                let source = text.get(cluster.text_range()).unwrap_or_default();
                missing.extend(source.chars().filter(|c| !is_invisible(*c)));
            }
        }
    }
    missing.sort_unstable();
    missing.dedup();
    if missing.is_empty() { Ok(()) } else { Err(TextError::MissingGlyphs(missing)) }
}
