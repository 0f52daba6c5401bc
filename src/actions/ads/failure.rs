//! Why there is no ad: the wire's codes, and what a person can do about each.

use crate::ads::compose::ComposeError;
use crate::ads::edit::EditError;
use crate::ads::localize::LocalizeError;
use crate::ads::svg::DrawError;
use crate::assets::AssetError;
use crate::engine::{ActionError, Retry};
use crate::model::Reason;
use crate::outbound::{self, FetchError};
use crate::pixels::PictureError;

/// A picture that cannot be used; `what` names the member that it came by.
pub(super) fn picture(what: &str, error: &PictureError) -> ActionError {
    let (code, advice) = match error {
        PictureError::NotAPicture | PictureError::Unsupported(_) => {
            ("picture_unsupported", "send a PNG, JPEG or WebP picture")
        }
        PictureError::TooLarge(_) => ("picture_too_large", "send a smaller one"),
        PictureError::Forbidden(_) => ("picture_forbidden", "send it without that"),
        PictureError::Damaged(_) => ("picture_damaged", "save it again and send it once more"),
    };
    ActionError::fatal(code, format!("`{what}`: {error}; {advice}"))
}

/// A reference picture that could not be fetched. `attempt` counts from 1.
pub(super) fn fetch(what: &str, error: &FetchError, attempt: u16) -> ActionError {
    let code = match error {
        FetchError::Refused { .. } | FetchError::Disallowed => "fetch_refused",
        FetchError::Bomb => "picture_too_large",
        _ => "reference_image_unreachable",
    };
    let retry = match error.retry() {
        outbound::Retry::Once if attempt == 1 => Retry::Backoff,
        outbound::Retry::Never | outbound::Retry::Once => Retry::Never,
        outbound::Retry::Later(None) => Retry::Backoff,
        outbound::Retry::Later(Some(pause)) => Retry::After(pause),
    };
    let message = format!(
        "`{what}` could not be fetched: {error}; check the address, or send the picture itself"
    );
    ActionError { retry, ..ActionError::fatal(code, message) }
}

/// Words that give no ad.
pub(super) fn compose(error: &ComposeError) -> ActionError {
    let code = match error {
        ComposeError::MissingGlyphs(_) => "missing_glyphs",
        ComposeError::Checks(_) => "checks_failed",
        ComposeError::Text { .. } => "text_not_set",
        ComposeError::CopyTooLong { .. } => "copy_too_long",
        ComposeError::Draw(error) => return draw(error),
    };
    ActionError::fatal(code, format!("{error}; ask for other words"))
}

/// A scene that gives no picture.
pub(super) fn draw(error: &DrawError) -> ActionError {
    let code = match error {
        DrawError::OverLimit { .. } => "file_too_large",
        _ => "drawing_failed",
    };
    ActionError::fatal(code, format!("the ad cannot be drawn: {error}"))
}

/// A change that cannot be made.
pub(super) fn edit(error: &EditError) -> ActionError {
    match error {
        EditError::Compose(error) => compose(error),
        error => ActionError::fatal("edit_not_possible", error.to_string()),
    }
}

/// A scene that cannot speak to other readers.
pub(super) fn localize(error: &LocalizeError) -> ActionError {
    let code = match error {
        LocalizeError::UnknownVersion { .. } => "scene_version_unknown",
        LocalizeError::Language(_)
        | LocalizeError::NoLanguage { .. }
        | LocalizeError::NoWords { .. } => "language_not_available",
        LocalizeError::Money(_) => "price_invalid",
        LocalizeError::CopyTooLong { .. } => "copy_too_long",
        LocalizeError::Text { .. } => "text_not_set",
    };
    ActionError::fatal(code, error.to_string())
}

/// A file that cannot be stored here.
pub(super) fn storage(error: &AssetError) -> ActionError {
    let message = "A picture could not be stored on this server.";
    ActionError::transient("storage_unavailable", message).because(error)
}

/// A model that was required and did not do it.
pub(super) fn model(reason: Reason) -> ActionError {
    let message = format!(
        "`require_model` was set, and {reason}; leave it out to have the work done without one"
    );
    ActionError::fatal("model_required", message)
}
