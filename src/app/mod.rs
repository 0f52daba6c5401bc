//! The composition root: builds every room from a configuration, runs them, and joins them.
//!
//! `build` takes the data directory, opens what lies in it and binds the addresses; `run` serves
//! until it is told to stop, then ends in the order that loses nothing: no new requests, no new
//! claims, running jobs end or are released, the store closes. Never: a rule of another room.

mod activity;
mod backup;
mod data_dir;
mod digests;
mod first_key;
mod model;
mod options;
mod own_actions;
mod secret_key;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::actions::{self, ActionOptions, CommandPlace, CustomParts, EventBody, WebhookOptions};
use crate::assets::{AssetError, AssetStore};
use crate::config::Config;
use crate::domain::clock::Clock;
use crate::domain::sealed::SecretKey;
use crate::engine::{ActionRegistry, Engine, EngineError, EngineParts};
use crate::http::{self, Front, FrontParts, HttpError, Listeners};
use crate::model::{Model, ModelError, ModelParts};
use crate::outbound::Outbound;
use crate::sources::FontFolders;
use crate::store::sqlite::{SqliteStore, WriterHooks};
use crate::store::{Catalog, Store, StoreError};
use crate::telemetry::Metrics;

pub use backup::{
    BackupContents, BackupError, BackupOutcome, BackupStage, LEFT_OUT, back_up, restore,
};
pub use data_dir::{DataDir, DataDirError};
pub use digests::Digests;
pub use model::{MissingKey, model_options};
pub use options::InvalidList;
pub use options::{outbound_rules, webhook_rules};
pub use own_actions::{OwnActionFault, check_own_action, missing_program};
pub use secret_key::{SecretKeyError, check_secret_key, secret_key_file, unreadable_secrets};

