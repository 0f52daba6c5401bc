//! A mock that others wrote of the protocols, with faults on demand.

use std::io::{Cursor, Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::json;
use tidemill::model::{EmptyArea, PictureRequest, Reason, Words};

use crate::peer::{Peer, drive, find, request, start};

fn mock() -> Option<Peer> {
    let binary = find("node_modules/.bin/aimock")?;
    let dir = tempfile::tempdir().expect("a directory");
    let variant = json!({"headline": "Le printemps", "subline": "Du thé", "cta": "Commander"});
    let fixtures = json!({"fixtures": [
        {
            "match": {"endpoint": "chat"},
            "response": {"content": json!({"variants": [variant]}).to_string()},
        },
        {
            "match": {"endpoint": "image"},
            "response": {"image": {"b64Json": STANDARD.encode(picture())}},
        },
    ]});
    let write = |name: &str, text: String| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).expect("written");
        path
    };
    let fixtures = write("fixtures.json", fixtures.to_string());
    let config =
        write("aimock.json", json!({"port": 0, "llm": {"fixtures": fixtures}}).to_string());
    let mut command = Command::new(binary);
    command.arg("--config").arg(config);
    Some(start(&mut command, dir))
}

fn picture() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let shade = |at: u32| u8::try_from(at * 4).unwrap_or(255);
    RgbImage::from_fn(64, 64, |x, y| Rgb([shade(x), 90, shade(y)]))
        .write_to(&mut bytes, ImageFormat::Png)
        .expect("memory takes all");
    bytes.into_inner()
}

/// Sets the part of requests that end with a fault.
fn set_chaos(peer: &Peer, rates: &serde_json::Value) {
    let (host, port) = (peer.base.host_str().expect("a host"), peer.base.port().expect("a port"));
    let mut stream = TcpStream::connect((host, port)).expect("connected");
    let body = rates.to_string();
    let head = format!(
        "POST /__aimock/chaos HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

/// What comes of one question, and how many calls it took.
fn ask(peer: &Peer) -> (Result<String, Reason>, u32) {
    let mut session = peer.model().session(1, Duration::from_mins(1));
    let answer = drive(session.copy(&request(), &mut |_: &Words| Ok(())));
    (answer.map(|answer| answer.words["headline"].clone()), session.used().calls)
}

#[test]
#[ignore = "needs a server that ./test --peers fetches"]
fn words_and_pictures_come_by_the_protocol() {
    let Some(peer) = mock() else { return };
    assert_eq!(ask(&peer), (Ok("Le printemps".to_owned()), 1));
    let request = PictureRequest {
        subject: "a cup of tea".to_owned(),
        style: "photograph".to_owned(),
        light: "morning light".to_owned(),
        empty: EmptyArea::Left,
        size: (1, 1),
    };
    let mut session = peer.model().session(1, Duration::from_mins(1));
    let answer = drive(session.picture(&request)).expect("a picture");
    assert_eq!((answer.size, session.used().calls), ((64, 64), 1));
}

#[test]
#[ignore = "needs a server that ./test --peers fetches"]
fn faults_end_in_their_reasons() {
    let Some(peer) = mock() else { return };
    for (rate, reason, calls) in [
        ("rateLimitRate", Reason::Throttled, 3),
        ("dropRate", Reason::ServerFailed, 2),
        ("malformedRate", Reason::ServerFailed, 2),
        ("disconnectRate", Reason::Unreachable, 2),
    ] {
        let mut rates = json!({
            "rateLimitRate": 0, "dropRate": 0, "malformedRate": 0, "disconnectRate": 0,
        });
        rates[rate] = json!(1);
        set_chaos(&peer, &rates);
        assert_eq!(ask(&peer), (Err(reason), calls), "{rate}");
    }
}
