//! Details of a message: ids, times, author, delivery, reference and earlier texts, each of which can be copied.

use crate::app::features::selection::selected_message;
use crate::app::model::context::{Context, Scene};
use crate::app::overlays::list::{List, ListKind, ListRow, ListTarget};
use crate::app::overlays::overlay::Overlay;
use crate::domain::{Delivery, Message, MessageKind};
use crate::text::SafeText;

/// Opens the details of the selected message.
pub(in crate::app) fn show(cx: &mut Context<'_>) {
    let scene = cx.scene();
    let Some(message) = selected_message(scene) else { return };
    let facts = facts(scene, message);
    let all: Vec<String> = facts.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let row = |text, value| ListRow { text, mark: String::new(), hint: String::new(), target: ListTarget::Copy(value) };
    let rows = facts.into_iter().map(|(name, value)| row(format!("{name}: {}", SafeText::line(&value)), value));
    let rows = rows.chain([row("Copy everything".to_owned(), all.join("\n"))]);
    cx.ui.overlay = Some(Overlay::List(List::of(ListKind::Details, rows.collect())));
}

/// Returns what is known about a message, each fact with its name. What does not apply is left out.
fn facts(scene: Scene<'_>, message: &Message) -> Vec<(&'static str, String)> {
    let account = scene.account;
    let mut facts = vec![("Author", account.label_of(&message.author).to_string())];
    let person = account.people.get(&message.author);
    facts.extend(person.map(|person| ("User name", person.info.username.to_string())));
    facts.push(("Author id", id(message.author.as_str())));
    facts.push(("Sent", message.sent_at.format_seconds(&scene.options.times.zone)));
    if account.is_me(&message.author) && !message.deleted && !message.kind.is_system() {
        facts.push(("Delivery", delivery(scene.shown_delivery(message)).to_owned()));
    }
    facts.extend(message.id.as_ref().map(|message| ("Message id", id(message.as_str()))));
    facts.extend(message.local.as_ref().map(|local| ("Local id", local.to_string())));
    facts.extend(scene.open_room().map(|room| ("Room id", id(room.info.id.as_str()))));
    let kind = match message.kind {
        MessageKind::Text => None,
        MessageKind::Location => Some("location"),
        MessageKind::Custom => Some("custom"),
        MessageKind::Call => Some("call"),
        MessageKind::Info => Some("info"),
        MessageKind::Unreadable => Some("not readable"),
    };
    facts.extend(kind.map(|kind| ("Kind", kind.to_owned())));
    let flags = [(message.edited, "edited"), (message.deleted, "deleted"), (message.forwarded, "forwarded")];
    let flags = flags.into_iter().chain([(message.starred, "starred")]).filter(|(on, _)| *on).map(|(_, word)| word);
    let flags: Vec<&str> = flags.collect();
    facts.extend((!flags.is_empty()).then(|| ("Marks", flags.join(", "))));
    facts.extend(message.quote.as_ref().map(|quote| ("Reply to", id(quote.id.as_str()))));
    if let Some(file) = &message.attachment {
        facts.push(("File", file.summary()));
        facts.extend((!file.url.is_empty()).then(|| ("Address", file.url.to_string())));
    }
    facts.extend((!message.text.is_empty()).then(|| ("Text", message.text.to_string())));
    facts.extend(message.earlier().iter().rev().map(|text| ("Earlier text", text.to_string())));
    facts
}

fn delivery(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::Queued => "queued",
        Delivery::Uncertain => "may have been sent",
        Delivery::Failed => "not sent",
        Delivery::Sent => "sent",
        Delivery::Delivered => "delivered",
        Delivery::Seen => "seen",
    }
}

/// Returns an id as text that is safe to show; servers may choose any characters.
fn id(id: &str) -> String {
    SafeText::line(id).to_string()
}
