//! From a name to addresses: the system's resolver, and the pins that hold what it said.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Finds the addresses of a name. A seam, so that tests decide where names lead.
#[async_trait]
pub trait Resolver: Send + Sync {
    /// All addresses of `name`; an error when there is no such name.
    async fn resolve(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// The operating system's resolver, which knows the hosts file and the intranet.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemResolver;

#[async_trait]
impl Resolver for SystemResolver {
    async fn resolve(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let addresses = tokio::net::lookup_host((name, 0)).await?;
        Ok(addresses.map(|address| address.ip()).collect())
    }
}

/// The checked addresses of each name of a session: all that its HTTP client ever connects to.
#[derive(Clone, Debug, Default)]
pub(super) struct Pins(Arc<Mutex<HashMap<String, Arc<[IpAddr]>>>>);

impl Pins {
    pub(super) fn find(&self, name: &str) -> Option<Arc<[IpAddr]>> {
        self.lock().get(name).cloned()
    }

    /// Keeps what was found first, so that one name has one answer in all parallel fetches.
    pub(super) fn insert(&self, name: &str, addresses: Vec<IpAddr>) -> Arc<[IpAddr]> {
        self.lock().entry(name.to_owned()).or_insert_with(|| addresses.into()).clone()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<[IpAddr]>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Resolve for Pins {
    fn resolve(&self, name: Name) -> Resolving {
        let pinned = self.find(name.as_str());
        Box::pin(async move {
            let addresses = pinned.ok_or("a name that was not pinned")?;
            // The client puts the URL's port in place of the 0.
            let addresses: Vec<_> = addresses.iter().map(|ip| SocketAddr::new(*ip, 0)).collect();
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
