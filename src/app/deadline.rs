//! Computes when the state will change without any event.

use crate::app::model::account::{Account, ConnectionState};
use crate::app::model::call::Call;
use crate::app::model::context::Scene;
use crate::app::model::member_list::MAX_MEMBERS;
use crate::app::model::room_sections::SectionRow;
use crate::app::model::state::State;
use crate::app::model::timers::TimerScope;
use crate::app::model::ui::Ui;
use crate::app::overlays::overlay::Overlay;
use crate::domain::{Presence, SECOND, Timestamp};

/// Returns the earliest time at which a `Tick` is needed because something happens or looks different by then.
///
/// Returns `None` if nothing changes with time.
pub fn deadline(state: &State) -> Option<Timestamp> {
    earliest(state, TimerScope::All)
}

/// Returns the earliest time at which a `Tick` may change the screen.
pub(in crate::app) fn screen_changes_at(state: &State) -> Option<Timestamp> {
    earliest(state, TimerScope::Visible)
}

/// Returns the earliest time at which something happens or looks different, as far as these timers are concerned.
fn earliest(state: &State, scope: TimerScope) -> Option<Timestamp> {
    let accounts = state.accounts.iter().filter_map(|account| account_deadline(account, scope, state.now));
    let parked = state.parked().iter().flat_map(|ui| [ui.timers.next(scope), search_wakes_at(ui, state.now)]);
    let parked = parked.flatten();
    let tiles = state.other_tiles().filter_map(|tile| screen_deadline(tile, scope));
    let shown = screen_deadline(state.scene(), scope).into_iter().chain(state.terminal.timers.next(scope));
    accounts.chain(parked).chain(tiles).chain(shown).min()
}

fn account_deadline(account: &Account, scope: TimerScope, now: Timestamp) -> Option<Timestamp> {
    let single = [
        account.timers.next(scope),
        account.call.as_ref().and_then(Call::expires_at),
        account.outbox.next_wake(),
        countdown(account, now),
        silence_changes_at(account, now),
    ];
    single.into_iter().flatten().min()
}

fn screen_deadline(scene: Scene<'_>, scope: TimerScope) -> Option<Timestamp> {
    let single = [
        scene.ui.timers.next(scope),
        scene.next_change_note_at(),
        search_wakes_at(scene.ui, scene.now),
        header_changes_at(scene),
    ];
    single.into_iter().flatten().chain(list_changes_at(scene)).chain(members_change_at(scene)).min()
}

/// Returns when an open search has to continue.
fn search_wakes_at(ui: &Ui, now: Timestamp) -> Option<Timestamp> {
    match ui.box_ref() {
        Some(Overlay::Search(search)) => search.wakes_at(now),
        _ => None,
    }
}

/// Returns when the countdown to the next connection attempt changes: on each whole second before the attempt.
fn countdown(account: &Account, now: Timestamp) -> Option<Timestamp> {
    let ConnectionState::Offline { retry_at, .. } = account.connection else { return None };
    let left = retry_at - now;
    (left > 0).then(|| now + ((left - 1) % SECOND + 1))
}

/// Returns when the seconds for which the server has been silent change.
fn silence_changes_at(account: &Account, now: Timestamp) -> Option<Timestamp> {
    let silence = now - account.silent_since?;
    Some(now + (SECOND - silence.rem_euclid(SECOND)))
}

/// Returns when the text beside the open room's title changes, such as "last seen 5 min ago".
fn header_changes_at(scene: Scene<'_>) -> Option<Timestamp> {
    scene.account.peer(scene.open_room()?)?.presence_changes_at(scene.now)
}

/// Returns when the next person in the visible part of the room list stops being online.
///
/// The list shows no minutes, so later changes do not matter.
fn list_changes_at(scene: Scene<'_>) -> Option<Timestamp> {
    let peers = scene.visible_rows(&scene.ui.regions).filter_map(|(_, row, _)| match row {
        SectionRow::Room(account, room) => account.peer(room),
        SectionRow::Heading(_) => None,
    });
    let online = peers.filter(|person| person.presence(scene.now) == Presence::Online);
    online.filter_map(|person| person.presence_changes_at(scene.now)).min()
}

/// Returns when the next person in the list of members stops being online.
fn members_change_at(scene: Scene<'_>) -> Option<Timestamp> {
    let room = scene.open_room().filter(|_| scene.ui.regions.members.width > 0)?;
    let people = room.info.participants.iter().take(MAX_MEMBERS).filter_map(|id| scene.account.people.get(id));
    let online = people.filter(|person| person.presence(scene.now) == Presence::Online);
    online.filter_map(|person| person.presence_changes_at(scene.now)).min()
}
