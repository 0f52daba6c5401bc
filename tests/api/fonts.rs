//! `font_file_url`: a font that was sent, the site's own where that is allowed, a carried one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tidemill::ads::fonts::carried_file;

use crate::server::Server;
use crate::site::{self, Pages};

/// The boat builder's site with these rules before its own.
fn site(css: &str, font: Option<Vec<u8>>) -> Pages {
    let mut pages = site::boat_builder();
    let (kind, sheet) = pages.remove("/style.css").expect("it has one");
    let sheet = [css.as_bytes(), sheet.as_slice()].concat();
    pages.insert("/style.css", (kind, sheet));
    if let Some(font) = font {
        pages.insert("/fonts/keel.woff2", ("font/woff2", font));
    }
    pages
}

/// The brand that an extraction of the site at `address` gives, `more` being sent along.
async fn brand(server: &Server, address: std::net::SocketAddr, more: Value) -> Value {
    let mut body = json!({"url": format!("http://{address}/")});
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    let id = server.client.post("/api/v1/brands/extract", &body).await.accepted();
    let job = server.client.ended(&id).await;
    assert_eq!(job["status"], "completed", "{job}");
    let path = format!("/api/v1/{}", job["result_url"].as_str().expect("a path"));
    server.client.get(&path).await.body["data"].clone()
}

/// The file behind a brand's font URL, and its type.
async fn file(server: &Server, brand: &Value) -> (Vec<u8>, String) {
    let url = brand["font_file_url"].as_str().expect("a font");
    let path = url.strip_prefix(&server.client.base).expect("a URL of this server");
    let answer = server.client.without_key().get(path).await;
    assert_eq!(answer.status, 200);
    (answer.bytes.clone(), answer.header("content-type").expect("a type").to_owned())
}

const FACE: &str = "@font-face{font-family:Keel;src:url(/fonts/keel.eot);\
    src:url('fonts/keel.woff2') format('woff2'),url(fonts/keel.ttf) format('truetype')}\
    main h1{font-family:Keel,serif}";

#[tokio::test]
async fn a_font_that_was_sent_is_served_and_survives_extractions() {
    let server = Server::start();
    let address = site::serve(site("main h1{font-family:Inter,sans-serif}", None));
    let mine = carried_file("Fraunces", "Kielwerk").expect("carried");
    let sent = brand(&server, address, json!({"fontBase64": STANDARD.encode(&mine)})).await;
    assert_eq!(file(&server, &sent).await, (mine.clone(), "font/woff2".to_owned()));
    assert_eq!(sent["evidence"]["font_file"]["sources"][0]["kind"], "upload");
    let again = brand(&server, address, json!({})).await;
    assert_eq!(again["font_file_url"], sent["font_file_url"]);
    let other = carried_file("Manrope", "Kielwerk").expect("carried");
    let other_sent = brand(&server, address, json!({"fontBase64": STANDARD.encode(&other)})).await;
    assert_eq!(file(&server, &other_sent).await.0, other);
}

#[tokio::test]
async fn a_font_that_cannot_be_read_fails_its_job_and_leaves_the_brand() {
    let server = Server::start();
    let address = site::serve(site("", None));
    let before = brand(&server, address, json!({})).await;
    let mut damaged = carried_file("Inter", "Kielwerk").expect("carried");
    damaged[200..].fill(0);
    let body = json!({
        "url": format!("http://{address}/"),
        "fontBase64": STANDARD.encode(damaged),
    });
    let id = server.client.post("/api/v1/brands/extract", &body).await.accepted();
    let job = server.client.ended(&id).await;
    assert_eq!(
        (&job["status"], &job["error_code"]),
        (&json!("failed"), &json!("upload_unreadable"))
    );
    assert!(job["error_log"].as_str().is_some_and(|log| log.contains("TTF, OTF, WOFF or WOFF2")));
    let path = format!("/api/v1/brands/{}", before["id"].as_str().expect("an id"));
    assert_eq!(server.client.get(&path).await.body["data"], before);
}

#[tokio::test]
async fn the_sites_own_font_is_kept_only_where_that_is_allowed() {
    let font = carried_file("Literata", "Kielwerk").expect("carried");
    let address = site::serve(site(FACE, Some(font.clone())));
    let shy = Server::start();
    let found = brand(&shy, address, json!({})).await;
    assert_eq!(found["brand_dna"]["fonts"]["heading"]["family"], "Keel");
    assert_eq!(found["font_file_url"], Value::Null);
    let bold = Server::with(|settings| settings.site_fonts = true);
    let found = brand(&bold, address, json!({})).await;
    assert_eq!(file(&bold, &found).await.0, font);
    let source = &found["evidence"]["font_file"]["sources"][0];
    assert_eq!(source["kind"], "font-face");
    assert_eq!(source["where"], json!(format!("http://{address}/fonts/keel.woff2")));
}

#[tokio::test]
async fn a_sites_font_that_is_none_is_left_out_with_a_warning() {
    let server = Server::with(|settings| settings.site_fonts = true);
    let mut cut = carried_file("Literata", "Kielwerk").expect("carried");
    cut[300..].fill(0);
    let found = brand(&server, site::serve(site(FACE, Some(cut))), json!({})).await;
    assert_eq!(found["font_file_url"], Value::Null);
    let warnings = found["brand_dna"]["warnings"].to_string();
    assert!(warnings.contains("font_left_out:the font cannot be read"), "{warnings}");
    let page = b"<!doctype html><p>sign in".to_vec();
    let found = brand(&server, site::serve(site(FACE, Some(page))), json!({})).await;
    assert_eq!(found["font_file_url"], Value::Null);
}

#[tokio::test]
async fn a_family_that_tidemill_carries_comes_with_its_file() {
    let server = Server::start();
    let css = "main h1{font-family:'Space Grotesk',sans-serif}";
    let found = brand(&server, site::serve(site(css, None)), json!({})).await;
    let carried = carried_file("Space Grotesk", "Kielwerk").expect("carried");
    assert_eq!(file(&server, &found).await, (carried, "font/woff2".to_owned()));
    assert_eq!(found["evidence"]["font_file"]["sources"][0]["kind"], "carried");
    let plain = brand(&server, site::serve(site("", None)), json!({})).await;
    assert_eq!(plain["font_file_url"], Value::Null, "Georgia is not carried");
}
