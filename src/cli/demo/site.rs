//! The demo's web site: a small tea shop that never was, served from this binary on loopback.
//!
//! One thread accepts, one request a connection; that is enough for one visitor.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// A file of the site.
struct Page {
    path: &'static str,
    media_type: &'static str,
    content: &'static [u8],
}

const PAGES: [Page; 8] = [
    Page {
        path: "/",
        media_type: "text/html; charset=utf-8",
        content: include_bytes!("site/index.html"),
    },
    Page {
        path: "/css/tokens.css",
        media_type: "text/css; charset=utf-8",
        content: include_bytes!("site/css/tokens.css"),
    },
    Page {
        path: "/css/base.css",
        media_type: "text/css; charset=utf-8",
        content: include_bytes!("site/css/base.css"),
    },
    Page {
        path: "/css/home.css",
        media_type: "text/css; charset=utf-8",
        content: include_bytes!("site/css/home.css"),
    },
    Page {
        path: "/logo.svg",
        media_type: "image/svg+xml",
        content: include_bytes!("site/logo.svg"),
    },
    Page {
        path: "/icon.svg",
        media_type: "image/svg+xml",
        content: include_bytes!("site/icon.svg"),
    },
    Page {
        path: "/apple-touch-icon.png",
        media_type: "image/png",
        content: include_bytes!("site/apple-touch-icon.png"),
    },
    Page {
        path: "/site.webmanifest",
        media_type: "application/manifest+json",
        content: include_bytes!("site/site.webmanifest"),
    },
];

/// How long a visitor may take to say what it wants.
const PATIENCE: Duration = Duration::from_secs(10);

/// The site, open for as long as the process lives.
#[derive(Debug)]
pub(super) struct Site {
    address: SocketAddr,
}

impl Site {
    /// Opens the site on a free port of the loopback address.
    pub(super) fn open() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        std::thread::Builder::new().name("demo-site".to_owned()).spawn(move || {
            for visitor in listener.incoming().flatten() {
                // A visitor who hangs up has seen enough.
                drop(serve(visitor));
            }
        })?;
        Ok(Self { address })
    }

    /// Where it is.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its front page.
    pub(super) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }
}

fn serve(mut visitor: TcpStream) -> io::Result<()> {
    visitor.set_read_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(visitor.try_clone()?);
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut header = String::new();
    while reader.read_line(&mut header)? > 2 {
        header.clear();
    }
    let (status, media_type, content) = answer(&request);
    write!(
        visitor,
        "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n",
        content.len()
    )?;
    visitor.write_all(content)
}

/// Status line, media type and content for a request line.
fn answer(request: &str) -> (&'static str, &'static str, &'static [u8]) {
    let path = request.split(' ').nth(1).unwrap_or_default();
    let path = path.split(['?', '#']).next().unwrap_or_default();
    PAGES
        .iter()
        .find(|page| page.path == path)
        .map_or(("404 Not Found", "text/plain", b"There is no such page.\n".as_slice()), |page| {
            ("200 OK", page.media_type, page.content)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_answers_and_every_local_link_of_the_front_page_leads_to_one() {
        let (_, _, front) = answer("GET / HTTP/1.1");
        let front = std::str::from_utf8(front).expect("text");
        let files = ["/css/", "/logo", "/icon", "/apple", "/site."];
        let linked: Vec<&str> = front
            .split(['"'])
            .filter(|text| files.iter().any(|file| text.starts_with(file)))
            .collect();
        assert!(linked.len() >= 8, "{linked:?}");
        for path in linked {
            assert_eq!(answer(&format!("GET {path} HTTP/1.1")).0, "200 OK", "{path}");
        }
        assert_eq!(answer("GET /teas HTTP/1.1").0, "404 Not Found");
        assert_eq!(answer("").0, "404 Not Found");
    }
}
