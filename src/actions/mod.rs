//! What this server can do: every action on one page.
//!
//! An action turns arguments into a call of one of the pure rooms, brings it what it needs from
//! other machines and from the asset store, and says what to write. Never: a store, a status
//! code, or the engine itself.

mod activity;
mod ads;
mod brands_extract;
mod custom;
mod noop;
mod webhooks_deliver;

use std::sync::Arc;

use crate::assets::AssetStore;
use crate::engine::{Action, ActionRegistry};
use crate::model::Model;
use crate::outbound::{Outbound, OwnHosts};
use crate::sources::FontFolders;

pub use activity::{
    ActivityOptions, Channel, Channels, DIGESTS_GENERATE, GenerationArgs, HANDOFFS_GENERATE,
    INSIGHTS_GENERATE, MAX_MESSAGE, MESSAGES_SEND, META_STEP, QUESTIONS_ANSWER, REQUESTED_BY,
    RepositoryGrants, Wanted,
};
pub use ads::{MAX_LOCALIZED_REFERENCES, MAX_REFERENCE_BYTES, MAX_REFERENCES};
pub use brands_extract::{ExtractBrandArgs, Location, MAX_IMAGES};
pub use custom::{
    CommandOptions, CommandPlace, CustomAction, CustomLimits, CustomOptions, CustomParts,
    InvalidCustom, InvalidSchema, Launch, ServiceOptions, WorkOptions, check_custom, kind_of_file,
    launch, own_program, supervise, sweep_scratch,
};
pub use webhooks_deliver::{ANSWER_TIME, EventBody, WebhookOptions, delivery};

/// The name of the action that reads a brand from a site, or from what was sent.
pub const BRANDS_EXTRACT: &str = "brands.extract";

/// The name of the action that makes a picture without words.
pub const IMAGES_GENERATE: &str = "images.generate";

/// The name of the action that makes an ad.
pub const CAMPAIGNS_GENERATE: &str = "campaigns.generate";

/// The name of the action that changes an ad.
pub const CAMPAIGNS_EDIT: &str = "campaigns.edit";

/// The name of the action that gives an ad the words of other readers.
pub const CAMPAIGNS_LOCALIZE_AD: &str = "campaigns.localize_ad";

/// Whether an action's jobs have a scene that can be edited and localized.
pub fn is_ad_with_scene(action: &str) -> bool {
    [CAMPAIGNS_GENERATE, CAMPAIGNS_EDIT, CAMPAIGNS_LOCALIZE_AD].contains(&action)
}

/// Whether an action's jobs make a handoff or an insight, which says who asked for it.
pub fn is_generation(action: &str) -> bool {
    [HANDOFFS_GENERATE, INSIGHTS_GENERATE].contains(&action)
}

/// The name of the action that tells a webhook of an end; it is the server's own.
const WEBHOOKS_DELIVER: &str = "webhooks.deliver";

/// The name of the action that does nothing.
pub const NOOP: &str = "noop";

/// What the actions are built with.
#[derive(Debug)]
pub struct ActionOptions {
    /// The door to other machines.
    pub outbound: Outbound,
    /// Where this server itself is reached: what lies there is read from the store.
    pub own: OwnHosts,
    /// Where files go.
    pub assets: Arc<AssetStore>,
    /// Who writes and paints, if anybody.
    pub model: Model,
    /// Fonts for characters that no carried one has.
    pub fonts: FontFolders,
    /// Which repositories are read, and who hears of it.
    pub activity: ActivityOptions,
    /// Whether a site's own font is kept with its brand.
    pub site_fonts: bool,
    /// How webhooks are told of ends.
    pub webhooks: WebhookOptions,
    /// Whether `noop` exists.
    pub noop: bool,
    /// Names of actions that the operator switched off.
    pub disabled: Vec<String>,
}

/// All actions of this server.
pub fn registry(options: ActionOptions) -> ActionRegistry {
    let ActionOptions {
        outbound,
        own,
        assets,
        model,
        fonts,
        activity,
        site_fonts,
        webhooks,
        noop,
        // The last word on all of them.
        disabled,
    } = options;
    let extract =
        brands_extract::ExtractBrand::new(outbound.clone(), Arc::clone(&assets), site_fonts);
    let mut actions: Vec<Arc<dyn Action>> = vec![Arc::new(extract)];
    actions.extend(activity::all(activity, outbound.clone(), model.clone(), &disabled));
    let studio = Arc::new(ads::Studio { outbound, own, assets, model, fonts });
    for task in ads::Task::ALL {
        actions.push(Arc::new(ads::DrawAd::new(task, Arc::clone(&studio))));
    }
    actions.push(Arc::new(webhooks_deliver::DeliverWebhook(webhooks)));
    if noop {
        actions.push(Arc::new(noop::Noop));
    }
    ActionRegistry::new(actions, disabled)
}
