//! The certificate that the server shows, and the key that belongs to it.
//!
//! Both are read once, at start; `tidemill doctor` reads them the same way, so that it finds what
//! a start would. Never: a key's content in an error.

use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;

use crate::domain::clock::Timestamp;
use crate::http::HttpError;
use crate::http::options::TlsFiles;

/// A certificate with its key, fit to be served.
#[derive(Debug)]
pub struct TlsIdentity {
    pub(super) config: ServerConfig,
    /// From when on clients believe the certificate.
    pub not_before: Timestamp,
    /// Until when they do.
    pub not_after: Timestamp,
}

impl TlsIdentity {
    /// Reads both files and checks that they belong together. That the certificate has expired is
    /// no error here; see [`TlsIdentity::not_after`].
    pub fn load(files: &TlsFiles) -> Result<Self, HttpError> {
        let TlsFiles { cert, key } = files;
        let chain: Result<Vec<CertificateDer<'static>>, _> =
            CertificateDer::pem_file_iter(cert).and_then(Iterator::collect);
        let chain = chain.map_err(|error| unusable(cert, reason(&error, "certificate")))?;
        let Some(own) = chain.first() else {
            return Err(unusable(cert, "it holds no certificate in PEM"));
        };
        let validity = Certificate::from_der(own)
            .map_err(|error| unusable(cert, format!("its first certificate is damaged: {error}")))?
            .tbs_certificate()
            .validity()
            .to_owned();
        let private = PrivateKeyDer::from_pem_file(key)
            .map_err(|error| unusable(key, reason(&error, "private key")))?;
        let config =
            ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .map_err(|error| unusable(cert, error.to_string()))?
                .with_no_client_auth()
                .with_single_cert(chain, private)
                .map_err(|error| refused(files, &error))?;
        let moment = |time: x509_cert::time::Time| {
            let ms = i64::try_from(time.to_unix_duration().as_millis()).unwrap_or(i64::MAX);
            Timestamp::from_ms(ms)
        };
        Ok(Self {
            config,
            not_before: moment(validity.not_before),
            not_after: moment(validity.not_after),
        })
    }
}

fn unusable(path: &Path, reason: impl Into<String>) -> HttpError {
    HttpError::Tls { path: path.to_owned(), reason: reason.into() }
}

fn reason(error: &pem::Error, what: &str) -> String {
    match error {
        pem::Error::NoItemsFound => format!("it holds no {what} in PEM"),
        pem::Error::Io(error) => error.to_string(),
        error => error.to_string(),
    }
}

fn refused(files: &TlsFiles, error: &rustls::Error) -> HttpError {
    match error {
        rustls::Error::InconsistentKeys(_) => {
            let cert = files.cert.display();
            unusable(&files.key, format!("it is not the key of the certificate in {cert}"))
        }
        rustls::Error::InvalidCertificate(_) => unusable(&files.cert, error.to_string()),
        error => unusable(&files.key, error.to_string()),
    }
}
