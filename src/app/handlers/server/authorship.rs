//! Checks whether an event may change the message or room that it names. An event that contradicts earlier facts is
//! rejected, because a server, or somebody who speaks through it, may be wrong or hostile.
//!
//! A message belongs to the author it arrived with. An edit or deletion that names another author is rejected, whatever
//! its source. Events about a room that we are not in are not applied. A rejection is only logged.
//!
//! The services limit these checks. MinChat's deletions and receipts carry a bare id without an author, and its server
//! requires only the app's key, so there is nothing to compare them with.

use crate::app::effect::{Effect, LogLevel};
use crate::app::model::account::Account;
use crate::app::model::context::Context;
use crate::domain::{Access, MessageId, MessageInfo, MessageKind, PersonId, RoomId, RoomInfo};

/// Whether the message is known with another author. If so, the change named by `what` is rejected and logged.
pub(in crate::app) fn disowns(
    account: &Account,
    room: &RoomId,
    message: &MessageId,
    author: &PersonId,
    what: &str,
    effects: &mut Vec<Effect>,
) -> bool {
    let known = account.rooms.get(room).and_then(|room| room.author_of(message));
    let Some(known) = known.filter(|known| *known != author) else { return false };
    let (id, room) = (message.as_str(), room.as_str());
    let (known, author) = (known.as_str(), author.as_str());
    refuse(
        effects,
        LogLevel::Warn,
        &format!("{what} of message {id} in room {room} names author {author}, but {known} wrote it"),
    );
    true
}

/// Whether a message is in another room than the one that its event names.
pub(in crate::app) fn is_elsewhere(cx: &mut Context<'_>, room: &RoomId, message: &MessageId, what: &str) -> bool {
    let elsewhere =
        cx.account.rooms.find_by_message(message).map(|holder| &holder.info.id).filter(|holder| *holder != room);
    let known = elsewhere.cloned();
    if let Some(known) = &known {
        let (id, room, known) = (message.as_str(), room.as_str(), known.as_str());
        refuse(cx.effects, LogLevel::Warn, &format!("{what} of message {id} names room {room}, but it is in {known}"));
    }
    known.is_some()
}

/// Removes from a room's info what it says about a message with another author.
pub(in crate::app) fn without_forgery(account: &Account, info: &mut RoomInfo, effects: &mut Vec<Effect>) {
    let forged = info
        .last_message
        .as_ref()
        .is_some_and(|last| disowns(account, &info.id, &last.id, &last.author, "the last message of a list", effects));
    if forged {
        info.last_message = None;
    }
}

/// Reason why a live message is not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Stray {
    /// The room is unknown. The list may have changed without an event, so it is requested.
    Unknown,
    /// As far as we know, we left the room or were removed. The membership is requested.
    Out,
    /// The message claims another author than the one already known.
    Forged,
}

/// Returns why a live message must not be applied, if so, and logs it.
///
/// The service's own messages about a room are accepted even where we are not a member: they are how we learn that we
/// left or came back.
pub(in crate::app) fn stray(account: &Account, info: &MessageInfo, effects: &mut Vec<Effect>) -> Option<Stray> {
    let (id, room) = (info.id.as_str(), info.room.as_str());
    let Some(known) = account.rooms.get(&info.room) else {
        refuse(effects, LogLevel::Debug, &format!("message {id} is for unknown room {room}, which is requested"));
        return Some(Stray::Unknown);
    };
    if known.membership.access == Access::NotMember && info.kind != MessageKind::Info {
        refuse(effects, LogLevel::Warn, &format!("message {id} is for room {room}, which this user is not in"));
        return Some(Stray::Out);
    }
    disowns(account, &info.room, &info.id, &info.author, "news", effects).then_some(Stray::Forged)
}

/// Whether a new room itself says that we are not a member.
pub(in crate::app) fn is_not_ours(account: &Account, info: &RoomInfo, effects: &mut Vec<Effect>) -> bool {
    let Some(me) = &account.me else { return false };
    let listed = account.rooms.get(&info.id).is_some();
    let foreign = !listed && !info.participants.is_empty() && !info.participants.contains(me);
    if foreign {
        refuse(effects, LogLevel::Warn, &format!("an update of room {}, which this user is not in", info.id.as_str()));
    }
    foreign
}

/// Logs a change that was rejected.
pub(in crate::app) fn refuse(effects: &mut Vec<Effect>, weight: LogLevel, what: &str) {
    effects.push(Effect::Log(weight, format!("ignored: {what}")));
}
