//! The list of members beside the messages of the open room.

use crate::app::features::people::request_person;
use crate::app::model::account::ConnectionState;
use crate::app::model::context::{Context, Scene};
use crate::app::model::member_list::{MAX_MEMBERS, MemberList, MemberListState};
use crate::app::overlays::list::{ListKind, ListTarget};
use crate::app::overlays::overlay::Overlay;
use crate::app::regions::{MIN_CHAT_WIDTH, MIN_LIST_WIDTH, MIN_WIDTH_TWO_PANES};
use crate::domain::{Member, MemberRole, PersonId, Presence, Request, RoomId};
use std::cmp::Reverse;

/// Maximum number of people whose names are requested for one room.
const MAX_REQUESTED_PEOPLE: usize = 50;

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// The member.
    pub person: PersonId,
    /// The role; `None` on services without roles.
    pub role: Option<MemberRole>,
}

/// Shows or hides the list.
pub(in crate::app) fn toggle(cx: &mut Context<'_>) {
    cx.terminal.arrangement.members_shown = !cx.terminal.arrangement.members_shown;
}

/// Loads the members once the list is on screen, whoever has shown it, and forgets them when it is not.
pub(in crate::app) fn follow_screen(cx: &mut Context<'_>) {
    if cx.ui.regions.members.width == 0 {
        cx.ui.members = MemberList::default();
    } else if cx.ui.members.room != cx.ui.open {
        load(cx);
    }
}

/// Whether the list is on screen, or there is room for it beside the messages.
pub(in crate::app) fn fits(scene: Scene<'_>) -> bool {
    let regions = &scene.ui.regions;
    let has_room = || scene.area().width >= MIN_WIDTH_TWO_PANES;
    regions.members.width > 0 || (has_room() && regions.header.width > MIN_CHAT_WIDTH + MIN_LIST_WIDTH)
}

/// Requests the members of the open room if the list is shown and the service lists them on request.
pub(in crate::app) fn load(cx: &mut Context<'_>) {
    if !cx.terminal.arrangement.members_shown || cx.account.connection != ConnectionState::Online {
        return;
    }
    let Some(room) = cx.open_room().filter(|room| room.can_fetch()) else { return };
    let id = room.info.id.clone();
    if !room.lists_members_on_request() {
        let unknown = room.info.participants.iter().filter(|id| cx.account.people.get(id).is_none());
        let unknown: Vec<_> = unknown.take(MAX_REQUESTED_PEOPLE).cloned().collect();
        cx.ui.members = MemberList { room: Some(id), ..MemberList::default() };
        return unknown.into_iter().for_each(|id| request_person(cx, id));
    }
    // Known members stay on screen until the answer arrives.
    let known = std::mem::take(&mut cx.ui.members);
    let members = if known.room.as_ref() == Some(&id) { known.members } else { Vec::new() };
    cx.ui.members = MemberList { room: Some(id.clone()), members, page: 1, state: MemberListState::Loading };
    request_page(cx, &id, 1);
}

/// Takes a page of members, which may have been requested by another list of the same room.
pub(in crate::app) fn on_page(cx: &mut Context<'_>, room: &RoomId, page: u32, more: bool, members: &[Member]) {
    if cx.ui.members.room.as_ref() == Some(room)
        && let Some(next) = cx.ui.members.take(page, more, members.to_vec())
    {
        request_page(cx, room, next);
    }
}

/// Records that a page could not be loaded.
pub(in crate::app) fn on_page_failed(cx: &mut Context<'_>, request: &Request) {
    if let Request::Members { room, .. } = request
        && cx.ui.members.room.as_ref() == Some(room)
    {
        cx.ui.members.state = MemberListState::Failed;
    }
}

fn request_page(cx: &mut Context<'_>, room: &RoomId, page: u32) {
    let kind = cx.account.rooms.get(room).map(|room| room.info.kind).unwrap_or_default();
    cx.request(Request::Members { room: room.clone(), kind, page });
}

/// Returns the number of rows of the list.
pub(in crate::app) fn member_count(scene: Scene<'_>) -> usize {
    let Some(room) = scene.open_room() else { return 0 };
    let count = match room.lists_members_on_request() {
        true if scene.ui.members.room.as_ref() == Some(&room.info.id) => scene.ui.members.members.len(),
        true => 0,
        false => room.member_ids(scene.account.me.as_ref()).len(),
    };
    count.min(MAX_MEMBERS)
}

/// Scrolls the list by some rows.
pub(in crate::app) fn scroll(cx: &mut Context<'_>, by: isize) {
    cx.ui.regions.first_member = cx.ui.regions.first_member.saturating_add_signed(by);
}

/// Returns the rows of the list: people who are online first, then by name.
pub fn member_rows(scene: Scene<'_>) -> Vec<MemberRow> {
    let Some(room) = scene.open_room() else { return Vec::new() };
    let mut rows: Vec<MemberRow> = if room.lists_members_on_request() {
        let members =
            if scene.ui.members.room.as_ref() == Some(&room.info.id) { &*scene.ui.members.members } else { &[] };
        members.iter().map(|member| MemberRow { person: member.person.id.clone(), role: member.role }).collect()
    } else {
        room.member_ids(scene.account.me.as_ref()).into_iter().map(|person| MemberRow { person, role: None }).collect()
    };
    rows.truncate(MAX_MEMBERS);
    rows.sort_by_cached_key(|row| list_order(scene, &row.person));
    rows
}

/// Returns the number of members of the open room who are known and not online, as the list shows them.
pub(in crate::app) fn members_offline(scene: Scene<'_>) -> usize {
    let Some(room) = scene.open_room() else { return 0 };
    let is_offline = |person: &PersonId| {
        let known = scene.account.people.get(person).map(|known| known.presence(scene.now));
        !scene.account.is_me(person) && matches!(known, Some(Presence::LastSeen(_)))
    };
    if !room.lists_members_on_request() {
        return room.info.participants.iter().filter(|person| is_offline(person)).count();
    }
    let loaded = &scene.ui.members;
    let beside = loaded.members.iter().filter(|_| loaded.room.as_ref() == Some(&room.info.id));
    let beside = beside.filter(|member| is_offline(&member.person.id)).count();
    let boxed = match &scene.ui.overlay {
        Some(Overlay::List(list)) if list.kind == ListKind::Members(room.info.id.clone()) => list.rows.as_slice(),
        _ => &[],
    };
    let boxed = boxed.iter().filter(|row| match &row.target {
        ListTarget::Member(member) => is_offline(&member.person.id),
        _ => false,
    });
    boxed.count().max(beside)
}

/// Returns the key by which members are sorted.
pub(in crate::app) fn list_order(scene: Scene<'_>, person: &PersonId) -> (Reverse<bool>, String) {
    let is_online = scene.account.is_shown_online(person, scene.now);
    (Reverse(is_online), scene.account.label_of(person).name.to_lowercase())
}
