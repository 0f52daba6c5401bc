//! The models of a server, and what one attempt at a job asks of them.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::domain::clock::Clock;
use crate::outbound::Outbound;
use crate::outbound::rules::Refusal;
use crate::telemetry::Metrics;

use super::cache::Cache;
use super::endpoint::{Pauses, Surroundings};
use super::image::ImageModel;
use super::options::ModelOptions;
use super::picture::{PictureAnswer, PictureRequest};
use super::reword::{self, RewordAnswer, RewordRequest};
use super::text::TextModel;
use super::usage::{Ledger, ModelUse, Reason};
use super::words::{self, CopyAnswer, CopyRequest, Judge, TranslateRequest};

/// Why the models cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// A base URL that nobody can ask, or a key that cannot stand in a header.
    #[error("cannot ask the {model} model: {refusal}")]
    Place {
        /// `text` or `image`.
        model: &'static str,
        /// What is wrong.
        refusal: Refusal,
    },
    /// The folder for answers cannot be used.
    #[error("cannot use {}: {source}", path.display())]
    Cache {
        /// The folder.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// What the models are opened with.
#[derive(Debug)]
pub struct ModelParts {
    /// The door to other machines.
    pub outbound: Outbound,
    /// The folder where answers are kept; made when something is to be kept.
    pub cache: PathBuf,
    /// Where time comes from.
    pub clock: Clock,
    /// Where calls are counted.
    pub metrics: Arc<Metrics>,
}

/// The models of a server. Cheap to clone; clones share everything.
#[derive(Clone, Default)]
pub struct Model(Arc<Models>);

#[derive(Default)]
struct Models {
    text: Option<TextModel>,
    image: Option<ImageModel>,
}

impl Model {
    /// Opens the models that the options name. Nobody is asked yet.
    pub fn open(options: ModelOptions, parts: ModelParts) -> Result<Self, ModelError> {
        Self::open_with(options, parts, Pauses::Slept)
    }

    pub(super) fn open_with(
        options: ModelOptions,
        parts: ModelParts,
        pauses: Pauses,
    ) -> Result<Self, ModelError> {
        let ModelOptions { text, image, cache_bytes } = options;
        let ModelParts { outbound, cache: path, clock, metrics } = parts;
        if text.is_none() && image.is_none() {
            return Ok(Self::default());
        }
        let cache = Cache::open(&path, cache_bytes)
            .map_err(|source| ModelError::Cache { path, source })?
            .map(Arc::new);
        let around = Surroundings { outbound, clock, metrics, cache, pauses };
        let refused = |model| move |refusal| ModelError::Place { model, refusal };
        let text = text.map(|text| TextModel::open(text, around.clone()));
        let image = image.map(|image| ImageModel::open(image, around.clone()));
        Ok(Self(Arc::new(Models {
            text: text.transpose().map_err(refused("text"))?,
            image: image.transpose().map_err(refused("image"))?,
        })))
    }

    /// Whether there is a model that writes.
    pub fn writes(&self) -> bool {
        self.0.text.is_some()
    }

    /// Whether there is a model that paints.
    pub fn paints(&self) -> bool {
        self.0.image.is_some()
    }

    /// Begins what one attempt at a job asks. `seed` is the job's, so that another attempt asks
    /// the same and gets the kept answers; `time` is what the attempt has left for models.
    pub fn session(&self, seed: u64, time: Duration) -> Session {
        let text = self.0.text.as_ref().map(|text| Ledger::open(text.options.allowance, time));
        let image = self.0.image.as_ref().map(|image| Ledger::open(image.options.allowance, time));
        Session { models: Arc::clone(&self.0), seed, text, image, not_there: None }
    }
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model")
            .field("writes", &self.writes())
            .field("paints", &self.paints())
            .finish()
    }
}

/// One attempt's way to the models. It may be dropped at any moment, also while it asks.
pub struct Session {
    models: Arc<Models>,
    seed: u64,
    text: Option<Ledger>,
    image: Option<Ledger>,
    /// Somebody asked a model that is not there.
    not_there: Option<Reason>,
}

impl Session {
    /// Has words written. They passed the request's rules, and `judge`.
    pub async fn copy(
        &mut self,
        request: &CopyRequest,
        judge: &mut Judge<'_>,
    ) -> Result<CopyAnswer, Reason> {
        let Some((model, ledger)) = self.models.text.as_ref().zip(self.text.as_mut()) else {
            return Err(absent(&mut self.not_there));
        };
        let answer = words::write(model, request, self.seed, ledger, judge).await;
        answer.inspect_err(|reason| ledger.fell_back(*reason))
    }

    /// Has words translated. They passed the request's rules, and `judge`.
    pub async fn translate(
        &mut self,
        request: &TranslateRequest,
        judge: &mut Judge<'_>,
    ) -> Result<CopyAnswer, Reason> {
        let Some((model, ledger)) = self.models.text.as_ref().zip(self.text.as_mut()) else {
            return Err(absent(&mut self.not_there));
        };
        let answer = words::translate(model, request, self.seed, ledger, judge).await;
        answer.inspect_err(|reason| ledger.fell_back(*reason))
    }

    /// Has a draft worded anew. Nothing of the answer was checked.
    pub async fn reword(&mut self, request: &RewordRequest) -> Result<RewordAnswer, Reason> {
        let Some((model, ledger)) = self.models.text.as_ref().zip(self.text.as_mut()) else {
            return Err(absent(&mut self.not_there));
        };
        let answer = reword::reword(model, request, self.seed, ledger).await;
        answer.inspect_err(|reason| ledger.fell_back(*reason))
    }

    /// Has a picture painted.
    pub async fn picture(&mut self, request: &PictureRequest) -> Result<PictureAnswer, Reason> {
        let Some((model, ledger)) = self.models.image.as_ref().zip(self.image.as_mut()) else {
            return Err(absent(&mut self.not_there));
        };
        let answer = model.paint(request, self.seed, ledger).await;
        answer.inspect_err(|reason| ledger.fell_back(*reason))
    }

    /// What was used until now, of both models together.
    pub fn used(&self) -> ModelUse {
        let not_there = ModelUse { fallback_reason: self.not_there, ..ModelUse::default() };
        let ledgers = self.text.iter().chain(&self.image);
        ledgers.fold(not_there, |used, ledger| used.and(ledger.used()))
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("used", &self.used()).finish_non_exhaustive()
    }
}

fn absent(note: &mut Option<Reason>) -> Reason {
    *note.insert(Reason::NotConfigured)
}
