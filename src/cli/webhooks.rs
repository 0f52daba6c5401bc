//! `tidemill webhooks`: what an operator does about webhooks that their organizations cannot.
//!
//! The key that seals secrets may be lost; then the server does not start, and this is the way out.

use clap::Subcommand;

use crate::app::{DataDir, unreadable_secrets};
use crate::cli::error::CliError;
use crate::cli::terminal::Terminal;
use crate::cli::{SharedArgs, runtime};
use crate::domain::audit::Author;
use crate::domain::clock::Clock;
use crate::domain::webhook::Webhook;
use crate::store::sqlite::{SqliteStore, WriterHooks};
use crate::store::{Orgs as _, Webhooks as _};

#[derive(Debug, Subcommand)]
pub(super) enum WebhooksCommand {
    /// Give up secrets that were sealed by a lost key; their webhooks are switched off.
    ForgetSecrets {
        /// Says that you mean it: there is no way back.
        #[arg(long)]
        yes: bool,
    },
}

pub(super) fn run(
    shared: &SharedArgs,
    command: &WebhooksCommand,
    terminal: Terminal,
) -> Result<(), CliError> {
    let WebhooksCommand::ForgetSecrets { yes } = *command;
    let path = shared.load(Vec::new())?.config.data_dir;
    if !path.is_dir() {
        let message = format!("no data directory at {}; name one with --data-dir", path.display());
        return Err(CliError::Refused(message));
    }
    let dir = DataDir::take(&path)?;
    let runtime = runtime()?;
    let store = SqliteStore::open(dir.path(), runtime.handle().clone(), WriterHooks::default())?;
    runtime.block_on(forget(&store, &dir, yes, terminal))
}

async fn forget(
    store: &SqliteStore,
    dir: &DataDir,
    yes: bool,
    terminal: Terminal,
) -> Result<(), CliError> {
    let sealed = store.webhook_secrets().await?;
    let lost = unreadable_secrets(dir.path(), &sealed).map_err(crate::app::AppError::from)?;
    if lost.is_empty() {
        terminal.remark(format_args!("every secret can be read: there is nothing to forget"));
        return Ok(());
    }
    if !yes {
        return Err(CliError::Refused(format!(
            "{} of {} secrets cannot be read with the key that there is. If the one that sealed \
             them is lost, --yes gives them up: their webhooks are switched off until they are \
             given new secrets",
            lost.len(),
            sealed.len(),
        )));
    }
    let forgotten = store.forget_secrets(lost, Clock::system().now(), Author::LOCAL).await?;
    let orgs = store.orgs().await?;
    for Webhook { id, org, endpoint_url, .. } in &forgotten {
        let org = orgs.iter().find(|known| known.id == *org).map_or("", |org| org.name.as_str());
        terminal.line(format_args!("{id}\t{org}\t{endpoint_url}"));
    }
    terminal.remark(format_args!(
        "these are switched off; PATCH /api/v1/webhooks/ID {{\"secret\": \"…\", \
         \"is_active\": true}} switches each on again"
    ));
    Ok(())
}
