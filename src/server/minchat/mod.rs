//! MinChat in memory, written from `docs/protocol/minchat.md`; `§` in comments refers to its sections.
//!
//! The core is pure: [`world`] holds one [`tenant`] per API key, a reducer of requests into chat events, and [`wire`]
//! turns these into MinChat's JSON and decides who receives it. [`hub`] guards the world with a lock and owns the
//! sockets. [`http`] and [`socket`] parse what clients send, and [`demo`] plays the scripted people.

mod build;
mod demo;
mod http;
mod hub;
mod ids;
mod limits;
mod messages;
mod model;
mod presence;
mod request;
mod socket;
mod storage;
mod tenant;
mod wire;
mod world;

pub(crate) use build::build;
