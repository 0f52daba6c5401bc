//! Selectors over the page's elements.
//!
//! The grammar and the matching are those of the `selectors` crate; here stand the names, the
//! pseudo-classes that a still page can answer, and the element. `:has()` is left out, because
//! its cost has no bound. Never: a state that only a person's hand brings, such as `:hover`.

use std::fmt;

use cssparser::{CowRcStr, ParseError, ToCss};
use html5ever::{LocalName, Namespace};
use precomputed_hash::PrecomputedHash;
use scraper::{CaseSensitivity, ElementRef};
use selectors::OpaqueElement;
use selectors::attr::{AttrSelectorOperation, NamespaceConstraint};
use selectors::bloom::BloomFilter;
use selectors::matching::{ElementSelectorFlags, MatchingContext};
use selectors::parser::{self, ParseRelative, SelectorList, SelectorParseErrorKind};

/// The selectors of one rule.
pub(super) type Selectors = SelectorList<Names>;

/// Reads the selectors of a rule, nested ones relative to their parent rule's.
pub(super) fn parse(
    input: &mut cssparser::Parser<'_>,
    parent: Option<&Selectors>,
) -> Option<Selectors> {
    let relative = if parent.is_some() { ParseRelative::ForNesting } else { ParseRelative::No };
    let list = SelectorList::parse(&Grammar, input, relative).ok()?;
    Some(match parent {
        Some(parent) => list.replace_parent_selector(parent),
        None => list,
    })
}

/// The dialect of selectors that is read.
struct Grammar;

impl<'i> parser::Parser<'i> for Grammar {
    type Impl = Names;
    type Error = SelectorParseErrorKind;

    fn parse_is_and_where(&self) -> bool {
        true
    }

    fn parse_parent_selector(&self) -> bool {
        true
    }

    fn parse_host(&self) -> bool {
        true
    }

    fn is_is_alias(&self, name: &str) -> bool {
        name.eq_ignore_ascii_case("-webkit-any") || name.eq_ignore_ascii_case("-moz-any")
    }

    fn parse_non_ts_pseudo_class(
        &self,
        name: CowRcStr<'i>,
    ) -> Result<Pseudo, ParseError<SelectorParseErrorKind>> {
        // One selector that a browser does not know spoils its whole list, so that what browsers
        // know must be known here too, though it never holds.
        match name.to_ascii_lowercase().as_str() {
            "link" | "any-link" => Ok(Pseudo::Link),
            "checked" => Ok(Pseudo::Attribute("checked")),
            "disabled" => Ok(Pseudo::Attribute("disabled")),
            "defined" => Ok(Pseudo::Always),
            "hover" | "focus" | "focus-visible" | "focus-within" | "active" | "visited"
            | "target" | "enabled" | "open" | "modal" | "popover-open" | "autofill"
            | "indeterminate" | "invalid" | "valid" | "required" | "optional" | "default"
            | "placeholder-shown" | "read-only" | "read-write" | "in-range" | "out-of-range"
            | "user-invalid" | "user-valid" | "fullscreen" | "playing" | "paused" => {
                Ok(Pseudo::Never)
            }
            vendor if vendor.starts_with('-') => Ok(Pseudo::Never),
            _ => Err(ParseError::custom(SelectorParseErrorKind::UnsupportedPseudoClassOrElement)),
        }
    }

    fn parse_non_ts_functional_pseudo_class(
        &self,
        name: CowRcStr<'i>,
        arguments: &mut cssparser::Parser<'i>,
        _: bool,
    ) -> Result<Pseudo, ParseError<SelectorParseErrorKind>> {
        while arguments.next().is_ok() {}
        match name.to_ascii_lowercase().as_str() {
            "has" | "lang" | "dir" | "state" => Ok(Pseudo::Never),
            _ => Err(ParseError::custom(SelectorParseErrorKind::UnsupportedPseudoClassOrElement)),
        }
    }

    fn parse_pseudo_element(
        &self,
        name: CowRcStr<'i>,
    ) -> Result<Generated, ParseError<SelectorParseErrorKind>> {
        match name.to_ascii_lowercase().as_str() {
            "before" | "after" => Ok(Generated::Content),
            "backdrop"
            | "file-selector-button"
            | "placeholder"
            | "selection"
            | "marker"
            | "first-line"
            | "first-letter"
            | "cue"
            | "details-content"
            | "target-text" => Ok(Generated::Other),
            vendor if vendor.starts_with('-') => Ok(Generated::Other),
            _ => Err(ParseError::custom(SelectorParseErrorKind::UnsupportedPseudoClassOrElement)),
        }
    }
}

/// The kinds of name that selectors are made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Names;

impl parser::SelectorImpl for Names {
    type ExtraMatchingData<'a> = ();
    type AttrValue = Text;
    type Identifier = Name;
    type LocalName = Name;
    type NamespaceUrl = Namespace;
    type NamespacePrefix = Name;
    type BorrowedNamespaceUrl = Namespace;
    type BorrowedLocalName = Name;
    type NonTSPseudoClass = Pseudo;
    type PseudoElement = Generated;
}

/// An interned identifier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Name(pub(super) LocalName);

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl PrecomputedHash for Name {
    fn precomputed_hash(&self) -> u32 {
        self.0.precomputed_hash()
    }
}

