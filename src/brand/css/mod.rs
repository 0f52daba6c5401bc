//! Style sheets over a page: what each element looks like, and what the sheets declare.
//!
//! Sheets are parsed into rules, rules matched to elements, declarations cascaded, variables
//! substituted and values read. Only properties that speak of a brand are kept. Never: layout.

mod computed;

pub(crate) use computed::{Computed, Styles};
