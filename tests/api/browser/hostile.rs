//! Names, errors and results are data: whatever they say, they stand there as text.

use serde_json::json;

use crate::browser::Visit;

/// Texts that would run, were they markup, an address or a template.
const HOSTILE: [&str; 5] = [
    "<img src=x onerror='window.ran=1'>",
    "<script>window.ran=1</script>",
    "javascript:window.ran=1",
    "\"><svg onload=window.ran=1>",
    "{{constructor.constructor('window.ran=1')()}}",
];

#[tokio::test]
async fn a_hostile_result_runs_nothing() {
    let Some(visit) = Visit::signed_in().await else { return };
    let chrome = &visit.chrome;
    let input = json!({
        HOSTILE[0]: HOSTILE, "image_url": HOSTILE[2], "url": HOSTILE[2], "nested": {"a": HOSTILE},
    });
    let id = visit.enqueue("test.echo", input).await;
    visit.server.client.ended(&id).await;
    visit.open(&format!("/ui/jobs/{id}")).await;
    chrome.read("[data-panel=result]", HOSTILE[0]).await;
    chrome.run("for (const d of document.querySelectorAll('details')) d.open = true").await;
    chrome.read("[data-panel=result]", HOSTILE[1]).await;
    chrome.read("[data-panel=input]", HOSTILE[3]).await;
    chrome.picture("job-hostile").await;
    let made = "return document.querySelectorAll('.tree img, .tree script, .tree svg').length";
    assert_eq!(chrome.run(made).await, json!(0));
    let links = "return [...document.querySelectorAll('a[href], img[src]')]
        .filter(e => /^javascript:/i.test(e.getAttribute('href') ?? e.getAttribute('src'))).length";
    assert_eq!(chrome.run(links).await, json!(0));
    assert_eq!(chrome.run("return window.ran ?? null").await, json!(null));
    assert_eq!(chrome.complaints().await, Vec::<String>::new());
}

#[tokio::test]
async fn the_browser_itself_refuses_markup_from_text() {
    let Some(visit) = Visit::signed_in().await else { return };
    let chrome = &visit.chrome;
    let tried = chrome
        .run(
            "try { document.body.innerHTML = '<img src=x onerror=\"window.ran=1\">'; return 'set'; }
             catch (error) { return error.name; }",
        )
        .await;
    assert_eq!(tried, json!("TypeError"));
    let inline = "const s = document.createElement('style'); s.textContent = 'body{display:none}';
        document.head.append(s); return getComputedStyle(document.body).display";
    assert_eq!(chrome.run(inline).await, json!("block"));
}
