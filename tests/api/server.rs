//! A server of the real rooms: SQLite, engine, HTTP; with the actions of `acting` beside the
//! built-in ones.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use tempfile::TempDir;
use tidemill::actions::{
    self, ActionOptions, ActivityOptions, CommandPlace, CustomAction, CustomOptions, CustomParts,
    WebhookOptions,
};
use tidemill::app::Digests;
use tidemill::assets::AssetStore;
use tidemill::domain::audit::Author;
use tidemill::domain::clock::{Clock, Timestamp};
use tidemill::domain::ids::{KeyId, OrgId};
use tidemill::domain::job::LogLimits;
use tidemill::domain::key::{Dialect, NewApiKey, Scope, Scopes};
use tidemill::domain::sealed::SecretKey;
use tidemill::engine::{Action, ActionRegistry, Engine, EngineOptions, EngineParts};
use tidemill::http::{
    Front, FrontParts, HttpOptions, ListenOptions, Listeners, WebhookRules, event_body, serve,
};
use tidemill::model::{Model, ModelOptions, ModelParts};
use tidemill::outbound::rules::{Mode, Rules};
use tidemill::outbound::{Outbound, OutboundOptions, OwnHosts};
use tidemill::sources::FontFolders;
use tidemill::store::sqlite::{SqliteStore, WriterHooks};
use tidemill::store::{Catalog, Store, StoreError};
use tidemill::telemetry::Metrics;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::acting::{self, Gate};
use crate::brake::Brake;
use crate::client::Client;
use crate::team::TeamSettings;

/// A running server; dropped, it stops.
pub(crate) struct Server {
    /// With a key of every scope in the organization `default`.
    pub(crate) client: Client,
    /// Decides when `test.gate` goes on.
    pub(crate) gate: Gate,
    /// What `Clock` the server tells the time by.
    pub(crate) clock: Clock,
    pub(crate) catalog: Arc<dyn Catalog>,
    pub(crate) org: OrgId,
    pub(crate) dir: TempDir,
    address: SocketAddr,
    telemetry: SocketAddr,
    /// While set, no commit succeeds.
    pub(crate) disk_is_full: Arc<AtomicBool>,
    /// While held, no commit ends.
    pub(crate) brake: Brake,
    stop_engine: CancellationToken,
    stop: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

/// No slow look helps a server of the tests: who is not told that a job is due waits for ever.
const NEVER: Duration = Duration::from_hours(1);

/// How a server differs from the usual one.
pub(crate) struct Settings {
    pub(crate) http: HttpOptions,
    pub(crate) queue_limit: u64,
    pub(crate) clock: Clock,
    pub(crate) model: ModelOptions,
    pub(crate) site_fonts: bool,
    /// Actions beside those of the tests.
    pub(crate) further: Vec<Arc<dyn Action>>,
    /// What attempts wait behind.
    pub(crate) gate: Gate,
    /// The operator's own actions.
    pub(crate) own: Vec<CustomOptions>,
    /// What one organization may have running at one time.
    pub(crate) org_concurrency: Option<u32>,
    pub(crate) lease: Duration,
    /// What a job's log may hold.
    pub(crate) log_limits: LogLimits,
    /// How often the engine looks at a clock that somebody may have set.
    pub(crate) poll: Duration,
    pub(crate) team: TeamSettings,
}

impl Default for Settings {
    fn default() -> Self {
        let here = |mode| Rules::parse(mode, &["127.0.0.1"]).expect("a rule");
        let webhooks =
            WebhookRules { addresses: here(Mode::Public), plain: here(Mode::AllowlistOnly) };
        let http = HttpOptions { requests_per_minute: 0, webhooks, ..HttpOptions::default() };
        let model = ModelOptions::default();
        Self {
            http,
            queue_limit: 100_000,
            clock: Clock::system(),
            model,
            site_fonts: false,
            further: Vec::new(),
            gate: Gate::default(),
            own: Vec::new(),
            org_concurrency: None,
            lease: EngineOptions::default().lease,
            log_limits: LogLimits::default(),
            poll: NEVER,
            team: TeamSettings::default(),
        }
    }
}

/// What the server's thread hands back when it listens.
struct Started {
    address: SocketAddr,
    telemetry: SocketAddr,
    catalog: Arc<dyn Catalog>,
    org: OrgId,
    secret: String,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::with(|_| ())
    }

