//! What a localization takes for granted, what it compares with, and when it refuses.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::ImageFormat;
use serde_json::{Value, json};

use super::{ad, brand, ended, opens, photo};
use crate::server::Server;

async fn localized(server: &Server, source: &Value, more: Value) -> Value {
    let mut body = json!({"source_job_id": source["id"], "target_culture": "French"});
    more.as_object().into_iter().flatten().for_each(|(name, value)| body[name] = value.clone());
    ended(server, "/api/v1/campaigns/localize-ad", &body).await
}

fn warns(job: &Value, what: &str) -> bool {
    let warnings = job["job_result"]["warnings"].as_array().unwrap_or_else(|| panic!("{job}"));
    warnings.iter().filter_map(Value::as_str).any(|text| text.starts_with(what))
}

#[tokio::test]
async fn without_a_language_the_source_s_stays_and_only_money_is_written_anew() {
    let server = Server::start();
    let source = ad(&server, "An offer: \"The small boat\" for $14.90").await;
    let more = json!({
        "target_culture": "urban premium",
        "price": {"amount": "15.50", "currency": "EUR"},
    });
    let job = localized(&server, &source, more).await;
    assert_eq!(job["status"], "completed", "{job}");
    let result = &job["job_result"];
    assert!(result["language"].as_str().is_some_and(|tag| tag.starts_with("en")), "{result}");
    assert!(warns(&job, "language_of_source:en"), "{result}");
    assert!(result["copy"].to_string().contains("€15.50"), "{}", result["copy"]);
    assert_eq!(result["copy"]["headline"], source["job_result"]["copy"]["headline"]);
    assert!(!warns(&localized(&server, &source, json!({})).await, "language_of_source"));
}

#[tokio::test]
async fn a_picture_that_is_sent_is_no_source_without_a_model() {
    let server = Server::start();
    let png = STANDARD.encode(photo(40, 30, ImageFormat::Png));
    for picture in [format!("data:image/png;base64,{png}"), png] {
        let body = json!({"source_image_url": picture, "target_culture": "French"});
        let job = ended(&server, "/api/v1/campaigns/localize-ad", &body).await;
        assert_eq!(job["error_code"], "source_has_no_scene", "{job}");
        let log = job["error_log"].as_str().expect("a text");
        assert!(log.contains("model") && log.contains("source_job_id"), "{log}");
        assert!(!job["payload"].to_string().contains("iVBOR"), "no base64 in {job}");
    }
    for wrong in [json!("data:text/html;base64,PGgxPg=="), json!("%%%"), json!(7)] {
        let body = json!({"source_image_url": wrong, "target_culture": "French"});
        let answer = server.client.post("/api/v1/campaigns/localize-ad", &body).await;
        assert_eq!((answer.status, answer.param()), (400, "source_image_url"), "{}", answer.body);
    }
}

#[tokio::test]
async fn prices_cannot_be_kept_and_changed() {
    let server = Server::start();
    let source = ad(&server, "An offer: \"The small boat\" for $14.90").await;
    let fx = json!({"rate": "0.92", "date": "2026-01-02", "source": "ECB"});
    for (more, param) in [
        (json!({"price": {"amount": "15.50", "currency": "EUR"}}), "price"),
        (json!({"fx": fx, "target_currency": "EUR"}), "fx"),
    ] {
        let mut body = more.clone();
        body["currency_policy"] = json!("keep");
        body["source_job_id"] = source["id"].clone();
        body["target_culture"] = json!("French");
        let answer = server.client.post("/api/v1/campaigns/localize-ad", &body).await;
        assert_eq!((answer.status, answer.param()), (400, param), "{}", answer.body);
    }
    // Without a policy what is given says what it is for.
    let job = localized(&server, &source, json!({"fx": fx, "target_currency": "EUR"})).await;
    assert_eq!(job["job_result"]["currency_policy"], "convert", "{job}");
}

#[tokio::test]
async fn the_result_names_the_brand_that_was_given_or_the_source_s() {
    let server = Server::start();
    let (own, other) = (brand(&server).await, {
        let mark = STANDARD.encode(crate::site::mark([200, 30, 60, 255]));
        let job = ended(&server, "/api/v1/brands/extract", &json!({"logoBase64": mark})).await;
        job["payload"]["brand_id"].as_str().expect("a brand").to_owned()
    });
    let body = json!({"prompt": "A launch ad", "brand_id": own});
    let source = ended(&server, "/api/v1/campaigns/generate", &body).await;
    let job = localized(&server, &source, json!({})).await;
    assert_eq!(job["job_result"]["brand_id"], json!(own), "{job}");
    let job = localized(&server, &source, json!({"brand_id": other})).await;
    assert_eq!(job["job_result"]["brand_id"], json!(other), "{job}");
}

