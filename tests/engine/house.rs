//! An engine on a store of its own, whose commits a test can hold up.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Map;
use tempfile::TempDir;
use tidemill::assets::AssetStore;
use tidemill::domain::audit::Author;
use tidemill::domain::clock::{Clock, Timestamp};
use tidemill::domain::ids::{JobId, OrgId};
use tidemill::domain::job::{Enqueued, Job, NewJob};
use tidemill::engine::{Action, ActionRegistry, Engine, EngineError, EngineOptions, EngineParts};
use tidemill::store::sqlite::{SqliteStore, WriterHooks};
use tidemill::store::{Catalog, Orgs as _, Store, StoreReader as _};
use tidemill::telemetry::Metrics;
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::acting::{Acting, Deed, Stage};

/// Longer than any test takes.
pub(crate) const LONG: Duration = Duration::from_secs(20);

/// A started engine, not yet running.
pub(crate) struct House {
    pub(crate) engine: Engine,
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) clock: Clock,
    pub(crate) org: OrgId,
    pub(crate) stage: Stage,
    pub(crate) door: Door,
    pub(crate) shutdown: CancellationToken,
    _dir: TempDir,
}

impl House {
    /// An engine whose options differ from the tests' usual ones as `change` says.
    pub(crate) async fn with(change: impl FnOnce(&mut EngineOptions)) -> Self {
        let dir = TempDir::new().expect("a directory");
        let door = Door::default();
        let store = SqliteStore::open(dir.path(), Handle::current(), door.hooks());
        let store = Arc::new(store.expect("the store opens"));
        let clock = Clock::manual(Timestamp::from_ms(1_800_000_000_000));
        let org =
            store.ensure_org("one", clock.now(), Author::SERVER).await.expect("an organization").id;
        let (stage, metrics) = (Stage::default(), Arc::new(Metrics::default()));
        let mut options = EngineOptions {
            workers: 1,
            // No slow look helps: who is not told that a job is due waits for ever.
            poll: Duration::from_hours(1),
            shutdown_grace: LONG,
            heed_stop: LONG,
            heed_time_out: Duration::from_millis(10),
            ..EngineOptions::default()
        };
        change(&mut options);
        let actions = Deed::ALL.map(|deed| {
            let name = deed.action();
            Arc::new(Acting { name, deed, stage: stage.clone() }) as Arc<dyn Action>
        });
        let engine = Engine::start(EngineParts {
            store: Arc::clone(&store) as Arc<dyn Store>,
            catalog: Arc::clone(&store) as Arc<dyn Catalog>,
            assets: Arc::new(AssetStore::open(&dir.path().join("assets")).expect("the files open")),
            actions: ActionRegistry::new(actions.to_vec(), Vec::new()),
            clock: clock.clone(),
            metrics: Arc::clone(&metrics),
            options,
            runtime: Handle::current(),
            messenger: None,
        });
        let engine = engine.await.expect("the engine starts");
        let shutdown = CancellationToken::new();
        Self { engine, store, metrics, clock, org, stage, door, shutdown, _dir: dir }
    }

    /// Runs the engine while `story` goes on, then shuts it down; how the engine ended.
    pub(crate) async fn live(&self, story: impl Future<Output = ()>) -> Result<(), EngineError> {
        let told = async {
            story.await;
            self.shutdown.cancel();
        };
        let (ended, ()) = tokio::join!(self.engine.run(self.shutdown.clone()), told);
        self.stage.let_go();
        ended
    }

    /// A job for `deed`, as the test changes it.
    pub(crate) async fn draft(&self, deed: Deed) -> NewJob {
        self.engine.draft(self.org, &deed.action(), &Map::new()).await.expect("a draft")
    }

    /// Accepts a job for `deed` that is attempted once, for at most a millisecond.
    pub(crate) async fn enqueue_short(&self, deed: Deed) -> JobId {
        let attempt_timeout = Duration::from_millis(1);
        self.accept(NewJob { max_attempts: 1, attempt_timeout, ..self.draft(deed).await }).await
    }

    /// Accepts a job for `deed`.
    pub(crate) async fn enqueue(&self, deed: Deed) -> JobId {
        self.accept(self.draft(deed).await).await
    }

    /// Accepts `job`.
    pub(crate) async fn accept(&self, job: NewJob) -> JobId {
        let id = job.id;
        assert_eq!(self.engine.enqueue(job).await.expect("an enqueue"), Enqueued::Created(id));
        id
    }

    /// The job at its end.
    pub(crate) async fn ended(&self, id: JobId) -> Job {
        let job = self.engine.wait(self.org, id, LONG).await.expect("a read").expect("the job");
        assert!(job.state.is_terminal(), "{job:?}");
        Job::clone(&job)
    }

    /// The job as it is.
    pub(crate) async fn job(&self, id: JobId) -> Job {
        self.store.job(self.org, id).await.expect("a read").expect("the job")
    }

    /// How each of a job's attempts ended.
    pub(crate) async fn outcomes(&self, id: JobId) -> Vec<String> {
        let attempts = self.store.attempts(id).await.expect("a read");
        attempts.into_iter().map(|attempt| attempt.outcome).collect()
    }

    /// Returns when the engine has heard of the shutdown, and has had time to act on it.
    pub(crate) async fn stopping(&self) {
        while self.engine.is_fit() {
            tokio::task::yield_now().await;
        }
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    }
}

/// Stands before each commit; open unless a test closes it.
#[derive(Clone)]
pub(crate) struct Door {
    is_closed: Arc<AtomicBool>,
    /// One permit for each commit that stood before the closed door.
    waits: Arc<Semaphore>,
    opened: Arc<(Mutex<()>, Condvar)>,
}

impl Default for Door {
    fn default() -> Self {
        Self {
            is_closed: Arc::default(),
            waits: Arc::new(Semaphore::new(0)),
            opened: Arc::default(),
        }
    }
}

impl Door {
    /// Holds up the next commit.
    pub(crate) fn close(&self) {
        self.is_closed.store(true, Ordering::SeqCst);
    }

    /// Returns when a commit stands before the door.
    pub(crate) async fn reached(&self) {
        self.waits.acquire().await.expect("never closed").forget();
    }

    /// Lets commits through.
    pub(crate) fn open(&self) {
        let _held = self.opened.0.lock().unwrap_or_else(PoisonError::into_inner);
        self.is_closed.store(false, Ordering::SeqCst);
        self.opened.1.notify_all();
    }

    fn pass(&self) {
        if !self.is_closed.load(Ordering::SeqCst) {
            return;
        }
        self.waits.add_permits(1);
        let mut held = self.opened.0.lock().unwrap_or_else(PoisonError::into_inner);
        while self.is_closed.load(Ordering::SeqCst) {
            held = self.opened.1.wait(held).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn hooks(&self) -> WriterHooks {
        let door = self.clone();
        let before_commit = move |_| {
            door.pass();
            Ok(())
        };
        WriterHooks { before_commit: Some(Arc::new(before_commit)), after_commit: None }
    }
}
