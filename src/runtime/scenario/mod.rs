//! The command `run`: plays a scenario on sandbox servers of its own, or on a real service.

mod command;
mod person;
mod run;
mod screen;

pub use command::run_scenario;
