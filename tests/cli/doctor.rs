//! `tidemill doctor`: what it finds, and how it ends.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;

use crate::process::{Place, err, out};

#[test]
fn a_healthy_directory_has_no_error() {
    let place = Place::new();
    assert!(place.serve().stop());
    let output = place.run(&["doctor"]);
    assert!(output.status.success(), "{}{}", out(&output), err(&output));
    assert!(out(&output).contains("no server runs on it"));
    let _server = place.serve();
    let output = place.run(&["doctor"]);
    assert!(output.status.success(), "{}{}", out(&output), err(&output));
    assert!(out(&output).contains("(a server runs on it)"));
}

#[test]
fn every_fault_is_named_and_the_end_is_not_zero() {
    let place = Place::new();
    assert!(place.serve().stop());
    std::fs::set_permissions(place.data_dir(), Permissions::from_mode(0o755)).expect("changed");
    let file = "[server]\npublic_url = \"jobs.example\"\n[server.tls]\ncert = \"nowhere.pem\"\n\
                [outbound]\nallow = [\"http://x\"]\n[telemetry]\nlog = \"tidemill=loud\"\n";
    std::fs::write(place.path().join("t.toml"), file).expect("written");
    let output = place.run(&["doctor", "--config", "t.toml"]);
    assert!(!output.status.success());
    let text = out(&output);
    for line in [
        "error: `server.tls`: needs both",
        "error: `server.public_url`: `jobs.example` is no base URL",
        "error: `outbound.allow`: ",
        "error: `telemetry.log`: ",
        "warning: `data_dir`: others may look inside (mode 755): chmod 700",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert_eq!(err(&output), "tidemill: doctor found 4 errors\n");
}
