//! The sandbox server: in-memory versions of MinChat and V Chat for the demo, for tests and for anyone who develops a
//! client without network access.
//!
//! Each service lives in its own folder, `minchat` and `vchat`, with its own data model and JSON. They share the
//! files next to this one: `handle` starts and stops a server, `listener` accepts connections, `body` reads
//! request bodies, `files` stores uploads, `quota` and `limits` bound the data that clients can store, `sessions`
//! bounds their sockets, and `demo` drives the scripted people. `endpoints` lists what a server answers, `faults`
//! makes it misbehave on purpose, and `web_pages` keeps pages in a browser away from it.
//!
//! The server deliberately does not import `protocol`. It is written from the notes in `docs/protocol`, so that tests
//! of the client against it find misunderstandings of the client.

mod body;
mod clock;
mod demo;
mod endpoints;
mod faults;
mod files;
mod handle;
mod idle_timeout;
mod limits;
mod listener;
mod minchat;
mod options;
mod quota;
mod random;
mod sandbox;
mod service;
mod sessions;
mod sockets;
mod vchat;
mod web_pages;

pub use clock::set_clock;
pub use faults::{FaultControl, FaultError, FaultReport, FaultRules, FiredRule};
pub use handle::{ServerHandle, start};
pub use limits::{Limits, StorageLimits};
pub use options::{Options, Service};
pub use random::random_key;
pub use sandbox::Sandbox;
