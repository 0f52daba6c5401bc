//! The models' room against servers that others wrote: llama.cpp with a model of random weights,
//! and a mock of the protocols. `./test --peers` fetches both and runs this.
//!
//! Without them each test says so and ends: they need Python, Node.js and the network.

mod llama;
mod mock;
mod peer;
