//! One record of the wire.

use crate::domain::{AccountId, ConnectionStatus, Timestamp};

use super::payload::Payload;
use super::subject::RecordSubject;

/// A point in time: for people, and for durations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moment {
    /// Time of day. May jump when the clock is set.
    pub wall: Timestamp,
    /// Microseconds since a fixed moment of this process. Never goes back.
    pub micros: u64,
}

/// Number of a REST call. Shared by the records of its start and its end; unique within a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallNumber(pub u64);

/// Something that went over the wire, or happened to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Number of the record, from 1, without gaps. Unique within a process.
    pub seq: u64,
    /// Time at which it happened.
    pub at: Moment,
    /// Account of the connection.
    pub account: AccountId,
    /// Its subject.
    pub subject: RecordSubject,
    /// The kind of the record, with its content.
    pub kind: RecordKind,
}

/// The content of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordKind {
    /// A REST call was started.
    CallStarted(Box<StartedCall>),
    /// A REST call ended.
    CallFinished {
        /// Number of the call.
        call: CallNumber,
        /// Time since its start, in microseconds.
        micros: u64,
        /// Its outcome.
        outcome: CallOutcome,
    },
    /// The opening request of a socket was sent.
    Opening(Box<Handshake>),
    /// A packet was received: its text as in one WebSocket message, such as `2` or `42["message",{}]`.
    Received {
        /// The packet.
        payload: Payload,
        /// Reason for which it was not understood, if it should have been.
        problem: Option<Box<str>>,
    },
    /// A packet was sent.
    Emitted {
        /// The packet.
        payload: Payload,
        /// Reason for which sending it failed.
        problem: Option<Box<str>>,
    },
    /// The state of the connection changed.
    Connection(ConnectionStatus),
}

/// A REST call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartedCall {
    /// Its number.
    pub call: CallNumber,
    /// HTTP method, such as `GET`.
    pub method: &'static str,
    /// Base URL of the server, without a slash at the end.
    pub base: Box<str>,
    /// Path below the base URL: percent-encoded, with a leading slash.
    pub path: Box<str>,
    /// The query, not encoded.
    pub query: Vec<(Box<str>, Box<str>)>,
    /// The headers that the call sets itself.
    pub headers: Vec<(Box<str>, Box<str>)>,
    /// The body.
    pub body: CallBody,
}

/// The body of a REST call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallBody {
    /// None.
    Empty,
    /// JSON.
    Json(Payload),
    /// The parts of a `multipart/form-data` body.
    Form(Vec<FormPart>),
}

/// A part of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormPart {
    /// A text.
    Field {
        /// Name of the field.
        name: Box<str>,
        /// Its value.
        value: Payload,
    },
    /// A file, whose content is not recorded.
    File {
        /// Name of the field.
        name: Box<str>,
        /// Name of the file.
        file_name: Box<str>,
        /// Media type.
        mime: Box<str>,
        /// Size in bytes.
        bytes: u64,
    },
}

/// Outcome of a REST call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallOutcome {
    /// The server replied.
    Reply {
        /// HTTP status.
        status: u16,
        /// The body, whatever its type.
        body: Payload,
        /// Reason for which the reply cannot be used, such as a missing field.
        problem: Option<Box<str>>,
    },
    /// There was no reply, for this reason.
    Failed(Box<str>),
    /// The program gave the call up.
    Canceled,
}

/// The opening request of a socket.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Handshake {
    /// Base URL of the server, without a slash at the end.
    pub base: Box<str>,
    /// The query, not encoded.
    pub query: Vec<(Box<str>, Box<str>)>,
    /// The headers that the client sets itself.
    pub headers: Vec<(Box<str>, Box<str>)>,
}

/// Direction of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// To the server.
    Out,
    /// From the server.
    In,
    /// Neither: the program noticed something.
    Local,
}

impl Record {
    /// Returns the direction.
    pub fn direction(&self) -> Direction {
        match &self.kind {
            RecordKind::CallStarted(_) | RecordKind::Opening(_) | RecordKind::Emitted { .. } => Direction::Out,
            RecordKind::CallFinished { outcome: CallOutcome::Reply { .. }, .. } | RecordKind::Received { .. } => {
                Direction::In
            }
            RecordKind::CallFinished { .. } | RecordKind::Connection(_) => Direction::Local,
        }
    }

    /// Returns why this is an error, or `None` if it is not.
    pub fn problem(&self) -> Option<&str> {
        match &self.kind {
            RecordKind::CallFinished { outcome: CallOutcome::Failed(reason), .. } => Some(reason),
            RecordKind::CallFinished { outcome: CallOutcome::Reply { problem, .. }, .. }
            | RecordKind::Received { problem, .. }
            | RecordKind::Emitted { problem, .. } => problem.as_deref(),
            RecordKind::Connection(ConnectionStatus::Offline { reason, .. } | ConnectionStatus::Refused { reason }) => {
                Some(reason)
            }
            _ => None,
        }
    }

