//! Fetching from small servers on loopback, each with one trap.

use std::io::Write as _;
use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::loopback::{drive, names, ok, raw, redirect, site, status};
use super::rules::{Mode, Refusal, Rules};
use super::*;

const AMPLE: Budget = Budget { requests: 48, bytes: 16 << 20, time: Duration::from_secs(20) };

fn options(allow: &[&str]) -> OutboundOptions {
    let rules = Rules::parse(Mode::Public, allow).expect("valid entries");
    OutboundOptions { rules, resolver: names(&[]), ..OutboundOptions::default() }
}

/// A session that may reach loopback.
fn session() -> Session {
    Outbound::new(options(&["127.0.0.1"])).session(AMPLE)
}

fn request(url: url::Url) -> FetchRequest {
    FetchRequest::new(url, 1 << 20)
}

#[test]
fn a_page_is_fetched_as_what_we_are() {
    let site = site(|_| ok("Content-Type: text/html; charset=utf-8\r\n", b"<h1>tide</h1>"));
    let mut options = options(&["127.0.0.1"]);
    options.contact = Some("https://example.com/bot".to_owned());
    let session = Outbound::new(options).session(AMPLE);
    let page = FetchRequest {
        accept: "text/html",
        accept_language: Some("de, en;q=0.5".to_owned()),
        ..request(site.url("/a?b=c#d"))
    };
    let response = drive(session.fetch(page)).expect("fetched");
    assert_eq!(response.url, site.url("/a?b=c"));
    assert_eq!(response.body, b"<h1>tide</h1>");
    assert_eq!(response.content_type.as_deref(), Some("text/html; charset=utf-8"));
    let head = site.heads().concat().to_ascii_lowercase();
    assert!(head.starts_with("get /a?b=c http/1.1\r\n"), "{head}");
    for line in ["accept: text/html", "accept-language: de, en;q=0.5", "accept-encoding: gzip, br"]
    {
        assert!(head.contains(&format!("\r\n{line}\r\n")), "{head}");
    }
    assert!(head.contains("\r\nuser-agent: tidemill/"), "{head}");
    assert!(head.contains(" (+https://example.com/bot)\r\n"), "{head}");
    // One allow-listed host is not asked for its `robots.txt`, and one page is one request.
    assert_eq!(session.left().requests, 47);
}

#[test]
fn redirects_are_followed_and_noted() {
    let site = site(|path| match path {
        "/" => redirect("/de?x=1"),
        "/de?x=1" => redirect("home/#top"),
        _ => ok("", b"here"),
    });
    let response = drive(session().fetch(request(site.url("/")))).expect("fetched");
    assert_eq!(response.url, site.url("/home/"));
    assert_eq!(response.redirects, [site.url("/"), site.url("/de?x=1")]);
    assert!(!response.downgraded);
}

#[test]
fn redirects_that_lead_nowhere_end() {
    let site = site(|path| match path.rsplit_once('/') {
        Some(("/circle", "a")) => redirect("/circle/b"),
        Some(("/circle", "b")) => redirect("/circle/a"),
        Some(("/on", number)) => redirect(&format!("{}", number.parse::<u32>().unwrap_or(0) + 1)),
        _ => redirect("http://["),
    });
    for (path, fault) in [
        ("/circle/a", RedirectFault::Loop),
        ("/on/1", RedirectFault::TooMany),
        ("/else", RedirectFault::Invalid),
    ] {
        let error = drive(session().fetch(request(site.url(path)))).expect_err("no page");
        assert!(matches!(error, FetchError::Redirects(found) if found == fault), "{path}: {error}");
    }
    let followed = site.heads().iter().filter(|head| head.contains("/on/")).count();
    assert_eq!(followed, MAX_REDIRECTS + 1);
}

#[test]
fn a_redirect_to_a_forbidden_place_is_refused_before_it_is_reached() {
    let secret = site(|_| ok("", b"secret"));
    let port = secret.port;
    let targets = [
        (format!("http://127.0.0.2:{port}/"), Refusal::Port),
        ("http://[::ffff:127.0.0.2]/".to_owned(), Refusal::Address),
        ("http://169.254.169.254/".to_owned(), Refusal::Address),
        ("http://inside.example/".to_owned(), Refusal::Address),
        ("file:///etc/passwd".to_owned(), Refusal::Scheme),
        ("http://me@example.com/".to_owned(), Refusal::Credentials),
    ];
    for (target, refusal) in targets {
        let location = target.clone();
        let site = site(move |_| redirect(&location));
        let mut options = options(&[&format!("127.0.0.1:{}", site.port)]);
        options.resolver = names(&[("inside.example", [10, 0, 0, 1])]);
        let session = Outbound::new(options).session(AMPLE);
        let error = drive(session.fetch(request(site.url("/")))).expect_err("refused");
        assert!(
            matches!(error, FetchError::Refused { refusal: r, redirected: true } if r == refusal),
            "{target}: {error:?}"
        );
    }
    assert!(secret.heads().is_empty());
}

