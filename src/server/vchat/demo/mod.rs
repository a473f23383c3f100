//! The demo on V Chat: how the script engine in [`crate::server::demo`] is bound to this service.
//!
//! The people are those of the MinChat demo; some rooms and the abilities are V Chat's. [`rooms_file`] reads what
//! `assets/demo-vchat.json` adds to the script, and [`seed_history`] writes the history. [`behavior`], [`bot_commands`]
//! and [`calls`] add what only V Chat has, and [`host`] performs [`actions`] on the [`Hub`](super::hub::Hub).

mod actions;
mod attachments;
mod behavior;
mod bot_commands;
mod calls;
mod host;
mod rooms_file;
mod seed_history;

pub(crate) use host::VChatHost;
pub(crate) use seed_history::seed_history;
