//! Handoffs worded by servers that others wrote: `./test --peers` fetches them and runs this.
//!
//! Without them each test says so and ends.

use std::time::Duration;

use serde_json::{Value, json};
use tidemill::model::ModelOptions;

use crate::handoffs::Desk;
use crate::peer::{self, Peer, llama, set_chaos};
use crate::wording::{desk, handoff, options, reworded, rewording, writer};

/// A model behind the peer, with time for one thread.
fn asking(peer: &Peer) -> ModelOptions {
    let base = peer.base.join("/v1").expect("a URL");
    options(base, Duration::from_secs(20), Duration::from_secs(25))
}

/// What of a handoff a model may word.
const WORDED: [&str; 5] = ["summary", "key_changes", "decisions", "open_questions", "next_steps"];

fn assert_extracted(made: &Value, plain: &Value, peer: &str) {
    assert_eq!(made["model_used"], "extractive/1", "{peer}");
    for name in WORDED {
        assert_eq!(made[name], plain[name], "{peer}: {name}");
    }
}

/// How many questions the server's metrics count, whatever became of them.
async fn calls(desk: &Desk) -> u64 {
    let metrics = desk.server.client.get("/metrics").await.bytes;
    let metrics = String::from_utf8(metrics).expect("text");
    let counts = metrics.lines().filter(|line| line.starts_with("tidemill_model_calls_total{"));
    counts.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum()
}

#[tokio::test]
#[ignore = "needs a server that ./test --peers fetches"]
async fn a_model_that_knows_nothing_costs_no_word() {
    let plain = handoff(&desk(ModelOptions::default()).await).await;
    // With room for the draft, and with too little for it.
    for context in [16_384, 256] {
        let Some(peer) = llama(context) else { return };
        let desk = desk(asking(&peer)).await;
        let made = handoff(&desk).await;
        assert_extracted(&made, &plain, "llama.cpp");
        assert!(calls(&desk).await > 0, "it was asked");
    }
}

#[tokio::test]
#[ignore = "needs a server that ./test --peers fetches"]
async fn good_words_come_by_the_protocol_and_faults_cost_none() {
    let (stub, asked) = writer(reworded);
    handoff(&desk(stub).await).await;
    let answer = rewording(&asked.lock().expect("no panic")[0]);
    let fixtures = json!([{"match": {"endpoint": "chat"}, "response": {"content": answer}}]);
    let Some(peer) = peer::mock(&fixtures) else { return };
    let made = handoff(&desk(asking(&peer)).await).await;
    assert_eq!(made["model_used"], "stub-1", "{made}");
    let changes = made["key_changes"].as_array().expect("a list");
    assert!(changes.iter().all(|line| line.as_str().expect("text").starts_with("In short, ")));
    assert!(!made.to_string().contains("Mallory"), "{made}");
    assert!(made["token_usage"]["total_tokens"].as_u64().is_some_and(|tokens| tokens > 0));

    let plain = handoff(&desk(ModelOptions::default()).await).await;
    for fault in ["rateLimitRate", "dropRate", "malformedRate", "disconnectRate"] {
        let mut rates = json!({
            "rateLimitRate": 0, "dropRate": 0, "malformedRate": 0, "disconnectRate": 0,
        });
        rates[fault] = json!(1);
        set_chaos(&peer, &rates);
        let desk = desk(asking(&peer)).await;
        assert_extracted(&handoff(&desk).await, &plain, fault);
        assert!(calls(&desk).await > 0, "{fault}: it was asked");
    }
}
