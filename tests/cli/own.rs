//! The operator's own actions in the real binary: the tutorial, the doctor, kills and restarts.

use std::fs::Permissions;
use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::process::{Place, Server, err, out};
use crate::wire;

/// A place with a configuration.
pub(crate) fn place(config: &str) -> Place {
    let place = Place::new();
    std::fs::write(place.path().join("t.toml"), config).expect("written");
    place
}

/// A server with the configuration of `place`.
pub(crate) fn serve(place: &Place, listen: &str) -> Server {
    let mut command = place.command(&["serve", "--config", "t.toml"]);
    command.env("PATH", env!("PATH")).env("TIDEMILL_SERVER_LISTEN", listen);
    Server::start(command)
}

/// A client of one server.
pub(crate) struct Client {
    pub(crate) address: String,
    pub(crate) key: String,
}

impl Client {
    pub(crate) fn post(&self, path: &str, body: &Value) -> Value {
        self.ask(path, Some(&body.to_string()))
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        self.ask(path, None)
    }

    fn ask(&self, path: &str, body: Option<&str>) -> Value {
        let stream = TcpStream::connect(&self.address).expect("the server listens");
        let key = format!("Bearer {}", self.key);
        let headers = [("Authorization", key.as_str()), ("Content-Type", "application/json")];
        let (_, answer) = wire::ask(stream, &self.address, path, &headers, body);
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        serde_json::from_str(body).unwrap_or_else(|_| panic!("no JSON: {answer}"))
    }

    pub(crate) fn ended(&self, id: &str) -> Value {
        loop {
            let path = format!("/api/v1/jobs/{id}?wait_for_completion=true&timeout_seconds=30");
            let job = self.get(&path)["data"].take();
            if job["status"] == "completed" || job["status"] == "failed" {
                return job;
            }
        }
    }
}

/// The block of the tutorial behind this opening.
fn block(opening: &str) -> String {
    let tutorial =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/tutorial.md"));
    let tutorial = tutorial.expect("the tutorial");
    let (_, rest) = tutorial.split_once(&format!("\n```{opening}\n")).expect("the block");
    rest.split("\n```").next().expect("its end").to_owned() + "\n"
}

/// Whether a program is there; a test that cannot be made without it says so.
pub(crate) fn has(program: &str) -> bool {
    let found = Command::new(program).arg("--version").stdout(Stdio::null()).status();
    let is_there = found.is_ok_and(|status| status.success());
    if !is_there {
        eprintln!("skipped: there is no `{program}` on this machine");
    }
    is_there
}

