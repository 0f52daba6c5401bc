//! What this server can do: every action on one page.
//!
//! An action turns arguments into a call of one of the pure rooms, brings it what it needs from
//! other machines and from the asset store, and says what to write. Never: a store, a status
//! code, or the engine itself.

mod brands_extract;
mod noop;

use std::sync::Arc;

use crate::assets::AssetStore;
use crate::engine::{Action, ActionRegistry};
use crate::model::Model;
use crate::outbound::Outbound;

pub use brands_extract::{ExtractBrandArgs, Location, MAX_IMAGES};

/// The name of the action that reads a brand from a site, or from what was sent.
pub const BRANDS_EXTRACT: &str = "brands.extract";

/// The name of the action that does nothing.
pub const NOOP: &str = "noop";

/// What the actions are built with.
#[derive(Clone, Debug)]
pub struct ActionOptions {
    /// The door to other machines.
    pub outbound: Outbound,
    /// Where files go.
    pub assets: Arc<AssetStore>,
    /// Who writes and paints, if anybody.
    pub model: Model,
    /// Whether `noop` exists.
    pub noop: bool,
    /// Names of actions that the operator switched off.
    pub disabled: Vec<String>,
}

/// All actions of this server.
pub fn registry(options: ActionOptions) -> ActionRegistry {
    // No action of today writes or paints.
    let ActionOptions { outbound, assets, model: _, noop, disabled } = options;
    let mut actions: Vec<Arc<dyn Action>> =
        vec![Arc::new(brands_extract::ExtractBrand::new(outbound, assets))];
    if noop {
        actions.push(Arc::new(noop::Noop));
    }
    ActionRegistry::new(actions, disabled)
}
