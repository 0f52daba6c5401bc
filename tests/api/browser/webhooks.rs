//! Webhooks, as a person makes one, sees what it was told, and sends that again.

use serde_json::json;

use crate::browser::Visit;
use crate::receiver::Receiver;

/// Opens what was delivered to the first webhook of the list.
const OPEN: &str = "document.querySelector('.items details summary').click()";

#[tokio::test]
async fn a_webhook_is_made_told_and_told_again() {
    let Some(visit) = Visit::signed_in().await else { return };
    let (chrome, mut receiver) = (&visit.chrome, Receiver::answering(&["503 Busy"]));
    visit.open("/ui/webhooks").await;
    chrome.read(".empty-title", "Nobody is told.").await;
    chrome.type_into("#hook-url", "https://10.0.0.1/hooks").await;
    chrome.type_into("#hook-secret", "between us").await;
    chrome.click("form button[type=submit]").await;
    chrome.read(".form .fault", "not on the public Internet").await;
    chrome.run("document.querySelector('#hook-url').value = ''").await;
    chrome.type_into("#hook-url", &receiver.url()).await;
    chrome.click("form button[type=submit]").await;
    chrome.read(".items b", &receiver.url()).await;

    let job = visit.enqueue("test.echo", json!({})).await;
    let first = receiver.next().await;
    visit.server.client.ended(&job).await;
    chrome.run(OPEN).await;
    chrome.read(".deliveries .items", "job.completed").await;
    chrome.read(".deliveries .remark-failed", "The endpoint answered 503.").await;
    chrome.click(".deliveries .items button").await;
    chrome.read("#said", "It is sent again.").await;
    let second = receiver.next().await;
    assert_eq!(first.header("webhook-id"), second.header("webhook-id"));
    visit.open("/ui/webhooks").await;
    chrome.see(".items details").await;
    chrome.run(OPEN).await;
    chrome.read(".deliveries .items", "delivered").await;
    chrome.picture("webhooks").await;
    assert_eq!(chrome.complaints().await, [""; 0]);
}

#[tokio::test]
async fn a_webhook_s_secret_is_changed_and_it_is_switched_off() {
    let Some(visit) = Visit::signed_in().await else { return };
    let (chrome, mut receiver) = (&visit.chrome, Receiver::answering(&[]));
    let hook = json!({ "endpoint_url": receiver.url(), "secret": "between us" });
    visit.server.client.post("/api/v1/webhooks", &hook).await;
    visit.open("/ui/webhooks").await;
    chrome.see(".items details").await;
    chrome.run("document.querySelectorAll('.items details summary')[1].click()").await;
    chrome.type_into(".items details[open] input", "another secret").await;
    chrome.click(".items details[open] button[type=submit]").await;
    chrome.read("#said", "For 24 hours both sign.").await;
    visit.enqueue("test.echo", json!({})).await;
    assert_eq!(receiver.next().await.all("x-pi-signature").len(), 2);

    let switch = "[...document.querySelectorAll('.items button')]
        .find(button => button.textContent === 'Switch off').click()";
    chrome.run(switch).await;
    chrome.read(".items .is-over", "switched off").await;
    let job = visit.enqueue("test.echo", json!({})).await;
    visit.server.client.ended(&job).await;
    assert!(receiver.is_silent());
}
