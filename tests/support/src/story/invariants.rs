//! What holds in every story.

use super::Story;

/// Fails unless the state and the screen are as they must be, whatever happened.
pub fn check(story: &Story) {
    let state = &story.state;
    for room in state.account().rooms.iter() {
        let mut ids = std::collections::HashSet::new();
        let mut last = None;
        for (slot, message) in room.timeline.iter() {
            if let Some(id) = &message.id {
                assert!(ids.insert(id.clone()), "{id:?} stands twice");
                assert!(last <= Some(message.sent_at), "out of order");
                last = Some(message.sent_at);
            }
            assert_eq!(room.timeline.slot_at(room.timeline.position(slot).expect("a position")), Some(slot));
            assert!(!message.deleted || message.text.is_empty(), "a deleted message kept its text");
        }
    }
    let activity: Vec<_> = state.account().rooms.iter().map(minchat_tui::domain::Room::active_at).collect();
    assert!(activity.is_sorted_by(|a, b| a >= b), "rooms out of order");
    let away =
        state.account().rooms.iter().find(|room| room.info.archived && state.ui.open.as_ref() != Some(&room.info.id));
    assert!(away.is_none(), "a room that was put away stands in the list");
    if state.scene().is_closed() {
        let composer = &state.ui.composer;
        let fits = composer.is_empty() || composer.is_command() || composer.editing.is_some();
        assert!(fits, "{:?} is written where nothing can be sent", composer.text());
        assert_eq!(state.account().typing_in, None, "told as typing where nothing can be sent");
    }
    assert!(state.ui.pane.rows.len() <= usize::from(state.ui.regions.messages.height), "more rows than fit");
    let (buffer, cursor) = story.frame();
    let shown = story.terminal.shown();
    let differ = buffer.content.iter().zip(&shown.content).position(|(whole, cell)| whole != cell);
    let differ = differ.map(|at| (buffer.pos_of(at), &buffer.content[at], &shown.content[at]));
    assert_eq!(differ, None, "drawn change by change it looks different");
    assert_eq!(buffer.area, shown.area, "drawn change by change it has another size");
    if let Some(cursor) = cursor {
        assert!(buffer.area.contains(cursor), "the cursor left the screen");
    }
}
