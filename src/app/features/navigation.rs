//! Navigation between rooms: previous and next room, unread rooms, the room list, the switcher.

use crate::app::effect::Effect;
use crate::app::features::history::pages::clear_load_error;
use crate::app::features::nobody_known::nobody_known;
use crate::app::features::outbox::queue;
use crate::app::features::people::request_person;
use crate::app::features::rooms::names::{find_known, find_typed};
use crate::app::features::rooms::open::open;
use crate::app::features::switcher_entries::all_entries;
use crate::app::features::{drafts, forwarding, jump, lists, profiles, search_navigation, typing, unread};
use crate::app::model::account::Account;
use crate::app::model::composer::Composer;
use crate::app::model::context::{Context, Scene};
use crate::app::model::room_sections::SectionRow;
use crate::app::model::ui::{Focus, ListPosition, Place, Transition};
use crate::app::overlays::info::{Info, InfoSubject};
use crate::app::overlays::list::ListKind;
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::switcher::{Switcher, SwitcherChoice, SwitcherPurpose, Target};
use crate::domain::{AccountId, PersonId, Request, Room, RoomId};
use crate::input::Action;

/// Opens the next room below the open one in the list, or above it. Wraps around at both ends.
pub(in crate::app) fn step_room(cx: &mut Context<'_>, down: bool) {
    // The open room may be the only one.
    if let Some(number) = next_row(cx.scene(), down).or_else(|| cx.scene().row_of_open_room()) {
        open_row(cx, number);
    }
}

/// Opens the nearest unread room below or above the open one, and wraps around at the end of the list. A filter of the
/// list hides none of them.
pub(in crate::app) fn step_unread(cx: &mut Context<'_>, down: bool) {
    match nearest(cx.scene(), down, Room::needs_attention) {
        Some((account, room)) => go_or_open(cx, account, Place::Room(room)),
        None => cx.notify("There are no other unread rooms."),
    }
}

/// Opens the nearest room below the open one with an unread mention, and selects it if it is loaded. Wraps around at the
/// end of the list.
pub(in crate::app) fn step_mention(cx: &mut Context<'_>) {
    match nearest(cx.scene(), true, |room| room.unread().mentions > 0) {
        Some((account, room)) => go_or_open(cx, account, Place::Mention(room)),
        None => cx.notify("There are no unread mentions."),
    }
}

/// Opens the room in which the user was before, which may be of another account.
pub(in crate::app) fn open_last(cx: &mut Context<'_>) {
    let exists = |(account, room): &&(AccountId, RoomId)| {
        cx.scene().all_accounts().any(|one| one.id == *account && one.rooms.get(room).is_some())
    };
    match cx.terminal.visits.before().filter(exists).cloned() {
        Some((account, room)) => go_or_open(cx, account, Place::Room(room)),
        None => cx.notify("There is no other room to go back to."),
    }
}

/// Returns the row of the next room below or above the open one. Wraps around at the end of the list.
fn next_row(scene: Scene<'_>, down: bool) -> Option<usize> {
    let here = scene.row_of_open_room();
    let mut numbers = walk(here.unwrap_or(0), here.is_some(), scene.list_len(), down);
    numbers.find(|number| matches!(scene.list_row(*number), Some(SectionRow::Room(..))))
}

/// Returns the nearest such room below or above the open one, among all that are listed.
fn nearest(scene: Scene<'_>, down: bool, is_wanted: impl Fn(&Room) -> bool) -> Option<(AccountId, RoomId)> {
    let all: Vec<(&Account, &Room)> =
        scene.accounts().flat_map(|account| account.rooms.iter().map(move |room| (account, room))).collect();
    let here = all.iter().position(|(account, room)| scene.of(account).is_open(&room.info.id));
    // Without an open room, the walk begins with the first one of the profile.
    let above = || scene.others.before().map(|account| account.rooms.ids().len()).sum();
    let mut places = walk(here.unwrap_or_else(above), here.is_some(), all.len(), down);
    let found = places.find_map(|place| all.get(place).filter(|(_, room)| is_wanted(room)));
    found.map(|(account, room)| (account.id, room.info.id.clone()))
}

