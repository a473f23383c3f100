//! Painting: turns the state into cells of a ratatui buffer.
//!
//! [`paint`] draws one frame. It borrows the state immutably and keeps nothing between frames; what scrolls where has been
//! settled by `app::layout` before. One file per part of the screen, one file per overlay in `overlays/`. Other files hold
//! what several parts share: `canvas` (clipped writing), `glyphs` (symbols), `presence`, `preview` and `connection`
//! (states in words). Wording rule: what stands alone is in sentence case; key hints and details after a `·` are in lower
//! case, and every key comes from the live keymap.

mod activity;
mod call;
mod canvas;
mod composer;
mod connection;
mod glyphs;
mod header;
mod messages;
mod overlays;
mod paint;
mod presence;
mod preview;
mod rooms;
mod status;
mod welcome;

pub use paint::paint;
