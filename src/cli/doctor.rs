//! `tidemill doctor`: everything that is wrong or not wise, before the server says it at night.

use std::fs;
use std::io;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::app::{
    DataDir, InvalidList, check_own_action, check_secret_key, missing_program, outbound_rules,
    secret_key_file, webhook_rules,
};
use crate::cli::SharedArgs;
use crate::cli::error::{CliError, Count};
use crate::cli::limits::check_open_files;
use crate::cli::model::check_models;
use crate::cli::terminal::Terminal;
use crate::cli::tls::check_tls;
use crate::config::{
    ActionsConfig, Config, Finding, Findings, Loaded, OwnActionConfig, Severity, format_size,
};
use crate::domain::clock::{Clock, Timestamp};
use crate::store::sqlite;
use crate::telemetry::check_filter;

pub(super) fn examine(shared: &SharedArgs, terminal: Terminal) -> Result<(), CliError> {
    let Loaded { config, mut findings } = shared.load(Vec::new())?;
    check_texts(&config, &mut findings);
    let now = Clock::system().now();
    let certificate_end = check_tls(&config.server.tls, now, &mut findings);
    let served = check_data_dir(&config.data_dir, &mut findings);
    check_key(&config.data_dir, &mut findings);
    check_disk(&config.data_dir, &mut findings);
    check_address(&config, served, &mut findings);
    check_models(&config.model, &mut findings);
    check_own_actions(&config.actions, &mut findings);
    if let Some(message) = check_open_files(config.limits.connections) {
        findings.warning("open files", message);
    }
    let report = Report { config: &config, served, certificate_end, findings: &findings };
    report.print(terminal)
}

/// What other rooms read out of texts in the configuration.
fn check_texts(config: &Config, findings: &mut Findings) {
    let invalid = [outbound_rules(&config.outbound).err(), webhook_rules(&config.webhooks).err()];
    for InvalidList { key, source } in invalid.into_iter().flatten() {
        findings.error(key, source.to_string());
    }
    if let Err(error) = check_filter(&config.telemetry.log) {
        findings.error("telemetry.log", error.to_string());
    }
}

/// Whether the operator's own actions could be made, and their programs are there.
fn check_own_actions(config: &ActionsConfig, findings: &mut Findings) {
    for (name, own) in &config.own {
        match check_own_action(name, own) {
            Ok(options) => {
                if let Some(message) = missing_program(&options) {
                    findings.error(OwnActionConfig::key_of(name, "command"), message);
                }
            }
            Err(fault) => findings.error(fault.key, fault.message),
        }
    }
}

/// Whether a server runs on it.
fn check_data_dir(path: &Path, findings: &mut Findings) -> bool {
    let meta = match fs::metadata(path) {
        Ok(meta) => meta,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            findings.warning("data_dir", "is not there yet; the first `tidemill serve` makes it");
            return false;
        }
        Err(error) => {
            findings.error("data_dir", format!("cannot look at it: {error}"));
            return false;
        }
    };
    if !meta.is_dir() {
        findings.error("data_dir", "is not a directory");
        return false;
    }
    let mode = meta.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        let command = format!("chmod 700 {}", path.display());
        findings.warning("data_dir", format!("others may look inside (mode {mode:o}): {command}"));
    }
    match sqlite::found_schema(path) {
        Ok(Some(found)) if found > sqlite::newest_schema() => findings.error(
            "data_dir",
            format!(
                "the database has schema {found}, this binary knows {}: run a newer `tidemill`",
                sqlite::newest_schema()
            ),
        ),
        Ok(_) => {}
        Err(error) => findings.error("data_dir", format!("cannot read the database: {error}")),
    }
    DataDir::is_in_use(path)
}

/// Whether the key that seals secrets opens those that there are, and nobody else can read it.
fn check_key(path: &Path, findings: &mut Findings) {
    // What cannot be read was said of the database.
    let sealed = sqlite::sealed_secrets(path).unwrap_or_default();
    if let Err(error) = check_secret_key(path, &sealed) {
        findings.error("secret key", error.to_string());
    }
    let file = secret_key_file(path);
    let Ok(meta) = fs::metadata(&file) else { return };
    let mode = meta.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        let command = format!("chmod 600 {}", file.display());
        findings.warning("secret key", format!("others may read it (mode {mode:o}): {command}"));
    }
}

