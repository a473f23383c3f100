//! The demo on V Chat: how the script engine in [`crate::server::demo`] is bound to this service.
//!
//! The people are the same as in the MinChat demo. [`rooms_file`] reads the rooms and settings that
//! `assets/demo-vchat.json` adds to the script, and [`seed_history`] writes the history. [`behaviour`],
//! [`bot_commands`] and [`calls`] decide what people do that only V Chat offers, and [`host`] performs these
//! [`actions`] on the [`Hub`](super::hub::Hub).

mod actions;
mod attachments;
mod behaviour;
mod bot_commands;
mod calls;
mod host;
mod rooms_file;
mod seed_history;

pub(crate) use host::VChatHost;
pub(crate) use seed_history::seed_history;
