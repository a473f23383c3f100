//! MinChat in memory.
//!
//! Its heart is pure: `world` and `tenant` are a chat service as a reducer, `wire` writes MinChat's JSON and says
//! who hears what. Around it, `hub` holds the one lock and the sockets, `http` and `socket` read what clients
//! ask, `demo` plays the people of the demo.

mod build;
mod caps;
mod demo;
mod http;
mod hub;
mod ids;
mod model;
mod presence;
mod request;
mod socket;
mod talk;
mod tenant;
mod wire;
mod world;

pub(crate) use build::build;
