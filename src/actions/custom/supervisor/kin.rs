//! The processes that come from this one, found where the kernel keeps them.
//!
//! A process that leaves its group and its session stays here: its parent's death makes it a child
//! of the supervisor, which is a subreaper. Where there is no `/proc`, the group alone is known.

use std::fs;
use std::path::Path;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// The ids of the descendants of this process, at most `most` of them.
pub(super) fn descendants(most: usize) -> Vec<Pid> {
    let mut found = children_of(rustix::process::getpid());
    let mut looked_at = 0;
    while looked_at < found.len() && found.len() < most {
        let next = children_of(found[looked_at]);
        looked_at += 1;
        found.extend(next);
    }
    found.truncate(most);
    found
}

/// The children of all threads of a process; none when it is gone.
fn children_of(parent: Pid) -> Vec<Pid> {
    let tasks = Path::new("/proc").join(parent.as_raw_pid().to_string()).join("task");
    let Ok(tasks) = fs::read_dir(tasks) else { return Vec::new() };
    let lists =
        tasks.flatten().filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    lists.flat_map(|list| pids(&list)).collect()
}

fn pids(list: &str) -> Vec<Pid> {
    list.split_whitespace().filter_map(|id| Pid::from_raw(id.parse().ok()?)).collect()
}

/// More than this is killed in rounds.
const A_ROUND: usize = 10_000;

/// Sends a signal to the group, and to those who left it.
pub(super) fn signal(group: Pid, signal: Signal) {
    // Who is gone needs none. The group is struck at once: none of its processes slips away by
    // making another meanwhile.
    let _ = kill_process_group(group, signal);
    for process in descendants(A_ROUND) {
        let _ = kill_process(process, signal);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_children_is_read() {
        let found: Vec<i32> = pids("12 345 \n").into_iter().map(Pid::as_raw_pid).collect();
        assert_eq!(found, [12, 345]);
        assert!(pids("").is_empty());
    }
}
