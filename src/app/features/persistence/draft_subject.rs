//! Encoding of a draft's subject: JSON with the ids of the messages that the draft edits or answers.

use crate::app::model::composer::{Composer, Edited, Reply};
use crate::domain::{LocalId, MessageId, PersonId, Quote};
use crate::text::SafeText;
use serde_json::{Value, json};

/// Encodes the subject of a draft; `None` if it neither edits nor answers a message.
pub(in crate::app) fn encode(composer: &Composer) -> Option<String> {
    let mut about = serde_json::Map::new();
    if composer.literal {
        about.insert("literal".to_owned(), Value::Bool(true));
    }
    match &composer.editing {
        Some(Edited::Sent(message)) => drop(about.insert("edit".to_owned(), message.as_str().into())),
        Some(Edited::Unsent(local)) => drop(about.insert("unsent".to_owned(), local.to_string().into())),
        None => {}
    }
    if let Some(Reply { to, quote }) = composer.reply.as_deref() {
        let reply = json!({
            "to": to.to_string(),
            "id": quote.id.as_str(),
            "author": quote.author.as_str(),
            "name": quote.author_name.as_str(),
            "text": quote.text.as_str(),
        });
        about.insert("reply".to_owned(), reply);
    }
    (!about.is_empty()).then(|| Value::Object(about).to_string())
}

/// Restores the subject of a draft. Parts that cannot be decoded are ignored.
pub(in crate::app) fn decode(about: Option<&str>, composer: &mut Composer) {
    let Some(about) = about.and_then(|about| serde_json::from_str::<Value>(about).ok()) else { return };
    composer.literal = about["literal"] == true;
    let unsent = || about["unsent"].as_str().and_then(LocalId::parse).map(Edited::Unsent);
    composer.editing = about["edit"].as_str().map(MessageId::new).map(Edited::Sent).or_else(unsent);
    composer.reply = reply(&about["reply"]).map(Box::new);
}

fn reply(reply: &Value) -> Option<Reply> {
    let text = |key: &str| reply[key].as_str();
    let quote = Quote {
        id: MessageId::new(text("id")?),
        author: PersonId::new(text("author")?),
        author_name: SafeText::line(text("name")?),
        text: SafeText::line(text("text")?),
    };
    Some(Reply { to: LocalId::parse(text("to")?)?, quote })
}
