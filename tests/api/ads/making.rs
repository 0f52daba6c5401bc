//! Pictures and ads from nothing but a prompt and a brand.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{brand, ended, opens, photo};
use crate::server::Server;

#[tokio::test]
async fn an_ad_from_post_to_its_files() {
    let server = Server::start();
    let brand = brand(&server).await;
    let body = json!({
        "prompt": "Create a launch ad: \"Boats that come home\"", "brand_id": brand,
        "client_reference_id": "boats", "metadata": {"season": "spring"},
    });
    let accepted = server.client.post("/api/v1/campaigns/generate", &body).await.accepted();
    server.client.ended(&accepted).await;
    let path = format!("/api/v1/jobs/{accepted}?expand=ad,brand&include=assets,diagnostics");
    let answer = server.client.get(&path).await.body;
    let job = &answer["data"];
    assert_eq!(
        (&job["status"], &job["type"]),
        (&json!("completed"), &json!("campaign_ad_generation"))
    );
    assert_eq!(job["action"], "campaigns.generate");
    let result = &job["job_result"];
    let id = result["id"].as_str().expect("an id");
    assert_eq!(result["type"], "ad");
    assert_eq!(result["url"], json!(format!("assets/{id}")));
    assert_eq!(job["result_url"], result["url"]);
    assert_eq!((&result["width"], &result["height"]), (&json!(1024), &json!(1024)));
    assert_eq!((&result["mime_type"], &result["brand_id"]), (&json!("image/png"), &json!(brand)));
    assert_eq!(job["payload"]["image_url"], result["image_url"]);
    assert_eq!(job["ad"], json!({"image_url": result["image_url"]}));
    assert_eq!(job["expanded"]["brand"]["id"], json!(brand));
    assert_eq!(result["copy"]["headline"], "Boats that come home");
    assert_eq!(result["provenance"]["copy"], "user");
    assert_eq!(result["provenance"]["model_calls"], 0);
    assert_eq!(result["scene"]["scene"], 1);
    assert!(result["checks"].as_array().is_some_and(|checks| checks.len() > 5), "{result}");
    assert!(result["lint"]["score"].as_u64().is_some_and(|score| score > 50), "{}", result["lint"]);
    assert!(result["interpretation"]["understood"].is_array() && result["warnings"].is_array());
    assert!(result.get("variants").is_none());
    let input = &job["payload"]["input"];
    assert_eq!(
        (&input["prompt"], &input["client_reference_id"]),
        (&body["prompt"], &json!("boats"))
    );
    assert_eq!(input["metadata"], body["metadata"]);
    opens(&server.client, result).await;
    let by_id = server.client.get(&format!("/api/v1/assets/{id}")).await;
    assert_eq!((by_id.status, by_id.header("content-type")), (200, Some("image/png")));
    assert!(job["assets"].as_array().is_some_and(|files| files.len() >= 2));
    let listed = server.client.get("/api/v1/jobs?type=campaign_ad_generation").await.body;
    assert_eq!(listed["data"]["data"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn the_same_request_makes_the_same_picture_and_a_variant_another() {
    let server = Server::start();
    let bytes = async |variant: u32| {
        let body = json!({"prompt": "A summer sale, 30% off", "variant": variant});
        let job = ended(&server, "/api/v1/campaigns/generate", &body).await;
        assert_eq!(job["job_result"]["scene"]["variant"], json!(variant), "{job}");
        opens(&server.client, &job["job_result"]).await.into_rgb8().into_raw()
    };
    let first = bytes(0).await;
    assert!(first == bytes(0).await, "the same");
    for variant in [1, 10, 4_096, u32::MAX] {
        assert!(first != bytes(variant).await, "another: {variant}");
    }
}

#[tokio::test]
async fn one_job_draws_several_formats() {
    let server = Server::start();
    let photo = STANDARD.encode(photo(900, 600, image::ImageFormat::Jpeg));
    let body = json!({
        "prompt": "A calm ad for the sea",
        "reference_images": [photo],
        "output": {"formats": ["square", "iab_leaderboard", {"width": 640, "height": 360}]},
    });
    let job = ended(&server, "/api/v1/images/campaigns", &body).await;
    assert_eq!(job["status"], "completed", "{job}");
    let result = &job["job_result"];
    assert_eq!(job["payload"]["input"]["reference_image_count"], 1);
    assert!(!job.to_string().contains("/9j/"), "no base64 in {job}");
    assert_eq!(result["provenance"]["picture"], "reference");
    let variants = result["variants"].as_array().expect("variants");
    let shape = |ad: &Value| (ad["format"].clone(), ad["width"].clone(), ad["height"].clone());
    let shapes: Vec<_> = variants.iter().map(shape).collect();
    assert_eq!(
        shapes,
        [
            (json!("square"), json!(1080), json!(1080)),
            (json!("iab_leaderboard"), json!(728), json!(90)),
            (json!("custom"), json!(640), json!(360)),
        ]
    );
    assert_eq!(variants[0]["image_url"], result["image_url"]);
    for variant in variants {
        opens(&server.client, variant).await;
    }
}

#[tokio::test]
async fn a_picture_without_words_says_how_it_was_made() {
    let server = Server::start();
    let body = json!({
        "prompt": "coffee and a book", "output": {"aspect_ratio": "16:9", "resolution": "512"},
    });
    let job = ended(&server, "/api/v1/images/generations", &body).await;
    assert_eq!(
        (&job["status"], &job["type"]),
        (&json!("completed"), &json!("ad_generation")),
        "{job}"
    );
    let result = &job["job_result"];
    assert_eq!((&result["engine"], &result["photographic"]), (&json!("procedural"), &json!(false)));
    assert_eq!(result["icons"], json!(["coffee", "book"]));
    assert_eq!((&result["width"], &result["height"]), (&json!(512), &json!(288)));
    assert_eq!(result["copy"], json!({}));
    let picture = opens(&server.client, result).await.into_rgb8();
    let colors: std::collections::BTreeSet<_> = picture.pixels().map(|pixel| pixel.0).collect();
    assert!(colors.len() > 3, "something is drawn");
}

#[tokio::test]
async fn every_ratio_and_resolution_gives_an_ad() {
    let server = Server::start();
    for (ratio, resolution) in [("1:8", "512"), ("8:1", "512"), ("21:9", "1K"), ("9:16", "512")] {
        let output = json!({"aspect_ratio": ratio, "resolution": resolution});
        let body = json!({"prompt": "A launch ad", "output": output});
        let job = ended(&server, "/api/v1/campaigns/generate", &body).await;
        assert_eq!(job["status"], "completed", "{ratio} {resolution}: {job}");
        opens(&server.client, &job["job_result"]).await;
    }
}

#[tokio::test]
async fn a_key_makes_one_job_over_both_names_of_a_route() {
    let server = Server::start();
    for (main, alias) in [
        ("/api/v1/images/generations", "/api/v1/ads/generate"),
        ("/api/v1/campaigns/generate", "/api/v1/images/campaigns"),
    ] {
        let body = json!({"prompt": "a lighthouse", "output": {"resolution": "512"}});
        let headers = [("idempotency-key", main)];
        let first = server.client.post_with(main, &headers, &body).await;
        let again = server.client.post_with(alias, &headers, &body).await;
        assert_eq!(first.accepted(), again.accepted());
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        let other = json!({"prompt": "another lighthouse"});
        let refused = server.client.post_with(alias, &headers, &other).await;
        assert_eq!((refused.status, refused.code()), (409, "idempotency_key_mismatch"));
        server.client.ended(&first.accepted()).await;
    }
}

#[tokio::test]
async fn a_client_may_wait_and_may_name_the_action() {
    let server = Server::start();
    let input = json!({"prompt": "a tree", "output": {"resolution": "512"}});
    let headers = [("prefer", "wait=30")];
    let waited = server.client.post_with("/api/v1/ads/generate", &headers, &input).await;
    assert_eq!((waited.status, &waited.body["data"]["status"]), (200, &json!("completed")));
    let id = server.client.enqueue("images.generate", input).await;
    let job = server.client.ended(&id).await;
    assert_eq!(job["type"], "ad_generation");
    assert_eq!(job["job_result"]["width"], waited.body["data"]["job_result"]["width"]);
}

#[tokio::test]
async fn what_was_asked_is_told_however_long_it_was() {
    let server = Server::start();
    let body = json!({
        "prompt": "A launch ad", "client_reference_id": "boats",
        "output": {"resolution": "512"},
        // Long enough for a file of its own.
        "brand_identity_json": {"name": "Kielwerk", "description": "boat ".repeat(20_000)},
    });
    let job = ended(&server, "/api/v1/campaigns/generate", &body).await;
    assert_eq!(job["status"], "completed", "{job}");
    let input = &job["payload"]["input"];
    assert_eq!((&input["prompt"], &input["output"]), (&body["prompt"], &body["output"]), "{input}");
    assert_eq!(input["client_reference_id"], "boats");
    assert!(!input.to_string().contains("boat boat"));
    // Done again with less, it tells what it was asked then.
    let replaced = json!({"input": {"prompt": "A calm ad", "brand_identity_json": null}});
    let path = format!("/api/v1/jobs/{}/retry", job["id"].as_str().expect("an id"));
    let again = server.client.post(&path, &replaced).await.accepted();
    let again = server.client.ended(&again).await;
    assert_eq!(again["payload"]["input"]["prompt"], "A calm ad", "{again}");
    assert_eq!(again["payload"]["input"]["client_reference_id"], "boats");
}

#[tokio::test]
async fn words_without_room_fail_and_say_how_many_would_have_it() {
    let server = Server::start();
    let headline = "Wonderful things happen to those who wait ".repeat(3);
    let prompt = format!("headline: \"{}\"", headline[..118].trim());
    let body = json!({"prompt": prompt, "output": {"format": "iab_mobile"}});
    let job = ended(&server, "/api/v1/campaigns/generate", &body).await;
    assert_eq!(job["error_code"], "copy_too_long", "{job}");
    let log = job["error_log"].as_str().expect("a text");
    assert!(log.contains("`headline`") && log.contains("would fit"), "{log}");
    let khmer = json!({"prompt": "headline: \"ភាសាខ្មែរ\""});
    let job = ended(&server, "/api/v1/campaigns/generate", &khmer).await;
    assert_eq!(job["error_code"], "missing_glyphs", "{job}");
    let thai = json!({"prompt": "headline: \"กาแฟสด ทุกวัน\""});
    let job = ended(&server, "/api/v1/campaigns/generate", &thai).await;
    assert_eq!(job["status"], "completed", "{job}");
    opens(&server.client, &job["job_result"]).await;
}
