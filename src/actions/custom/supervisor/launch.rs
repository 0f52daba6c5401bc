//! The last step before a command runs: limits are set, and the launcher becomes the command.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use rustix::process::{Resource, Rlimit, Signal, getrlimit, setrlimit};

/// What to become.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The program and its arguments.
    pub command: Vec<OsString>,
    /// Address space of each process, in bytes.
    pub memory: Option<u64>,
}

/// How many files a command may have open unless it asks for more: programs that still use
/// `select` break with more. The server raised its own limit.
const OPEN_FILES: u64 = 1_024;

/// How far a command stands back behind the server, which answers clients meanwhile, and behind its
/// supervisor, which must see what it does.
const NICENESS: i32 = 5;

/// Becomes the command; returns only when that fails.
pub fn launch(launch: &Launch) -> io::Error {
    let Launch { command, memory } = launch;
    let Some((program, arguments)) = command.split_first() else {
        return io::Error::new(io::ErrorKind::InvalidInput, "no command");
    };
    if let Err(error) = limit(*memory) {
        return error;
    }
    let error = Command::new(program).args(arguments).exec();
    io::Error::new(error.kind(), format!("cannot run `{}`: {error}", program.display()))
}

fn limit(memory: Option<u64>) -> io::Result<()> {
    // If the supervisor is killed, nobody else would end the command.
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL))?;
    #[cfg(not(target_os = "linux"))]
    let _ = Signal::KILL;
    // Where it cannot be lowered, it stays what it is.
    let _ = rustix::process::nice(NICENESS);
    set(Resource::Core, 0)?;
    set(Resource::Nofile, OPEN_FILES)?;
    memory.map_or(Ok(()), |bytes| set(Resource::As, bytes))
}

/// Lowers a limit; the one for files can be raised again by the command.
fn set(resource: Resource, to: u64) -> io::Result<()> {
    let Rlimit { maximum, .. } = getrlimit(resource);
    let current = Some(maximum.map_or(to, |maximum| maximum.min(to)));
    let maximum = if resource == Resource::Nofile { maximum } else { current };
    Ok(setrlimit(resource, Rlimit { current, maximum })?)
}
