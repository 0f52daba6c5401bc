//! Reference pictures: which of several is shown, and those that lie on this server.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::ImageFormat;
use serde_json::{Value, json};

use super::{ended, opens, photo};
use crate::server::Server;

fn of_size(width: u32, height: u32) -> String {
    STANDARD.encode(photo(width, height, ImageFormat::Jpeg))
}

fn unused(job: &Value) -> Vec<String> {
    let warnings = job["job_result"]["warnings"].as_array().unwrap_or_else(|| panic!("{job}"));
    let texts = warnings.iter().filter_map(Value::as_str);
    texts.filter(|text| text.starts_with("reference_image_unused")).map(str::to_owned).collect()
}

#[tokio::test]
async fn each_canvas_shows_the_picture_that_fits_it_best() {
    let server = Server::start();
    let body = json!({
        "prompt": "A calm ad for the sea",
        "reference_images": [of_size(300, 300), of_size(270, 480)],
        "output": {"formats": [{"width": 400, "height": 400}, {"width": 360, "height": 640}]},
    });
    let job = ended(&server, "/api/v1/campaigns/generate", &body).await;
    assert_eq!(job["status"], "completed", "{job}");
    assert_eq!(unused(&job), Vec::<String>::new());
    // Of pictures that fit alike the first is shown, and the others are named.
    let body = json!({
        "prompt": "A calm ad for the sea",
        "reference_images": [of_size(300, 300), of_size(310, 300), of_size(290, 300)],
        "output": {"resolution": "512"},
    });
    for route in ["campaigns/generate", "images/generations"] {
        let job = ended(&server, &format!("/api/v1/{route}"), &body).await;
        let unused = unused(&job);
        assert_eq!(unused.len(), 2, "{job}");
        assert!(unused[0].contains("reference_images[1]") && unused[1].contains("[2]"));
    }
}

#[tokio::test]
async fn an_edit_takes_one_picture_and_names_the_rest() {
    let server = Server::start();
    let body = json!({
        "prompt": "A calm ad for the sea", "reference_images": [of_size(300, 300)],
        "output": {"resolution": "512"},
    });
    let source = ended(&server, "/api/v1/campaigns/generate", &body).await;
    let body = json!({
        "source_job_id": source["id"], "prompt": "headline: Set sail",
        "reference_images": [of_size(310, 300), of_size(320, 300)],
    });
    let edited = ended(&server, "/api/v1/campaigns/edit", &body).await;
    assert_eq!(edited["status"], "completed", "{edited}");
    assert!(matches!(unused(&edited).as_slice(), [one] if one.contains("[1]")), "{edited}");
    let photo = |job: &Value| {
        let nodes = job["job_result"]["scene"]["nodes"].as_array().expect("nodes").clone();
        nodes.iter().find_map(|node| node["asset"].as_str().map(str::to_owned))
    };
    assert_ne!(photo(&edited), photo(&source));
}

#[tokio::test]
async fn what_lies_at_an_own_address_is_never_fetched() {
    let server = Server::with(|settings| {
        settings.http.public_url = Some("https://mill.example/tides".parse().expect("a URL"));
        settings.http.allowed_hosts = vec!["tides.example".to_owned()];
    });
    let with = async |reference: &str| {
        let body = json!({
            "prompt": "A calm ad", "reference_images": [reference],
            "output": {"resolution": "512"},
        });
        ended(&server, "/api/v1/campaigns/generate", &body).await
    };
    let made = ended(&server, "/api/v1/images/generations", &json!({"prompt": "a boat"})).await;
    let url = made["job_result"]["image_url"].as_str().expect("a URL");
    assert!(url.starts_with("https://mill.example/tides/assets/"), "{url}");
    let token = url.rsplit('/').next().expect("a token");
    let id = made["job_result"]["id"].as_str().expect("an id");
    for own in [
        url.to_owned(),
        format!("http://tides.example/assets/{token}"),
        format!("http://{}/assets/{token}", server.address()),
        format!("https://mill.example/tides/api/v1/assets/{id}"),
    ] {
        let job = with(&own).await;
        assert_eq!(job["status"], "completed", "{own}: {job}");
    }
    // Loopback may be asked by these tests: only that nobody asks explains the code.
    for none in [
        format!("http://{}/assets/{}", server.address(), "x".repeat(43)),
        format!("http://{}/healthz", server.address()),
        format!("http://localhost:{}/a.png", server.address().port()),
        "https://mill.example/tides/a.png".to_owned(),
        "https://tides.example/a.png".to_owned(),
    ] {
        let job = with(&none).await;
        assert_eq!(job["error_code"], "asset_not_found", "{none}: {job}");
        assert!(job["error_log"].as_str().is_some_and(|log| log.contains("reference_images[0]")));
    }
}

#[tokio::test]
async fn ten_canvases_with_a_picture_come_out_whole() {
    let server = Server::start();
    let formats: Vec<Value> = (0..10).map(|at| json!({"width": 300 + at, "height": 250})).collect();
    let body = json!({
        "prompt": "A calm ad for the sea", "reference_images": [of_size(600, 400)],
        "output": {"formats": formats},
    });
    let job = ended(&server, "/api/v1/campaigns/generate", &body).await;
    let variants = job["job_result"]["variants"].as_array().unwrap_or_else(|| panic!("{job}"));
    assert_eq!(variants.len(), 10);
    for variant in variants {
        opens(&server.client, variant).await;
    }
}
