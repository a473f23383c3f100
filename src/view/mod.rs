//! Painting: turns the state into cells of a ratatui buffer.
//!
//! [`paint`] draws one frame. It borrows the state immutably and stores nothing between frames; `app::layout` computes
//! the scroll positions beforehand. Each part of the screen has a file of its own, and so has each overlay, in
//! `overlays/`. The other files are used by several parts: `canvas` (clipped writing), `glyphs` (symbols), and
//! `presence`, `preview` and `connection` (states in words).
//!
//! Wording: texts that stand alone are in sentence case; key hints and details after a `·` are in lower case. Every key
//! comes from the live keymap.

mod activity;
mod call;
mod canvas;
mod completion;
mod composer;
mod connection;
mod curtain;
mod glyphs;
mod header;
mod latency;
mod linear;
mod members;
mod messages;
mod micros;
mod name_row;
mod overlays;
mod paint;
mod pictures;
mod placeholder;
mod presence;
mod preview;
mod reordering;
mod rooms;
mod sections;
mod status;
mod tile;
mod transfer;
mod welcome;
mod wizard;

pub use canvas::LinkRun;
pub use linear::Transcript;
pub use paint::{paint, paint_with_links};
pub use placeholder::PictureCell;
pub use wizard::paint_wizard;