/// Less room than this is used up by an afternoon of pictures.
const LITTLE_ROOM: u64 = 1 << 30;

/// Less room than this, and commits will fail.
const NO_ROOM: u64 = 64 << 20;

fn check_disk(path: &Path, findings: &mut Findings) {
    // A directory that is not there yet lies where its nearest existing parent does.
    let there = path.ancestors().find(|path| path.exists()).unwrap_or_else(|| Path::new("."));
    match rustix::fs::statvfs(there) {
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let message = format!("{} free under {}", rounded(free), there.display());
            if free < NO_ROOM {
                findings.error("disk", message);
            } else if free < LITTLE_ROOM {
                findings.warning("disk", message);
            }
        }
        Err(error) => findings.warning("disk", format!("cannot ask for its free room: {error}")),
    }
}

fn rounded(bytes: u64) -> String {
    format_size(bytes >> 20 << 20)
}

fn check_address(config: &Config, served: bool, findings: &mut Findings) {
    // The server that runs on the directory holds its address itself.
    if served {
        return;
    }
    let listen = config.server.listen;
    if let Err(error) = TcpListener::bind(listen) {
        findings.error("server.listen", format!("cannot listen on {listen}: {error}"));
    }
}

/// What is told in the end.
struct Report<'a> {
    config: &'a Config,
    served: bool,
    certificate_end: Option<Timestamp>,
    findings: &'a Findings,
}

impl Report<'_> {
    fn print(self, terminal: Terminal) -> Result<(), CliError> {
        let Self { config, served, certificate_end, findings } = self;
        for finding in findings.iter() {
            terminal.line(line_of(finding, terminal));
        }
        let state = if served { "a server runs on it" } else { "no server runs on it" };
        terminal.line(format_args!("data directory: {} ({state})", config.data_dir.display()));
        if let Some(end) = certificate_end {
            terminal.line(format_args!("certificate: ends on {}", end.iso()));
        }
        match findings.errors().count() {
            0 => {
                let warnings = findings.warnings().count();
                terminal.line(match warnings {
                    0 => terminal.green("all is well").to_string(),
                    1 => "1 warning, no error".to_owned(),
                    many => format!("{many} warnings, no error"),
                });
                Ok(())
            }
            errors => Err(CliError::Unwell(Count(errors))),
        }
    }
}

fn line_of(finding: &Finding, terminal: Terminal) -> String {
    let severity = finding.severity.to_string();
    let severity = match finding.severity {
        Severity::Error => terminal.red(severity),
        Severity::Warning => terminal.bold(severity),
    };
    format!("{severity}: {finding}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(findings: &Findings) -> Vec<String> {
        findings.iter().map(|finding| line_of(finding, Terminal::plain())).collect()
    }

    #[test]
    fn a_directory_open_to_others_is_a_warning() {
        let dir = tempfile::tempdir().expect("a directory");
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).expect("changed");
        let mut findings = Findings::default();
        assert!(!check_data_dir(dir.path(), &mut findings));
        let lines = lines(&findings);
        assert!(lines[0].starts_with("warning: `data_dir`: others may look inside (mode 755)"));
    }

    #[test]
    fn a_taken_address_is_an_error_unless_our_own_server_has_it() {
        let taken = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let mut config = Config::default();
        config.server.listen = taken.local_addr().expect("an address");
        let mut findings = Findings::default();
        check_address(&config, true, &mut findings);
        assert_eq!(findings.errors().count(), 0);
        check_address(&config, false, &mut findings);
        assert_eq!(findings.errors().count(), 1);
    }

    #[test]
    fn a_wrong_entry_in_a_text_is_an_error_with_its_key() {
        let mut config = Config::default();
        config.outbound.allow = vec!["http://x".to_owned()];
        config.telemetry.log = "tidemill=loud".to_owned();
        let mut findings = Findings::default();
        check_texts(&config, &mut findings);
        let keys: Vec<&str> = findings.errors().map(|finding| &*finding.key).collect();
        assert_eq!(keys, ["outbound.allow", "telemetry.log"]);
    }
}
