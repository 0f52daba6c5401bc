//! The real binary under load, killed with SIGKILL at moments that nobody chose.
//!
//! Clients post jobs and runs over HTTP while the process is killed and started again on the same
//! data directory. Every 202 that a client saw is there afterwards and ends; a request repeated
//! with its idempotency key made one job or run; no job shows two results, and each step was given
//! what it takes; a webhook was told of every end. Nothing sleeps: the clients wait for the next
//! server's address, the killer for a number of accepted jobs.

mod client;
mod endpoint;
mod load;
mod pictures;
mod schedules;
mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use tempfile::TempDir;
use tidemill::domain::ids::JobId;

use crate::client::{Answer, Client};
use crate::endpoint::Endpoint;
use crate::load::{Load, Seen};
use crate::server::Server;

#[test]
fn kill_9_loses_no_accepted_job() {
    kill_under_load(5);
}

#[test]
#[ignore = "takes minutes"]
fn a_hundred_kill_9_lose_no_accepted_job() {
    kill_under_load(100);
}

fn kill_under_load(kills: usize) {
    let dir = TempDir::new().expect("a directory");
    let mut server = Server::start(dir.path());
    let key = server.first_key();
    let endpoint = Endpoint::listen();
    let mut client = Client::new(&key);
    client.connect(server.address());
    tell(&mut client, &endpoint);
    let load = Load::begin(&key);
    for _ in 0..kills {
        load.send_to(server.address());
        load.wait_for_accepted(moment());
        server.kill();
        load.send_nowhere();
        server = Server::start(dir.path());
    }
    load.send_to(server.address());
    load.wait_for_accepted(moment());
    let seen = load.end();

    client.connect(server.address());
    for (id, result) in &seen.accepted {
        let job = client.wait_for(id).expect("the server lives");
        assert_eq!(job.status, "completed", "{id}: {job:?}");
        assert!(result.is_none() || job.result == *result, "{id} shows two results");
    }
    assert!(!seen.runs.is_empty());
    for id in &seen.runs {
        check_run(&client.wait_for_run(id).expect("the server lives"));
    }
    endpoint.wait_for(seen.accepted.keys().chain(&seen.runs));
    compare_with_database(&mut server, dir.path(), &seen);
}

/// Lets the server tell the endpoint of every end.
fn tell(client: &mut Client, endpoint: &Endpoint) {
    let events = ["job.completed", "job.failed", "run.completed", "run.failed"];
    let hook =
        json!({"endpoint_url": endpoint.url(), "secret": "between you and me", "events": events});
    let made = client.post("/api/v1/webhooks", &hook, None);
    assert!(matches!(made, Ok(Answer { status: 201, .. })), "{made:?}");
}

/// Each step has been given what its dependencies say to this day, and began after their ends.
fn check_run(run: &Value) {
    let steps = run["steps"].as_array().expect("steps");
    let step = |id: &Value| steps.iter().find(|step| step["id"] == *id).expect("a step");
    if run["status"] == "failed" {
        // A step has three attempts, and may lose one to each kill.
        assert!(steps.iter().any(|step| step["error_code"] == "worker_lost"), "{run}");
        return;
    }
    assert_eq!(run["status"], "completed", "{run}");
    for this in steps {
        let depends_on = this["depends_on"].as_array().expect("a list");
        assert_eq!(this["mapped"].as_object().map(serde_json::Map::len), Some(depends_on.len()));
        for on in depends_on {
            let field = format!("of_{}", on.as_str().expect("an id"));
            assert_eq!(this["mapped"][field], step(on)["result"]["nonce"], "{run}");
            assert!(this["started_at"].as_i64() >= step(on)["completed_at"].as_i64(), "{run}");
        }
    }
}

/// After how many further accepted jobs the next kill comes: 1 to 300, from fresh randomness.
fn moment() -> usize {
    let id = JobId::mint();
    let bytes = id.as_bytes();
    1 + usize::from(u16::from_le_bytes([bytes[14], bytes[15]])) % 300
}

/// Reads the database when no process has it, as the last kill left it.
fn compare_with_database(server: &mut Server, dir: &Path, seen: &Seen) {
    server.kill();
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    let path = dir.join(tidemill::store::sqlite::FILE_NAME);
    let database = Connection::open_with_flags(path, flags).expect("the database opens");
    let text =
        |sql: &str| -> String { database.query_row(sql, [], |row| row.get(0)).expect("an answer") };
    assert_eq!(text("pragma integrity_check"), "ok");
    let count =
        |sql: &str| -> usize { database.query_row(sql, [], |row| row.get(0)).expect("a count") };
    // Every lease but the last has ended without an end of the job; the last one completed it.
    let otherwise = "select count(*) from jobs
        where run_id is null and internal = 0 and state <> 'completed'
            or state = 'completed'
                and lease_epoch - 1 <> (select count(*) from attempts where job_id = jobs.id)";
    assert_eq!(count(otherwise), 0);
    assert_eq!(count("select count(*) from runs where finished_at is null"), 0);
    let unfinished = "select count(*) from jobs where internal = 0 and finished_at is null";
    assert_eq!(count(unfinished), 0);
    assert_eq!(count("select count(*) from pragma_foreign_key_check"), 0);

    check_messages(&database);

    // Each request made one job, however often it was sent. Only where a request without a key
    // was never answered, nobody can know.
    let stored = count("select count(*) from jobs where run_id is null and internal = 0");
    let distinct: BTreeSet<_> = seen.accepted.keys().collect();
    assert!(stored >= distinct.len(), "{stored} jobs, {} accepted", distinct.len());
    let runs = count("select count(*) from runs");
    assert!((seen.runs.len()..=seen.runs.len() + seen.unanswered).contains(&runs), "{runs} runs");
    assert!(
        stored <= distinct.len() + seen.unanswered,
        "{stored} jobs, {} accepted, {} unanswered",
        distinct.len(),
        seen.unanswered
    );
}

/// Each end has one message, stored with it: to be delivered, or delivered.
fn check_messages(database: &Connection) {
    let texts = |sql: &str| -> Vec<String> {
        let mut statement = database.prepare(sql).expect("a statement");
        let rows = statement.query_map([], |row| row.get(0)).expect("rows");
        rows.collect::<Result<_, _>>().expect("texts")
    };
    let mut told = BTreeMap::<String, usize>::new();
    let subjects = "select replace(
            coalesce(json_extract(event, '$.subject.job'), json_extract(event, '$.subject.run')),
            '-', ''
        )
        from deliveries";
    for subject in texts(subjects) {
        *told.entry(subject).or_default() += 1;
    }
    // A step that waited in vain for another is nobody's failure.
    let ended = "select lower(hex(id)) from jobs
        where internal = 0 and coalesce(error_code, '') <> 'dependency_failed'
        union all
        select lower(hex(id)) from runs";
    let ended: BTreeMap<String, usize> = texts(ended).into_iter().map(|id| (id, 1)).collect();
    assert_eq!(told, ended);
}
