//! A record in a few words, for a row of a list.

use crate::domain::ConnectionStatus;

use super::packet::Packet;
use super::record::{CallOutcome, Record, RecordKind};

/// A record in a few words. They may quote the server and are not sanitised.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    /// Event, type of the packet, or method and path of the call; of a reply only if the call is not known.
    pub name: String,
    /// HTTP status, or a word such as `failed`; otherwise empty.
    pub outcome: String,
}

impl Summary {
    /// Describes a record by itself. The name of a reply is empty: its call has it.
    pub fn of(record: &Record) -> Self {
        let (name, outcome) = match &record.kind {
            RecordKind::CallStarted(started) => (format!("{} {}", started.method, started.path), ""),
            RecordKind::CallFinished { outcome, .. } => {
                let outcome = match outcome {
                    CallOutcome::Reply { status, .. } => {
                        return Self { name: String::new(), outcome: status.to_string() };
                    }
                    CallOutcome::Failed(_) => "failed",
                    CallOutcome::Canceled => "canceled",
                };
                (String::new(), outcome)
            }
            RecordKind::Opening(_) => ("GET /socket.io/".to_owned(), ""),
            RecordKind::Received { payload, problem } | RecordKind::Emitted { payload, problem } => {
                let packet = Packet::parse(&payload.text);
                let name = packet.event.unwrap_or(packet.type_name()).to_owned();
                (name, if problem.is_some() { "error" } else { "" })
            }
            RecordKind::Connection(status) => {
                let outcome = match status {
                    ConnectionStatus::Connecting | ConnectionStatus::Online => "",
                    ConnectionStatus::Offline { .. } => "lost",
                    ConnectionStatus::Refused { .. } => "error",
                };
                (status.described().0.to_owned(), outcome)
            }
        };
        Self { name, outcome: outcome.to_owned() }
    }
}
