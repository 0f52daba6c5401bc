//! Handoffs and insights, as a person finds, reads and follows them.

use serde_json::json;

use crate::browser::Visit;
use crate::browser::chrome::Chrome;
use crate::handoffs::{DAY, as_of, desk};

#[tokio::test]
async fn a_handoff_and_an_insight_are_read_with_their_evidence() {
    let Some(chrome) = Chrome::start().await else { return };
    let desk = desk().await;
    let body = json!({ "project_id": desk.project, "asOf": as_of(7 * DAY) });
    desk.made("/api/v1/handoffs", &body).await;
    let insight = format!("/api/v1/projects/{}/insights/onboarding", desk.project);
    desk.made(&insight, &json!({ "asOf": as_of(7 * DAY) })).await;
    let key = desk.server.client.key.clone().expect("a key");
    let visit = Visit { server: desk.server, chrome };
    visit.open("/").await;
    visit.sign_in(&key).await;
    let chrome = &visit.chrome;

    visit.open("/ui/documents").await;
    chrome.read(".items .action", "Mill").await;
    chrome.click(".items .action").await;
    chrome.read("article.panel h1, article.panel h2", "Mill").await;
    chrome.read("article.panel", "low tide").await;
    chrome.read(".items", "turn at low tide").await;
    chrome.picture("handoff").await;

    visit.open("/ui/documents?kind=insight").await;
    chrome.read(".items .tag", "onboarding").await;
    chrome.click(".items .action").await;
    chrome.read("article.panel", "newcomer's brief").await;
    chrome.picture("insight").await;
    assert_eq!(chrome.complaints().await, [""; 0]);
}
