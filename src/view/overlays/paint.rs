//! Dispatch to the painting function of the open overlay.

use ratatui::layout::Position;

use crate::app::{Overlay, State};

use super::{help, info, list, question, search, switcher};
use crate::view::canvas::Canvas;
use crate::view::glyphs::Glyphs;

/// Paints the open overlay; returns the cursor's cell if the overlay has a text field.
pub(in crate::view) fn paint(state: &State, canvas: &mut Canvas<'_>, glyphs: Glyphs) -> Option<Position> {
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
