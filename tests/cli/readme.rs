//! The README's session, run as it stands, against a page of our own.

use std::process::Command;

use crate::process::{Place, Server};
use crate::site;

/// The site that the README names; in the test another one stands for it.
const NAMED: &str = "https://www.rust-lang.org";

/// The block of the README that is opened by this line.
fn block(opening: &str) -> String {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md"));
    let readme = readme.expect("a README");
    let (_, rest) = readme.split_once(&format!("\n{opening}\n")).expect("the block");
    rest.split("\n```").next().expect("its end").to_owned()
}

#[test]
fn the_session_works_with_base_and_key_set() {
    let place = Place::new();
    let site = site::open();
    let mut command = place.command(&["serve"]);
    command.env("TIDEMILL_OUTBOUND_ALLOW", site.to_string());
    let mut server = Server::start(command);
    let session = block("```sh session");
    assert!(session.contains(NAMED));
    let output = Command::new("sh")
        .arg("-euc")
        .arg(session.replace(NAMED, &format!("http://{site}")))
        .env("BASE", format!("http://{}", server.address))
        .env("API_KEY", server.first_key())
        .output()
        .expect("a shell");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains(r#""object":"run","status":"completed""#), "{text}");
    assert!(text.contains(r#""object":"job","status":"completed""#), "{text}");
    assert_eq!(text.matches(r#""svg_url":"#).count(), 2, "two ads: {text}");
    assert!(text.contains("Ebb & Flow") && text.contains("#0B5C8A"), "{text}");
    assert!(text.contains(r#""total_count":1"#), "{text}");
}

#[test]
fn the_two_commands_are_commands() {
    let block = block("```sh");
    let (demo, test) = block.trim().split_once('\n').expect("two lines");
    assert!(test.starts_with("./test "), "{test}");
    assert!(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/test")).exists());
    for line in [demo, "cargo run --release -- serve"] {
        let (_, words) = line.split_once(" -- ").expect("cargo run -- …");
        let command = words.split_whitespace().next().expect("a command");
        let help = Place::new().run(&[command, "--help"]);
        assert!(help.status.success(), "{line}");
    }
}

#[test]
fn the_capture_shows_what_the_demo_prints() {
    let (_, printed) = crate::demo::plain();
    let capture = block("```");
    // Times, ports, tokens, sizes and an ad's words differ each time: every brand that is stored
    // gets ads of its own. What was found, and which files there are, does not.
    for line in capture.lines().filter(|line| line.contains(['#', '“', '`'])) {
        let found = line.split(['%', '×']).next().expect("a part");
        let found = found.trim().trim_end_matches(|c: char| c.is_numeric() || c == ' ');
        assert!(printed.contains(found), "`{found}` is not in\n{printed}");
    }
}

#[test]
fn the_picture_is_there_and_small_enough_for_a_page() {
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/ads.png"));
    let bytes = bytes.expect("the README shows it");
    assert!(bytes.starts_with(b"\x89PNG") && bytes.len() <= 300 << 10, "{} bytes", bytes.len());
}
