//! Clients that post jobs and look at them, whatever happens to the server.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;

use serde_json::{Value, json};

use crate::client::{Answer, Client, Unanswered};

/// How many clients post at once.
const CLIENTS: usize = 8;

/// Clients at work.
pub(crate) struct Load {
    desk: Arc<Desk>,
    clients: Vec<JoinHandle<()>>,
}

/// What all clients saw together.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// The jobs for which a 202 came, each with the result that somebody saw.
    pub(crate) accepted: BTreeMap<String, Option<Value>>,
    /// The runs for which a 202 came.
    pub(crate) runs: BTreeSet<String>,
    /// Requests that were sent, and not sent again, without an answer.
    pub(crate) unanswered: usize,
}

impl Load {
    /// Starts the clients; they wait for a server.
    pub(crate) fn begin(key: &str) -> Self {
        let desk = Arc::new(Desk::default());
        let clients = (0..CLIENTS).map(|number| {
            let (client, desk) = (Client::new(key), Arc::clone(&desk));
            std::thread::spawn(move || work(number, client, &desk))
        });
        Self { clients: clients.collect(), desk }
    }

    /// Tells the clients where the server is.
    pub(crate) fn send_to(&self, address: SocketAddr) {
        self.desk.change(|state| state.server = Some(address));
    }

    /// Tells the clients that there is no server now.
    pub(crate) fn send_nowhere(&self) {
        self.desk.change(|state| state.server = None);
    }

    /// Waits until so many further jobs were accepted.
    pub(crate) fn wait_for_accepted(&self, further: usize) {
        let state = self.desk.state();
        let goal = state.seen.accepted.len() + further;
        let waited = self.desk.changed.wait_while(state, |state| {
            assert!(!state.broken, "a client has failed");
            state.seen.accepted.len() < goal
        });
        drop(waited.expect("no client has panicked"));
    }

    /// Lets each client come to its end.
    pub(crate) fn end(self) -> Seen {
        self.desk.change(|state| state.over = true);
        for client in self.clients {
            client.join().expect("a client ends well");
        }
        std::mem::take(&mut self.desk.state().seen)
    }
}

/// Where clients learn where the server is, and leave what they saw.
#[derive(Default)]
struct Desk {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    server: Option<SocketAddr>,
    seen: Seen,
    over: bool,
    /// A client has panicked; its own thread says why.
    broken: bool,
}

impl Desk {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no client has panicked")
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.state());
        self.changed.notify_all();
    }

    /// Waits for a server; `None` when the work is over.
    fn next_server(&self) -> Option<SocketAddr> {
        let waiting = |state: &mut State| state.server.is_none() && !state.over;
        let state = self.changed.wait_while(self.state(), waiting);
        let state = state.expect("no client has panicked");
        if state.over { None } else { state.server }
    }

    fn is_over(&self) -> bool {
        self.state().over
    }

    /// A 202 came for the job.
    fn accepted(&self, id: &str) {
        self.change(|state| {
            state.seen.accepted.entry(id.to_owned()).or_default();
        });
    }

    /// Somebody saw the job completed.
    fn completed(&self, id: &str, result: &Value) {
        self.change(|state| {
            let known = state.seen.accepted.get_mut(id).expect("an accepted job");
            let before = known.get_or_insert_with(|| result.clone());
            assert_eq!(before, result, "{id} shows two results");
        });
    }
}

/// Tells the desk when its thread panics, so that nobody waits for it.
struct Alarm<'a>(&'a Desk);

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            if let Ok(mut state) = self.0.state.lock() {
                state.broken = true;
            }
            self.0.changed.notify_all();
        }
    }
}

/// Posts job after job, half of them with an idempotency key, and looks at some again.
fn work(number: usize, mut client: Client, desk: &Desk) {
    let _alarm = Alarm(desk);
    let mut latest: Option<String> = None;
    for round in 0.. {
        if desk.is_over() {
            return;
        }
        let delay_ms = [0, 0, 3, 20][round % 4];
        let body = json!({
            "action": "noop",
            "input": { "delay_ms": delay_ms },
            // Each kill may cost an attempt of whatever runs; none may run out of them.
            "max_attempts": 25,
        });
        if round % 5 == 4 {
            start_run(&mut client, desk, &format!("run-{number}-{round}"));
        }
        let key = (round % 2 == 0).then(|| format!("client-{number}-{round}"));
        let Some(id) = post(&mut client, desk, &body, key.as_deref()) else { continue };
        look(&mut client, desk, &id);
        if let Some(before) = latest.replace(id) {
            look(&mut client, desk, &before);
        }
    }
}

/// Starts a run in which one step opens the way for two, and a last one takes from all three.
fn start_run(client: &mut Client, desk: &Desk, key: &str) {
    let step = |id: &str, on: &[&str], delay_ms: u32| {
        let takes = on.iter().map(|on| (format!("of_{on}"), format!("$steps.{on}.result.nonce")));
        json!({
            "id": id, "action": "noop", "input": {"delay_ms": delay_ms}, "depends_on": on,
            "input_map": takes.collect::<BTreeMap<_, _>>(),
        })
    };
    let body = json!({"steps": [
        step("last", &["left", "right", "first"], 0),
        step("left", &["first"], 3),
        step("right", &["first"], 1),
        step("first", &[], 0),
    ]});
    if let Some(answer) = post_to(client, desk, "/api/v1/runs", &body, Some(key)) {
        let id = answer["data"]["run_id"].as_str().expect("a run id").to_owned();
        desk.change(|state| {
            state.seen.runs.insert(id);
        });
    }
}

/// Posts a job until it is answered; its id.
fn post(client: &mut Client, desk: &Desk, body: &Value, key: Option<&str>) -> Option<String> {
    let answer = post_to(client, desk, "/api/v1/jobs", body, key)?;
    let id = answer["data"]["job_id"].as_str().expect("a job id").to_owned();
    desk.accepted(&id);
    Some(id)
}

/// Posts until it is answered; without a key only once, because each time is another job.
fn post_to(
    client: &mut Client,
    desk: &Desk,
    path: &str,
    body: &Value,
    key: Option<&str>,
) -> Option<Value> {
    let mut sent = false;
    loop {
        match client.post(path, body, key) {
            Ok(Answer { status: 202, body }) => return Some(body),
            Ok(answer) => panic!("{answer:?}"),
            Err(reason) => sent |= reason == Unanswered::Broken,
        }
        let next = desk.next_server();
        if let Some(address) = next {
            client.connect(address);
        }
        if sent && (key.is_none() || next.is_none()) {
            desk.change(|state| state.seen.unanswered += 1);
            return None;
        }
        next?;
    }
}

fn look(client: &mut Client, desk: &Desk, id: &str) {
    let Ok(job) = client.job(id) else { return };
    match job.result {
        Some(result) => desk.completed(id, &result),
        None => assert!(matches!(job.status.as_str(), "queued" | "processing"), "{id}: {job:?}"),
    }
}
