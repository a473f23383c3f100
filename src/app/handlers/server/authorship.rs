//! Whether an event may do what it says: a server, or somebody who speaks through it, is not believed when it
//! contradicts what it told before.
//!
//! A message belongs to the author it came with. What names another one is no edit and no deletion of it, wherever it
//! comes from. What is told of a room we are not in is not applied. Each refusal is a line of the log and nothing else.
//!
//! The limits are those of the services: MinChat's deletions and receipts carry a bare id and nobody's name, and its
//! server asks for no more than the app's key, so there is nothing to compare them with.

use crate::app::effect::{Effect, LogLevel};
use crate::app::model::account::Account;
use crate::app::model::context::Context;
use crate::domain::{Access, MessageId, MessageInfo, MessageKind, PersonId, RoomId, RoomInfo};

/// Whether a message is known by another author than this; then `what` is refused, which is logged.
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

/// Whether a message stands in another room than the one that an event about it names.
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

/// Leaves out of a room what it says of a message that has another author.
pub(in crate::app) fn without_forgery(account: &Account, info: &mut RoomInfo, effects: &mut Vec<Effect>) {
    let forged = info
        .last_message
        .as_ref()
        .is_some_and(|last| disowns(account, &info.id, &last.id, &last.author, "the last message of a list", effects));
    if forged {
        info.last_message = None;
    }
}

/// Why a live message is not for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Stray {
    /// The room is not known here: the list may have changed without our being told, so it is asked for.
    Unknown,
    /// We have left it or were thrown out, as far as we know: how we stand is asked.
    Out,
    /// It claims to be by another author than it is.
    Forged,
}

/// Whether a live message is one that is not to be applied, which is logged.
///
/// What the service reports of a room is taken also where we are out: that is how one learns of one's own leaving, and
/// of coming back.
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

/// Whether a room that is new here says itself that we are not in it.
pub(in crate::app) fn is_not_ours(account: &Account, info: &RoomInfo, effects: &mut Vec<Effect>) -> bool {
    let Some(me) = &account.me else { return false };
    let listed = account.rooms.get(&info.id).is_some();
    let foreign = !listed && !info.participants.is_empty() && !info.participants.contains(me);
    if foreign {
        refuse(effects, LogLevel::Warn, &format!("an update of room {}, which this user is not in", info.id.as_str()));
    }
    foreign
}

/// Notes in the log what was not done.
pub(in crate::app) fn refuse(effects: &mut Vec<Effect>, weight: LogLevel, what: &str) {
    effects.push(Effect::Log(weight, format!("ignored: {what}")));
}
