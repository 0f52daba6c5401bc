//! Files that remote workers bring: theirs while they work, the job's when they end well.

use reqwest::Method;
use serde_json::{Value, json};
use tidemill::actions::{CustomOptions, WorkOptions};
use tidemill::domain::key::Scope;

use crate::client::{Answer, Client};
use crate::commands::script;
use crate::runs::{self, start};
use crate::server::Server;

/// A server with one remote action, whose attempts may bring three files of 300 KiB together.
fn server() -> Server {
    Server::with(|settings| {
        let mut own = CustomOptions { work: WorkOptions::Remote, ..script("far.render", "") };
        (own.limits.assets, own.limits.asset_bytes) = (3, 300 * 1024);
        settings.own = vec![own];
    })
}

async fn claim(worker: &Client) -> String {
    let body = json!({"actions": ["far.render"], "wait_seconds": 20});
    let answer = worker.post("/api/v1/workers/claim", &body).await;
    let claimed = &answer.body["data"]["data"][0];
    claimed["lease"].as_str().unwrap_or_else(|| panic!("{}", answer.body)).to_owned()
}

async fn attach(worker: &Client, lease: &str, name: &str, bytes: &[u8]) -> Answer {
    let path = format!("/api/v1/workers/leases/{lease}/assets?name={name}");
    let headers = [("content-type", "application/octet-stream")];
    worker.ask(Method::POST, &path, &headers, Some(bytes.to_vec())).await
}

async fn finish(worker: &Client, lease: &str, result: Value) -> Answer {
    let path = format!("/api/v1/workers/leases/{lease}/finish");
    worker.post(&path, &json!({"result": result})).await
}

/// A picture of two pixels.
fn picture() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let picture = image::RgbImage::from_pixel(2, 1, image::Rgb([1, 2, 3]));
    picture.write_to(&mut bytes, image::ImageFormat::Png).expect("drawn");
    bytes.into_inner()
}

#[tokio::test]
async fn files_become_the_job_s_with_its_end() {
    let server = server();
    let worker = server.client_with(&[Scope::Work]).await;
    let id = server.client.enqueue("far.render", json!({})).await;
    let lease = claim(&worker).await;
    let shown = attach(&worker, &lease, "page%201.png", &picture()).await;
    assert_eq!(shown.status, 201, "{}", shown.body);
    let data = &shown.body["data"];
    assert_eq!((&data["name"], &data["mime_type"]), (&json!("page 1.png"), &json!("image/png")));
    assert_eq!((&data["width"], &data["height"]), (&json!(2), &json!(1)));
    assert!(data["expires_at"].as_str().is_some_and(|at| at.ends_with('Z')));
    attach(&worker, &lease, "notes.txt", b"first").await;
    attach(&worker, &lease, "notes.txt", b"second").await;
    let path = format!("/api/v1/jobs/{id}?include=assets");
    let before = server.client.get(&path).await.body["data"].clone();
    assert_eq!(before["assets"], json!([]), "nobody's before the end");

    // The worker may name a file in its result, wherever it wants.
    let done = finish(&worker, &lease, json!({"cover": data["url"]})).await;
    assert_eq!(done.body["data"]["status"], "completed", "{}", done.body);
    let job = server.client.get(&path).await.body["data"].clone();
    assert_eq!(job["assets"].as_array().map(Vec::len), Some(2));
    let told = job["job_result"]["assets"].as_array().expect("a list");
    let names: Vec<&str> = told.iter().filter_map(|file| file["name"].as_str()).collect();
    assert_eq!(names, ["notes.txt", "page 1.png"]);
    let cover = job["job_result"]["cover"].as_str().expect("a URL");
    assert_eq!(told[1]["url"], cover);
    let open = cover.strip_prefix(&server.client.base).expect("of this server");
    assert_eq!(server.client.without_key().get(open).await.bytes, picture());
    let notes = format!("/api/v1/assets/{}", told[0]["asset_id"].as_str().expect("an id"));
    assert_eq!(server.client.get(&notes).await.bytes, b"second");
}

