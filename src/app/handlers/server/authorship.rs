//! Checks whether an event may change the message or room that it names. An event that contradicts what is known is
//! ignored and logged, because the server, or a person who sends through it, may be wrong or hostile.
//!
//! A message belongs to the author with whom it first arrived. An edit or deletion that names another author is
//! ignored. So are events about a room that we are not in.
//!
//! MinChat allows fewer of these checks: its deletions and receipts name neither author nor room.

use crate::app::effect::{Effect, LogLevel};
use crate::app::model::account::Account;
use crate::app::model::context::Context;
use crate::domain::{MessageId, MessageInfo, PersonId, RoomId, RoomInfo};

/// Whether an event names another author than the known one of its message; if so, logs it. `what` is the event's name
/// in the log.
pub(in crate::app) fn log_if_forged(
    account: &Account,
    room: &RoomId,
    message: &MessageId,
    author: &PersonId,
    what: &str,
    effects: &mut Vec<Effect>,
) -> bool {
    let Some(known) = account.other_author(room, message, author) else { return false };
    let (id, room) = (message.as_str(), room.as_str());
    let (known, author) = (known.as_str(), author.as_str());
    log_ignored(
        effects,
        LogLevel::Warn,
        &format!("{what} of message {id} in room {room} names author {author}, but {known} wrote it"),
    );
    true
}

/// Whether an event names another room than the one its message is in; if so, logs it.
pub(in crate::app) fn log_if_in_other_room(
    cx: &mut Context<'_>,
    room: &RoomId,
    message: &MessageId,
    what: &str,
) -> bool {
    let known = cx.account.other_room(room, message).cloned();
    if let Some(known) = &known {
        let (id, room, known) = (message.as_str(), room.as_str(), known.as_str());
        log_ignored(
            cx.effects,
            LogLevel::Warn,
            &format!("{what} of message {id} names room {room}, but it is in {known}"),
        );
    }
    known.is_some()
}

/// Removes the last message from a room's info if it names another author than the known one.
pub(in crate::app) fn remove_forged_preview(account: &mut Account, info: &mut RoomInfo, effects: &mut Vec<Effect>) {
    let forged = info.last_message.as_ref().is_some_and(|last| {
        log_if_forged(account, &info.id, &last.id, &last.author, "the last message of a list", effects)
    });
    if forged && let Some(last) = info.last_message.take() {
        account.people.learn_if_unknown(last.author_info.as_deref());
    }
}

/// Reason for which a live message is not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Rejection {
    /// The room is unknown. The room list may have changed without an event.
    UnknownRoom,
    /// As far as we know, we left the room or were removed from it.
    NotMember,
    /// The message is already known, with another author.
    Forged,
}

/// Returns the reason for which a live message must not be applied, and logs it; `None` if the message is fine.
///
/// The service's own messages are accepted even in rooms that we are not in, because they announce that we left or were
/// added again.
pub(in crate::app) fn rejection(account: &Account, info: &MessageInfo, effects: &mut Vec<Effect>) -> Option<Rejection> {
    let (id, room) = (info.id.as_str(), info.room.as_str());
    if account.rooms.get(&info.room).is_none() {
        log_ignored(effects, LogLevel::Debug, &format!("message {id} is for unknown room {room}, which is requested"));
        return Some(Rejection::UnknownRoom);
    }
    if account.is_for_left_room(info) {
        log_ignored(effects, LogLevel::Warn, &format!("message {id} is for room {room}, which this user is not in"));
        return Some(Rejection::NotMember);
    }
    log_if_forged(account, &info.room, &info.id, &info.author, "a live copy", effects).then_some(Rejection::Forged)
}

/// Whether a new room lists its participants without us; if so, logs it.
pub(in crate::app) fn log_if_not_member(account: &Account, info: &RoomInfo, effects: &mut Vec<Effect>) -> bool {
    let Some(me) = &account.me else { return false };
    let listed = account.rooms.get(&info.id).is_some();
    let foreign = !listed && !info.participants.is_empty() && !info.participants.contains(me);
    if foreign {
        log_ignored(
            effects,
            LogLevel::Warn,
            &format!("an update of room {}, which this user is not in", info.id.as_str()),
        );
    }
    foreign
}

/// Logs an event that is ignored.
pub(in crate::app) fn log_ignored(effects: &mut Vec<Effect>, level: LogLevel, what: &str) {
    effects.push(Effect::Log(level, format!("ignored: {what}")));
}
