//! `tidemill orgs`: list, rename and delete organizations. `keys create --org` makes one.

use clap::Subcommand;

use crate::cli::SharedArgs;
use crate::cli::desk::{Desk, OrgRow};
use crate::cli::error::CliError;
use crate::cli::terminal::Terminal;
use crate::domain::org::check_org_name;

#[derive(Debug, Subcommand)]
pub(super) enum OrgsCommand {
    /// List organizations: name, id, when they were made.
    List,
    /// Rename one.
    Rename {
        /// Its name.
        name: String,
        /// Its name from now on.
        new_name: String,
    },
    /// Delete one, with its keys, jobs, brands and files.
    Delete {
        /// Its name.
        name: String,
        /// Says that you mean it: there is no way back.
        #[arg(long)]
        yes: bool,
    },
}

pub(super) fn run(
    shared: &SharedArgs,
    command: OrgsCommand,
    terminal: Terminal,
) -> Result<(), CliError> {
    let data_dir = shared.load(Vec::new())?.config.data_dir;
    match command {
        OrgsCommand::List => {
            for OrgRow { id, name, created_at } in Desk::find(&data_dir)?.orgs()? {
                terminal.line(format_args!("{name}\t{id}\t{created_at}"));
            }
        }
        OrgsCommand::Rename { name, new_name } => {
            check_org_name(&new_name).map_err(|fault| CliError::Refused(fault.to_string()))?;
            Desk::find(&data_dir)?.rename_org(&name, &new_name)?;
            terminal.remark(format_args!("`{name}` is now `{new_name}`"));
        }
        OrgsCommand::Delete { name, yes: false } => {
            return Err(CliError::Refused(format!(
                "`{name}` would be deleted with its keys, jobs, brands and files, for good: \
                 add --yes if that is meant"
            )));
        }
        OrgsCommand::Delete { name, yes: true } => {
            Desk::find(&data_dir)?.delete_org(&name)?;
            terminal.remark(format_args!("`{name}` is deleted"));
        }
    }
    Ok(())
}
