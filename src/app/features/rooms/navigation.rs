//! Navigation between rooms: previous and next room, unread rooms, the room list, the switcher.

use crate::app::effect::Effect;
use crate::app::features::history::pages::clear_load_error;
use crate::app::features::outbox::queue;
use crate::app::features::people::request_person;
use crate::app::features::rooms::open::{find_by_name, open};
use crate::app::features::switcher_entries::all_entries;
use crate::app::features::{lists, replies};
use crate::app::model::composer::Composer;
use crate::app::model::context::Context;
use crate::app::model::ui::Focus;
use crate::app::overlays::info::Info;
use crate::app::overlays::list::ListKind;
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::switcher::{Purpose, Switcher, SwitcherChoice, Target};
use crate::domain::{Request, Room};
use crate::input::Action;

/// Opens the room `by` places below the open one in the list; negative is above. Wraps around at both ends.
pub(in crate::app) fn step_room(cx: &mut Context<'_>, by: isize) {
    let count = cx.account.rooms.len().cast_signed();
    let here = cx.ui.open.as_ref().and_then(|open| cx.account.rooms.index_of(open));
    let Some(count) = (count > 0).then_some(count) else { return };
    let place = here.map_or(0, |here| (here.cast_signed() + by).rem_euclid(count));
    open_at(cx, place.cast_unsigned());
}

/// Opens the nearest unread room below or above the open one, and wraps around at the end of the list.
pub(in crate::app) fn step_unread(cx: &mut Context<'_>, down: bool) {
    let count = cx.account.rooms.len();
    let here = cx.ui.open.as_ref().and_then(|open| cx.account.rooms.index_of(open)).unwrap_or(0);
    let places = (1..count).map(|step| (here + if down { step } else { count - step }) % count);
    let unread = places.into_iter().find(|place| cx.account.rooms.at(*place).is_some_and(Room::needs_attention));
    match unread {
        Some(place) => open_at(cx, place),
        None => cx.notify("There are no other unread rooms."),
    }
}

/// Opens the nearest room below the open one with an unread mention, and wraps around at the end of the list.
pub(in crate::app) fn step_mention(cx: &mut Context<'_>) {
    let count = cx.account.rooms.len();
    let here = cx.ui.open.as_ref().and_then(|open| cx.account.rooms.index_of(open)).unwrap_or(0);
    let mut places = (1..=count).map(|step| (here + step) % count);
    match places.find(|place| cx.account.rooms.at(*place).is_some_and(|room| room.unread.mentions > 0)) {
        Some(place) => open_at(cx, place),
        None => cx.notify("There are no unread mentions."),
    }
}

/// Opens the room whose title is, or begins with, `title`.
pub(in crate::app) fn open_by_name(cx: &mut Context<'_>, title: &str) {
    match find_by_name(cx.account, title) {
        Some(id) => open(cx, &id),
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
    cx.ui.overlay = Some(Overlay::Switcher(Switcher::over(all_entries(cx.scene()))));
}

/// Closes the switcher and opens the chosen entry. If the entry is an action, returns it for the caller to run.
pub(in crate::app) fn open_switcher_choice(cx: &mut Context<'_>, choice: SwitcherChoice) -> Option<Action> {
    cx.ui.overlay = None;
    if let (Purpose::Forward(sends), Target::Room(id)) = (&choice.purpose, &choice.target) {
        replies::forward_all(cx, sends, id);
        return None;
    }
    match choice.target {
        Target::Room(id) => open(cx, &id),
        Target::Person(id) => {
            let person = cx.account.people.get(&id).map(|person| person.info.username.to_string());
            cx.effects.extend(person.map(|username| cx.account.request(Request::OpenDirect { username })));
        }
        Target::Action(action) => return Some(action),
        Target::Command(command) => {
            cx.ui.focus = Focus::Composer;
            if cx.ui.composer.is_empty() && cx.ui.composer.editing.is_none() {
                let reply = cx.ui.composer.reply.take();
                cx.ui.composer = Composer::with_text(&format!("/{} ", command.name));
                cx.ui.composer.reply = reply;
            } else {
                cx.notify(format!("Send or clear your draft, then type /{}.", command.name));
            }
        }
    }
    None
}

/// Moves the focus to the room list, or back to the composer.
pub(in crate::app) fn toggle_list_focus(cx: &mut Context<'_>) {
    let here = cx.ui.open.as_ref().and_then(|open| cx.account.rooms.index_of(open));
    cx.ui.focus = match cx.ui.focus {
        Focus::Rooms(_) => Focus::Composer,
        Focus::Composer | Focus::Message(_) => Focus::Rooms(here.unwrap_or(0)),
    };
}

/// Moves the highlight in the room list and stops at its ends.
pub(in crate::app) fn step_list(cx: &mut Context<'_>, by: isize) {
    if let Focus::Rooms(place) = cx.ui.focus {
        let last = cx.account.rooms.len().saturating_sub(1);
        cx.ui.focus = Focus::Rooms(place.saturating_add_signed(by).min(last));
    }
}

/// Scrolls the room list. The open or highlighted room may leave the screen until another room takes its place.
pub(in crate::app) fn scroll_list(cx: &mut Context<'_>, by: isize) {
    let last = cx.account.rooms.len().saturating_sub(cx.ui.regions.rooms_shown());
    cx.ui.regions.first_room = cx.ui.regions.first_room.saturating_add_signed(by).min(last);
    cx.ui.scrolled_from = cx.scene().revealed_room().cloned();
}

/// Opens the highlighted room of the room list.
pub(in crate::app) fn open_highlighted(cx: &mut Context<'_>) {
    if let Focus::Rooms(place) = cx.ui.focus {
        open_at(cx, place);
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
    cx.ui.overlay = Some(Overlay::Info(Info::default()));
}

/// Opens the room at a place of the room list.
fn open_at(cx: &mut Context<'_>, place: usize) {
    if let Some(id) = cx.account.rooms.at(place).map(|room| room.info.id.clone()) {
        open(cx, &id);
    }
}
