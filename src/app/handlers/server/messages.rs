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
use crate::app::model::account::Account;
use crate::app::model::context::{Context, Scene};
use crate::app::model::label::Label;
use crate::app::model::pane::Anchor;
use crate::app::model::timers::AccountTimer;
use crate::domain::{
    Activity, Arrival, Delivery, Message, MessageId, MessageInfo, MessageKind, PersonId, PersonInfo, Presence,
    PresenceSource, Room, RoomAccess, RoomId, Timestamp, Typing,
};
use crate::text::{SafeText, own_words};

/// Adds a live message to its room, and counts it as unread unless the user is looking at it.
pub(in crate::app) fn on_message(cx: &mut Context<'_>, info: MessageInfo) {
    let rejection = authorship::rejection(cx.account, &info, cx.effects);
    if rejection.is_some() {
        cx.account.people.learn_if_unknown(info.author_info.as_deref());
    }
    match rejection {
        None => add(cx, info),
        Some(Rejection::UnknownRoom) => defer_until_known(cx, info),
        Some(Rejection::NotMember) => request_membership_once(cx, &info.room),
        Some(Rejection::Forged) => {}
    }
}

/// Adds a live message to its known room.
fn add(cx: &mut Context<'_>, mut info: MessageInfo) {
    learn_people(cx.account, &mut info);
    note_for_receipt(cx.account, &info);
    cx.account.refresh_mentions(&cx.options.mention_words);
    let arrival = arrival(cx.scene(), &info);
    let (id, is_mine, kind) = (info.room.clone(), cx.account.is_me(&info.author), info.kind);
    let is_seen = cx.account.rooms.get(&id).is_some_and(|room| room.tells_seen(&info));
    let is_unseen = !is_mine && !is_seen && !info.deleted;
    let returns_local_id = info.local.is_some();
    match_to_send(cx.account, &mut info);
    let local = info.local.filter(|_| is_mine);
    let Some(room) = cx.account.rooms.get_mut(&id) else { return };
    room.typing.retain(|typing| typing.person != info.author);
    room.history.on_live(&info.id, info.sent_at);
    let (slot, is_new) = room.timeline.insert_live(info);
    let is_news = is_new && is_unseen;
    if is_news {
        let is_missed_here = !arrival.is_watched && cx.ui.open.as_ref() == Some(&id);
        room.unread_marker.on_arrival(slot, is_missed_here, room.unread());
        room.read_state.on_arrival(arrival);
    }
    let members_changed = kind == MessageKind::Info || room.membership.access == RoomAccess::NotMember;
    if is_mine && answers::is_own_send(room, room.timeline.get(slot)) {
        answers::note_local_id_echo(cx, returns_local_id);
    }
    if let Some(local) = local {
        answers::on_confirmed(cx, local);
    }
    cx.account.rooms.reposition(&id);
    if is_news {
        notifications::on_message(cx, &id, slot, arrival.is_mention);
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

/// Learns from a live message about its author and about who is quoted.
fn learn_people(account: &mut Account, info: &mut MessageInfo) {
    if let Some(author) = info.author_info.take() {
        account.people.learn(*author);
    }
    account.people.learn_quoted(info.quote.as_deref());
    if !account.is_me(&info.author) {
        account.people.record_activity(&info.author, info.sent_at);
    }
}

/// Notes the room of a live message, which needs a delivery receipt on services with receipts per room.
fn note_for_receipt(account: &mut Account, info: &MessageInfo) {
    // The server would answer a receipt from a removed member with a visible error.
    let is_member = account.rooms.get(&info.room).is_none_or(|room| room.membership.access != RoomAccess::NotMember);
    let is_due = account.has_room_receipts() && is_member && !account.is_me(&info.author);
    let noted = &mut account.rooms_with_arrivals;
    if is_due && noted.len() < MAX_REQUESTED_ROOMS && !noted.contains(&info.room) {
        noted.push(info.room.clone());
    }
}

/// Returns what a live message means for what the user has read.
fn arrival(scene: Scene<'_>, info: &MessageInfo) -> Arrival {
    let needs_receipt = scene.account.has_room_receipts();
    let is_open = scene.ui.open.as_ref() == Some(&info.room);
    let is_watched = is_open && scene.has_focus() && scene.ui.pane.anchor == Anchor::Bottom;
    let is_mention = !scene.account.is_me(&info.author) && !is_watched && scene.account.is_mention(&info.text);
    // A message that the room list has already reported is included in the unread count.
    let is_counted = scene.account.rooms.get(&info.room).is_some_and(|room| {
        let is_included = |last: &MessageInfo| last.id == info.id || (needs_receipt && info.sent_at < last.sent_at);
        room.info.last_message.as_ref().is_some_and(is_included) && (room.unread().any() || needs_receipt)
    });
    Arrival { is_watched, is_counted, is_mention, needs_receipt }
}

/// Matches a live message of the user to a send by its text, if the service may not return the `LocalId` of our messages.
fn match_to_send(account: &mut Account, info: &mut MessageInfo) {
    let is_by_text = !account.names_messages_by_local_id() && account.echoes_local_ids != Some(true);
    if !is_by_text || !account.is_me(&info.author) {
        return;
    }
    let unsent = account.outbox.never_sent(&info.room);
    if let Some(room) = account.rooms.get_mut(&info.room) {
        room.timeline.match_by_text(info, &unsent);
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
        // If the last message was read on another device, the whole room is read. In a group, another member may have seen
        // it.
        let last = room.timeline.newest_accepted().is_some_and(|last| last.id.as_ref() == Some(id));
        let is_marked = room.info.settings.marked_unread;
        if last
            && room.is_of_two()
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
