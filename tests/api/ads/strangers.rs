//! Pictures from strangers: fetched, sent, and made to do harm.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::ImageFormat;
use serde_json::{Value, json};

use super::{ad, ended, opens, photo};
use crate::server::Server;
use crate::site::{self, Pages};

async fn with_reference(server: &Server, reference: Value) -> Value {
    let body = json!({
        "prompt": "A calm ad for the sea", "reference_images": [reference],
        "output": {"resolution": "512"},
    });
    ended(server, "/api/v1/campaigns/generate", &body).await
}

#[tokio::test]
async fn a_picture_is_fetched_or_read_from_the_own_store() {
    let server = Server::start();
    let pages = Pages::from([("/sea.webp", ("image/webp", photo(600, 400, ImageFormat::WebP)))]);
    let address = site::serve(pages);
    let fetched = with_reference(&server, json!(format!("http://{address}/sea.webp"))).await;
    assert_eq!(fetched["status"], "completed", "{fetched}");
    assert_eq!(fetched["job_result"]["provenance"]["picture"], "reference");
    opens(&server.client, &fetched["job_result"]).await;
    // What was made here serves as a reference by its URL, its id and its path.
    let own = &fetched["job_result"];
    let id = format!("assets/{}", own["id"].as_str().expect("an id"));
    let path = own["image_url"].as_str().and_then(|url| url.strip_prefix(&server.client.base));
    for reference in [own["image_url"].clone(), json!(id), json!(path.expect("a path"))] {
        let job = with_reference(&server, reference.clone()).await;
        assert_eq!(job["status"], "completed", "{reference}: {job}");
    }
}

#[tokio::test]
async fn a_fetched_picture_can_be_edited_when_its_place_is_gone() {
    let server = Server::start();
    let source = {
        let pages = Pages::from([("/sea.png", ("image/png", photo(300, 200, ImageFormat::Png)))]);
        with_reference(&server, json!(format!("http://{}/sea.png", site::serve(pages)))).await
    };
    let body = json!({"source_job_id": source["id"], "prompt": "headline: Set sail"});
    let job = ended(&server, "/api/v1/campaigns/edit", &body).await;
    assert_eq!(job["status"], "completed", "{job}");
}

#[tokio::test]
async fn what_cannot_be_fetched_fails_and_says_so() {
    let server = Server::start();
    let page = ("text/html", b"<!doctype html><p>no picture".to_vec());
    let address = site::serve(Pages::from([("/page", page)]));
    for (reference, code) in [
        (format!("http://{address}/nothing.png"), "reference_image_unreachable"),
        (format!("http://{address}/page"), "picture_unsupported"),
        ("http://192.168.1.1/a.png".to_owned(), "fetch_refused"),
        (format!("/assets/{}", "x".repeat(43)), "asset_not_found"),
        ("assets/0198f7a0-0000-7000-8000-000000000001".to_owned(), "asset_not_found"),
    ] {
        let job = with_reference(&server, json!(reference)).await;
        assert_eq!((&job["status"], &job["error_code"]), (&json!("failed"), &json!(code)), "{job}");
        assert!(job["error_log"].as_str().is_some_and(|log| log.contains("reference_images[0]")));
    }
}

#[tokio::test]
async fn hostile_pictures_end_in_a_clear_failure() {
    let server = Server::start();
    let jpeg = photo(300, 200, ImageFormat::Jpeg);
    let mut truncated = jpeg.clone();
    truncated.truncate(jpeg.len() / 2);
    let mut damaged = photo(64, 64, ImageFormat::Png);
    let middle = damaged.len() / 2;
    damaged[middle..].fill(0);
    let mut huge = photo(8, 8, ImageFormat::Png);
    // 100,000 px a side, as the header says; its checksum is right.
    huge[16..24].copy_from_slice(&[0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0]);
    let crc = crc32(&huge[12..29]).to_be_bytes();
    huge[29..33].copy_from_slice(&crc);
    for (bytes, code) in [
        (truncated, "picture_damaged"),
        (damaged, "picture_damaged"),
        (huge, "picture_too_large"),
        (b"\x89PNG\r\n\x1a\n".to_vec(), "picture_damaged"),
    ] {
        let job = with_reference(&server, json!(STANDARD.encode(&bytes))).await;
        assert_eq!((&job["status"], &job["error_code"]), (&json!("failed"), &json!(code)), "{job}");
    }
    // And the server still works.
    ad(&server, "A launch ad").await;
}

/// The checksum of a PNG's chunk.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
    let byte = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc));
    !bytes.iter().fold(u32::MAX, byte)
}
