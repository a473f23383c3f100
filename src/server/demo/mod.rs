//! The script engine of the demo: scripted people who chat with the guest, on either service.
//!
//! A [`Script`] holds the people and their lines. A [`Scheduler`] decides what they do, as a pure state machine: events
//! and the time go in, actions come out, and randomness follows the seed. [`run`] connects a scheduler to the clock and
//! to a running service. The people do only what a client can do, and only while a guest is connected.
//!
//! Each service implements [`DemoService`] (the actions only it has) and [`Host`] (how an action is carried out), and
//! writes its own history from the script.

mod agenda;
mod companions;
mod event;
mod pacing;
mod responder;
mod roster;
mod runner;
mod scheduler;
mod script_file;
mod typos;

pub(crate) use companions::guest_key;
pub(crate) use event::{Event, Id, IncomingMessage};
pub(crate) use pacing::dated_lines;
pub(crate) use roster::{GUEST, Roster, creation_time, free_username};
pub(crate) use runner::{Host, run};
pub(crate) use scheduler::{Action, DemoService, Scheduler, Sent, Topic};
pub(crate) use script_file::{Line, Script, ScriptRoom, expand_line_breaks};
