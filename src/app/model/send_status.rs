//! What is shown of what waits to be sent: one answer for the rows, the marks, the notes and the keys.

use crate::domain::Slot;

/// How far a send is that the server has not confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsent {
    /// It waits and is not on its way: it is still the user's.
    Waits,
    /// It is on its way, or was once.
    UnderWay,
    /// The server may have it, which is found out.
    LookedFor,
    /// The server may have it, and the user decides.
    Asks,
    /// The server did not take it.
    Failed,
}

/// A change of a message that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change<'a> {
    /// It is to say this.
    Edit(&'a str),
    /// It is to go.
    Deletion,
}

/// What the rows of a room depend on besides its messages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Messages below which stands that a change of them waits.
    pub(in crate::app) changed: Vec<Slot>,
    /// Sends that only wait, though the timeline has them in doubt.
    pub(in crate::app) resting: Vec<Slot>,
}
