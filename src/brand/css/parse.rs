//! Style sheets into rules.
//!
//! Media queries are answered at once, `@supports` is taken to hold, nested rules are unfolded.
//! Values stay text: only those that win are ever read. Never: an error; what cannot be read is
//! left out.

use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, ParseError, Parser, ParserState,
    QualifiedRuleParser, RuleBodyItemParser, RuleBodyParser, StyleSheetParser, Token,
};
use url::Url;

use super::at_rules::Prelude;
use super::layers::Layers;
use super::select::{self, Selectors};
use super::sheet::{Declaration, FontFace, Layer, Property, Rule, Sheet, SheetKind, Sheets, Span};
use crate::brand::color::{self, Rgba};

/// How deep style rules may nest: the cost of matching grows with each level.
const MAX_NESTING: usize = 4;

/// How often a nested selector may name its parent, for the same reason.
const MAX_PARENT_REFERENCES: usize = 4;

/// Collects the rules of all sheets.
pub(super) struct Reader {
    /// What was read so far.
    pub(super) sheets: Sheets,
    /// The layers met so far.
    pub(super) layers: Layers,
    max_rules: usize,
}

impl Reader {
    /// Reads at most `max_rules` rules.
    pub(super) fn new(max_rules: usize) -> Self {
        Self { sheets: Sheets::default(), layers: Layers::new(), max_rules }
    }

    /// Adds a sheet's rules after those that are there.
    pub(super) fn add(&mut self, url: &Url, text: &str, kind: SheetKind, layer: Layer) {
        let Some(mut body) = self.body(url, text, kind, layer) else { return };
        let mut input = Parser::new(text);
        let mut rules = StyleSheetParser::new(&mut input, &mut body);
        while rules.next().is_some() {
            if rules.parser.is_full() {
                rules.parser.reader.sheets.truncated = true;
                break;
            }
        }
    }

    /// Adds the declarations of one element's attributes as a rule without selectors, and says
    /// which rule it is.
    pub(super) fn add_attributes(&mut self, url: &Url, text: &str) -> Option<u32> {
        let mut body = self.body(url, text, SheetKind::Attributes, Layers::NONE)?;
        let mut input = Parser::new(text);
        let prelude = Span { sheet: body.sheet, ..Span::default() };
        body.block(&mut input, None, prelude);
        u32::try_from(self.sheets.rules.len()).ok()?.checked_sub(1)
    }

    fn body(&mut self, url: &Url, text: &str, kind: SheetKind, layer: Layer) -> Option<Body<'_>> {
        let sheet = u16::try_from(self.sheets.all.len()).ok()?;
        u32::try_from(text.len()).ok()?;
        self.sheets.all.push(Sheet { url: url.clone(), text: text.to_owned(), kind });
        Some(Body {
            reader: self,
            sheet,
            layer,
            nests: kind != SheetKind::Attributes,
            parents: Vec::new(),
            open: Vec::new(),
            face: None,
        })
    }
}

/// The reading of one sheet.
pub(super) struct Body<'r> {
    reader: &'r mut Reader,
    sheet: u16,
    layer: Layer,
    nests: bool,
    parents: Vec<(Selectors, Span)>,
    open: Vec<Vec<Declaration>>,
    face: Option<FontFace>,
}

