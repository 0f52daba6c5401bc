//! Many tabs: a browser gives an origin six connections, so a hidden tab gives its own back.

use serde_json::json;

use crate::browser::Visit;

#[tokio::test]
async fn ten_hidden_tabs_do_not_starve_the_one_that_is_seen() {
    let Some(visit) = Visit::signed_in().await else { return };
    let chrome = &visit.chrome;
    chrome.see(".menu-live[data-state=live]").await;
    let first = chrome.run("return document.title").await;
    let mut handles = Vec::new();
    for _ in 0..10 {
        handles.push(chrome.another_tab().await);
        visit.open("/ui/jobs").await;
        chrome.see(".menu-live[data-state=live]").await;
    }
    let id = visit.enqueue("test.echo", json!({})).await;
    chrome.read("tr[data-state=completed]", "test.echo").await;
    // One that was hidden meanwhile catches up when it is seen again, without a reload.
    chrome.turn_to(&handles[0]).await;
    chrome.read("tr[data-state=completed]", "test.echo").await;
    chrome.see(".menu-live[data-state=live]").await;
    chrome.run(&format!("document.querySelector('a[href$=\"{id}\"]').click()")).await;
    chrome.read(".job-state", "completed").await;
    assert!(first.as_str().expect("a title").contains("Tidemill"));
}
