//! The server's log: in which form, and that a client's request id leads to the request's line.

use std::fs::{self, File};
use std::process::Command;

use crate::process::{Place, Server};
use crate::wire::{ask, get, header};

/// Runs a server in the given log format while `requests` are made; gives what they return and
/// the whole log.
fn logged<T>(format: &str, level: &str, requests: impl FnOnce(&str, &str) -> T) -> (T, String) {
    let place = Place::new();
    let log = place.path().join("log");
    let mut command: Command = place.command(&["serve"]);
    command.env("TIDEMILL_TELEMETRY_FORMAT", format).env("TIDEMILL_TELEMETRY_LOG", level);
    let mut server = Server::logging(command, File::create(&log).expect("a file"));
    let (address, key) = (server.address.clone(), server.first_key());
    let returned = requests(&address, &key);
    assert!(server.stop());
    (returned, fs::read_to_string(&log).expect("the log"))
}

fn request_id(answer: &str) -> String {
    let id = header(answer, "x-request-id").expect("every answer has one");
    assert!(id.starts_with("req_pi_"), "{id}");
    id.to_owned()
}

/// The lines with an id.
fn lines<'a>(log: &'a str, id: &str) -> Vec<&'a str> {
    log.lines().filter(|line| line.contains(id)).collect()
}

#[test]
fn a_refused_request_is_found_by_its_id_in_both_forms() {
    let refused = |address: &str, key: &str| {
        let (status, answer) = get(address, "/api/v1/jobs/no-such-job", key);
        assert_eq!(status, 404);
        request_id(&answer)
    };
    let (id, log) = logged("human", "info", refused);
    let found = lines(&log, &id);
    assert_eq!(found.len(), 1, "{log}");
    for part in ["INFO", "request refused", "status=404", "job_not_found", "/api/v1/jobs/{id}"] {
        assert!(found[0].contains(part), "{part} is not in {}", found[0]);
    }
    let (id, log) = logged("json", "info", refused);
    let found = lines(&log, &id);
    assert_eq!(found.len(), 1, "{log}");
    let line: serde_json::Value = serde_json::from_str(found[0]).expect("a JSON line");
    assert_eq!(line["level"], "INFO");
    assert_eq!(line["request_id"], id.as_str());
    assert_eq!((&line["status"], &line["code"]), (&404.into(), &"job_not_found".into()));
    for line in log.lines() {
        serde_json::from_str::<serde_json::Value>(line).expect("each line is JSON");
    }
}

#[test]
fn changes_are_told_and_reads_only_when_asked_for() {
    let requests = |address: &str, key: &str| {
        let read = request_id(&get(address, "/api/v1/jobs", key).1);
        let stream = std::net::TcpStream::connect(address).expect("the server listens");
        let bearer = format!("Bearer {key}");
        let headers = [("Authorization", bearer.as_str()), ("Content-Type", "application/json")];
        let body = Some(r#"{"name": "ci"}"#);
        let (status, made) = ask(stream, "localhost", "/api/v1/keys", &headers, body);
        assert_eq!(status, 201);
        (read, request_id(&made))
    };
    let ((read, made), log) = logged("json", "info", requests);
    assert!(lines(&log, &read).is_empty(), "{log}");
    assert!(lines(&log, &made)[0].contains("request carried out"), "{log}");
    let ((read, _), log) = logged("json", "info,tidemill::http=debug", requests);
    assert!(lines(&log, &read)[0].contains("request answered"), "{log}");
}

#[test]
fn keys_bodies_and_the_vendors_headers_stay_out_of_the_log() {
    const MARK: &str = "marker-b7f3";
    let requests = |address: &str, key: &str| {
        let send = |path: &str, body: String| {
            let stream = std::net::TcpStream::connect(address).expect("the server listens");
            let bearer = format!("Bearer {key}");
            let headers = [
                ("Authorization", bearer.as_str()),
                ("Content-Type", "application/json"),
                ("X-Gemini-Api-Key", MARK),
                ("X-Firecrawl-Api-Key", MARK),
                ("X-LiveKit-Api-Secret", MARK),
                ("Cookie", MARK),
            ];
            ask(stream, "localhost", path, &headers, Some(&body)).0
        };
        let extract = |path: &str| format!(r#"{{"url": "{path}", "metadata": {{"m": "{MARK}"}}}}"#);
        let statuses = [
            send("/api/v1/brands/extract", extract("http://127.0.0.1:9/")),
            send("/api/v1/brands/extract", extract(MARK)),
            send("/api/v1/jobs", format!(r#"{{"action": "{MARK}"}}"#)),
            send("/api/v1/jobs", format!(r#"{{"action": {MARK}"#)),
            send(&format!("/api/v1/{MARK}?x={MARK}"), String::new()),
            get(address, "/api/v1/jobs", &format!("pi_live_{MARK}")).0,
        ];
        assert_eq!(statuses, [202, 400, 400, 400, 404, 401]);
        key.to_owned()
    };
    let (key, log) = logged("json", "info,tidemill=trace,actix_http=debug", requests);
    assert!(log.contains("request refused"), "{log}");
    assert!(!log.contains(MARK), "{log}");
    assert!(!log.contains(&key), "{log}");
}
