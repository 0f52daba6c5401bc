//! `tidemill backup` beside a server under load, and `tidemill restore`.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Output;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use crate::process::{Place, Server, err, out};
use crate::wire::{ask, get};

/// An action that leaves a file of its own and a result that is too large for a row.
const CONFIG: &str = r#"
[actions."file.make"]
command = ["sh", "-c", '''
    echo "made by $TIDEMILL_JOB_ID" > "$TIDEMILL_ASSETS/note.txt"
    printf '{"text": "%s"}' "$(head -c 70000 /dev/zero | tr '\0' x)"
''']

[limits]
requests_per_minute = 0
"#;

/// Enqueues a job and waits for its end; its id if it completed.
fn complete(address: &str, key: &str) -> Option<String> {
    let stream = std::net::TcpStream::connect(address).expect("the server listens");
    let authorization = format!("Bearer {key}");
    let headers = [
        ("Authorization", authorization.as_str()),
        ("Content-Type", "application/json"),
        ("Prefer", "wait=30"),
    ];
    let body = json!({"action": "file.make", "input": {}}).to_string();
    let (status, answer) = ask(stream, address, "/api/v1/jobs", &headers, Some(&body));
    let body: Value = body_of(&answer);
    (status == 200 && body["status"] == "completed")
        .then(|| body["data"]["id"].as_str().expect("an id").to_owned())
}

fn body_of(answer: &str) -> Value {
    answer.split_once("\r\n\r\n").expect("a body").1.parse().expect("JSON")
}

fn serve(place: &Place) -> Server {
    fs::write(place.path().join("t.toml"), CONFIG).expect("written");
    Server::start(place.command(&["serve", "--config", "t.toml"]))
}

fn ran(output: &Output) -> String {
    assert!(output.status.success(), "{}{}", out(output), err(output));
    out(output)
}

#[test]
fn what_had_ended_when_a_backup_was_made_under_load_is_restored_with_its_files() {
    let (place, other) = (Place::new(), Place::new());
    let mut server = serve(&place);
    let (address, key) = (server.address.clone(), server.first_key());
    let (ended, stop) = (Mutex::new(Vec::new()), AtomicBool::new(false));
    let to = place.path().join("backup");
    let to = to.to_str().expect("a path");
    let (before, report) = std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !stop.load(Ordering::SeqCst) {
                    ended.lock().expect("no panic").extend(complete(&address, &key));
                }
            });
        }
        while ended.lock().expect("no panic").len() < 12 {
            std::thread::yield_now();
        }
        let before = ended.lock().expect("no panic").clone();
        let report = place.run(&["backup", to, "--json"]);
        stop.store(true, Ordering::SeqCst);
        (before, report)
    });
    assert!(err(&report).contains("left out: secret.key"), "{}", err(&report));
    let report: Value = ran(&report).parse().expect("JSON");
    assert!(report["files"].as_u64().is_some_and(|files| files >= 12), "{report}");
    assert_eq!((&report["lost"], &report["left_out"]), (&json!([]), &json!(["secret.key"])));
    assert!(server.stop());

    let restored = ran(&other.run(&["restore", to]));
    assert!(restored.contains(&format!(", {} files of ", report["files"])), "{restored}");
    ran(&other.run(&["doctor"]));
    let server = serve(&other);
    for id in &before {
        let path = format!("/api/v1/jobs/{id}?include=assets");
        let (status, answer) = get(&server.address, &path, &key);
        assert_eq!(status, 200, "{answer}");
        let job = body_of(&answer)["data"].clone();
        assert_eq!(job["status"], "completed", "{job}");
        assert_eq!(job["job_result"]["text"].as_str().map(str::len), Some(70_000));
        let file = job["assets"][0]["url"].as_str().expect("a file");
        let (status, answer) = get(&server.address, &format!("/api/v1/{file}"), &key);
        assert!(status == 200 && answer.ends_with(&format!("made by {id}\n")), "{answer}");
    }
    assert!(complete(&server.address, &key).is_some(), "it goes on");
}

