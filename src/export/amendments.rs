//! Edits and deletions that arrive while the messages of a room are being collected.

use std::collections::HashMap;

use super::message::ExportedMessage;

/// Maximum number of amendments that are kept. Nobody edits more messages of a room while it is exported.
const MAX_AMENDMENTS: usize = 10_000;

/// Change of a message after, or shortly before, it was collected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amendment {
    /// It has a new text.
    Edited(String),
    /// It was deleted for everyone, so that only a mark remains.
    Deleted,
    /// It was deleted for the user alone, so that nothing remains.
    Removed,
}

/// Amendments of any number of messages, for each in the order in which they arrived.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Amendments {
    by_message: HashMap<String, Vec<(Option<String>, Amendment)>>,
    count: usize,
}

impl Amendments {
    /// Adds a change of the message with this id. It is ignored if it names an author who did not write the message.
    pub fn add(&mut self, message: &str, author: Option<&str>, amendment: Amendment) {
        if self.count < MAX_AMENDMENTS {
            self.count += 1;
            self.by_message.entry(message.to_owned()).or_default().push((author.map(str::to_owned), amendment));
        }
    }

    /// Returns a message with its changes; `None` if nothing of it remains.
    pub fn applied_to(&self, mut message: ExportedMessage) -> Option<ExportedMessage> {
        let all = self.by_message.get(&message.id).map_or(&[][..], Vec::as_slice);
        // What was collected after an edit has its text already, and those before.
        let is_known = |(_, amendment): &(_, Amendment)| *amendment == Amendment::Edited(message.text.clone());
        let known = all.iter().rposition(is_known).map_or(0, |last| last + 1);
        for (author, amendment) in &all[known..] {
            let writer = message.author.as_ref().map(|author| &author.id);
            if message.deleted || (author.is_some() && author.as_ref() != writer) {
                continue;
            }
            match amendment {
                Amendment::Edited(text) => message.edit(text),
                Amendment::Deleted => message.delete(),
                Amendment::Removed => return None,
            }
        }
        Some(message)
    }
}
