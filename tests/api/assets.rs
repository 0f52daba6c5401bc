//! Files: with a key by id, without one by token.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::{Value, json};
use tidemill::assets::AssetStore;
use tidemill::domain::asset::ContentDigest;
use tidemill::domain::clock::Timestamp;

use crate::client::Answer;
use crate::server::Server;
use crate::site;

/// A stored file: what the job that brought it says of it, and its bytes.
async fn stored(server: &Server, bytes: &[u8]) -> Value {
    let body = json!({"imagesBase64": [STANDARD.encode(bytes)]});
    let accepted = server.client.post("/api/v1/brands/extract", &body).await.accepted();
    server.client.ended(&accepted).await;
    let path = format!("/api/v1/jobs/{accepted}?include=assets");
    let job = server.client.get(&path).await.body["data"].clone();
    let length = json!(bytes.len());
    let files = job["assets"].as_array().expect("a list");
    files.iter().find(|file| file["bytes"] == length).expect("the upload").clone()
}

/// The two paths of a file: with a key, and without.
fn paths(server: &Server, file: &Value) -> [String; 2] {
    let public = file["image_url"].as_str().expect("a URL");
    let public = public.strip_prefix(&server.client.base).expect("a URL of this server");
    [format!("/api/v1/{}", file["url"].as_str().expect("a path")), public.to_owned()]
}

#[tokio::test]
async fn a_file_has_one_name_however_often_it_comes() {
    let server = Server::start();
    let bytes = site::mark([200, 20, 10, 255]);
    let (once, again) = (stored(&server, &bytes).await, stored(&server, &bytes).await);
    assert_eq!((&once["id"], &once["image_url"]), (&again["id"], &again["image_url"]));
}

fn is_guarded(answer: &Answer) {
    for (name, value) in [
        ("cache-control", "private, max-age=31536000, immutable"),
        ("x-content-type-options", "nosniff"),
        (
            "content-security-policy",
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox",
        ),
        ("cross-origin-resource-policy", "cross-origin"),
        ("referrer-policy", "no-referrer"),
    ] {
        assert_eq!(answer.header(name), Some(value));
    }
}

#[tokio::test]
async fn both_ways_lead_to_the_same_bytes() {
    let server = Server::start();
    let bytes = site::mark([10, 20, 200, 255]);
    let file = stored(&server, &bytes).await;
    let [private, public] = paths(&server, &file);
    for answer in
        [server.client.get(&private).await, server.client.without_key().get(&public).await]
    {
        assert_eq!((answer.status, &answer.bytes), (200, &bytes));
        assert_eq!(answer.header("content-type"), Some("image/png"));
        assert_eq!(answer.header("content-disposition"), None);
        is_guarded(&answer);
    }
    assert_eq!(server.client.without_key().get(&private).await.status, 401);
    assert_eq!(server.stranger().await.get(&private).await.code(), "asset_not_found");
    let token = public.rsplit('/').next().expect("a token");
    assert_eq!(token.len(), 43);
}

#[tokio::test]
async fn a_file_stays_open_as_long_as_a_job_has_it() {
    let server = Server::start();
    let bytes = site::mark([90, 20, 200, 255]);
    let body = json!({"imagesBase64": [STANDARD.encode(&bytes)]});
    let original = server.client.post("/api/v1/brands/extract", &body).await.accepted();
    let brand = server.client.ended(&original).await["job_result"]["brand_id"].clone();
    let retry = format!("/api/v1/jobs/{original}/retry");
    let again = server.client.post(&retry, &json!({})).await.accepted();
    server.client.ended(&again).await;
    let files = async |id: &str| {
        let job = server.client.get(&format!("/api/v1/jobs/{id}?include=assets")).await;
        let files = job.body["data"]["assets"].as_array().cloned().expect("a list");
        let length = json!(bytes.len());
        files.into_iter().filter(|file| file["bytes"] == length).collect::<Vec<_>>()
    };
    let upload = files(&again).await.first().expect("the upload").clone();
    assert!(files(&original).await.contains(&upload));

    // The brand would keep a file that it shows.
    let path = format!("/api/v1/brands/{}", brand.as_str().expect("an id"));
    assert_eq!(server.client.delete(&path).await.status, 200);
    assert_eq!(server.client.delete(&format!("/api/v1/jobs/{again}")).await.status, 200);
    assert!(files(&original).await.contains(&upload));
    let [private, public] = paths(&server, &upload);
    assert_eq!(server.client.get(&private).await.bytes, bytes);
    assert_eq!(server.client.without_key().get(&public).await.bytes, bytes);

    assert_eq!(server.client.delete(&format!("/api/v1/jobs/{original}")).await.status, 200);
    assert_eq!(server.client.get(&private).await.code(), "asset_not_found");
    assert_eq!(server.client.without_key().get(&public).await.status, 404);
    // What the sweep asks: no row names the content any more.
    let digest = ContentDigest::of(&bytes);
    let used = server.catalog.used_contents(vec![digest]).await.expect("a read");
    assert_eq!(used, []);
    let store = AssetStore::open(&server.dir.path().join("assets")).expect("the files open");
    assert_eq!(store.read(&digest).expect("the file is there still"), bytes);
    let later = Timestamp::from_ms(i64::MAX);
    while !store.sweep(later, |found| used.contains(found)).expect("a sweep").round_ended {}
    assert!(store.read(&digest).is_err());
}