#[test]
fn the_tutorial_works() {
    if !has("python3") {
        return;
    }
    let place = place(&block("toml tidemill.toml"));
    let script = place.path().join("render.py");
    std::fs::write(&script, block("python render.py")).expect("written");
    std::fs::set_permissions(&script, Permissions::from_mode(0o755)).expect("executable");
    let doctor = place.run(&["doctor", "--config", "t.toml"]);
    assert!(doctor.status.success(), "{}{}", out(&doctor), err(&doctor));
    let mut server = serve(&place, "127.0.0.1:0");
    let session = Command::new("sh")
        .args(["-euc", &block("sh session")])
        .env("BASE", format!("http://{}", server.address))
        .env("API_KEY", server.first_key())
        .current_dir(place.path())
        .output()
        .expect("a shell");
    let text = out(&session);
    assert!(session.status.success(), "{text}{}", err(&session));
    assert!(text.contains(r#""pixels":256000"#), "{text}");
    assert!(text.contains("rendered 256000 pixels"), "{text}");
    assert!(text.contains(r#""param":"input.color""#), "{text}");
    let png = std::fs::read(place.path().join("picture.png")).expect("a picture");
    let picture = image::load_from_memory(&png).expect("a whole one");
    assert_eq!((picture.width(), picture.height()), (640, 400));
}

#[test]
fn the_doctor_knows_what_is_wrong_with_an_action() {
    let place = place(
        "[actions.\"a.b\"]\ncommand = [\"no-such-program\"]\n[actions.\"c.d\"]\nremote = true\n\
         input_schema = {type = \"objekt\"}\n[actions.\"e.f\"]\nhttp = {url = \"nowhere\"}\n\
         [actions.\"brand.extract\"]\nenabled = true\n",
    );
    let output = place.run(&["doctor", "--config", "t.toml"]);
    assert!(!output.status.success());
    let text = out(&output);
    for line in [
        "error: `actions.\"a.b\".command`: there is no program `no-such-program` in PATH",
        "error: `actions.\"c.d\".input_schema`: `input_schema` is no valid JSON Schema",
        "error: `actions.\"e.f\".http.url`: `nowhere` is no URL",
        "did you mean `brands.extract`?",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    let unknown = self::place("[actions.\"a.b\"]\nremot = true\n");
    let output = unknown.run(&["doctor", "--config", "t.toml"]);
    assert!(err(&output).contains("did you mean `actions.\"a.b\".remote`?"), "{}", err(&output));
}

/// Tells its process's id and that of one in another session, and goes on for ever.
const STUBBORN: &str = r#"
trap '' TERM
(setsid sh -c 'trap "" TERM; echo $$ > $0; while :; do sleep 1; done' "$1.2" &)
echo $$ > "$1"
while :; do sleep 1; done
"#;

/// The id in a file, once a process has written it.
fn told_in(file: &Path) -> String {
    loop {
        match std::fs::read_to_string(file) {
            Ok(text) if text.ends_with('\n') => return text.trim().to_owned(),
            _ => thread::yield_now(),
        }
    }
}

fn lives(id: &str) -> bool {
    Path::new("/proc").join(id).exists()
}

/// Runs the stubborn command, ends the server by `end`, and waits until the command is gone.
fn command_after(end: impl FnOnce(Server)) {
    let place = place(&format!(
        "[actions.\"a.b\"]\n\
         command = [\"sh\", \"-c\", '''{STUBBORN}''', \"sh\", \"{{input.file}}\"]\n\
         [workers]\nshutdown_grace = \"0s\"\n"
    ));
    let mut server = serve(&place, "127.0.0.1:0");
    let client = Client { address: server.address.clone(), key: server.first_key() };
    let file = place.path().join("id");
    let job = json!({"action": "a.b", "input": {"file": file}});
    let id = client.post("/api/v1/jobs", &job)["data"]["job_id"].clone();
    assert!(id.is_string());
    let ids = [told_in(&file), told_in(&file.with_extension("2"))];
    assert!(ids.iter().all(|id| lives(id)));
    end(server);
    while ids.iter().any(|id| lives(id)) {
        thread::yield_now();
    }
}

#[test]
fn a_killed_server_takes_its_commands_along() {
    command_after(|server| assert!(!server.end_with(Signal::KILL)));
}

#[test]
fn a_stopped_server_takes_its_commands_along() {
    command_after(|server| {
        // The second signal is not patient.
        server.end_with(Signal::TERM);
    });
}

/// A worker of `examples/workers`, killed when dropped.
pub(crate) struct Worker {
    process: Child,
}

impl Worker {
    pub(crate) fn python(address: &str, key: &str, action: &str) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/workers/worker.py");
        Self::start(Command::new("python3").args([script, action]), address, key)
    }

    fn node(address: &str, key: &str, action: &str) -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/workers/worker.ts");
        let script = std::fs::File::open(script).expect("the example");
        let mut node = Command::new("node");
        Self::start(
            node.arg("--input-type=module").env("ACTION", action).stdin(script),
            address,
            key,
        )
    }

    fn start(command: &mut Command, address: &str, key: &str) -> Self {
        command.env("TIDEMILL_URL", format!("http://{address}")).env("TIDEMILL_KEY", key);
        let process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        Self { process: process.expect("it starts") }
    }

    /// Kills it; the ids of the jobs that it said it had finished.
    fn end(mut self) -> Vec<String> {
        self.process.kill().expect("it is ours");
        let said = BufReader::new(self.process.stdout.take().expect("a pipe"));
        let lines = said.lines().map_while(Result::ok);
        lines.filter_map(|line| line.strip_suffix(" finish").map(str::to_owned)).collect()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

pub(crate) const COUNT: &str = "[actions.\"words.count\"]\nremote = true\n\
    result_schema = {required = [\"words\"]}\n[limits]\nrequests_per_minute = 0\n\
    [workers]\nlease = \"3s\"\n";

#[test]
fn the_example_in_typescript_works() {
    if !has("node") {
        return;
    }
    let place = place(COUNT);
    let mut server = serve(&place, "127.0.0.1:0");
    let client = Client { address: server.address.clone(), key: server.first_key() };
    let _worker = Worker::node(&client.address, &client.key, "words.count");
    let input = json!({"text": "ebb and flow", "sorted": true});
    let job = json!({"action": "words.count", "input": input});
    let id = client.post("/api/v1/jobs", &job)["data"]["job_id"].clone();
    let job = client.ended(id.as_str().expect("an id"));
    assert_eq!(job["job_result"]["words"], 3, "{job}");
    assert_eq!(job["job_result"]["assets"][0]["name"], "words.txt", "{job}");
    let wrong = json!({"action": "words.count", "input": {"text": 1}});
    let id = client.post("/api/v1/jobs", &wrong)["data"]["job_id"].clone();
    let job = client.ended(id.as_str().expect("an id"));
    assert_eq!((&job["status"], &job["error_code"]), (&json!("failed"), &json!("worker_failed")));
}

#[test]
fn a_thousand_jobs_survive_the_death_of_a_worker() {
    if !has("python3") {
        return;
    }
    let place = place(COUNT);
    let mut server = serve(&place, "127.0.0.1:0");
    let client = Client { address: server.address.clone(), key: server.first_key() };
    let jobs: Vec<Value> = (0..1_000)
        .map(|number| json!({"action": "words.count", "input": {"text": "x ".repeat(number)}}))
        .collect();
    let accepted = client.post("/api/v1/jobs", &Value::Array(jobs))["data"]["data"].take();
    let ids: Vec<&str> = accepted
        .as_array()
        .expect("a list")
        .iter()
        .map(|item| item["job_id"].as_str().expect("an id"))
        .collect();
    let start = || Worker::python(&client.address, &client.key, "words.count");
    // A worker that has a job and does not live to end it.
    let claim = json!({"actions": ["words.count"], "worker": "doomed", "limit": 5});
    let doomed = client.post("/api/v1/workers/claim", &claim)["data"]["data"].take();
    assert_eq!(doomed.as_array().map(Vec::len), Some(5));
    let workers = [start(), start(), start()];
    // One is killed where chance has it: after a job in the first third.
    client.ended(ids[usize::from(rand_byte()) % 300 + 5]);
    let [first, others @ ..] = workers;
    let mut finished = first.end();
    for (number, id) in ids.iter().enumerate() {
        let job = client.ended(id);
        assert_eq!(
            (&job["status"], &job["job_result"]["words"]),
            (&json!("completed"), &json!(number))
        );
    }
    let late = doomed[0]["lease"].as_str().expect("a lease");
    let late = client
        .post(&format!("/api/v1/workers/leases/{late}/finish"), &json!({"result": {"words": 0}}));
    assert_eq!(late["error"]["code"], "lease_lost");
    finished.extend(others.into_iter().flat_map(Worker::end));
    let said = finished.len();
    finished.sort();
    finished.dedup();
    assert_eq!(said, finished.len(), "one was finished twice");
    // The killed one may have ended a job that it did not live to tell of.
    assert!((999..=1_000).contains(&said), "{said} were finished");
}

/// Fresh randomness.
fn rand_byte() -> u8 {
    tidemill::domain::ids::JobId::mint().as_bytes()[15]
}
