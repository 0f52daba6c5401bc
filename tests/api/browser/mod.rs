//! The dashboard in a real Chromium: what a person does, by mouse, by keyboard and on a phone.
//!
//! `chrome` starts the browser and speaks `WebDriver` with it. Without `chromedriver` on a machine
//! the tests say that they were skipped; with `TIDEMILL_BROWSER=required`, as `./test` sets it,
//! they fail instead. Pictures of what was seen lie in `target/browser/`.

mod chrome;
mod documents;
mod forms;
mod hostile;
mod jobs;
mod keyboard;
mod pages;
mod pictures;
mod reference;
mod schedules;
mod tabs;
mod webhooks;

use serde_json::{Value, json};

use crate::browser::chrome::Chrome;
use crate::server::Server;

/// A server, and a browser that looks at it.
struct Visit {
    server: Server,
    chrome: Chrome,
}

impl Visit {
    /// Opens the dashboard without signing in; `None` where there is no browser.
    async fn begin() -> Option<Self> {
        let chrome = Chrome::start().await?;
        let server = Server::start();
        let visit = Self { server, chrome };
        visit.open("/").await;
        Some(visit)
    }

    /// Opens the dashboard and signs in.
    async fn signed_in() -> Option<Self> {
        let visit = Self::begin().await?;
        let key = visit.server.client.key.clone().expect("a key");
        visit.sign_in(&key).await;
        Some(visit)
    }

    async fn open(&self, path: &str) {
        self.chrome.open(&format!("{}{path}", self.server.client.base)).await;
    }

    /// Types a key as a person does.
    async fn sign_in(&self, key: &str) {
        self.chrome.see("#key").await;
        self.chrome.type_into("#key", key).await;
        self.chrome.click("button[type=submit]").await;
        self.chrome.see("nav.menu").await;
    }

    /// Posts a job as another client does.
    async fn enqueue(&self, action: &str, input: Value) -> String {
        self.server.client.enqueue(action, input).await
    }

    /// Posts a run of these steps, and returns its id.
    async fn enqueue_run(&self, steps: Value) -> String {
        let answer = self.server.client.post("/api/v1/runs", &json!({ "steps": steps })).await;
        answer.body["data"]["run_id"].as_str().expect("an id").to_owned()
    }
}