#[test]
fn a_name_that_resolves_to_a_forbidden_address_is_refused() {
    let secret = site(|_| ok("", b"secret"));
    let mut options = options(&[]);
    options.resolver =
        names(&[("rebound.example", [93, 184, 216, 34]), ("rebound.example", [127, 0, 0, 1])]);
    let session = Outbound::new(options).session(AMPLE);
    let url = "http://rebound.example/".parse().expect("a URL");
    let error = drive(session.fetch(request(url))).expect_err("refused");
    let expected = FetchError::Refused { refusal: Refusal::Address, redirected: false };
    assert_eq!(error.to_string(), expected.to_string());
    assert!(!error.to_string().contains("127"));
    assert!(secret.heads().is_empty());
}

#[test]
fn a_name_is_resolved_once_and_connected_to_as_resolved() {
    let site = site(|path| if path == "/" { redirect("/again") } else { ok("", b"here") });
    let resolver = names(&[("shop.example", [127, 0, 0, 1])]);
    let mut options = options(&["shop.example"]);
    options.resolver = resolver.clone();
    let session = Outbound::new(options).session(AMPLE);
    let url: url::Url = format!("http://shop.example:{}/", site.port).parse().expect("a URL");
    let response = drive(session.fetch(request(url.clone()))).expect("fetched");
    assert_eq!(response.body, b"here");
    drive(session.fetch(request(url))).expect("fetched again");
    assert_eq!(*resolver.asked.lock().expect("no panic"), ["shop.example"]);
    let host = format!("host: shop.example:{}", site.port);
    assert!(site.heads().iter().all(|head| head.to_ascii_lowercase().contains(&host)));
}

#[test]
fn unknown_hosts_refused_connections_and_broken_answers_are_told_apart() {
    let session = session();
    let unknown = "http://nowhere.example/".parse().expect("a URL");
    let error = drive(session.fetch(request(unknown))).expect_err("unknown");
    assert!(matches!(error, FetchError::UnknownHost), "{error:?}");

    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = closed.local_addr().expect("an address").port();
    drop(closed);
    let url = format!("http://127.0.0.1:{port}/").parse().expect("a URL");
    let error = drive(session.fetch(request(url))).expect_err("refused");
    assert!(matches!(error, FetchError::ConnectionRefused), "{error:?}");

    let cut = site(|_| Vec::new());
    let error = drive(session.fetch(request(cut.url("/")))).expect_err("cut off");
    assert!(matches!(error, FetchError::Reset), "{error:?}");

    let short = site(|_| b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc".to_vec());
    let error = drive(session.fetch(request(short.url("/")))).expect_err("too short");
    assert!(matches!(error, FetchError::Reset), "{error:?}");

    let babble = site(|_| b"220 mail.example ESMTP\r\n\r\n".to_vec());
    let error = drive(session.fetch(request(babble.url("/")))).expect_err("not HTTP");
    assert!(matches!(error, FetchError::Malformed(_)), "{error:?}");

    let (port, server) = raw(b"220 mail.example ESMTP\r\n");
    let url = format!("https://127.0.0.1:{port}/").parse().expect("a URL");
    let error = drive(session.fetch(request(url))).expect_err("no TLS");
    assert!(matches!(error, FetchError::Tls(_)), "{error:?}");
    server.join().expect("the server ends");
}

#[test]
fn a_status_is_told_with_the_pause_that_it_asks_for() {
    let site = site(|path| match path {
        "/busy" => status(503, "Retry-After: 7\r\n"),
        _ => status(404, ""),
    });
    let error = drive(session().fetch(request(site.url("/busy")))).expect_err("busy");
    assert_eq!(error.retry(), Retry::Later(Some(Duration::from_secs(7))));
    let error = drive(session().fetch(request(site.url("/")))).expect_err("missing");
    assert!(matches!(error, FetchError::Status { status: 404, .. }), "{error:?}");
    assert_eq!(error.retry(), Retry::Never);
}

#[test]
fn bodies_are_cut_at_their_limit_and_bombs_are_dropped() {
    let site = site(|path| match path {
        "/bomb" => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
            encoder.write_all(&vec![0; 900 << 10]).expect("encoded");
            ok("Content-Encoding: gzip\r\n", &encoder.finish().expect("finished"))
        }
        "/pdf" => ok("Content-Type: application/pdf\r\n", b"%PDF"),
        _ => ok("", &vec![b'x'; 2 << 20]),
    });
    let session = session();
    let response = drive(session.fetch(request(site.url("/")))).expect("cut");
    assert_eq!((response.body.len(), response.truncated), (1 << 20, true));
    let error = drive(session.fetch(request(site.url("/bomb")))).expect_err("a bomb");
    assert!(matches!(error, FetchError::Bomb), "{error:?}");
    let page = FetchRequest { media_types: &["text/html"], ..request(site.url("/pdf")) };
    let error = drive(session.fetch(page)).expect_err("not a page");
    assert!(matches!(error, FetchError::ContentType(found) if found == "application/pdf"));
}

