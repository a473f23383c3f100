//! Faults that the server produces on purpose, so that a client can be tested against them.
//!
//! [`FaultRules`] are parsed from a text such as `latency=200±100,drop@message=1%,429=5%`. The `planner` decides purely,
//! from a seed and the requests and events that came before, which faults a request or an event gets. `respond` applies
//! the plan to an HTTP request, and `stream` to the bytes of a WebSocket, whose frames `frame` finds; both work for every
//! service, since they are below the services. `control` is the route by which a program changes the rules of a running
//! server.
//!
//! Each WebSocket has random numbers of its own, and each rule too: neither another rule nor the events of another
//! socket change what happens to this one.

mod amount;
mod control;
mod fault_control;
mod frame;
mod kind;
mod link;
mod parse;
mod planner;
mod respond;
mod rule;
mod scope;
mod socket;
mod stream;
mod targets;
mod throttle;
mod wakers;

pub use fault_control::{FaultControl, FaultReport, FiredRule};
pub use parse::{FaultError, FaultRules};

pub(super) use control::{CONTROL_PATH, Guard, respond_to_control};
pub(super) use link::Link;
pub(super) use respond::{Aborted, respond};
pub(super) use stream::FaultyStream;
