//! Measuring and reporting for the benches.

pub mod process;
pub mod ratio;
pub mod report;
pub mod samples;
