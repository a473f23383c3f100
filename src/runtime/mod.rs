//! The world: the process, its signals, its files and its terminal.

mod beside;
mod client;
mod clock;
mod connection;
mod demo;
mod event_loop;
mod failure;
mod files;
mod hush;
mod keeper;
mod logging;
mod pacer;
mod panics;
mod screen;
mod serve;
mod signals;
mod terminal;
mod translate;
mod tty;
mod zone;

pub use client::run;
pub use clock::{Clock, SystemClock};
pub use demo::demo;
pub use event_loop::{Display, EventLoop, Input, Inputs, Server};
pub use failure::{Failure, warn};
pub use hush::keep_secret;
pub use keeper::{Keeper, place_of, store_file};
pub use logging::{log_to_file, log_to_stderr};
pub use pacer::Pacer;
pub use screen::Screen;
pub use serve::{Serve, serve};
