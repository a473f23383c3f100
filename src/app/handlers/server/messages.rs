//! Live messages, edits, deletions, receipts, typing and presence.

use crate::app::effect::LogLevel;
use crate::app::features::membership;
use crate::app::features::membership::request_membership;
use crate::app::features::notes::add_note;
use crate::app::features::notifications;
use crate::app::features::outbox::answers;
use crate::app::features::presence;
use crate::app::features::rooms::discovery::request_unknown;
use crate::app::features::rooms::open;
use crate::app::features::seen_by;
use crate::app::handlers::server::authorship;
use crate::app::handlers::server::authorship::{Rejection, log_ignored};
use crate::app::handlers::server::subjects::{REPLY_ENDED, end_edit, end_reply};
use crate::app::limits::{MAX_PREVIEW_CHARS, MAX_REQUESTED_ROOMS, MAX_TYPING};
use crate::app::model::context::Context;
use crate::app::model::label::Label;
use crate::app::model::pane::Anchor;
use crate::app::model::timers::AccountTimer;
use crate::domain::{
    Access, Activity, Arrival, Delivery, Message, MessageId, MessageInfo, MessageKind, PersonId, PersonInfo, Presence,
    PresenceSource, Room, RoomId, Timestamp, Typing,
};
use crate::text::{SafeText, own_words};

/// Adds a live message to its room, and counts it as unread unless the user is looking at it.
pub(in crate::app) fn on_message(cx: &mut Context<'_>, mut info: MessageInfo) {
    let rejection = authorship::rejection(cx.account, &info, cx.effects);
    if rejection.is_some() {
        cx.account.people.learn_if_unknown(info.author_info.as_deref());
    }
    match rejection {
        None => {}
        Some(Rejection::UnknownRoom) => return defer_until_known(cx, info),
        Some(Rejection::NotMember) => return request_membership_once(cx, &info.room),
        Some(Rejection::Forged) => return,
    }
    if let Some(author) = info.author_info.take() {
        cx.account.people.learn(*author);
    }
    cx.account.people.learn_quoted(info.quote.as_deref());
    let mine = cx.account.is_me(&info.author);
    if !mine {
        cx.account.people.record_activity(&info.author, info.sent_at);
    }
    let counted = cx.account.has_room_receipts();
    // The server would answer a receipt from a removed member with a visible error.
    let is_member = cx.account.rooms.get(&info.room).is_none_or(|room| room.membership.access != Access::NotMember);
    let is_noted = cx.account.rooms_with_arrivals.len() >= MAX_REQUESTED_ROOMS
        || cx.account.rooms_with_arrivals.contains(&info.room);
    if counted && is_member && !mine && !is_noted {
        cx.account.rooms_with_arrivals.push(info.room.clone());
    }
    let names_messages_by_local_id = cx.account.names_messages_by_local_id();
    let is_watched =
        cx.ui.open.as_ref() == Some(&info.room) && cx.scene().has_focus() && cx.ui.pane.anchor == Anchor::Bottom;
    cx.account.refresh_mentions(&cx.options.mention_words);
    let is_mention = !mine && !is_watched && cx.account.is_mention(&info.text);
    let Some(room) = cx.account.rooms.get_mut(&info.room) else { return };
    // Messages are matched to sends by their text only if the service may not return the `LocalId` of our messages.
    let returned = info.local.is_some();
    if mine && !names_messages_by_local_id && cx.account.echoes_local_ids != Some(true) {
        room.timeline.match_by_text(&mut info, &cx.account.outbox.never_sent(&room.info.id));
    }
    // A message that the room list has already reported is included in the unread count.
    let listed = room.info.last_message.as_ref().is_some_and(|last| {
        let is_included = last.id == info.id || (counted && info.sent_at < last.sent_at);
        is_included && (room.unread().any() || counted)
    });
    let (id, author, local) = (room.info.id.clone(), info.author.clone(), info.local.filter(|_| mine));
    let (seen, kind, deleted) = (info.seen, info.kind, info.deleted);
    room.history.on_live(&info.id, info.sent_at);
    let (slot, is_new) = room.timeline.insert_live(info);
    room.typing.retain(|typing| typing.person != author);
    let is_news = is_new && !mine && !seen && !deleted;
    if is_news {
        let is_missed_here = !is_watched && cx.ui.open.as_ref() == Some(&id);
        room.unread_marker.on_arrival(slot, is_missed_here, room.unread());
        room.read_state.on_arrival(Arrival { is_watched, is_counted: listed, is_mention, needs_receipt: counted });
    }
    let own_send = mine && answers::is_own_send(room, room.timeline.get(slot));
    let members_changed = kind == MessageKind::Info || room.membership.access == Access::NotMember;
    if own_send {
        answers::note_local_id_echo(cx, returned);
    }
    if let Some(local) = local {
        answers::on_confirmed(cx, local);
    }
    cx.account.rooms.reposition(&id);
    if is_news {
        notifications::on_message(cx, &id, slot, is_mention);
        if cx.ui.open.as_ref() == Some(&id) {
            // Its author has probably seen what the user wrote before.
            seen_by::check_later(cx);
        }
    }
    if is_new && members_changed {
        // Somebody joined, left or changed role, or we were added again after our removal.
        membership::on_members_changed(cx, &id);
    }
}

