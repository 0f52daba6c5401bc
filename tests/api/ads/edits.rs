//! Ads changed by a wish in words.

use serde_json::{Value, json};

use super::{ad, ended, opens};
use crate::server::Server;

async fn edited(server: &Server, source: &Value, prompt: &str) -> Value {
    let body = json!({"source_job_id": source["id"], "prompt": prompt});
    ended(server, "/api/v1/campaigns/edit", &body).await
}

fn node<'a>(job: &'a Value, role: &str) -> &'a Value {
    let nodes = job["job_result"]["scene"]["nodes"].as_array().expect("nodes");
    nodes.iter().find(|node| node["role"] == role).unwrap_or(&Value::Null)
}

#[tokio::test]
async fn what_rules_can_read_is_changed_and_the_rest_stays() {
    let server = Server::start();
    let source = ad(&server, "Create a hero campaign ad for this brand").await;
    let other = edited(&server, &source, "change the call to action to 'Book now'").await;
    assert_eq!(
        (&other["status"], &other["type"]),
        (&json!("completed"), &json!("campaign_ad_edit")),
        "{other}"
    );
    let (before, after) = (&source["job_result"], &other["job_result"]);
    assert_eq!(after["copy"]["cta"], "Book now");
    assert_eq!(after["copy"]["headline"], before["copy"]["headline"]);
    assert_eq!(after["scene"]["layout"], before["scene"]["layout"]);
    assert_eq!(after["scene"]["palette"], before["scene"]["palette"]);
    assert!(after["interpretation"]["understood"].as_array().is_some_and(|list| !list.is_empty()));
    assert_ne!(after["id"], before["id"]);
    opens(&server.client, after).await;

    // An edit is a source too.
    let wide = edited(&server, &other, "16:9").await;
    let result = &wide["job_result"];
    assert_eq!((&result["width"], &result["height"]), (&json!(1024), &json!(576)), "{wide}");
    assert_eq!(result["copy"]["cta"], "Book now");
    opens(&server.client, result).await;
}

#[tokio::test]
async fn a_headline_becomes_shorter_and_the_accent_the_background() {
    let server = Server::start();
    let source = ad(&server, "Create a hero campaign ad for this brand").await;
    let headline = |job: &Value| {
        job["job_result"]["copy"]["headline"].as_str().expect("a headline").chars().count()
    };
    let shorter = edited(&server, &source, "make the headline shorter").await;
    assert_eq!(shorter["status"], "completed", "{shorter}");
    assert!(headline(&shorter) < headline(&source), "{shorter}");
    let palette = |job: &Value| job["job_result"]["scene"]["palette"].clone();
    let accent = edited(&server, &source, "use the accent colour as background").await;
    assert_eq!(accent["status"], "completed", "{accent}");
    assert_ne!(palette(&accent)["bg"], palette(&source)["bg"]);
    assert!(node(&accent, "headline")["fit"]["size"].is_number());
    opens(&server.client, &accent["job_result"]).await;
}

#[tokio::test]
async fn a_wish_that_nobody_understands_fails_and_says_what_can_be_asked() {
    let server = Server::start();
    let source = ad(&server, "A launch ad").await;
    let job = edited(&server, &source, "make it pop like a unicorn on a Tuesday").await;
    assert_eq!(
        (&job["status"], &job["error_code"]),
        (&json!("failed"), &json!("edit_not_understood")),
        "{job}"
    );
    let log = job["error_log"].as_str().expect("a text");
    assert!(log.contains("unicorn") && log.contains("headline"), "{log}");
    assert!(job["job_result"].is_null());
}

#[tokio::test]
async fn an_edit_draws_the_formats_that_it_is_asked_for() {
    let server = Server::start();
    let source = ad(&server, "A launch ad").await;
    let body = json!({
        "source_job_id": source["id"], "prompt": "headline: Set sail",
        "output": {"formats": ["square", "landscape"]},
    });
    let job = ended(&server, "/api/v1/campaigns/edit", &body).await;
    let variants = job["job_result"]["variants"].as_array().unwrap_or_else(|| panic!("{job}"));
    assert_eq!(variants.len(), 2);
    assert_eq!((&variants[1]["width"], &variants[1]["height"]), (&json!(1200), &json!(628)));
    assert_eq!(job["job_result"]["copy"]["headline"], "Set sail");
}

#[tokio::test]
async fn what_is_done_is_seen_and_stays_with_the_next_wish() {
    let server = Server::start();
    let source = ad(&server, "A hero ad, type only, headline: \"Tea for two\"").await;
    let digest = |job: &Value| job["job_result"]["image_url"].clone();
    let mut pictures = vec![];
    for prompt in [
        "use the font Space Grotesk",
        "move the text to the right",
        "the button should say Order now",
        "replace 'Tea' with 'Coffee'",
        "add the text 'Only in May' above the headline",
    ] {
        let job = edited(&server, &source, prompt).await;
        assert_eq!(job["status"], "completed", "{prompt}: {job}");
        let path = digest(&job)
            .as_str()
            .and_then(|url| url.strip_prefix(&server.client.base))
            .expect("a URL of this server")
            .to_owned();
        pictures.push(server.client.without_key().get(&path).await.bytes.clone());
    }
    pictures.sort();
    pictures.dedup();
    assert_eq!(pictures.len(), 5, "each is another picture");
    let moved = edited(&server, &source, "move the text to the right").await;
    let next = edited(&server, &moved, "change the button to Order now").await;
    assert_eq!(node(&next, "headline")["style"]["align"], "end", "{next}");
    assert_eq!(next["job_result"]["copy"]["cta"], "Order now");
    for (prompt, why) in [
        ("change the button to Order now", "like that already"),
        ("remove the discount", "has no number"),
        ("replace 'beer' with 'wine'", "do not stand in the ad"),
    ] {
        let job = edited(&server, &next, prompt).await;
        assert_eq!(job["error_code"], "edit_not_possible", "{prompt}: {job}");
        assert!(job["error_log"].as_str().is_some_and(|log| log.contains(why)), "{job}");
    }
}
