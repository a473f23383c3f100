//! Overlays: the boxes that lie over the chat, one at a time.
//!
//! Each kind of `app::Overlay` has a file of its own here; they share the box of `frame`. The regions are computed in
//! `app::overlays`, in the file of the same name, so that a click meets what is painted there.

mod frame;
mod help;
mod info;
mod inspector;
mod key_test;
mod list;
mod menu;
mod paint;
mod paste;
mod picture;
mod query;
mod question;
mod save;
mod search;
mod settings;
mod switcher;

pub(super) use frame::{draw_box, mark_rows_below};
pub(super) use paint::paint;
pub(super) use query::paint as paint_field;
