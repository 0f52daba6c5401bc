//! The life of jobs and runs: accepted, claimed, attempted, ended, waited for.
//!
//! [`Engine`] is the only way to change one. A dispatcher claims for idle workers, each worker
//! thread drives one attempt at a time, the store fences what it writes, and the notifier tells
//! those who wait. Never: a concrete action, a concrete store, HTTP or SQL.

mod action;
mod activity;
mod bulletin;
mod context;
mod core;
mod dispatcher;
mod executor;
mod feed;
mod jobs;
mod ledger;
mod maintenance;
mod notifier;
mod options;
mod orders;
mod payloads;
mod remote;
mod renewals;
mod reporter;
mod retry;
mod run_retry;
mod running;
mod runs;
mod scheduler;
mod telling;
mod time_limit;
mod waiting;

use self::core::Core;
pub use self::core::{Engine, EngineError, EngineParts};
pub use action::{
    Action, ActionDescription, ActionError, ActionRegistry, AttemptPolicy, Diagnostics,
    InvalidInput, Output, PermitClass, Place, Retry, Visibility,
};
pub use bulletin::{Bulletin, JobBulletin, Subject};
pub use context::{ActionContext, PublicAsset};
pub use feed::{FeedNews, FeedPlace, FeedWatch};
pub use jobs::MAX_JOBS_A_REQUEST;
pub use ledger::{Quantiles, Recent, RecentOf, TICK, Tally, Tick};
pub use notifier::{JobWatch, RunWatch};
pub use options::EngineOptions;
pub use remote::{
    MAX_REMOTE_CLAIM, RemoteAsk, RemoteClaim, RemoteEnd, RemoteFault, RemoteLog, RemoteRenewal,
    RemoteRoom, Silence,
};
pub use run_retry::RunRetry;
pub use waiting::WaitsFor;