#[tokio::test]
async fn an_attempt_that_failed_leaves_no_file() {
    let server = server();
    let worker = server.client_with(&[Scope::Work]).await;
    let body = json!({"action": "far.render", "max_attempts": 2});
    let id = server.client.post("/api/v1/jobs", &body).await.accepted();
    let first = claim(&worker).await;
    attach(&worker, &first, "half.txt", b"half").await;
    let path = format!("/api/v1/workers/leases/{first}/fail");
    worker.post(&path, &json!({"message": "no", "retry_after_seconds": 0})).await;
    let late = attach(&worker, &first, "late.txt", b"late").await;
    assert_eq!((late.status, late.code()), (409, "lease_lost"));
    let second = claim(&worker).await;
    attach(&worker, &second, "whole.txt", b"whole").await;
    finish(&worker, &second, json!({})).await;
    let job = server.client.get(&format!("/api/v1/jobs/{id}?include=assets")).await.body;
    assert_eq!(job["data"]["assets"].as_array().map(Vec::len), Some(1));
    assert_eq!(job["data"]["job_result"]["assets"][0]["name"], "whole.txt");
}

#[tokio::test]
async fn what_is_too_much_or_nobody_s_is_refused() {
    let server = server();
    let worker = server.client_with(&[Scope::Work]).await;
    let id = server.client.enqueue("far.render", json!({})).await;
    let lease = claim(&worker).await;
    let large = attach(&worker, &lease, "a.bin", &vec![0; 300 * 1024 + 1]).await;
    assert_eq!((large.status, large.code()), (413, "request_too_large"));
    assert!(
        large.body["error"]["message"].as_str().is_some_and(|it| it.contains("max_asset_bytes"))
    );
    assert_eq!(attach(&worker, &lease, "a.bin", &vec![0; 300 * 1024]).await.status, 201);
    assert_eq!(attach(&worker, &lease, "b.bin", b"b").await.status, 413, "together too large");
    assert_eq!(attach(&worker, &lease, "a.bin", b"").await.status, 201, "in the other's place");
    for name in ["b.bin", "c.bin"] {
        assert_eq!(attach(&worker, &lease, name, b"x").await.status, 201);
    }
    let many = attach(&worker, &lease, "d.bin", b"x").await;
    assert_eq!((many.status, many.param()), (413, "name"));
    for name in ["", "a%0Ab", &"x".repeat(201)] {
        let refused = attach(&worker, &lease, name, b"x").await;
        assert_eq!((refused.status, refused.param()), (400, "name"), "{name}");
    }
    let packed = [("content-encoding", "gzip")];
    let path = format!("/api/v1/workers/leases/{lease}/assets?name=e");
    let packed = worker.ask(Method::POST, &path, &packed, Some(b"x".to_vec())).await;
    assert_eq!(packed.code(), "unsupported_media_type");
    let reader = server.client_with(&[Scope::Read, Scope::Write]).await;
    assert_eq!(attach(&reader, &lease, "a", b"x").await.code(), "insufficient_scope");
    assert_eq!(attach(&worker, "nonsense", "a", b"x").await.code(), "lease_lost");
    server.client.post(&format!("/api/v1/jobs/{id}/cancel"), &json!({})).await;
    assert_eq!(attach(&worker, &lease, "a", b"x").await.code(), "lease_lost");
    let left = std::fs::read_dir(server.dir.path().join("assets/incoming")).expect("a directory");
    assert_eq!(left.count(), 0, "what was refused is not kept");
}

#[tokio::test]
async fn a_file_goes_on_to_the_next_step() {
    let server = server();
    let worker = server.client_with(&[Scope::Work]).await;
    let steps = json!([
        {"id": "far", "action": "far.render"},
        {"id": "near", "action": "test.echo", "depends_on": ["far"],
         "input_map": {"file": "$steps.far.result.assets.0.url"}},
    ]);
    let id = start(&server.client, steps).await;
    let lease = claim(&worker).await;
    attach(&worker, &lease, "a.txt", b"tide").await;
    finish(&worker, &lease, json!({})).await;
    let run = runs::ended(&server.client, &id).await;
    let mapped = run["steps"][1]["mapped"]["file"].as_str().expect("a path");
    assert!(mapped.contains("/assets/"), "{run}");
}
