//! A small web site on loopback, for extractions.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

/// What lies at a path: a media type and a document.
pub(crate) type Pages = BTreeMap<&'static str, (&'static str, Vec<u8>)>;

/// Serves `pages` as long as the test lives.
pub(crate) fn serve(pages: Pages) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let address = listener.local_addr().expect("an address");
    let pages = Arc::new(pages);
    thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let pages = Arc::clone(&pages);
            thread::spawn(move || answer(stream, &pages));
        }
    });
    address
}

fn answer(stream: TcpStream, pages: &Pages) {
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).unwrap_or(0) == 0 {
            return;
        }
    }
    let mut stream = stream.into_inner();
    let path = head.split(' ').nth(1).unwrap_or_default();
    let missing = ("text/plain", b"nothing here".to_vec());
    let (status, (kind, body)) = match pages.get(path) {
        Some(page) => ("200 OK", page),
        None => ("404 Not Found", &missing),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n",
        body.len()
    );
    // A client that went away is none of ours.
    drop(stream.write_all(head.as_bytes()));
    drop(stream.write_all(body));
}

/// The site of a boat builder: one colour, one mark, one slogan.
pub(crate) fn boat_builder() -> Pages {
    let html = r#"<!doctype html><html lang="en"><head><meta charset="utf-8">
        <title>Kielwerk – Boats that come home</title>
        <meta property="og:site_name" content="Kielwerk">
        <meta name="description" content="Kielwerk builds wooden boats in Flensburg.">
        <link rel="stylesheet" href="/style.css">
        <link rel="icon" href="/icon.svg" type="image/svg+xml">
        </head><body><header><a href="/" class="logo"><img src="/logo.png" alt="Kielwerk"></a>
        <nav><a href="/boats">Boats</a><a href="/yard">The yard</a></nav></header>
        <main><h1>Boats that come home</h1>
        <p>We have built clinker boats since 1921, and every one of them still floats. Come and
        see how a keel is laid, or tell us where you want to go.</p>
        <a class="button" href="/order">Order a boat</a></main>
        <footer><p>Kielwerk GmbH, Flensburg</p></footer></body></html>"#;
    let css = "body{background:#FFFFFF;color:#1B2A33;font-family:Georgia,serif}\
        h1{color:#0B5D7A;font-family:Georgia,serif}\
        a{color:#0B5D7A}.button{background:#0B5D7A;color:#FFFFFF;padding:12px 24px}\
        header{background:#FFFFFF;border-bottom:1px solid #0B5D7A}";
    let icon = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 10 10'>\
        <rect width='10' height='10' fill='#0B5D7A'/></svg>";
    Pages::from([
        ("/", ("text/html; charset=utf-8", html.as_bytes().to_vec())),
        ("/style.css", ("text/css", css.as_bytes().to_vec())),
        ("/icon.svg", ("image/svg+xml", icon.as_bytes().to_vec())),
        ("/logo.png", ("image/png", mark([11, 93, 122, 255]))),
    ])
}

/// A PNG of a disc on nothing.
pub(crate) fn mark(color: [u8; 4]) -> Vec<u8> {
    let picture = image::RgbaImage::from_fn(120, 60, |x, y| {
        let (dx, dy) = (i64::from(x) - 60, i64::from(y) - 30);
        image::Rgba(if dx * dx + dy * dy < 800 { color } else { [0; 4] })
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).expect("memory takes all");
    bytes.into_inner()
}
