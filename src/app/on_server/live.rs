//! What happens in rooms while we listen.

use crate::app::actions::compose::reset;
use crate::app::actions::members::ask_standing;
use crate::app::actions::rooms::ask_list;
use crate::app::composer::Composer;
use crate::app::effect::{Effect, LogLevel};
use crate::app::memory;
use crate::app::outbox;
use crate::app::pane::Anchor;
use crate::app::state::State;
use crate::domain::{
    Access, Activity, Delivery, Feature, Message, MessageId, MessageInfo, MessageKind, PersonId, PersonInfo,
    PresenceBy, Request, Room, RoomId, Timestamp, Typing, Unread,
};
use crate::text::SafeText;

use super::authorship::{self, Stray, refuse};
use super::members;
use super::notes::note;
use super::receipts::end_reply;

pub(super) fn on_message(state: &mut State, mut info: MessageInfo, effects: &mut Vec<Effect>) {
    match authorship::stray(state, &info, effects) {
        None => {}
        Some(Stray::Unknown) => return set_aside(state, info, effects),
        Some(Stray::Out) => return ask_again(state, &info.room, effects),
        Some(Stray::Forged) => return,
    }
    if let Some(author) = info.author_info.take() {
        state.people.learn(*author);
    }
    let mine = state.is_me(&info.author);
    if !mine {
        state.people.acted(&info.author, info.sent_at);
    }
    let counted = state.counts_rooms();
    // A server refuses the receipts of those who were thrown out, and says so aloud.
    let heard = state.rooms.get(&info.room).is_none_or(|room| room.membership.access != Access::NotMember);
    let noted = state.arrived.len() >= memory::ASKED || state.arrived.contains(&info.room);
    if counted && heard && !mine && !noted {
        state.arrived.push(info.room.clone());
    }
    let keeps_locals = state.keeps_locals();
    let watching = state.open.as_ref() == Some(&info.room) && state.focused && state.pane.anchor == Anchor::Bottom;
    let Some(room) = state.rooms.get_mut(&info.room) else { return };
    // Where every message carries the identity of its send, none is ever recognised by its text.
    let returned = info.local.is_some();
    if mine && !keeps_locals && state.account.returns_locals != Some(true) {
        room.timeline.adopt(&mut info, &state.outbox.unsent(&room.info.id));
    }
    // The list told of it already; a server that counts has counted all that was there by then.
    let listed = room.info.last_message.as_ref().is_some_and(|last| {
        let told = last.id == info.id || (counted && info.sent_at < last.sent_at);
        told && (room.unread.any() || counted)
    });
    let (id, author, local) = (room.info.id.clone(), info.author.clone(), info.local.filter(|_| mine));
    let (seen, kind) = (info.seen, info.kind);
    room.hear(&info.id, info.sent_at);
    let (slot, is_new) = room.timeline.receive(info);
    room.typing.retain(|typing| typing.person != author);
    if is_new && !mine && !seen {
        room.news |= counted;
        if room.new_due > 0 {
            room.new_due += 1;
        } else if !room.unread.any() && !watching && state.open.as_ref() == Some(&id) {
            room.new_from = Some(slot);
        }
        if !watching && !listed {
            room.unread.count += 1;
        }
    }
    let own_send = mine && outbox::is_own_send(room, room.timeline.get(slot));
    let news = kind == MessageKind::Info || room.membership.access == Access::NotMember;
    if own_send {
        outbox::note_returned(state, returned);
    }
    if let Some(local) = local {
        outbox::confirmed(state, local, effects);
    }
    state.rooms.touch(&id);
    if is_new && news {
        // Somebody came, went or got another role; or we are back where we were thrown out.
        members::on_changed(state, &id, effects);
    }
}

/// How many messages wait for their rooms. They are few, and what is missing comes with the rooms' pages.
const EARLY: usize = 200;

