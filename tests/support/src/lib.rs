//! Helpers that several test binaries, the benches and the fuzz targets share.
//!
//! - [`story`] drives the program's state with events and shows its screen; [`recorder`] records the frames of the event
//!   loop; [`pty`] runs a program in a pseudo-terminal
//! - [`minchat`] and [`vchat`] start a sandbox server and act as other people there, through [`wire`], a websocket
//!   client; [`fault`] puts a bad network in front of it, and `certificate` makes it a TLS server
//! - [`fuzz`] holds the bodies of the fuzz targets; [`day`], [`flood`] and [`measure`] belong to the benches
//!
//! This is a crate of its own, so that the helpers are compiled once and not once for each binary.

#[cfg(all(unix, not(target_vendor = "apple")))]
pub mod certificate;
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
