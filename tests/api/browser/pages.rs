//! How it looks: light, dark, on a wide screen and on a phone. The pictures are for people; what a
//! machine can judge of them is judged here.

use serde_json::json;

use crate::browser::Visit;

/// The least contrast of a text with what is behind it, by WCAG's formula, over all texts of the
/// page whose ground is one colour.
const CONTRAST: &str = r"
    const channel = v => v <= 10.31 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4;
    const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    const color = text => text.match(/[\d.]+/g).map(Number);
    const ground = e => {
      for (; e; e = e.parentElement) {
        const c = color(getComputedStyle(e).backgroundColor);
        if (c.length === 3 || c[3] === 1) return c;
      }
      return [255, 255, 255];
    };
    let least = [21, ''];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const e = texts.currentNode.parentElement;
      if (!texts.currentNode.data.trim() || !e.checkVisibility()) continue;
      if (e.closest('svg, noscript, [aria-disabled=true], .skip')) continue;
      const pair = [color(getComputedStyle(e).color), ground(e)].map(light);
      const [a, b] = pair.sort((x, y) => y - x);
      const ratio = (a + 0.05) / (b + 0.05);
      if (ratio < least[0]) least = [ratio, e.className + ': ' + e.textContent.slice(0, 40)];
    }
    return least;
";

#[tokio::test]
async fn texts_are_legible_and_nothing_hangs_over_the_edge() {
    let Some(visit) = Visit::signed_in().await else { return };
    let chrome = &visit.chrome;
    for action in ["test.echo", "test.fail", "test.echo"] {
        let id = visit.enqueue(action, json!({"color": "#0B6B73"})).await;
        visit.server.client.ended(&id).await;
    }
    let job = visit.enqueue("test.gate", json!({})).await;
    visit.server.gate.entered().await;
    let run = visit
        .enqueue_run(json!([
            {"id": "one", "action": "test.echo"},
            {"id": "left", "action": "test.fail", "depends_on": ["one"]},
            {"id": "right", "action": "test.echo", "depends_on": ["one"]},
            {"id": "last", "action": "test.echo", "depends_on": ["left", "right"]},
        ]))
        .await;
    let wait = format!("/api/v1/runs/{run}?wait_for_completion=true");
    assert_eq!(visit.server.client.get(&wait).await.body["status"], "failed");
    let nightly = json!({
        "name": "nightly", "cron": "30 2 * * *", "time_zone": "Europe/Berlin",
        "action": "test.echo",
    });
    visit.server.client.post("/api/v1/schedules", &nightly).await;
    let hook = json!({
        "endpoint_url": "https://hooks.example/a/path/that/takes/more/than/a/line/of/a/phone",
        "secret": "between us", "events": ["run.cancelled"],
    });
    visit.server.client.post("/api/v1/webhooks", &hook).await;
    let (job, run) = (format!("/ui/jobs/{job}"), format!("/ui/runs/{run}"));
    let views = [
        ("now", "/"),
        ("jobs", "/ui/jobs"),
        ("job", &job),
        ("run", &run),
        ("try", "/ui/try/noop"),
        ("schedules", "/ui/schedules"),
        ("hooks", "/ui/webhooks"),
        ("keys", "/ui/keys"),
        ("reference", "/ui/reference/show_job"),
    ];
    for (scheme, width) in [("light", 1440), ("dark", 1440), ("light", 390), ("dark", 390)] {
        chrome.screen(width, 900).await;
        chrome.scheme(scheme).await;
        for (name, path) in views {
            visit.open(path).await;
            chrome.see("#main h1").await;
            chrome.picture(&format!("{name}-{scheme}-{width}")).await;
            let over = "const page = document.documentElement;
                return page.scrollWidth > Math.max(page.clientWidth, innerWidth)";
            assert_eq!(chrome.run(over).await, json!(false), "{name} at {width}");
            let least = chrome.run(CONTRAST).await;
            assert!(least[0].as_f64() >= Some(4.5), "{name}, {scheme}, {width}: {least}");
        }
    }
    visit.server.gate.open();
}

#[tokio::test]
async fn on_a_phone_the_menu_opens_and_closes() {
    let Some(visit) = Visit::signed_in().await else { return };
    let chrome = &visit.chrome;
    chrome.screen(390, 800).await;
    let shown = "document.querySelector('nav a[data-page=jobs]').checkVisibility()";
    chrome.until(&format!("!{shown}")).await;
    chrome.click(".menu-opener").await;
    chrome.until(shown).await;
    chrome.picture("menu-phone").await;
    chrome.click("nav a[data-page=jobs]").await;
    chrome.until("location.pathname === '/ui/jobs'").await;
    chrome.until(&format!("!{shown}")).await;
}
