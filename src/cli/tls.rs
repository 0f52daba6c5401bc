//! What is wrong, or soon will be, with the certificate and its key: said by `doctor`, and by
//! `serve` before it starts.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use crate::config::{Findings, TlsConfig};
use crate::domain::clock::Timestamp;
use crate::http::{HttpError, TlsFiles, TlsIdentity};

/// A certificate that ends sooner should have been renewed: the usual tools do so a month before.
const ENDS_SOON: Duration = Duration::from_hours(14 * 24);

/// Adds what is wrong to `findings`; gives the moment at which the certificate ends, if there is a
/// usable one.
pub(super) fn check_tls(
    tls: &TlsConfig,
    now: Timestamp,
    findings: &mut Findings,
) -> Option<Timestamp> {
    let (cert, key) = tls.files()?;
    check_mode(&key, findings);
    let identity = match TlsIdentity::load(&TlsFiles { cert, key: key.clone() }) {
        Ok(identity) => identity,
        Err(error) => {
            let of_key = matches!(&error, HttpError::Tls { path, .. } if *path == key);
            let name = if of_key { "server.tls.key" } else { "server.tls.cert" };
            findings.error(name, error.to_string());
            return None;
        }
    };
    let TlsIdentity { not_before, not_after, .. } = identity;
    check_validity(not_before, not_after, now, findings);
    Some(not_after)
}

fn check_validity(from: Timestamp, to: Timestamp, now: Timestamp, findings: &mut Findings) {
    const NAME: &str = "server.tls.cert";
    if to < now {
        let message = format!("the certificate ended on {}: renew it", to.iso());
        findings.error(NAME, message);
    } else if to < now.after(ENDS_SOON) {
        let message = format!("the certificate ends on {}: renew it, and restart", to.iso());
        findings.warning(NAME, message);
    }
    if from > now {
        let message = format!(
            "the certificate begins only on {}; until then clients refuse it (is this machine's \
             clock right?)",
            from.iso()
        );
        findings.warning(NAME, message);
    }
}

/// A key that everybody may read is no secret. A group may: that is how many machines share one.
fn check_mode(key: &Path, findings: &mut Findings) {
    let Ok(meta) = fs::metadata(key) else { return };
    let mode = meta.permissions().mode() & 0o777;
    if mode & 0o007 != 0 {
        let message = format!(
            "everybody on this machine may read the private key (mode {mode:o}): chmod 600 {}",
            key.display()
        );
        findings.warning("server.tls.key", message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(from: i64, to: i64) -> Vec<String> {
        const DAY: i64 = 86_400_000;
        let mut findings = Findings::default();
        let moment = |day: i64| Timestamp::from_ms(day * DAY);
        check_validity(moment(from), moment(to), moment(100), &mut findings);
        findings
            .iter()
            .map(|finding| format!("{}: {}", finding.severity, finding.message))
            .collect()
    }

    #[test]
    fn a_certificate_is_renewed_before_it_ends() {
        assert!(findings(10, 200).is_empty());
        let soon = findings(10, 113);
        assert_eq!(soon.len(), 1);
        assert!(soon[0].starts_with("warning: the certificate ends on 1970-04-24"), "{soon:?}");
        let ended = findings(10, 99);
        assert!(ended[0].starts_with("error: the certificate ended on 1970-04-10"), "{ended:?}");
        assert!(findings(101, 200)[0].starts_with("warning: the certificate begins only on"));
    }
}
