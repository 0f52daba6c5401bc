//! Sessions: a key for a cookie, what the cookie is worth, and when it is worth nothing.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use tidemill::domain::key::{Dialect, Scope};

use crate::client::{Answer, Client};
use crate::server::{Server, manual_clock};

/// A request with the cookie of `signed` and these headers.
async fn with_cookie(
    client: &Client,
    signed: &Answer,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
) -> Answer {
    let cookie = cookie_of(signed);
    let mut all = vec![("cookie", cookie.as_str())];
    all.extend_from_slice(headers);
    client.without_key().ask(method, path, &all, None).await
}

fn cookie_of(signed: &Answer) -> String {
    let set = signed.headers["set-cookie"].to_str().expect("text");
    set.split(';').next().expect("a pair").to_owned()
}

async fn sign_in(client: &Client) -> Answer {
    let signed = client.ask(Method::POST, "/api/v1/session", &[], None).await;
    assert_eq!(signed.status, 200);
    signed
}

const OWN: (&str, &str) = ("sec-fetch-site", "same-origin");

#[tokio::test]
async fn a_cookie_is_worth_what_its_key_is() {
    let server = Server::start();
    let reader = server.client_with(&[Scope::Read]).await;
    let signed = sign_in(&reader).await;
    let set = signed.headers["set-cookie"].to_str().expect("text");
    assert!(set.contains("HttpOnly; SameSite=Strict") && !set.contains("Secure"), "{set}");
    assert!(!set.contains(reader.key.as_deref().expect("a key")));
    let data = &signed.body["data"];
    assert_eq!((&data["org_name"], &data["scopes"]), (&json!("default"), &json!(["read"])));
    let jobs = with_cookie(&reader, &signed, Method::GET, "/api/v1/jobs", &[]).await;
    assert_eq!(jobs.status, 200);
    let post = with_cookie(&reader, &signed, Method::POST, "/api/v1/jobs", &[OWN]).await;
    assert_eq!((post.status, post.code()), (403, "insufficient_scope"));
    let shown = with_cookie(&reader, &signed, Method::GET, "/api/v1/session", &[]).await;
    assert_eq!(shown.body["data"], *data);
}

#[tokio::test]
async fn another_pages_request_is_not_the_dashboards() {
    let server = Server::start();
    let signed = sign_in(&server.client).await;
    let ask = async |method: Method, headers: &[(&str, &str)]| {
        with_cookie(&server.client, &signed, method, "/api/v1/jobs", headers).await.status
    };
    assert_eq!(ask(Method::GET, &[("sec-fetch-site", "same-site")]).await, 401);
    assert_eq!(ask(Method::POST, &[]).await, 401);
    assert_eq!(ask(Method::POST, &[("sec-fetch-site", "cross-site")]).await, 401);
    // Past the door: without a body it is a bad request.
    assert_eq!(ask(Method::POST, &[("x-tidemill-session", "1")]).await, 400);
    assert_eq!(ask(Method::POST, &[OWN]).await, 400);
}

#[tokio::test]
async fn a_session_ends_with_its_key() {
    let server = Server::start();
    let (client, id) = server.client_of(server.org, &[Scope::Read], Dialect::Pi).await;
    let signed = sign_in(&client).await;
    assert_eq!(server.client.delete(&format!("/api/v1/keys/{id}")).await.status, 200);
    let refused = with_cookie(&client, &signed, Method::GET, "/api/v1/jobs", &[]).await;
    assert_eq!((refused.status, refused.code()), (401, "invalid_api_key"));
}

#[tokio::test]
async fn a_session_ends_after_a_day_of_work_and_makes_no_other() {
    let clock = manual_clock();
    let server = Server::with(|settings| settings.clock = clock.clone());
    let signed = sign_in(&server.client).await;
    let ask =
        async |method, path: &str| with_cookie(&server.client, &signed, method, path, &[OWN]).await;
    let again = ask(Method::POST, "/api/v1/session").await;
    assert_eq!((again.status, again.code()), (401, "missing_authorization_header"));
    clock.advance(Duration::from_secs(12 * 3_600 - 1));
    assert_eq!(ask(Method::GET, "/api/v1/jobs").await.status, 200);
    clock.advance(Duration::from_secs(1));
    assert_eq!(ask(Method::GET, "/api/v1/jobs").await.status, 401);
}

#[tokio::test]
async fn who_signs_out_is_out() {
    let server = Server::start();
    let signed = sign_in(&server.client).await;
    let ask =
        async |method, path: &str| with_cookie(&server.client, &signed, method, path, &[OWN]).await;
    let out = ask(Method::DELETE, "/api/v1/session").await;
    assert_eq!((out.status, &out.body["data"]["deleted"]), (200, &json!(true)));
    let cleared = out.headers["set-cookie"].to_str().expect("text");
    assert!(cleared.contains("Max-Age=0"), "{cleared}");
    assert_eq!(ask(Method::GET, "/api/v1/jobs").await.status, 401);
}

#[tokio::test]
async fn behind_tls_the_cookie_never_travels_in_the_open() {
    let server = Server::with(|settings| {
        settings.http.public_url = "https://jobs.example".parse().ok();
    });
    let signed = sign_in(&server.client).await;
    assert!(signed.headers["set-cookie"].to_str().expect("text").ends_with("; Secure"));
}
