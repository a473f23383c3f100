//! When time alone will change something.

use crate::domain::{Presence, SECOND, Timestamp};

use super::call::Call;
use super::overlay::Overlay;
use super::state::{ConnectionState, State};

/// When to send `Tick`, if ever: the earliest time at which something happens or looks different without any event.
pub fn deadline(state: &State) -> Option<Timestamp> {
    let typing = state.rooms.iter().flat_map(|room| &room.typing).map(|typing| typing.until);
    let single = [
        state.notice.as_ref().map(|notice| notice.until),
        state.quit_armed_until,
        state.typing_in.as_ref().map(|(_, quiet_at)| *quiet_at),
        state.seen_at,
        state.call.as_ref().and_then(Call::expires_at),
        state.second_look.map(|look| look.at),
        state.presence_at,
        state.outbox.wakes_at(),
        state.change_told_at(),
        state.keeping.due(),
        search_wakes_at(state),
        countdown(state),
        header_changes_at(state),
    ];
    typing.chain(single.into_iter().flatten()).chain(list_changes_at(state)).min()
}

/// When an open search has something to do by itself.
fn search_wakes_at(state: &State) -> Option<Timestamp> {
    match &state.overlay {
        Some(Overlay::Search(search)) => search.wakes_at(state.now),
        _ => None,
    }
}

/// The next whole second before the next attempt, while it is counted down on screen.
fn countdown(state: &State) -> Option<Timestamp> {
    let ConnectionState::Offline { retry_at, .. } = state.account.connection else { return None };
    let left = retry_at - state.now;
    (left > 0).then(|| state.now + ((left - 1) % SECOND + 1))
}

/// When the words beside the open room's title change: "last seen 5 min ago".
fn header_changes_at(state: &State) -> Option<Timestamp> {
    state.peer(state.open_room()?)?.presence_changes_at(state.now)
}

/// When somebody in the list stops being online. The list shows no minutes.
fn list_changes_at(state: &State) -> Option<Timestamp> {
    let shown = state.rooms.iter().skip(state.areas.first_room).take(state.areas.rooms_shown());
    let online = shown.filter_map(|room| state.peer(room)).filter(|p| p.presence(state.now) == Presence::Online);
    online.filter_map(|person| person.presence_changes_at(state.now)).min()
}
