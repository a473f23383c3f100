//! The links of a message.

use crate::domain::Message;
use crate::text::Link;

/// The links of a message: those in its text, then its file's.
pub fn links_of(message: &Message) -> Vec<Link> {
    if message.deleted {
        return Vec::new();
    }
    let mut links = Link::find(&message.text);
    let file = message.attachment.as_ref().and_then(|file| Link::read(&file.url));
    links.extend(file.filter(|file| !links.iter().any(|link| link.address == file.address)));
    links
}
