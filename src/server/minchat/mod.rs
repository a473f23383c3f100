//! MinChat in memory.
//!
//! Its heart is pure: `world` and `tenant` are a chat service as a reducer, `wire` writes MinChat's JSON and says
//! who hears what. Around it, `hub` holds the one lock and the sockets, `http` and `socket` read what clients
//! ask, `script` plays the people of the demo.

mod build;
mod caps;
mod http;
mod hub;
mod ids;
mod model;
mod presence;
mod request;
mod script;
mod socket;
mod talk;
mod tenant;
mod wire;
mod world;

pub(crate) use build::build;
