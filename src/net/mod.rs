//! Client I/O: sign-in, the Socket.IO connection, REST calls, retries and the detection of dead connections.
//!
//! A [`Connection`] serves one account on a thread of its own. Requests go in through it, events come out of a
//! [`FeedReceiver`]; both queues are bounded, and neither side ever waits for the other. Connections share nothing, so
//! a program may hold any number of them.
//!
//! Knows the domain and the [`Protocol`](crate::protocol::Protocol) interface, but neither the application state nor
//! the screen. The design is described in `docs/design/connection.md`.

mod announced_pause;
mod backoff;
mod boottime_timer;
mod connection;
mod decoder;
mod download;
mod download_tap;
mod driver;
mod error;
mod feed;
mod file_chunks;
mod file_download;
mod generation;
mod heartbeat;
mod http_reply;
mod lanes;
mod liveness;
mod message_limit;
mod multipart;
mod plain_http;
mod probe;
mod proxy;
mod request_body;
mod requests;
mod rest;
mod retry;
mod shared_protocol;
mod sign_in;
mod silence;
mod socket;
mod tap;
mod target;
#[cfg(test)]
mod tests;
mod timing;
mod tls_http;
mod undelivered;
mod watchdog;

pub use backoff::Backoff;
pub use connection::Connection;
pub use download::download;
pub use download_tap::DownloadTap;
pub use feed::{FeedReceiver, FeedSender, feed};
pub use file_download::download_file;
pub use generation::note_panic;
pub use probe::{Probe, Step, StepError, Stream};
pub use proxy::find_proxy_variable;
pub use target::Target;
pub use timing::MAX_RATE_LIMIT_WAIT;
