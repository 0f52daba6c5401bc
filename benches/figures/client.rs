//! A keep-alive HTTP/1.1 client as small as a load generator needs: it shares the cores with the
//! server, so that every instruction of its own would count against the figure.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// One connection, used for one request after the other.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer: its status and its body.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

impl Connection {
    /// Connects to a server on loopback.
    pub(crate) async fn open(port: u16) -> std::io::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::with_capacity(4096) })
    }

    /// Sends a whole request and reads the whole answer.
    pub(crate) async fn ask(&mut self, request: &[u8]) -> std::io::Result<Answer> {
        self.send(request).await?;
        self.receive().await
    }

    /// Sends a whole request.
    pub(crate) async fn send(&mut self, request: &[u8]) -> std::io::Result<()> {
        self.stream.write_all(request).await
    }

    /// Reads one answer, which has a `Content-Length`.
    pub(crate) async fn receive(&mut self) -> std::io::Result<Answer> {
        let head = loop {
            if let Some(end) = find(&self.buffer, b"\r\n\r\n") {
                break end + 4;
            }
            self.fill().await?;
        };
        let status = digits(&self.buffer[9..12]);
        let length = content_length(&self.buffer[..head]);
        while self.buffer.len() < head + length {
            self.fill().await?;
        }
        let body = self.buffer[head..head + length].to_vec();
        self.buffer.drain(..head + length);
        Ok(Answer { status: u16::try_from(status).unwrap_or(0), body })
    }

    async fn fill(&mut self) -> std::io::Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }
}

/// A request with a JSON body.
pub(crate) fn post(path: &str, key: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// A request without a body.
pub(crate) fn get(path: &str, key: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\r\n")
        .into_bytes()
}

/// The job's id in a 202.
pub(crate) fn job_id(answer: &Answer) -> String {
    const NAME: &[u8] = br#""job_id":""#;
    // Found instead of parsed: see above.
    let id = find(&answer.body, NAME).map(|at| &answer.body[at + NAME.len()..][..36]);
    String::from_utf8(id.expect("a job id").to_vec()).expect("an id is text")
}

fn content_length(head: &[u8]) -> usize {
    let head = head.to_ascii_lowercase();
    find(&head, b"content-length:").map_or(0, |at| {
        let value = &head[at + "content-length:".len()..];
        let end = find(value, b"\r\n").unwrap_or(value.len());
        digits(value[..end].trim_ascii())
    })
}

fn digits(text: &[u8]) -> usize {
    std::str::from_utf8(text).ok().and_then(|text| text.parse().ok()).unwrap_or(0)
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}
