//! What holds after a story has ended.

use std::collections::HashSet;

use minchat_tui::app::{OutboxStage, Uncertain};
use minchat_tui::domain::Delivery;
use minchat_tui::store::OutboxPayload;
use test_support::story::*;

use super::{World, text_of};

impl World {
    /// Checks that each message is on the server and in the timeline exactly once, as far as its story allows.
    pub(in super::super) fn check(&self) {
        let state = &self.story.state;
        for (room, texts) in &self.entered {
            let empty = Vec::new();
            let on_server: Vec<&str> = self.server.get(room).unwrap_or(&empty).iter().map(|info| &*info.text).collect();
            let unique: HashSet<&str> = on_server.iter().copied().collect();
            assert_eq!(unique.len(), on_server.len(), "duplicates in {room}: {on_server:?}");
            // A refused message may be sent after all, and later than others, when the store did not have the refusal.
            let expected = texts.iter().map(String::as_str);
            let in_order = |text: &&str| !self.refused.contains(*text) && !self.restored.contains(*text);
            let expected = expected.filter(|text| on_server.contains(text) && in_order(text));
            let arrived = on_server.iter().copied().filter(in_order);
            // A message that waits for the user's decision delays no others, and may arrive later than they do.
            assert!(
                !self.local_ids.echoes_local_ids() || arrived.eq(expected),
                "in {room}: {on_server:?} of {texts:?}"
            );
            let timeline = &state.account().rooms.get(&room_id(room)).expect("the room").timeline;
            for text in texts {
                let copies: Vec<_> = timeline.iter().filter(|(_, message)| *message.text == **text).collect();
                let needs_user = state.account().outbox.iter().any(|entry| {
                    let same = matches!(entry.payload(), OutboxPayload::Send(content) if text_of(content) == text);
                    same && *entry.stage() == OutboxStage::Uncertain(Uncertain::NeedsUser)
                });
                if needs_user {
                    assert!(!self.local_ids.echoes_local_ids(), "the user is asked about {text}");
                    assert!(copies.iter().any(|(_, message)| message.delivery == Delivery::Uncertain));
                    continue;
                }
                if self.cancelled.contains(text) {
                    // It went out while the disk hung, and the program ended before the store had that.
                    assert!(
                        !on_server.contains(&text.as_str()) || self.not_marked.contains(text),
                        "cancelled {text} was sent"
                    );
                    continue;
                }
                let refused = self.refused.contains(text) && !on_server.contains(&text.as_str());
                if refused || self.at_risk.contains(text) {
                    continue;
                }
                assert!(on_server.contains(&text.as_str()), "{text} is lost");
                let sent = copies.iter().filter(|(_, message)| message.delivery >= Delivery::Sent).count();
                // Its page may not have been fetched again.
                assert!(sent <= 1 && copies.len() == sent, "{text}: {copies:?}");
            }
        }
    }
}
