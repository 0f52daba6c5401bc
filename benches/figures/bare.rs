//! The floor: actix-web with nothing behind it, as a process of its own.

use std::process::ExitCode;
use std::sync::Arc;

use actix_web::{App, HttpServer, web};
use tokio::sync::watch;

use crate::server::Process;

/// Tells this binary to be the bare server.
pub(crate) const FLAG: &str = "--bare";

/// Starts the bare server as a child.
pub(crate) fn start() -> Process {
    let this = std::env::current_exe().expect("the path of this binary");
    Process::start(std::process::Command::new(this).arg(FLAG), |line| {
        line.strip_prefix("bare on ").and_then(|port| port.trim().parse().ok())
    })
}

/// Serves an echo of JSON, and a wait for a wake-up.
pub(crate) fn serve() -> ExitCode {
    server_limits();
    let (wake, waiting) = watch::channel(false);
    let wake = web::Data::from(Arc::new(wake));
    let waiting = web::Data::new(waiting);
    let served = actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(move || {
            App::new()
                .app_data(wake.clone())
                .app_data(waiting.clone())
                .route("/echo", web::post().to(echo))
                .route("/wait", web::get().to(wait))
                .route("/wake", web::post().to(wake_all))
        })
        .workers(2)
        .max_connections(25_000)
        .client_request_timeout(std::time::Duration::ZERO)
        .bind(("127.0.0.1", 0))?;
        println!("bare on {}", server.addrs()[0].port());
        server.run().await
    });
    if served.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn echo(body: web::Json<serde_json::Value>) -> web::Json<serde_json::Value> {
    body
}

async fn wait(waiting: web::Data<watch::Receiver<bool>>) -> &'static str {
    let mut waiting = waiting.get_ref().clone();
    // The sender lives as long as the server.
    drop(waiting.wait_for(|woken| *woken).await);
    "woken"
}

async fn wake_all(wake: web::Data<watch::Sender<bool>>) -> &'static str {
    wake.send_replace(true);
    "done"
}

/// Lifts the number of open files to what is allowed: ten thousand clients need it.
pub(crate) fn server_limits() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let maximum = getrlimit(Resource::Nofile).maximum;
    // Without the lift the waiting figure says what it could not open.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
}
