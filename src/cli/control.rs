//! A client of the running server's control socket: HTTP/1.1 over a Unix socket, one request a
//! connection. The socket's mode is its key: who may open it owns the data directory.

use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::Value;

use crate::app::DataDir;

/// The longest answer that is read, in bytes: lists of keys and organizations are far shorter.
const MAX_ANSWER: u64 = 16 << 20;

/// How long the server may take: a commit on a busy disk, and much more.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Why the server could not be asked, or what it refused.
#[derive(Debug, thiserror::Error)]
pub(super) enum ControlError {
    /// The socket does not answer.
    #[error("the server does not answer on {}: {source}", path.display())]
    Unreachable { path: PathBuf, source: io::Error },
    /// What came is no answer of ours.
    #[error("the server's answer cannot be read")]
    Unreadable,
    /// It said no, and why.
    #[error("{0}")]
    Refused(String),
}

/// The server that runs on a data directory.
pub(super) struct Control(PathBuf);

impl Control {
    /// The server on the directory at `data_dir`.
    pub(super) fn of(data_dir: &Path) -> Self {
        Self(DataDir::control_socket(data_dir))
    }

    /// Sends a request and returns the answer.
    pub(super) fn ask(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, ControlError> {
        let unreachable = |source| ControlError::Unreachable { path: self.0.clone(), source };
        let mut stream = UnixStream::connect(&self.0).map_err(unreachable)?;
        stream.set_read_timeout(Some(TIMEOUT)).map_err(unreachable)?;
        let body = body.map(Value::to_string).unwrap_or_default();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).map_err(unreachable)?;
        let (status, body) = read_answer(stream).map_err(unreachable)?;
        let answer: Value = serde_json::from_slice(&body).map_err(|_| ControlError::Unreadable)?;
        if (200..300).contains(&status) {
            return Ok(answer);
        }
        let message = answer.pointer("/error/message").and_then(Value::as_str);
        Err(ControlError::Refused(message.unwrap_or("the server refused").to_owned()))
    }
}

/// Status and body of an answer whose end is the connection's, or whose length is given.
fn read_answer(stream: impl Read) -> io::Result<(u16, Vec<u8>)> {
    let mut reader = BufReader::new(stream.take(MAX_ANSWER));
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let damaged = || io::Error::from(io::ErrorKind::InvalidData);
    let status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).ok_or_else(damaged)?;
    let mut length = None;
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        if name.eq_ignore_ascii_case("content-length") {
            length = Some(value.trim().parse::<u64>().map_err(|_| damaged())?);
        }
    }
    let mut body = Vec::new();
    reader.take(length.unwrap_or(MAX_ANSWER)).read_to_end(&mut body)?;
    Ok((status, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_to_its_length() {
        let answer = b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\nx: y\r\n\r\n{}rest";
        assert_eq!(read_answer(&answer[..]).expect("an answer"), (201, b"{}".to_vec()));
    }

    #[test]
    fn what_is_no_answer_is_an_error() {
        assert!(read_answer(&b"SSH-2.0\r\n"[..]).is_err());
        assert!(read_answer(&b""[..]).is_err());
    }

    #[test]
    fn a_server_that_is_not_there_is_named_by_its_socket() {
        let dir = tempfile::tempdir().expect("a directory");
        let error = Control::of(dir.path()).ask("GET", "/orgs", None).expect_err("nobody");
        assert!(error.to_string().contains("control.sock"), "{error}");
    }
}