/// Returns the places from `here` on, in one of `count` places, down or up and around its end. `here` itself comes first
/// unless `is_left_out`.
fn walk(here: usize, is_left_out: bool, count: usize, down: bool) -> impl Iterator<Item = usize> {
    (usize::from(is_left_out)..count).map(move |step| (here + if down { step } else { count - step }) % count)
}

/// Opens the room with this name, of another profile if this one has none. As with `cd`, `-` is the room before.
pub(in crate::app) fn open_by_name(cx: &mut Context<'_>, title: &str) {
    if let Some(id) = find_typed(cx.account, title).or_else(|| find_known(cx.account, title)) {
        return open(cx, &id);
    }
    let elsewhere = cx.others.iter().find_map(|other| Some((other.id, find_known(other, title)?)));
    match elsewhere {
        Some((account, room)) => leave_for(cx, account, Place::Room(room)),
        None if title == "-" => open_last(cx),
        None => cx.notify_unknown_room(title),
    }
}

/// Reconnects at once, even if the connection seems to work. Everything on screen is requested again afterwards.
pub(in crate::app) fn reconnect(cx: &mut Context<'_>) {
    clear_load_error(cx);
    queue::retry_now(cx);
    queue::advance(cx);
    cx.effects.push(Effect::Reconnect(cx.account.id));
}

/// Opens the switcher.
pub(in crate::app) fn open_switcher(cx: &mut Context<'_>) {
    let switcher = Switcher::over(all_entries(cx.scene()));
    let switcher = switcher.with_note(&nobody_known(cx.scene()), cx.scene().overlay_area().size());
    cx.ui.overlay = Some(Overlay::Switcher(switcher));
}

/// Closes the switcher and opens the chosen entry. If the entry is an action, returns it for the caller to run.
pub(in crate::app) fn open_switcher_choice(cx: &mut Context<'_>, choice: SwitcherChoice) -> Option<Action> {
    cx.ui.overlay = None;
    if let SwitcherPurpose::Forward(sends) = &choice.purpose {
        match &choice.target {
            Target::Room(id) => forwarding::forward_to_room(cx, sends, id),
            Target::Person(id) => forwarding::forward_to_person(cx, sends, id),
            Target::Profile | Target::OpenProfile(_) | Target::Action(_) | Target::Command(_) => {}
        }
        return None;
    }
    if let Some(account) = choice.account {
        match choice.target {
            Target::Room(id) => leave_for(cx, account, Place::Room(id)),
            Target::Person(id) => leave_for(cx, account, Place::Person(id)),
            Target::Profile => leave_for(cx, account, Place::Last),
            Target::OpenProfile(_) | Target::Action(_) | Target::Command(_) => {}
        }
        return None;
    }
    match choice.target {
        Target::Room(id) => open(cx, &id),
        Target::Person(id) => open_person(cx, &id),
        // An entry of this account cannot be another profile.
        Target::Profile => {}
        Target::OpenProfile(name) => profiles::open(cx, &name),
        Target::Action(action) => return Some(action),
        // A line is a whole command.
        Target::Command(command) if cx.options.linear => cx.notify(format!("Type {}.", command.usage())),
        Target::Command(command) => {
            cx.ui.focus = Focus::Composer;
            if cx.ui.composer.editing.is_some() || cx.ui.composer.is_command() {
                cx.notify(format!("Send or clear your draft, then type /{}.", command.name));
                return None;
            }
            let is_empty = cx.ui.composer.is_empty();
            let reply = cx.ui.composer.reply.take_if(|_| is_empty);
            drafts::set_aside(cx);
            cx.ui.composer = Composer::with_text(&format!("/{} ", command.name));
            cx.ui.composer.reply = reply;
        }
    }
    None
}

/// Moves the focus to the room list, or back to the composer.
pub(in crate::app) fn toggle_list_focus(cx: &mut Context<'_>) {
    cx.ui.focus = match cx.ui.focus {
        Focus::Rooms(_) => Focus::Composer,
        Focus::Composer | Focus::Message(_) => Focus::Rooms(cx.scene().row_of_open_room().unwrap_or(0)),
    };
}

/// Moves the highlight in the room list and stops at its ends.
pub(in crate::app) fn step_list(cx: &mut Context<'_>, by: isize) {
    if let Focus::Rooms(number) = cx.ui.focus {
        let last = cx.scene().list_len().saturating_sub(1);
        cx.ui.focus = Focus::Rooms(number.saturating_add_signed(by).min(last));
    }
}

