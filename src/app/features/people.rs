//! People: looking them up, adding them to rooms and removing them, blocking.

use crate::app::features::membership_rules::{Change, may_be_direct, refusal};
use crate::app::features::{leaving, lists};
use crate::app::model::account::Account;
use crate::app::model::context::{Context, Scene};
use crate::app::model::people::MemberLookup;
use crate::app::overlays::list::{List, ListKind, ListRow, ListTarget};
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::question::{MemberChange, Question};
use crate::domain::{Feature, Person, PersonId, PersonInfo, Request, RoomId, RoomKind};
use crate::text::comparable;

/// Adds a person to the open room or removes them. If the service needs an id, the user name is looked up first.
pub(in crate::app) fn change_members(cx: &mut Context<'_>, username: &str, add: bool) {
    let Some(room) = cx.open_room() else { return cx.notify_no_room() };
    if !add && is_own_username(cx.account, username) {
        return leaving::leave(cx);
    }
    if let Some(refusal) = refusal(cx.account, room, if add { Change::Add } else { Change::Remove }) {
        return cx.refuse(refusal);
    }
    let change = MemberChange { room: room.info.id.clone(), username: username.to_owned(), add };
    // A removal is confirmed before the server is asked who that is.
    if !add || may_be_direct(cx.account, room) {
        return cx.ask(Question::ChangeMembers(change));
    }
    request_change(cx, change);
}

/// Requests a change of members that nothing known prevents, and that the user has confirmed if necessary.
pub(in crate::app) fn request_change(cx: &mut Context<'_>, MemberChange { room, username, add }: MemberChange) {
    if cx.account.capabilities.is_some_and(|can| can.identifies_by_username) {
        let kind = cx.account.rooms.get(&room).map(|room| room.info.kind).unwrap_or_default();
        return cx.request_confirmed(membership_change(add, room, kind, None, username));
    }
    // The server is asked even about a cached name: people can change their user names.
    cx.account.member_lookups.push(MemberLookup { username: username.clone(), room, add });
    cx.request(Request::FindPerson { username });
}

/// Opens the list of people who can be added to the open room: those whom the service lists, or else those who are known.
pub(in crate::app) fn choose_new_member(cx: &mut Context<'_>) {
    let Some(room) = cx.open_room() else { return cx.notify_no_room() };
    if let Some(refusal) = refusal(cx.account, room, Change::Add) {
        cx.refuse(refusal);
    } else if cx.account.can(Feature::FindPeople) {
        let room = room.info.id.clone();
        lists::show(cx, ListKind::AddablePeople(room));
    } else {
        let room = room.info.id.clone();
        let rows = known_outsiders(cx.scene(), &room);
        if rows.is_empty() {
            return cx.refuse("Nobody else is known here yet. Type /add USER.");
        }
        cx.ui.overlay = Some(Overlay::List(List::of(ListKind::AddablePeople(room), rows)));
    }
}

/// Returns a row for each person who is known from rooms and messages and is not in a room, where the service does not
/// list people.
fn known_outsiders(scene: Scene<'_>, id: &RoomId) -> Vec<ListRow> {
    let members = scene.account.rooms.get(id).map_or(&[][..], |room| room.info.participants.as_slice());
    let is_outsider = |person: &&Person| {
        let info = &person.info;
        !info.username.is_empty() && !scene.account.is_me(&info.id) && !members.contains(&info.id)
    };
    let outsiders = scene.account.people.iter().filter(is_outsider);
    let rows = outsiders.map(|person| ListRow {
        text: person.info.name.to_string(),
        mark: scene.account.people.mark_of(&person.info),
        hint: String::new(),
        target: ListTarget::NewMember(id.clone(), person.info.username.to_string()),
    });
    let mut rows: Vec<ListRow> = rows.collect();
    rows.sort_by_cached_key(|row| (comparable(&row.text), row.mark.clone()));
    rows
}

/// Adds the person who was chosen from the list.
pub(in crate::app) fn add_chosen(cx: &mut Context<'_>, room: RoomId, username: String) {
    let may_be_direct = cx.account.rooms.get(&room).is_some_and(|room| may_be_direct(cx.account, room));
    let change = MemberChange { room, username, add: true };
    if may_be_direct {
        cx.ask(Question::ChangeMembers(change));
    } else {
        request_change(cx, change);
    }
}

/// Returns the changes of members that waited for a lookup of `username`, and no longer wait. Unless a `person` was found,
/// they fail.
pub(in crate::app) fn take_changes(account: &mut Account, username: &str, person: Option<&PersonId>) -> Vec<Request> {
    let (ready, waiting): (Vec<_>, Vec<_>) =
        std::mem::take(&mut account.member_lookups).into_iter().partition(|lookup| lookup.username == username);
    account.member_lookups = waiting;
    let changes = ready.into_iter().map(|MemberLookup { room, add, username }| {
        let kind = account.rooms.get(&room).map(|room| room.info.kind).unwrap_or_default();
        membership_change(add, room, kind, person.cloned(), username)
    });
    changes.collect()
}

/// Completes the changes of members that waited for a lookup of `username`.
pub(in crate::app) fn on_person_found(cx: &mut Context<'_>, username: &str, person: &PersonInfo) {
    let changes = take_changes(cx.account, username, Some(&person.id));
    let removes = changes.iter().any(|change| matches!(change, Request::RemoveMember { .. }));
    if removes && cx.account.is_me(&person.id) {
        // The server compares user names in its own way, for example without regard to case.
        return cx.notify("This is you. Type /leave to leave the group.");
    }
    changes.into_iter().for_each(|change| cx.request_confirmed(change));
}

fn is_own_username(account: &Account, username: &str) -> bool {
    let me = account.me.as_ref().and_then(|me| account.people.get(me));
    me.is_some_and(|me| *me.info.username == *username)
}

fn membership_change(add: bool, room: RoomId, kind: RoomKind, person: Option<PersonId>, username: String) -> Request {
    if add {
        Request::AddMember { room, kind, person, username }
    } else {
        Request::RemoveMember { room, kind, person, username }
    }
}

/// Requests the details of a person. Skipped if the server finds people by user name only and the name is unknown.
pub(in crate::app) fn request_person(cx: &mut Context<'_>, id: PersonId) {
    let username = cx.account.people.get(&id).map(|known| known.info.username.to_string()).unwrap_or_default();
    let is_unaddressable = username.is_empty() && cx.account.capabilities.is_some_and(|can| can.identifies_by_username);
    if !is_unaddressable {
        cx.request(Request::Person { id, username });
    }
}

/// Blocks or unblocks a person; without a user name, the other person of the open direct message.
pub(in crate::app) fn set_blocked(cx: &mut Context<'_>, username: Option<String>, on: bool) {
    let peer = || cx.account.peer(cx.open_room()?).map(|peer| peer.info.username.to_string());
    let name = if on { "block" } else { "unblock" };
    match username.or_else(peer) {
        Some(username) => cx.request(Request::Block { username, on }),
        None => cx.refuse(format!("This is not a direct message. Type /{name} USER.")),
    }
}
