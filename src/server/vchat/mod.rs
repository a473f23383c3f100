//! V Chat, version 2, in memory: a REST API under `/api/v2` and Socket.IO events.
//!
//! It is written from `docs/protocol/vchat.md`; `§` in comments refers to its sections. The genuine server is not
//! public. Where its behaviour is unknown, the notes describe that of the *sibling*, a related backend (§0.1).
//!
//! The core is pure: `world` is the service as a reducer, and `wire` writes its JSON. `hub` guards the world with a
//! lock and owns the sockets. `http` and `socket` parse what clients send, and `demo` plays the scripted people.

mod build;
mod demo;
mod effect;
mod error;
mod hash_key;
mod http;
mod hub;
mod ids;
mod image_size;
mod model;
mod rate_limit;
mod socket;
mod wire;
mod world;

pub(crate) use build::build;