impl Body<'_> {
    fn is_full(&self) -> bool {
        self.reader.sheets.rules.len() >= self.reader.max_rules
    }

    fn span(&self, text: &str, input: &Parser<'_>) -> Span {
        let end = u32::try_from(input.position().byte_index()).unwrap_or(0);
        let length = u32::try_from(text.len()).unwrap_or(0);
        Span { sheet: self.sheet, start: end.saturating_sub(length), end }
    }

    /// Reads a block of declarations and nested rules as one rule of `selectors`.
    fn block(&mut self, input: &mut Parser<'_>, selectors: Option<&Selectors>, prelude: Span) {
        if self.is_full() {
            self.reader.sheets.truncated = true;
            return;
        }
        // The rule takes its place before its nested ones, which come later in the cascade.
        let at = self.reader.sheets.rules.len();
        let layer = self.layer;
        let rule = Rule { selectors: selectors.cloned(), prelude, declarations: 0..0, layer };
        self.reader.sheets.rules.push(rule);
        self.open.push(Vec::new());
        self.parents.extend(selectors.cloned().map(|selectors| (selectors, prelude)));
        let mut items = RuleBodyParser::new(input, self);
        while items.next().is_some() {}
        if selectors.is_some() {
            self.parents.pop();
        }
        let number = u32::try_from(at).unwrap_or(0);
        let sheets = &mut self.reader.sheets;
        let start = u32::try_from(sheets.declarations.len()).unwrap_or(u32::MAX);
        let own = self.open.pop().unwrap_or_default();
        sheets.declarations.extend(own.into_iter().map(|one| Declaration { rule: number, ..one }));
        let end = u32::try_from(sheets.declarations.len()).unwrap_or(u32::MAX);
        sheets.rules[at].declarations = start..end;
    }

    /// Reads rules, or within a style rule also declarations, under a condition that holds.
    fn conditional(&mut self, input: &mut Parser<'_>) {
        if let Some((parent, prelude)) = self.parents.pop() {
            // Declarations directly in a nested `@media` belong to the rule around it.
            self.block(input, Some(&parent), prelude);
            self.parents.push((parent, prelude));
            return;
        }
        let mut items = RuleBodyParser::new(input, self);
        while items.next().is_some() {
            if items.parser.is_full() {
                break;
            }
        }
    }

    fn declare(&mut self, name: &str, value: &str, span: Span, line: u32) {
        let property = match name.strip_prefix("--") {
            Some(custom) => Property::Custom(self.reader.sheets.names.intern(custom)),
            None => match Property::named(&name.to_ascii_lowercase()) {
                Some(property) => property,
                None => return,
            },
        };
        let trimmed = value.trim_end();
        let bare = trimmed
            .len()
            .checked_sub("important".len())
            .and_then(|at| trimmed.split_at_checked(at))
            .filter(|(_, word)| word.eq_ignore_ascii_case("important"))
            .and_then(|(before, _)| before.trim_end().strip_suffix('!'));
        let text = bare.unwrap_or(trimmed);
        let skipped = value.len() - value.trim_start().len();
        let start = span.start + u32::try_from(skipped).unwrap_or(0);
        let end = span.start + u32::try_from(text.trim_end().len()).unwrap_or(0);
        let value = Span { start, end: end.max(start), ..span };
        let important = bare.is_some();
        if !is_valid(property, text.trim()) {
            return;
        }
        if let Some(open) = self.open.last_mut() {
            open.push(Declaration { property, value, important, line, rule: 0 });
        }
    }
}

/// Whether a value may take part in the cascade: an unreadable one must not beat a readable one.
fn is_valid(property: Property, value: &str) -> bool {
    match property {
        Property::Color | Property::BackgroundColor => {
            value.contains("var(")
                || super::values::is_keyword(value)
                || color::parse(value, Rgba::BLACK).is_some()
        }
        Property::Custom(_) => true,
        _ => !value.is_empty(),
    }
}

type Failed = ParseError<()>;

fn refused() -> Failed {
    ParseError::custom(())
}

impl<'i> DeclarationParser<'i> for Body<'_> {
    type Declaration = ();
    type Error = ();

    fn parse_value(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
        start: &ParserState,
    ) -> Result<(), Failed> {
        let from = input.position();
        let is_custom = name.starts_with("--");
        loop {
            match input.next_including_whitespace_and_comments() {
                // A block makes it a nested rule such as `a:hover {`, not a declaration.
                Ok(Token::CurlyBracketBlock) if !is_custom => return Err(refused()),
                Ok(_) => {}
                Err(_) => break,
            }
        }
        let value = input.slice_from(from);
        if let Some(face) = &mut self.face {
            face.describe(&name.to_ascii_lowercase(), value);
            return Ok(());
        }
        let span = self.span(value, input);
        self.declare(&name, value, span, start.source_location().line + 1);
        Ok(())
    }
}

impl<'i> QualifiedRuleParser<'i> for Body<'_> {
    type Prelude = (Option<Selectors>, Span);
    type QualifiedRule = ();
    type Error = ();

    fn parse_prelude(&mut self, input: &mut Parser<'i>) -> Result<Self::Prelude, Failed> {
        let from = input.position();
        let parent = self.parents.last().map(|(selectors, _)| selectors);
        if self.parents.len() >= MAX_NESTING {
            return Err(refused());
        }
        let selectors = select::parse(input, parent);
        while input.next().is_ok() {}
        let text = input.slice_from(from);
        if parent.is_some() && text.matches('&').count() > MAX_PARENT_REFERENCES {
            return Err(refused());
        }
        Ok((selectors, self.span(text, input)))
    }

    fn parse_block(
        &mut self,
        (selectors, prelude): Self::Prelude,
        _: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), Failed> {
        // Without readable selectors a rule applies to nothing, and neither do nested ones.
        let selectors = selectors.ok_or_else(refused)?;
        self.block(input, Some(&selectors), prelude);
        Ok(())
    }
}

