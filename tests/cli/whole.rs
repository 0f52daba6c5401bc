//! A script, a worker and a service as the steps of one run, as a new user would try them: begun
//! with a POST, followed live, waited for with one long-poll, told to a webhook that a library of
//! others verifies; and the server killed in the middle.

use std::collections::BTreeSet;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::own::{COUNT, Client, Worker, has, place, serve};

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Says that it has begun, and takes its time.
const WRITE: &str =
    r#"echo "a line is written" >&2; touch "$1"; sleep 1; echo '{"text": "ebb and flow"}'"#;

#[test]
fn a_script_a_worker_and_a_service_are_one_run_through_a_kill() {
    if !has("python3") {
        return;
    }
    let config = format!(
        "{COUNT}[actions.\"text.write\"]\n\
         command = [\"sh\", \"-c\", '''{WRITE}''', \"sh\", \"{{input.file}}\"]\n\
         [actions.\"words.tell\"]\nhttp = {{url = \"http://{}/tell\"}}\n\
         [webhooks]\nallow = [\"127.0.0.1\"]\nallow_http = [\"127.0.0.1\"]\n",
        service()
    );
    let (place, mut receiver) = (place(&config), Receiver::start());
    // Both servers must be where the worker looks.
    let listen = TcpListener::bind(("127.0.0.1", 0)).expect("a port").local_addr();
    let listen = listen.expect("an address").to_string();
    let mut server = serve(&place, &listen);
    let client = Client { address: listen.clone(), key: server.first_key() };
    let _worker = Worker::python(&listen, &client.key, "words.count");
    let hook = json!({"endpoint_url": receiver.url, "secret": SECRET,
                      "events": ["job.completed", "run.completed"]});
    assert_eq!(client.post("/api/v1/webhooks", &hook)["object"], "webhook");

    let begun = place.path().join("begun");
    let run = json!({"steps": [
        {"id": "write", "action": "text.write", "input": {"file": begun}},
        {"id": "count", "action": "words.count", "depends_on": ["write"],
         "input": {"sorted": true}, "input_map": {"text": "$steps.write.result.text"}},
        {"id": "tell", "action": "words.tell", "depends_on": ["count"],
         "input_map": {"words": "$steps.count.result.words"}},
    ]});
    let id = client.post("/api/v1/runs", &run)["data"]["run_id"].clone();
    let id = id.as_str().expect("an id");
    let events = follow(&client, format!("/api/v1/runs/{id}/events"));
    while !begun.exists() {
        thread::yield_now();
    }
    assert!(!server.end_with(Signal::KILL));
    let _server = serve(&place, &listen);

    let path = format!("/api/v1/runs/{id}?wait_for_completion=true&timeout_seconds=30");
    let run = client.get(&path)["data"].take();
    assert_eq!(run["status"], "completed", "{run}");
    assert_eq!(run["steps"][1]["result"]["assets"][0]["name"], "words.txt", "{run}");
    assert_eq!(run["steps"][2]["result"]["told"], 3, "{run}");
    assert_eq!(run["steps"][0]["attempt"], 2, "{run}");
    check_events(&events.join().expect("a whole stream"));
    let jobs = run["steps"].as_array().expect("steps").iter().map(|step| step["job_id"].clone());
    receiver.expect(jobs.chain([json!(id)]));
}

/// No line came twice, though the stream was broken off, and the end came last.
fn check_events(events: &[Event]) {
    let (end, lines) = events.split_last().expect("an end");
    let ids: BTreeSet<&str> = lines.iter().map(|event| event.id.as_str()).collect();
    assert_eq!((end.name.as_str(), &end.data["status"]), ("end", &json!("completed")));
    let written = |event: &Event| {
        event.data["step_id"] == "write" && event.data["message"] == "a line is written"
    };
    assert!(lines.iter().any(written), "{events:?}");
    assert_eq!(ids.len(), lines.len(), "a line was told twice: {events:?}");
}

/// What one block of a stream says.
#[derive(Debug, Default)]
struct Event {
    id: String,
    name: String,
    data: Value,
}

