//! Invariants of every story.

use std::cmp::Reverse;

use minchat_tui::domain::Room;

use super::Story;

/// Fails unless the state and the screen satisfy the invariants.
pub fn check(story: &Story) {
    let state = &story.state;
    for room in state.account().rooms.iter() {
        let mut ids = std::collections::HashSet::new();
        let mut last = None;
        for (slot, message) in room.timeline.iter() {
            if let Some(id) = &message.id {
                assert!(ids.insert(id.clone()), "{id:?} is there twice");
                assert!(last <= Some(message.sent_at), "out of order");
                last = Some(message.sent_at);
            }
            assert_eq!(room.timeline.slot_at(room.timeline.position(slot).expect("a position")), Some(slot));
            assert!(!message.deleted || message.text.is_empty(), "a deleted message kept its text");
        }
    }
    if !matches!(state.ui.focus, minchat_tui::app::Focus::Rooms(_)) {
        // While the list has the focus, its rooms keep their places.
        let place = |room: &Room| (!room.info.settings.pinned, Reverse(room.last_activity()));
        assert!(state.account().rooms.iter().is_sorted_by_key(place), "rooms out of order");
    }
    let hidden =
        state.account().rooms.iter().find(|room| room.is_hidden() && state.ui.open.as_ref() != Some(&room.info.id));
    assert!(hidden.is_none(), "an archived room that asks for nothing is in the list");
    if state.scene().is_closed() {
        let composer = &state.ui.composer;
        let fits = composer.is_empty() || composer.is_command() || composer.editing.is_some();
        assert!(fits, "{:?} is in a composer that cannot send", composer.text());
        assert_eq!(state.account().typing_in, None, "announced as typing where nothing can be sent");
    }
    if let Some(popup) = &state.ui.completion.popup {
        assert!(popup.selected().is_some() || popup.note.is_some(), "a popup without anything in it");
        assert!(!state.ui.composer.is_empty(), "a popup without text");
    }
    assert!(state.ui.pane.rows.len() <= usize::from(state.ui.regions.messages.height), "more rows than fit");
    let (buffer, cursor) = story.frame();
    let shown = story.terminal.shown();
    let difference = buffer.content.iter().zip(&shown.content).position(|(whole, cell)| whole != cell);
    let difference = difference.map(|at| (buffer.pos_of(at), &buffer.content[at], &shown.content[at]));
    assert_eq!(difference, None, "drawn change by change, the screen looks different");
    assert_eq!(buffer.area, shown.area, "drawn change by change, the screen has another size");
    if let Some(cursor) = cursor {
        assert!(buffer.area.contains(cursor), "the cursor left the screen");
    }
}