impl ToCss for Name {
    fn to_css<W: fmt::Write>(&self, out: &mut W) -> fmt::Result {
        cssparser::serialize_identifier(&self.0, out)
    }
}

/// The value of an attribute selector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text(Box<str>);

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl ToCss for Text {
    fn to_css<W: fmt::Write>(&self, out: &mut W) -> fmt::Result {
        cssparser::serialize_string(&self.0, out)
    }
}

/// The pseudo-classes that are not about the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pseudo {
    /// A link that was not followed.
    Link,
    /// A state that an attribute declares.
    Attribute(&'static str),
    /// Every element is it.
    Always,
    /// A state that a still page is not in.
    Never,
}

impl parser::NonTSPseudoClass for Pseudo {
    fn is_active_or_hover(&self) -> bool {
        false
    }

    fn is_user_action_state(&self) -> bool {
        *self == Self::Never
    }
}

impl ToCss for Pseudo {
    fn to_css<W: fmt::Write>(&self, out: &mut W) -> fmt::Result {
        out.write_str(match self {
            Self::Link => ":link",
            Self::Attribute(_) => ":checked",
            Self::Always => ":defined",
            Self::Never => ":hover",
        })
    }
}

/// What is generated beside elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Generated {
    /// `::before` and `::after`.
    Content,
    /// Every other pseudo-element; none of them speaks of a brand.
    Other,
}

impl parser::PseudoElement for Generated {
    fn is_before_or_after(&self) -> bool {
        *self == Self::Content
    }
}

impl ToCss for Generated {
    fn to_css<W: fmt::Write>(&self, out: &mut W) -> fmt::Result {
        out.write_str(if *self == Self::Content { "::before" } else { "::marker" })
    }
}

/// An element as selectors see it.
#[derive(Clone, Debug)]
pub(super) struct Subject<'a>(pub(super) ElementRef<'a>);

impl selectors::Element for Subject<'_> {
    type Impl = Names;

    fn opaque(&self) -> OpaqueElement {
        OpaqueElement::new(self.0.value())
    }

    fn parent_element(&self) -> Option<Self> {
        self.0.parent().and_then(ElementRef::wrap).map(Subject)
    }

    fn parent_node_is_shadow_root(&self) -> bool {
        false
    }

    fn containing_shadow_host(&self) -> Option<Self> {
        None
    }

    fn is_pseudo_element(&self) -> bool {
        false
    }

    fn prev_sibling_element(&self) -> Option<Self> {
        self.0.prev_sibling_element().map(Subject)
    }

    fn next_sibling_element(&self) -> Option<Self> {
        self.0.next_sibling_element().map(Subject)
    }

    fn first_element_child(&self) -> Option<Self> {
        self.0.first_element_child().map(Subject)
    }

    fn is_html_element_in_html_document(&self) -> bool {
        self.0.is_html_element_in_html_document()
    }

    fn has_local_name(&self, name: &Name) -> bool {
        self.0.value().name.local == name.0
    }

    fn has_namespace(&self, namespace: &Namespace) -> bool {
        self.0.value().name.ns == *namespace
    }

    fn is_same_type(&self, other: &Self) -> bool {
        self.0.value().name == other.0.value().name
    }

    fn attr_matches(
        &self,
        namespace: &NamespaceConstraint<&Namespace>,
        name: &Name,
        operation: &AttrSelectorOperation<&Text>,
    ) -> bool {
        self.0.value().attrs.iter().any(|(key, value)| {
            !matches!(*namespace, NamespaceConstraint::Specific(url) if *url != key.ns)
                && name.0 == key.local
                && operation.eval_str(value)
        })
    }

    fn match_non_ts_pseudo_class(
        &self,
        class: &Pseudo,
        _: &mut MatchingContext<'_, Names>,
    ) -> bool {
        match class {
            Pseudo::Link => self.is_link(),
            Pseudo::Attribute(name) => self.0.attr(name).is_some(),
            Pseudo::Always => true,
            Pseudo::Never => false,
        }
    }

    fn match_pseudo_element(&self, _: &Generated, _: &mut MatchingContext<'_, Names>) -> bool {
        false
    }

    fn apply_selector_flags(&self, _: ElementSelectorFlags) {}

    fn is_link(&self) -> bool {
        matches!(self.0.value().name(), "a" | "area") && self.0.attr("href").is_some()
    }

    fn is_html_slot_element(&self) -> bool {
        false
    }

    fn has_id(&self, id: &Name, case: CaseSensitivity) -> bool {
        self.0.value().id().is_some_and(|own| case.eq(id.0.as_bytes(), own.as_bytes()))
    }

    fn has_class(&self, name: &Name, case: CaseSensitivity) -> bool {
        self.0.value().has_class(&name.0, case)
    }

    fn has_custom_state(&self, _: &Name) -> bool {
        false
    }

    fn imported_part(&self, _: &Name) -> Option<Name> {
        None
    }

    fn is_part(&self, _: &Name) -> bool {
        false
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn is_root(&self) -> bool {
        self.0.is_root()
    }

    fn add_element_unique_hashes(&self, _: &mut BloomFilter) -> bool {
        false
    }
}
