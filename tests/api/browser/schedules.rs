//! Schedules, as a person makes one, has it run out of turn, pauses and deletes it.

use serde_json::json;

use crate::browser::Visit;

/// Presses a button of the first schedule.
fn press(label: &str) -> String {
    format!(
        "[...document.querySelectorAll('.items button')]
            .find(button => button.textContent === '{label}').click()"
    )
}

#[tokio::test]
async fn a_schedule_is_made_run_paused_and_deleted() {
    let Some(visit) = Visit::signed_in().await else { return };
    let (chrome, client) = (&visit.chrome, &visit.server.client);
    visit.open("/ui/schedules").await;
    chrome.read(".empty-title", "Nothing is scheduled.").await;
    // What the server refuses is said beside the field.
    chrome.type_into("#f-cron", "every day").await;
    let choose = "const field = document.querySelector('#f-action'); field.value = 'test.echo';
        field.dispatchEvent(new Event('input'))";
    chrome.run(choose).await;
    chrome.click("form button[type=submit]").await;
    chrome.read(".field .fault", "five fields").await;
    chrome.run("document.querySelector('#f-cron').value = ''").await;
    chrome.type_into("#f-cron", "30 2 * * *").await;
    chrome.type_into("#f-name", "nightly").await;
    chrome.click("form button[type=submit]").await;
    chrome.read(".items b", "nightly").await;
    chrome.read(".items code", "30 2 * * *").await;
    let list = client.get("/api/v1/schedules").await.body["data"]["data"].take();
    assert_eq!((&list[0]["action"], &list[0]["overlap"]), (&json!("test.echo"), &json!("skip")));

    chrome.run(&press("Pause")).await;
    chrome.read(".items .tag", "paused").await;
    chrome.run(&press("Resume")).await;
    chrome.read(".items .tag", "skip").await;
    chrome.run(&press("Run now")).await;
    chrome.read(".job-state", "completed").await;
    visit.open("/ui/schedules").await;
    chrome.see(".items button").await;
    chrome.run(&press("Delete")).await;
    chrome.click(".dialog .button-danger").await;
    chrome.read(".empty-title", "Nothing is scheduled.").await;
    assert_eq!(client.get("/api/v1/schedules").await.body["data"]["data"], json!([]));
    assert_eq!(chrome.complaints().await, [""; 0]);
}
