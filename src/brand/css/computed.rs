//! What the cascade gives an element.

use std::sync::Arc;

use url::Url;

use crate::brand::color::Rgba;

/// The computed style of one element.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Computed {
    /// Not displayed or not visible, by itself or by an ancestor.
    pub(crate) hidden: bool,
    /// Its text colour.
    pub(crate) color: Rgba,
    /// Its own ground, when it has one that is to be seen.
    pub(crate) background: Option<Rgba>,
    /// Addresses of its background pictures.
    pub(crate) images: Vec<Url>,
    /// The stops of its background gradients, in order.
    pub(crate) gradient: Vec<Rgba>,
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
}

/// The computed styles of a page's elements, by their index.
#[derive(Clone, Debug, Default)]
pub(crate) struct Styles {
    computed: Vec<Computed>,
}

impl Styles {
    /// The styles of the elements in the page's order.
    pub(crate) const fn new(computed: Vec<Computed>) -> Self {
        Self { computed }
    }

    /// The style of the element at an index.
    pub(crate) fn of(&self, index: usize) -> Option<&Computed> {
        self.computed.get(index)
    }
}