/// Why the server could not start, or had to stop.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The data directory is taken or unusable.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The files cannot be stored.
    #[error(transparent)]
    Assets(#[from] AssetError),
    /// An entry of an allow-list means nothing.
    #[error(transparent)]
    Allow(#[from] InvalidList),
    /// The key that seals secrets is lost, or another one.
    #[error(transparent)]
    SecretKey(#[from] SecretKeyError),
    /// One of the operator's own actions cannot be made.
    #[error(transparent)]
    OwnAction(#[from] OwnActionFault),
    /// One of them has a name that is taken.
    #[error("`actions.\"{0}\"`: an action of Tidemill's own has this name; choose another")]
    ActionName(String),
    /// The directory for commands cannot be emptied.
    #[error("cannot empty {}: {source}", path.display())]
    Scratch {
        /// The directory.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A model's key is not in the environment.
    #[error(transparent)]
    ModelKey(#[from] MissingKey),
    /// The models cannot be asked.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The workers cannot run, or no longer.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The addresses cannot be listened on.
    #[error(transparent)]
    Http(#[from] HttpError),
}

/// A server, built and bound, not yet serving.
pub struct App {
    /// Held until everything else is gone.
    data_dir: DataDir,
    engine: Engine,
    front: Arc<Front>,
    listeners: Listeners,
    tls: bool,
    first_key: Option<String>,
}

impl App {
    /// Builds a server. Nothing is served before [`App::run`], but the addresses are bound and the
    /// data directory is taken. Must be called within a runtime.
    pub async fn build(config: &Config) -> Result<Self, AppError> {
        let data_dir = DataDir::take(&config.data_dir)?;
        let listeners = Listeners::bind(&options::listen(config, data_dir.path()))?;
        let tls = config.server.tls.files().is_some();
        let clock = Clock::system();
        let metrics = Arc::new(Metrics::default());
        let store = open_store(&data_dir, &metrics)?;
        let catalog: Arc<dyn Catalog> = Arc::clone(&store) as _;
        let first_key = first_key::make(&*catalog, &clock).await?;
        let assets = Arc::new(AssetStore::open(&data_dir.assets())?);
        let secret_key = secret_key::take(data_dir.path(), &catalog.webhook_secrets().await?)?;
        let outbound = Outbound::new(options::outbound(&config.outbound)?);
        let (http, address) = (options::http(config)?, listeners.address());
        let body = http::event_body(&http, address, tls);
        let webhooks = webhook_options(config, secret_key.clone(), body)?;
        let parts = ModelParts {
            outbound: outbound.clone(),
            cache: data_dir.models(),
            clock: clock.clone(),
            metrics: Arc::clone(&metrics),
        };
        let model = Model::open(model_options(&config.model)?, parts)?;
        let activity = activity::prepare(config, &*catalog, &clock).await?;
        let engine = Engine::start(EngineParts {
            store: Arc::clone(&store) as Arc<dyn Store>,
            catalog: Arc::clone(&catalog),
            assets: Arc::clone(&assets),
            actions: with_own_actions(
                actions::registry(ActionOptions {
                    outbound: outbound.clone(),
                    own: options::own_hosts(&config.server, listeners.address()),
                    assets: Arc::clone(&assets),
                    model,
                    activity: activity.clone(),
                    site_fonts: config.brand.fonts.allow_scraped,
                    fonts: FontFolders::new(config.fonts.dirs.clone()),
                    webhooks,
                    noop: config.actions.noop.enabled,
                    disabled: options::disabled_actions(&config.actions),
                }),
                config,
                &CustomParts {
                    outbound,
                    assets: Arc::clone(&assets),
                    base_url: options::base_url(&config.server, listeners.address(), tls),
                    commands: command_place(&data_dir)?,
                },
            )?,
            clock: clock.clone(),
            metrics: Arc::clone(&metrics),
            options: options::engine(config),
            runtime: Handle::current(),
            messenger: Some(Arc::new(actions::delivery)),
        })
        .await?;
        let front = Front::new(FrontParts {
            engine: engine.clone(),
            catalog,
            assets,
            grants: activity.grants,
            channels: activity.channels,
            clock,
            metrics,
            options: http,
            address,
            tls,
            secret_key,
        });
        Ok(Self { data_dir, engine, front, listeners, tls, first_key })
    }

    /// Serves until `shutdown` fires, or until the engine finds that the process is unfit; then
    /// ends. When it returns, every accepted job is on disk and nothing of ours runs.
    pub async fn run(self, shutdown: CancellationToken) -> Result<(), AppError> {
        let Self { data_dir, engine, front, listeners, tls: _, first_key: _ } = self;
        let (catalog, clock) = (Arc::clone(&front.catalog), front.clock.clone());
        let digests = Digests::new(engine.clone(), catalog, clock);
        // Either of the two that ends, for whatever reason, ends the other.
        let stop = shutdown.child_token();
        let (served, worked, ()) = tokio::join!(
            ending(http::serve(front, listeners, stop.clone()), &stop),
            ending(engine.run(stop.clone()), &stop),
            digests.run(stop.clone()),
        );
        data_dir.clear_control_socket()?;
        // The store closes with the engine, while the directory is still ours.
        drop((engine, digests));
        drop(data_dir);
        worked?;
        Ok(served?)
    }

    /// How clients on this machine reach the server.
    pub fn url(&self) -> String {
        options::local_url(self.listeners.address(), self.tls)
    }

    /// Where everything is kept.
    pub fn data_dir(&self) -> &Path {
        self.data_dir.path()
    }

    /// The key that this start made, if it is the first. It can be read nowhere else.
    pub fn first_key(&self) -> Option<&str> {
        self.first_key.as_deref()
    }
}

/// What messages to webhooks are made with.
fn webhook_options(
    config: &Config,
    key: SecretKey,
    body: Arc<dyn EventBody>,
) -> Result<WebhookOptions, AppError> {
    let outbound = Outbound::new(options::webhook_outbound(config)?);
    Ok(WebhookOptions { outbound, key, body, concurrency: options::deliveries_at_once(config) })
}

/// The built-in actions and the operator's.
fn with_own_actions(
    built_in: ActionRegistry,
    config: &Config,
    parts: &CustomParts,
) -> Result<ActionRegistry, AppError> {
    let own = own_actions::build(&config.actions, parts)?;
    built_in.with(own).map_err(AppError::ActionName)
}

/// Where commands run: what they left in a server that was killed is removed.
fn command_place(data_dir: &DataDir) -> Result<CommandPlace, AppError> {
    let path = data_dir.scratch();
    let prepared = actions::sweep_scratch(&path)
        .and_then(|()| Ok((std::path::absolute(&path)?, actions::own_program()?)));
    let (scratch, supervisor) =
        prepared.map_err(|source| AppError::Scratch { path: path.clone(), source })?;
    Ok(CommandPlace { supervisor, scratch })
}

fn open_store(data_dir: &DataDir, metrics: &Arc<Metrics>) -> Result<Arc<SqliteStore>, StoreError> {
    let metrics = Arc::clone(metrics);
    let hooks = WriterHooks {
        before_commit: None,
        after_commit: Some(Arc::new(move |took, writes| metrics.commit(took, writes))),
    };
    SqliteStore::open(data_dir.path(), Handle::current(), hooks).map(Arc::new)
}

/// Runs a part of the server, and tells the others when it has ended.
async fn ending<T>(part: impl Future<Output = T>, stop: &CancellationToken) -> T {
    let result = part.await;
    stop.cancel();
    result
}
