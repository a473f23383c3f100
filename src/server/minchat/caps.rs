//! How long and how many things may be. The real service's limits are not known; a server in memory needs some.

use crate::server::quota::{ENTRY_BYTES, FULL_MESSAGE, is_too_deep, json_bytes};

use super::model::{File, Message, Metadata, Refusal, User};
use super::tenant::{Facts, Tenant};

/// The longest text of a message, in bytes.
pub(super) const TEXT: usize = 64 << 10;
/// The longest name, title or address, in bytes.
pub(super) const NAME: usize = 4 << 10;
/// The largest metadata, in bytes of memory, about.
const METADATA: usize = 64 << 10;

/// Refuses what is longer than `most` bytes.
pub(super) fn short(name: &str, text: &str, most: usize) -> Result<(), Refusal> {
    if text.len() > most { Err(Refusal::invalid(format!("{name} is longer than {most} bytes"))) } else { Ok(()) }
}

/// Refuses one more of what there is most of already.
pub(super) fn count(there: usize, most: usize, what: &str) -> Result<(), Refusal> {
    if there < most {
        return Ok(());
    }
    Err(Refusal::Full(format!("The sandbox keeps at most {most} {what}. Delete some, or restart it.")))
}

/// What metadata costs, when it is neither too large nor nested too deep.
pub(super) fn metadata(metadata: Option<&Metadata>) -> Result<usize, Refusal> {
    let Some(metadata) = metadata else { return Ok(0) };
    let size = cost(metadata);
    if size > METADATA {
        return Err(Refusal::invalid(format!("metadata is larger than {METADATA} bytes")));
    }
    if metadata.values().any(is_too_deep) {
        return Err(Refusal::invalid("metadata is nested too deep"));
    }
    Ok(size)
}

fn cost(metadata: &Metadata) -> usize {
    metadata.iter().map(|(key, value)| key.len() + 2 * json_bytes(value)).sum()
}

/// What facts about a user cost.
pub(super) fn facts(facts: &Facts) -> Result<usize, Refusal> {
    let texts = [("name", &facts.name), ("avatar", &facts.avatar)];
    let mut size = metadata(facts.metadata.as_ref())?;
    for (name, text) in texts {
        let text = text.as_deref().unwrap_or_default();
        short(name, text, NAME)?;
        size += text.len();
    }
    Ok(size)
}

/// What a message costs that says this.
pub(super) fn said(text: Option<&str>, file: Option<&File>, more: Option<&Metadata>) -> Result<usize, Refusal> {
    let text = text.unwrap_or_default();
    short("text", text, TEXT)?;
    let mut size = ENTRY_BYTES + text.len() + metadata(more)?;
    if let Some(File { kind, url, name, size: told }) = file {
        let texts = [("type", Some(kind)), ("url", Some(url)), ("name", name.as_ref()), ("size", told.as_ref())];
        for (field, text) in texts {
            let text = text.map(String::as_str).unwrap_or_default();
            short(field, text, NAME)?;
            size += text.len();
        }
    }
    Ok(size)
}

impl Tenant {
    /// Enters what is about to be kept, or refuses it.
    pub(super) fn room_for(&mut self, bytes: usize) -> Result<(), Refusal> {
        if self.quota.needs_recount(bytes) {
            let held = self.weigh();
            self.quota.set_used(held);
        }
        if self.quota.try_reserve(bytes) { Ok(()) } else { Err(Refusal::Full(FULL_MESSAGE.to_owned())) }
    }

    fn weigh(&self) -> usize {
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let user = |user: &User| {
            let facts = user.metadata.as_ref().map_or(0, cost);
            ENTRY_BYTES + 2 * user.username.len() + text(&user.name) + text(&user.avatar) + facts
        };
        let message = |message: &Message| {
            let file = message.file.as_ref().map_or(0, |file| file.url.len() + text(&file.name) + text(&file.size));
            ENTRY_BYTES + text(&message.text) + file + message.metadata.as_ref().map_or(0, cost)
        };
        let chats = self.chats.values().map(|chat| {
            let own =
                ENTRY_BYTES * (1 + chat.members.len()) + text(&chat.title) + text(&chat.avatar) + cost(&chat.metadata);
            own + chat.messages.iter().map(message).sum::<usize>()
        });
        chats.sum::<usize>() + self.users.values().map(user).sum::<usize>()
    }
}

#[cfg(test)]
#[path = "caps_tests.rs"]
mod tests;
