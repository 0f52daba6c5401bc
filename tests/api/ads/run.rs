//! From a web site to a French ad in one request.

use serde_json::{Value, json};

use super::opens;
use crate::server::Server;
use crate::site;

fn steps(url: &str) -> Value {
    json!([
        {"id": "extract_brand", "action": "brands.extract", "input": {"url": url}},
        {
            "id": "generate_base", "action": "campaigns.generate",
            "depends_on": ["extract_brand"],
            "input": {"prompt": "Create a hero campaign ad for this brand"},
            "input_map": {"brand_id": "$steps.extract_brand.result.brand_id"},
        },
        {
            "id": "localize_fr", "action": "campaigns.localize_ad",
            "depends_on": ["generate_base"],
            "input": {
                "prompt": "Keep composition exactly", "target_culture": "French urban premium",
                "target_language": "fr", "target_currency": "EUR",
            },
            "input_map": {"source_job_id": "$steps.generate_base.result.job_id"},
        },
    ])
}

#[tokio::test]
async fn brand_ad_and_localization_in_one_request() {
    let server = Server::start();
    let address = site::serve(site::boat_builder());
    let body = json!({
        "steps": steps(&format!("http://{address}/")), "metadata": {"campaign": "spring"},
    });
    let accepted = server.client.post("/api/v1/runs", &body).await;
    assert_eq!(accepted.status, 202, "{}", accepted.body);
    let id = accepted.body["data"]["run_id"].as_str().expect("an id");
    let path = format!("/api/v1/runs/{id}?wait_for_completion=true&timeout_seconds=30");
    let mut run = server.client.get(&path).await.body["data"].clone();
    // A debug build on a busy machine draws slowly.
    for _ in 0..5 {
        if run["status"] != "in_progress" {
            break;
        }
        run = server.client.get(&path).await.body["data"].clone();
    }
    assert_eq!(
        (&run["status"], &run["metadata"]),
        (&json!("completed"), &body["metadata"]),
        "{run}"
    );
    let steps = run["steps"].as_array().expect("steps");
    for step in steps {
        assert_eq!(step["status"], "completed");
        assert_eq!(step["result"]["job_id"], step["job_id"]);
        assert!(step["started_at"].is_u64() && step["completed_at"].is_u64());
    }
    let [brand, base, french] = [0, 1, 2].map(|at| &steps[at]["result"]);
    assert_eq!(base["brand_id"], brand["brand_id"]);
    for ad in [base, french] {
        assert_eq!(ad["url"], json!(format!("assets/{}", ad["asset_id"].as_str().expect("an id"))));
        opens(&server.client, ad).await;
    }
    assert_ne!(base["copy"]["headline"], french["copy"]["headline"]);
    assert_eq!(french["scene"]["lang"], "fr-FR");
    let job = format!("/api/v1/jobs/{}", steps[2]["job_id"].as_str().expect("an id"));
    let job = server.client.get(&job).await.body["data"].clone();
    assert_eq!((&job["type"], &job["run_id"]), (&json!("campaign_ad_localization"), &json!(id)));
    assert_eq!(job["job_result"]["image_url"], french["image_url"]);
}

#[tokio::test]
async fn a_step_that_names_nothing_fails_and_the_rest_is_skipped() {
    let server = Server::start();
    let unknown = "0198f7a0-0000-7000-8000-000000000001";
    let body = json!({"steps": [
        {"id": "a", "action": "campaigns.edit",
         "input": {"prompt": "16:9", "source_job_id": unknown}},
        {"id": "b", "action": "campaigns.generate", "depends_on": ["a"], "input": {"prompt": "x"},
         "input_map": {"reference_images": "$steps.a.result.image_url"}},
        {"id": "c", "action": "images.generate", "input": {"prompt": "x", "brand_id": unknown}},
    ]});
    let accepted = server.client.post("/api/v1/runs", &body).await;
    assert_eq!(accepted.status, 202, "{}", accepted.body);
    let id = accepted.body["data"]["run_id"].as_str().expect("an id");
    let path = format!("/api/v1/runs/{id}?wait_for_completion=true&timeout_seconds=30");
    let run = server.client.get(&path).await.body["data"].clone();
    assert_eq!(run["status"], "failed", "{run}");
    let ends: Vec<_> = run["steps"]
        .as_array()
        .expect("steps")
        .iter()
        .map(|step| (&step["status"], &step["error_code"]))
        .collect();
    assert_eq!(ends[0], (&json!("failed"), &json!("job_not_found")));
    assert_eq!(ends[1].0, "skipped");
    assert_eq!(ends[2], (&json!("failed"), &json!("brand_not_found")));
    let wrong = json!({"steps": [
        {"id": "a", "action": "campaigns.edit", "input": {"prompt": "16:9"}},
    ]});
    let refused = server.client.post("/api/v1/runs", &wrong).await;
    assert_eq!((refused.status, refused.param()), (400, "steps[0].input.source_job_id"));
}

#[tokio::test]
async fn one_steps_picture_is_anothers_reference() {
    let server = Server::start();
    let body = json!({"steps": [
        {"id": "a", "action": "images.generate",
         "input": {"prompt": "a boat", "output": {"resolution": "512"}}},
        {"id": "b", "action": "campaigns.generate", "depends_on": ["a"],
         "input": {"prompt": "A launch ad", "output": {"resolution": "512"}},
         "input_map": {"reference_images": "$steps.a.result.image_url"}},
    ]});
    let accepted = server.client.post("/api/v1/runs", &body).await;
    let id = accepted.body["data"]["run_id"].as_str().expect("an id");
    let path = format!("/api/v1/runs/{id}?wait_for_completion=true&timeout_seconds=30");
    let run = server.client.get(&path).await.body["data"].clone();
    assert_eq!(run["status"], "completed", "{run}");
    let second = &run["steps"][1];
    assert!(
        second["mapped"]["reference_images"].as_str().is_some_and(|at| at.starts_with("/assets/"))
    );
    assert_eq!(second["result"]["provenance"]["picture"], "reference");
}
