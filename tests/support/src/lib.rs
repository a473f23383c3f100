//! Helpers that several test binaries, the benches and the fuzz targets share.
//!
//! A crate of its own, so that it is compiled once instead of once for each of them.

pub mod day;
pub mod fault;
pub mod flood;
pub mod fuzz;
pub mod measure;
pub mod minchat;
#[cfg(unix)]
pub mod pty;
pub mod recorder;
pub mod story;
pub mod vchat;
pub mod wire;
