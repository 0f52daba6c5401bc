//! What every handler has at hand.
//!
//! One `Front` serves all threads; it holds no row and no job, so that dropping a request drops
//! all that the request cost. Never: a write to a job that is not asked of the engine.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::actions::{Channels, RepositoryGrants};
use crate::assets::AssetStore;
use crate::domain::clock::{Clock, Timestamp};
use crate::domain::sealed::SecretKey;
use crate::engine::Engine;
use crate::http::body::BodyBudget;
use crate::http::cookie::SessionCookie;
use crate::http::host::Hosts;
use crate::http::options::{FlowRelayLimits, HttpOptions};
use crate::http::pi::{LastShown, Sizes};
use crate::http::rate_limit::RateLimits;
use crate::http::uses::Uses;
use crate::store::Catalog;
use crate::telemetry::Metrics;

/// The rooms that answer requests, and how they are asked to.
pub struct FrontParts {
    /// The only way to change a job.
    pub engine: Engine,
    /// Everything stored beside the life of a job.
    pub catalog: Arc<dyn Catalog>,
    /// The files.
    pub assets: Arc<AssetStore>,
    /// Which repositories may be read for whom.
    pub grants: Arc<RepositoryGrants>,
    /// Where messages may go.
    pub channels: Arc<Channels>,
    /// The time.
    pub clock: Clock,
    /// The counts.
    pub metrics: Arc<Metrics>,
    /// How requests are limited and answered.
    pub options: HttpOptions,
    /// Where the server listens.
    pub address: SocketAddr,
    /// Whether it speaks TLS there.
    pub tls: bool,
    /// Seals secrets that are to be stored.
    pub secret_key: SecretKey,
}

/// What every handler has at hand.
pub struct Front {
    pub(crate) engine: Engine,
    pub(crate) catalog: Arc<dyn Catalog>,
    pub(crate) assets: Arc<AssetStore>,
    pub(crate) clock: Clock,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) options: HttpOptions,
    pub(crate) hosts: Hosts,
    pub(crate) rates: RateLimits,
    pub(crate) flow_relay_rates: RateLimits,
    pub(crate) generation_rates: RateLimits,
    pub(crate) poll_rates: RateLimits,
    pub(crate) grants: Arc<RepositoryGrants>,
    pub(crate) channels: Arc<Channels>,
    pub(crate) bodies: Arc<BodyBudget>,
    pub(crate) uses: Uses,
    pub(crate) last_shown: LastShown,
    pub(crate) cookie: SessionCookie,
    pub(crate) sizes: Sizes,
    /// When this process began to count.
    pub(crate) since: Timestamp,
    pub(crate) secret_key: SecretKey,
}

impl Front {
    /// The front of a server of these parts.
    pub fn new(parts: FrontParts) -> Arc<Self> {
        let FrontParts {
            engine,
            catalog,
            assets,
            grants,
            channels,
            clock,
            metrics,
            options,
            address,
            tls,
            secret_key,
        } = parts;
        let FlowRelayLimits { requests, generations, polls } = options.flow_relay;
        Arc::new(Self {
            hosts: Hosts::new(&options, address, tls),
            rates: RateLimits::new(options.requests_per_minute),
            flow_relay_rates: RateLimits::new(requests),
            generation_rates: RateLimits::new(generations),
            poll_rates: RateLimits::new(polls),
            grants,
            channels,
            bodies: Arc::new(BodyBudget::new(options.body_memory)),
            uses: Uses::default(),
            last_shown: LastShown::default(),
            cookie: SessionCookie::of_port(address.port()),
            sizes: Sizes::default(),
            since: clock.now(),
            secret_key,
            engine,
            catalog,
            assets,
            clock,
            metrics,
            options,
        })
    }
}
