//! `tidemill serve`: runs the server until a signal.

use clap::Args;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::app::App;
use crate::cli::error::{CliError, Count};
use crate::cli::terminal::Terminal;
use crate::cli::tls::check_tls;
use crate::cli::{SharedArgs, limits, runtime};
use crate::config::{Config, Flag, Loaded, LogStyle};
use crate::domain::clock::Clock;
use crate::telemetry::{LogFormat, start_logs};

#[derive(Debug, Args)]
pub(super) struct ServeArgs {
    /// The address to listen on, instead of `server.listen`.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
}

pub(super) fn serve(
    shared: &SharedArgs,
    args: ServeArgs,
    terminal: Terminal,
) -> Result<(), CliError> {
    let ServeArgs { listen } = args;
    let listen = listen.map(|value| Flag { name: "--listen", key: "server.listen", value });
    let Loaded { config, mut findings } = shared.load(listen.into_iter().collect())?;
    start_logs(&config.telemetry.log, log_format(&config))?;
    let certificate_end = check_tls(&config.server.tls, Clock::system().now(), &mut findings);
    for finding in findings.warnings() {
        tracing::warn!(key = &*finding.key, "{}", finding.message);
    }
    for finding in findings.errors() {
        terminal.remark(format_args!("tidemill: {finding}"));
    }
    match findings.errors().count() {
        0 => {}
        errors => return Err(CliError::Findings(Count(errors))),
    }
    if let Some(end) = certificate_end {
        tracing::info!(end = end.iso(), "the certificate is in use until it ends");
    }
    limits::raise_open_files();
    if let Some(message) = limits::check_open_files(config.limits.connections) {
        tracing::warn!("{message}");
    }
    runtime()?.block_on(run(&config, terminal))
}

async fn run(config: &Config, terminal: Terminal) -> Result<(), CliError> {
    // Before anything is built, so that an early signal is not lost.
    let mut stop = StopSignals::listen()?;
    let app = App::build(config).await?;
    greet(&app, terminal);
    tracing::info!(url = app.url(), data_dir = %app.data_dir().display(), "listening");
    let shutdown = CancellationToken::new();
    let running = app.run(shutdown.clone());
    tokio::pin!(running);
    tokio::select! {
        ended = &mut running => return Ok(ended?),
        name = stop.next() => tracing::info!(signal = name, "stopping"),
    }
    shutdown.cancel();
    tokio::select! {
        ended = &mut running => ended?,
        _ = stop.next() => return Err(CliError::Interrupted),
    }
    tracing::info!("stopped");
    Ok(())
}

fn greet(app: &App, terminal: Terminal) {
    let base = app.url();
    let data = app.data_dir().display();
    terminal.line(format_args!("Tidemill {} on {base}, data in {data}", env!("CARGO_PKG_VERSION")));
    if let Some(key) = app.first_key() {
        terminal.line(format_args!(
            "\nThis is the first start: organization `default`, and a key with every scope.\n\
             It is shown only now.\n\n  export BASE={base}\n  export API_KEY={key}\n\n\
             Open the dashboard, which asks for the key:\n\n  {base}/\n\n\
             Try it:\n\n  \
             curl -sS {base}/api/v1/brands/extract -H 'Authorization: Bearer {key}' \\\n    \
             -H 'Content-Type: application/json' -d '{{\"url\": \"https://www.rust-lang.org\"}}'\n"
        ));
    }
}

fn log_format(config: &Config) -> LogFormat {
    match config.telemetry.format {
        LogStyle::Auto => LogFormat::Auto,
        LogStyle::Human => LogFormat::Human,
        LogStyle::Json => LogFormat::Json,
    }
}

/// The signals that mean "stop": a supervisor's, and that of a person at the keyboard.
pub(super) struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    pub(super) fn listen() -> Result<Self, CliError> {
        let listen = |kind| signal(kind).map_err(CliError::Signals);
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
        })
    }

    /// The name of the next one.
    pub(super) async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
