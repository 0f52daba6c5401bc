//! The one thread that writes, and its group commit.
//!
//! Writes arrive on a bounded channel. The thread takes all that wait, runs them in one
//! transaction, commits once, and only then answers each: many callers share one sync. A savepoint
//! a write keeps one caller's fault from being another's, but for the two writes of every job.
//! Never: an answer before the commit, or a second writing connection.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::store::StoreError;
use crate::store::sqlite::connection;

/// Writes that may wait: at 20,000 a second a fifth of a second's work. Beyond it the disk cannot
/// follow, and callers are told so instead of being queued.
const MAX_WAITING_WRITES: usize = 4_096;

/// Writes that share a commit: it keeps the first of them from waiting for all that follow.
const MAX_WRITES_A_COMMIT: usize = 512;

/// Called before each commit with its number, from 1; an error makes that commit fail. For tests.
pub type CommitFault = Arc<dyn Fn(u64) -> Result<(), StoreError> + Send + Sync>;

/// Called after each commit with its duration and the number of writes in it.
pub type CommitObserver = Arc<dyn Fn(Duration, usize) + Send + Sync>;

/// What happens to its neighbours when a write fails after it has changed something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guard {
    /// Nothing: it runs in a savepoint, which costs a copy of every page that it touches.
    Savepoint,
    /// They fail with it. For writes that refuse, if they do, before their first change, so that
    /// only a failing disk can get them here.
    Group,
}

/// How the writer is watched.
#[derive(Clone, Default)]
pub struct WriterHooks {
    /// Makes commits fail.
    pub before_commit: Option<CommitFault>,
    /// Learns of each commit.
    pub after_commit: Option<CommitObserver>,
}

/// The sending side of the writing thread; dropped, it lets the thread finish what waits.
pub(super) struct Writer {
    sender: Option<SyncSender<Box<dyn Write>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread on a connection that is already migrated.
    pub(super) fn start(connection: Connection, hooks: WriterHooks) -> Result<Self, StoreError> {
        let (sender, receiver) = sync_channel(MAX_WAITING_WRITES);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || write_until_closed(&connection, &receiver, &hooks))
            .map_err(|error| StoreError::Database(Box::new(error)))?;
        Ok(Self { sender: Some(sender), thread: Some(thread) })
    }

    /// Runs `run` in the next transaction; the answer comes after its commit.
    ///
    /// The write stands even when the caller goes away. [`StoreError::Busy`] when too many wait.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        run: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        // The caller may have gone away; its write stands all the same.
        self.submit(Guard::Savepoint, run, move |result| drop(answer.send(result)))?;
        answered.await.unwrap_or(Err(StoreError::Closed))
    }

    /// The same with a hook instead of a future, called on the writing thread.
    pub(super) fn submit<T: Send + 'static>(
        &self,
        guard: Guard,
        run: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
        answer: impl FnOnce(Result<T, StoreError>) + Send + 'static,
    ) -> Result<(), StoreError> {
        let sender = self.sender.as_ref().ok_or(StoreError::Closed)?;
        sender.try_send(Pending::boxed(guard, run, answer)).map_err(|refused| match refused {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Disconnected(_) => StoreError::Closed,
        })
    }

    /// The same, but waits for room in the channel: for what must not be refused. Blocks.
    pub(super) fn submit_patiently<T: Send + 'static>(
        &self,
        guard: Guard,
        run: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
        answer: impl FnOnce(Result<T, StoreError>) + Send + 'static,
    ) {
        let write = Pending::boxed(guard, run, answer);
        match &self.sender {
            Some(sender) => {
                if let Err(refused) = sender.send(write) {
                    refused.0.answer(Some(StoreError::Closed));
                }
            }
            None => write.answer(Some(StoreError::Closed)),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.sender.take());
        if let Some(thread) = self.thread.take() {
            // A hook may hold the last reference to the store: the thread cannot join itself.
            if thread.thread().id() != std::thread::current().id() {
                drop(thread.join());
            }
        }
    }
}

/// Opens and migrates the writing connection.
pub(super) fn open(path: &Path) -> Result<Connection, StoreError> {
    let mut connection = connection::open_writer(path)?;
    super::migrate::migrate(&mut connection)?;
    Ok(connection)
}

fn write_until_closed(
    connection: &Connection,
    receiver: &Receiver<Box<dyn Write>>,
    hooks: &WriterHooks,
) {
    let mut batch = Vec::with_capacity(MAX_WRITES_A_COMMIT);
    let mut commits = 0;
    while let Ok(first) = receiver.recv() {
        batch.push(first);
        // What comes from now on waits for the next commit: while this one is synced, its callers'
        // threads have the answers to the last one to send.
        while batch.len() < MAX_WRITES_A_COMMIT {
            let Ok(next) = receiver.try_recv() else { break };
            batch.push(next);
        }
        commits += 1;
        let began = Instant::now();
        let committed = commit_together(connection, &mut batch, commits, hooks);
        if let Some(observe) = &hooks.after_commit {
            observe(began.elapsed(), batch.len());
        }
        answer_all(&mut batch, committed);
    }
    // Leaves one file behind instead of three; a failure leaves three good ones.
    drop(connection.execute_batch("pragma wal_checkpoint(truncate)"));
}

