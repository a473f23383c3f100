//! Overlays: the boxes that lie over the chat, one at a time.
//!
//! Each kind of `app::Overlay` has a file of its own here; they share the box of `frame`. Sizes that also decide
//! what is scrolled into view (lists, search) are computed in `app`, so that layout and painting agree.

mod frame;
mod help;
mod info;
mod list;
mod paint;
mod question;
mod search;
mod switcher;

pub(super) use paint::paint;