impl<'i> AtRuleParser<'i> for Body<'_> {
    type Prelude = Prelude;
    type AtRule = ();
    type Error = ();

    fn parse_prelude(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
    ) -> Result<Prelude, Failed> {
        Ok(Prelude::read(&name.to_ascii_lowercase(), input))
    }

    fn rule_without_block(&mut self, prelude: Prelude, _: &ParserState) -> Result<(), ()> {
        if let Prelude::Layer(names) = prelude {
            for name in names {
                self.reader.layers.enter(self.layer, &name);
            }
        }
        Ok(())
    }

    fn parse_block(
        &mut self,
        prelude: Prelude,
        _: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<(), Failed> {
        match prelude {
            Prelude::Condition(true) => self.conditional(input),
            Prelude::Layer(names) => {
                let name = names.first().map_or("", String::as_str);
                let inner = self.reader.layers.enter(self.layer, name);
                let outer = std::mem::replace(&mut self.layer, inner);
                self.conditional(input);
                self.layer = outer;
            }
            Prelude::FontFace => {
                let sheet = self.reader.sheets.all[usize::from(self.sheet)].url.clone();
                self.face = Some(FontFace::begun(sheet));
                let mut items = RuleBodyParser::new(input, self);
                while items.next().is_some() {}
                let face = self.face.take().filter(|face| !face.family.is_empty());
                self.reader.sheets.faces.extend(face);
            }
            Prelude::Property(name) => self.registered(&name, input),
            Prelude::Condition(false) | Prelude::Import(_) | Prelude::Other => {}
        }
        while input.next().is_ok() {}
        Ok(())
    }
}

impl Body<'_> {
    /// Keeps the initial value of a registered custom property.
    fn registered(&mut self, name: &str, input: &mut Parser<'_>) {
        let from = input.position();
        while input.next().is_ok() {}
        let block = input.slice_from(from);
        let span = self.span(block, input);
        let Some(at) = block.find("initial-value") else { return };
        let Some(colon) = block[at..].find(':') else { return };
        let start = at + colon + 1;
        let end = block[start..].find([';', '}']).map_or(block.len(), |end| start + end);
        let offset = |at: usize| span.start + u32::try_from(at).unwrap_or(0);
        let value = Span { start: offset(start), end: offset(end), ..span };
        let symbol = self.reader.sheets.names.intern(name);
        self.reader.sheets.initial.insert(symbol, value);
    }
}

impl RuleBodyItemParser<'_, (), ()> for Body<'_> {
    fn parse_declarations(&self) -> bool {
        !self.open.is_empty() || self.face.is_some()
    }

    fn parse_qualified(&self) -> bool {
        self.nests && self.face.is_none()
    }
}

/// The sheets that a sheet imports, with their media already answered.
pub(crate) fn imports(text: &str) -> Vec<Import> {
    let mut found = Vec::new();
    let mut input = Parser::new(text);
    let mut leading = Leading(&mut found);
    let mut rules = StyleSheetParser::new(&mut input, &mut leading);
    // Imports stand before every style rule; the first of those ends the search.
    while let Some(Ok(())) = rules.next() {}
    found
}

/// A sheet that another one imports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Import {
    /// The address as written.
    pub(crate) address: String,
    /// The layer that it is put into; an empty name is anonymous.
    pub(crate) layer: Option<String>,
}

struct Leading<'a>(&'a mut Vec<Import>);

impl QualifiedRuleParser<'_> for Leading<'_> {
    type Prelude = ();
    type QualifiedRule = ();
    type Error = ();
}

impl<'i> AtRuleParser<'i> for Leading<'_> {
    type Prelude = Prelude;
    type AtRule = ();
    type Error = ();

    fn parse_prelude(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
    ) -> Result<Prelude, Failed> {
        Ok(Prelude::read(&name.to_ascii_lowercase(), input))
    }

    fn rule_without_block(&mut self, prelude: Prelude, _: &ParserState) -> Result<(), ()> {
        if let Prelude::Import(Some(import)) = prelude {
            self.0.push(import);
        }
        Ok(())
    }
}
