//! The people of the demo: who they are, what they said before the guest came, and what they do while the guest is
//! there. The characters are those of the MinChat demo; their rooms and tricks are V Chat's.
//!
//! `past` writes the history into the world, `stage` is the play as a pure reducer (cues and time in, acts out),
//! `play` gives it the clock and the world. They do all that a client could do and nothing else; when nobody is
//! connected they do nothing and no timer runs.

mod book;
mod past;
mod play;
mod props;
mod stage;
mod tricks;

pub(crate) use past::enter;
pub(crate) use play::play;
