//! Small servers on loopback and names that lead where a test wants: for tests only.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use async_trait::async_trait;

use super::Resolver;

/// A server that answers each request with what `answer` makes of it, and notes what was asked.
pub(crate) struct Site {
    pub(crate) port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
}

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }
}

/// A server that looks at the path alone.
pub(crate) fn site(answer: impl Fn(&str) -> Vec<u8> + Send + 'static) -> Site {
    listening(move |asked| answer(asked.path()))
}

/// A server that looks at the whole request.
pub(crate) fn listening(answer: impl Fn(&Asked) -> Vec<u8> + Send + 'static) -> Site {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let noted = asked.clone();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that went away is part of some tests.
            let _ = serve(stream, &answer, &noted);
        }
    });
    Site { port, asked }
}

fn serve(
    mut stream: TcpStream,
    answer: &impl Fn(&Asked) -> Vec<u8>,
    noted: &Mutex<Vec<Asked>>,
) -> std::io::Result<()> {
    let mut head = String::new();
    let mut reader = BufReader::new(stream.try_clone()?);
    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head)? > 0 {}
    // What was not read when a server hangs up makes the client lose the answer.
    let mut body = vec![0; content_length(&head)];
    reader.read_exact(&mut body)?;
    let asked = Asked { head, body: String::from_utf8_lossy(&body).into_owned() };
    noted.lock().expect("no panic").push(asked.clone());
    stream.write_all(&answer(&asked))
}

fn content_length(head: &str) -> usize {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut lengths = lines.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    lengths.next().and_then(|(_, length)| length.trim().parse().ok()).unwrap_or(0)
}

impl Site {
    pub(crate) fn url(&self, path: &str) -> url::Url {
        format!("http://127.0.0.1:{}{path}", self.port).parse().expect("a URL")
    }

    pub(crate) fn heads(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.head).collect()
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("no panic").clone()
    }
}

pub(crate) fn ok(headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n"
    );
    [head.as_bytes(), body].concat()
}

pub(crate) fn redirect(location: &str) -> Vec<u8> {
    status(302, &format!("Location: {location}\r\n"))
}

pub(crate) fn status(status: u16, headers: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status} No\r\nConnection: close\r\nContent-Length: 0\r\n{headers}\r\n")
        .into_bytes()
}

/// A server for one client, which answers its first bytes with `answer` and then only listens.
pub(crate) fn raw(answer: &'static [u8]) -> (u16, thread::JoinHandle<()>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        let mut bytes = [0; 4_096];
        let _ = stream.read(&mut bytes).expect("a request");
        stream.write_all(answer).expect("sent");
        // Ends when the client gives up, politely or not.
        while stream.read(&mut bytes).is_ok_and(|count| count > 0) {}
    });
    (port, server)
}

/// A resolver that knows a few names and notes every question.
#[derive(Default)]
pub(crate) struct Names {
    known: Vec<(&'static str, IpAddr)>,
    pub(crate) asked: Mutex<Vec<String>>,
}

#[async_trait]
impl Resolver for Names {
    async fn resolve(&self, name: &str) -> std::io::Result<Vec<IpAddr>> {
        self.asked.lock().expect("no panic").push(name.to_owned());
        let known = self.known.iter().filter(|(known, _)| *known == name);
        Ok(known.map(|(_, address)| *address).collect())
    }
}

pub(crate) fn names(known: &[(&'static str, [u8; 4])]) -> Arc<Names> {
    let known = known.iter().map(|(name, address)| (*name, IpAddr::from(*address))).collect();
    Arc::new(Names { known, asked: Mutex::default() })
}

/// Drives a future as a worker does: on a plain thread, with the runtime's handle.
pub(crate) fn drive<T: Send>(future: impl Future<Output = T> + Send) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let handle = runtime.handle().clone();
    thread::scope(|scope| scope.spawn(move || handle.block_on(future)).join().expect("no panic"))
}