fn commit_together(
    connection: &Connection,
    batch: &mut [Box<dyn Write>],
    number: u64,
    hooks: &WriterHooks,
) -> Result<(), StoreError> {
    if !connection.is_autocommit() {
        // A rollback failed before: what it left open must not swallow the next writes.
        connection.prepare_cached("rollback")?.execute([])?;
    }
    connection.prepare_cached("begin immediate")?.execute([])?;
    let committed = run_all(connection, batch)
        .and_then(|()| hooks.before_commit.as_ref().map_or(Ok(()), |fault| fault(number)))
        .and_then(|()| Ok(connection.prepare_cached("commit")?.execute([]).map(drop)?));
    if committed.is_err() && !connection.is_autocommit() {
        connection.prepare_cached("rollback")?.execute([])?;
    }
    committed
}

fn run_all(connection: &Connection, batch: &mut [Box<dyn Write>]) -> Result<(), StoreError> {
    batch.iter_mut().try_for_each(|write| run_one(connection, write.as_mut()))
}

fn run_one(connection: &Connection, write: &mut dyn Write) -> Result<(), StoreError> {
    let guarded = write.guard() == Guard::Savepoint;
    let before = connection.total_changes();
    if guarded {
        connection.prepare_cached("savepoint one_write")?.execute([])?;
    }
    if !write.run(connection) {
        if connection.is_autocommit() {
            // A full disk or a failed read ended the whole transaction.
            return Err(StoreError::Database("the transaction was rolled back".into()));
        }
        if guarded {
            connection.prepare_cached("rollback to one_write")?.execute([])?;
        } else if connection.total_changes() != before {
            return Err(StoreError::Database("a write of the same commit failed".into()));
        }
    }
    if guarded {
        connection.prepare_cached("release one_write")?.execute([])?;
    }
    Ok(())
}

fn answer_all(batch: &mut Vec<Box<dyn Write>>, committed: Result<(), StoreError>) {
    let failure = committed.err();
    if let Some(error) = &failure {
        tracing::error!(%error, writes = batch.len(), "a commit failed");
    }
    for write in batch.drain(..) {
        write.answer(failure.as_ref().map(of_the_commit));
    }
}

/// Every caller of a failed commit gets the failure's kind; the log has its cause.
fn of_the_commit(error: &StoreError) -> StoreError {
    match error {
        StoreError::DiskFull => StoreError::DiskFull,
        other => StoreError::Database(other.to_string().into()),
    }
}

/// A write that waits: first run, then answered, each once.
trait Write: Send {
    /// What protects its neighbours.
    fn guard(&self) -> Guard;

    /// Whether it may stay in the transaction.
    fn run(&mut self, connection: &Connection) -> bool;

    /// Tells the caller what it returned, or why the commit failed.
    fn answer(self: Box<Self>, failure: Option<StoreError>);
}

struct Pending<T, R, A> {
    guard: Guard,
    run: Option<R>,
    result: Option<Result<T, StoreError>>,
    answer: A,
}

impl<T, R, A> Pending<T, R, A>
where
    T: Send + 'static,
    R: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    A: FnOnce(Result<T, StoreError>) + Send + 'static,
{
    fn boxed(guard: Guard, run: R, answer: A) -> Box<dyn Write> {
        Box::new(Self { guard, run: Some(run), result: None, answer })
    }
}

impl<T, R, A> Write for Pending<T, R, A>
where
    T: Send,
    R: FnOnce(&Connection) -> Result<T, StoreError> + Send,
    A: FnOnce(Result<T, StoreError>) + Send,
{
    fn guard(&self) -> Guard {
        self.guard
    }

    fn run(&mut self, connection: &Connection) -> bool {
        // A panic ends one write; the thread serves all the others.
        self.result = self.run.take().map(|run| {
            catch_unwind(AssertUnwindSafe(|| run(connection)))
                .unwrap_or_else(|_| Err(StoreError::Damaged("a write ended abnormally".into())))
        });
        matches!(self.result, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, failure: Option<StoreError>) {
        let result = match (self.result, failure) {
            // Its own refusal says more than the commit's failure.
            (Some(Err(own)), _) => Err(own),
            (_, Some(failure)) => Err(failure),
            (Some(result), None) => result,
            (None, None) => Err(StoreError::Closed),
        };
        (self.answer)(result);
    }
}
