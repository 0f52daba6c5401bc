//! Scopes: every operation of the reference is asked by keys that may and by keys that may not.
//!
//! The reference is held against the handlers' signatures elsewhere; here the server is asked.

use reqwest::{Method, Response};
use serde_json::Value;
use tidemill::domain::key::{Dialect, Scope};

use crate::client::Client;
use crate::reference::DOCUMENT;
use crate::server::Server;

const NO_ID: &str = "019ad3c0-5b1f-7d84-b2a3-91c8e5f7d206";

/// An operation with a key: its method, a path that leads to nothing, and the scope that it needs.
struct Guarded {
    method: Method,
    path: String,
    scope: Scope,
}

fn guarded() -> Vec<Guarded> {
    let paths = DOCUMENT["paths"].as_object().expect("paths");
    let mut found = Vec::new();
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().expect("methods") {
            let Some(scope) = operation["security"][0]["key"][0].as_str() else { continue };
            found.push(Guarded {
                method: method.to_uppercase().parse().expect("a method"),
                path: filled(path),
                scope: scope.parse().expect("a scope"),
            });
        }
    }
    found
}

/// A path with an id in the place of each parameter.
fn filled(pattern: &str) -> String {
    let parts = pattern.split('/').map(|part| if part.starts_with('{') { NO_ID } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// Only the head of the answer: a stream has no end.
async fn ask(client: &Client, operation: &Guarded) -> Response {
    client.send(operation.method.clone(), &operation.path, &[], None).await
}

/// Status and code of a refusal, in either dialect's form.
async fn refusal(client: &Client, operation: &Guarded) -> (u16, String) {
    let answer = ask(client, operation).await;
    let (status, text) = (answer.status().as_u16(), answer.text().await.expect("a body"));
    let body: Value = text.parse().unwrap_or_default();
    (status, body["error"]["code"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn every_operation_asks_for_its_scope_and_for_no_other() {
    // Without a channel nobody may see the channels, whatever their scope.
    let channel = Some("http://127.0.0.1:9/hook".to_owned());
    let server = Server::with(|settings| settings.team.channel = channel);
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for scope in Scope::ALL {
        with.push(server.client_with(&[scope]).await);
        let others: Vec<Scope> = Scope::ALL.into_iter().filter(|other| *other != scope).collect();
        without.push(server.client_with(&others).await);
    }
    let operations = guarded();
    assert!(operations.len() > 40, "{}", operations.len());
    let nobody = server.client.without_key();
    let stranger = server.client.with_key("pi_live_nobody");
    for operation in &operations {
        let Guarded { method, path, scope } = operation;
        let what = format!("{method} {path} ({})", scope.as_str());
        let place = Scope::ALL.iter().position(|one| one == scope).expect("it is one of them");
        let (status, code) = refusal(&nobody, operation).await;
        assert_eq!(status, 401, "{what}");
        assert!(["missing_authorization_header", ""].contains(&code.as_str()), "{what}: {code}");
        let (status, code) = refusal(&stranger, operation).await;
        assert_eq!(status, 401, "{what}");
        assert!(["invalid_api_key", ""].contains(&code.as_str()), "{what}: {code}");
        let (status, code) = refusal(&without[place], operation).await;
        assert_eq!(status, 403, "{what} with every other scope");
        assert!(["insufficient_scope", ""].contains(&code.as_str()), "{what}: {code}");
        let status = ask(&with[place], operation).await.status().as_u16();
        assert!(![401, 403].contains(&status), "{what} with its scope alone: {status}");
    }
}

#[tokio::test]
async fn a_key_of_the_other_dialect_has_scopes_too() {
    let server = Server::start();
    let (client, _) = server.client_of(server.org, &[Scope::Read], Dialect::FlowRelay).await;
    for operation in guarded().iter().filter(|operation| operation.scope != Scope::Read) {
        let status = ask(&client, operation).await.status().as_u16();
        assert_eq!(status, 403, "{} {}", operation.method, operation.path);
    }
}
