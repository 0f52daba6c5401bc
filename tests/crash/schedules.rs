//! Schedules that fall due while the process is killed: none is lost, none fires twice.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use serde_json::json;
use tempfile::TempDir;

use crate::client::Client;
use crate::server::Server;

/// How many schedules there are, and how many minutes each of them is late.
const SCHEDULES: usize = 40;
const MINUTES: usize = 45;

#[test]
fn kill_9_neither_loses_nor_doubles_a_firing() {
    let dir = TempDir::new().expect("a directory");
    let mut server = Server::start(dir.path());
    let key = server.first_key();
    let mut client = Client::new(&key);
    client.connect(server.address());
    for _ in 0..SCHEDULES {
        let body = json!({
            "cron": "* * * * *", "action": "noop", "overlap": "queue", "catch_up": 100,
            "is_active": false,
        });
        let answer = client.post("/api/v1/schedules", &body, None).expect("the server lives");
        assert_eq!(answer.status, 201, "{}", answer.body);
    }
    server.kill();
    put_back(dir.path());
    // Each server dies when it has fired some, in the middle of firing others.
    for fired in [3, 11, 24] {
        server = Server::start(dir.path());
        client.connect(server.address());
        while count_fired(&mut client) < fired {}
        server.kill();
    }
    server = Server::start(dir.path());
    client.connect(server.address());
    while count_fired(&mut client) < SCHEDULES {}
    server.kill();
    compare(dir.path());
}

fn count_fired(client: &mut Client) -> usize {
    let schedules = client.schedules().expect("the server lives");
    schedules.iter().filter(|schedule| schedule["last_at"].is_string()).count()
}

/// Lets each schedule have been due for a while, as if the server had been away. Its `created_at`
/// keeps since when, for the comparison.
fn put_back(dir: &Path) {
    let since = format!("(unixepoch() / 60 - {MINUTES}) * 60000");
    let sql =
        format!("update schedules set is_active = 1, next_at = {since}, created_at = {since}");
    assert_eq!(database(dir).execute(&sql, []), Ok(SCHEDULES));
}

/// Every minute from the first that was due to the last one fired has one job of each schedule.
fn compare(dir: &Path) {
    let database = database(dir);
    let count =
        |sql: &str| -> i64 { database.query_row(sql, [], |row| row.get(0)).expect("a count") };
    let doubled = "select count(*) from (
        select 1 from jobs
        group by json_extract(echo, '$.schedule_id'), json_extract(echo, '$.scheduled_at')
        having count(*) > 1
    )";
    assert_eq!(count(doubled), 0, "a firing was doubled");
    let lost = "select count(*) from schedules
        left join (
            select json_extract(echo, '$.schedule_id') as schedule, count(*) as fired
            from jobs
            group by 1
        ) on replace(schedule, '-', '') = lower(hex(id))
        where coalesce(fired, 0) <> (next_at - created_at) / 60000 or skipped > 0";
    assert_eq!(count(lost), 0, "a firing was lost");
    let jobs = usize::try_from(count("select count(*) from jobs")).expect("a count");
    assert!(jobs > MINUTES * SCHEDULES, "{jobs}");
}

fn database(dir: &Path) -> Connection {
    let path = dir.join(tidemill::store::sqlite::FILE_NAME);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    Connection::open_with_flags(path, flags).expect("the database opens")
}
