//! Brand extraction: fetched documents in, a brand with its evidence out.
//!
//! `Survey` is a state machine without I/O: it says which documents it wants, is supplied with
//! them, and concludes. Style sheets are cascaded over the page, every distinct colour, name and
//! mark collects evidence, and each field takes the value with the most. Never: the network, a
//! clock, a browser, or a rule that knows a particular site.

mod about;
mod budget;
mod buttons;
mod charset;
mod color;
mod css;
mod documents;
mod evidence;
mod faces;
mod fonts;
mod gallery;
mod icons;
mod imagery;
mod kind;
mod language;
mod logo;
pub mod marks;
mod name;
mod overlong;
mod page;
mod profile;
mod redirect;
mod roles;
mod sent;
mod social;
mod structured;
mod stylesheets;
mod surroundings;
mod survey;
mod tagline;
mod tone;
mod translations;
#[cfg(test)]
mod trials;
mod upload;
mod utilities;

pub use budget::{Budget, Deadline};
pub use documents::{
    Extraction, Fetched, File, Missing, SiteFont, SurveyRequest, Unusable, Want, WantId, WantKind,
};
pub use sent::from_uploads;
pub use survey::Survey;
