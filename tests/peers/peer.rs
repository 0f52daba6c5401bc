//! Starting the servers that others wrote.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

/// A server of somebody else's. It ends with the test.
pub(crate) struct Peer {
    child: Child,
    pub(crate) base: Url,
    _dir: TempDir,
}

/// The file of a peer below `TIDEMILL_PEERS`; `None`, with a line that says so, when it is not
/// there.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let found = std::env::var_os("TIDEMILL_PEERS").map(|peers| PathBuf::from(peers).join(name));
    let found = found.filter(|path| path.exists());
    if found.is_none() {
        eprintln!("skipped: there is no `{name}` below $TIDEMILL_PEERS; run ./test --peers");
    }
    found
}

/// A real llama.cpp server whose model knows nothing, and remembers so many tokens.
pub(crate) fn llama(context: u32) -> Option<Peer> {
    let python = find("venv/bin/python")?;
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = Command::new(python);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/tiny_llama.py");
    command.arg(script).arg(dir.path()).arg(context.to_string());
    Some(start(&mut command, dir))
}

/// A mock of the protocols that answers as its fixtures say.
pub(crate) fn mock(fixtures: &Value) -> Option<Peer> {
    let binary = find("node_modules/.bin/aimock")?;
    let dir = tempfile::tempdir().expect("a directory");
    let write = |name: &str, text: String| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).expect("written");
        path
    };
    let fixtures = write("fixtures.json", json!({ "fixtures": fixtures }).to_string());
    let config =
        write("aimock.json", json!({"port": 0, "llm": {"fixtures": fixtures}}).to_string());
    let mut command = Command::new(binary);
    command.arg("--config").arg(config);
    Some(start(&mut command, dir))
}

/// Starts a server that prints its base URL.
fn start(command: &mut Command, dir: TempDir) -> Peer {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the peer starts");
    let mut lines = BufReader::new(child.stdout.take().expect("it is piped")).lines();
    let base = lines.by_ref().map_while(Result::ok).find_map(|line| {
        let start = line.find("http://")?;
        line[start..].split_whitespace().next()?.parse::<Url>().ok()
    });
    let base = base.expect("the peer says where it is");
    Peer { child, base, _dir: dir }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Sets the part of requests that end with a fault.
pub(crate) fn set_chaos(peer: &Peer, rates: &Value) {
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
