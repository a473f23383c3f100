//! The sandbox server: a faithful MinChat in memory, for the demo, for tests and for whoever builds against MinChat
//! without the network.
//!
//! Its heart is pure: `world` and `tenant` are a chat service as a reducer, `wire` writes MinChat's JSON and says
//! who hears what. Around it, `hub` holds the one lock and the sockets, `http` and `socket` read what clients
//! ask, `script` plays the people of the demo.
//!
//! It does not know the client: above all it does not import `protocol`, and writes its JSON from the protocol note by
//! itself, so that client and server cannot share one mistake.

mod files;
mod http;
mod hub;
mod ids;
mod model;
mod presence;
mod request;
mod running;
mod script;
mod socket;
mod talk;
mod tenant;
mod wire;
mod world;

pub use running::{Options, Running, start};
