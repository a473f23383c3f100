//! The world: the process, its signals, its files and its terminal.

mod beside;
mod client;
mod clock;
mod connections;
mod demo;
mod event_loop;
mod failure;
mod feeds;
mod files;
mod hush;
mod logging;
mod pacer;
mod panics;
mod screen;
mod serve;
mod signals;
mod stores;
mod terminal;
mod translate;
mod tty;
mod zone;

pub use client::run;
pub use clock::{Clock, SystemClock};
pub use connections::Connections;
pub use demo::demo;
pub use event_loop::{Display, EventLoop, Input, Inputs, Server};
pub use failure::{Failure, warn};
pub use feeds::Feeds;
pub use hush::keep_secret;
pub use logging::{log_to_file, log_to_stderr};
pub use pacer::Pacer;
pub use screen::Screen;
pub use serve::{Serve, serve};
pub use stores::{Stores, location_of, store_file};