    /// Whether something went wrong: no reply, a status that is not 2xx or 3xx, a packet that was not understood, or a
    /// lost connection.
    pub fn is_error(&self) -> bool {
        let is_refused = matches!(&self.kind, RecordKind::CallFinished { outcome: CallOutcome::Reply { status, .. }, .. }
            if *status >= 400);
        is_refused || self.problem().is_some()
    }

    /// Returns the number of the REST call that this is about.
    pub fn call(&self) -> Option<CallNumber> {
        match &self.kind {
            RecordKind::CallStarted(started) => Some(started.call),
            RecordKind::CallFinished { call, .. } => Some(*call),
            RecordKind::Opening(_)
            | RecordKind::Received { .. }
            | RecordKind::Emitted { .. }
            | RecordKind::Connection(_) => None,
        }
    }

    /// Returns the number of bytes on the wire, without headers. `None` for what has no body.
    pub fn wire_bytes(&self) -> Option<u64> {
        let of = |payload: &Payload| Some(payload.bytes as u64);
        match &self.kind {
            RecordKind::CallStarted(started) => started.body.wire_bytes(),
            RecordKind::CallFinished { outcome: CallOutcome::Reply { body, .. }, .. } => of(body),
            RecordKind::Received { payload, .. } | RecordKind::Emitted { payload, .. } => of(payload),
            _ => None,
        }
    }

    /// Returns the text of the packet or of the body, if there is one.
    pub fn payload(&self) -> Option<&Payload> {
        match &self.kind {
            RecordKind::CallStarted(started) => match &started.body {
                CallBody::Json(payload) => Some(payload),
                CallBody::Empty | CallBody::Form(_) => None,
            },
            RecordKind::CallFinished { outcome: CallOutcome::Reply { body, .. }, .. } => Some(body),
            RecordKind::Received { payload, .. } | RecordKind::Emitted { payload, .. } => Some(payload),
            _ => None,
        }
    }

    /// Returns the memory that the record takes, in bytes, without what it shares with others.
    pub fn memory(&self) -> usize {
        let pairs = |pairs: &[(Box<str>, Box<str>)]| -> usize {
            pairs.iter().map(|(name, value)| size_of::<(Box<str>, Box<str>)>() + name.len() + value.len()).sum()
        };
        let owned = match &self.kind {
            RecordKind::CallStarted(started) => {
                let own = size_of::<StartedCall>() + started.base.len() + started.path.len();
                own + pairs(&started.query) + pairs(&started.headers) + started.body.memory()
            }
            RecordKind::Opening(opening) => {
                size_of::<Handshake>() + opening.base.len() + pairs(&opening.query) + pairs(&opening.headers)
            }
            RecordKind::CallFinished { outcome: CallOutcome::Failed(reason), .. } => reason.len(),
            RecordKind::CallFinished { outcome: CallOutcome::Reply { body: payload, problem, .. }, .. }
            | RecordKind::Received { payload, problem }
            | RecordKind::Emitted { payload, problem } => {
                payload.text.len() + problem.as_ref().map_or(0, |reason| reason.len())
            }
            RecordKind::Connection(ConnectionStatus::Offline { reason, .. } | ConnectionStatus::Refused { reason }) => {
                reason.len()
            }
            RecordKind::CallFinished { outcome: CallOutcome::Canceled, .. }
            | RecordKind::Connection(ConnectionStatus::Connecting | ConnectionStatus::Online) => 0,
        };
        size_of::<Self>() + owned
    }
}

impl CallBody {
    /// Whether a text of it was too long to be recorded completely.
    pub(super) fn is_cut(&self) -> bool {
        match self {
            Self::Empty => false,
            Self::Json(payload) => payload.is_cut,
            Self::Form(parts) => parts.iter().any(|part| matches!(part, FormPart::Field { value, .. } if value.is_cut)),
        }
    }

    fn wire_bytes(&self) -> Option<u64> {
        match self {
            Self::Empty => None,
            Self::Json(payload) => Some(payload.bytes as u64),
            Self::Form(parts) => Some(parts.iter().map(FormPart::wire_bytes).sum()),
        }
    }

    fn memory(&self) -> usize {
        match self {
            Self::Empty => 0,
            Self::Json(payload) => payload.text.len(),
            Self::Form(parts) => parts.iter().map(FormPart::memory).sum(),
        }
    }
}

impl FormPart {
    /// Returns the size of the content in bytes, without what the encoding of the form adds.
    pub fn wire_bytes(&self) -> u64 {
        match self {
            Self::Field { value, .. } => value.bytes as u64,
            Self::File { bytes, .. } => *bytes,
        }
    }

    fn memory(&self) -> usize {
        let owned = match self {
            Self::Field { name, value } => name.len() + value.text.len(),
            Self::File { name, file_name, mime, .. } => name.len() + file_name.len() + mime.len(),
        };
        size_of::<Self>() + owned
    }
}
