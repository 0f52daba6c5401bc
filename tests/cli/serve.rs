//! `tidemill serve`: the first start, the second, and the end.

use std::process::Command;

use rustix::process::Signal;

use crate::process::{Place, err};
use crate::wire::get;

#[test]
fn the_first_start_gives_a_key_and_the_next_one_keeps_it() {
    let place = Place::new();
    let mut server = place.serve();
    let key = server.first_key();
    assert_eq!(get(&server.address, "/api/v1/jobs", &key).0, 200);
    assert!(server.stop(), "SIGTERM is no failure");
    let again = place.serve();
    assert_eq!(get(&again.address, "/api/v1/jobs", &key).0, 200);
    assert_eq!(get(&again.address, "/api/v1/jobs", "pi_live_wrong").0, 401);
}

#[test]
fn the_printed_line_works_when_it_is_pasted() {
    let place = Place::new();
    let mut server = place.serve();
    let end = r#""}'"#;
    let line = format!("{}{end}", server.lines_between("Try it:", end));
    let has_curl = Command::new("curl").arg("--version").output().is_ok();
    if !has_curl {
        // Then nobody can paste it here.
        assert!(line.trim().starts_with("curl "), "{line}");
        return;
    }
    let output = Command::new("sh").arg("-euc").arg(&line).output().expect("a shell");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{line}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains(r#""object":"job","status":"queued""#), "{line}\n{text}");
}

#[test]
fn a_person_at_the_keyboard_stops_it_like_a_supervisor() {
    let place = Place::new();
    let mut server = place.serve();
    let key = server.first_key();
    assert!(server.end_with(Signal::INT), "Ctrl-C is no failure");
    assert!(!place.data_dir().join("control.sock").exists(), "it cleared up");
    assert_eq!(get(&place.serve().address, "/api/v1/jobs", &key).0, 200);
}

#[test]
fn a_second_server_on_the_directory_is_refused_and_the_first_goes_on() {
    let place = Place::new();
    let server = place.serve();
    let second = place.run(&["serve"]);
    assert!(!second.status.success());
    let message = err(&second);
    assert!(message.contains("is in use by another tidemill (process "), "{message}");
    assert!(message.contains("--data-dir"), "{message}");
    assert_eq!(get(&server.address, "/healthz", "").0, 200);
}

#[test]
fn what_is_wrong_in_the_configuration_is_said_before_anything_is_made() {
    let place = Place::new();
    let file = place.path().join("t.toml");
    std::fs::write(&file, "[server]\nlisen = \"127.0.0.1:0\"\n").expect("written");
    let output = place.run(&["serve", "--config", "t.toml"]);
    assert!(!output.status.success());
    assert_eq!(
        err(&output),
        "tidemill: t.toml:2: no key `server.lisen`; did you mean `server.listen`?\n"
    );
    let output = place.run(&["serve", "--listen", "localhost"]);
    assert!(err(&output).starts_with("tidemill: --listen: `server.listen`: "), "{}", err(&output));
    assert!(!place.data_dir().exists());
}

#[test]
fn nothing_is_left_behind_that_would_hinder_the_next_start() {
    let place = Place::new();
    assert!(place.serve().stop());
    assert!(!place.data_dir().join("control.sock").exists());
    // A killed server leaves its socket; the next one takes the place.
    drop(place.serve());
    assert!(place.data_dir().join("control.sock").exists());
    assert!(place.serve().stop());
}
