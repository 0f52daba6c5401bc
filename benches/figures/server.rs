//! The real binary as a child process, with its own data directory and `noop` enabled.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::client::{Connection, job_id, post};
use crate::report;

/// A child that is killed when it is no longer needed.
pub(crate) struct Process {
    child: Child,
    pub(crate) port: u16,
}

impl Process {
    /// Starts `command` and waits for the line of its output from which `port_of` reads the port.
    pub(crate) fn start(command: &mut Command, port_of: impl Fn(&str) -> Option<u16>) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the server starts");
        let output = child.stdout.take().expect("its output is piped");
        let port = BufReader::new(output)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| port_of(&line))
            .expect("the server says its port");
        Self { child, port }
    }

    /// Resident memory in bytes.
    pub(crate) fn resident(&self) -> u64 {
        self.status("VmRSS:")
    }

    /// The most memory in bytes that was ever resident.
    pub(crate) fn peak(&self) -> u64 {
        self.status("VmHWM:")
    }

    fn status(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))
            .expect("the child lives");
        let line = status.lines().find(|line| line.starts_with(name)).expect("its memory");
        let kib = line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok());
        kib.expect("a number") * 1024
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A Tidemill server with a key.
pub(crate) struct Tidemill {
    pub(crate) process: Process,
    pub(crate) key: String,
    _data_dir: tempfile::TempDir,
}

const MIB: f64 = 1_048_576.0;

const CONFIG: &str = r#"
[server]
listen = "127.0.0.1:0"
[limits]
requests_per_minute = 0
queue = 10000000
[workers]
count = 64
[actions.noop]
enabled = true
[outbound]
allow = ["127.0.0.1"]
[telemetry]
log = "warn"
"#;

impl Tidemill {
    /// Starts a server on an empty data directory.
    pub(crate) fn start() -> Self {
        let data_dir = tempfile::tempdir().expect("a temporary directory");
        let config = data_dir.path().join("bench.toml");
        std::fs::write(&config, CONFIG).expect("the configuration is written");
        let seen = std::cell::RefCell::new((None, String::new()));
        let process = Process::start(
            Command::new(env!("CARGO_BIN_EXE_tidemill"))
                .arg("serve")
                .arg("--config")
                .arg(&config)
                .arg("--data-dir")
                .arg(data_dir.path().join("data")),
            |line| {
                let (port, key) = &mut *seen.borrow_mut();
                if let Some((_, after)) = line.split_once("BASE=http://127.0.0.1:") {
                    *port = after.trim().parse().ok();
                }
                if let Some((_, secret)) = line.split_once("API_KEY=") {
                    secret.trim().clone_into(key);
                }
                port.filter(|_| !key.is_empty())
            },
        );
        let (_, key) = seen.into_inner();
        Self { process, key, _data_dir: data_dir }
    }

    /// The request that submits a no-op job of 200 bytes.
    pub(crate) fn submit_request(&self, extra: &str) -> Vec<u8> {
        post("/api/v1/jobs", &self.key, &noop(extra))
    }

    /// The same, answered when the job has ended.
    pub(crate) fn waiting_request(&self) -> Vec<u8> {
        let key_and_wait = format!("{}\r\nPrefer: wait=20", self.key);
        post("/api/v1/jobs", &key_and_wait, &noop(""))
    }
}

fn noop(extra: &str) -> String {
    let text = "x".repeat(180);
    format!(r#"{{"action":"noop","input":{{"text":"{text}"}}{extra}}}"#)
}

/// From the start of the process on an empty directory to its first 202; then what it weighs.
pub(crate) async fn measure_start() {
    let mut times = Vec::new();
    let mut resident = Vec::new();
    for _ in 0..5 {
        let began = Instant::now();
        let tidemill = Tidemill::start();
        let mut connection =
            Connection::open(tidemill.process.port).await.expect("the server listens");
        let answer =
            connection.ask(&tidemill.submit_request("")).await.expect("the server answers");
        assert_eq!(answer.status, 202, "{}", String::from_utf8_lossy(&answer.body));
        let _ = job_id(&answer);
        times.push(began.elapsed().as_secs_f64() * 1e3);
        tokio::time::sleep(Duration::from_secs(1)).await;
        #[expect(clippy::cast_precision_loss, reason = "megabytes")]
        resident.push(tidemill.process.resident() as f64 / MIB);
    }
    let median = crate::percentile(&mut times, 0.5);
    report("start to first 202, empty data directory", &format!("{median:.0} ms"), "≤ 150 ms");
    let median = crate::percentile(&mut resident, 0.5);
    report("idle resident memory", &format!("{median:.1} MiB"), "≤ 25 MiB");
    let bytes = std::fs::metadata(env!("CARGO_BIN_EXE_tidemill")).map_or(0, |file| file.len());
    #[expect(clippy::cast_precision_loss, reason = "megabytes")]
    let size = bytes as f64 / MIB;
    report("stripped binary", &format!("{size:.1} MiB"), "≤ 32 MiB");
}
