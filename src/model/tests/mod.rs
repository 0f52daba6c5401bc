//! The models against small servers on loopback: every fault that a server can have, and what
//! becomes of it.

mod pictures;
mod stub;
mod words;
