//! V Chat, version 2, in memory: REST under `/api/v2` and Socket.IO events.
//!
//! Its heart is pure: `world` is the service as a reducer, `wire` writes its JSON. Around it, `hub` holds the one lock
//! and the sockets, `http` and `socket` read what clients ask, `demo` plays the scripted people. The genuine server is not public; what it does is taken
//! from the protocol note, whose sections the comments name.

mod build;
mod demo;
mod http;
mod hub;
mod ids;
mod model;
mod news;
mod picture;
mod refusal;
mod secret;
mod socket;
mod wire;
mod world;

pub(crate) use build::build;
