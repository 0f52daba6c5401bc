//! The HTTP servers of the process: for clients, for telemetry if it has an address of its own,
//! and for commands on the control socket.
//!
//! Addresses are bound first, so that a taken one is said before anything starts. Stopping lets
//! requests end; those that wait are answered by the engine at once. Never: a signal caught here.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::web::{self, ServiceConfig};
use actix_web::{App, HttpServer};
use rustls::ServerConfig;
use tokio_util::sync::CancellationToken;

use crate::http::frame;
use crate::http::front::Front;
use crate::http::options::ListenOptions;
use crate::http::routes;
use crate::http::tls::TlsIdentity;

/// Why the server could not listen or serve.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// An address is taken, or not ours.
    #[error("failed to listen on {address}: {source}")]
    Listen {
        /// The address, or the socket's path.
        address: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A certificate or key cannot be used.
    #[error("failed to use {}: {reason}", path.display())]
    Tls {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A server ended by itself.
    #[error("the HTTP server failed: {0}")]
    Serve(#[from] std::io::Error),
}

/// Bound addresses, on which nobody answers yet.
#[derive(Debug)]
pub struct Listeners {
    clients: TcpListener,
    address: SocketAddr,
    tls: Option<ServerConfig>,
    telemetry: Option<TcpListener>,
    control: Option<UnixListener>,
    threads: usize,
    connections: usize,
    shutdown_grace: Duration,
}

impl Listeners {
    /// Binds everything that `options` name.
    pub fn bind(options: &ListenOptions) -> Result<Self, HttpError> {
        let ListenOptions {
            listen,
            tls,
            telemetry,
            control,
            threads,
            connections,
            shutdown_grace: grace,
        } = options;
        let tcp = |address: &SocketAddr| {
            TcpListener::bind(address).map_err(|source| failed(address.to_string(), source))
        };
        let clients = tcp(listen)?;
        let address = clients.local_addr().map_err(|source| failed(listen.to_string(), source))?;
        Ok(Self {
            clients,
            address,
            tls: match tls {
                Some(files) => Some(TlsIdentity::load(files)?.config),
                None => None,
            },
            telemetry: telemetry.as_ref().map(tcp).transpose()?,
            control: control.as_deref().map(bind_control).transpose()?,
            threads: match threads {
                0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
                threads => *threads,
            },
            connections: *connections,
            shutdown_grace: *grace,
        })
    }

    /// Where clients reach the server: the port that was taken, if any was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where `/metrics` has an address of its own, if it has one.
    pub fn telemetry_address(&self) -> Option<SocketAddr> {
        self.telemetry.as_ref().and_then(|listener| listener.local_addr().ok())
    }
}

fn failed(address: String, source: std::io::Error) -> HttpError {
    HttpError::Listen { address, source }
}

/// Binds the control socket. The caller holds the data directory's lock, so that a socket found
/// there is a dead process's.
fn bind_control(path: &Path) -> Result<UnixListener, HttpError> {
    let failed = |source| failed(path.display().to_string(), source);
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    let listener = UnixListener::bind(path).map_err(failed)?;
    // Until here the directory's own mode keeps others out.
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).map_err(failed)?;
    Ok(listener)
}

/// How long a connection may idle between two requests: longer than the usual proxy's reuse.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// How long the head of a request may take to arrive.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// Threads of a server that few ever ask.
const FEW_THREADS: usize = 1;

/// Connections of a server that few ever ask.
const FEW_CONNECTIONS: usize = 64;

/// A server of `$routes`; the macro stands for a type that has no name.
macro_rules! server {
    ($front:expr, $routes:expr, $threads:expr, $connections:expr, $stop:expr) => {{
        let front = web::Data::from(Arc::clone($front));
        let routes = $routes;
        HttpServer::new(move || {
            App::new()
                .app_data(front.clone())
                .wrap_fn(frame::around)
                .configure(|app: &mut ServiceConfig| routes(app))
        })
        .workers($threads)
        .max_connections($connections)
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(HEAD_TIMEOUT)
        .tcp_nodelay(true)
        // A client that hangs up while it waits must cost nothing from then on.
        .h1_allow_half_closed(false)
        .shutdown_timeout($stop.within_seconds)
        .shutdown_signal($stop.when.clone().cancelled_owned())
    }};
}

/// When a server stops, and how long requests may go on then.
struct Stop {
    when: CancellationToken,
    within_seconds: u64,
}

/// Serves until `shutdown` fires and requests have ended.
pub async fn serve(
    front: Arc<Front>,
    listeners: Listeners,
    shutdown: CancellationToken,
) -> Result<(), HttpError> {
    let Listeners {
        clients,
        address: _,
        tls,
        telemetry,
        control,
        threads,
        connections,
        shutdown_grace,
    } = listeners;
    let limits = front.options.body_limits;
    let per_thread = connections.div_ceil(threads).max(1);
    let routes = move |app: &mut ServiceConfig| routes::client(app, &limits);
    let stop = Stop {
        when: shutdown.clone(),
        // Rounded up: without a second, requests would be cut off at once.
        within_seconds: shutdown_grace.as_secs() + u64::from(shutdown_grace.subsec_nanos() > 0),
    };
    let server = server!(&front, routes, threads, per_thread, stop);
    let clients = match tls {
        Some(tls) => server.listen_rustls_0_23(clients, tls)?.run(),
        None => server.listen(clients)?.run(),
    };
    let telemetry = match telemetry {
        Some(listener) => {
            let server = server!(&front, routes::telemetry, FEW_THREADS, FEW_CONNECTIONS, stop);
            Some(server.listen(listener)?.run())
        }
        None => None,
    };
    let control = match control {
        Some(listener) => {
            let server = server!(&front, routes::control, FEW_THREADS, FEW_CONNECTIONS, stop);
            Some(server.listen_uds(listener)?.run())
        }
        None => None,
    };
    let uses = async {
        front.uses.write_back(front.catalog.as_ref(), &shutdown).await;
        Ok(())
    };
    tokio::try_join!(clients, until_end(telemetry), until_end(control), uses)?;
    front.uses.flush(front.catalog.as_ref()).await;
    Ok(())
}

async fn until_end(server: Option<Server>) -> std::io::Result<()> {
    match server {
        Some(server) => server.await,
        None => Ok(()),
    }
}
