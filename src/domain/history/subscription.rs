//! Whether live events of a room arrive, which decides whether messages may be missed.

/// Whether live events of a room arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subscription {
    /// The room is open, and its live events arrive.
    Joined,
    /// The room is open, but the server may not have processed the join yet. Live events may be missed until then.
    Joining,
    /// The room is not open; live events arrive nevertheless.
    Background,
    /// The room is not open, and no live events arrive.
    None,
}
