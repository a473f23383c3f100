//! The kinds of faults: their names, their values and what they apply to.

use std::fmt;

/// A kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// Delays a response or an event. A delayed event delays all that follow it on its socket.
    Latency,
    /// A request is not carried out and its connection is closed; an event is not sent.
    Drop,
    /// An event is sent twice.
    Dup,
    /// An event is sent after the one that follows it.
    Reorder,
    /// A request is refused with this HTTP status and not carried out.
    Status(u16),
    /// A request is carried out, and its connection is closed instead of a response.
    Lose,
    /// A response, or the frame of an event, ends in the middle and its connection is closed.
    Truncate,
    /// A request is carried out but never answered; a socket sends nothing more, from this event on.
    Stall,
    /// The server sends an event and then a packet that disconnects the client from its namespace.
    Disconnect,
    /// A socket neither sends nor receives anything once it has been open for this long, without being closed.
    HalfOpen,
    /// Limits the bytes per second of a connection in each direction.
    Slow,
    /// Closes sockets this often.
    Close,
}

/// The form in which the value of a kind is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A [`Chance`](super::amount::Chance).
    Chance,
    /// A [`Span`](super::amount::Span).
    Span,
    /// A [`Frequency`](super::amount::Frequency).
    Frequency,
    /// A [`Throughput`](super::amount::Throughput).
    Throughput,
}

/// What a kind applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Subjects {
    /// HTTP requests; `@/path` selects some.
    pub(super) requests: bool,
    /// Events on sockets; `@event` selects some.
    pub(super) events: bool,
}

/// Kinds with a name, in the order in which errors list them.
pub(super) const NAMED: [(&str, Kind); 11] = [
    ("latency", Kind::Latency),
    ("drop", Kind::Drop),
    ("dup", Kind::Dup),
    ("reorder", Kind::Reorder),
    ("lose", Kind::Lose),
    ("truncate", Kind::Truncate),
    ("stall", Kind::Stall),
    ("disconnect", Kind::Disconnect),
    ("half-open", Kind::HalfOpen),
    ("slow", Kind::Slow),
    ("close", Kind::Close),
];

impl Kind {
    /// Returns the kind with this name; a status is named by its number, 400 to 599.
    pub(super) fn by_name(name: &str) -> Option<Self> {
        let named = NAMED.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind);
        named.or_else(|| name.parse().ok().filter(|status| (400..600).contains(status)).map(Self::Status))
    }

    /// How its value is written.
    pub(super) fn form(self) -> Form {
        match self {
            Self::Latency | Self::HalfOpen => Form::Span,
            Self::Slow => Form::Throughput,
            Self::Close => Form::Frequency,
            _ => Form::Chance,
        }
    }

    /// What it applies to.
    pub(super) fn subjects(self) -> Subjects {
        let of = |requests, events| Subjects { requests, events };
        match self {
            Self::Latency | Self::Drop | Self::Truncate | Self::Stall => of(true, true),
            Self::Status(_) | Self::Lose | Self::Slow => of(true, false),
            Self::Dup | Self::Reorder | Self::Disconnect => of(false, true),
            Self::HalfOpen | Self::Close => of(false, false),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "{status}"),
            _ => f.write_str(NAMED.iter().find(|(_, kind)| kind == self).map_or("", |(name, _)| *name)),
        }
    }
}

impl Form {
    /// Examples for an error text.
    pub(super) fn examples(self) -> &'static str {
        match self {
            Self::Chance => "5% or 1/3",
            Self::Span => "200, 200±100, 2s or 1min",
            Self::Frequency => "1/min, 10/s or 2/h",
            Self::Throughput => "500B/s, 10KB/s or 1MB/s",
        }
    }
}
