//! The client's I/O: one socket, REST calls, and the supervisor that keeps them alive.
//!
//! Knows the domain and the protocol seam, and neither the program's state nor its screen. Requests go in by
//! [`Connection`], events come out of a [`FeedReceiver`]; both sides are bounded and neither ever waits for the other.

mod again;
mod alarm_clock;
mod backoff;
mod connection;
mod decoder;
mod driver;
mod feed;
mod form;
mod lanes;
mod look;
mod plain;
mod pulse;
mod rest;
mod sign_in;
mod socket;
#[cfg(test)]
mod tests;
mod trouble;
mod watchdog;

pub use backoff::Backoff;
pub use connection::{Connection, Target};
pub use feed::{FeedReceiver, FeedSender, feed};
pub use socket::note_panic;
