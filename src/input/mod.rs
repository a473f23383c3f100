//! Keys, what they mean, and what can be typed as a command.
//!
//! One table, many readers: [`Action`] feeds the keymap, the help screen, the hints and the switcher. Knows nothing of
//! terminals: `runtime/terminal.rs` turns what crossterm reads into a [`Key`].

mod action;
mod command;
mod key;
mod keymap;

pub use action::{Action, Context};
pub use command::{COMMANDS, Command, CommandError, CommandHelp};
pub use key::{Code, Key, KeyError, Mouse, MouseKind};
pub use keymap::{Keymap, KeymapError};
