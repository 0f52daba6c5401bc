//! Brand extraction: fetched documents in, a brand with its evidence out.
//!
//! `Survey` is a state machine without I/O: it says which documents it wants, is supplied with
//! them, and concludes. Style sheets are cascaded over the page, every distinct colour, name and
//! mark collects evidence, and each field takes the value with the most. Never: the network, a
//! clock, a browser, or a rule that knows a particular site.

mod budget;
mod charset;
mod color;
mod css;
mod evidence;
mod page;
mod survey;

pub use budget::{Budget, Deadline};
pub use survey::{
    Extraction, Fetched, File, Missing, Survey, SurveyRequest, Unusable, Want, WantId, WantKind,
    from_uploads,
};
