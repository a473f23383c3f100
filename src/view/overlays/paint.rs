//! Dispatch to the painting function of the open overlay.

use ratatui::layout::Position;

use crate::app::{Overlay, Scene};

use super::{help, info, inspector, key_test, list, menu, paste, picture, question, save, search, settings, switcher};
use crate::view::canvas::Canvas;
use crate::view::glyphs::Glyphs;

/// Paints the open overlay; returns the cursor's cell if the overlay has a text field.
pub(in crate::view) fn paint(scene: Scene<'_>, canvas: &mut Canvas<'_>, glyphs: Glyphs) -> Option<Position> {
    match scene.ui.overlay.as_ref()? {
        Overlay::Switcher(switcher) => return switcher::paint(scene, canvas, glyphs, switcher),
        Overlay::List(list) => return list::paint(scene, canvas, glyphs, list),
        Overlay::Search(search) => return search::paint(scene, canvas, glyphs, search),
        Overlay::Help(page, _) => return help::paint(scene, canvas, glyphs, page),
        Overlay::Save(prompt) => return save::paint(scene, canvas, glyphs, prompt),
        Overlay::Settings(page) => return settings::paint(scene, canvas, glyphs, page),
        Overlay::Inspector(page) => return inspector::paint(scene, canvas, glyphs, page),
        Overlay::KeyTest(test) => key_test::paint(scene, canvas, glyphs, test),
        Overlay::Info(page) => info::paint(scene, canvas, glyphs, *page),
        Overlay::Menu(menu) => menu::paint(scene, canvas, glyphs, menu),
        Overlay::Paste(menu) => paste::paint(scene, canvas, glyphs, menu),
        Overlay::Picture(view) => picture::paint(scene, canvas, glyphs, view),
        Overlay::Question(question) => question::paint(scene, canvas, glyphs, question),
    }
    None
}
