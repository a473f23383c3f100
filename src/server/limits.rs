//! What the sandbox bears of those who talk to it: how many, how slow, how much.
//!
//! Every number is a field, so that a test can be refused within a second instead of a minute.

use std::time::Duration;

/// The limits of a server. What is beyond them is refused with a sentence where there is still somebody to tell it to,
/// else the connection ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Connections at once.
    pub connections: usize,
    /// Bytes of a request's line and headers, about: what has arrived at once may be more. At least 8 KiB.
    pub head_bytes: usize,
    /// How long a request's line and headers may take.
    pub head: Duration,
    /// How long a request's body may take.
    pub body: Duration,
    /// How long a client may take nothing of what is sent to it.
    pub stall: Duration,
    /// How long a client may say nothing at all. Longer than any heartbeat.
    pub silence: Duration,
    /// How often a socket is pinged and how long it may take to answer; without, as the dialect has it.
    pub heartbeat: Option<(Duration, Duration)>,
    /// How long a socket may take to join; without, as the dialect has it.
    pub joining: Option<Duration>,
    /// What an app keeps.
    pub kept: Kept,
}

/// What an app keeps in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Users.
    pub users: usize,
    /// Rooms.
    pub rooms: usize,
    /// Messages of one room; the oldest give way.
    pub messages: usize,
    /// Bytes of all that is said and told, about. Not the uploaded files: those have a limit of their own, and the
    /// oldest of them give way.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            head_bytes: 64 << 10,
            head: Duration::from_secs(15),
            body: Duration::from_secs(60),
            stall: Duration::from_secs(20),
            silence: Duration::from_secs(120),
            heartbeat: None,
            joining: None,
            kept: Kept::default(),
        }
    }
}

impl Default for Kept {
    fn default() -> Self {
        Self { users: 10_000, rooms: 10_000, messages: 10_000, bytes: 256 << 20 }
    }
}
