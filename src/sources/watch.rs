//! What a long reading asks and tells while it goes on.

use crate::sources::SourceError;

/// Whether to go on, and whom to tell how far it is.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    is_over: &'a (dyn Fn() -> bool + Sync),
    tell: &'a (dyn Fn(&str, Option<f64>) + Sync),
}

impl<'a> Watch<'a> {
    /// `is_over` is asked every few milliseconds, so it must be quick.
    pub fn new(
        is_over: &'a (dyn Fn() -> bool + Sync),
        tell: &'a (dyn Fn(&str, Option<f64>) + Sync),
    ) -> Self {
        Self { is_over, tell }
    }

    /// An error when the work should end.
    pub fn check(&self) -> Result<(), SourceError> {
        if (self.is_over)() { Err(SourceError::Stopped) } else { Ok(()) }
    }

    /// Says what is done now, and how far it is from 0 to 1.
    pub fn tell(&self, phase: &str, progress: Option<f64>) {
        (self.tell)(phase, progress);
    }
}

impl Watch<'static> {
    /// For a reading that nobody watches.
    pub fn nobody() -> Self {
        Self::new(&|| false, &|_, _| ())
    }
}
