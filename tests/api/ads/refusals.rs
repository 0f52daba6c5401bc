//! What is refused before a job is accepted.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{ad, brand, photo};
use crate::server::Server;
use crate::site;

#[tokio::test]
async fn each_fault_is_named_on_every_route() {
    let server = Server::start();
    let id = "0198f7a0-0000-7000-8000-000000000001";
    let faults = [
        ("images/generations", json!({}), "prompt"),
        ("ads/generate", json!({"prompt": ""}), "prompt"),
        ("campaigns/generate", json!({"prompt": "x".repeat(5_001)}), "prompt"),
        ("campaigns/generate", json!({"prompt": "x", "brand_id": "x"}), "brand_id"),
        ("campaigns/generate", json!({"prompt": "x", "variant": -1}), "variant"),
        ("campaigns/generate", json!({"prompt": "x", "metadata": {"k": 1}}), "metadata"),
        (
            "campaigns/generate",
            json!({"prompt": "x", "client_reference_id": "r".repeat(201)}),
            "client_reference_id",
        ),
        (
            "images/campaigns",
            json!({"prompt": "x", "output": {"aspect_ratio": "7:5"}}),
            "output.aspect_ratio",
        ),
        ("campaigns/edit", json!({"prompt": "shorter"}), "source_job_id"),
        ("campaigns/localize-ad", json!({"source_job_id": id}), "target_culture"),
        (
            "campaigns/localize-ad",
            json!({"source_job_id": id, "source_image_url": "https://a.example/b.png",
                "target_culture": "French"}),
            "source_job_id",
        ),
        (
            "campaigns/localize-ad",
            json!({"source_job_id": id, "target_culture": "French", "target_currency": "EURO"}),
            "target_currency",
        ),
    ];
    for (route, body, param) in faults {
        let answer = server.client.post(&format!("/api/v1/{route}"), &body).await;
        let found = (answer.status, answer.code(), answer.param());
        assert_eq!(found, (400, "invalid_request_body", param), "{route} {body}");
    }
    let job = json!({"action": "campaigns.generate", "input": {"prompt": 7}});
    assert_eq!(server.client.post("/api/v1/jobs", &job).await.param(), "input.prompt");
}

#[tokio::test]
async fn what_is_wrong_with_a_reference_is_named() {
    let server = Server::start();
    let png = STANDARD.encode(site::mark([0, 0, 0, 255]));
    let gif = STANDARD.encode(b"GIF89a..........");
    let svg = STANDARD.encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>");
    for (references, param) in [
        (json!({"a": 1}), "reference_images"),
        (json!(vec![png.as_str(); 7]), "reference_images"),
        (json!([png, 7]), "reference_images[1]"),
        (json!([png, "%%%"]), "reference_images[1]"),
        (json!([gif]), "reference_images[0]"),
        (json!([svg]), "reference_images[0]"),
        (json!([STANDARD.encode(b"<!doctype html>")]), "reference_images[0]"),
        (json!([STANDARD.encode(vec![0x89; 15_000_001])]), "reference_images[0]"),
        (json!(["http://me:secret@a.example/b.png"]), "reference_images[0]"),
        (json!(["assets/nothing"]), "reference_images[0]"),
    ] {
        let body = json!({"prompt": "x", "reference_images": references});
        let answer = server.client.post("/api/v1/campaigns/generate", &body).await;
        assert_eq!((answer.status, answer.param()), (400, param), "{}", answer.body);
    }
    let six = json!(vec![STANDARD.encode(photo(40, 30, image::ImageFormat::Png)); 6]);
    let localize = json!({
        "source_image_url": "https://a.example/b.png", "target_culture": "French",
        "reference_images": six,
    });
    let answer = server.client.post("/api/v1/campaigns/localize-ad", &localize).await;
    assert_eq!((answer.status, answer.param()), (400, "reference_images"));
}

#[tokio::test]
async fn a_brand_and_a_source_must_be_there() {
    let server = Server::start();
    let unknown = "0198f7a0-0000-7000-8000-000000000001";
    let post = async |route: &str, body: Value| {
        let answer = server.client.post(&format!("/api/v1/{route}"), &body).await;
        (answer.status, answer.code().to_owned(), answer.param().to_owned())
    };
    let refused =
        |status: u16, code: &str, param: &str| (status, code.to_owned(), param.to_owned());
    let body = json!({"prompt": "x", "brand_id": unknown});
    let found = post("campaigns/generate", body).await;
    assert_eq!(found, refused(404, "brand_not_found", "brand_id"));
    let edit = |id: &str| json!({"prompt": "16:9", "source_job_id": id});
    let found = post("campaigns/edit", edit(unknown)).await;
    assert_eq!(found, refused(404, "job_not_found", "source_job_id"));
    let echo = server.client.enqueue("test.echo", json!({})).await;
    server.client.ended(&echo).await;
    let found = post("campaigns/edit", edit(&echo)).await;
    assert_eq!(found, refused(400, "source_job_type_invalid", "source_job_id"));
    let doomed = json!({"prompt": "x", "require_model": true});
    let failed = server.client.post("/api/v1/campaigns/generate", &doomed).await.accepted();
    let job = server.client.ended(&failed).await;
    assert_eq!(job["error_code"], "model_required", "{job}");
    let found = post("campaigns/edit", edit(&failed)).await;
    assert_eq!(found, refused(400, "source_job_not_completed", "source_job_id"));
    let named = json!({"action": "campaigns.edit", "input": edit(unknown)});
    let found = post("jobs", named).await;
    assert_eq!(found, refused(404, "job_not_found", "input.source_job_id"));
}

#[tokio::test]
async fn another_organization_has_nothing_here() {
    let server = Server::start();
    let (brand, source) = (brand(&server).await, ad(&server, "A launch ad").await);
    let stranger = server.stranger().await;
    let body = json!({"prompt": "x", "brand_id": brand});
    let answer = stranger.post("/api/v1/campaigns/generate", &body).await;
    assert_eq!((answer.status, answer.code()), (404, "brand_not_found"));
    let body = json!({"prompt": "16:9", "source_job_id": source["id"]});
    let answer = stranger.post("/api/v1/campaigns/edit", &body).await;
    assert_eq!((answer.status, answer.code()), (404, "job_not_found"));
    let picture = source["job_result"]["image_url"].clone();
    for reference in
        [picture, json!(format!("assets/{}", source["job_result"]["id"].as_str().expect("an id")))]
    {
        let body = json!({"prompt": "x", "reference_images": [reference]});
        let id = stranger.post("/api/v1/campaigns/generate", &body).await.accepted();
        let job = stranger.ended(&id).await;
        assert_eq!(job["error_code"], "asset_not_found", "{job}");
    }
}
