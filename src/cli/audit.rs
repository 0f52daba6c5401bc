//! `tidemill audit`: who changed what of the server.

use clap::Args;
use serde::Deserialize;
use serde_json::Value;

use crate::cli::SharedArgs;
use crate::cli::desk::Desk;
use crate::cli::error::CliError;
use crate::cli::terminal::Terminal;
use crate::config::parse_duration;
use crate::domain::clock::{Clock, Timestamp};
use crate::domain::ids::AuditId;
use crate::store::AuditFilter;

#[derive(Debug, Args)]
pub(super) struct AuditArgs {
    /// Only entries of this action, such as `key.revoked`.
    #[arg(long, value_name = "WORD")]
    action: Option<String>,
    /// Only what the key with this id did.
    #[arg(long, value_name = "ID")]
    key: Option<String>,
    /// Only what was done to the key, organization, job or run with this id.
    #[arg(long, value_name = "ID")]
    object: Option<String>,
    /// Only what was done since then: a moment in ISO 8601, or how long ago, such as 7d.
    #[arg(long, value_name = "TIME")]
    after: Option<String>,
    /// Only what was done before then.
    #[arg(long, value_name = "TIME")]
    before: Option<String>,
    /// At most so many entries, the newest.
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    limit: usize,
    /// Print each entry as a line of JSON.
    #[arg(long)]
    json: bool,
}

/// An entry, for a line.
#[derive(Debug, Deserialize)]
struct Entry {
    at: String,
    action: String,
    actor: Named,
    object: Named,
    detail: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Named {
    #[serde(rename = "type")]
    kind: String,
    id: Option<String>,
    name: Option<String>,
}

/// The entries of one page: what the server gives at the most.
const PAGE: usize = 100;

pub(super) fn print(
    shared: &SharedArgs,
    args: &AuditArgs,
    terminal: Terminal,
) -> Result<(), CliError> {
    let mut filter = filter(args, Clock::system().now())?;
    let desk = Desk::find(&shared.load(Vec::new())?.config.data_dir)?;
    let mut left = args.limit;
    while left > 0 {
        filter.limit = left.min(PAGE);
        let (entries, next) = desk.audit(&filter)?;
        left -= entries.len().min(left);
        for entry in entries {
            if args.json {
                terminal.line(&entry);
            } else {
                terminal.line(line_of(entry)?);
            }
        }
        match next {
            Some(next) => filter.cursor = Some(next),
            None => break,
        }
    }
    Ok(())
}

fn filter(args: &AuditArgs, now: Timestamp) -> Result<AuditFilter, CliError> {
    let AuditArgs { action, key, object, after, before, limit: _, json: _ } = args;
    let refused = |flag: &str, fault: String| CliError::Refused(format!("--{flag}: {fault}"));
    let moment = |flag: &str, text: &Option<String>| match text {
        None => Ok(None),
        Some(text) => moment(text, now).map(Some).ok_or_else(|| {
            let fault = format!("`{text}` is neither a moment, as {}, nor as 7d ago", now.iso());
            refused(flag, fault)
        }),
    };
    let action = action.as_deref().map(str::parse).transpose();
    let key = key.as_deref().map(str::parse).transpose();
    Ok(AuditFilter {
        action: action.map_err(|error: crate::domain::audit::UnknownAuditAction| {
            refused("action", error.to_string())
        })?,
        key: key.map_err(|_| refused("key", "give an id, as `keys list` shows it".to_owned()))?,
        object: object.clone(),
        after: moment("after", after)?,
        before: moment("before", before)?,
        cursor: None::<AuditId>,
        limit: PAGE,
    })
}

/// A moment in ISO 8601, or so long before `now`.
fn moment(text: &str, now: Timestamp) -> Option<Timestamp> {
    let ago = parse_duration(text).ok().map(|ago| now.before(ago));
    ago.or_else(|| Timestamp::parse(text))
}

fn line_of(entry: Value) -> Result<String, CliError> {
    let Entry { at, action, actor, object, detail } = serde_json::from_value(entry)
        .map_err(|_| CliError::from(crate::cli::control::ControlError::Unreadable))?;
    let detail = detail.unwrap_or_default();
    Ok(format!("{at}\t{action}\t{}\tby {}\t{detail}", shown(&object), shown(&actor)))
}

/// `key "deploy" 019ad3bf-…`, as far as it is known.
fn shown(Named { kind, id, name }: &Named) -> String {
    let name = name.as_ref().map(|name| format!(" \"{name}\"")).unwrap_or_default();
    let id = id.as_ref().map(|id| format!(" {id}")).unwrap_or_default();
    format!("{kind}{name}{id}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_line_says_what_was_done_to_what_by_whom() {
        let entry = json!({
            "at": "2025-11-28T12:00:00.000Z", "action": "org.renamed",
            "actor": {"type": "local"}, "detail": "was: acme",
            "object": {"type": "org", "id": "1", "name": "apex"},
        });
        assert_eq!(
            line_of(entry).expect("an entry"),
            "2025-11-28T12:00:00.000Z\torg.renamed\torg \"apex\" 1\tby local\twas: acme"
        );
    }

    #[test]
    fn a_time_is_a_moment_or_so_long_ago() {
        let now = Timestamp::from_ms(1_700_000_000_000);
        assert_eq!(moment("1d", now).map(Timestamp::ms), Some(1_699_913_600_000));
        assert_eq!(moment("2023-11-14T22:13:20Z", now), Some(now));
        assert_eq!(moment("yesterday", now), None);
    }
}
