//! The composition root: builds every room from a configuration, runs them, and joins them.
//!
//! `build` takes the data directory, opens what lies in it and binds the addresses; `run` serves
//! until it is told to stop, then ends in the order that loses nothing: no new requests, no new
//! claims, running jobs end or are released, the store closes. Never: a rule of another room.

mod data_dir;
mod first_key;
mod model;
mod options;

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::actions::{self, ActionOptions};
use crate::assets::{AssetError, AssetStore};
use crate::config::Config;
use crate::domain::clock::Clock;
use crate::engine::{Engine, EngineError, EngineParts};
use crate::http::{self, Front, FrontParts, HttpError, Listeners};
use crate::model::{Model, ModelError, ModelParts};
use crate::outbound::Outbound;
use crate::outbound::rules::InvalidEntry;
use crate::sources::FontFolders;
use crate::store::sqlite::{SqliteStore, WriterHooks};
use crate::store::{Catalog, Store, StoreError};
use crate::telemetry::Metrics;

pub use data_dir::{DataDir, DataDirError};
pub use model::{MissingKey, model_options};
pub use options::outbound_rules;

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
    /// An entry of the allow-list means nothing.
    #[error("`outbound.allow`: {0}")]
    Allow(#[from] InvalidEntry),
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
        let outbound = Outbound::new(options::outbound(&config.outbound)?);
        let model = Model::open(
            model_options(&config.model)?,
            ModelParts {
                outbound: outbound.clone(),
                cache: data_dir.models(),
                clock: clock.clone(),
                metrics: Arc::clone(&metrics),
            },
        )?;
        let engine = Engine::start(EngineParts {
            store: Arc::clone(&store) as Arc<dyn Store>,
            catalog: Arc::clone(&catalog),
            assets: Arc::clone(&assets),
            actions: actions::registry(ActionOptions {
                outbound,
                own: options::own_hosts(&config.server, listeners.address()),
                assets: Arc::clone(&assets),
                model,
                site_fonts: config.brand.fonts.allow_scraped,
                fonts: FontFolders::new(config.fonts.dirs.clone()),
                noop: config.actions.noop.enabled,
                disabled: options::disabled_actions(&config.actions),
            }),
            clock: clock.clone(),
            metrics: Arc::clone(&metrics),
            options: options::engine(config),
            runtime: Handle::current(),
        })
        .await?;
        let front = Front::new(FrontParts {
            engine: engine.clone(),
            catalog,
            assets,
            clock,
            metrics,
            options: options::http(config),
            address: listeners.address(),
            tls,
        });
        Ok(Self { data_dir, engine, front, listeners, tls, first_key })
    }

    /// Serves until `shutdown` fires, or until the engine finds that the process is unfit; then
    /// ends. When it returns, every accepted job is on disk and nothing of ours runs.
    pub async fn run(self, shutdown: CancellationToken) -> Result<(), AppError> {
        let Self { data_dir, engine, front, listeners, tls: _, first_key: _ } = self;
        // Either of the two that ends, for whatever reason, ends the other.
        let stop = shutdown.child_token();
        let (served, worked) = tokio::join!(
            ending(http::serve(front, listeners, stop.clone()), &stop),
            ending(engine.run(stop.clone()), &stop),
        );
        data_dir.clear_control_socket()?;
        // The store closes with the engine, while the directory is still ours.
        drop(engine);
        drop(data_dir);
        worked?;
        Ok(served?)
    }

    /// How clients on this machine reach the server.
    pub fn url(&self) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        let mut address = self.listeners.address();
        if address.ip().is_unspecified() {
            address.set_ip(match address {
                SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
            });
        }
        format!("{scheme}://{address}")
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