/// A room is known now: what was said in it before belongs to it.
pub(super) fn on_known(state: &mut State, room: &RoomId, effects: &mut Vec<Effect>) {
    let (here, others) = std::mem::take(&mut state.early).into_iter().partition(|info| info.room == *room);
    state.early = others;
    let here: Vec<MessageInfo> = here;
    for info in here {
        on_message(state, info, effects);
    }
}

/// Keeps a message aside until its room is known, and asks for that. What the list does not tell of is never shown.
fn set_aside(state: &mut State, info: MessageInfo, effects: &mut Vec<Effect>) {
    let room = info.room.clone();
    // The answer tells of the room as it was when it was asked; what is said meanwhile is only here.
    if state.early.len() < EARLY {
        state.early.push(info);
    }
    ask_unknown(state, room, effects);
}

/// Somebody speaks to us in a room that we are not in: we may be back without having been told. Asked once, until there
/// is an answer.
fn ask_again(state: &mut State, room: &RoomId, effects: &mut Vec<Effect>) {
    if state.rooms_asked.len() < memory::ASKED && state.rooms_asked.insert(room.clone()) {
        ask_standing(state, room, effects);
    }
}

/// Asks for a room that is not known here, or of which something was missed.
pub(super) fn ask_unknown(state: &mut State, room: RoomId, effects: &mut Vec<Effect>) {
    if state.can(Feature::Archive) {
        // It may have been put away, and then no list tells of it.
        if state.rooms_asked.len() < memory::ASKED && state.rooms_asked.insert(room.clone()) {
            effects.push(state.ask(Request::Room { room }));
        }
    } else if state.rooms_page.is_none() {
        ask_list(state, effects);
    }
}

pub(super) fn on_edited(state: &mut State, mut info: MessageInfo, effects: &mut Vec<Effect>) {
    if authorship::disowns(state, &info.room, &info.id, &info.author, "an edit", effects) {
        return;
    }
    if let Some(author) = info.author_info.take() {
        state.people.learn(*author);
    }
    let Some(room) = state.rooms.get_mut(&info.room) else { return };
    match room.timeline.find(&info.id) {
        Some(slot) => drop(room.timeline.change(slot, |message| message.edit(info.text, info.attachment))),
        None => set_text(room, &info.id, info.text),
    }
}

/// Gives a message its new text, in the timeline or, if it is not there, in the list's last line.
pub(super) fn set_text(room: &mut Room, id: &MessageId, text: SafeText) {
    if let Some(slot) = room.timeline.find(id) {
        room.timeline.change(slot, |message| {
            let attachment = message.attachment.clone();
            message.edit(text, attachment)
        });
    } else if let Some(last) = room.info.last_message.as_mut().filter(|last| last.id == *id) {
        last.text = text;
    }
}

/// A message was taken back, and the server says where and whose it was.
pub(super) fn on_revoked(
    state: &mut State,
    room: &RoomId,
    message: &MessageId,
    author: &PersonId,
    effects: &mut Vec<Effect>,
) {
    let what = "a deletion";
    if state.rooms.get(room).is_none() {
        refuse(effects, LogLevel::Debug, &format!("{what} in room {}, which is in no list", room.as_str()));
    } else if !authorship::disowns(state, room, message, author, what, effects)
        && !authorship::is_elsewhere(state, room, message, what, effects)
    {
        on_deleted(state, message);
    }
}

