//! What stands between the server and a command: a process of its own, which sees to it that
//! nothing of the command outlives its time.
//!
//! The server starts it with a socket as standard input, sends one [`Order`], and reads one
//! [`Ending`]. The supervisor begins a session, adopts what the command leaves behind, and starts
//! it in a group of its own through a launcher, the same program once more, which sets limits and
//! becomes the command. When the socket closes, because the server wants so or is gone, everything
//! is ended: SIGTERM, a grace, SIGKILL. If the supervisor itself is killed, the kernel kills the
//! command. Never: a shell, or an ending told while a process of the command is left.

mod descriptors;
mod kin;
mod launch;
mod order;

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitOptions, WaitStatus};

pub use launch::{Launch, launch};
pub(super) use order::{Ending, Order};

/// The longest order: arguments and environment, which the system limits to less.
const MAX_ORDER_BYTES: u64 = 8 << 20;

/// How often the number of processes is looked at. Forks that fork double within milliseconds, and
/// a look at a command that has few processes costs microseconds.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// How often the files that were left are added up, in looks.
const LOOKS_A_SUM: u32 = 50;

/// How long processes that were killed may take to be gone. One that waits for a disk takes long;
/// then the ending is told without it.
const MAX_DYING: Duration = Duration::from_secs(5);

/// Something that the supervisor waits for.
enum News {
    /// The server hung up, or is gone.
    HungUp,
    /// The command itself ended.
    Ended(WaitStatus),
    /// None of its processes is left.
    Alone,
}

/// Runs the command that comes over standard input, to its end.
pub fn supervise() -> io::Result<()> {
    descriptors::close_inherited();
    let (progress, given) = descriptors::progress_pipe()?;
    let control = UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?);
    let order = read_order(&control)?;
    rustix::process::setsid()?;
    #[cfg(target_os = "linux")]
    rustix::process::set_child_subreaper(Some(rustix::process::getpid()))?;
    let started = start(&order);
    // Now the command alone holds it: the reader below sees its end.
    drop(given);
    let ending = match started {
        Ok(group) => Watch::begin(&control, progress, group)?.until_gone(&order),
        Err(error) => {
            say(format_args!("cannot start `{}`: {error}", order.command[0]));
            Ending::NotStarted
        }
    };
    let mut line = serde_json::to_vec(&ending)?;
    line.push(b'\n');
    // Who hung up does not want to hear it.
    let _ = (&control).write_all(&line);
    Ok(())
}

fn read_order(control: &UnixStream) -> io::Result<Order> {
    let mut line = Vec::new();
    BufReader::new(control.take(MAX_ORDER_BYTES)).read_until(b'\n', &mut line)?;
    Ok(serde_json::from_slice(&line)?)
}

/// Starts the launcher that becomes the command; its id is that of its group.
fn start(order: &Order) -> io::Result<Pid> {
    let Order { command, env, working_dir, input, max_memory, .. } = order;
    let mut launcher = Command::new(own_program()?);
    launcher.args(["supervise", "--launch"]);
    if let Some(bytes) = max_memory {
        launcher.arg("--memory").arg(bytes.to_string());
    }
    let child = launcher
        .arg("--")
        .args(command)
        .env_clear()
        .envs(env.iter().map(|(name, value)| (name, value)))
        .current_dir(working_dir)
        .stdin(Stdio::from(File::open(input)?))
        .process_group(0)
        .spawn()?;
    // Waited for by `Watch`, with everything else that comes from it.
    Ok(Pid::from_child(&child))
}

/// This program, also when a newer one lies in its place by now.
pub fn own_program() -> io::Result<PathBuf> {
    let own = Path::new("/proc/self/exe");
    if own.exists() { Ok(own.to_owned()) } else { std::env::current_exe() }
}

/// Words of the supervisor's own stand among the command's.
fn say(message: std::fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr(), "tidemill: {message}");
}

/// The command while it runs.
struct Watch {
    group: Pid,
    news: Receiver<News>,
}

