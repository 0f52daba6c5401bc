//! Ads with a writer: taken where it fits, never trusted, never needed.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tidemill::model::{Allowance, AnswerForm, ModelOptions, Place, TextOptions};

use super::{ad, ended, opens};
use crate::server::Server;

/// A server that answers every question with these words.
pub(super) fn writer(words: &Value) -> ModelOptions {
    let content = json!({ "variants": [words] }).to_string();
    let answer = json!({
        "choices": [{
            "index": 0, "finish_reason": "stop",
            "message": {"role": "assistant", "content": content},
        }],
        "usage": {"prompt_tokens": 10, "completion_tokens": 10, "total_tokens": 20},
    });
    let text = TextOptions {
        place: place(answer.to_string()),
        form: Some(AnswerForm::JsonSchema),
        reasoning_effort: None,
        thinking: true,
        max_tokens: 400,
        allowance: allowance(),
    };
    ModelOptions { text: Some(text), image: None, cache_bytes: 0 }
}

pub(super) const fn allowance() -> Allowance {
    Allowance { calls: 6, tokens: 10_000, time: Duration::from_secs(20) }
}

/// Where a server answers everything with this.
pub(super) fn place(answer: String) -> Place {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            reply(stream, &answer);
        }
    });
    Place {
        base_url: format!("http://{address}/v1").parse().expect("a URL"),
        secret: None,
        model: "stub".to_owned(),
        connect_timeout: Duration::from_secs(5),
        timeout: Duration::from_secs(10),
        concurrency: 2,
    }
}

fn reply(stream: TcpStream, body: &str) {
    let mut stream = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") {
        let mut line = String::new();
        if stream.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let header = line.to_ascii_lowercase();
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        head.push_str(&line);
    }
    let mut question = vec![0; length];
    drop(stream.read_exact(&mut question));
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n",
        body.len()
    );
    let mut stream = stream.into_inner();
    drop(stream.write_all(head.as_bytes()));
    drop(stream.write_all(body.as_bytes()));
}

#[tokio::test]
async fn words_that_fit_are_taken_and_say_where_they_are_from() {
    let words = json!({
        "headline": "Boats worth waiting for", "subline": "Built by hand", "cta": "Come aboard",
        "text_1": "Prenez le large ce matin", "text_2": "Des bateaux qui reviennent",
        "text_3": "Montez à bord",
    });
    let model = writer(&words);
    let server = Server::with(|settings| settings.model = model);
    let source = ad(&server, "Create a hero campaign ad for this brand").await;
    let result = &source["job_result"];
    assert_eq!(result["copy"]["headline"], "Boats worth waiting for", "{result}");
    assert_eq!(result["provenance"]["copy"], "model");
    assert_eq!(result["provenance"]["model_calls"], 1);
    assert!(result["provenance"].get("fallback_reason").is_none());
    opens(&server.client, result).await;
    let body = json!({
        "source_job_id": source["id"], "target_culture": "French", "target_language": "fr",
    });
    let french = ended(&server, "/api/v1/campaigns/localize-ad", &body).await;
    assert_eq!(french["status"], "completed", "{french}");
    let copy = french["job_result"]["copy"].to_string();
    assert!(!copy.contains("Boats worth") || copy.contains("Prenez"), "{copy}");
    assert!(french["job_result"]["provenance"]["model_calls"].as_u64() > Some(1), "{french}");
}

#[tokio::test]
async fn an_invented_price_is_not_taken_and_the_ad_is_made_all_the_same() {
    let words =
        json!({"headline": "Now 50% off for $9", "subline": "Only $9", "cta": "Buy for $9"});
    let model = writer(&words);
    let server = Server::with(|settings| settings.model = model);
    let job = ad(&server, "Create a hero campaign ad for this brand").await;
    let result = &job["job_result"];
    assert!(!result["copy"].to_string().contains('$'), "{result}");
    assert_eq!(result["provenance"]["copy"], "catalog");
    assert_eq!(result["provenance"]["fallback_reason"], "unusable_answer");
    assert_eq!(result["provenance"]["model_calls"], 2);
    let body = json!({"prompt": "A launch ad", "require_model": true});
    let failed = ended(&server, "/api/v1/campaigns/generate", &body).await;
    assert_eq!(
        (&failed["status"], &failed["error_code"]),
        (&json!("failed"), &json!("model_required"))
    );
}
