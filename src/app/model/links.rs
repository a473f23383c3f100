//! The links that a message contains.

use crate::domain::Message;
use crate::text::{self, Link, TextFormat};

/// Returns the links in a message's text, which is read as `format`, followed by the link of its file. A deleted message
/// has none.
pub fn links_of(message: &Message, format: TextFormat) -> Vec<Link> {
    if message.deleted {
        return Vec::new();
    }
    let mut links = text::links(&message.text, format);
    let file = message.attachment.as_ref().and_then(|file| Link::read(&file.url));
    links.extend(file.filter(|file| !links.iter().any(|link| link.address == file.address)));
    links
}
