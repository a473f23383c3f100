//! What the benches share.
#![allow(dead_code, reason = "compiled once for each bench, none of which uses all of it")]

pub(crate) mod process;
pub(crate) mod ratio;
pub(crate) mod report;
pub(crate) mod samples;