impl Watch {
    fn begin(control: &UnixStream, progress: OwnedFd, group: Pid) -> io::Result<Self> {
        let (tell, news) = channel();
        let server = control.try_clone()?;
        let hung_up = tell.clone();
        thread::Builder::new()
            .name("server".to_owned())
            .spawn(move || wait_for_end(server, &hung_up))?;
        thread::Builder::new().name("progress".to_owned()).spawn(move || carry(progress))?;
        thread::Builder::new().name("kin".to_owned()).spawn(move || reap(group, &tell))?;
        Ok(Self { group, news })
    }

    /// Returns when no process of the command is left.
    fn until_gone(self, order: &Order) -> Ending {
        let mut looks = 0;
        let ending = loop {
            match self.news.recv_timeout(LOOK_EVERY) {
                Ok(News::Ended(status)) => break ending_of(status),
                Ok(News::HungUp) => {
                    if self.ask_to_end(Duration::from_millis(order.grace_ms)) {
                        return Ending::Stopped;
                    }
                    break Ending::Stopped;
                }
                // Never before the command's own end, which comes first.
                Ok(News::Alone) => return Ending::Signalled(0),
                Err(_) => {}
            }
            looks += 1;
            let most = order.max_processes as usize;
            if kin::descendants(most + 1).len() > most {
                say(format_args!("more than {most} processes; all of them are ended"));
                break Ending::TooManyProcesses;
            }
            if looks % LOOKS_A_SUM == 0 && bytes_in(&order.assets) > order.max_asset_bytes {
                say(format_args!("more files than {} bytes; it is ended", order.max_asset_bytes));
                break Ending::TooManyBytes;
            }
        };
        self.end_all();
        ending
    }

    /// SIGTERM, and a grace for whoever heeds it; whether all did.
    fn ask_to_end(&self, grace: Duration) -> bool {
        kin::signal(self.group, Signal::TERM);
        let until = Instant::now() + grace;
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            match self.news.recv_timeout(left) {
                Ok(News::Alone) => return true,
                Ok(News::Ended(_) | News::HungUp) => {}
                Err(_) => return false,
            }
        }
        false
    }

    /// SIGKILL, until nobody is left: a process that makes others faster than it is struck needs
    /// several blows.
    fn end_all(&self) {
        let until = Instant::now() + MAX_DYING;
        while Instant::now() < until {
            kin::signal(self.group, Signal::KILL);
            match self.news.recv_timeout(LOOK_EVERY) {
                Ok(News::Alone) => return,
                Ok(News::Ended(_) | News::HungUp) | Err(_) => {}
            }
        }
        say(format_args!("a process of the command does not die"));
    }
}

/// Reads until the server closes its end; it says nothing more.
fn wait_for_end(mut server: UnixStream, tell: &Sender<News>) {
    let mut nothing = [0; 64];
    while server.read(&mut nothing).is_ok_and(|bytes| bytes > 0) {}
    let _ = tell.send(News::HungUp);
}

/// Waits for the command and for everything that it leaves behind.
fn reap(command: Pid, tell: &Sender<News>) {
    loop {
        match rustix::process::wait(WaitOptions::empty()) {
            Ok(Some((process, status))) if process == command => {
                let _ = tell.send(News::Ended(status));
            }
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(_) => {
                let _ = tell.send(News::Alone);
                return;
            }
        }
    }
}

fn ending_of(status: WaitStatus) -> Ending {
    match (status.exit_status(), status.terminating_signal()) {
        (Some(code), _) => Ending::Exited(code),
        (None, signal) => Ending::Signalled(signal.unwrap_or_default()),
    }
}

/// The longest line of progress, in bytes: what a pipe takes whole, so that it is not mixed with
/// what the command writes meanwhile.
const MAX_LINE: u64 = 4_000;

/// Carries lines from the pipe for progress to where the command's words go.
fn carry(progress: OwnedFd) {
    let mut lines = BufReader::new(File::from(progress));
    loop {
        let mut line = vec![b'\n'];
        match lines.by_ref().take(MAX_LINE).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        if line.last() != Some(&b'\n') {
            line.push(b'\n');
        }
        if io::stderr().write_all(&line).is_err() {
            return;
        }
    }
}

/// The sum of the sizes of the files below a directory; what cannot be read counts nothing.
fn bytes_in(directory: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(directory) else { return 0 };
    let sizes = entries.flatten().map(|entry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => bytes_in(&entry.path()),
        Ok(meta) => meta.len(),
        Err(_) => 0,
    });
    sizes.sum()
}