    pub(crate) fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let mut settings = Settings::default();
        change(&mut settings);
        let dir = tempfile::tempdir().expect("a directory");
        let gate = settings.gate.clone();
        let (disk_is_full, brake) = (Arc::new(AtomicBool::new(false)), Brake::default());
        let (stop, stop_engine) = (CancellationToken::new(), CancellationToken::new());
        let (sender, receiver) = std::sync::mpsc::channel();
        let clock = settings.clock.clone();
        let parts = Parts {
            settings,
            dir: dir.path().to_owned(),
            gate: gate.clone(),
            disk_is_full: Arc::clone(&disk_is_full),
            brake: brake.clone(),
            stop: stop.clone(),
            stop_engine: stop_engine.clone(),
        };
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(parts.run(&sender));
        });
        let Started { address, telemetry, catalog, org, secret } =
            receiver.recv().expect("it starts");
        let client = Client::new(&format!("http://{address}"), Some(&secret));
        Self {
            client,
            gate,
            clock,
            catalog,
            org,
            dir,
            address,
            telemetry,
            disk_is_full,
            brake,
            stop_engine,
            stop,
            thread: Some(thread),
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// A client of the address for telemetry, without a key.
    pub(crate) fn telemetry(&self) -> Client {
        Client::new(&format!("http://{}", self.telemetry), None)
    }

    pub(crate) fn control_socket(&self) -> PathBuf {
        self.dir.path().join("control.sock")
    }

    /// A client with a new key of these scopes in the organization `default`.
    pub(crate) async fn client_with(&self, scopes: &[Scope]) -> Client {
        self.client_of(self.org, scopes, Dialect::Pi).await.0
    }

    /// A client of another organization.
    pub(crate) async fn stranger(&self) -> Client {
        let org = self
            .catalog
            .ensure_org("strangers", self.clock.now(), Author::SERVER)
            .await
            .expect("stored");
        self.client_of(org.id, &[Scope::Read, Scope::Write, Scope::Keys], Dialect::Pi).await.0
    }

    /// A client with a new key, and the key's id.
    pub(crate) async fn client_of(
        &self,
        org: OrgId,
        scopes: &[Scope],
        dialect: Dialect,
    ) -> (Client, KeyId) {
        let key = NewApiKey::mint(org, "test", Scopes::of(scopes), dialect, self.clock.now());
        let (client, id) = (self.client.with_key(&key.secret), key.key.id);
        self.catalog.insert_key(key, Author::SERVER).await.expect("stored");
        (client, id)
    }

    /// Lets it end as at a shutdown, and opens what it leaves.
    pub(crate) fn end(&mut self) -> rusqlite::Connection {
        self.stop();
        let path = self.dir.path().join(tidemill::store::sqlite::FILE_NAME);
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        rusqlite::Connection::open_with_flags(path, flags).expect("the database opens")
    }

    fn stop(&mut self) {
        self.brake.release();
        self.stop.cancel();
        self.stop_engine.cancel();
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || std::thread::panicking(), "the server panicked");
        }
    }

    /// Lets the engine stop while HTTP still answers; returns when it no longer takes jobs.
    pub(crate) async fn stop_engine(&self) {
        self.stop_engine.cancel();
        while self.client.without_key().get("/readyz").await.status == 200 {
            tokio::task::yield_now().await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

struct Parts {
    settings: Settings,
    dir: PathBuf,
    gate: Gate,
    disk_is_full: Arc<AtomicBool>,
    brake: Brake,
    stop: CancellationToken,
    stop_engine: CancellationToken,
}

impl Parts {
    async fn run(self, started: &std::sync::mpsc::Sender<Started>) {
        let Self { settings, dir, gate, disk_is_full, brake, stop, stop_engine } = self;
        let Settings {
            http,
            queue_limit,
            clock,
            model,
            site_fonts,
            further,
            gate: _,
            own,
            org_concurrency,
            lease,
            log_limits,
            poll,
            team,
        } = settings;
        let store = Arc::new(open_store(&dir, disk_is_full, brake));
        let catalog: Arc<dyn Catalog> = Arc::clone(&store) as _;
        let assets = Arc::new(AssetStore::open(&dir.join("assets")).expect("the files open"));
        let metrics = Arc::new(Metrics::default());
        let listeners = listen(&dir);
        let address = listeners.address();
        let secret_key = SecretKey::mint();
        let org = default_org(&*catalog, clock.now()).await;
        let (activity, disabled) = team.options(org, &*catalog).await;
        let model = open_model(model, &dir, &clock, &metrics);
        let own = own_actions(own, &dir, &assets, address);
        let options = ActionOptions {
            activity: activity.clone(),
            disabled,
            site_fonts,
            ..action_options(&http, secret_key.clone(), address, &assets, model)
        };
        let parts = EngineParts {
            store: store as Arc<dyn Store>,
            catalog: Arc::clone(&catalog),
            assets: Arc::clone(&assets),
            actions: registry(&gate, further, options).with(own).expect("new names"),
            clock: clock.clone(),
            metrics: Arc::clone(&metrics),
            options: engine_options(queue_limit, org_concurrency, lease, poll, log_limits),
            runtime: Handle::current(),
            messenger: Some(Arc::new(actions::delivery)),
        };
        let engine = Engine::start(parts).await.expect("the engine starts");
        let telemetry = listeners.telemetry_address().expect("it has one");
        let secret = first_key(&*catalog, org, clock.now()).await;
        let digests = Digests::new(engine.clone(), Arc::clone(&catalog), clock.clone());
        let front = Front::new(FrontParts {
            engine: engine.clone(),
            catalog: Arc::clone(&catalog),
            assets,
            grants: activity.grants,
            channels: activity.channels,
            clock,
            metrics,
            options: http,
            address,
            tls: false,
            secret_key,
        });
        started.send(Started { address, telemetry, catalog, org, secret }).expect("it waits");
        let serving = serve(front, listeners, stop.clone());
        let (worked, served, ()) =
            tokio::join!(engine.run(stop_engine), serving, digests.run(stop));
        worked.expect("the engine ends");
        served.expect("the server ends");
    }
}

async fn default_org(catalog: &dyn Catalog, now: Timestamp) -> OrgId {
    catalog.ensure_org("default", now, Author::SERVER).await.expect("stored").id
}

/// Makes a key that may do everything; its secret.
async fn first_key(catalog: &dyn Catalog, org: OrgId, now: Timestamp) -> String {
    let key = NewApiKey::mint(org, "first", Scopes::all(), Dialect::Pi, now);
    let secret = key.secret.clone();
    catalog.insert_key(key, Author::SERVER).await.expect("stored");
    secret
}

/// Addresses that nobody has.
fn listen(dir: &Path) -> Listeners {
    Listeners::bind(&ListenOptions {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        tls: None,
        telemetry: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
        control: Some(dir.join("control.sock")),
        threads: 2,
        connections: 10_000,
        shutdown_grace: Duration::from_secs(1),
    })
    .expect("the addresses are free")
}

fn open_store(dir: &Path, disk_is_full: Arc<AtomicBool>, brake: Brake) -> SqliteStore {
    let before_commit = move |_| {
        brake.pass();
        if disk_is_full.load(Ordering::SeqCst) { Err(StoreError::DiskFull) } else { Ok(()) }
    };
    let hooks = WriterHooks { before_commit: Some(Arc::new(before_commit)), after_commit: None };
    SqliteStore::open(dir, Handle::current(), hooks).expect("the database opens")
}

/// Actions as an operator would configure them.
fn own_actions(
    own: Vec<CustomOptions>,
    dir: &Path,
    assets: &Arc<AssetStore>,
    address: SocketAddr,
) -> Vec<Arc<dyn Action>> {
    let parts = CustomParts {
        outbound: outbound(),
        assets: Arc::clone(assets),
        base_url: format!("http://{address}"),
        commands: CommandPlace {
            supervisor: env!("CARGO_BIN_EXE_tidemill").into(),
            scratch: dir.join("scratch"),
        },
    };
    let make = |options| CustomAction::new(options, &parts).expect("an action");
    own.into_iter().map(|options| Arc::new(make(options)) as Arc<dyn Action>).collect()
}

fn action_options(
    http: &HttpOptions,
    key: SecretKey,
    address: SocketAddr,
    assets: &Arc<AssetStore>,
    model: Model,
) -> ActionOptions {
    ActionOptions {
        outbound: outbound(),
        own: OwnHosts::new(http.public_url.clone(), &http.allowed_hosts, address),
        assets: Arc::clone(assets),
        model,
        fonts: FontFolders::default(),
        activity: ActivityOptions::default(),
        site_fonts: false,
        webhooks: webhooks(http, key, address),
        noop: true,
        disabled: Vec::new(),
    }
}

fn engine_options(
    queue_limit: u64,
    org_concurrency: Option<u32>,
    lease: Duration,
    poll: Duration,
    log_limits: LogLimits,
) -> EngineOptions {
    EngineOptions {
        workers: 4,
        queue_limit,
        org_concurrency,
        lease,
        log_limits,
        poll,
        shutdown_grace: Duration::ZERO,
        ..EngineOptions::default()
    }
}

/// The built-in actions and those of the tests in one registry.
fn registry(gate: &Gate, further: Vec<Arc<dyn Action>>, options: ActionOptions) -> ActionRegistry {
    let built_in = actions::registry(options);
    let internal = [
        actions::MESSAGES_SEND,
        actions::DIGESTS_GENERATE,
        actions::QUESTIONS_ANSWER,
        "webhooks.deliver",
    ];
    let internal = internal.into_iter().filter_map(|name| built_in.find(name));
    let built_in: Vec<Arc<dyn Action>> =
        built_in.public().chain(internal).map(Arc::clone).collect();
    let actions = built_in.into_iter().chain(acting::all(gate)).chain(further).collect();
    ActionRegistry::new(actions, vec!["test.disabled".to_owned()])
}

/// Deliveries to receivers on this machine, in the clear.
fn webhooks(http: &HttpOptions, key: SecretKey, address: SocketAddr) -> WebhookOptions {
    let WebhookRules { addresses: rules, plain } = http.webhooks.clone();
    let options = OutboundOptions { rules, plain: Some(plain), ..OutboundOptions::default() };
    WebhookOptions {
        outbound: Outbound::new(options),
        key,
        body: event_body(http, address, false),
        concurrency: 2,
    }
}

fn outbound() -> Outbound {
    let rules = Rules::parse(Mode::Public, &["127.0.0.0/8", "localhost"]).expect("a rule");
    Outbound::new(OutboundOptions { rules, ..OutboundOptions::default() })
}

fn open_model(model: ModelOptions, dir: &Path, clock: &Clock, metrics: &Arc<Metrics>) -> Model {
    let parts = ModelParts {
        outbound: outbound(),
        cache: dir.join("models"),
        clock: clock.clone(),
        metrics: Arc::clone(metrics),
    };
    Model::open(model, parts).expect("the models open")
}

/// A clock that a test moves.
pub(crate) fn manual_clock() -> Clock {
    Clock::manual(Timestamp::from_ms(1_800_000_000_000))
}
