//! The engine's parts, its start and its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::{Notify, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::assets::{AssetError, AssetStore};
use crate::domain::clock::Clock;
use crate::domain::ids::{JobId, OrgId, RunId};
use crate::domain::job::{Job, Outcome};
use crate::domain::run::RunState;
use crate::engine::dispatcher::Dispatcher;
use crate::engine::feed::Feed;
use crate::engine::ledger::{Ledger, Recent};
use crate::engine::notifier::Notifier;
use crate::engine::remote::Bell;
use crate::engine::running::Running;
use crate::engine::{
    Action, ActionRegistry, EngineOptions, PermitClass, Place, Visibility, executor,
};
use crate::store::{Catalog, ConcurrencyLimits, Messenger, Renewing, Store, StoreError};
use crate::telemetry::Metrics;

/// Threads given up at which the process is no longer fit to serve.
const MAX_ABANDONED: usize = 8;

/// Why the engine could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A large document could not be stored or read.
    #[error(transparent)]
    Assets(#[from] AssetError),
    /// The server is stopping and takes no more jobs.
    #[error("the server is shutting down")]
    ShuttingDown,
    /// No action of this name can be run here.
    #[error("no action `{0}`")]
    UnknownAction(String),
    /// A worker thread could not be started.
    #[error("failed to start a worker thread: {0}")]
    Thread(#[source] std::io::Error),
    /// Too many attempts ignored their time-outs.
    #[error("{0} worker threads do not come back; the process must be restarted")]
    Abandoned(usize),
}

/// What an engine is made of.
pub struct EngineParts {
    /// The life of jobs.
    pub store: Arc<dyn Store>,
    /// Everything else that is stored.
    pub catalog: Arc<dyn Catalog>,
    /// Files.
    pub assets: Arc<AssetStore>,
    /// What can be done.
    pub actions: ActionRegistry,
    /// Time.
    pub clock: Clock,
    /// Counts.
    pub metrics: Arc<Metrics>,
    /// Limits.
    pub options: EngineOptions,
    /// Where timers and connections of attempts live.
    pub runtime: Handle,
    /// Makes the jobs that tell webhooks of ends, if anybody does.
    pub messenger: Option<Messenger>,
}

/// The only way to change a job.
#[derive(Clone)]
pub struct Engine(pub(super) Arc<Core>);

/// What the engine's parts share.
pub(super) struct Core {
    pub(super) store: Arc<dyn Store>,
    pub(super) catalog: Arc<dyn Catalog>,
    pub(super) assets: Arc<AssetStore>,
    pub(super) actions: ActionRegistry,
    pub(super) action_names: Arc<[String]>,
    /// Whether any action is remote workers'.
    pub(super) has_remote: bool,
    /// How much may be processed at one time.
    pub(super) limits: Arc<ConcurrencyLimits>,
    /// Remote workers that wait.
    pub(super) bell: Bell,
    pub(super) clock: Clock,
    pub(super) metrics: Arc<Metrics>,
    pub(super) options: EngineOptions,
    pub(super) runtime: Handle,
    pub(super) dispatcher: Dispatcher,
    pub(super) notifier: Notifier<JobId, Job>,
    pub(super) run_notifier: Notifier<RunId, RunState>,
    pub(super) feed: Feed,
    pub(super) running: Running,
    pub(super) ledger: Ledger,
    pub(super) permits: Permits,
    /// Rings when a running attempt has something to report.
    pub(super) news: Arc<Notify>,
    /// Rings during a shutdown when an attempt ended, or a claim was delivered.
    pub(super) drained: Notify,
    /// Rings when a schedule was made or changed.
    pub(super) schedules_changed: Notify,
    /// Rings when a thread was given up.
    pub(super) given_up: Notify,
    pub(super) abandoned: AtomicUsize,
    pub(super) waiting: AtomicUsize,
    /// Fires when no more jobs are taken; those who wait are answered.
    pub(super) stopping: CancellationToken,
    releasing: AtomicBool,
}

/// Permits for work that is heavy on CPU or memory.
pub(super) struct Permits {
    render: Arc<Semaphore>,
}

impl Permits {
    /// The permits of a class.
    pub(super) const fn of(&self, class: PermitClass) -> &Arc<Semaphore> {
        match class {
            PermitClass::Render => &self.render,
        }
    }
}

/// How much may be processed at one time, by what the actions and the options say.
fn limits(actions: &ActionRegistry, options: &EngineOptions) -> ConcurrencyLimits {
    let limited = |action: &Arc<dyn Action>| {
        action.policy().concurrency.map(|limit| (action.name().to_owned(), limit))
    };
    let internal = |action: &&Arc<dyn Action>| action.visibility() == Visibility::Internal;
    ConcurrencyLimits {
        actions: actions.all().filter_map(limited).collect(),
        org: options.org_concurrency,
        orgs: options.org_concurrency_of.clone(),
        exempt: actions.all().filter(internal).map(|action| action.name().to_owned()).collect(),
    }
}

impl Engine {
    /// Takes over from a process that died, and starts the workers. Nothing is claimed before
    /// [`Engine::run`], except together with an enqueue.
    pub async fn start(parts: EngineParts) -> Result<Self, EngineError> {
        let EngineParts {
            store,
            catalog,
            assets,
            actions,
            clock,
            metrics,
            options,
            runtime,
            messenger,
        } = parts;
        // Before what a dead process left is ended: that is told too.
        if let Some(messenger) = messenger {
            store.deliver_by(messenger);
        }
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let core = Arc::new(Core {
            store,
            catalog,
            assets,
            action_names: actions.names(Place::Here),
            has_remote: !actions.names(Place::Remote).is_empty(),
            limits: Arc::new(limits(&actions, &options)),
            bell: Bell::new(clock.clone()),
            actions,
            feed: Feed::new(clock.clone()),
            clock,
            metrics,
            dispatcher: Dispatcher::new(options.workers),
            notifier: Notifier::default(),
            run_notifier: Notifier::default(),
            running: Running::default(),
            ledger: Ledger::default(),
            permits: Permits { render: Arc::new(Semaphore::new(cores)) },
            news: Arc::new(Notify::new()),
            drained: Notify::new(),
            schedules_changed: Notify::new(),
            given_up: Notify::new(),
            abandoned: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
            stopping: CancellationToken::new(),
            releasing: AtomicBool::new(false),
            options,
            runtime,
        });
        core.recover().await?;
        for _ in 0..core.options.workers {
            core.hire().map_err(EngineError::Thread)?;
        }
        Ok(Self(core))
    }

    /// Dispatches, renews and keeps the house until `shutdown`; then lets attempts end, and
    /// releases those that do not. When it returns, everything accepted is on disk.
    pub async fn run(&self, shutdown: CancellationToken) -> Result<(), EngineError> {
        let core = &self.0;
        let done = CancellationToken::new();
        let life = async {
            core.fit_until(&shutdown).await;
            core.stopping.cancel();
            core.drain().await;
            done.cancel();
        };
        tokio::join!(
            core.dispatch(&core.stopping),
            core.maintain(&core.stopping),
            core.keep_schedules(&core.stopping),
            core.renew_leases(&done),
            core.watch_time_outs(&done),
            life,
        );
        core.dispatcher.dismiss(core.options.workers);
        // The writer works in order: behind this nothing is left to write.
        let now = core.clock.now();
        let (reports, log_limits) = (Vec::new(), core.options.log_limits);
        let last = Renewing { reports, log_limits, now, lease_expires_at: now };
        core.store.renew(last).await?;
        match core.abandoned.load(Ordering::SeqCst) {
            threads if threads >= MAX_ABANDONED => Err(EngineError::Abandoned(threads)),
            _ => Ok(()),
        }
    }

    /// What happened in the last hour, in one organization or in all.
    pub fn recent(&self, org: Option<OrgId>) -> Recent {
        self.0.ledger.recent(org, self.0.clock.now())
    }

    /// How many worker threads there are, and how many were given up since the start.
    pub fn workers(&self) -> (usize, usize) {
        (self.0.options.workers, self.0.abandoned.load(Ordering::SeqCst))
    }

    /// Whether the process can do its work: its threads answer, and it takes jobs.
    pub fn is_fit(&self) -> bool {
        !self.0.is_stopping() && self.0.abandoned.load(Ordering::SeqCst) < MAX_ABANDONED
    }
}

impl Core {
    /// Whether no more jobs are taken.
    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.is_cancelled()
    }

    /// Whether attempts are being released.
    pub(super) fn is_releasing(&self) -> bool {
        self.releasing.load(Ordering::SeqCst)
    }

    /// Starts a worker thread.
    pub(super) fn hire(self: &Arc<Self>) -> std::io::Result<()> {
        let core = Arc::clone(self);
        std::thread::Builder::new()
            .name("worker".to_owned())
            .spawn(move || executor::work(&core))
            .map(drop)
    }

    async fn fit_until(&self, shutdown: &CancellationToken) {
        while self.abandoned.load(Ordering::SeqCst) < MAX_ABANDONED {
            tokio::select! {
                () = shutdown.cancelled() => return,
                () = self.given_up.notified() => {}
            }
        }
    }

    /// Lets what was claimed come to its end, or releases it. Nothing is claimed any more: a claim
    /// that has not seen so is waited for.
    async fn drain(self: &Arc<Self>) {
        if self.at_rest_within(self.options.shutdown_grace).await {
            return;
        }
        self.releasing.store(true, Ordering::SeqCst);
        for attempting in self.running.all() {
            attempting.token.cancel();
        }
        if self.at_rest_within(self.options.heed_stop).await {
            return;
        }
        // What is still to be delivered was written before: it comes as soon as the disk answers.
        self.until(|| !self.dispatcher.awaits_deliveries()).await;
        // What does not even notice that it should stop is released over its head.
        for attempting in self.running.all() {
            if attempting.end() {
                executor::finish(self, &attempting, Outcome::Released, None);
            }
        }
    }

    /// Whether within `time` no claim was under way any more, and every attempt had ended.
    async fn at_rest_within(&self, time: Duration) -> bool {
        let at_rest =
            self.until(|| !self.dispatcher.awaits_deliveries() && self.running.is_empty());
        tokio::time::timeout(time, at_rest).await.is_ok()
    }

    /// Waits for something that the ends of attempts and claims bring about.
    async fn until(&self, is_so: impl Fn() -> bool) {
        loop {
            let next = self.drained.notified();
            if is_so() {
                return;
            }
            next.await;
        }
    }
}
