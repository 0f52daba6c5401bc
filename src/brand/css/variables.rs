//! Custom properties: which value an element sees, and `var()` replaced by it.
//!
//! Elements that declare nothing of their own share their parent's environment, so that a page of
//! thousands of elements has a handful of them. Never: a value larger than its bound.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::sheet::{Property, Sheets, Span, Symbol};

/// How deep variables may stand in each other.
const MAX_DEPTH: u8 = 12;

/// The longest value after substitution: no colour or font list needs more.
const MAX_VALUE: usize = 1 << 10;

/// All substituted values together: beyond it variables have no value.
const MAX_VALUES: usize = 16 << 20;

/// The environments of a page.
pub(super) struct Variables<'s> {
    sheets: &'s Sheets,
    environments: Vec<Environment>,
    resolved: HashMap<(EnvironmentId, Symbol), Option<Arc<str>>>,
    spent: usize,
    uses: Vec<u32>,
}

/// What one element declares over its parent.
struct Environment {
    own: Box<[Block]>,
    values: HashMap<Symbol, Span>,
    parent: Option<EnvironmentId>,
}

/// A rule's custom properties, either its important ones or the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// The rule.
    pub(super) rule: u32,
    /// Which of its declarations.
    pub(super) important: bool,
}

/// Names an environment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct EnvironmentId(u32);

impl<'s> Variables<'s> {
    /// With an empty environment above the root.
    pub(super) fn new(sheets: &'s Sheets) -> (Self, EnvironmentId) {
        let empty = Environment { own: Box::default(), values: HashMap::new(), parent: None };
        let variables = Self {
            sheets,
            environments: vec![empty],
            resolved: HashMap::new(),
            spent: 0,
            uses: vec![0; sheets.names.len()],
        };
        (variables, EnvironmentId(0))
    }

    /// The environment of an element that declares `own`, weakest first, within `parent`'s.
    pub(super) fn within(&mut self, parent: EnvironmentId, own: &[Block]) -> EnvironmentId {
        if own.is_empty() || *self.environments[parent.0 as usize].own == *own {
            return parent;
        }
        let id = EnvironmentId(u32::try_from(self.environments.len()).expect("one an element"));
        let mut values = HashMap::new();
        for block in own {
            let rule = &self.sheets.rules[block.rule as usize];
            for one in self.sheets.of(rule).iter().filter(|one| one.important == block.important) {
                if let Property::Custom(symbol) = one.property {
                    values.insert(symbol, one.value);
                }
            }
        }
        let parent = Some(parent);
        self.environments.push(Environment { own: own.into(), values, parent });
        id
    }

    /// The text of a value with its variables replaced; `None` when one has no value.
    pub(super) fn substituted(&mut self, span: Span, at: EnvironmentId) -> Option<Cow<'s, str>> {
        let text = self.sheets.text(span);
        if !text.contains("var(") {
            return Some(Cow::Borrowed(text));
        }
        let mut out = String::new();
        self.expand(text, at, 0, &mut out)?;
        Some(Cow::Owned(out))
    }

    /// The value of a custom property in an environment.
    pub(super) fn value(
        &mut self,
        symbol: Symbol,
        at: EnvironmentId,
        depth: u8,
    ) -> Option<Arc<str>> {
        if let Some(used) = self.uses.get_mut(symbol.index()) {
            *used = used.saturating_add(1);
        }
        if let Some(known) = self.resolved.get(&(at, symbol)) {
            return known.clone();
        }
        if depth > MAX_DEPTH || self.spent > MAX_VALUES {
            return None;
        }
        // A property that refers to itself finds this and is invalid, as CSS says.
        self.resolved.insert((at, symbol), None);
        let found = self.declared(symbol, at);
        let mut out = String::new();
        let value = match found {
            Some((span, declarer)) => {
                let text = self.sheets.text(span);
                self.expand(text, declarer, depth + 1, &mut out)
            }
            None => self.sheets.initial.get(&symbol).map(|span| {
                out.push_str(self.sheets.text(*span).trim());
            }),
        };
        self.spent += out.len();
        let value: Option<Arc<str>> = value.filter(|()| out != "initial").map(|()| out.into());
        self.resolved.insert((at, symbol), value.clone());
        value
    }

    /// How often each custom property was used by a declaration that won, by symbol.
    pub(super) fn into_uses(self) -> Vec<u32> {
        self.uses
    }

    fn declared(&self, symbol: Symbol, at: EnvironmentId) -> Option<(Span, EnvironmentId)> {
        let mut next = Some(at);
        while let Some(id) = next {
            let environment = &self.environments[id.0 as usize];
            if let Some(value) = environment.values.get(&symbol) {
                return Some((*value, id));
            }
            next = environment.parent;
        }
        None
    }

    fn expand(&mut self, text: &str, at: EnvironmentId, depth: u8, out: &mut String) -> Option<()> {
        let mut rest = text;
        while let Some(start) = rest.find("var(") {
            out.push_str(&rest[..start]);
            let inner = &rest[start + 4..];
            let end = closing(inner)?;
            let (name, fallback) = match inner[..end].split_once(',') {
                Some((name, fallback)) => (name, Some(fallback)),
                None => (&inner[..end], None),
            };
            rest = inner.get(end + 1..).unwrap_or_default();
            let symbol =
                name.trim().strip_prefix("--").and_then(|name| self.sheets.names.find(name));
            let value = symbol.and_then(|symbol| self.value(symbol, at, depth));
            match (value, fallback) {
                (Some(value), _) => out.push_str(&value),
                (None, Some(fallback)) if depth <= MAX_DEPTH => {
                    self.expand(fallback, at, depth + 1, out)?;
                }
                (None, _) => return None,
            }
            if out.len() > MAX_VALUE {
                return None;
            }
        }
        out.push_str(rest);
        (out.len() <= MAX_VALUE).then_some(())
    }
}

/// Where the parenthesis that is open at the start of `text` closes.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'(') => depth += 1,
            (None, b')') if depth == 0 => return Some(at),
            (None, b')') => depth -= 1,
            _ => {}
        }
    }
    None
}
