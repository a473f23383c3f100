//! What several parts of the screen say.

use std::borrow::Cow;

use crate::app::{ConnectionState, State};
use crate::domain::{
    Activity, Delivery, Message, MessageInfo, MessageKind, Person, PersonId, Presence, Quote, Room, Timestamp,
};

/// Whether somebody is there. Without a connection nobody can tell who is.
pub(super) fn presence(state: &State, person: &Person) -> Presence {
    match person.presence(state.now) {
        Presence::Online if state.account.connection != ConnectionState::Online && !person.info.agent => {
            Presence::Unknown
        }
        known => known,
    }
}

/// Whether somebody is there, in words.
pub(super) fn presence_words(state: &State, person: &Person) -> Cow<'static, str> {
    match presence(state, person) {
        Presence::Online if person.info.agent => "AI agent, always online".into(),
        Presence::Online => "online".into(),
        Presence::LastSeen(at) => format!("last seen {}", at.ago(state.now)).into(),
        Presence::Unknown => "".into(),
    }
}

/// The last line of a room, and when it was said.
pub(super) fn last_line(state: &State, room: &Room) -> Option<(String, Timestamp)> {
    // What failed stands below all else in the room, but it is not the last thing that was said.
    let held = room.timeline.iter().map(|(_, message)| message);
    let held = held.rev().find(|message| message.delivery != Delivery::Failed);
    let listed = room.info.last_message.as_ref();
    match (held, listed) {
        (Some(held), Some(listed)) if listed.sent_at > held.sent_at => Some(of_listed(state, room, listed)),
        (Some(held), _) => Some(of_held(state, room, held)),
        (None, listed) => listed.map(|listed| of_listed(state, room, listed)),
    }
}

/// What is quoted of a message: by whom, and what.
pub(super) fn quote(state: &State, quote: &Quote) -> String {
    let author = if state.is_me(&quote.author) { "you" } else { &quote.author_name };
    let said = if quote.text.is_empty() { "message deleted" } else { &quote.text };
    format!("{author}: {said}")
}

fn of_held(state: &State, room: &Room, message: &Message) -> (String, Timestamp) {
    let said = match &message.attachment {
        _ if message.deleted => "message deleted".into(),
        Some(file) if message.text.is_empty() => file.in_words().into(),
        _ => Cow::Borrowed(message.text.as_str()),
    };
    (by(state, room, message.kind, &message.author, &said), message.sent_at)
}

fn of_listed(state: &State, room: &Room, message: &MessageInfo) -> (String, Timestamp) {
    let said = match &message.attachment {
        _ if message.deleted => "message deleted".into(),
        Some(file) if message.text.is_empty() => file.in_words().into(),
        _ => Cow::Borrowed(message.text.as_str()),
    };
    (by(state, room, message.kind, &message.author, &said), message.sent_at)
}

fn by(state: &State, room: &Room, kind: MessageKind, author: &PersonId, said: &str) -> String {
    // A screen shows one line of it; a book need not be copied for that.
    let head: String = said.chars().take(200).map(|c| if c == '\n' { ' ' } else { c }).collect();
    if kind.is_report() {
        head
    } else if state.is_me(author) {
        format!("you: {head}")
    } else if state.account.me.as_ref().is_some_and(|me| room.peer(me).is_some()) {
        head
    } else {
        format!("{}: {head}", state.name_of(author))
    }
}

/// Why there is no connection, in two parts that have a row each: what is wrong, above the composer, and what to do about
/// it, on the status line. Where the first has no row of its own, all of it is the second.
pub(super) fn outage(state: &State) -> Option<(&str, &str)> {
    let reason = match &state.account.connection {
        ConnectionState::Offline { reason, .. } | ConnectionState::Refused { reason } => reason.as_str(),
        ConnectionState::Connecting { .. } | ConnectionState::Online => return None,
    };
    let taken = state.composer.editing.is_some() || state.composer.reply.is_some() || state.areas.typing.height == 0;
    if taken || state.open_room().is_none() {
        return Some(("", reason));
    }
    let end = reason.find(". ").map_or(reason.len(), |end| end + 1);
    Some((&reason[..end], reason[end..].trim_start()))
}

/// Who is typing or recording, as a sentence; empty when nobody is.
pub(super) fn typing(state: &State, room: &Room, dots: &str) -> String {
    let doing = |activity, verb| {
        let busy = room.typing.iter().filter(|typing| typing.activity == activity);
        busy_people(&busy.map(|typing| state.name_of(&typing.person)).collect::<Vec<_>>(), verb)
    };
    let said = [doing(Activity::Typing, "typing"), doing(Activity::Recording, "recording")];
    let said: Vec<String> = said.into_iter().flatten().collect();
    if said.is_empty() { String::new() } else { format!("{}{dots}", said.join(", ")) }
}

fn busy_people(names: &[&str], verb: &str) -> Option<String> {
    Some(match names {
        [] => return None,
        [one] => format!("{one} is {verb}"),
        [one, two] => format!("{one} and {two} are {verb}"),
        [one, two, three] => format!("{one}, {two} and {three} are {verb}"),
        many => format!("{} people are {verb}", many.len()),
    })
}
