//! A database of every older schema opens, moves to the newest, and still has what was in it.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tempfile::TempDir;
use tidemill::domain::ids::{JobId, OrgId};
use tidemill::domain::job::JobState;
use tidemill::store::sqlite::{FILE_NAME, WriterHooks, newest_schema};
use tidemill::store::{Orgs as _, StoreReader as _};

use crate::fixture::{at, claim_one, completed, database, finish, state};
use crate::reopen;

/// The migrations as files, in order.
fn migrations() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/sqlite/migrations");
    let files = std::fs::read_dir(directory).expect("the migrations");
    let mut files: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    files.sort();
    files
}

/// What an older version left behind: a job that waits, and one that has ended.
struct Left {
    org: OrgId,
    waiting: JobId,
    ended: JobId,
}

/// A database as the version whose last migration was `level` left it.
fn left_at(level: usize, dir: &Path) -> Left {
    let path = dir.join(FILE_NAME);
    drop(std::fs::File::create(&path).expect("a file"));
    let connection = database(&path);
    connection.pragma_update(None, "journal_mode", "wal").expect("a pragma");
    for migration in &migrations()[..level] {
        let sql = std::fs::read_to_string(migration).expect("a migration");
        connection.execute_batch(&sql).expect("it runs");
    }
    connection.pragma_update(None, "user_version", level).expect("a pragma");
    let left = Left { org: OrgId::mint(), waiting: JobId::mint(), ended: JobId::mint() };
    let bytes = |id: &dyn std::fmt::Display| {
        let hex: String = id.to_string().chars().filter(char::is_ascii_hexdigit).collect();
        format!("x'{hex}'")
    };
    let (org, waiting, ended) = (bytes(&left.org), bytes(&left.waiting), bytes(&left.ended));
    let sql = format!(
        "insert into orgs (id, name, created_at) values ({org}, 'acme', 1);
         insert into jobs
             (id, org_id, action, internal, state, priority, input, echo, max_attempts,
              attempt_timeout_ms, created_at, updated_at)
         values ({waiting}, {org}, 'noop', 0, 'queued', 5, '{{\"n\":1}}', '{{}}', 3, 90000, 2, 2);
         insert into jobs
             (id, org_id, action, internal, state, priority, input, echo, result, attempt,
              max_attempts, attempt_timeout_ms, created_at, updated_at, started_at, finished_at)
         values ({ended}, {org}, 'noop', 0, 'completed', 5, '{{}}', '{{}}', '{{\"said\":\"old\"}}',
                 1, 3, 90000, 1, 2, 1, 2);"
    );
    connection.execute_batch(&sql).expect("rows of that version");
    left
}

#[tokio::test]
async fn every_older_database_opens_and_goes_on() {
    let levels = migrations().len();
    assert_eq!(i64::try_from(levels).ok(), Some(newest_schema()), "a file that is not used");
    for level in 1..=levels {
        let dir = TempDir::new().expect("a directory");
        let Left { org, waiting, ended } = left_at(level, dir.path());
        let store = reopen(&dir, WriterHooks::default());
        let orgs = store.orgs().await.expect("a read");
        assert_eq!(orgs.iter().map(|org| org.id).collect::<Vec<_>>(), [org], "from {level}");
        let old = store.job(org, ended).await.expect("a read").expect("it is there");
        assert_eq!(old.state, JobState::Completed, "from {level}");
        let claimed = claim_one(&*store, at(10)).await;
        assert_eq!(claimed.job.id, waiting, "from {level}");
        finish(&*store, claimed.lease, completed("new"), at(11)).await;
        assert_eq!(state(&*store, org, waiting).await, JobState::Completed, "from {level}");
        drop(store);
        let connection = database(&dir.path().join(FILE_NAME));
        assert_eq!(shape(&connection), newest_shape(), "from {level}");
        let fault: Option<String> = connection
            .query_row("pragma integrity_check", (), |row| row.get(0))
            .ok()
            .filter(|found: &String| found != "ok");
        assert_eq!(fault, None, "from {level}");
        let broken =
            connection.prepare("pragma foreign_key_check").expect("a statement").exists(());
        assert_eq!(broken.ok(), Some(false), "from {level}");
    }
}

/// Every table, index and trigger with its text.
fn shape(connection: &Connection) -> Vec<(String, String)> {
    let sql = "select name, coalesce(sql, '') from sqlite_schema
               where name not like 'sqlite_stat%' order by name";
    let mut statement = connection.prepare(sql).expect("a statement");
    let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?))).expect("a read");
    rows.map(|row| row.expect("a row")).collect()
}

/// The shape of a database that was new.
fn newest_shape() -> Vec<(String, String)> {
    let dir = TempDir::new().expect("a directory");
    drop(reopen(&dir, WriterHooks::default()));
    shape(&database(&dir.path().join(FILE_NAME)))
}
