//! What the benches share.

pub mod process;
pub mod ratio;
pub mod report;
pub mod samples;
