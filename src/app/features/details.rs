//! Details of a message: ids, times, author, delivery, reference, earlier texts and JSON, each of which can be copied.
//!
//! The JSON is not stored, which would double the store for what few people look at. It is found in the records of the
//! wire, if the message arrived a short time ago; otherwise the user can request its page again.

use std::sync::Arc;

use crate::app::effect::Effect;
use crate::app::features::selection::selected_message;
use crate::app::model::account::ConnectionState;
use crate::app::model::context::{Context, Scene};
use crate::app::overlays::list::{List, ListKind, ListRow, ListTarget};
use crate::app::overlays::overlay::Overlay;
use crate::domain::{Delivery, Message, MessageId, MessageKind, Request, RoomId};
use crate::text::SafeText;
use crate::wire::{Record, message_json};

/// Beginning of the row with the JSON.
const JSON: &str = "Raw JSON";

/// The row that copies all others.
const EVERYTHING: &str = "Copy everything";

/// Opens the details of the selected message.
pub(in crate::app) fn show(cx: &mut Context<'_>) {
    let scene = cx.scene();
    let Some(message) = selected_message(scene) else { return };
    let facts = facts(scene, message);
    let all: Vec<String> = facts.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let row = |text, value| ListRow { text, mark: String::new(), hint: String::new(), target: ListTarget::Copy(value) };
    let rows = facts.into_iter().map(|(name, value)| row(format!("{name}: {}", SafeText::line(&value)), value));
    let everything = row(EVERYTHING.to_owned(), all.join("\n"));
    let id = message.id.clone();
    let json = id.clone().zip(scene.open_room()).map(|(id, room)| ListRow {
        text: format!("{JSON}: not stored, but the server has it"),
        target: ListTarget::Json(room.info.id.clone(), id, None),
        ..row(String::new(), String::new())
    });
    let rows = rows.chain(json).chain([everything]).collect();
    if id.is_some() {
        cx.effects.push(Effect::ReadWire(true));
    }
    cx.ui.overlay = Some(Overlay::List(List::of(ListKind::Details(id), rows)));
}

/// Shows the JSON of the message, if one of these records has it. Returns whether details are shown.
pub(in crate::app) fn on_records(cx: &mut Context<'_>, records: &[Arc<Record>]) -> bool {
    let account = cx.account.id;
    let Some(Overlay::List(List { kind: ListKind::Details(Some(id)), rows, .. })) = cx.ui.box_mut() else {
        return false;
    };
    let mut newest_first = records.iter().rev().filter(|record| record.account == account);
    let Some(json) = newest_first.find_map(|record| message_json(record, id.as_str())) else { return true };
    // What the user pastes must not hide control characters.
    let json = SafeText::block(&json).to_string();
    for row in rows {
        if let ListTarget::Json(_, _, known) = &mut row.target {
            let line = json.split_whitespace().collect::<Vec<_>>().join(" ");
            row.text = format!("{JSON}: {}", SafeText::line(&line));
            *known = Some(json.clone());
        } else if let ListTarget::Copy(all) = &mut row.target
            && row.text == EVERYTHING
        {
            let known = all.find(&format!("\n{JSON}: ")).unwrap_or(all.len());
            all.truncate(known);
            all.push_str(&format!("\n{JSON}: {json}"));
        }
    }
    true
}

/// Requests the page that has a message again, so that its JSON arrives. No room waits for the messages of the page.
pub(in crate::app) fn request_json(cx: &mut Context<'_>, room: &RoomId, message: &MessageId) {
    let paging = cx.account.paging();
    let found = cx.account.rooms.get(room).filter(|room| room.can_fetch());
    let position = found.and_then(|room| Some((room, room.timeline.position(room.timeline.find(message)?)?)));
    let Some((found, position)) = position.filter(|_| cx.account.connection == ConnectionState::Online) else {
        return cx.notify("The JSON is not stored, and cannot be requested now. Try again when you are online.");
    };
    let timeline = &found.timeline;
    if paging.by_number && found.history.breaks(timeline).iter().any(|at| *at > position) {
        return cx.notify("The JSON is not stored, and newer messages are missing here. Scroll up to it from the end.");
    }
    let newer = (position + 1..timeline.accepted_len()).filter_map(|at| timeline.slot_at(at));
    let before = newer.clone().next().and_then(|slot| timeline.get(slot).id.clone());
    // Pages of MinChat do not have deleted messages.
    let newer = newer.filter(|slot| !timeline.get(*slot).deleted).count();
    let page = match (paging.by_number, &before) {
        (true, _) => u32::try_from(newer).unwrap_or(u32::MAX) / paging.size.max(1) + 1,
        (false, None) => 1,
        (false, Some(_)) => 2,
    };
    let serial = cx.account.page_requests.begin();
    cx.request(Request::History { room: room.clone(), serial, page, before });
    cx.notify("Requesting the message from the server.");
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
    facts.extend((!message.text.is_empty()).then(|| ("Text", message.text.with_tabs().to_owned())));
    facts.extend(message.earlier().iter().rev().map(|text| ("Earlier text", text.with_tabs().to_owned())));
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
