//! Whom we trust: the public certificate authorities, and those of this machine.

use std::sync::{Arc, OnceLock};

use rustls::{ClientConfig, RootCertStore};

/// The TLS configuration, made at its first use: reading the system's store takes milliseconds
/// that the start should not pay.
#[derive(Debug, Default)]
pub(super) struct Tls(OnceLock<ClientConfig>);

impl Tls {
    /// A copy that shares all that is large.
    pub(super) fn config(&self) -> ClientConfig {
        self.0.get_or_init(build).clone()
    }
}

fn build() -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    // An intranet's own authority is in the system's store. A machine without one is no error.
    let system = rustls_native_certs::load_native_certs();
    let (_, unusable) = roots.add_parsable_certificates(system.certs);
    if unusable > 0 || !system.errors.is_empty() {
        tracing::debug!(unusable, errors = ?system.errors, "part of the system's certificates");
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring offers the default protocol versions")
        .with_root_certificates(roots)
        .with_no_client_auth()
}
