//! What SQLite itself can do here, with the smallest rows that a queue could have.

use std::time::Instant;

use rusqlite::{Connection, params};

/// Jobs a transaction.
const BATCH: i64 = 100;

/// Jobs in all.
const JOBS: i64 = 20_000;

/// Jobs a second through insert, claim and finish in three durable transactions of 100 each.
pub(crate) fn lifecycles_a_second() -> f64 {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let connection = open(&directory);
    let began = Instant::now();
    for first in (0..JOBS).step_by(usize::try_from(BATCH).expect("small")) {
        let batch = first..first + BATCH;
        together(&connection, "insert into jobs values (?1, 'queued', ?2)", batch.clone());
        claim(&connection);
        together(
            &connection,
            "update jobs set state = 'completed', body = ?2 where id = ?1",
            batch,
        );
    }
    #[expect(clippy::cast_precision_loss, reason = "some ten thousand jobs")]
    let jobs = JOBS as f64;
    jobs / began.elapsed().as_secs_f64()
}

/// Takes a batch of jobs as a worker must: each by its turn, with what is to be done.
fn claim(connection: &Connection) {
    connection.execute_batch("begin immediate").expect("begin");
    let mut next = connection
        .prepare_cached("select id, body from jobs where state = 'queued' order by id limit 1")
        .expect("a statement");
    // With `returning` SQLite would build a table in memory for each, which costs as much again.
    let mut take = connection
        .prepare_cached("update jobs set state = 'processing' where id = ?1")
        .expect("a statement");
    for _ in 0..BATCH {
        let job = next.query_row([], |row| Ok((row.get(0)?, row.get(1)?)));
        let (id, _): (i64, String) = job.expect("a queued job");
        take.execute([id]).expect("a claim");
    }
    drop((next, take));
    connection.execute_batch("commit").expect("commit");
}

/// The median of a durable commit of one row, in milliseconds.
pub(crate) fn commit_ms() -> f64 {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let connection = open(&directory);
    let mut times: Vec<f64> = (0..1_000)
        .map(|id| {
            let began = Instant::now();
            together(&connection, "insert into jobs values (?1, 'queued', ?2)", id..id + 1);
            began.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    crate::percentile(&mut times, 0.5)
}

#[expect(clippy::disallowed_methods, reason = "a database of the bench's own, beside no store")]
fn open(directory: &tempfile::TempDir) -> Connection {
    let connection = Connection::open(directory.path().join("floor")).expect("a database");
    connection.pragma_update(None, "journal_mode", "wal").expect("wal");
    connection.pragma_update(None, "synchronous", "full").expect("full");
    connection
        .execute_batch(
            "create table jobs (id integer primary key, state text not null, body text not null);
             create index jobs_to_claim on jobs (id) where state = 'queued';",
        )
        .expect("a table");
    connection
}

fn together(connection: &Connection, sql: &str, ids: std::ops::Range<i64>) {
    let body = "x".repeat(200);
    connection.execute_batch("begin immediate").expect("begin");
    let mut statement = connection.prepare_cached(sql).expect("a statement");
    for id in ids {
        statement.execute(params![id, body]).expect("a row");
    }
    connection.execute_batch("commit").expect("commit");
}
