//! What people do by forms: many jobs at once, an action tried, a key made.

use serde_json::json;

use crate::browser::Visit;

#[tokio::test]
async fn many_jobs_are_submitted_again_at_once() {
    let Some(visit) = Visit::signed_in().await else { return };
    let chrome = &visit.chrome;
    for word in ["one", "two"] {
        let id = visit.enqueue("test.echo", json!({ "word": word })).await;
        visit.server.client.ended(&id).await;
    }
    visit.open("/ui/jobs").await;
    chrome.click("thead input[type=checkbox]").await;
    chrome.read(".chosen", "2 jobs chosen").await;
    chrome.run("[...document.querySelectorAll('.chosen button')][1].click()").await;
    chrome.read("#said", "2 jobs submitted again").await;
    chrome.until("document.querySelectorAll('tr[data-state=completed]').length === 4").await;
    let list = visit.server.client.get("/api/v1/jobs").await.body["data"]["data"].clone();
    let again = list.as_array().expect("jobs").iter().filter(|job| job["retry_of"].is_string());
    assert_eq!(again.count(), 2);
}

#[tokio::test]
async fn an_action_is_tried_from_its_form_to_its_result() {
    let Some(visit) = Visit::signed_in().await else { return };
    let chrome = &visit.chrome;
    visit.open("/ui/try/noop").await;
    chrome.see("#f-delay_ms").await;
    chrome.type_into("#f-delay_ms", "5").await;
    chrome.read(".block pre", "\"delay_ms\": 5").await;
    chrome.click("form button[type=submit]").await;
    chrome.read(".panel h2", "202 accepted").await;
    chrome.read(".job-state", "completed").await;
    chrome.read(".tree", "nonce").await;
    chrome.picture("try-result").await;
    // What the server refuses is said beside the field.
    chrome.run("document.querySelector('#f-delay_ms').removeAttribute('max')").await;
    chrome.type_into("#f-delay_ms", "55555").await;
    chrome.click("form button[type=submit]").await;
    chrome.read(".field .fault", "60000").await;
    let focused = "return document.activeElement.id";
    assert_eq!(chrome.run(focused).await, json!("f-delay_ms"));
}

#[tokio::test]
async fn a_key_is_made_shown_once_and_revoked() {
    let Some(visit) = Visit::signed_in().await else { return };
    let chrome = &visit.chrome;
    visit.open("/ui/keys").await;
    chrome.type_into("#key-name", "printer").await;
    chrome.click("form button[type=submit]").await;
    chrome.see(".secret-text").await;
    let secret = chrome.run("return document.querySelector('.secret-text').textContent").await;
    let client = visit.server.client.with_key(secret.as_str().expect("a key"));
    assert_eq!(client.get("/api/v1/jobs").await.status, 200);
    chrome
        .run(
            "[...document.querySelectorAll('.items li')]
        .find(li => li.textContent.includes('printer')).querySelector('button').click()",
        )
        .await;
    chrome.click("dialog .button-danger").await;
    chrome.read(".items .is-over", "printer").await;
    assert_eq!(client.get("/api/v1/jobs").await.status, 401);
    visit.open("/ui/keys").await;
    chrome.read(".items", "printer").await;
    let text = chrome.run("return document.body.innerText").await;
    assert!(!text.as_str().expect("text").contains(secret.as_str().expect("a key")));
}
