//! Pictures: made, changed, localized; by their own routes, as any job, and in a run.

mod edits;
mod hostile;
mod links;
mod localizations;
mod making;
mod painters;
mod readers;
mod references;
mod refusals;
mod run;
mod strangers;
mod writers;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use resvg::usvg::roxmltree;
use serde_json::{Value, json};

use crate::client::Client;
use crate::server::Server;
use crate::site;

/// A brand with a mark, from uploads; its id.
async fn brand(server: &Server) -> String {
    let body = json!({"logoBase64": STANDARD.encode(site::mark([11, 93, 122, 255]))});
    let accepted = server.client.post("/api/v1/brands/extract", &body).await.accepted();
    let job = server.client.ended(&accepted).await;
    job["payload"]["brand_id"].as_str().expect("a brand").to_owned()
}

/// The ended job of a request.
async fn ended(server: &Server, path: &str, body: &Value) -> Value {
    let accepted = server.client.post(path, body).await.accepted();
    server.client.ended(&accepted).await
}

/// The job of an ad for an invented brand.
async fn ad(server: &Server, prompt: &str) -> Value {
    let body = json!({
        "prompt": prompt,
        "brand_identity_json": {
            "name": "Kielwerk", "language": "en", "tagline": "Boats that come home",
            "primary_hex": "#0B5D7A", "color_palette": ["#0B5D7A", "#F2E8CF", "#F4A261", "#FFFFFF"],
        },
    });
    let job = ended(server, "/api/v1/campaigns/generate", &body).await;
    assert_eq!(job["status"], "completed", "{job}");
    job
}

/// Fails unless both files of an ad open without a key and are what the result says of them.
async fn opens(client: &Client, ad: &Value) -> image::DynamicImage {
    let open = async |name: &str| {
        let url = ad[name].as_str().unwrap_or_else(|| panic!("{name} in {ad}"));
        let path = url.strip_prefix(&client.base).expect("a URL of this server");
        client.without_key().get(path).await
    };
    let file = open("image_url").await;
    assert_eq!(file.status, 200);
    let picture = image::load_from_memory(&file.bytes).expect("a picture");
    let size = (json!(picture.width()), json!(picture.height()));
    assert_eq!(size, (ad["width"].clone(), ad["height"].clone()));
    let drawing = open("svg_url").await;
    assert_eq!((drawing.status, drawing.header("content-type")), (200, Some("image/svg+xml")));
    stands_alone(std::str::from_utf8(&drawing.bytes).expect("UTF-8"), &size);
    picture
}

/// Fails unless a drawing needs nothing but itself.
fn stands_alone(svg: &str, (width, height): &(Value, Value)) {
    let document = roxmltree::Document::parse(svg).expect("well-formed XML");
    let root = document.root_element();
    assert_eq!(root.attribute("width"), Some(width.to_string().as_str()));
    assert_eq!(root.attribute("height"), Some(height.to_string().as_str()));
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let name = node.tag_name().name();
        assert!(!["script", "foreignObject", "style", "text"].contains(&name), "<{name}>");
        for attribute in node.attributes() {
            let value = attribute.value();
            assert!(!attribute.name().starts_with("on"), "{}", attribute.name());
            if attribute.name() == "href" {
                assert!(value.starts_with('#') || value.starts_with("data:image/"), "{value}");
            }
            assert!(!value.contains("url(") || value.contains("url(#"), "{value}");
        }
    }
}

/// A photograph that nobody took: a sun over a sea.
fn photo(width: u32, height: u32, format: image::ImageFormat) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(width, height, |x, y| {
        let (dx, dy) = (x.abs_diff(width / 3), y.abs_diff(height / 3));
        let sun = dx * dx + dy * dy < width * height / 40;
        let shade = u8::try_from(y * 200 / height).expect("at most 200");
        image::Rgb(if sun { [255, 214, 120] } else { [30, 90 + shade / 2, 210 - shade] })
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("memory takes all");
    bytes.into_inner()
}
