//! The outer layer: the process, its terminal, signals, files and threads, and the event loop that connects them with
//! the application, the network and the stores.
//!
//! [`EventLoop`] passes inputs and events to `app`, and carries out the effects that it returns. [`run`], [`demo`] and
//! [`serve`] are the commands of the program. It reads the clock for `app`, which gets the time as an argument.

mod about;
mod account;
mod account_files;
mod background;
mod bundle;
mod client;
mod clipboard_image;
mod clock;
mod config_file;
mod configuration;
mod connections;
mod control;
mod core_dump;
mod demo;
mod device;
mod downloads;
#[cfg(unix)]
mod editor;
mod event_line;
mod event_loop;
mod exports;
mod failure;
mod feeds;
mod files;
mod folders;
mod frame_diff;
mod graphics;
#[cfg(unix)]
mod guest;
#[cfg(not(unix))]
#[path = "no_guest.rs"]
mod guest;
mod headless;
mod hyperlinks;
mod linear;
mod load;
mod logging;
mod multiplexer;
mod notification_command;
mod open_files;
mod pacer;
mod panics;
mod pasted_text;
mod people;
mod picture_cells;
mod pictures;
mod private_file;
mod profile_loader;
mod programs;
mod recorder;
mod redact;
mod replay;
mod sandbox_faults;
mod save_path;
mod scenario;
mod screen;
mod screen_dump;
mod second_signal;
mod serve;
mod session_secrets;
mod signals;
mod spool;
mod stores;
mod system_notifications;
mod temporary_file;
mod terminal;
mod terminal_notifications;
mod timezone;
#[cfg(not(unix))]
mod translate;
mod tty;
mod wire_reader;
mod wizard;

pub use account_files::AccountFiles;
pub use client::run;
pub use clock::{Clock, SystemClock};
pub use configuration::{Configuration, environment, find_proxy_variable};
pub use connections::Connections;
pub use core_dump::forbid_core_dumps;
pub use demo::{Demo, demo};
pub use event_loop::{Display, EventLoop, Input, Inputs, Parts, Server};
pub use failure::{Failure, print_warnings};
pub use feeds::Feeds;
pub use guest::UNANSWERED;
pub use headless::run_job;
pub use load::{Load, run_load};
pub use logging::{log_to_file, log_to_stderr};
pub use pacer::Pacer;
pub use private_file::create_private;
pub use redact::{redact_secrets_of, redacted, show_paths};
pub use replay::{Replay, ReplayFormat, replay};
pub use sandbox_faults::SandboxFaults;
pub use scenario::run_scenario;
pub use screen::Screen;
pub use serve::{Serve, serve};
pub use stores::{Stores, location_of, store_file};
pub use wizard::{Answer, add_profile, ask_for_account};
