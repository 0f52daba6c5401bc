//! `tidemill keys`: make, list and revoke API keys.

use std::path::Path;

use clap::{Args, Subcommand, ValueEnum};

use crate::cli::SharedArgs;
use crate::cli::desk::{Desk, KeyRow};
use crate::cli::error::CliError;
use crate::cli::terminal::Terminal;
use crate::domain::ids::KeyId;
use crate::domain::key::{Dialect, InvalidKey, Scopes, WantedKey};
use crate::domain::org::DEFAULT_ORG;

#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// Make a key. Only the key goes to standard output; it is shown this once.
    Create(CreateArgs),
    /// List keys: id, organization, name, scopes, first characters, last use.
    List(ListArgs),
    /// Make a successor of a key, with its organization, name and scopes. The old one works until
    /// it is revoked, so that its clients can change over one by one.
    Rotate(RotateArgs),
    /// Revoke a key: it is refused from the next request on.
    Revoke(RevokeArgs),
}

#[derive(Debug, Args)]
pub(super) struct CreateArgs {
    /// The organization that the key reads and writes; made if it is new. `*`, with `--scopes
    /// work` alone, is for a remote worker that takes every organization's jobs.
    #[arg(long, value_name = "NAME", default_value = DEFAULT_ORG)]
    org: String,
    /// What the key is for, for people.
    #[arg(long, value_name = "NAME", default_value = "cli")]
    name: String,
    /// What it may do: read, write, work, keys, operator, with commas between them.
    #[arg(long, value_name = "LIST", default_value = "read,write")]
    scopes: String,
    /// Which published API its clients were written for.
    #[arg(long, value_enum, default_value = "pi")]
    dialect: DialectArg,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DialectArg {
    Pi,
    Flowrelay,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Only the keys of this organization.
    #[arg(long, value_name = "NAME")]
    org: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct RotateArgs {
    /// The key's id, as `keys list` shows it; never the key itself.
    #[arg(value_name = "ID")]
    id: String,
}

#[derive(Debug, Args)]
pub(super) struct RevokeArgs {
    /// The key's id, as `keys list` shows it; never the key itself.
    #[arg(value_name = "ID")]
    id: String,
}

pub(super) fn run(
    shared: &SharedArgs,
    command: KeysCommand,
    terminal: Terminal,
) -> Result<(), CliError> {
    let data_dir = shared.load(Vec::new())?.config.data_dir;
    match command {
        KeysCommand::Create(args) => create(&data_dir, &args, terminal),
        KeysCommand::List(ListArgs { org }) => {
            for key in Desk::find(&data_dir)?.keys(org.as_deref())? {
                terminal.line(line_of(&key));
            }
            Ok(())
        }
        KeysCommand::Rotate(RotateArgs { id }) => rotate(&data_dir, &id, terminal),
        KeysCommand::Revoke(RevokeArgs { id }) => {
            let parsed = parse_id(&id)?;
            Desk::find(&data_dir)?.revoke_key(parsed)?;
            terminal.remark(format_args!("revoked {id}"));
            Ok(())
        }
    }
}

fn create(data_dir: &Path, args: &CreateArgs, terminal: Terminal) -> Result<(), CliError> {
    let CreateArgs { org, name, scopes, dialect } = args;
    let dialect = match dialect {
        DialectArg::Pi => Dialect::Pi,
        DialectArg::Flowrelay => Dialect::FlowRelay,
    };
    let wanted = WantedKey { org, name, scopes: parse_scopes(scopes)?, dialect };
    let refused = |fault: InvalidKey| format!("--{}: {fault}", fault.member());
    wanted.check().map_err(|fault| CliError::Refused(refused(fault)))?;
    terminal.line(Desk::open(data_dir)?.create_key(wanted)?);
    Ok(())
}

fn rotate(data_dir: &Path, id: &str, terminal: Terminal) -> Result<(), CliError> {
    let id = parse_id(id)?.to_string();
    let desk = Desk::find(data_dir)?;
    let found = desk.keys(None)?.into_iter().find(|key| key.id == id);
    let key = found.ok_or_else(|| CliError::Refused(format!("no key `{id}`")))?;
    let KeyRow { id, org, name, scopes, hint, last_used_at: _, revoked_at } = key;
    if let Some(at) = revoked_at {
        let message =
            format!("the key `{id}` was revoked at {at}; make a new one by `keys create`");
        return Err(CliError::Refused(message));
    }
    let wanted = WantedKey {
        org: org.as_deref().unwrap_or_default(),
        name: &name,
        scopes: parse_scopes(&scopes.join(","))?,
        // What a key begins with tells which clients it is for.
        dialect: Dialect::of_secret(&hint),
    };
    terminal.line(desk.create_key(wanted)?);
    terminal.remark(format_args!(
        "the key {id} still works: give its clients this one, wait until `tidemill keys list` \
         shows no later use of the old one, then `tidemill keys revoke {id}`"
    ));
    Ok(())
}

fn parse_scopes(words: &str) -> Result<Scopes, CliError> {
    words.parse().map_err(|error| CliError::Refused(format!("--scopes: {error}")))
}

fn parse_id(text: &str) -> Result<KeyId, CliError> {
    let message = || "a key is named by its id, as `tidemill keys list` shows it".to_owned();
    text.parse().map_err(|_| CliError::Refused(message()))
}

fn line_of(key: &KeyRow) -> String {
    let KeyRow { id, org, name, scopes, hint, last_used_at, revoked_at } = key;
    let used = match (revoked_at, last_used_at) {
        (Some(at), _) => format!("revoked {at}"),
        (None, Some(at)) => format!("last used {at}"),
        (None, None) => "never used".to_owned(),
    };
    let org = org.as_deref().unwrap_or("-");
    format!("{id}\t{org}\t{name}\t{}\t{hint}…\t{used}", scopes.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_scope_or_id_is_refused_with_what_is() {
        let error = parse_scopes("read,fly").expect_err("no such scope").to_string();
        assert!(error.contains("`fly`") && error.contains("operator"), "{error}");
        assert!(parse_id("pi_live_abc").expect_err("a key").to_string().contains("keys list"));
    }
}
