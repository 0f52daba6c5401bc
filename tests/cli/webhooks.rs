//! `tidemill webhooks`: the way out when the key that sealed secrets is lost.

use std::net::TcpStream;

use crate::process::{Place, Server, err, out};
use crate::wire::request;

const HOOK: &str = r#"{"endpoint_url": "https://hooks.example/tide", "secret": "a secret"}"#;

/// Status and whole answer of a request with a JSON body.
fn send(server: &Server, key: &str, method: &str, path: &str, body: &str) -> (u16, String) {
    let stream = TcpStream::connect(&server.address).expect("the server listens");
    let key = format!("Bearer {key}");
    let headers = [("Authorization", key.as_str()), ("Content-Type", "application/json")];
    request(stream, &server.address, (method, path), &headers, Some(body))
}

/// The id in an answer about a webhook.
fn id_of(answer: &str) -> String {
    let body = answer.split("\r\n\r\n").nth(1).expect("a body");
    let body: serde_json::Value = serde_json::from_str(body).expect("JSON");
    body["data"]["id"].as_str().expect("an id").to_owned()
}

#[test]
fn a_lost_key_is_found_by_the_doctor_and_got_over() {
    let place = Place::new();
    let mut server = place.serve();
    let key = server.first_key();
    let (status, made) = send(&server, &key, "POST", "/api/v1/webhooks", HOOK);
    assert_eq!(status, 201, "{made}");
    let id = id_of(&made);
    assert!(server.stop());
    let doctor = place.run(&["doctor"]);
    assert!(doctor.status.success(), "{}", out(&doctor));
    let nothing = place.run(&["webhooks", "forget-secrets", "--yes"]);
    assert!(nothing.status.success() && err(&nothing).contains("nothing to forget"));

    std::fs::remove_file(place.data_dir().join("secret.key")).expect("it is there");
    let doctor = place.run(&["doctor"]);
    assert!(!doctor.status.success());
    assert!(out(&doctor).contains("`secret key`: "), "{}", out(&doctor));
    assert!(out(&doctor).contains("forget-secrets"), "{}", out(&doctor));
    let refused = place.run(&["serve"]);
    assert!(!refused.status.success());
    assert!(err(&refused).contains("secret.key is missing"), "{}", err(&refused));
    let wrong = "TIDEMILL_SECRET_KEY";
    let key_of_others = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let doctor = place.command(&["doctor"]).env(wrong, key_of_others).output().expect("it runs");
    assert!(out(&doctor).contains("does not open"), "{}", out(&doctor));

    let careful = place.run(&["webhooks", "forget-secrets"]);
    assert!(!careful.status.success());
    assert!(err(&careful).contains("1 of 1 secrets"), "{}", err(&careful));
    let forgotten = place.run(&["webhooks", "forget-secrets", "--yes"]);
    assert!(forgotten.status.success(), "{}", err(&forgotten));
    assert_eq!(out(&forgotten), format!("{id}\tdefault\thttps://hooks.example/tide\n"));

    let server = place.serve();
    let path = format!("/api/v1/webhooks/{id}");
    let (status, refused) = send(&server, &key, "PATCH", &path, r#"{"is_active": true}"#);
    assert_eq!(status, 400, "{refused}");
    assert!(refused.contains(r#""param":"secret""#), "{refused}");
    let again = r#"{"is_active": true, "secret": "another secret"}"#;
    let (status, answer) = send(&server, &key, "PATCH", &path, again);
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains(r#""has_secret":true"#) && answer.contains(r#""is_active":true"#));
    assert!(server.stop());
    assert!(place.run(&["doctor"]).status.success());
}
