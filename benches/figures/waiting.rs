//! Ten thousand clients that wait: what they weigh, and how fast all are woken and read.

use std::time::{Duration, Instant};

use crate::client::{Connection, get, job_id, post};
use crate::server::{Process, Tidemill};
use crate::{bare, report};

/// Clients that wait at the same time.
const CLIENTS: usize = 10_000;

/// What ten thousand waiting clients cost.
struct Cost {
    bytes_each: f64,
    woken_ms: f64,
}

/// Measures the bare server, then Tidemill.
pub(crate) async fn measure() {
    bare::server_limits();
    let floor = bare_cost().await;
    let ours = tidemill_cost().await;
    report(
        "resident memory a waiting client, 10,000 of them",
        &format!(
            "{:.1} KB = {:.2} × {:.1} KB",
            ours.bytes_each / 1e3,
            ours.bytes_each / floor.bytes_each,
            floor.bytes_each / 1e3
        ),
        "≤ 1.25 × a bare actix-web server's",
    );
    report(
        "all 10,000, waiting for one job, woken and read",
        &format!(
            "{:.0} ms = {:.2} × {:.0} ms",
            ours.woken_ms,
            ours.woken_ms / floor.woken_ms,
            floor.woken_ms
        ),
        "≤ 1.4 × a bare actix-web server's",
    );
}

async fn bare_cost() -> Cost {
    let bare = bare::start();
    cost(&bare, &get("/wait", "none"), &post("/wake", "none", "")).await
}

async fn tidemill_cost() -> Cost {
    let tidemill = Tidemill::start();
    let mut connection =
        Connection::open(tidemill.process.port).await.expect("the server accepts connections");
    // Far in the future: it ends when it is cancelled.
    let submit = tidemill.submit_request(r#","delay_seconds":86400"#);
    let answer = connection.ask(&submit).await.expect("an answer");
    let job = job_id(&answer);
    let wait = get(
        &format!("/api/v1/jobs/{job}?wait_for_completion=true&timeout_seconds=30"),
        &tidemill.key,
    );
    let cancel = post(&format!("/api/v1/jobs/{job}/cancel"), &tidemill.key, "{}");
    cost(&tidemill.process, &wait, &cancel).await
}

async fn cost(server: &Process, wait: &[u8], wake: &[u8]) -> Cost {
    let before = server.resident();
    let mut clients = Vec::with_capacity(CLIENTS);
    for _ in 0..CLIENTS {
        let mut client = Connection::open(server.port).await.expect("a connection");
        client.send(wait).await.expect("a request is sent");
        clients.push(client);
    }
    // The last of them must have arrived before anything is measured.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let after = server.resident();
    // Opened late: an idle connection would have been closed by now.
    let mut waker = Connection::open(server.port).await.expect("a connection");
    let began = Instant::now();
    let woken = waker.ask(wake).await.expect("an answer");
    assert_eq!(woken.status, 200, "{}", String::from_utf8_lossy(&woken.body));
    for client in &mut clients {
        let answer = client.receive().await.expect("an answer");
        assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
    }
    let woken_ms = began.elapsed().as_secs_f64() * 1e3;
    #[expect(clippy::cast_precision_loss, reason = "some hundred megabytes")]
    let bytes_each = after.saturating_sub(before) as f64 / CLIENTS as f64;
    Cost { bytes_each, woken_ms }
}
