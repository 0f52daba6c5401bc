//! The life of jobs: accepted, claimed, attempted, ended, waited for.
//!
//! [`Engine`] is the only way to change a job. A dispatcher claims for idle workers, each worker
//! thread drives one attempt at a time, the store fences what it writes, and the notifier tells
//! those who wait. Never: a concrete action, a concrete store, HTTP or SQL.

mod action;
mod context;
mod dispatcher;
mod executor;
mod maintenance;
mod notifier;
mod options;
mod payloads;
mod reporter;
mod retry;
mod running;
mod watch;

pub use action::{
    Action, ActionDescription, ActionError, ActionRegistry, AttemptPolicy, Diagnostics,
    InvalidInput, Output, PermitClass, Retry, Visibility,
};
pub use context::ActionContext;
pub use options::EngineOptions;
