//! One HTTP request on a connection of its own.

use std::io::{Read, Write};
use std::net::TcpStream;

/// Status and whole answer of a GET with a key.
pub(crate) fn get(address: &str, path: &str, key: &str) -> (u16, String) {
    let stream = TcpStream::connect(address).expect("the server listens");
    ask(stream, address, path, &[("Authorization", &format!("Bearer {key}"))], None)
}

/// Status and whole answer of a request on `stream`: a POST when there is a body.
pub(crate) fn ask(
    stream: impl Read + Write,
    host: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&str>,
) -> (u16, String) {
    let method = if body.is_some() { "POST" } else { "GET" };
    request(stream, host, (method, path), headers, body)
}

/// The same by any method.
pub(crate) fn request(
    mut stream: impl Read + Write,
    host: &str,
    (method, path): (&str, &str),
    headers: &[(&str, &str)],
    body: Option<&str>,
) -> (u16, String) {
    let headers: Vec<_> =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let headers = headers.concat();
    let body = body.unwrap_or_default();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok());
    (status.expect("a status"), answer)
}

/// The value of a header of an answer.
pub(crate) fn header<'a>(answer: &'a str, name: &str) -> Option<&'a str> {
    let head = answer.split("\r\n\r\n").next()?;
    head.lines().find_map(|line| {
        let (found, value) = line.split_once(": ")?;
        found.eq_ignore_ascii_case(name).then_some(value)
    })
}