#[test]
fn a_backup_is_for_its_owner_and_of_a_place_that_is_free() {
    let place = Place::new();
    assert!(place.serve().stop());
    ran(&place.run(&["backup", "one"]));
    let mode = |path: &str| {
        let meta = fs::metadata(place.path().join(path)).expect("it is there");
        meta.permissions().mode() & 0o777
    };
    assert_eq!((mode("one"), mode("one/tidemill.sqlite")), (0o700, 0o600));
    assert!(!place.path().join("one/tidemill.sqlite-wal").exists());
    let again = place.run(&["backup", "one"]);
    assert!(!again.status.success() && err(&again).contains("one is not empty"), "{}", err(&again));
    let within = place.data_dir().join("scratch/one");
    let within = place.run(&["backup", within.to_str().expect("a path")]);
    assert!(err(&within).contains("lies in the data directory"), "{}", err(&within));
    let nothing = Place::new().run(&["backup", "one"]);
    assert!(err(&nothing).contains("there is no database in "), "{}", err(&nothing));
}

#[test]
fn what_cannot_be_restored_is_refused_and_leaves_nothing() {
    let place = Place::new();
    assert!(place.serve().stop());
    ran(&place.run(&["backup", "whole"]));
    let refused = |from: &str, message: &str| {
        let output = place.run(&["restore", from]);
        assert!(!output.status.success() && err(&output).contains(message), "{}", err(&output));
    };
    refused("whole", "data is not empty");
    fs::remove_dir_all(place.data_dir()).expect("removed");
    refused("nowhere", "nowhere is no whole backup");
    let manifest = place.path().join("whole/backup.json");
    let text = fs::read_to_string(&manifest).expect("the manifest");
    fs::remove_file(&manifest).expect("removed");
    refused("whole", "whole is no whole backup");
    fs::write(&manifest, text.replace("\"layout\": 1", "\"layout\": 2")).expect("written");
    refused("whole", "the backup has layout 2");
    fs::write(&manifest, text).expect("written");
    let database = place.path().join("whole/tidemill.sqlite");
    let version = schema_of(&database);
    set_schema(&database, version + 1);
    refused("whole", "run a newer `tidemill`");
    set_schema(&database, version);
    let text = fs::read(&database).expect("the database");
    fs::write(&database, "").expect("emptied");
    refused("whole", "the backup's database has schema 0");
    fs::write(&database, text).expect("written");
    assert!(!place.data_dir().exists());
    ran(&place.run(&["restore", "whole"]));
    assert!(ran(&place.run(&["keys", "list"])).contains("\tfirst\t"));
}

#[test]
fn a_damaged_file_is_named_and_all_the_rest_is_there() {
    let place = Place::new();
    let mut server = serve(&place);
    let (address, key) = (server.address.clone(), server.first_key());
    assert!(complete(&address, &key).is_some() && complete(&address, &key).is_some());
    let damaged = a_file(&place.data_dir().join("assets")).expect("a file");
    fs::set_permissions(&damaged, Permissions::from_mode(0o600)).expect("ours");
    fs::write(&damaged, "something else").expect("written");
    let report = place.run(&["backup", "partial", "--json"]);
    assert_eq!(report.status.code(), Some(1));
    let name = damaged.file_name().and_then(|name| name.to_str()).expect("a name");
    assert!(err(&report).contains(&format!("file {name} is missing or damaged")));
    let report: Value = out(&report).parse().expect("JSON");
    assert_eq!(report["lost"], json!([name]));
    assert!(report["files"].as_u64().is_some_and(|files| files >= 2));
}

/// Some stored file.
fn a_file(dir: &Path) -> Option<std::path::PathBuf> {
    let mut entries = fs::read_dir(dir).expect("a directory").map(|entry| entry.expect("one"));
    entries.find_map(|entry| {
        let is_dir = entry.file_type().expect("a type").is_dir();
        if is_dir { a_file(&entry.path()) } else { Some(entry.path()) }
    })
}

fn schema_of(path: &Path) -> i64 {
    let database = open(path);
    database.pragma_query_value(None, "user_version", |row| row.get(0)).expect("a version")
}

fn set_schema(path: &Path, version: i64) {
    open(path).pragma_update(None, "user_version", version).expect("written");
}

fn open(path: &Path) -> rusqlite::Connection {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
    rusqlite::Connection::open_with_flags(path, flags).expect("the database opens")
}
