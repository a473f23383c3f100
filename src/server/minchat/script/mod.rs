//! The people of the demo: who they are, what they said before the guest came, and what they do while the guest is
//! there.
//!
//! [`past`] writes the history into the world, [`stage`] is the play itself as a pure
//! reducer (cues and time in, acts out), [`play`] gives it the clock and the world. They do all that a client could
//! do and nothing else; when nobody is connected they do nothing and no timer runs.

mod past;
mod play;
mod stage;

pub(crate) use past::enter;
pub(crate) use play::play;
