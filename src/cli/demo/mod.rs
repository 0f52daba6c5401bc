//! `tidemill demo`: the whole journey on one terminal.
//!
//! The real server on a free port with a temporary data directory, a small real web site on
//! another, and a client that posts one run, waits, prints what happens as it happens, and writes
//! the ads that came of it into a folder. Everything the client knows it has over HTTP.

mod album;
mod client;
mod folder;
mod journey;
mod next;
mod plan;
mod portrait;
mod preview;
mod site;

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use tokio_util::sync::CancellationToken;
use url::{Host, Url};

use crate::ads::svg::DrawError;
use crate::app::{App, AppError};
use crate::cli::demo::client::ClientError;
use crate::cli::demo::journey::Journey;
use crate::cli::demo::site::Site;
use crate::cli::error::CliError;
use crate::cli::serve::StopSignals;
use crate::cli::terminal::Terminal;
use crate::cli::{SharedArgs, limits, runtime};
use crate::config::{Config, TlsConfig};
use crate::domain::ids::mint_secret;
use crate::telemetry::{LogFormat, start_logs};

#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// Make ads for the brand of this site instead of the built-in one.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Write the ads into this directory [default: a new ./tidemill-demo-…].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Leave the server running until Ctrl-C.
    #[arg(long)]
    keep: bool,
}

/// Why the demo did not show what it should.
#[derive(Debug, thiserror::Error)]
pub(super) enum DemoError {
    #[error("cannot {0}: {1}")]
    Io(&'static str, io::Error),
    #[error(transparent)]
    App(#[from] AppError),
    #[error(transparent)]
    Client(#[from] ClientError),
    #[error("the server gave no first key")]
    NoKey,
    #[error("the step `{step}` failed with `{code}`: {log}")]
    Failed { step: String, code: String, log: String },
    #[error("somebody cancelled its run")]
    Cancelled,
    #[error("the run did not end within {0} seconds")]
    Slow(u64),
    #[error("the drawing of `{0}` is no text")]
    NotText(String),
    #[error("an ad cannot be drawn again: {0}")]
    Draw(#[from] DrawError),
    #[error("the server stopped in the middle")]
    Stopped,
}

pub(super) fn demo(
    shared: &SharedArgs,
    args: &DemoArgs,
    terminal: Terminal,
) -> Result<(), CliError> {
    let mut config = shared.load(Vec::new())?.config;
    let site = Site::open().map_err(|error| DemoError::Io("open the demo's site", error))?;
    let temporary = TemporaryDir::unless(shared.data_dir.is_some());
    if let Some(TemporaryDir(path)) = &temporary {
        config.data_dir.clone_from(path);
    }
    prepare(&mut config, &site, args.url.as_deref());
    start_logs(&config.telemetry.log, LogFormat::Auto)?;
    limits::raise_open_files();
    let url = args.url.clone().unwrap_or_else(|| site.url());
    runtime()?.block_on(run(&config, &url, args, terminal))
}

/// The demo's data directory, removed with everything in it when the demo is over.
struct TemporaryDir(PathBuf);

impl TemporaryDir {
    /// A name that nobody can have taken, unless the command line gives one. The server makes the
    /// directory, for its owner only.
    fn unless(named: bool) -> Option<Self> {
        let secret = mint_secret();
        let name = format!("tidemill-demo-{}", &secret[..12]);
        (!named).then(|| Self(std::env::temp_dir().join(name)))
    }
}

impl Drop for TemporaryDir {
    fn drop(&mut self) {
        // What could not be removed lies in the system's temporary directory.
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// A free port under its own address, the demo's site allowed and nothing else, and no limit on
/// looking.
fn prepare(config: &mut Config, site: &Site, named: Option<&str>) {
    config.server.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    config.server.public_url.clear();
    config.server.tls = TlsConfig::default();
    config.outbound.allow = match named {
        None => vec![site.address().to_string()],
        Some(url) => at_home(url).into_iter().collect(),
    };
    config.limits.requests_per_minute = 0;
    // The demo tells the story itself; what goes wrong is shown all the same.
    if config.telemetry.log == Config::default().telemetry.log {
        "warn".clone_into(&mut config.telemetry.log);
    }
}

/// The one host and port of a URL that leads to this machine or its network: who starts the demo
/// on a site of their own may have it read. Public sites need no permission.
fn at_home(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let is_home = match url.host()? {
        Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(ip) => ip.is_loopback() || ip.is_private(),
        Host::Ipv6(ip) => ip.is_loopback() || ip.is_unique_local(),
    };
    let authority = || Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?));
    is_home.then(authority).flatten()
}

async fn run(
    config: &Config,
    url: &str,
    args: &DemoArgs,
    terminal: Terminal,
) -> Result<(), CliError> {
    let DemoArgs { url: named, out, keep } = args;
    let keep = *keep;
    let mut stop = StopSignals::listen()?;
    let app = App::build(config).await.map_err(DemoError::App)?;
    let base = app.url();
    let key = app.first_key().map(str::to_owned).ok_or(DemoError::NoKey)?;
    terminal.line(format_args!("{} on {base}", terminal.bold("Tidemill")));
    let shutdown = CancellationToken::new();
    let running = app.run(shutdown.clone());
    tokio::pin!(running);
    let (is_shop, out) = (named.is_none(), out.as_deref());
    let journey = Journey { base: &base, key: &key, url, is_shop, out, keep, terminal };
    let outcome = tokio::select! {
        outcome = journey.travel() => outcome.map_err(CliError::from),
        ended = &mut running => {
            ended.map_err(DemoError::App)?;
            return Err(DemoError::Stopped.into());
        }
        _ = stop.next() => Err(CliError::Refused("the demo was interrupted".to_owned())),
    };
    if keep && outcome.is_ok() {
        tokio::select! {
            ended = &mut running => return Ok(ended.map_err(DemoError::App)?),
            _ = stop.next() => {}
        }
    }
    shutdown.cancel();
    running.await.map_err(DemoError::App)?;
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_the_demos_own_site_is_allowed() {
        let site = Site::open().expect("a site");
        let mut config = Config::default();
        config.outbound.allow = vec!["10.0.0.0/8".to_owned()];
        config.server.public_url = "https://jobs.example".to_owned();
        prepare(&mut config, &site, None);
        assert_eq!(config.outbound.allow, [site.address().to_string()]);
        assert!(config.server.listen.ip().is_loopback());
        assert_eq!(config.server.public_url, "");
    }

    #[test]
    fn a_site_on_this_machine_is_allowed_when_it_is_named_and_nothing_beside_it() {
        let site = Site::open().expect("a site");
        for (url, allowed) in [
            ("http://localhost:3000/shop", &["localhost:3000"][..]),
            ("http://127.0.0.1/", &["127.0.0.1:80"]),
            ("https://[::1]:8443/", &["[::1]:8443"]),
            ("http://192.168.1.7:8000/", &["192.168.1.7:8000"]),
            ("http://169.254.169.254/", &[]),
            ("https://www.example.com:8443/", &[]),
            ("no address", &[]),
        ] {
            let mut config = Config::default();
            prepare(&mut config, &site, Some(url));
            assert_eq!(config.outbound.allow, allowed, "{url}");
        }
    }
}
