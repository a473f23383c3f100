//! Edits of queued messages, and what a crash leaves of them.

use minchat_tui::app::Event;
use minchat_tui::store::OutboxPayload;

use super::{World, text_of};

impl World {
    /// Edits the newest queued message, if the newest message is one.
    pub(super) fn edit(&mut self) {
        self.story.keys("up");
        let edited = self.story.state.ui.composer.edited_send();
        if let Some(local) = edited.filter(|local| !self.not_retried.contains(local)) {
            let old = self.story.state.ui.composer.text().to_owned();
            let new = format!("{old}+");
            self.story.event(Event::Paste("+".to_owned()));
            self.story.keys("enter");
            assert!(self.story.state.ui.composer.is_blank(), "the edit is saved");
            self.versions.entry(local).or_insert_with(|| vec![old.clone()]).push(new.clone());
            self.replace_text(&old, &new);
        } else {
            self.story.keys("ctrl+u esc");
        }
        self.collect();
    }

    /// Notes that a message has another text.
    fn replace_text(&mut self, old: &str, new: &str) {
        for text in self.entered.values_mut().flatten().filter(|text| *text == old) {
            new.clone_into(text);
        }
        // A message that failed is sent after later ones.
        if self.refused.contains(old) || self.restored.contains(old) {
            self.restored.insert(new.to_owned());
        }
        // It may be on the server with its old text, where it is found by its local id.
        if self.not_marked.contains(old) || self.at_risk.contains(old) {
            self.restored.insert(old.to_owned());
            self.at_risk.insert(new.to_owned());
        }
    }

    /// Undoes the edits that the store had not written.
    pub(super) fn undo_edits(&mut self) {
        for entry in self.disk.clone() {
            let OutboxPayload::Send(content) = &entry.payload else { panic!("an entry that is not text") };
            let stored = text_of(content);
            let Some(versions) = self.versions.get_mut(&entry.local) else { continue };
            let Some(present) = versions.last().cloned().filter(|present| present != stored) else { continue };
            versions.retain(|version| version.len() <= stored.len());
            if self.cancelled.remove(&present) {
                self.cancelled.insert(stored.to_owned());
            }
            if self.sent.contains(&entry.local) {
                // It went out with the new text while the disk hung.
                self.restored.insert(present.clone());
                self.at_risk.insert(stored.to_owned());
            }
            self.replace_text(&present, stored);
        }
    }
}
