//! An endpoint on this machine that is told of ends, and answers as a test wants.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Mutex;
use std::thread;

use serde_json::Value;
use tokio::sync::mpsc;

/// A message as it came in.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    /// In the order of arrival, names in small letters.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Message {
    /// The first header of this name.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.all(name).first().copied().unwrap_or_default()
    }

    /// All headers of this name.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(known, _)| known == name);
        named.map(|(_, value)| value.as_str()).collect()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

/// The endpoint.
pub(crate) struct Receiver {
    address: SocketAddr,
    messages: mpsc::UnboundedReceiver<Message>,
}

impl Receiver {
    /// Listens as long as the test lives. Its first answers are these heads, then 204.
    pub(crate) fn answering(heads: &[&'static str]) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let answers = Mutex::new(heads.iter().copied().collect::<VecDeque<_>>());
        let (sender, messages) = mpsc::unbounded_channel();
        thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                // A client that went away is none of ours.
                drop(take(stream, &answers, &sender));
            }
        });
        Self { address, messages }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hooks", self.address)
    }

    /// The next message.
    pub(crate) async fn next(&mut self) -> Message {
        self.messages.recv().await.expect("the endpoint lives")
    }

    /// Whether no message lies here that was not taken.
    pub(crate) fn is_silent(&mut self) -> bool {
        self.messages.try_recv().is_err()
    }
}

fn take(
    stream: TcpStream,
    answers: &Mutex<VecDeque<&'static str>>,
    sender: &mpsc::UnboundedSender<Message>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.push((name.to_ascii_lowercase(), value.to_owned())),
            None if line.trim_end().is_empty() => break,
            None => {}
        }
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.and_then(|(_, length)| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let head = answers.lock().expect("no panic").pop_front().unwrap_or("204 No Content");
    let answer = format!("HTTP/1.1 {head}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    reader.into_inner().write_all(answer.as_bytes())?;
    drop(sender.send(Message { headers, body }));
    Ok(())
}
