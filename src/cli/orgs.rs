//! `tidemill orgs`: list, rename and delete organizations. `keys create --org` makes one.

use clap::Subcommand;

use crate::cli::SharedArgs;
use crate::cli::desk::{Desk, OrgRow};
use crate::cli::error::CliError;
use crate::cli::terminal::Terminal;
use crate::domain::org::MAX_ORG_NAME;

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
            check_name(&new_name)?;
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

/// Whether an organization may have this name.
pub(super) fn check_name(name: &str) -> Result<(), CliError> {
    let length = name.chars().count();
    if name == "*" {
        let message = "`*` would mean every organization, and is no name of one";
        return Err(CliError::Refused(message.to_owned()));
    }
    if length == 0 || length > MAX_ORG_NAME || name.chars().any(char::is_control) {
        return Err(CliError::Refused(format!(
            "an organization's name has 1 to {MAX_ORG_NAME} characters, none of them for control"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_a_length_and_no_line_breaks() {
        assert!(check_name("North & Sons").is_ok());
        assert!(check_name("").is_err());
        assert!(check_name("a\nb").is_err());
        assert!(check_name(&"x".repeat(MAX_ORG_NAME + 1)).is_err());
    }
}
