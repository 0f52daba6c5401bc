//! The binary as a child process.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

/// A running `tidemill serve`; dropped, it is killed.
pub(crate) struct Server {
    process: Child,
    address: SocketAddr,
    /// Held open, so that the server can go on printing.
    output: BufReader<ChildStdout>,
}

impl Server {
    /// Starts a server on `dir` and waits until it says where it listens.
    pub(crate) fn start(dir: &Path) -> Self {
        let config = dir.join("crash.toml");
        std::fs::write(&config, CONFIG).expect("a configuration");
        let mut process = Command::new(env!("CARGO_BIN_EXE_tidemill"))
            .arg("serve")
            .arg("--config")
            .arg(&config)
            .arg("--data-dir")
            .arg(dir)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut output = BufReader::new(process.stdout.take().expect("a pipe"));
        let address = after(&mut output, "http://");
        let address = address.parse().unwrap_or_else(|_| panic!("no address: `{address}`"));
        Self { process, address, output }
    }

    /// The key that the first start on a directory prints after the address.
    pub(crate) fn first_key(&mut self) -> String {
        after(&mut self.output, "export API_KEY=")
    }

    /// Where it listens.
    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// SIGKILL: the process gets no chance to do anything.
    pub(crate) fn kill(&mut self) {
        self.process.kill().expect("the process is ours");
        self.process.wait().expect("the process is ours");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have been killed already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

const CONFIG: &str = r#"
[server]
listen = "127.0.0.1:0"
[limits]
requests_per_minute = 0
[actions.noop]
enabled = true
[webhooks]
allow = ["127.0.0.1"]
allow_http = ["127.0.0.1"]
[telemetry]
log = "error"
"#;

/// The word after `mark` in the next line that has it.
fn after(output: &mut BufReader<ChildStdout>, mark: &str) -> String {
    let mut line = String::new();
    loop {
        line.clear();
        let bytes = output.read_line(&mut line).expect("a pipe");
        assert!(bytes > 0, "the server ended before it printed `{mark}`");
        if let Some((_, rest)) = line.split_once(mark) {
            let word = rest.split([',', ' ', '\n']).next();
            return word.unwrap_or_default().to_owned();
        }
    }
}
