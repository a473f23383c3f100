//! Keys, the actions they are bound to, and slash commands.
//!
//! Main types: [`Key`], [`Action`] and [`Command`], each parsed from text, and [`Keymap`], the live bindings. The
//! tables of actions and commands feed the keymap, the help screen, the hints, the switcher, the man page and the
//! README. This layer carries out nothing. [`Decoder`] translates the bytes of a terminal into keys.

mod action;
mod argument;
mod command;
mod command_line;
mod decoder;
mod duration;
mod key;
mod keymap;
mod layout;
mod preset;

pub use action::{Action, Context, InOverlay};
pub use argument::{Argument, ArgumentKind};
pub use command::{COMMANDS, Command, CommandError, CommandId, CommandSpec, SharedList, Substitute, substitute};
pub use command_line::command_line;
pub use decoder::{Decoder, MAX_PASTE, Pasted, TerminalEvent};
pub use key::{Code, Key, KeyError, Mouse, MouseKind};
pub use keymap::{Keymap, KeymapError};
pub use preset::Preset;
