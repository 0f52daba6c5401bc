//! The binary as a child process, with a directory of its own.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// A place for one test: a data directory that is not there yet.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().expect("a directory"))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.0.path().join("data")
    }

    /// The binary with these words and this data directory, in no environment but its own.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tidemill"));
        command
            .args(words)
            .env_clear()
            .env("TIDEMILL_SERVER_LISTEN", "127.0.0.1:0")
            .env("TMPDIR", self.0.path())
            .current_dir(self.0.path());
        if !words.contains(&"demo") {
            command.arg("--data-dir").arg(self.data_dir());
        }
        command
    }

    /// Runs it to its end.
    pub(crate) fn run(&self, words: &[&str]) -> Output {
        self.command(words).output().expect("the binary runs")
    }

    /// Runs a server.
    pub(crate) fn serve(&self) -> Server {
        Server::start(self.command(&["serve"]))
    }
}

/// A running server; dropped, it is killed.
pub(crate) struct Server {
    process: Child,
    /// Held open, so that the server can go on printing.
    output: BufReader<ChildStdout>,
    /// `127.0.0.1` and the port that it took.
    pub(crate) address: String,
}

impl Server {
    /// Starts `command` and waits until it says where it listens.
    pub(crate) fn start(command: Command) -> Self {
        Self::logging(command, Stdio::null())
    }

    /// The same, its log going to `log`.
    pub(crate) fn logging(mut command: Command, log: impl Into<Stdio>) -> Self {
        let mut process = command.stdout(Stdio::piped()).stderr(log).spawn().expect("it starts");
        let mut output = BufReader::new(process.stdout.take().expect("a pipe"));
        let line = line_with(&mut output, "://");
        let address = line.split(['/', ',']).nth(2).expect("an address").to_owned();
        Self { process, output, address }
    }

    /// The key that the first start prints.
    pub(crate) fn first_key(&mut self) -> String {
        let line = line_with(&mut self.output, "export API_KEY=");
        line.trim().trim_start_matches("export API_KEY=").to_owned()
    }

    /// What it prints between a line with `opening` and one with `closing`.
    pub(crate) fn lines_between(&mut self, opening: &str, closing: &str) -> String {
        line_with(&mut self.output, opening);
        let mut lines = String::new();
        while !lines.contains(closing) {
            let bytes = self.output.read_line(&mut lines).expect("a pipe");
            assert!(bytes > 0, "it ended before it printed `{closing}`");
        }
        lines.split(closing).next().unwrap_or_default().to_owned()
    }

    /// Asks it to stop, as a supervisor does; whether it ended well.
    pub(crate) fn stop(self) -> bool {
        self.end_with(Signal::TERM)
    }

    /// Asks it to stop by `signal`; whether it ended well.
    pub(crate) fn end_with(mut self, signal: Signal) -> bool {
        let id = Pid::from_child(&self.process);
        kill_process(id, signal).expect("the process is ours");
        self.process.wait().expect("the process is ours").success()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn line_with(output: &mut BufReader<ChildStdout>, mark: &str) -> String {
    let mut line = String::new();
    while !line.contains(mark) {
        line.clear();
        let bytes = output.read_line(&mut line).expect("a pipe");
        assert!(bytes > 0, "the server ended before it printed `{mark}`");
    }
    line
}

/// Standard output, as text.
pub(crate) fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

/// Standard error, as text.
pub(crate) fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}
