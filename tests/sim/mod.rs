//! A server's life with mishaps, simulated step by step on a real store.
//!
//! `life` rolls dice: workers die, commits fail, leases expire, ends are told twice, the clock
//! jumps, the process restarts. `mishaps` is systematic: one short life, once for each of its
//! commits, in which exactly that commit goes wrong. After each step no job is lost, none has
//! ended twice, and the queues agree with the jobs. `run_life` and `run_mishaps` are the same for
//! runs: none is left unfinished, and no step begins before what it waits for has completed.
//! `schedule_life` is the same for schedules: whatever falls due is fired once or counted as left
//! out.

mod dice;
mod life;
mod mishaps;
mod run_life;
mod run_mishaps;
mod schedule_life;
