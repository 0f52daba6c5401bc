//! The operating system's limit on open files: every connection is one.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files that are open beside connections: database, assets, sockets, fetches.
const RESERVE: u64 = 256;

/// Raises the soft limit to the hard one; a system that does not allow it keeps its own.
pub(super) fn raise_open_files() {
    let limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
        if let Err(error) = setrlimit(Resource::Nofile, raised) {
            tracing::warn!(%error, "the limit on open files was not raised");
        }
    }
}

/// What to say when `connections` cannot all be open under the hard limit.
pub(super) fn check_open_files(connections: usize) -> Option<String> {
    let allowed = getrlimit(Resource::Nofile).maximum?;
    let wanted = connections as u64 + RESERVE;
    (allowed < wanted).then(|| {
        format!(
            "{allowed} files may be open, and `limits.connections` needs {wanted}: raise the hard \
             limit (LimitNOFILE= in systemd, `ulimit -Hn` in a shell), or lower the key"
        )
    })
}
