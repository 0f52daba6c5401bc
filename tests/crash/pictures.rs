//! A run that draws, killed while each of its steps is at work.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::Client;
use crate::server::Server;

#[test]
fn a_run_that_draws_survives_a_kill_in_each_of_its_steps() {
    let dir = TempDir::new().expect("a directory");
    let mut server = Server::start(dir.path());
    let mut client = Client::new(&server.first_key());
    client.connect(server.address());
    let body = json!({ "steps": steps() });
    let answer = client.post("/api/v1/runs", &body, None).expect("the server lives");
    assert_eq!(answer.status, 202, "{}", answer.body);
    let id = answer.body["data"]["run_id"].as_str().expect("a run id").to_owned();

    for place in 0..4 {
        // It is at work, or has ended already: what comes next goes on from there.
        while is_before(&client.run(&id).expect("the server lives")["steps"][place]) {}
        server.kill();
        server = Server::start(dir.path());
        client.connect(server.address());
    }
    let run = client.wait_for_run(&id).expect("the server lives");
    assert_eq!(run["status"], "completed", "{run}");
    let steps = run["steps"].as_array().expect("steps");
    let mut files = BTreeSet::new();
    for step in steps {
        let result = &step["result"];
        for name in ["image_url", "svg_url"] {
            let url = result[name].as_str().unwrap_or_else(|| panic!("{name} of {step}"));
            let path = url.strip_prefix("http://localhost").expect("an own URL");
            let file = client.file(path).expect("the server lives");
            let start: &[u8] = if name == "svg_url" { b"<svg" } else { b"\x89PNG" };
            assert!(file.starts_with(start), "{url}");
            assert!(files.insert(path.to_owned()), "{url} is two steps' file");
        }
    }
    let headline = |place: usize| steps[place]["result"]["copy"]["headline"].clone();
    assert_ne!(headline(1), headline(3));
}

/// Whether a step has not begun yet.
fn is_before(step: &Value) -> bool {
    matches!(step["status"].as_str(), Some("pending" | "queued"))
}

/// A picture, an ad that shows it, that ad on two canvases, and in French.
fn steps() -> Value {
    let small = json!({"resolution": "512"});
    json!([
        {"id": "picture", "action": "images.generate",
         "input": {"prompt": "a boat", "output": small}},
        {"id": "ad", "action": "campaigns.generate", "depends_on": ["picture"],
         "input": {"prompt": "A launch ad", "output": small},
         "input_map": {"reference_images": "$steps.picture.result.image_url"}},
        {"id": "edit", "action": "campaigns.edit", "depends_on": ["ad"],
         "input": {"prompt": "16:9", "output": {"formats": [
             {"width": 400, "height": 300}, {"width": 300, "height": 300},
         ]}},
         "input_map": {"source_job_id": "$steps.ad.result.job_id"}},
        {"id": "french", "action": "campaigns.localize_ad", "depends_on": ["ad"],
         "input": {"target_culture": "French"},
         "input_map": {"source_job_id": "$steps.ad.result.job_id"}},
    ])
}
