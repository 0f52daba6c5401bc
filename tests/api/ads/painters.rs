//! `require_model`, one rule for four actions; and a model that paints.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::ImageFormat;
use serde_json::{Value, json};
use tidemill::model::{ImageOptions, ImageProtocol, ModelOptions};

use super::writers::{allowance, place, writer};
use super::{ad, ended, opens, photo};
use crate::server::Server;

/// A server that paints this, whatever it is asked.
fn painter(answer: &Value) -> ModelOptions {
    let image = ImageOptions {
        place: place(answer.to_string()),
        protocol: Some(ImageProtocol::OpenAi),
        sizes: vec![(512, 512)],
        send_response_format: false,
        allow_url_results: false,
        allowance: allowance(),
    };
    ModelOptions { text: None, image: Some(image), cache_bytes: 0 }
}

fn painted(file: &[u8]) -> Value {
    json!({"data": [{"b64_json": STANDARD.encode(file)}]})
}

fn codes(job: &Value) -> (&str, &str) {
    let text = |name: &str| job[name].as_str().unwrap_or_default();
    (text("status"), text("error_code"))
}

/// Each of the four actions with `require_model`.
async fn required(server: &Server) -> [Value; 4] {
    let source = ad(server, "Create a hero campaign ad for this brand").await;
    let ask = async |route: &str, mut body: Value| {
        body["require_model"] = json!(true);
        ended(server, &format!("/api/v1/{route}"), &body).await
    };
    [
        ask("images/generations", json!({"prompt": "a boat"})).await,
        ask("campaigns/generate", json!({"prompt": "A launch ad"})).await,
        ask("campaigns/edit", json!({"source_job_id": source["id"], "prompt": "16:9"})).await,
        ask(
            "campaigns/localize-ad",
            json!({"source_job_id": source["id"], "target_culture": "French"}),
        )
        .await,
    ]
}

#[tokio::test]
async fn without_a_model_what_requires_one_fails_everywhere() {
    let server = Server::start();
    for job in required(&server).await {
        assert_eq!(codes(&job), ("failed", "model_required"), "{job}");
        let log = job["error_log"].as_str().expect("a text");
        assert!(log.contains("require_model") && log.contains("configured"), "{log}");
    }
}

#[tokio::test]
async fn what_a_model_has_nothing_to_do_for_completes_and_says_so() {
    let words = json!({"headline": "Boats worth it", "subline": "By hand", "cta": "Come aboard"});
    let model = writer(&words);
    let server = Server::with(|settings| settings.model = model);
    let [picture, _, edit, _] = required(&server).await;
    // The one that paints is another.
    assert_eq!(codes(&picture), ("failed", "model_required"), "{picture}");
    assert_eq!(edit["status"], "completed", "{edit}");
    assert!(edit["job_result"]["warnings"].to_string().contains("model_not_used"), "{edit}");
    let body = json!({"prompt": "A launch ad", "require_model": true});
    let made = ended(&server, "/api/v1/campaigns/generate", &body).await;
    assert_eq!(made["job_result"]["provenance"]["copy"], "model", "{made}");
    assert!(!made["job_result"]["warnings"].to_string().contains("model_not_used"), "{made}");
}

#[tokio::test]
async fn a_painted_picture_is_shown_and_says_who_made_it() {
    let model = painter(&painted(&photo(512, 512, ImageFormat::Png)));
    let server = Server::with(|settings| settings.model = model);
    let body = json!({
        "prompt": "a boat", "output": {"resolution": "512"}, "require_model": true,
    });
    let job = ended(&server, "/api/v1/images/generations", &body).await;
    let result = &job["job_result"];
    assert_eq!((&result["engine"], &result["photographic"]), (&json!("model"), &json!(true)));
    assert_eq!(result["provenance"]["picture"], "model", "{job}");
    assert_eq!(result["provenance"]["model_calls"], 1);
    opens(&server.client, result).await;
    let ad = json!({"prompt": "A calm ad with a photo", "output": {"resolution": "512"}});
    let ad = ended(&server, "/api/v1/campaigns/generate", &ad).await;
    assert_eq!(ad["job_result"]["provenance"]["picture"], "model", "{ad}");
    opens(&server.client, &ad["job_result"]).await;
}

#[tokio::test]
async fn what_is_painted_and_cannot_be_used_is_told_or_fails() {
    let too_large = photo(4_200, 8, ImageFormat::Png);
    for answer in [painted(&too_large), painted(b"<html>no picture"), json!({"data": []})] {
        let model = painter(&answer);
        let server = Server::with(|settings| settings.model = model);
        let mut body = json!({"prompt": "a boat", "output": {"resolution": "512"}});
        for route in ["images/generations", "campaigns/generate"] {
            let job = ended(&server, &format!("/api/v1/{route}"), &body).await;
            let provenance = &job["job_result"]["provenance"];
            assert_eq!(provenance["picture"], "procedural", "{job}");
            assert_eq!(provenance["fallback_reason"], "unusable_answer", "{job}");
        }
        body["require_model"] = json!(true);
        let job = ended(&server, "/api/v1/images/generations", &body).await;
        assert_eq!(codes(&job), ("failed", "model_required"), "{job}");
    }
}

#[tokio::test]
async fn a_composed_picture_of_a_reference_says_its_engine() {
    let server = Server::start();
    let body = json!({
        "prompt": "a boat", "output": {"resolution": "512"},
        "reference_images": [STANDARD.encode(photo(300, 300, ImageFormat::Png))],
    });
    let job = ended(&server, "/api/v1/images/generations", &body).await;
    assert_eq!(job["job_result"]["engine"], "procedural", "{job}");
}
