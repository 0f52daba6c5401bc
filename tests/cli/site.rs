//! A page with a brand, on loopback.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};

const PAGE: &str = r#"<!doctype html>
<html lang="en"><head><title>Ebb &amp; Flow</title>
<meta property="og:site_name" content="Ebb &amp; Flow">
<style>:root{--brand:#0b5c8a} body{background:#fff;color:#123} .button{background:var(--brand);
color:#fff} h1{font-family:Georgia,serif}</style></head>
<body><header><a href="/">Ebb &amp; Flow</a></header><main><h1>Boats for rent by the hour</h1>
<p>Row out with the ebb, and come back with the flow. We have forty boats and one dog.</p>
<a class="button" href="/book">Book a boat</a></main></body></html>"#;

/// Serves the page for as long as the test's process lives.
pub(crate) fn open() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for mut visitor in listener.incoming().flatten() {
            let mut lines = BufReader::new(visitor.try_clone().expect("a socket")).lines();
            let request = lines.next().and_then(Result::ok).unwrap_or_default();
            let found = request.starts_with("GET / ");
            let (status, body) = if found { ("200 OK", PAGE) } else { ("404 Not Found", "") };
            // A visitor who hangs up is the test's own affair.
            drop(write!(
                visitor,
                "HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\
                 Connection: close\r\n\r\n{body}",
                body.len()
            ));
        }
    });
    address
}