#[test]
fn a_budget_ends_requests_bytes_and_time() {
    let site = site(|_| ok("", &[b'x'; 100]));
    let open = |budget| Outbound::new(options(&["127.0.0.1"])).session(budget);
    let spent = |session: &Session| match drive(session.fetch(request(site.url("/")))) {
        Err(FetchError::BudgetSpent(resource)) => Some(resource),
        _ => None,
    };
    let session = open(Budget { requests: 1, ..AMPLE });
    assert_eq!(spent(&session), None);
    assert_eq!(spent(&session), Some(Resource::Requests));
    assert_eq!(spent(&open(Budget { bytes: 99, ..AMPLE })), Some(Resource::Bytes));
    let session = open(Budget { time: Duration::ZERO, ..AMPLE });
    assert_eq!(spent(&session), Some(Resource::Time));
}

#[test]
fn a_site_that_never_answers_is_given_up() {
    // It accepts, and says nothing, or not enough.
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let mut options = options(&["127.0.0.1"]);
    options.timeouts.first_byte = Duration::from_millis(20);
    options.timeouts.idle = Duration::from_millis(20);
    let session = Outbound::new(options).session(AMPLE);
    let url: url::Url = format!("http://127.0.0.1:{port}/").parse().expect("a URL");
    let error = drive(session.fetch(request(url))).expect_err("silent");
    assert!(matches!(error, FetchError::TimedOut(Wait::FirstByte)), "{error:?}");
    drop(silent);

    let (port, server) = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
    let url = format!("http://127.0.0.1:{port}/").parse().expect("a URL");
    let error = drive(async {
        let error = session.fetch(request(url)).await.expect_err("stuck");
        drop(session);
        error
    });
    assert!(matches!(error, FetchError::TimedOut(Wait::Idle)), "{error:?}");
    server.join().expect("the server ends");
}

#[test]
fn a_listed_host_is_not_asked_for_robots_txt() {
    let site = site(|path| match path {
        "/robots.txt" => ok("", b"User-agent: *\nDisallow: /"),
        _ => ok("", b"here"),
    });
    let page = FetchRequest { robots: true, ..request(site.url("/")) };
    drive(session().fetch(page)).expect("fetched");
    assert_eq!(site.heads().len(), 1);
}

#[test]
fn robots_txt_is_obeyed_and_read_once() {
    let site = site(|path| match path {
        "/robots.txt" => redirect("/robots/ours.txt"),
        _ => ok("", b"User-agent: Tidemill\nDisallow: /private"),
    });
    let session = session();
    drive(session.ask_robots(&site.url("/"))).expect("allowed");
    let error = drive(session.ask_robots(&site.url("/private/a"))).expect_err("disallowed");
    assert!(matches!(error, FetchError::Disallowed), "{error:?}");
    assert_eq!(site.heads().len(), 2);
}

#[test]
fn a_missing_robots_txt_allows_and_a_broken_one_forbids_for_now() {
    let missing = site(|_| status(404, ""));
    drive(session().ask_robots(&missing.url("/"))).expect("allowed");
    let elsewhere = site(|_| redirect("http://10.0.0.1/robots.txt"));
    drive(session().ask_robots(&elsewhere.url("/"))).expect("allowed");
    let broken = site(|_| status(503, ""));
    let error = drive(session().ask_robots(&broken.url("/"))).expect_err("not now");
    assert!(matches!(error, FetchError::RobotsUnavailable { status: 503, .. }), "{error:?}");
}
