//! Overlays: the boxes that lie over the chat, one at a time.
//!
//! Each kind of [`Overlay`] has a file of its own here; they share the box that [`frame`] draws. Sizes that also decide
//! what is scrolled into view (lists, search) are computed in `app`, so that layout and painting agree.

mod frame;
mod help;
mod info;
mod list;
mod question;
mod search;
mod switcher;

use ratatui::layout::Position;

use crate::app::{Overlay, State};

use super::canvas::Canvas;
use super::glyphs::Glyphs;

/// Paints the open overlay; returns the cursor's cell if the overlay has a text field.
pub(super) fn paint(state: &State, canvas: &mut Canvas<'_>, glyphs: Glyphs) -> Option<Position> {
    match state.overlay.as_ref()? {
        Overlay::Switcher(switcher) => return switcher::paint(state, canvas, glyphs, switcher),
        Overlay::Search(search) => return search::paint(state, canvas, glyphs, search),
        Overlay::Help { scroll } => help::paint(state, canvas, glyphs, *scroll),
        Overlay::Info => info::paint(state, canvas, glyphs),
        Overlay::List(list) => list::paint(state, canvas, glyphs, list),
        Overlay::Question(question) => question::paint(state, canvas, glyphs, question),
    }
    None
}
