//! Submits a second, jobs a second, and the time from a POST to the long-poll's answer.

use std::cell::Cell;
use std::time::Instant;

use futures_util::future::join_all;

use crate::client::{Connection, get, job_id, post};
use crate::server::Tidemill;
use crate::{bare, floor, percentile, report};

/// Clients that ask at the same time.
const CLIENTS: usize = 64;

/// Requests a measurement: about two seconds' worth.
const REQUESTS: u64 = 60_000;

/// Measurements a figure; the median counts.
const ROUNDS: usize = 3;

/// What each client does again and again.
#[derive(Clone)]
enum Work {
    /// One request, answered with this status.
    Ask(Vec<u8>, u16),
    /// A job: its POST, then a long-poll with this key until it is completed.
    Job(Vec<u8>, String),
    /// A job whose POST waits until it is completed.
    Whole(Vec<u8>),
}

/// Durable submits, one job a request, against a bare JSON echo with the same client.
pub(crate) async fn submit() {
    let bare = bare::start();
    let body = format!(r#"{{"text":"{}"}}"#, "x".repeat(185));
    let echo = Work::Ask(post("/echo", "none", &body), 200);
    let (mut floors, mut submits) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        floors.push(rate(bare.port, &echo, REQUESTS).await);
        let tidemill = Tidemill::start();
        // Delayed, so that only the accepting is measured.
        let submit = Work::Ask(tidemill.submit_request(r#","delay_seconds":86400"#), 202);
        submits.push(rate(tidemill.process.port, &submit, REQUESTS).await);
    }
    let floor = percentile(&mut floors, 0.5);
    let submit = percentile(&mut submits, 0.5);
    report(
        "durable submits a second, 64 clients",
        &format!("{submit:.0}/s = {:.0} % of {floor:.0}/s", 100.0 * submit / floor),
        "≥ 30 % of a bare actix-web echo",
    );
}

/// No-op jobs from POST to completed, one connection a job in flight: by a POST and a long-poll,
/// and by one POST that waits.
pub(crate) async fn complete() {
    let (mut floors, mut polled, mut waited) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        floors.push(floor::lifecycles_a_second());
        let tidemill = Tidemill::start();
        let job = Work::Job(tidemill.submit_request(""), tidemill.key.clone());
        polled.push(rate(tidemill.process.port, &job, REQUESTS / 3).await);
        let tidemill = Tidemill::start();
        let job = Work::Whole(tidemill.waiting_request());
        waited.push(rate(tidemill.process.port, &job, REQUESTS / 3).await);
    }
    let sqlite = percentile(&mut floors, 0.5);
    for (how, rates) in
        [("POST, then a long-poll", &mut polled), ("a POST that waits", &mut waited)]
    {
        let jobs = percentile(rates, 0.5);
        report(
            &format!("no-op jobs to completed, 64 in flight: {how}"),
            &format!("{jobs:.0}/s = {:.1} % of {sqlite:.0}/s", 100.0 * jobs / sqlite),
            "≥ 14 % of SQLite's insert+claim+finish",
        );
    }
}

/// One client on an idle server: from before the POST to the long-poll's answer.
pub(crate) async fn latency() {
    let tidemill = Tidemill::start();
    let job = Work::Job(tidemill.submit_request(""), tidemill.key.clone());
    let mut connection = connect(tidemill.process.port).await;
    let mut times = Vec::new();
    for round in 0..2_200 {
        let began = Instant::now();
        job.once(&mut connection).await;
        // The first two hundred warm caches that a running server has warm.
        if round >= 200 {
            times.push(began.elapsed().as_secs_f64() * 1e3);
        }
    }
    let commit = floor::commit_ms();
    let p50 = percentile(&mut times, 0.5);
    let p99 = percentile(&mut times, 0.99);
    report(
        "POST to the long-poll's answer, no-op, idle, one client",
        &format!("p50 {p50:.2} ms, p99 {p99:.2} ms"),
        &format!("p50 ≤ {:.2} ms (commit {commit:.2} ms), p99 ≤ 8 ms", 2.0 * commit + 0.6),
    );
}

/// How often a second `CLIENTS` clients together do `work`, over `total` times.
async fn rate(port: u16, work: &Work, total: u64) -> f64 {
    let left = Cell::new(total);
    let mut connections = Vec::new();
    for _ in 0..CLIENTS {
        connections.push(connect(port).await);
    }
    let began = Instant::now();
    join_all(connections.into_iter().map(|mut connection| {
        let left = &left;
        async move {
            while left.get() > 0 {
                left.set(left.get() - 1);
                work.once(&mut connection).await;
            }
        }
    }))
    .await;
    #[expect(clippy::cast_precision_loss, reason = "some ten thousand requests")]
    let total = total as f64;
    total / began.elapsed().as_secs_f64()
}

async fn connect(port: u16) -> Connection {
    Connection::open(port).await.expect("the server accepts connections")
}

impl Work {
    async fn once(&self, connection: &mut Connection) {
        match self {
            Self::Ask(request, status) => {
                let answer = connection.ask(request).await.expect("an answer");
                assert_eq!(answer.status, *status, "{}", String::from_utf8_lossy(&answer.body));
            }
            Self::Whole(request) => {
                let answer = connection.ask(request).await.expect("an answer");
                let body = String::from_utf8_lossy(&answer.body);
                assert!(body.contains(r#""status":"completed""#), "{} {body}", answer.status);
            }
            Self::Job(request, key) => {
                let answer = connection.ask(request).await.expect("an answer");
                assert_eq!(answer.status, 202, "{}", String::from_utf8_lossy(&answer.body));
                let path = format!(
                    "/api/v1/jobs/{}?wait_for_completion=true&timeout_seconds=20",
                    job_id(&answer)
                );
                let answer = connection.ask(&get(&path, key)).await.expect("an answer");
                let body = String::from_utf8_lossy(&answer.body);
                assert!(body.contains(r#""status":"completed""#), "{body}");
            }
        }
    }
}
