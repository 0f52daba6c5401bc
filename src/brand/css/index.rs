//! Which rules apply to an element, without asking every rule.

use std::collections::HashMap;

use html5ever::LocalName;
use scraper::ElementRef;
use selectors::context::{
    MatchingContext, MatchingForInvalidation, MatchingMode, NeedsSelectorFlags, QuirksMode,
    SelectorCaches,
};
use selectors::matching::matches_selector;
use selectors::parser::{Combinator, Component, Selector};

use super::select::{Generated, Names, Selectors, Subject};
use super::sheet::Sheets;
use crate::brand::budget::Deadline;

/// All selectors, by what their last compound asks of an element.
pub(super) struct Index {
    entries: Vec<Entry>,
    by_id: HashMap<LocalName, Vec<u32>>,
    by_class: HashMap<LocalName, Vec<u32>>,
    by_tag: HashMap<LocalName, Vec<u32>>,
    others: Vec<u32>,
}

struct Entry {
    selector: Selector<Names>,
    applied: Applied,
    is_generated: bool,
}

/// A rule that applies to an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Applied {
    /// The rule.
    pub(super) rule: u32,
    /// The specificity of the selector that matched.
    pub(super) specificity: u32,
}

/// What applies to an element and to its `::before` and `::after`.
#[derive(Default)]
pub(super) struct Matched {
    /// To the element.
    pub(super) own: Vec<Applied>,
    /// To what is generated in it.
    pub(super) generated: Vec<Applied>,
    /// How often a selector was matched so far.
    matches: usize,
}

/// How many selectors of one list, how many of all and how long a one are matched: generated
/// sheets stay far below, and each bound is a factor of the time that matching takes.
const MAX_LIST: usize = 1_000;
const MAX_SELECTORS: usize = 60_000;
const MAX_COMPONENTS: usize = 64;

/// How many selectors are matched between two looks at the deadline.
const STRIDE: usize = 512;

/// How often selectors are matched on one page. Large pages of people need a twentieth of it.
const MAX_MATCHES: usize = 10_000_000;

impl Index {
    /// Sorts the selectors of all rules.
    pub(super) fn new(sheets: &Sheets) -> Self {
        let mut index = Self {
            entries: Vec::new(),
            by_id: HashMap::new(),
            by_class: HashMap::new(),
            by_tag: HashMap::new(),
            others: Vec::new(),
        };
        for (rule, number) in sheets.rules.iter().zip(0..) {
            let is_empty = rule.declarations.is_empty();
            let selectors = rule.selectors.as_ref().filter(|_| !is_empty);
            let selectors = selectors.into_iter().flat_map(Selectors::slice);
            for selector in selectors.take(MAX_LIST).filter(|one| one.len() <= MAX_COMPONENTS) {
                if index.entries.len() < MAX_SELECTORS {
                    index.insert(selector, number);
                }
            }
        }
        index
    }

    fn insert(&mut self, selector: &Selector<Names>, rule: u32) {
        let at = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        if selector.pseudo_elements().iter().any(|one| **one == Generated::Other) {
            return;
        }
        let is_generated = selector.has_pseudo_element();
        let bucket = match key(selector, is_generated) {
            Key::Id(name) => self.by_id.entry(name).or_default(),
            Key::Class(name) => self.by_class.entry(name).or_default(),
            Key::Tag(name) => self.by_tag.entry(name).or_default(),
            Key::None => &mut self.others,
        };
        bucket.push(at);
        let applied = Applied { rule, specificity: selector.specificity() };
        self.entries.push(Entry { selector: selector.clone(), applied, is_generated });
    }

    /// Collects what applies to `element` into `matched`, in no order; false when time or patience
    /// is used up.
    pub(super) fn matches(
        &self,
        element: ElementRef<'_>,
        caches: &mut SelectorCaches,
        matched: &mut Matched,
        deadline: &Deadline,
    ) -> bool {
        matched.own.clear();
        matched.generated.clear();
        let subject = Subject(element);
        let value = element.value();
        let id = value.id().and_then(|id| self.by_id.get(&LocalName::from(id)));
        let classes =
            value.classes().filter_map(|class| self.by_class.get(&LocalName::from(class)));
        let tag = self.by_tag.get(&value.name.local);
        let buckets = id.into_iter().chain(classes).chain(tag).chain([&self.others]);
        for at in buckets.flatten() {
            matched.matches += 1;
            let is_due = matched.matches.is_multiple_of(STRIDE);
            if matched.matches > MAX_MATCHES || (is_due && deadline.is_over()) {
                return false;
            }
            let entry = &self.entries[*at as usize];
            if applies(entry, &subject, caches) {
                let into =
                    if entry.is_generated { &mut matched.generated } else { &mut matched.own };
                into.push(entry.applied);
            }
        }
        true
    }
}

fn applies(entry: &Entry, subject: &Subject<'_>, caches: &mut SelectorCaches) -> bool {
    let mode = if entry.is_generated {
        MatchingMode::ForStatelessPseudoElement
    } else {
        MatchingMode::Normal
    };
    let mut context = MatchingContext::new(
        mode,
        None,
        caches,
        QuirksMode::NoQuirks,
        NeedsSelectorFlags::No,
        MatchingForInvalidation::No,
    );
    matches_selector(&entry.selector, 0, None, subject, &mut context)
}

enum Key {
    Id(LocalName),
    Class(LocalName),
    Tag(LocalName),
    None,
}

/// The rarest thing that the selector's subject must have.
fn key(selector: &Selector<Names>, is_generated: bool) -> Key {
    let mut compound = selector.iter();
    if is_generated {
        // The first sequence is the pseudo-element itself; the subject stands before it.
        for _ in compound.by_ref() {}
        if compound.next_sequence() != Some(Combinator::PseudoElement) {
            return Key::None;
        }
    }
    let mut key = Key::None;
    for component in compound {
        match component {
            Component::ID(name) => return Key::Id(name.0.clone()),
            Component::Class(name) => key = Key::Class(name.0.clone()),
            Component::LocalName(tag) if matches!(key, Key::None) && tag.name == tag.lower_name => {
                key = Key::Tag(tag.lower_name.0.clone());
            }
            _ => {}
        }
    }
    key
}