/// Scrolls the room list. The open or highlighted room may leave the screen until another room takes its place.
pub(in crate::app) fn scroll_list(cx: &mut Context<'_>, by: isize) {
    let last = cx.scene().first_row_above(cx.scene().list_len(), &cx.ui.regions);
    cx.ui.regions.first_room = cx.ui.regions.first_room.saturating_add_signed(by).min(last);
    cx.ui.scrolled_from = cx.scene().revealed_position();
}

/// Opens the highlighted row of the room list.
pub(in crate::app) fn open_highlighted(cx: &mut Context<'_>) {
    if let Focus::Rooms(number) = cx.ui.focus {
        open_row(cx, number);
    }
}

/// Opens the row of the room list with this number: a room, or the profile of a heading as it was shown last.
pub(in crate::app) fn open_row(cx: &mut Context<'_>, number: usize) {
    let Some(ListPosition { account, room }) = cx.scene().list_position(number) else { return };
    match room {
        Some(room) => go_or_open(cx, account, Place::Room(room)),
        None if account == cx.account.id => cx.ui.focus = Focus::Composer,
        None => leave_for(cx, account, Place::Last),
    }
}

/// Goes to a place in this account, or in another one once the event has been handled.
fn go_or_open(cx: &mut Context<'_>, account: AccountId, place: Place) {
    if account == cx.account.id { arrive(cx, place) } else { leave_for(cx, account, place) }
}

/// Goes to the next profile, or to the next person on screen.
pub(in crate::app) fn next_profile(cx: &mut Context<'_>) {
    match cx.others.next() {
        Some(next) => leave_for(cx, next.id, Place::Last),
        None => cx.notify("No other profile is open."),
    }
}

/// Goes to a place in another account, once the event has been handled.
fn leave_for(cx: &mut Context<'_>, account: AccountId, place: Place) {
    cx.ui.transition = Some(Transition::Go(account, place));
}

/// Prepares the account on screen for the time in which another one is shown.
pub(in crate::app) fn leave_account(cx: &mut Context<'_>) {
    typing::stop_typing(cx);
    if let Some(room) = cx.open_room_mut() {
        room.read_state.on_left();
    }
    cx.ui.jump = None;
    cx.ui.pane.marked.clear();
}

/// Goes to a place in the account that is shown now.
pub(in crate::app) fn arrive(cx: &mut Context<'_>, place: Place) {
    cx.ui.focus = Focus::Composer;
    // A search that was made from another account, see `search_elsewhere`.
    let overlay = cx.ui.close_box_if(|overlay| matches!(overlay, Overlay::Search(_)));
    let search = if let Some(Overlay::Search(search)) = overlay { Some(search) } else { None };
    match place {
        Place::Last => {}
        Place::Room(room) => open(cx, &room),
        Place::Mention(room) => {
            open(cx, &room);
            unread::select_next_mention(cx);
        }
        Place::Person(person) => open_person(cx, &person),
        Place::Message(room, message) => match search {
            Some(search) => search_navigation::jump_to_message(cx, search, &room, &message),
            None => jump::jump_to(cx, &room, &message),
        },
    }
}

/// Opens the room info of the open room and requests the people that are not known yet.
pub(in crate::app) fn show_info(cx: &mut Context<'_>) {
    let Some(room) = cx.open_room() else {
        cx.notify_no_room();
        return;
    };
    if room.lists_members_on_request() {
        let members = ListKind::Members(room.info.id.clone());
        return lists::show(cx, members);
    }
    let unknown: Vec<_> =
        room.info.participants.iter().filter(|id| cx.account.people.get(id).is_none()).cloned().collect();
    for id in unknown {
        request_person(cx, id);
    }
    cx.ui.overlay = Some(Overlay::Info(Info::about(InfoSubject::Room)));
}

/// Requests the direct message with a person, which is opened when the server has answered.
fn open_person(cx: &mut Context<'_>, id: &PersonId) {
    let person = cx.account.people.get(id).map(|person| person.info.username.to_string());
    cx.effects.extend(person.map(|username| cx.account.request(Request::OpenDirect { username })));
}
