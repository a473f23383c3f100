//! The program, pure: one state, one writer.
//!
//! [`update`] takes an event and the time and returns what is to be done; [`layout()`] settles the rows on screen;
//! `view` paints them. Nothing here performs anything, reads a clock or knows a terminal.

mod abilities;
mod access;
mod actions;
mod allowed;
mod areas;
mod blocks;
mod call;
mod composer;
mod deadline;
mod effect;
mod event;
mod help;
mod hunt;
mod keeping;
mod layout;
mod list;
mod memory;
mod on_drawn;
mod on_key;
mod on_mouse;
mod on_server;
mod on_store;
mod on_tick;
pub mod outbox;
mod overlay;
mod pane;
mod people;
mod presence;
mod rooms;
mod state;
mod switcher;
mod update;

pub use actions::{links_of, members_offer};
pub use areas::{Area, Areas, GUTTER, INDENT, PROMPT, ROOM_ROWS, Size};
pub use blocks::{PaneRow, body_text, own_bytes};
pub use call::{Call, CallStage};
pub use composer::{Composer, ComposerRow, Reply};
pub use deadline::deadline;
pub use effect::{Effect, FileWish, Weight};
pub use event::Event;
pub use help::{HelpLine, help_lines};
pub use hunt::Hunt;
pub use keeping::{Keeping, parting};
pub use layout::layout;
pub use list::{List, ListKind, ListRow, ListTarget};
pub use overlay::{Overlay, Question};
pub use pane::{Anchor, Pane};
pub use people::People;
pub use rooms::Rooms;
pub use state::{Account, Damage, Focus, LinkState, Notice, Options, SecondLook, State};
pub use switcher::{Purpose, Switcher, Target};
pub use update::update;
