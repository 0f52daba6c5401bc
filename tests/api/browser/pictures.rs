//! The pictures of the documents: an hour of work as it may have been, and a run that is under way.
//!
//! Not a test of anything: `just pictures` runs it and writes `docs/dashboard-*.png`. The clock is
//! the pictures' own, so that the hour takes seconds.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::{Map, Value, json};
use tidemill::domain::clock::Clock;
use tidemill::engine::{
    Action, ActionContext, ActionDescription, ActionError, InvalidInput, Output,
};

use crate::acting::Gate;
use crate::browser::Visit;
use crate::browser::chrome::Chrome;
use crate::server::Server;
use crate::site;

/// Quarter minutes of an hour.
const TICKS: u32 = 240;

/// An action that does what its input says: stands at the gate, fails, or nothing.
struct Staged {
    name: &'static str,
    gate: Gate,
}

#[async_trait]
impl Action for Staged {
    fn name(&self) -> &str {
        self.name
    }

    fn description(&self) -> ActionDescription {
        ActionDescription {
            summary: "Works for a picture.".to_owned(),
            input_schema: json!({ "type": "object" }),
            result_schema: json!({ "type": "object" }),
        }
    }

    fn check(&self, _: &Map<String, Value>, _: &[&str]) -> Result<(), InvalidInput> {
        Ok(())
    }

    async fn run(
        &self,
        context: ActionContext,
        input: Map<String, Value>,
    ) -> Result<Output, ActionError> {
        if let Some(phase) = input.get("phase").and_then(Value::as_str) {
            context.progress(phase, input["progress"].as_f64());
            self.gate.pass().await;
        }
        match input.get("error").and_then(Value::as_str) {
            Some(message) => Err(ActionError::fatal("refused", message)),
            None => Ok(Output { result: input, ..Output::default() }),
        }
    }
}

#[tokio::test]
#[ignore = "writes the documents' pictures"]
async fn pictures() {
    let Some(chrome) = Chrome::start().await else { return };
    let clock = Clock::manual(Clock::system().now().before(Duration::from_hours(1)));
    let server = Server::with(|settings| {
        settings.clock = clock.clone();
        let gate = settings.gate.clone();
        let staged = ["mail.send", "reports.render", "video.transcode"];
        settings.further = staged
            .map(|name| Arc::new(Staged { name, gate: gate.clone() }) as Arc<dyn Action>)
            .to_vec();
    });
    let visit = Visit { server, chrome };
    for tick in 0..TICKS {
        quarter_of_a_minute(&visit, &clock, tick).await;
    }
    let run = run(&visit).await;
    leave_some_at_work(&visit).await;
    visit.open("/").await;
    visit.chrome.scheme("light").await;
    visit.chrome.screen(1280, 800).await;
    let key = visit.server.client.key.clone().expect("a key");
    visit.sign_in(&key).await;
    keep(&visit, "/", "[data-panel=hour]", "dashboard-now").await;
    keep(&visit, &format!("/ui/runs/{run}?step=localize_ja"), ".shot", "dashboard-run").await;
    for _ in 0..4 {
        visit.server.gate.open();
    }
}

/// Mail by the dozen, now more, now less; some films, which take their time; failures now and then.
async fn quarter_of_a_minute(visit: &Visit, clock: &Clock, tick: u32) {
    let wave = (f64::from(tick) / 23.0).sin() + 0.5 * (f64::from(tick) / 7.0).sin();
    let noise = f64::from((tick * 7_919) % 13) / 13.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is 2 to 70")]
    let mails = (18.0 * (1.6 + wave) + 14.0 * noise + 2.0) as usize;
    let mut jobs = vec![json!({ "action": "mail.send", "input": {} }); mails];
    if tick % 5 == 3 {
        let input = json!({ "error": "The recipient's server refused the message." });
        jobs.extend(vec![json!({ "action": "mail.send", "input": input }); mails / 12 + 1]);
    }
    let films = (tick % 3) as usize;
    let film = json!({ "phase": "encoding", "progress": 0.5 });
    jobs.extend(vec![json!({ "action": "video.transcode", "input": film }); films]);
    if tick.is_multiple_of(4) {
        jobs.push(json!({ "action": "reports.render", "input": {} }));
    }
    let answer = visit.server.client.post("/api/v1/jobs", &json!(jobs)).await;
    for _ in 0..films {
        visit.server.gate.entered().await;
    }
    clock.advance(Duration::from_millis(u64::from(2_000 + (tick * 617) % 5_000)));
    for _ in 0..films {
        visit.server.gate.open();
    }
    for accepted in answer.body["data"]["data"].as_array().expect("answers") {
        visit.server.client.ended(accepted["job_id"].as_str().expect("an id")).await;
    }
    let within = clock.now().ms().rem_euclid(15_000).unsigned_abs();
    clock.advance(Duration::from_millis(15_000 - within));
}

/// From a site to ads in two languages, one of which stays under way.
async fn run(visit: &Visit) -> String {
    let url = format!("http://{}/", site::serve(site::boat_builder()));
    let run = visit
        .enqueue_run(json!([
            {"id": "extract_brand", "action": "brands.extract", "input": {"url": url}},
            {"id": "generate_base", "action": "campaigns.generate",
             "depends_on": ["extract_brand"],
             "input": {"prompt": "Announce our summer sale, 20 % off"},
             "input_map": {"brand_id": "$steps.extract_brand.result.brand_id"}},
            {"id": "localize_fr", "action": "campaigns.localize_ad",
             "depends_on": ["generate_base"],
             "input": {"target_language": "fr", "target_culture": "French urban premium"},
             "input_map": {"source_job_id": "$steps.generate_base.result.job_id"}},
            {"id": "localize_ja", "action": "campaigns.localize_ad",
             "depends_on": ["generate_base"],
             "input": {"target_language": "ja", "target_culture": "Tokyo, playful"},
             "input_map": {"source_job_id": "$steps.generate_base.result.job_id"}},
            {"id": "film", "action": "video.transcode",
             "depends_on": ["localize_fr", "localize_ja"],
             "input": {"phase": "encoding frame 340 of 900", "progress": 0.38}},
        ]))
        .await;
    visit.server.gate.entered().await;
    run
}

async fn leave_some_at_work(visit: &Visit) {
    for (phase, progress) in [("encoding frame 720 of 900", 0.8), ("reading the source", 0.07)] {
        let input = json!({ "phase": phase, "progress": progress });
        visit.enqueue("video.transcode", input).await;
        visit.server.gate.entered().await;
    }
    let input = json!({ "phase": "page 12 of 31", "progress": 0.39 });
    visit.enqueue("reports.render", input).await;
    visit.server.gate.entered().await;
    for _ in 0..3 {
        visit.enqueue("reports.render", json!({})).await;
    }
}

/// Writes what stands at a path once the selector fits.
async fn keep(visit: &Visit, path: &str, selector: &str, name: &str) {
    visit.open(path).await;
    visit.chrome.see(selector).await;
    visit.chrome.until("[...document.images].every(image => image.complete)").await;
    visit
        .chrome
        .until(
            "!document.querySelector('[data-panel=workers]') || \
        document.querySelector('.work')",
        )
        .await;
    let bytes = visit.chrome.window().await;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/{name}.png"));
    std::fs::write(file, bytes).expect("a file");
}
