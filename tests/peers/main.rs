//! What others wrote: the models' room against llama.cpp with a model of random weights and a mock
//! of the protocols, the API reference before a validator. `./test --peers` fetches all and runs
//! this.
//!
//! Without them each test says so and ends: they need Python, Node.js and the network.

mod llama;
mod mock;
mod model;
mod openapi;
mod peer;
