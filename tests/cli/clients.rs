//! The examples for clients, run as they stand against a real server, on a bad line: the first
//! request is told that the server is busy, the answer to the second is lost.
//!
//! `TYPESCRIPT` names a directory with TypeScript's compiler, which `./test` brings; without it the
//! TypeScript example is said to be skipped.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{Place, Server};
use crate::site;
use crate::wire;

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/clients").join(name)
}

#[test]
fn curl_does_its_walk_on_a_bad_line() {
    walk(Command::new(example("client.sh")));
}

#[test]
fn python_does_its_walk_on_a_bad_line() {
    let mut python = Command::new("python3");
    python.arg("-B").arg(example("client.py"));
    walk(python);
}

#[test]
fn typescript_does_its_walk_on_a_bad_line() {
    let Some(tools) = std::env::var_os("TYPESCRIPT") else {
        eprintln!("skipped: TYPESCRIPT names no compiler; `./test` brings one");
        return;
    };
    let place = Place::new();
    let compiled = Command::new(Path::new(&tools).join("node_modules/.bin/tsc"))
        .args(["--strict", "--noUncheckedIndexedAccess", "--erasableSyntaxOnly"])
        .args(["--target", "es2022", "--module", "es2022", "--lib", "es2022,dom"])
        .arg("--outDir")
        .arg(place.path())
        .arg(example("client.ts"))
        .output()
        .expect("the compiler runs");
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stdout));
    let script = place.path().join("client.mjs");
    std::fs::rename(place.path().join("client.js"), &script).expect("the compiler's output");
    let mut node = Command::new("node");
    node.arg(script);
    walk(node);
}

/// Runs an example and sees that it got what it wanted, and everything once.
fn walk(mut client: Command) {
    let place = Place::new();
    let site = site::open();
    let mut command = place.command(&["serve"]);
    command.env("TIDEMILL_OUTBOUND_ALLOW", site.to_string());
    let mut server = Server::start(command);
    let key = server.first_key();
    let output = client
        .env("BASE", format!("http://{}", bad_line_to(&server.address)))
        .env("API_KEY", &key)
        .env("SITE", format!("http://{site}"))
        .output()
        .expect("the example runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    for line in
        ["brand: ", "refused: invalid_request_body action", "failed: fetch_refused", "once: yes"]
    {
        assert!(text.lines().any(|said| said.starts_with(line)), "no `{line}` in {text}");
    }
    assert!(text.matches("/assets/").count() >= 2, "an ad, and the French one: {text}");
    let (_, jobs) = wire::get(&server.address, "/api/v1/jobs?limit=100", &key);
    let made = jobs.matches(r#""attempt":"#).count();
    assert_eq!(made, 6, "a brand, a failure, one sent twice, three steps: {jobs}");
}

/// An address that leads to the server, but for the first two connections.
fn bad_line_to(server: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let server = server.to_owned();
    std::thread::spawn(move || {
        for (count, client) in listener.incoming().flatten().enumerate() {
            let server = server.clone();
            std::thread::spawn(move || match count {
                0 => say_busy(client),
                1 => lose_answer(client, &server),
                _ => pass_through(&client, &server),
            });
        }
    });
    address
}

fn say_busy(mut client: TcpStream) {
    read_request(&mut client);
    let body = r#"{"error":{"type":"api_error","code":"overloaded","message":"busy"}}"#;
    let head = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nConnection: close";
    let length = body.len();
    // A client that hung up is the test's own affair.
    drop(write!(
        client,
        "{head}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    ));
}

/// Brings the request to the server, waits until it was answered, and says nothing.
fn lose_answer(mut client: TcpStream, server: &str) {
    let request = read_request(&mut client);
    let mut upstream = TcpStream::connect(server).expect("the server listens");
    upstream.write_all(&request).expect("sent");
    let answered = upstream.read(&mut [0; 1024]).expect("an answer");
    assert!(answered > 0, "the server hung up");
}

fn pass_through(client: &TcpStream, server: &str) {
    let upstream = TcpStream::connect(server).expect("the server listens");
    let copy = |from: &TcpStream, to: &TcpStream| {
        let (mut from, mut to) =
            (from.try_clone().expect("a socket"), to.try_clone().expect("a socket"));
        std::thread::spawn(move || {
            // Either end may go first.
            drop(std::io::copy(&mut from, &mut to));
            drop(to.shutdown(Shutdown::Write));
        })
    };
    copy(client, &upstream);
    copy(&upstream, client);
}

/// A whole request: its head, and as much of a body as that names.
fn read_request(client: &mut TcpStream) -> Vec<u8> {
    let mut request = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&request);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("content-length").then(|| value.parse().ok())?
            });
            if body.len() >= length.unwrap_or(0usize) {
                return request;
            }
        }
        match client.read(&mut piece) {
            Ok(bytes) if bytes > 0 => request.extend_from_slice(&piece[..bytes]),
            _ => return request,
        }
    }
}