pub(super) fn on_deleted(state: &mut State, id: &MessageId) {
    let open = state.open.clone();
    let was = state.rooms.holding(id).and_then(|room| {
        let slot = room.timeline.find(id)?;
        Some(room.timeline.get(slot).text.editable())
    });
    if let Some(room) = state.rooms.holding(id)
        && let Some(slot) = room.timeline.find(id)
    {
        if open.as_ref() == Some(&room.info.id) {
            state.pane.hold(slot, room.timeline.get(slot));
        }
        room.timeline.change(slot, Message::delete);
    }
    end_reply(state, id, "The message you were replying to is deleted.");
    for room in state.rooms.iter_mut() {
        // Replies may be here to what is not.
        room.timeline.unquote(id);
        if let Some(last) = room.info.last_message.as_mut().filter(|last| last.id == *id) {
            last.delete();
        }
    }
    if state.composer.editing.as_ref() == Some(id) {
        let text = state.composer.text();
        reset(state, &mut Vec::new());
        if was.as_ref() == Some(&text) {
            state.say("The message you were editing has been deleted.");
        } else {
            // What was written stays under the fingers.
            state.composer = Composer::with_text(&text);
            state.composer.literal = true;
            state.say("The message you were editing has been deleted. What you wrote would be a new one.");
        }
    }
}

/// What somebody was writing that has no place any more, so that it can be written anew.
pub(super) fn had_written(text: &str) -> String {
    if text.trim().is_empty() { String::new() } else { format!(" You had written: {text}") }
}

pub(super) fn on_seen(state: &mut State, id: &MessageId, effects: &mut Vec<Effect>) {
    if state.rooms.holding(id).is_none() {
        // MinChat tells of every room, and only what was read is here.
        return refuse(effects, LogLevel::Debug, &format!("a receipt of message {}, which is not here", id.as_str()));
    }
    let (me, open) = (state.account.me.clone(), state.open.clone());
    if let Some(room) = state.rooms.holding(id)
        && let Some(slot) = room.timeline.find(id)
    {
        room.timeline.change(slot, |message| message.advance(Delivery::Seen));
        // Read on another device, if it is the last: nobody is left to read it here.
        let last = room.timeline.last_accepted().is_some_and(|last| last.id.as_ref() == Some(id));
        if last && Some(&room.timeline.get(slot).author) != me.as_ref() && open.as_ref() != Some(&room.info.id) {
            room.unread = Unread::default();
        }
    }
}

/// Somebody types. A server that does not name the room means the one we listen to.
pub(super) fn on_typing(state: &mut State, person: PersonInfo, room: Option<RoomId>, activity: Option<Activity>) {
    let id = person.id.clone();
    if state.is_me(&id) {
        return;
    }
    // The typer's own client says who that is, so it is believed only of strangers.
    if state.people.get(&id).is_none() {
        state.people.learn(person);
    }
    state.people.acted(&id, state.now);
    let until = state.now + state.account.capabilities.map_or(0, |can| can.typing_holds);
    let Some(room) = room.or_else(|| state.open.clone()).and_then(|room| state.rooms.get_mut(&room)) else { return };
    room.typing.retain(|typing| typing.person != id);
    let few = room.typing.len() < memory::TYPING;
    if let Some(activity) = activity.filter(|_| few && room.may_hold(&id)) {
        room.typing.push(Typing { person: id, activity, until });
    }
}

pub(super) fn on_presence(state: &mut State, person: &PersonId, online: bool) {
    let now = state.now;
    let announced = matches!(state.account.capabilities.map(|can| can.presence), Some(PresenceBy::Announcement(_)));
    if announced && !online {
        // Who says that they leave was there to say so.
        state.people.acted(person, now);
    }
    state.people.set_online(person, online, now);
}

/// Somebody was last there then.
pub(super) fn on_last_seen(state: &mut State, person: &PersonId, at: Timestamp) {
    let now = state.now;
    state.people.last_seen(person, at, now);
}

pub(super) fn on_agent(state: &mut State, room: Option<RoomId>, agent: &SafeText, action: &SafeText) {
    let room = room.or_else(|| state.open.clone());
    let name = state.people.by_username(agent).map_or_else(|| agent.clone(), |person| person.info.name.clone());
    let text = format!("{name}: {}", action.replace('_', " "));
    match room {
        Some(room) => note(state, &room, &text),
        None => state.say(text),
    }
}
