//! The engine with its threads on a real store: how attempts end that do not end well, and what a
//! shutdown leaves behind.
//!
//! `house` builds the engine, `acting` has the actions that it runs. No test sleeps: an attempt
//! stands still until a test lets it go, and a commit until a test lets it through.

mod acting;
mod attempts;
mod house;
mod news;
mod shutdown;
mod time_limit;
