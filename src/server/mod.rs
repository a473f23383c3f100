//! The sandbox server: faithful chat services in memory, for the demo, for tests and for whoever builds against one of
//! them without the network.
//!
//! Each service is a dialect with a world and a JSON of its own: `minchat`. Around them is what they
//! share: `running` listens and stops, `door` takes connections, `body` reads what is posted, `files` keeps uploads.
//!
//! It does not know the client: above all it does not import `protocol`, and writes its JSON from the protocol notes by
//! itself, so that client and server cannot share one mistake.

mod body;
mod clock;
mod door;
mod files;
mod ledger;
mod limits;
mod minchat;
mod patience;
mod running;
mod sandbox;
mod script;
mod sockets;
mod vchat;

pub use limits::{Kept, Limits};
pub use running::{Dialect, Options, Running, start};
pub use sandbox::Sandbox;
