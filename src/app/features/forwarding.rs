//! Forwarding: the rooms and people to choose from, and a copy of each message for the chosen one.
//!
//! Without a direct message with the chosen person, that is requested first. Until the answer arrives, the messages stay
//! selected or marked, so that nothing has to be found again if it fails.

use crate::app::features::selection::selected_message;
use crate::app::features::{sending, switcher_entries};
use crate::app::model::context::Context;
use crate::app::model::message_actions::reference_error;
use crate::app::model::pending_forward::PendingForward;
use crate::app::model::ui::Focus;
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::switcher::{Switcher, SwitcherPurpose};
use crate::domain::{Content, LocalId, Message, PersonId, Request, RoomId};
use crate::input::Action;
use crate::text::SafeText;

/// Opens the switcher to choose the room or person to which the selected message is forwarded.
pub(in crate::app) fn choose_target(cx: &mut Context<'_>) {
    let Some(message) = selected_message(cx.scene()) else { return };
    if let Some(reason) = reference_error(message) {
        cx.notify(reason);
    } else if let Some(of) = message.local.as_deref().copied() {
        choose_target_for(cx, vec![of]);
    }
}

/// Opens the switcher to choose the room or person to which these messages are forwarded.
pub(in crate::app) fn choose_target_for(cx: &mut Context<'_>, sends: Vec<LocalId>) {
    let mut switcher = Switcher::over(switcher_entries::forward_entries(cx.account));
    switcher.purpose = SwitcherPurpose::Forward(sends);
    cx.ui.overlay = Some(Overlay::Switcher(switcher));
}

/// Forwards messages of the open room to the room `to`.
pub(in crate::app) fn forward_to_room(cx: &mut Context<'_>, sends: &[LocalId], to: &RoomId) {
    let Some(from) = cx.ui.open.clone() else { return };
    let messages = messages_of(cx, sends);
    forward_all(cx, &from, messages, to);
}

/// Requests the direct message with a person, and forwards messages of the open room to it once it is open.
pub(in crate::app) fn forward_to_person(cx: &mut Context<'_>, sends: &[LocalId], id: &PersonId) {
    let Some((person, from)) = cx.account.people.get(id).zip(cx.ui.open.clone()) else { return };
    let username = person.info.username.to_string();
    let mut messages = messages_of(cx, sends);
    if messages.is_empty() {
        return;
    }
    let pending = || cx.account.pending_forwards.iter().filter(|pending| pending.person == *id);
    // Nothing is forwarded twice, and one request is enough for all of it.
    let is_requested = pending().next().is_some();
    let is_pending = |message: &Message| {
        let mut same_room = pending().filter(|pending| pending.from == from);
        same_room.any(|pending| pending.messages.iter().any(|other| other.local == message.local))
    };
    messages.retain(|message| !is_pending(message));
    let name = cx.account.label_of(id).to_string();
    if !messages.is_empty() {
        cx.account.pending_forwards.push(PendingForward {
            person: id.clone(),
            username: username.clone(),
            from,
            messages,
        });
    }
    if !is_requested {
        cx.request(Request::OpenDirect { username });
    }
    cx.notify(format!("Opening a direct message with {name} to forward to."));
}

/// Forwards what waited for this room. Returns whether anything did, so that the room need not be shown.
pub(in crate::app) fn on_room_opened(cx: &mut Context<'_>, to: &RoomId) -> bool {
    let room = cx.account.rooms.get(to).filter(|room| room.info.kind.may_be_direct());
    let Some(room) = room.filter(|_| !cx.account.pending_forwards.is_empty()) else { return false };
    let Some(person) = cx.account.me.as_ref().and_then(|me| room.peer(me)).cloned() else {
        // Nothing may be sent to somebody who was not chosen.
        let waiting = std::mem::take(&mut cx.account.pending_forwards);
        notify_not_forwarded(cx, &waiting, "The server did not name the other person.");
        return true;
    };
    let ready = take_pending(cx, |pending| pending.person == person);
    let is_any = !ready.is_empty();
    for pending in ready {
        forward_all(cx, &pending.from, pending.messages, to);
    }
    is_any
}

/// Tells the user that the direct message could not be opened, so that nothing was forwarded. Returns whether anything
/// waited for it.
pub(in crate::app) fn on_target_failed(cx: &mut Context<'_>, username: &str, reason: &SafeText) -> bool {
    let failed = take_pending(cx, |pending| pending.username == username);
    notify_not_forwarded(cx, &failed, reason);
    !failed.is_empty()
}

fn notify_not_forwarded(cx: &mut Context<'_>, failed: &[PendingForward], reason: &str) {
    let Some(first) = failed.first() else { return };
    let (person, press) = (cx.account.label_of(&first.person), cx.options.press(Action::MessageForward));
    let sentence = format!("Not forwarded to {person}: {reason} {press} on it to choose again.");
    cx.notify(sentence);
}

fn take_pending(cx: &mut Context<'_>, is_taken: impl Fn(&PendingForward) -> bool) -> Vec<PendingForward> {
    let (taken, rest) = std::mem::take(&mut cx.account.pending_forwards).into_iter().partition(is_taken);
    cx.account.pending_forwards = rest;
    taken
}

/// Returns copies of these messages of the open room. One that has been deleted meanwhile is left out and named.
fn messages_of(cx: &mut Context<'_>, sends: &[LocalId]) -> Vec<Message> {
    let room = cx.open_room();
    let source = |of: &LocalId| {
        let timeline = &room?.timeline;
        Some(timeline.get(timeline.find_any_send(*of)?)).filter(|message| !message.deleted).cloned()
    };
    let found: Vec<Message> = sends.iter().filter_map(source).collect();
    if found.len() < sends.len() {
        cx.notify("The message no longer exists.");
    }
    found
}

/// Queues a copy of each message of the room `from` for the room `to`.
fn forward_all(cx: &mut Context<'_>, from: &RoomId, messages: Vec<Message>, to: &RoomId) {
    let is_open = cx.ui.open.as_ref() == Some(from);
    if is_open {
        cx.ui.pane.marked.clear();
    }
    let title = cx.account.rooms.get(to).map(|room| cx.account.room_label(room).to_string()).unwrap_or_default();
    let mut count = 0;
    for message in messages {
        let is_deleted = message
            .id
            .as_ref()
            .is_some_and(|id| cx.account.rooms.get(from).is_some_and(|room| room.timeline.is_deleted(id)));
        if is_deleted {
            cx.notify("The message no longer exists.");
        } else if forward(cx, message, to) {
            count += 1;
        }
    }
    if count > 0 {
        if is_open {
            cx.ui.focus = Focus::Composer;
        }
        let what = if count > 1 { format!("Forwarding {count} messages") } else { "Forwarding".to_owned() };
        cx.notify(format!("{what} to {title}."));
    }
}

/// Queues a copy of a message for the room `to`. Returns whether the outbox has taken it.
fn forward(cx: &mut Context<'_>, source: Message, to: &RoomId) -> bool {
    let Some(of) = source.local.as_deref().copied() else { return false };
    let (text, kind) = (source.text.with_tabs().to_owned(), source.kind);
    let content = Content::Forward { of, text, kind, attachment: source.attachment.clone() };
    let complete =
        |message: Message| Message { attachment: source.attachment, kind: source.kind, forwarded: true, ..message };
    sending::enqueue_message(cx, to, source.text, content, complete)
}
