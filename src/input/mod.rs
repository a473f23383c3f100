//! Keys, the actions they are bound to, and slash commands.
//!
//! Main types: [`Key`], [`Action`] and [`Command`], each parsed from text, and [`Keymap`], the live bindings. The tables of
//! actions and commands feed the keymap, the help screen, the hints, the switcher, the man page and the README. This layer
//! knows nothing of terminals (`runtime/terminal.rs` translates crossterm events into [`Key`]) and carries out nothing.

mod action;
mod command;
mod key;
mod keymap;

pub use action::{Action, Context};
pub use command::{COMMANDS, Command, CommandError, CommandId, CommandSpec};
pub use key::{Code, Key, KeyError, Mouse, MouseKind};
pub use keymap::{Keymap, KeymapError};
