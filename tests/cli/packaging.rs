//! What stands around the binary where it is installed: the container, the unit, completions.

use std::path::Path;
use std::process::Command;

use crate::process::{Place, err, out};

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_container_is_built_of_what_is_here_and_runs_as_nobody() {
    let text = file("Dockerfile");
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let has = |line: &str| lines.iter().any(|found| found.starts_with(line));
    let last = lines.iter().rposition(|line| line.starts_with("FROM ")).expect("a stage");
    assert!(lines[last].contains("distroless/cc-") && lines[last].ends_with(":nonroot"), "{text}");
    assert!(lines[last..].contains(&"USER nonroot"), "{text}");
    let cargo: toml::Table = file("Cargo.toml").parse().expect("a manifest");
    let rust = cargo["package"]["rust-version"].as_str().expect("a version").to_owned();
    assert!(has(&format!("FROM rust:{rust}-")), "the image has another Rust than Cargo.toml");
    let base = |line: &str| line.rsplit_once("debian12").is_some() || line.contains("bookworm");
    let stages = lines.iter().filter(|line| line.starts_with("FROM "));
    assert!(stages.into_iter().all(|line| base(line)), "both stages have the same C library");
}

#[test]
fn the_containers_settings_are_settings() {
    let place = Place::new();
    let text = file("Dockerfile");
    let mut command = place.command(&["doctor"]);
    let settings = text.lines().filter_map(|line| line.strip_prefix("ENV ")?.split_once('='));
    let mut found = 0;
    for (name, value) in settings {
        // Its directory is the image's; here it is this test's.
        let ours = place.data_dir();
        let value = if value == "/data" { ours.as_os_str() } else { value.as_ref() };
        command.env(name, value);
        found += 1;
    }
    let output = command.output().expect("the binary runs");
    assert!(found >= 2 && output.status.success(), "{}{}", out(&output), err(&output));
    assert!(!err(&output).contains("TIDEMILL_"), "an unknown setting: {}", err(&output));
}

#[test]
fn the_unit_locks_the_server_in() {
    let unit = file("packaging/tidemill.service");
    for line in [
        "User=tidemill",
        "StateDirectory=tidemill",
        "Restart=on-failure",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateTmp=yes",
        "PrivateDevices=yes",
        "CapabilityBoundingSet=",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
        "SystemCallFilter=@system-service",
        "MemoryDenyWriteExecute=yes",
    ] {
        assert!(unit.lines().any(|found| found == line), "no `{line}`");
    }
    assert!(file("packaging/tidemill.sysusers").contains("\nu tidemill "));
    let start = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).expect("a command");
    let mut words = start.split(' ').skip(1);
    let help = Place::new().run(&[words.next().expect("a command"), "--help"]);
    let help = out(&help);
    for flag in words.filter(|word| word.starts_with("--")) {
        assert!(help.contains(flag), "`serve` has no {flag}");
    }
}

/// Where systemd is at hand, it is asked too.
#[test]
fn systemd_understands_the_unit() {
    let place = Place::new();
    let unit = file("packaging/tidemill.service");
    let unit = unit.replace("/usr/local/bin/tidemill", env!("CARGO_BIN_EXE_tidemill"));
    let path = place.path().join("tidemill.service");
    std::fs::write(&path, unit).expect("written");
    match Command::new("systemd-analyze").arg("verify").arg(&path).output() {
        Ok(output) => {
            let said = err(&output);
            // It also tells of what other units of the machine lack.
            let faults: Vec<_> = said.lines().filter(|line| line.contains("tidemill")).collect();
            assert!(faults.is_empty(), "{faults:#?}");
        }
        Err(error) => eprintln!("skipped: there is no systemd-analyze here ({error})"),
    }
}

#[test]
fn shells_complete_every_command() {
    let place = Place::new();
    let help = out(&place.run(&["--help"]));
    let commands = help.split("Commands:\n").nth(1).expect("a list of commands");
    let commands = commands.lines().take_while(|line| !line.is_empty());
    let names: Vec<&str> =
        commands.filter_map(|line| line.strip_prefix("  ")?.split_whitespace().next()).collect();
    assert!(names.contains(&"serve") && names.contains(&"completions"), "{names:?}");
    for shell in ["bash", "zsh", "fish"] {
        let output = place.run(&["completions", shell]);
        assert!(output.status.success(), "{shell}: {}", err(&output));
        let script = out(&output);
        for name in &names {
            assert!(script.contains(name), "{shell} does not know `{name}`");
        }
    }
    let script = place.path().join("tidemill.bash");
    std::fs::write(&script, out(&place.run(&["completions", "bash"]))).expect("written");
    let line = "source \"$1\"; COMP_WORDS=(tidemill ser); COMP_CWORD=1; \
                _tidemill tidemill ser tidemill; echo \"${COMPREPLY[@]}\"";
    let bash = Command::new("bash").args(["-c", line, "bash"]).arg(&script).output();
    match bash {
        Ok(output) => assert_eq!(out(&output).trim(), "serve", "{}", err(&output)),
        Err(error) => eprintln!("skipped: there is no bash here ({error})"),
    }
}