#[tokio::test]
async fn a_part_a_head_and_a_held_file() {
    let server = Server::start();
    let bytes = site::mark([10, 20, 200, 255]);
    let [_, public] = paths(&server, &stored(&server, &bytes).await);
    let client = server.client.without_key();
    let head = client.ask(Method::HEAD, &public, &[], None).await;
    assert_eq!((head.status, head.bytes.len()), (200, 0));
    assert_eq!(head.header("content-length"), Some(bytes.len().to_string().as_str()));
    let etag = head.header("etag").expect("an etag").to_owned();
    is_guarded(&head);
    let known = client.read_with(&public, &[("if-none-match", &etag)]).await;
    assert_eq!((known.status, known.bytes.len()), (304, 0));
    let part = client.read_with(&public, &[("range", "bytes=1-3")]).await;
    assert_eq!((part.status, part.bytes.as_slice()), (206, b"PNG".as_slice()));
    let range = format!("bytes 1-3/{}", bytes.len());
    assert_eq!(part.header("content-range"), Some(range.as_str()));
    let outside = client.read_with(&public, &[("range", "bytes=999999-")]).await;
    assert_eq!(outside.status, 416);
    let other = [("range", "bytes=1-3"), ("if-range", "\"other\"")];
    assert_eq!(client.read_with(&public, &other).await.bytes, bytes);
}

#[tokio::test]
async fn what_a_browser_could_run_is_an_attachment() {
    let server = Server::start();
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>\
        <script>alert(1)</script><rect width='9' height='9' fill='#c00'/></svg>";
    let [_, public] = paths(&server, &stored(&server, svg).await);
    let answer = server.client.without_key().get(&public).await;
    assert_eq!(answer.header("content-type"), Some("application/octet-stream"));
    assert!(answer.header("content-disposition").is_some_and(|how| how.starts_with("attachment")));
}

#[tokio::test]
async fn a_token_can_be_ended() {
    let server = Server::start();
    let file = stored(&server, &site::mark([10, 20, 200, 255])).await;
    let [private, public] = paths(&server, &file);
    let anyone = server.client.without_key();
    assert_eq!(server.stranger().await.delete(&private).await.code(), "asset_not_found");
    let rotated = server.client.post(&format!("{private}/rotate"), &json!({})).await;
    assert_eq!((rotated.status, &rotated.body["object"]), (200, &json!("asset")));
    let [_, fresh] = paths(&server, &rotated.body["data"]);
    assert_ne!(fresh, public);
    assert_eq!(anyone.get(&public).await.code(), "asset_not_found");
    assert_eq!(anyone.get(&fresh).await.status, 200);
    let deleted = server.client.delete(&private).await;
    assert_eq!(deleted.body["data"], json!({"id": file["id"], "deleted": true}));
    assert_eq!(anyone.get(&fresh).await.code(), "asset_not_found");
    assert_eq!(server.client.get(&private).await.code(), "asset_not_found");
}

#[tokio::test]
async fn absolute_urls_follow_the_public_one() {
    let server = Server::with(|settings| {
        settings.http.public_url = Some("https://mill.example/tides".parse().expect("a URL"));
    });
    let file = stored(&server, &site::mark([10, 20, 200, 255])).await;
    let url = file["image_url"].as_str().expect("a URL");
    assert!(url.starts_with("https://mill.example/tides/assets/"), "{url}");
}
