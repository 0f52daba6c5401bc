//! What a result says of its files stays true when their tokens change.

use serde_json::{Value, json};

use super::{brand, ended, opens};
use crate::server::Server;

/// Gives a file another token; its new URL.
async fn rotated(server: &Server, id: &str) -> String {
    let answer = server.client.post(&format!("/api/v1/assets/{id}/rotate"), &json!({})).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["data"]["image_url"].as_str().expect("a URL").to_owned()
}

/// How anybody without a key fares at a URL of this server.
async fn status(server: &Server, url: &Value) -> u16 {
    let url = url.as_str().unwrap_or_else(|| panic!("{url}"));
    let path = url.strip_prefix(&server.client.base).expect("a URL of this server");
    server.client.without_key().get(path).await.status
}

#[tokio::test]
async fn a_job_shows_the_tokens_of_the_moment() {
    let server = Server::start();
    let formats = json!([{"width": 300, "height": 300}, {"width": 400, "height": 300}]);
    let body = json!({"prompt": "A launch ad", "output": {"formats": formats}});
    let before = ended(&server, "/api/v1/campaigns/generate", &body).await;
    let id = before["job_result"]["id"].as_str().expect("an id").to_owned();
    let old = before["job_result"]["image_url"].clone();
    let fresh = rotated(&server, &id).await;
    let path = format!("/api/v1/jobs/{}?expand=ad", before["id"].as_str().expect("an id"));
    let after = server.client.get(&path).await.body["data"].clone();
    let result = &after["job_result"];
    for shown in [
        &result["image_url"],
        &result["variants"][0]["image_url"],
        &after["payload"]["image_url"],
        &after["ad"]["image_url"],
    ] {
        assert_eq!(shown, &json!(fresh), "{after}");
    }
    assert_eq!(result["svg_url"], before["job_result"]["svg_url"]);
    assert_eq!(result["variants"][1], before["job_result"]["variants"][1]);
    opens(&server.client, result).await;
    assert_eq!(status(&server, &old).await, 404);
    // The URL of a deleted file leads to nothing, and the rest stays.
    server.client.delete(&format!("/api/v1/assets/{id}")).await;
    let gone = server.client.get(&path).await.body["data"].clone();
    assert_eq!(status(&server, &gone["job_result"]["image_url"]).await, 404);
    assert_eq!(status(&server, &gone["job_result"]["svg_url"]).await, 200);
}

#[tokio::test]
async fn a_run_and_a_brand_show_the_tokens_of_the_moment() {
    let server = Server::start();
    let brand = brand(&server).await;
    let body = json!({"steps": [
        {"id": "a", "action": "campaigns.generate", "input": {
            "prompt": "A launch ad", "brand_id": brand, "output": {"resolution": "512"},
        }},
        {"id": "b", "action": "campaigns.generate", "depends_on": ["a"],
         "input": {"prompt": "A calm ad", "output": {"resolution": "512"}},
         "input_map": {"reference_images": "$steps.a.result.image_url"}},
    ]});
    let accepted = server.client.post("/api/v1/runs", &body).await;
    let id = accepted.body["data"]["run_id"].as_str().expect("an id");
    let path = format!("/api/v1/runs/{id}?wait_for_completion=true&timeout_seconds=30");
    let run = server.client.get(&path).await.body["data"].clone();
    assert_eq!(run["status"], "completed", "{run}");
    let asset = run["steps"][0]["result"]["asset_id"].as_str().expect("an id");
    let fresh = rotated(&server, asset).await;
    let after = server.client.get(&path).await.body["data"].clone();
    assert_eq!(after["steps"][0]["result"]["image_url"], json!(fresh));
    // What was passed on names the file, not its token: the step can be done again.
    let again = format!("/api/v1/jobs/{}/retry", after["steps"][1]["job_id"].as_str().expect("id"));
    let again = server.client.post(&again, &json!({})).await.accepted();
    assert_eq!(server.client.ended(&again).await["status"], "completed");

    let known = server.client.get(&format!("/api/v1/brands/{brand}")).await.body["data"].clone();
    let old = known["logo_url"].clone();
    let listed = server.client.get("/api/v1/jobs?type=brand_extraction").await.body["data"].clone();
    let job = listed["data"][0]["id"].as_str().expect("an id").to_owned();
    let path = format!("/api/v1/jobs/{job}?include=assets&expand=brand");
    let job = server.client.get(&path).await.body["data"].clone();
    let files = job["assets"].as_array().expect("files");
    let logo = files.iter().find(|file| file["image_url"] == old).expect("the logo");
    let fresh = json!(rotated(&server, logo["id"].as_str().expect("an id")).await);
    let after = server.client.get(&format!("/api/v1/brands/{brand}")).await.body["data"].clone();
    let job = server.client.get(&path).await.body["data"].clone();
    assert_eq!((&after["logo_url"], &job["job_result"]["brand"]["logo_url"]), (&fresh, &fresh));
    assert_eq!((status(&server, &old).await, status(&server, &fresh).await), (404, 200));
}
