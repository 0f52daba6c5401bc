//! The socket on which commands reach a running server.

use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;

use crate::server::Server;

async fn ask(server: &Server, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
    let mut stream = UnixStream::connect(server.control_socket()).await.expect("a connection");
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, serde_json::from_str(body).expect("JSON"))
}

#[tokio::test]
async fn keys_are_made_listed_and_revoked_beside_the_running_server() {
    let server = Server::start();
    let body = json!({"org": "acme", "name": "ci", "scopes": "read,operator", "dialect": "pi"});
    let (status, made) = ask(&server, "POST", "/keys", Some(body)).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!((&made["key"]["org"], &made["key"]["name"]), (&json!("acme"), &json!("ci")));
    assert_eq!(made["key"]["scopes"], json!(["read", "operator"]));
    let client = server.client.with_key(made["secret"].as_str().expect("a secret"));
    assert_eq!(client.get("/api/v1/jobs").await.status, 200);
    let (_, listed) = ask(&server, "GET", "/keys?org=acme", None).await;
    assert_eq!(listed["keys"].as_array().map(Vec::len), Some(1));
    let (_, all) = ask(&server, "GET", "/keys", None).await;
    assert_eq!(all["keys"].as_array().map(Vec::len), Some(2));
    let path = format!("/keys/{}", made["key"]["id"].as_str().expect("an id"));
    let (status, revoked) = ask(&server, "DELETE", &path, None).await;
    assert_eq!(status, 200);
    assert!(revoked["key"]["revoked_at"].is_string());
    assert_eq!(client.get("/api/v1/jobs").await.code(), "invalid_api_key");
}

#[tokio::test]
async fn organizations_are_listed_renamed_and_deleted() {
    let server = Server::start();
    let body = json!({"org": "acme", "name": "ci"});
    ask(&server, "POST", "/keys", Some(body)).await;
    let rename = Some(json!({"name": "apex works"}));
    let (status, renamed) = ask(&server, "PATCH", "/orgs/acme", rename).await;
    assert_eq!((status, &renamed["org"]["name"]), (200, &json!("apex works")));
    let taken = Some(json!({"name": "default"}));
    let (status, answer) = ask(&server, "PATCH", "/orgs/apex%20works", taken).await;
    assert_eq!((status, &answer["error"]["code"]), (409, &json!("name_taken")));
    let (_, listed) = ask(&server, "GET", "/orgs", None).await;
    assert_eq!(listed["orgs"].as_array().map(Vec::len), Some(2));
    let later = json!({"action": "noop", "delay_seconds": 3600});
    server.client.post("/api/v1/jobs", &later).await.accepted();
    let (status, answer) = ask(&server, "DELETE", "/orgs/default", None).await;
    assert_eq!((status, &answer["error"]["code"]), (409, &json!("org_has_unfinished_jobs")));
    let (status, _) = ask(&server, "DELETE", "/orgs/apex%20works", None).await;
    assert_eq!(status, 200);
    let (status, answer) = ask(&server, "DELETE", "/orgs/acme", None).await;
    assert_eq!((status, &answer["error"]["code"]), (404, &json!("org_not_found")));
}

#[tokio::test]
async fn what_is_wrong_is_said() {
    let server = Server::start();
    for (method, path, body, code) in [
        ("GET", "/keys?org=nobody", None, "org_not_found"),
        ("DELETE", "/keys/no-id", None, "key_not_found"),
        ("POST", "/keys", Some(json!({"org": "a"})), "invalid_request_body"),
        (
            "POST",
            "/keys",
            Some(json!({"org": "a", "name": "n", "scopes": "fly"})),
            "invalid_request_body",
        ),
        ("POST", "/keys", Some(json!({"org": "*", "name": "n"})), "invalid_request_body"),
        ("POST", "/keys", Some(json!({"org": "a\nb", "name": "n"})), "invalid_request_body"),
        ("PATCH", "/orgs/default", Some(json!({"name": "*"})), "invalid_request_body"),
        ("GET", "/api/v1/jobs", None, "route_not_found"),
        ("PUT", "/keys", None, "method_not_allowed"),
    ] {
        let (_, answer) = ask(&server, method, path, body).await;
        assert_eq!(answer["error"]["code"], json!(code), "{method} {path}");
    }
}

#[tokio::test]
async fn only_the_owner_reaches_the_socket_and_no_network_does() {
    let server = Server::start();
    let mode = std::fs::metadata(server.control_socket()).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(server.client.get("/keys").await.code(), "route_not_found");
    assert_eq!(server.client.get("/orgs").await.code(), "route_not_found");
}