/// Changes the scene of an ended job behind the server's back.
fn damage(server: &Server, job: &Value, change: impl FnOnce(&mut Value)) {
    let path = server.dir.path().join(tidemill::store::sqlite::FILE_NAME);
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
    let database = rusqlite::Connection::open_with_flags(path, flags).expect("it opens");
    let id: tidemill::domain::ids::JobId =
        job["id"].as_str().expect("an id").parse().expect("an id");
    let text: String = database
        .query_row("select result from jobs where id = ?1", [id.as_bytes()], |row| row.get(0))
        .expect("a result in its row");
    let mut result: Value = serde_json::from_str(&text).expect("JSON");
    change(&mut result["scene"]);
    let changed = database
        .execute(
            "update jobs set result = ?2 where id = ?1",
            rusqlite::params![id.as_bytes(), result.to_string()],
        )
        .expect("a write");
    assert_eq!(changed, 1);
}

fn node_of<'a>(scene: &'a mut Value, role: &str) -> &'a mut Value {
    let nodes = scene["nodes"].as_array_mut().expect("nodes");
    nodes.iter_mut().find(|node| node["role"] == role).unwrap_or_else(|| panic!("no {role}"))
}

#[tokio::test]
async fn what_breaks_an_invariant_fails_with_its_name_and_values() {
    let server = Server::start();
    let source = ad(&server, "Create a hero campaign ad for this brand").await;
    damage(&server, &source, |scene| {
        // A stain in the label's own colour beside it, where a longer label comes to stand.
        let cta = node_of(scene, "cta").clone();
        let whole = |value: &Value| value.as_f64().map(f64::floor).expect("a number");
        let (left, ink) = (whole(&cta["box"][0]), whole(&cta["fit"]["ink"][0]));
        #[expect(clippy::cast_possible_truncation, reason = "whole numbers of a canvas")]
        let stain = json!({
            "id": "stain", "role": "decoration", "z": cta["z"].as_i64().map(|z| z + 1),
            "box": [left as i64, cta["box"][1], (ink - left) as i64 - 1, cta["box"][3]],
            "paint": {"solid": cta["style"]["fill"]},
        });
        scene["nodes"].as_array_mut().expect("nodes").push(stain);
    });
    let job = localized(&server, &source, json!({})).await;
    assert_eq!(
        (&job["status"], &job["error_code"]),
        (&json!("failed"), &json!("invariant_failed")),
        "{job}"
    );
    let log = job["error_log"].as_str().expect("a text");
    assert!(log.contains("K11 is ") && log.contains("at least"), "{log}");
    assert!(job["job_result"].is_null());
}

#[tokio::test]
async fn a_source_that_is_drawn_otherwise_now_is_told() {
    let server = Server::start();
    let source = ad(&server, "Create a hero campaign ad for this brand").await;
    let usual = localized(&server, &source, json!({})).await;
    assert!(!warns(&usual, "source_redrawn"), "{usual}");
    // As another version would: the same scene, other pixels.
    damage(&server, &source, |scene| {
        let x = &mut node_of(scene, "cta")["box"][0];
        *x = json!(x.as_i64().expect("a whole number") + 8);
    });
    let job = localized(&server, &source, json!({})).await;
    assert_eq!(job["status"], "completed", "{job}");
    assert!(warns(&job, "source_redrawn"), "{job}");
    opens(&server.client, &job["job_result"]).await;
}

#[tokio::test]
async fn a_source_whose_file_is_gone_is_told() {
    let server = Server::start();
    let source = ad(&server, "Create a hero campaign ad for this brand").await;
    let path = format!("/api/v1/jobs/{}?include=assets", source["id"].as_str().expect("an id"));
    let files = server.client.get(&path).await.body["data"]["assets"].clone();
    let files = files.as_array().expect("files").iter();
    for file in files.filter(|file| file["mime_type"] == "image/svg+xml") {
        let path = format!("/api/v1/assets/{}", file["id"].as_str().expect("an id"));
        assert_eq!(server.client.delete(&path).await.status, 200);
    }
    let job = localized(&server, &source, json!({})).await;
    assert_eq!(job["status"], "completed", "{job}");
    assert!(warns(&job, "source_redrawn"), "{job}");
}