/// Maximum number of messages held for unknown rooms. Others are loaded with the rooms' pages.
const MAX_PENDING: usize = 200;

/// Applies the messages that arrived before their room was known.
pub(in crate::app) fn apply_pending(cx: &mut Context<'_>, room: &RoomId) {
    let (here, others) =
        std::mem::take(&mut cx.account.pending_messages).into_iter().partition(|info| info.room == *room);
    cx.account.pending_messages = others;
    let here: Vec<MessageInfo> = here;
    for info in here {
        on_message(cx, info);
    }
}

/// Holds a message until its room is known, and requests that room. If the server does not return the room, the message
/// is never shown.
fn defer_until_known(cx: &mut Context<'_>, info: MessageInfo) {
    let room = info.room.clone();
    // The response describes the room at the time of the request, so it lacks later messages.
    if cx.account.pending_messages.len() < MAX_PENDING {
        cx.account.pending_messages.push(info);
    }
    request_unknown(cx, room);
}

/// Requests our membership of a room that we are not in but whose messages we receive: we may have been added again
/// without an event. There is only one such request per room at a time.
fn request_membership_once(cx: &mut Context<'_>, room: &RoomId) {
    if cx.account.room_sync.requested.len() < MAX_REQUESTED_ROOMS && cx.account.room_sync.requested.insert(room.clone())
    {
        request_membership(cx.account, room, cx.effects);
    }
}

/// Replaces the text and file of an edited message.
pub(in crate::app) fn on_edited(cx: &mut Context<'_>, mut info: MessageInfo) {
    if authorship::log_if_forged(cx.account, &info.room, &info.id, &info.author, "an edit", cx.effects) {
        cx.account.people.learn_if_unknown(info.author_info.as_deref());
        return;
    }
    if let Some(author) = info.author_info.take() {
        cx.account.people.learn(*author);
    }
    let Some(room) = cx.account.rooms.get_mut(&info.room) else { return };
    if let Some(slot) = room.timeline.find(&info.id) {
        room.timeline.change(slot, |message| message.edit(info.text, info.attachment));
    } else {
        set_text(room, &info.id, info.text);
    }
}

/// Replaces a message's text in the timeline or, if it is not loaded, in the room's list entry.
pub(in crate::app) fn set_text(room: &mut Room, id: &MessageId, text: SafeText) {
    if let Some(slot) = room.timeline.find(id) {
        room.timeline.change(slot, |message| {
            let attachment = message.attachment.clone();
            message.edit(text, attachment)
        });
    } else if let Some(last) = room.info.last_message.as_mut().filter(|last| last.id == *id) {
        last.text = preview_text(text);
    }
}

/// Returns the part of a room's last message that the room list can show. Its text may be long, and each room has one.
pub(in crate::app) fn preview_text(text: SafeText) -> SafeText {
    if text.chars().nth(MAX_PREVIEW_CHARS).is_none() {
        return text;
    }
    let shown = own_words(&text);
    let end = shown.char_indices().nth(MAX_PREVIEW_CHARS).map_or(shown.len(), |(end, _)| end);
    SafeText::block(&shown[..end])
}

/// Handles a deletion that names the room and author of its message, after checking both.
pub(in crate::app) fn on_revoked(cx: &mut Context<'_>, room: &RoomId, message: &MessageId, author: &PersonId) {
    let what = "a deletion";
    if cx.account.rooms.get(room).is_none() {
        log_ignored(cx.effects, LogLevel::Debug, &format!("{what} in unknown room {}", room.as_str()));
    } else if !authorship::log_if_forged(cx.account, room, message, author, what, cx.effects)
        && !authorship::log_if_in_other_room(cx, room, message, what)
    {
        on_deleted(cx, Some(room), message);
    }
}

