//! The demo on MinChat: how the script engine in [`crate::server::demo`] is bound to this service.
//!
//! `seed_history` writes the people, rooms and histories of the script into the app, `behaviour` adds what only
//! MinChat has (edits, heartbeats, AI events), and `host` performs actions on the [`Hub`](super::hub::Hub).

mod behaviour;
mod host;
mod seed_history;

pub(crate) use host::MinChatHost;
pub(crate) use seed_history::seed_history;
