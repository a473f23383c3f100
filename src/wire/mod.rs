//! Records of the wire: every REST call and socket packet of a connection, in both directions.
//!
//! The `net` layer writes one [`Record`] for each of them into a [`Ring`], which all connections share and which is
//! bounded in bytes and in records. Whoever wants to show, stream or store the traffic reads the ring with
//! [`Ring::since`]. Secrets are replaced before a record is made, so nothing that reads records has to do it.
//!
//! This layer is pure: times are arguments, and nothing here performs I/O. Texts of records come from the server and are
//! not sanitised, since some readers need them as they were; what shows them has to.

mod details;
mod filter;
mod forms;
mod group;
mod json;
mod json_parser;
mod latency;
mod literal;
mod message_json;
mod packet;
mod payload;
mod record;
mod ring;
mod subject;
mod summary;

pub use details::details;
pub use filter::Filter;
pub use forms::{CopyForm, Server};
pub use group::{GroupId, Groups};
pub use json::{Json, JsonNode, JsonValue};
pub use latency::{ConnectionFacts, Latency, MAX_SENDS, Percentiles, SendLatency};
pub use message_json::message_json;
pub use packet::{EnginePacket, Packet, SocketPacket};
pub use payload::{MAX_PAYLOAD_BYTES, Payload};
pub use record::{
    CallBody, CallNumber, CallOutcome, Direction, FormPart, Handshake, Moment, Record, RecordKind, StartedCall,
};
pub use ring::{Draft, Increment, MAX_BYTES, MAX_RECORDS, Ring, Waker, WatchId};
pub use subject::{RecordSubject, Topic};
pub use summary::Summary;
