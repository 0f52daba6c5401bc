//! The only door to other machines.
//!
//! `rules` says which addresses may be reached; an [`Outbound`] is made once from
//! [`OutboundOptions`]; each job opens a [`Session`] with a [`Budget`] and fetches through it.
//! A name is resolved once a session, all its addresses are checked, and only those are connected
//! to; every redirect passes the same gate. An [`Origin`] is the way to one place that the operator
//! named. Never: a proxy from the environment, a cookie, a connection shared between jobs, or an
//! address in an error that a client could read.

mod client;
mod decode;
mod error;
mod ledger;
mod origin;
mod own;
mod post;
mod resolve;
mod robots;
pub mod rules;
mod session;
mod tls;

#[cfg(test)]
pub(crate) mod loopback;
#[cfg(test)]
mod tests;

pub use client::{Outbound, OutboundOptions, Timeouts};
pub use error::{FetchError, RedirectFault, Retry, Wait};
pub use ledger::{Budget, Resource};
pub use origin::{Origin, OriginAnswer, OriginOptions, OriginRequest, Secret};
pub use own::OwnHosts;
pub use post::{PostRequest, Posted};
pub use resolve::{Resolver, SystemResolver};
pub use session::{FetchRequest, FetchedResponse, MAX_REDIRECTS, Session};
