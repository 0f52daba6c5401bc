//! The operator's optional models: one that writes, one that paints.
//!
//! A [`Model`] is opened once from [`ModelOptions`]; an attempt at a job begins a [`Session`] with
//! its seed and its time, and asks for words or a picture. Every answer is taken for a stranger's:
//! it is decoded within limits, checked here on its content and by the caller on its fitness, and
//! after one repair there is a [`Reason`] instead. Never: a tool or a secret within a model's
//! reach, a job that fails because of one, or a prompt in a log line above `debug`.

mod breaker;
mod cache;
mod chat;
mod content;
mod endpoint;
mod hygiene;
mod image;
mod options;
mod picture;
mod policy;
mod reword;
mod session;
mod text;
mod usage;
mod words;

#[cfg(test)]
mod tests;

pub use content::{BrandMention, ContentFault, ContentRules};
pub use options::{
    Allowance, AnswerForm, ImageOptions, ImageProtocol, ModelOptions, Place, TextOptions,
};
pub use picture::{EmptyArea, PictureAnswer, PictureRequest};
pub use reword::{RewordAnswer, RewordRequest};
pub use session::{Model, ModelError, ModelParts, Session};
pub use usage::{ModelUse, Reason};
pub use words::{CopyAnswer, CopyRequest, Judge, Language, Slot, TranslateRequest, Words};
