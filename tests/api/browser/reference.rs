//! The API reference: open to all, searched by any word, unfolded where one looks.

use serde_json::json;

use crate::browser::Visit;
use crate::reference::DOCUMENT;

const SHOWN: &str = "document.querySelectorAll('.operations > li').length";

#[tokio::test]
async fn the_reference_is_read_without_a_key() {
    let Some(visit) = Visit::begin().await else { return };
    let chrome = &visit.chrome;
    visit.open("/ui/reference").await;
    chrome.see(".reference-search").await;
    let routes = DOCUMENT["paths"].as_object().expect("paths").values();
    let methods = routes.flat_map(|path| path.as_object().expect("methods").keys());
    let told = methods.filter(|method| *method != "head").count();
    assert_eq!(chrome.run(&format!("return {SHOWN}")).await, json!(told));
    chrome.type_into(".reference-search", "jobs unique_job_exists").await;
    chrome.until(&format!("{SHOWN} > 0 && {SHOWN} < 6")).await;
    chrome.click("#create_jobs > summary").await;
    chrome.until("location.pathname === '/ui/reference/create_jobs'").await;
    let text = "document.querySelector('#create_jobs').innerText";
    for part in ["Idempotency-Key", "delay_seconds", "unique_job_exists", "curl -sS -X POST"] {
        chrome.until(&format!("{text}.includes('{part}')")).await;
    }
    chrome.picture("reference-operation").await;
    visit.open("/ui/reference/show_job").await;
    chrome.see("#show_job[open] .operation").await;
    let faults = "return document.querySelectorAll('.failure').length";
    assert_eq!(chrome.run(faults).await, json!(0));
}

#[tokio::test]
async fn every_route_unfolds() {
    let Some(visit) = Visit::begin().await else { return };
    let chrome = &visit.chrome;
    visit.open("/ui/reference").await;
    chrome.see(".reference-search").await;
    chrome
        .run("for (const one of document.querySelectorAll('.operations details')) one.open = true;")
        .await;
    chrome.until(&format!("document.querySelectorAll('.operation').length === {SHOWN}")).await;
}
