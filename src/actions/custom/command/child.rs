//! A supervised command as the server holds it: what it writes, what it says, and how it ended.
//!
//! Letting go of it ends it: the socket to the supervisor closes, which is also what happens when
//! the server is killed. Never: a command that goes on after its attempt.

use std::io::{self, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream as StdUnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use futures_util::future::{Either, select};
use tokio::io::AsyncReadExt as _;
use tokio::net::UnixStream;
use tokio::net::unix::pipe;

use super::words::Words;
use crate::actions::custom::supervisor::{Ending, Order};

/// How long a command may take to heed a SIGTERM: with what follows, less than the engine allows
/// an attempt to heed a stop.
pub(super) const GRACE: Duration = Duration::from_secs(2);

/// How long the supervisor may take to be gone, beyond the grace.
const BEYOND_GRACE: Duration = Duration::from_millis(800);

/// How often it is looked at meanwhile.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// How long the rest of what a command wrote may take to come, once all its processes are gone.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// The longest ending: a word and a number.
const MAX_ENDING_BYTES: usize = 1_024;

/// How much is read at once.
const PIECE_BYTES: usize = 64 * 1024;

/// Why a command was not followed to its end.
#[derive(Debug)]
pub(super) enum Broken {
    /// It wrote more than it may.
    TooMuch,
    /// Its supervisor vanished without a word.
    Lost,
    /// Its output could not be read.
    Io(io::Error),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A command under its supervisor.
pub(super) struct Supervised {
    control: Option<UnixStream>,
    output: Option<pipe::Receiver>,
    words: Option<pipe::Receiver>,
    supervisor: Option<Child>,
}

impl Supervised {
    /// Starts `order` under the supervisor that `program` is.
    pub(super) fn start(program: &Path, order: &Order) -> io::Result<Self> {
        let (ours, theirs) = StdUnixStream::pair()?;
        let mut supervisor = Command::new(program)
            .arg("supervise")
            .env_clear()
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let (output, words) = (supervisor.stdout.take(), supervisor.stderr.take());
        let mut started =
            Self { control: None, output: None, words: None, supervisor: Some(supervisor) };
        let mut line = serde_json::to_vec(order)?;
        line.push(b'\n');
        (&ours).write_all(&line)?;
        ours.set_nonblocking(true)?;
        started.control = Some(UnixStream::from_std(ours)?);
        started.output = output.map(|pipe| receiver(pipe.into())).transpose()?;
        started.words = words.map(|pipe| receiver(pipe.into())).transpose()?;
        Ok(started)
    }

    /// Reads what it writes, at most `most` bytes, and hands on what it says, until it has ended.
    pub(super) async fn follow(
        &mut self,
        most: usize,
        words: &mut Words,
    ) -> Result<(Ending, Vec<u8>), Broken> {
        let Self { control: Some(control), output: Some(output), words: Some(said), .. } = self
        else {
            return Err(Broken::Lost);
        };
        let mut written = Vec::new();
        let ending = {
            let reading = std::pin::pin!(async {
                tokio::try_join!(read_output(output, most, &mut written), listen(said, words))
            });
            let ending = std::pin::pin!(read_ending(control));
            match select(reading, ending).await {
                Either::Left((read, ending)) => {
                    read?;
                    ending.await?
                }
                Either::Right((ending, reading)) => {
                    // If the supervisor was killed, somebody may still hold the other end.
                    match tokio::time::timeout(LAST_WORDS, reading).await {
                        Ok(read) => read.map(drop)?,
                        Err(_) => return Err(Broken::Lost),
                    }
                    ending?
                }
            }
        };
        Ok((ending, written))
    }
}

fn receiver(pipe: OwnedFd) -> io::Result<pipe::Receiver> {
    pipe::Receiver::from_owned_fd(pipe)
}

async fn read_output(
    output: &mut pipe::Receiver,
    most: usize,
    written: &mut Vec<u8>,
) -> Result<(), Broken> {
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let bytes = output.read(&mut piece).await?;
        if bytes == 0 {
            return Ok(());
        }
        if written.len() + bytes > most {
            return Err(Broken::TooMuch);
        }
        written.extend_from_slice(&piece[..bytes]);
    }
}

async fn listen(said: &mut pipe::Receiver, words: &mut Words) -> Result<(), Broken> {
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let bytes = said.read(&mut piece).await?;
        if bytes == 0 {
            words.end().await;
            return Ok(());
        }
        words.hear(&piece[..bytes]).await;
    }
}

async fn read_ending(control: &mut UnixStream) -> Result<Ending, Broken> {
    let mut line = Vec::new();
    let mut piece = [0; MAX_ENDING_BYTES];
    loop {
        let bytes = control.read(&mut piece).await.unwrap_or(0);
        if bytes == 0 || line.len() > MAX_ENDING_BYTES {
            break;
        }
        line.extend_from_slice(&piece[..bytes]);
    }
    serde_json::from_slice(&line).map_err(|_| Broken::Lost)
}

impl Drop for Supervised {
    /// Waits until it is gone, because the next attempt must not meet this one. Blocking is fine
    /// here: an attempt has its thread to itself.
    fn drop(&mut self) {
        // Closed first: who writes to nobody ends sooner.
        drop((self.output.take(), self.words.take(), self.control.take()));
        let Some(mut supervisor) = self.supervisor.take() else { return };
        let until = Instant::now() + GRACE + BEYOND_GRACE;
        while Instant::now() < until {
            match supervisor.try_wait() {
                Ok(None) => thread::sleep(LOOK_EVERY),
                Ok(Some(_)) | Err(_) => return,
            }
        }
        tracing::warn!(supervisor = supervisor.id(), "a command takes long to end; going on");
        let late = thread::Builder::new().name("late command".to_owned());
        // Without a thread it stays a zombie, and nothing else.
        drop(late.spawn(move || supervisor.wait()));
    }
}
