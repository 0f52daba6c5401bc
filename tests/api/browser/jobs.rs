//! Signing in, watching, filtering, opening, cancelling.

use serde_json::json;
use tidemill::domain::key::Scope;

use crate::browser::Visit;

#[tokio::test]
async fn nothing_is_shown_without_a_key() {
    let Some(visit) = Visit::begin().await else { return };
    let chrome = &visit.chrome;
    visit.enqueue("test.echo", json!({})).await;
    visit.open("/ui/jobs").await;
    chrome.see("#key").await;
    assert_eq!(chrome.run("return document.querySelector('nav')").await, json!(null));
    chrome.type_into("#key", "pi_live_wrong").await;
    chrome.click("button[type=submit]").await;
    chrome.read(".fault", "does not know that key").await;
    chrome.picture("sign-in").await;
}

#[tokio::test]
async fn a_job_is_watched_from_queued_to_completed_without_a_reload() {
    let Some(visit) = Visit::signed_in().await else { return };
    let chrome = &visit.chrome;
    visit.open("/ui/jobs").await;
    chrome.read(".empty-title", "No jobs yet").await;
    chrome.run("window.sameDocument = true").await;
    // All four workers stand at the gate, so that the fifth job waits.
    for _ in 0..4 {
        visit.enqueue("test.gate", json!({})).await;
        visit.server.gate.entered().await;
    }
    visit.enqueue("test.echo", json!({"said": "hello"})).await;
    chrome.read("tr[data-state=queued]", "test.echo").await;
    chrome.read("tr[data-state=processing]", "test.gate").await;
    chrome.picture("jobs-live").await;
    for _ in 0..4 {
        visit.server.gate.open();
    }
    chrome.read("tr[data-state=completed]", "test.echo").await;
    chrome.until("document.querySelectorAll('tr[data-state=completed]').length === 5").await;
    assert_eq!(chrome.run("return window.sameDocument").await, json!(true));
    assert_eq!(chrome.complaints().await, Vec::<String>::new());
}

#[tokio::test]
async fn filters_stand_in_the_address() {
    let Some(visit) = Visit::signed_in().await else { return };
    let chrome = &visit.chrome;
    for action in ["test.echo", "test.fail"] {
        let id = visit.enqueue(action, json!({})).await;
        visit.server.client.ended(&id).await;
    }
    visit.open("/ui/jobs").await;
    chrome.until("document.querySelectorAll('.table-jobs tbody tr').length === 2").await;
    chrome.run("[...document.querySelectorAll('.segments a')][4].click()").await;
    chrome.until("location.search === '?status=failed'").await;
    chrome.until("document.querySelectorAll('.table-jobs tbody tr').length === 1").await;
    chrome.read(".table-jobs", "test.fail").await;
    visit.open("/ui/jobs?action=test.echo").await;
    chrome.read(".table-jobs tbody", "test.echo").await;
    chrome.until("document.querySelectorAll('.table-jobs tbody tr').length === 1").await;
    chrome.run("history.back()").await;
    chrome.read(".table-jobs tbody", "test.fail").await;
}

#[tokio::test]
async fn a_job_is_cancelled_after_a_question() {
    let Some(visit) = Visit::signed_in().await else { return };
    let chrome = &visit.chrome;
    let id = visit.enqueue("test.gate", json!({})).await;
    visit.server.gate.entered().await;
    visit.open(&format!("/ui/jobs/{id}")).await;
    chrome.read(".job-state", "processing").await;
    chrome.click(".head-actions button").await;
    chrome.click("dialog .button-danger").await;
    chrome.read(".job-state", "cancelled").await;
    chrome.picture("job-cancelled").await;
    assert_eq!(visit.server.client.ended(&id).await["error_code"], "cancelled");
    visit.server.gate.open();
}

#[tokio::test]
async fn a_run_is_opened_and_its_steps_move() {
    let Some(visit) = Visit::signed_in().await else { return };
    let chrome = &visit.chrome;
    let run = visit
        .enqueue_run(json!([
            {"id": "first", "action": "test.gate", "input": {"word": "tide"}},
            {"id": "second", "action": "test.echo", "depends_on": ["first"],
             "input_map": {"given": "$steps.first.result.word"}},
        ]))
        .await;
    visit.server.gate.entered().await;
    visit.open("/ui/runs").await;
    chrome.click(".table-runs a.action").await;
    chrome.until(&format!("location.pathname === '/ui/runs/{run}'")).await;
    chrome.see(".step-processing[data-step=first]").await;
    chrome.see(".step-pending[data-step=second]").await;
    chrome.picture("run-live").await;
    visit.server.gate.open();
    chrome.see(".step-completed[data-step=second]").await;
    chrome.click("[data-step=second] rect").await;
    chrome.read("[data-panel=step]", "given").await;
    chrome.read("[data-panel=step]", "tide").await;
    chrome.until("location.search === '?step=second'").await;
    assert_eq!(chrome.complaints().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_key_sees_what_its_scopes_allow() {
    let Some(visit) = Visit::begin().await else { return };
    let chrome = &visit.chrome;
    let reader = visit.server.client_with(&[Scope::Read]).await;
    visit.sign_in(reader.key.as_deref().expect("a key")).await;
    chrome.see("nav a[data-page=jobs]").await;
    for page in ["keys", "try", "webhooks"] {
        let link = format!("return document.querySelector('nav a[data-page={page}]')");
        assert_eq!(chrome.run(&link).await, json!(null), "{page}");
    }
    chrome.see("[data-panel=hour]").await;
    let text = chrome.run("return document.body.innerText").await;
    assert!(!text.as_str().expect("text").contains("Organizations"), "{text}");
}
