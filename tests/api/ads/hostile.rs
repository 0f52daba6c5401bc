//! Pictures, drawings and fonts that were made to do harm, fetched and sent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::ImageFormat;
use serde_json::{Value, json};

use super::{ad, ended, opens, photo};
use crate::server::Server;
use crate::site::{self, Pages};

/// Rasters that are none, each with the code of its failure.
fn rasters() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let png = photo(64, 64, ImageFormat::Png);
    let jpeg = photo(300, 200, ImageFormat::Jpeg);
    let webp = photo(300, 200, ImageFormat::WebP);
    let mut huge = png.clone();
    // 100,000 px a side, as the header says.
    huge[16..24].copy_from_slice(&[0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0]);
    let mut large = vec![0; 15_000_001];
    large[..png.len()].copy_from_slice(&png);
    vec![
        ("/truncated.jpg", jpeg[..jpeg.len() / 2].to_vec(), "picture_damaged"),
        ("/truncated.png", png[..png.len() / 2].to_vec(), "picture_damaged"),
        ("/truncated.webp", webp[..webp.len() / 2].to_vec(), "picture_damaged"),
        ("/huge.png", huge, "picture_"),
        ("/large.png", large, "picture_too_large"),
        ("/magic.png", b"MZ\x90\0this is a program".to_vec(), "picture_unsupported"),
        ("/page.png", b"<!doctype html><p>no picture".to_vec(), "picture_unsupported"),
        ("/drawing.png", drawings().remove(0).1.into_bytes(), "picture_unsupported"),
        ("/empty.png", Vec::new(), "picture_unsupported"),
    ]
}

/// Drawings that reach out, or are larger than they look.
fn drawings() -> Vec<(&'static str, String)> {
    let svg = |inside: &str| {
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' \
             xmlns:xlink='http://www.w3.org/1999/xlink' viewBox='0 0 90 90'>{inside}</svg>"
        )
    };
    let bomb = (1..10).fold("<!ENTITY e0 'boom'>".to_owned(), |text, level| {
        let before = format!("&e{};", level - 1).repeat(10);
        format!("{text}<!ENTITY e{level} '{before}'>")
    });
    let nested =
        (1..12).fold("<g id='g0'><rect width='9' height='9'/></g>".to_owned(), |all, at| {
            let used = format!("<use xlink:href='#g{}'/>", at - 1).repeat(10);
            format!("{all}<g id='g{at}'>{used}</g>")
        });
    vec![
        ("file", svg("<image width='90' height='90' xlink:href='file:///etc/passwd'/>")),
        ("network", svg("<image width='90' height='90' xlink:href='http://127.0.0.1:9/a.png'/>")),
        ("stylesheet", svg("<style>@import url('http://127.0.0.1:9/a.css');</style>")),
        (
            "entities",
            format!("<?xml version='1.0'?><!DOCTYPE svg [{bomb}]>{}", svg("<text>&e9;</text>")),
        ),
        (
            "external entity",
            format!(
                "<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>{}",
                svg("<text>&x;</text>")
            ),
        ),
        ("uses", svg(&nested)),
        ("nodes", svg(&"<rect width='9' height='9'/>".repeat(60_000))),
        ("depth", svg(&format!("{}{}", "<g>".repeat(5_000), "</g>".repeat(5_000)))),
        (
            "size",
            "<svg xmlns='http://www.w3.org/2000/svg' width='1e9' height='1e9' \
             viewBox='0 0 1e9 1e9'><filter id='f'><feGaussianBlur stdDeviation='1e8'/></filter>\
             <rect width='1e9' height='1e9' filter='url(#f)'/></svg>"
                .to_owned(),
        ),
        ("truncated", svg("<rect width='9' height='9'/>")[..120].to_owned()),
    ]
}

async fn with_reference(server: &Server, reference: String) -> Value {
    let body = json!({
        "prompt": "A calm ad for the sea", "reference_images": [reference],
        "output": {"resolution": "512"},
    });
    ended(server, "/api/v1/campaigns/generate", &body).await
}

#[tokio::test]
async fn a_fetched_picture_that_is_none_fails_its_job() {
    let server = Server::start();
    let pages = rasters().into_iter().map(|(path, bytes, _)| (path, ("image/png", bytes)));
    let address = site::serve(pages.collect::<Pages>());
    for (path, _, code) in rasters() {
        let job = with_reference(&server, format!("http://{address}{path}")).await;
        let found = job["error_code"].as_str().unwrap_or_else(|| panic!("{path}: {job}"));
        assert!(job["status"] == "failed" && found.starts_with(code), "{path}: {job}");
        let log = job["error_log"].as_str().expect("a text");
        assert!(log.contains("reference_images[0]") && !log.contains("panic"), "{log}");
    }
    ad(&server, "A launch ad").await;
}

#[tokio::test]
async fn a_sent_drawing_that_does_harm_fails_its_job() {
    let server = Server::start();
    for (what, svg) in drawings() {
        let body = json!({"logoBase64": STANDARD.encode(&svg)});
        let accepted = server.client.post("/api/v1/brands/extract", &body).await;
        assert_eq!(accepted.status, 202, "{what}: {}", accepted.body);
        let job = server.client.ended(&accepted.accepted()).await;
        if what == "size" {
            // A drawing has proportions and no pixels: it is drawn as small as any other.
            assert_eq!(job["status"], "completed", "{what}: {job}");
            continue;
        }
        assert_eq!(job["status"], "failed", "{what}: {job}");
        assert_eq!(job["error_code"], "upload_unreadable", "{what}: {job}");
        let log = job["error_log"].as_str().expect("a text");
        assert!(log.contains("the logo") && !log.contains("root:"), "{what}: {log}");
    }
    ad(&server, "A launch ad").await;
}

#[tokio::test]
async fn a_fetched_drawing_that_does_harm_is_passed_over() {
    for (what, svg) in drawings() {
        let server = Server::start();
        let mut pages = site::boat_builder();
        pages.insert("/logo.png", ("image/svg+xml", svg.into_bytes()));
        let address = site::serve(pages);
        let body = json!({"url": format!("http://{address}/")});
        let job = ended(&server, "/api/v1/brands/extract", &body).await;
        assert_eq!(job["status"], "completed", "{what}: {job}");
        let body = json!({
            "prompt": "A launch ad", "brand_id": job["payload"]["brand_id"],
            "output": {"resolution": "512"},
        });
        let job = ended(&server, "/api/v1/campaigns/generate", &body).await;
        assert_eq!(job["status"], "completed", "{what}: {job}");
    }
}

#[tokio::test]
async fn a_font_that_was_sent_sets_the_ad_s_words() {
    let server = Server::start();
    let font =
        include_bytes!("../../../assets/fonts/space-grotesk/space-grotesk-latin-wght-normal.woff2");
    // The site names a family that this program does not carry.
    let address = site::serve(site::boat_builder());
    let body = json!({"url": format!("http://{address}/"), "fontBase64": STANDARD.encode(font)});
    let job = ended(&server, "/api/v1/brands/extract", &body).await;
    assert_eq!(job["status"], "completed", "{job}");
    let body = json!({"prompt": "A launch ad", "brand_id": job["payload"]["brand_id"]});
    let job = ended(&server, "/api/v1/campaigns/generate", &body).await;
    let result = &job["job_result"];
    let nodes = result["scene"]["nodes"].as_array().unwrap_or_else(|| panic!("{job}"));
    let headline = nodes.iter().find(|node| node["role"] == "headline").expect("a headline");
    assert_eq!(headline["fit"]["fonts"], json!(["Georgia"]), "{headline}");
    opens(&server.client, result).await;
}
