//! State to cells. Everything here reads the state and writes a buffer; nothing is remembered from frame to frame.

mod call;
mod canvas;
mod composer;
mod glyphs;
mod header;
mod list;
mod messages;
mod overlay;
mod paint;
mod rooms;
mod search;
mod status;
mod welcome;
mod words;

pub use paint::paint;
