//! The same ad for other readers.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{ad, ended, opens};
use crate::server::Server;

async fn localized(server: &Server, source: &Value, more: Value) -> Value {
    let mut body = json!({"source_job_id": source["id"], "prompt": "Keep composition exactly"});
    for (name, value) in more.as_object().expect("an object") {
        body[name] = value.clone();
    }
    ended(server, "/api/v1/campaigns/localize-ad", &body).await
}

/// Where everything stands and what it is, without the words.
fn composition(job: &Value) -> Vec<Value> {
    let nodes = job["job_result"]["scene"]["nodes"].as_array().expect("nodes");
    let bare = |node: &Value| {
        json!([node["id"], node["role"], node["z"], node["box"], node["paint"], node["gen"]])
    };
    nodes.iter().map(bare).collect()
}

#[tokio::test]
async fn nothing_moves_but_the_words() {
    let server = Server::start();
    let source = ad(&server, "Create a hero campaign ad for this brand").await;
    for (language, culture, dir) in [
        ("fr", "French urban premium", "ltr"),
        ("ar", "Emirati luxury", "rtl"),
        ("ja", "Japanese", "ltr"),
    ] {
        let readers = json!({
            "target_culture": culture, "target_language": language, "target_currency": "EUR",
        });
        let job = localized(&server, &source, readers).await;
        assert_eq!(
            (&job["status"], &job["type"]),
            (&json!("completed"), &json!("campaign_ad_localization")),
            "{job}"
        );
        let result = &job["job_result"];
        assert_eq!(composition(&job), composition(&source), "{language}");
        let tag = result["scene"]["lang"].as_str().expect("a tag");
        assert!(tag.starts_with(language) && result["scene"]["dir"] == dir, "{tag}");
        assert_ne!(result["copy"]["headline"], source["job_result"]["copy"]["headline"]);
        let checks = result["checks"].as_array().expect("checks");
        let invariants: BTreeSet<&str> = checks
            .iter()
            .filter(|check| check["pass"] == true)
            .filter_map(|check| check["id"].as_str().filter(|id| id.starts_with('K')))
            .collect();
        assert_eq!(invariants.len(), 12, "{invariants:?}");
        assert!(result["interpretation"]["understood"].is_array());
        opens(&server.client, result).await;
    }
}

#[tokio::test]
async fn a_price_is_kept_converted_or_taken_from_a_list() {
    let server = Server::start();
    let source = ad(&server, "An offer: \"The small boat\" for $14.90").await;
    let scene = source["job_result"]["scene"].to_string();
    assert!(scene.contains("14.90"), "{scene}");
    let readers =
        json!({"target_culture": "French", "target_language": "fr", "target_currency": "EUR"});
    let with = |more: Value| {
        let mut all = readers.clone();
        more.as_object().into_iter().flatten().for_each(|(name, value)| all[name] = value.clone());
        all
    };
    let kept = localized(&server, &source, readers.clone()).await;
    let warnings = kept["job_result"]["warnings"].to_string();
    assert!(warnings.contains("currency_not_converted"), "{kept}");
    assert_eq!(kept["job_result"]["currency_policy"], "keep");
    let fx = json!({"rate": "0.92", "date": "2026-01-02", "source": "ECB"});
    let converted = with(json!({"currency_policy": "convert", "fx": fx}));
    let converted = localized(&server, &source, converted).await;
    assert_eq!(converted["job_result"]["fx"], fx, "{converted}");
    let listed = with(json!({"price": {"amount": "15.50", "currency": "EUR"}}));
    let listed = localized(&server, &source, listed).await;
    assert!(listed["job_result"]["copy"].to_string().contains("15,50"), "{listed}");
}

#[tokio::test]
async fn a_localized_ad_can_be_localized_again_and_mirrored() {
    let server = Server::start();
    let source = ad(&server, "Create a hero campaign ad for this brand").await;
    let german = json!({"target_culture": "German", "target_language": "de"});
    let german = localized(&server, &source, german).await;
    assert_eq!(german["status"], "completed", "{german}");
    let hebrew =
        json!({"target_culture": "Israeli", "target_language": "he", "composition": "mirrored"});
    let hebrew = localized(&server, &german, hebrew).await;
    assert_eq!(hebrew["status"], "completed", "{hebrew}");
    assert_eq!(hebrew["job_result"]["scene"]["composition"], "mirrored");
    opens(&server.client, &hebrew["job_result"]).await;
}

#[tokio::test]
async fn a_language_without_words_fails_and_says_which_there_are() {
    let server = Server::start();
    let source = ad(&server, "Create a hero campaign ad for this brand").await;
    let readers = json!({"target_culture": "Finnish", "target_language": "fi"});
    let job = localized(&server, &source, readers).await;
    assert_eq!(job["error_code"], "language_not_available", "{job}");
    assert!(job["error_log"].as_str().is_some_and(|log| log.contains("fr")), "{job}");
}

#[tokio::test]
async fn a_picture_without_a_scene_fails_and_says_so() {
    let server = Server::start();
    let body = json!({
        "source_image_url": "https://example.com/ad.png", "target_culture": "French",
        "target_language": "fr",
    });
    let job = ended(&server, "/api/v1/campaigns/localize-ad", &body).await;
    assert_eq!(
        (&job["status"], &job["error_code"]),
        (&json!("failed"), &json!("source_has_no_scene"))
    );
    assert!(job["error_log"].as_str().is_some_and(|log| log.contains("source_job_id")), "{job}");
}
