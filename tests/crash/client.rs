//! A small blocking HTTP client with one connection, which tells when the server is gone.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use serde_json::Value;

/// A client with a key; it speaks to one server at a time.
pub(crate) struct Client {
    key: String,
    server: Option<BufReader<TcpStream>>,
}

/// An answer: its status and its JSON body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Unanswered {
    /// The request was never sent.
    NotConnected,
    /// The connection broke: nobody knows how far the server came.
    Broken,
}

/// What a job says of itself.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) status: String,
    /// The action's result, once it completed.
    pub(crate) result: Option<Value>,
}

impl Client {
    /// A client that is not connected yet.
    pub(crate) fn new(key: &str) -> Self {
        Self { key: key.to_owned(), server: None }
    }

    /// Connects to another server, if it can be reached.
    pub(crate) fn connect(&mut self, address: SocketAddr) {
        self.server = TcpStream::connect(address)
            .and_then(|stream| stream.set_nodelay(true).map(|()| BufReader::new(stream)))
            .ok();
    }

    /// Posts a job or a run.
    pub(crate) fn post(
        &mut self,
        path: &str,
        body: &Value,
        idempotency_key: Option<&str>,
    ) -> Result<Answer, Unanswered> {
        let body = body.to_string();
        let key = idempotency_key.map(|key| format!("Idempotency-Key: {key}\r\n"));
        let head = format!(
            "Content-Type: application/json\r\nContent-Length: {}\r\n{}",
            body.len(),
            key.unwrap_or_default()
        );
        self.ask("POST", path, &head, &body)
    }

    /// The job as it is now.
    pub(crate) fn job(&mut self, id: &str) -> Result<Job, Unanswered> {
        self.read_job(&format!("/api/v1/jobs/{id}"))
    }

    /// The job when it has ended.
    pub(crate) fn wait_for(&mut self, id: &str) -> Result<Job, Unanswered> {
        let path = format!("/api/v1/jobs/{id}?wait_for_completion=true&timeout_seconds=30");
        // A job of the last server waits for its rescue, and then for its turn.
        for _ in 0..4 {
            let job = self.read_job(&path)?;
            if !matches!(job.status.as_str(), "queued" | "processing") {
                return Ok(job);
            }
        }
        panic!("{id} does not end");
    }

    /// The run when it has ended.
    pub(crate) fn wait_for_run(&mut self, id: &str) -> Result<Value, Unanswered> {
        let path = format!("/api/v1/runs/{id}?wait_for_completion=true&timeout_seconds=30");
        for _ in 0..4 {
            let Answer { status, mut body } = self.ask("GET", &path, "", "")?;
            assert_eq!(status, 200, "{path}: {body}");
            let run = body["data"].take();
            if !matches!(run["status"].as_str(), Some("pending" | "in_progress")) {
                return Ok(run);
            }
        }
        panic!("the run {id} does not end");
    }

    /// The run as it is now.
    pub(crate) fn run(&mut self, id: &str) -> Result<Value, Unanswered> {
        let path = format!("/api/v1/runs/{id}");
        let Answer { status, mut body } = self.ask("GET", &path, "", "")?;
        assert_eq!(status, 200, "{path}: {body}");
        Ok(body["data"].take())
    }

    /// All schedules.
    pub(crate) fn schedules(&mut self) -> Result<Vec<Value>, Unanswered> {
        let Answer { status, mut body } = self.ask("GET", "/api/v1/schedules", "", "")?;
        assert_eq!(status, 200, "{body}");
        let schedules = body["data"]["data"].take();
        Ok(schedules.as_array().cloned().expect("a list"))
    }

    /// The bytes at a path.
    pub(crate) fn file(&mut self, path: &str) -> Result<Vec<u8>, Unanswered> {
        let (status, bytes) = self.exchange("GET", path, "", "")?;
        assert_eq!(status, 200, "{path}");
        Ok(bytes)
    }

    fn read_job(&mut self, path: &str) -> Result<Job, Unanswered> {
        let Answer { status, mut body } = self.ask("GET", path, "", "")?;
        assert_eq!(status, 200, "{path}: {body}");
        let status = body["data"]["status"].as_str().expect("a status").to_owned();
        let result = Some(body["data"]["job_result"].take()).filter(Value::is_object);
        Ok(Job { status, result })
    }

    fn ask(
        &mut self,
        method: &str,
        path: &str,
        head: &str,
        body: &str,
    ) -> Result<Answer, Unanswered> {
        let (status, bytes) = self.exchange(method, path, head, body)?;
        // What is cut off is no JSON, and what is whole is.
        let body = serde_json::from_slice(&bytes).map_err(|_| Unanswered::Broken)?;
        Ok(Answer { status, body })
    }

    fn exchange(
        &mut self,
        method: &str,
        path: &str,
        head: &str,
        body: &str,
    ) -> Result<(u16, Vec<u8>), Unanswered> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\
             {head}\r\n{body}",
            self.key
        );
        let server = self.server.as_mut().ok_or(Unanswered::NotConnected)?;
        let sent = server.get_mut().write_all(request.as_bytes());
        sent.and_then(|()| read_answer(server)).map_err(|_| {
            self.server = None;
            Unanswered::Broken
        })
    }
}

fn read_answer(server: &mut BufReader<TcpStream>) -> io::Result<(u16, Vec<u8>)> {
    let mut line = String::new();
    let mut next_line = |server: &mut BufReader<TcpStream>| -> io::Result<String> {
        line.clear();
        match server.read_line(&mut line)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line.trim_end().to_ascii_lowercase()),
        }
    };
    let malformed = || io::Error::from(io::ErrorKind::InvalidData);
    let status = next_line(server)?;
    let status =
        status.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(malformed)?;
    let mut length = 0;
    loop {
        let header = next_line(server)?;
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().map_err(|_| malformed())?;
        }
    }
    let mut body = vec![0; length];
    server.read_exact(&mut body)?;
    Ok((status, body))
}
