//! An endpoint that is told of ends. It lives through every kill of the server.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use serde_json::Value;

/// Longer than any message takes whose first attempt is lost to a kill, on a slow machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// The endpoint.
pub(crate) struct Endpoint {
    address: SocketAddr,
    told: Arc<Told>,
}

/// What it was told of: ids of jobs and runs, each with the id of its event.
#[derive(Default)]
struct Told {
    events: Mutex<BTreeMap<String, String>>,
    changed: Condvar,
}

impl Endpoint {
    /// Listens as long as the test lives.
    pub(crate) fn listen() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let told = Arc::<Told>::default();
        let noted = Arc::clone(&told);
        std::thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                // What a kill cut off comes again.
                if let Ok(message) = take(stream) {
                    noted.note(&message);
                }
            }
        });
        Self { address, told }
    }

    /// Where messages go.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/ends", self.address)
    }

    /// Waits until it was told of each of these.
    pub(crate) fn wait_for<'id>(&self, ids: impl Iterator<Item = &'id String>) {
        let mut events = self.told.events.lock().expect("no panic");
        for id in ids {
            let missing = |events: &mut BTreeMap<_, _>| !events.contains_key(id);
            let waited = self.told.changed.wait_timeout_while(events, PATIENCE, missing);
            let (noted, waited) = waited.expect("no panic");
            assert!(!waited.timed_out(), "nobody told of the end of {id}");
            events = noted;
        }
    }
}

impl Told {
    fn note(&self, message: &Value) {
        let subject = ["job", "run"].map(|noun| message["data"][noun]["id"].as_str());
        let subject = subject.into_iter().flatten().next().expect("what ended");
        let event = message["id"].as_str().expect("an event").to_owned();
        let mut events = self.events.lock().expect("no panic");
        let before = events.entry(subject.to_owned()).or_insert_with(|| event.clone());
        assert_eq!(*before, event, "{subject} ended twice");
        self.changed.notify_all();
    }
}

/// Reads a message, and thanks for it.
fn take(stream: TcpStream) -> io::Result<Value> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(number) = line.strip_prefix("content-length: ") {
            length = number.parse().map_err(|_| io::ErrorKind::InvalidData)?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let answer = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
    // The message is here, whether or not the server lives to hear of it.
    drop(reader.into_inner().write_all(answer));
    Ok(serde_json::from_slice(&body)?)
}
