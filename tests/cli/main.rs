//! The commands, as a person or a script gives them: the real binary in processes of its own.
//!
//! `process` starts and stops it, `wire` speaks the little HTTP that is needed, `site` is a page to
//! extract. No test sleeps: a server is there when it has said where it listens.

mod audit;
mod backup;
mod clients;
mod demo;
mod doctor;
mod help;
mod import;
mod keys;
mod licenses;
mod logs;
mod own;
mod packaging;
mod process;
mod projects;
mod readme;
#[path = "../api/repository.rs"]
mod repository;
mod restart;
mod serve;
mod site;
mod tls;
mod webhooks;
mod whole;
mod wire;