/// Follows a stream to its end, as a browser does: when it breaks off, it goes on from there.
fn follow(client: &Client, path: String) -> thread::JoinHandle<Vec<Event>> {
    let (address, key) = (client.address.clone(), client.key.clone());
    thread::spawn(move || {
        let mut events = Vec::new();
        while events.last().is_none_or(|event: &Event| event.name != "end") {
            // The server may not be there yet.
            drop(read_events(&address, &key, &path, &mut events));
            thread::yield_now();
        }
        events
    })
}

fn read_events(address: &str, key: &str, path: &str, events: &mut Vec<Event>) -> io::Result<()> {
    let mut stream = BufReader::new(TcpStream::connect(address)?);
    let last = events.last().map(|event| format!("Last-Event-ID: {}\r\n", event.id));
    write!(
        stream.get_mut(),
        "GET {path} HTTP/1.0\r\nHost: {address}\r\nAuthorization: Bearer {key}\r\n{}\r\n",
        last.unwrap_or_default()
    )?;
    let mut event = Event::default();
    for line in stream.lines() {
        let line = line?;
        match line.split_once(": ") {
            Some(("id", id)) => id.clone_into(&mut event.id),
            Some(("event", name)) => name.clone_into(&mut event.name),
            Some(("data", data)) => event.data = data.parse()?,
            None if !event.id.is_empty() => events.push(std::mem::take(&mut event)),
            _ => {}
        }
    }
    Ok(())
}

/// An endpoint as the documents show it, which tells what it accepted.
const RECEIVER: &str = r#"
import hashlib, hmac, http.server, json, sys
try:
    from standardwebhooks import Webhook
except ImportError:
    Webhook = None
secret = sys.argv[1]
class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if Webhook:
            Webhook(secret).verify(body, {name.lower(): it for name, it in self.headers.items()})
        digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        assert self.headers["x-pi-signature"] == "sha256=" + digest
        self.send_response(204)
        self.end_headers()
        data = json.loads(body)["data"]
        told = {"id": (data.get("run") or data.get("job"))["id"], "verified": bool(Webhook)}
        print(json.dumps(told), flush=True)
    def log_message(self, *_):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_port, flush=True)
server.serve_forever()
"#;

/// The endpoint, in a process of its own; dropped, it is killed.
struct Receiver {
    process: Child,
    said: BufReader<ChildStdout>,
    url: String,
    has_library: bool,
}

impl Receiver {
    fn start() -> Self {
        let python = std::env::var_os("STANDARDWEBHOOKS");
        let has_library = python.is_some();
        if !has_library {
            eprintln!("STANDARDWEBHOOKS names no Python with it: verified by our own code alone");
        }
        let mut process = Command::new(python.unwrap_or_else(|| "python3".into()))
            .args(["-c", RECEIVER, SECRET])
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts");
        let mut said = BufReader::new(process.stdout.take().expect("a pipe"));
        let port = line(&mut said);
        let url = format!("http://127.0.0.1:{}/hooks", port.trim());
        Self { process, said, url, has_library }
    }

    /// Waits until it has accepted messages about all of these.
    fn expect(&mut self, ids: impl Iterator<Item = Value>) {
        let mut ids: Vec<Value> = ids.collect();
        while !ids.is_empty() {
            let told: Value = line(&mut self.said).parse().expect("JSON");
            assert!(told["verified"] == json!(true) || !self.has_library);
            ids.retain(|id| *id != told["id"]);
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn line(said: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    let bytes = said.read_line(&mut line).expect("a pipe");
    assert!(bytes > 0, "the endpoint is gone");
    line
}

/// A service that answers every request with how many words it was told of.
fn service() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = BufReader::new(stream);
            let (mut head, mut length) = (String::new(), 0);
            while !head.ends_with("\r\n\r\n") && stream.read_line(&mut head).unwrap_or(0) > 0 {
                let line = head.lines().last().unwrap_or_default().to_ascii_lowercase();
                if let Some(number) = line.strip_prefix("content-length: ") {
                    length = number.parse().unwrap_or(0);
                }
            }
            let mut body = vec![0; length];
            drop(stream.read_exact(&mut body));
            let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
            let body = json!({"told": asked["words"]}).to_string();
            let head = format!(
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            drop(stream.get_mut().write_all((head + &body).as_bytes()));
        }
    });
    address
}
