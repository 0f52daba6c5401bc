//! Without a mouse: every way is one of Tab, Enter, Space, Escape; and the focus can be seen.

use serde_json::json;

use crate::browser::Visit;

const TAB: &str = "\u{E004}";
const ENTER: &str = "\u{E007}";
const ESCAPE: &str = "\u{E00C}";

#[tokio::test]
async fn everything_is_reached_by_keys_alone() {
    let Some(visit) = Visit::begin().await else { return };
    let chrome = &visit.chrome;
    let id = visit.enqueue("test.gate", json!({})).await;
    visit.server.gate.entered().await;
    // The field has the focus: who has the key pastes it and presses Enter.
    chrome.until("document.activeElement?.id === 'key'").await;
    let key = visit.server.client.key.clone().expect("a key");
    chrome.type_into("#key", &key).await;
    chrome.press(&[ENTER]).await;
    chrome.see("nav.menu").await;
    tab_to(&visit, "document.activeElement.dataset.page === 'jobs'").await;
    chrome.press(&[ENTER]).await;
    chrome.see(".table-jobs").await;
    // The page's title has the focus: a screen reader says where we are.
    chrome.until("document.activeElement.tagName === 'H1'").await;
    tab_to(&visit, "document.activeElement.matches('a.action')").await;
    let ring = "return getComputedStyle(document.activeElement).outlineStyle";
    assert_eq!(chrome.run(ring).await, json!("solid"));
    chrome.press(&[ENTER]).await;
    chrome.until(&format!("location.pathname === '/ui/jobs/{id}'")).await;
    tab_to(&visit, "document.activeElement.textContent === 'Cancel'").await;
    chrome.press(&[ENTER]).await;
    chrome.see("dialog[open]").await;
    chrome.press(&[ESCAPE]).await;
    chrome.until("!document.querySelector('dialog')").await;
    tab_to(&visit, "document.activeElement.textContent === 'Cancel'").await;
    chrome.press(&[ENTER]).await;
    tab_to(&visit, "document.activeElement.matches('dialog .button-danger')").await;
    chrome.press(&[ENTER]).await;
    chrome.read(".job-state", "cancelled").await;
    visit.server.gate.open();
}

/// Presses Tab until the condition holds; a hundred times is more than any page has stops.
async fn tab_to(visit: &Visit, condition: &str) {
    let chrome = &visit.chrome;
    for _ in 0..100 {
        if chrome.run(&format!("return Boolean({condition})")).await == json!(true) {
            return;
        }
        chrome.press(&[TAB]).await;
    }
    panic!("no Tab leads to `{condition}`");
}

#[tokio::test]
async fn every_field_and_button_has_a_name() {
    let Some(visit) = Visit::signed_in().await else { return };
    let chrome = &visit.chrome;
    let id = visit.enqueue("test.echo", json!({"a": {"b": 1}})).await;
    visit.server.client.ended(&id).await;
    let job = format!("/ui/jobs/{id}");
    for path in ["/", "/ui/jobs", &job, "/ui/runs", "/ui/try", "/ui/keys", "/ui/brands", "/ui/ads"]
    {
        visit.open(path).await;
        chrome.see("#main h1").await;
        let nameless = "
            const named = e => e.textContent.trim() || e.ariaLabel || e.labels?.length || e.title;
            const all = 'button, a[href], input, select, textarea, [role=img], [role=progressbar]';
            return [...document.querySelectorAll(all)]
              .filter(e => !named(e))
              .map(e => e.outerHTML.slice(0, 120));
        ";
        assert_eq!(chrome.run(nameless).await, json!([]), "{path}");
        let headings = "return document.querySelectorAll('h1').length";
        assert_eq!(chrome.run(headings).await, json!(1), "{path}");
    }
}
