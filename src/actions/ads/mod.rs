//! The actions that make pictures: `images.generate`, `campaigns.generate`, `campaigns.edit` and
//! `campaigns.localize_ad`.
//!
//! Each reads its brand, its source and its pictures through the context, lets the `ads` room do
//! the work, and hands each scene with its drawing to `deliver`, which renders and stores it.
//! Between two steps each looks whether its time is up. Never: a rule of what an ad looks like.

mod album;
mod args;
mod brand;
mod campaign;
mod deliver;
mod edit;
mod failure;
mod image;
mod language;
mod localize;
mod partner;
mod references;
mod schema;
mod source;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Map, Value};

use crate::assets::AssetStore;
use crate::engine::{
    Action, ActionContext, ActionDescription, ActionError, AttemptPolicy, InvalidInput, Output,
    PermitClass,
};
use crate::model::{Model, Session};
use crate::outbound::{Outbound, OwnHosts};
use crate::sources::FontFolders;

use super::{CAMPAIGNS_EDIT, CAMPAIGNS_GENERATE, CAMPAIGNS_LOCALIZE_AD, IMAGES_GENERATE};
use args::AdArgs;
pub use args::{MAX_LOCALIZED_REFERENCES, MAX_REFERENCES};
pub use references::MAX_REFERENCE_BYTES;

/// What a picture action does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Task {
    /// A picture without words.
    Image,
    /// An ad.
    Campaign,
    /// An ad, changed.
    Edit,
    /// An ad for other readers.
    Localization,
}

impl Task {
    pub(super) const ALL: [Self; 4] = [Self::Image, Self::Campaign, Self::Edit, Self::Localization];

    const fn name(self) -> &'static str {
        match self {
            Self::Image => IMAGES_GENERATE,
            Self::Campaign => CAMPAIGNS_GENERATE,
            Self::Edit => CAMPAIGNS_EDIT,
            Self::Localization => CAMPAIGNS_LOCALIZE_AD,
        }
    }

    const fn most_references(self) -> usize {
        match self {
            Self::Localization => MAX_LOCALIZED_REFERENCES,
            _ => MAX_REFERENCES,
        }
    }
}

/// What the picture actions work with.
#[derive(Debug)]
pub(super) struct Studio {
    pub(super) outbound: Outbound,
    /// Where this server itself is reached.
    pub(super) own: OwnHosts,
    pub(super) assets: Arc<AssetStore>,
    pub(super) model: Model,
    /// Fonts for characters that no carried one has.
    pub(super) fonts: FontFolders,
}

impl Studio {
    /// What an attempt asks of the models: the same for the same seed.
    fn model_session(&self, context: &ActionContext, seed: u64) -> Session {
        /// What composing, rendering and storing need after the models.
        const RESERVE: Duration = Duration::from_secs(15);
        self.model.session(seed, context.remaining().saturating_sub(RESERVE))
    }
}

/// One of the four actions.
#[derive(Debug)]
pub(super) struct DrawAd {
    task: Task,
    studio: Arc<Studio>,
}

impl DrawAd {
    pub(super) fn new(task: Task, studio: Arc<Studio>) -> Self {
        Self { task, studio }
    }
}

#[async_trait]
impl Action for DrawAd {
    fn name(&self) -> &str {
        self.task.name()
    }

    fn description(&self) -> ActionDescription {
        schema::description(self.task)
    }

    fn policy(&self) -> AttemptPolicy {
        AttemptPolicy { class: Some(PermitClass::Render), ..AttemptPolicy::default() }
    }

    fn check(&self, input: &Map<String, Value>, given: &[&str]) -> Result<(), InvalidInput> {
        AdArgs::read(self.task, input, given).map(drop)
    }

    async fn run(
        &self,
        context: ActionContext,
        input: Map<String, Value>,
    ) -> Result<Output, ActionError> {
        let args = AdArgs::parse(self.task, &input)
            .map_err(|fault| ActionError::fatal("invalid_input", fault.to_string()))?;
        let (studio, context) = (&*self.studio, &context);
        match self.task {
            Task::Image if args.references.is_empty() => image::make(studio, context, &args).await,
            Task::Image => campaign::make(studio, context, &args, true).await,
            Task::Campaign => campaign::make(studio, context, &args, false).await,
            Task::Edit => edit::make(studio, context, &args).await,
            Task::Localization => localize::make(studio, context, &args).await,
        }
    }
}

/// Goes on only while there is time: where it is up, the engine ends the attempt here.
async fn breath(context: &ActionContext) {
    if context.is_over() {
        std::future::pending::<()>().await;
    }
}

/// A seed that the same request has again.
fn seed_of(parts: &[&str]) -> u64 {
    let digest = crate::domain::asset::ContentDigest::of(parts.join("\u{1f}").as_bytes());
    let mut first = [0_u8; 8];
    first.copy_from_slice(&digest.as_bytes()[..8]);
    u64::from_be_bytes(first)
}
