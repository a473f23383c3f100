//! Who is in a room.

use crate::app::effect::Effect;
use crate::app::people::Lookup;
use crate::app::state::State;
use crate::domain::{PersonInfo, Request};

/// Adds somebody to the open room or removes them, after finding out who that is.
pub(in crate::app) fn change_members(state: &mut State, username: &str, add: bool, effects: &mut Vec<Effect>) {
    if !state.account.capabilities.is_none_or(|can| can.members) {
        state.say("Members cannot be changed on this service.");
        return;
    }
    let Some(room) = state.open.clone() else {
        state.say("There is no chat open to change.");
        return;
    };
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
        Some(person) => effects.extend(ready.into_iter().map(|lookup| state.ask(change(lookup, person)))),
        None => state.say(format!("There is nobody called {username} here.")),
    }
}

fn change(lookup: Lookup, person: &PersonInfo) -> Request {
    let (room, person) = (lookup.room, person.id.clone());
    if lookup.add { Request::AddMember { room, person } } else { Request::RemoveMember { room, person } }
}
