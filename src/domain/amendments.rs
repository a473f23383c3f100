//! Changes of messages that a reply of the server may lack, because the server read it before they were made.

use std::collections::HashMap;

use crate::text::SafeText;

use super::attachment::Attachment;
use super::ids::{MessageId, PageSerial, PersonId, RoomId};
use super::message::{Message, MessageInfo};
use super::message_change::{Amendment, Edit, EditedFile, MessageChange};

/// Largest size of all changes that are kept, in bytes. Nobody changes as much while a page is requested or a room is
/// exported.
const MAX_BYTES: usize = 4 << 20;

/// Approximate size of a change without its texts.
const CHANGE_BYTES: usize = 256;

/// Changes of any number of messages, for each in the order in which they arrived.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Amendments {
    by_message: HashMap<MessageId, Vec<Recorded>>,
    bytes: usize,
}

/// Change with the newest page that had been requested when it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Recorded {
    after: PageSerial,
    change: MessageChange,
}

impl Amendments {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.by_message.is_empty()
    }

    /// Adds a change that arrived when `after` was the newest requested page.
    pub fn add(&mut self, after: PageSerial, change: MessageChange) {
        let bytes = bytes_of(&change);
        if self.bytes + bytes <= MAX_BYTES {
            self.bytes += bytes;
            self.by_message.entry(change.message.clone()).or_default().push(Recorded { after, change });
        }
    }

    /// Forgets the changes that arrived before the page `oldest` was requested.
    pub fn forget_before(&mut self, oldest: PageSerial) {
        self.by_message.retain(|_, all| {
            all.retain(|recorded| recorded.after >= oldest);
            !all.is_empty()
        });
        self.bytes = self.by_message.values().flatten().map(|recorded| bytes_of(&recorded.change)).sum();
    }

    /// Returns what has changed in a message of this room since the page `serial` was requested and is not in the report
    /// yet.
    pub fn due(&self, serial: PageSerial, room: &RoomId, info: &MessageInfo) -> Vec<&Amendment> {
        let is_known = |edit: &Edit| edit.text == info.text && has_file(edit, info.attachment.as_deref());
        self.since(serial, &info.id, Some(&info.author), Some(room), is_known)
    }

    /// Returns what has changed in a stored message of this room since the page `serial` was requested and is not in it
    /// yet.
    pub fn due_for_stored(&self, serial: PageSerial, room: &RoomId, message: &Message) -> Vec<&Amendment> {
        let Some(id) = &message.id else { return Vec::new() };
        let is_known = |edit: &Edit| edit.text == message.text && has_file(edit, message.attachment.as_deref());
        self.since(serial, id, Some(&message.author), Some(room), is_known)
    }

    /// Returns what has changed in a message whose text is `text`, as it is edited, and is not in that text yet.
    pub fn due_for_text(&self, message: &MessageId, author: Option<&PersonId>, text: &str) -> Vec<&Amendment> {
        let is_known = |edit: &Edit| edit.text.editable() == text;
        self.since(PageSerial::default(), message, author, None, is_known)
    }

    fn since(
        &self,
        serial: PageSerial,
        message: &MessageId,
        author: Option<&PersonId>,
        room: Option<&RoomId>,
        is_known: impl Fn(&Edit) -> bool,
    ) -> Vec<&Amendment> {
        let all = self.by_message.get(message).map_or(&[][..], Vec::as_slice);
        let concerns = |change: &MessageChange| {
            (change.author.is_none() || change.author.as_ref() == author)
                && (change.room.is_none() || room.is_none() || change.room.as_ref() == room)
        };
        let is_due = |recorded: &&Recorded| recorded.after >= serial && concerns(&recorded.change);
        let mut due: Vec<_> = all.iter().filter(is_due).map(|recorded| &recorded.change.amendment).collect();
        // What was reported after an edit has its text already, and everything before.
        let is_in_it = |amendment: &&Amendment| matches!(amendment, Amendment::Edited(edit) if is_known(edit));
        let known = due.iter().rposition(is_in_it).map_or(0, |last| last + 1);
        due.drain(..known);
        due
    }
}

fn has_file(edit: &Edit, present: Option<&Attachment>) -> bool {
    match &edit.file {
        EditedFile::Kept => true,
        EditedFile::Replaced(file) => file.as_deref() == present,
    }
}

fn bytes_of(change: &MessageChange) -> usize {
    let text: Option<&SafeText> = if let Amendment::Edited(edit) = &change.amendment { Some(&edit.text) } else { None };
    CHANGE_BYTES + text.map_or(0, |text| text.len())
}
