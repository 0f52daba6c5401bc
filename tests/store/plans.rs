//! How `SQLite` answers each statement: from an index, or by walking through a table.

use std::collections::BTreeSet;
use std::path::Path;

use tidemill::store::sqlite::{FILE_NAME, WriterHooks};

use crate::fixture::database;
use crate::sqlite;

/// The tables that grow with what a server has done.
const GROWING: [&str; 10] = [
    "assets",
    "attempts",
    "brands",
    "deliveries",
    "events",
    "idempotency_keys",
    "job_dependencies",
    "job_logs",
    "jobs",
    "runs",
];

/// They have only what is processing, or waits for other steps: all of it may be walked through.
const SHORT_INDEXES: [&str; 2] = ["INDEX jobs_to_rescue", "INDEX jobs_that_wait"];

/// The statements that may walk through one of them, because they are asked once in a while and
/// have to see everything.
const WALKS: [&str; 2] = ["backup_contents.sql", "usage.sql"];

#[tokio::test]
async fn no_statement_walks_through_a_growing_table() {
    let (_store, dir) = sqlite(WriterHooks::default());
    let database = database(&dir.path().join(FILE_NAME));
    let sql = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/sqlite/sql");
    let mut walks = BTreeSet::new();
    let mut statements = 0;
    for file in sql.read_dir().expect("the statements") {
        let file = file.expect("a file");
        let name = file.file_name().into_string().expect("a name");
        let text = std::fs::read_to_string(file.path()).expect("a statement");
        let explain = format!("explain query plan {text}");
        let mut plan = database.prepare(&explain).unwrap_or_else(|why| panic!("{name}: {why}"));
        let mut steps = plan.raw_query();
        while let Some(step) = steps.next().expect("a step") {
            let step: String = step.get("detail").expect("what it does");
            let walked = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
            let is_growing = walked.is_some_and(|table| GROWING.contains(&table));
            if is_growing && !SHORT_INDEXES.iter().any(|index| step.ends_with(index)) {
                walks.insert(name.clone());
            }
        }
        statements += 1;
    }
    assert!(statements > 50, "the statements were not found");
    assert_eq!(walks.iter().map(String::as_str).collect::<Vec<_>>(), WALKS);
}

/// `SQLite`'s number for "on a fault, take back what this statement did".
const ON_FAULT_ABORT: i64 = 2;

/// An update with triggers that may be taken back by itself keeps a copy of every page that it
/// touches until it has ended: a call of a function does that, in a trigger that is not fired, too.
#[tokio::test]
async fn claims_and_ends_keep_no_copies_and_build_no_tables() {
    let (_store, dir) = sqlite(WriterHooks::default());
    let database = database(&dir.path().join(FILE_NAME));
    let sql = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/sqlite/sql");
    for name in ["claim.sql", "finish.sql"] {
        let text = std::fs::read_to_string(sql.join(name)).expect("a statement");
        let mut program = database.prepare(&format!("explain {text}")).expect("a statement");
        let mut steps = program.raw_query();
        let mut number = 0;
        while let Some(step) = steps.next().expect("a step") {
            let opcode: String = step.get("opcode").expect("a name");
            let is_free = match opcode.as_str() {
                "Function" | "PureFunc" | "OpenEphemeral" => false,
                "Halt" | "HaltIfNull" => {
                    let (fault, on_fault): (i64, i64) =
                        (step.get("p1").expect("a code"), step.get("p2").expect("a number"));
                    fault == 0 || on_fault != ON_FAULT_ABORT
                }
                _ => true,
            };
            assert!(is_free, "{name}: {opcode}");
            number += 1;
        }
        assert!(number > 100, "{name}: its triggers are a part of it");
    }
}
