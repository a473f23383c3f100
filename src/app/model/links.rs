//! The links that a message contains.

use crate::domain::Message;
use crate::text::Link;

/// Returns the links in a message's text, followed by the link of its file. A deleted message has none.
pub fn links_of(message: &Message) -> Vec<Link> {
    if message.deleted {
        return Vec::new();
    }
    let mut links = Link::find(&message.text);
    let file = message.attachment.as_ref().and_then(|file| Link::read(&file.url));
    links.extend(file.filter(|file| !links.iter().any(|link| link.address == file.address)));
    links
}
