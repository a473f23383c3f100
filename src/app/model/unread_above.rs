//! The new messages above the screen.

use crate::app::model::context::Scene;
use crate::app::model::pane_row::PaneRow;
use crate::domain::Unread;

impl Scene<'_> {
    /// Returns the new messages of the open room if the first of them is above the screen and was not on screen yet.
    pub fn unread_above(self) -> Option<Unread> {
        let room = self.open_room().filter(|room| room.unread_marker.unseen().any())?;
        let first = self.ui.pane.rows.iter().find_map(PaneRow::message)?;
        let position = |slot| room.timeline.position(slot);
        let marker = &room.unread_marker;
        let is_above = match marker.slot() {
            Some(marker) => position(marker) < position(first),
            // Its page is not loaded.
            None => marker.is_unloaded() || (marker.due().is_some() && room.history.is_synced()),
        };
        is_above.then_some(marker.unseen())
    }
}