/// Turns a message into a tombstone, clears its quotes, and ends replies to it, edits of it and the list of its readers.
/// Some services do not name its room.
pub(in crate::app) fn on_deleted(cx: &mut Context<'_>, room: Option<&RoomId>, id: &MessageId) {
    if let Some(room) = room.and_then(|room| cx.account.rooms.get_mut(room)) {
        room.timeline.remember_deleted(id);
    }
    let original = cx.account.rooms.find_by_message(id).and_then(|room| {
        let slot = room.timeline.find(id)?;
        Some(room.timeline.get(slot).text.editable())
    });
    if let Some(room) = cx.account.rooms.find_by_message(id)
        && let Some(slot) = room.timeline.find(id)
    {
        room.timeline.change(slot, Message::delete);
    }
    end_reply(cx, id, REPLY_ENDED);
    seen_by::on_deleted(cx, id);
    for room in cx.account.rooms.iter_mut() {
        // Replies may be loaded even if the message itself is not.
        room.timeline.clear_quotes_of(id);
        if let Some(last) = room.info.last_message.as_mut().filter(|last| last.id == *id) {
            last.delete();
        }
    }
    end_edit(cx, id, original.as_deref());
}

/// Marks a message as seen.
pub(in crate::app) fn on_seen(cx: &mut Context<'_>, id: &MessageId) {
    if cx.account.rooms.find_by_message(id).is_none() {
        // MinChat sends receipts of every room, but only loaded messages are known here.
        return log_ignored(cx.effects, LogLevel::Debug, &format!("a receipt for unknown message {}", id.as_str()));
    }
    // The room that the user looks at is read as its messages come on screen.
    let (me, open) = (cx.account.me.clone(), cx.ui.open.clone().filter(|_| cx.scene().has_focus()));
    if let Some(room) = cx.account.rooms.find_by_message(id)
        && let Some(slot) = room.timeline.find(id)
    {
        room.timeline.change(slot, |message| message.advance(Delivery::Seen));
        // If the last message was read on another device, the whole room is read.
        let last = room.timeline.newest_accepted().is_some_and(|last| last.id.as_ref() == Some(id));
        let is_marked = room.info.settings.marked_unread;
        if last
            && !is_marked
            && Some(&room.timeline.get(slot).author) != me.as_ref()
            && open.as_ref() != Some(&room.info.id)
        {
            room.read_state.on_all_seen();
        }
    }
}

/// Shows or removes a person's typing indicator. A server that does not name the room means the joined one.
pub(in crate::app) fn on_typing(
    cx: &mut Context<'_>,
    person: PersonInfo,
    room: Option<RoomId>,
    activity: Option<Activity>,
) {
    let id = person.id.clone();
    if cx.account.is_me(&id) {
        return;
    }
    // The name is supplied by the client of the person who types, so it is used only for unknown people.
    if cx.account.people.get(&id).is_none() {
        cx.account.people.learn(person);
    }
    cx.account.people.record_activity(&id, cx.now);
    let until = cx.now + cx.account.capabilities.map_or(0, |can| can.typing_timeout);
    let Some(room) = room.or_else(|| cx.ui.open.clone()).and_then(|room| cx.account.rooms.get_mut(&room)) else {
        return;
    };
    room.typing.retain(|typing| typing.person != id);
    let few = room.typing.len() < MAX_TYPING;
    if let Some(activity) = activity.filter(|_| few && room.may_contain(&id)) {
        room.typing.push(Typing { person: id, activity, until });
        // If it is set, others stop typing earlier.
        cx.account.timers.set_once(AccountTimer::TypingEnds, until);
    }
}

/// Records that a person came online or went offline.
pub(in crate::app) fn on_presence(cx: &mut Context<'_>, person: &PersonId, online: bool) {
    let now = cx.now;
    let is_announced = matches!(cx.account.capabilities.map(|can| can.presence), Some(PresenceSource::Heartbeat(_)));
    if is_announced && online && cx.account.is_me(person) {
        open::on_join_processed(cx);
    }
    if is_announced && !online {
        // Only an active client can announce that it is leaving.
        cx.account.people.record_activity(person, now);
    }
    let is_online =
        |cx: &Context<'_>| cx.account.people.get(person).is_some_and(|person| person.presence(now) == Presence::Online);
    let was_online = is_online(cx);
    cx.account.people.set_online(person, online, now);
    if is_online(cx) != was_online {
        presence::on_presence_changed(cx);
    }
}

/// Records when a person was last online.
pub(in crate::app) fn on_last_seen(cx: &mut Context<'_>, person: &PersonId, at: Timestamp) {
    let now = cx.now;
    cx.account.people.record_last_seen(person, at, now);
}

/// Shows what an agent of the service has done, as a note in its room.
pub(in crate::app) fn on_agent_action(cx: &mut Context<'_>, room: Option<RoomId>, agent: &SafeText, action: &SafeText) {
    let room = room.or_else(|| cx.ui.open.clone());
    let person = cx.account.people.find_by_username(agent);
    let name = person.map_or(Label::plain(agent), |person| cx.account.label_of(&person.info.id));
    let text = format!("{name}: {}", action.replace('_', " "));
    match room {
        Some(room) => add_note(cx, &room, &text),
        None => cx.notify(text),
    }
}
