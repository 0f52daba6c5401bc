//! The whole action but for the engine: small sites in, extractions and failures out.

use std::sync::Mutex;

use super::*;
use crate::outbound::loopback::{Site, drive, names, ok, redirect, site, status};
use crate::outbound::rules::{Mode, Rules};
use crate::outbound::{Outbound, OutboundOptions};

#[derive(Default)]
struct Notes {
    phases: Mutex<Vec<String>>,
    steps: Mutex<Vec<Diagnostic>>,
}

impl Journal for Notes {
    fn phase(&self, phase: &str) {
        self.phases.lock().expect("no panic").push(phase.to_owned());
    }

    fn step(&self, step: Diagnostic) {
        self.steps.lock().expect("no panic").push(step);
    }
}

fn extract(url: &Url, notes: &Notes) -> Result<Extraction, Failure> {
    let rules = Rules::parse(Mode::Public, &["127.0.0.1"]).expect("valid entries");
    let outbound = Outbound::new(OutboundOptions {
        rules,
        resolver: names(&[]),
        ..OutboundOptions::default()
    });
    let session = outbound.session(allowance::WHOLE);
    let (args, never) = (ExtractBrandArgs::default(), Deadline::never());
    drive(extract_site(&session, url, SurveyRequest::default(), &args, &never, notes))
}

/// The code that an extraction of `path` ends with.
fn code(site: &Site, path: &str) -> String {
    let failure = extract(&site.url(path), &Notes::default()).map(|found| found.domain);
    failure.expect_err("no brand").into_error(1).code
}

const PAGE: &str = "<!doctype html><html lang=en><head><title>Slack Water</title>\
    <link rel=stylesheet href=/site.css>\
    <link rel=stylesheet href=http://original.example/theme.css?v=2></head>\
    <body><header><a href=/>Slack Water</a></header><h1>Boats for calm days</h1>\
    <p>We build small boats of larch and oak for lakes and quiet rivers, by hand.</p>\
    <a class=btn href=/shop>See the boats</a></body></html>";

fn html(page: &str) -> Vec<u8> {
    ok("Content-Type: text/html; charset=utf-8\r\n", page.as_bytes())
}

#[test]
fn a_site_is_read_with_its_documents() {
    let site = site(|path| match path {
        "/" => html(PAGE),
        "/site.css" => ok("Content-Type: text/css\r\n", b".btn { background: #0a5c4b }"),
        "/theme.css?v=2" => ok("Content-Type: text/css\r\n", b"body { color: #222 }"),
        _ => status(404, ""),
    });
    let notes = Notes::default();
    let extraction = extract(&site.url("/"), &notes).expect("a brand");
    assert_eq!(extraction.domain, format!("127.0.0.1:{}", site.port));
    assert_eq!(extraction.name, "Slack Water");
    // The second sheet's host does not exist, so it was looked for beside the page.
    for path in ["/", "/site.css", "/theme.css?v=2"] {
        let asked = site.heads().iter().filter(|head| head.contains(&format!(" {path} "))).count();
        assert_eq!(asked, 1, "{path}");
    }
    let phases = notes.phases.lock().expect("no panic").clone();
    assert_eq!(phases, ["fetching page", "reading styles", "choosing logo and colours"]);
    let steps = notes.steps.lock().expect("no panic").clone();
    let names: Vec<&str> = steps.iter().map(|step| step.step.as_str()).collect();
    assert_eq!(names, ["fetch page", "fetch documents", "decide"]);
    assert!(steps.iter().all(|step| step.status == "ok"), "{steps:?}");
}

#[test]
fn a_page_that_sends_on_is_followed_to_its_end() {
    let site = site(|path| match path {
        "/" => html("<meta http-equiv=refresh content='0; url=/home'>"),
        "/home" => redirect("/en/"),
        "/en/" => html(PAGE),
        "/a" => html("<meta http-equiv=refresh content='0; url=/b'>"),
        "/b" => redirect("/a"),
        _ => status(404, ""),
    });
    assert!(extract(&site.url("/"), &Notes::default()).is_ok());
    assert_eq!(code(&site, "/a"), "site_redirects");
}

#[test]
fn a_page_that_is_of_no_use_fails_with_its_reason() {
    let site = site(|path| match path {
        "/missing" => status(404, ""),
        "/closed" => status(403, ""),
        "/pdf" => ok("Content-Type: application/pdf\r\n", b"%PDF-1.7"),
        "/large" => html(&"<p>tide</p>".repeat(400_000)),
        "/circle" => redirect("/circle"),
        "/inside" => redirect("http://10.0.0.1/"),
        "/empty" => html(""),
        _ => Vec::new(),
    });
    for (path, expected) in [
        ("/missing", "site_error"),
        ("/closed", "site_blocked"),
        ("/pdf", "site_not_html"),
        ("/large", "site_too_large"),
        ("/circle", "site_redirects"),
        ("/inside", "fetch_refused"),
        ("/empty", "site_empty"),
        ("/cut-off", "site_unreachable"),
    ] {
        assert_eq!(code(&site, path), expected, "{path}");
    }
}

#[test]
fn a_failure_names_no_address_of_the_inside() {
    let site = site(|_| redirect("http://10.1.2.3/"));
    let notes = Notes::default();
    let failure = extract(&site.url("/"), &notes).map(|found| found.domain).expect_err("refused");
    let error = failure.into_error(1);
    let steps = format!("{:?}", notes.steps.lock().expect("no panic"));
    for text in [error.message, error.cause.unwrap_or_default(), steps] {
        assert!(!text.contains("10.1.2.3"), "{text}");
    }
}

#[test]
fn a_brand_is_identified_by_its_host() {
    let table = [
        ("https://WWW.Example.com/a", "example.com"),
        ("http://example.com.:80/", "example.com"),
        ("http://www.example.com:8080/", "example.com:8080"),
        ("https://example.com:80/", "example.com:80"),
        ("https://www.bücher.example/", "xn--bcher-kva.example"),
        ("http://127.0.0.1:9/", "127.0.0.1:9"),
        ("http://[::1]/", "[::1]"),
        ("https://www2.example.com/", "www2.example.com"),
    ];
    for (url, domain) in table {
        assert_eq!(domain_of(&url.parse().expect("a URL")), domain, "{url}");
    }
}

#[test]
fn every_attempt_has_time_left_to_say_how_it_ended() {
    assert!(TOTAL_TIME < Duration::from_secs(30));
    for time in [TOTAL_TIME, Duration::from_secs(3), Duration::ZERO] {
        let Shares { network, before_deciding } = Shares::of_time(time);
        assert!(network <= before_deciding && before_deciding <= time);
        assert!(time.is_zero() || network < before_deciding && before_deciding < time);
    }
    let second = Duration::from_secs(1);
    assert!(Shares::of_time(TOTAL_TIME).network + second >= allowance::WHOLE.time);
}
