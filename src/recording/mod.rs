//! Recordings of the program: everything that reached `app::update`, as lines of JSON, and their replay.
//!
//! The events with their times are the complete input of the pure core, so the same events give the same state and the
//! same screen. A recording is a [`Header`], from which the initial state follows, then one [`Entry`] for each event in
//! its order, and in the end an [`End`] with the last screen. [`Scribe`] writes the lines, without secrets and on request
//! without names; [`Recording`] reads them; [`Player`] plays them.
//!
//! Effects are not recorded: a replay sends nothing, writes nothing and starts no program. What comes from outside, such
//! as the text of an editor, is in the recording as the event that reported it.

mod filter;
mod header;
mod line;
mod player;
mod reader;
mod scribe;

pub use header::{FORMAT, Header};
pub use line::{End, EndReason, Entry, LastScreen};
pub use player::Player;
pub use reader::{Damage, Recording, RecordingError};
pub use scribe::{Privacy, Scribe};
