//! Who is in a room.

use crate::app::effect::Effect;
use crate::app::people::Lookup;
use crate::app::state::State;
use crate::domain::{PersonId, PersonInfo, Request, RoomId, RoomKind};

/// Adds somebody to the open room or removes them, after finding out who that is.
pub(in crate::app) fn change_members(state: &mut State, username: &str, add: bool, effects: &mut Vec<Effect>) {
    let Some((room, kind)) = state.open_room().map(|room| (room.info.id.clone(), room.info.kind)) else {
        state.say("There is no chat open to change.");
        return;
    };
    if state.account.capabilities.is_some_and(|can| can.by_username) {
        let username = username.to_owned();
        effects.push(state.ask(change(add, room, kind, None, username)));
        return;
    }
    let lookup = Lookup { username: username.to_owned(), room, add };
    // The server is asked even for a name that is known here: others choose what they are called.
    state.lookups.push(lookup);
    effects.push(state.ask(Request::FindPerson { username: username.to_owned() }));
}

/// Carries on with what waited for a look-up.
pub(in crate::app) fn found(state: &mut State, username: &str, person: Option<&PersonInfo>, effects: &mut Vec<Effect>) {
    let (ready, waiting): (Vec<_>, Vec<_>) =
        std::mem::take(&mut state.lookups).into_iter().partition(|lookup| lookup.username == username);
    state.lookups = waiting;
    match person {
        Some(person) => effects.extend(ready.into_iter().map(|Lookup { room, add, username }| {
            let kind = state.rooms.get(&room).map(|room| room.info.kind).unwrap_or_default();
            state.ask(change(add, room, kind, Some(person.id.clone()), username))
        })),
        None => state.say(format!("There is nobody called {username} here.")),
    }
}

fn change(add: bool, room: RoomId, kind: RoomKind, person: Option<PersonId>, username: String) -> Request {
    if add {
        Request::AddMember { room, kind, person, username }
    } else {
        Request::RemoveMember { room, kind, person, username }
    }
}

/// Asks the server who somebody is whose id is known, if it can be asked: it may only know them by user name.
pub(in crate::app) fn who_is(state: &State, id: PersonId) -> Option<Effect> {
    let username = state.people.get(&id).map(|known| known.info.username.to_string()).unwrap_or_default();
    let nameless = username.is_empty() && state.account.capabilities.is_some_and(|can| can.by_username);
    (!nameless).then(|| state.ask(Request::Person { id, username }))
}

/// Blocks somebody, or not any more; nobody named: the other side of the open chat.
pub(in crate::app) fn block(state: &mut State, username: Option<String>, on: bool, effects: &mut Vec<Effect>) {
    let peer = || state.peer(state.open_room()?).map(|peer| peer.info.username.to_string());
    let name = if on { "block" } else { "unblock" };
    match username.or_else(peer) {
        Some(username) => effects.push(state.ask(Request::Block { username, on })),
        None => state.say(format!("This is no chat of two; write it as /{name} USER.")),
    }
}
