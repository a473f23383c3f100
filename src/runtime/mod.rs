//! The world: the process, its signals, its files and its terminal.

mod demo;
mod failure;
mod logging;
mod serve;
mod stand_in;

pub use demo::demo;
pub use failure::Failure;
pub use logging::{log_to_file, log_to_stderr};
pub use serve::{Serve, serve};
pub use stand_in::run;
