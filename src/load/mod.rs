//! A load generator: many people who are connected at once, send messages at a fixed rate and measure how long the
//! server takes.
//!
//! It is deliberately light and independent of `protocol` and `net`: one WebSocket and no thread for each person, and
//! packets that are searched for a marker instead of being decoded. [`run`] does the work, `service` knows the requests
//! of MinChat and V Chat, `socket` is the connection of one person, and [`LoadReport`] holds the result.

mod plan;
mod report;
mod retry;
mod run;
mod service;
mod socket;
mod stats;

pub use plan::{LoadPlan, LoadService, connections};
pub use report::{LoadReport, Quantiles};
pub use run::{LoadError, Progress, run};
