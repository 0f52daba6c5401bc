//! The descriptors that a command begins with: its input, its output, its words, and the pipe for
//! progress as number 3. Whatever else the server was started with is closed.

use std::fs;
use std::io;
use std::os::fd::{AsFd as _, BorrowedFd, FromRawFd as _, OwnedFd, RawFd};

use rustix::io::FdFlags;

/// The number under which a command finds the pipe for its progress.
pub(super) const PROGRESS: RawFd = 3;

/// Where descriptors are kept out of the way of those that a command is given.
const OUT_OF_THE_WAY: RawFd = 16;

/// Closes everything but the three standard descriptors. To be called before anything is opened.
#[expect(unsafe_code, reason = "a number that was inherited has no owner who could close it")]
pub(super) fn close_inherited() {
    // Where neither is there, nothing is closed: these are files that somebody else left open.
    let Ok(open) = fs::read_dir("/proc/self/fd").or_else(|_| fs::read_dir("/dev/fd")) else {
        return;
    };
    let names = open.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let numbers: Vec<RawFd> = names.filter(|number| *number >= PROGRESS).collect();
    for number in numbers {
        // SAFETY: the process has just begun and has opened nothing that lives: whoever owned the
        // number was in another program. The directory that listed it is closed, and so is not
        // closed again.
        unsafe {
            if rustix::io::fcntl_getfd(BorrowedFd::borrow_raw(number)).is_ok() {
                drop(OwnedFd::from_raw_fd(number));
            }
        }
    }
}

/// A pipe: what is read here, and what a command inherits as [`PROGRESS`].
pub(super) fn progress_pipe() -> io::Result<(OwnedFd, OwnedFd)> {
    let (reader, writer) = io::pipe()?;
    let kept_reader = rustix::io::fcntl_dupfd_cloexec(reader.as_fd(), OUT_OF_THE_WAY)?;
    let kept = rustix::io::fcntl_dupfd_cloexec(writer.as_fd(), OUT_OF_THE_WAY)?;
    // The lowest numbers are free again, and the first is taken.
    drop((reader, writer));
    let given = rustix::io::fcntl_dupfd_cloexec(kept.as_fd(), PROGRESS)?;
    rustix::io::fcntl_setfd(&given, FdFlags::empty())?;
    Ok((kept_reader, given))
}
