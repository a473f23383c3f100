//! Who is in a room with which rights, and how we stand in it.

use crate::app::access;
use crate::app::actions::{lists, members, rooms};
use crate::app::effect::Effect;
use crate::app::list::{ListKind, ListRow, ListTarget};
use crate::app::state::State;
use crate::domain::{Access, Member, MemberRole, Membership, PersonId, Request, RoomId};
use crate::text::SafeText;

use super::live;
use super::notes::note;

/// A page of the members of a room, for the list that asked.
pub(super) fn on_members(
    state: &mut State,
    room: &RoomId,
    page: u32,
    more: bool,
    members: Vec<Member>,
    effects: &mut Vec<Effect>,
) {
    let mut rows = Vec::with_capacity(members.len());
    for member in members {
        state.people.learn(member.person.clone());
        rows.push(row(state, member));
    }
    if let Some(list) = state.list_of(&ListKind::Members(room.clone())) {
        list.take(page, rows, more);
        lists::ask_more(state, effects);
    }
}

fn row(state: &State, member: Member) -> ListRow {
    let you = state.is_me(&member.person.id).then_some("you");
    // That somebody is a mere member is what the list says anyway.
    let role = member.role.filter(|role| *role > MemberRole::Member).map(MemberRole::word);
    let hint: Vec<&str> = you.into_iter().chain(role).collect();
    ListRow {
        text: format!("{} @{}", member.person.name, member.person.username),
        hint: hint.join(", "),
        target: ListTarget::Member(Box::new(member)),
    }
}

/// How we stand in a room.
pub(super) fn on_membership(state: &mut State, room: &RoomId, membership: Membership, effects: &mut Vec<Effect>) {
    state.rooms_asked.remove(room);
    let Some(known) = state.rooms.get_mut(room).filter(|room| !room.is_gone()) else { return };
    let back = known.membership.access == Access::NotMember && membership.access != Access::NotMember;
    known.membership = membership;
    if back {
        // What was said meanwhile was not taken.
        known.lose_track();
        live::ask_unknown(state, room.clone(), effects);
    }
    access::follow(state, effects);
}

/// Somebody blocked somebody. Both sides are told the same, so only asking tells who is who.
pub(super) fn on_block_changed(state: &mut State, room: &RoomId, effects: &mut Vec<Effect>) {
    // Any other room is asked about when it is opened.
    if state.open.as_ref() == Some(room) {
        members::ask_standing(state, room, effects);
    }
}

/// The members of a room, or what they may do, have changed.
pub(super) fn on_changed(state: &mut State, room: &RoomId, effects: &mut Vec<Effect>) {
    lists::ask_again(state, &ListKind::Members(room.clone()), effects);
    if state.open.as_ref() == Some(room) {
        members::ask_standing(state, room, effects);
    }
}

/// Somebody was thrown out of a group.
pub(super) fn on_kicked(state: &mut State, room: &RoomId, person: &PersonId, effects: &mut Vec<Effect>) {
    if state.is_me(person) {
        return out(state, room, "You were removed from", effects);
    }
    on_changed(state, room, effects);
    let name = state.name_of(person).to_owned();
    let Some(known) = state.rooms.get_mut(room) else { return };
    let members = known.info.participants.len();
    known.info.participants.retain(|other| other != person);
    // A service that does not tell who is in a room tells of their going by a message in it.
    if known.info.participants.len() < members {
        note(state, room, &format!("{name} was removed"));
    }
}

/// We are not in a group any more. It stays, to be read.
fn out(state: &mut State, id: &RoomId, how: &str, effects: &mut Vec<Effect>) {
    let Some(room) = state.rooms.get_mut(id) else { return };
    let title = room.info.title.to_string();
    room.membership = Membership { access: Access::NotMember, ..Membership::default() };
    room.typing.clear();
    let told = room.info.participants.is_empty();
    state.say(format!("{how} {title}."));
    // A service that does not tell who is in a room tells of our going by a message in it.
    if !told {
        note(state, id, &format!("{how} {title}."));
    }
    access::follow(state, effects);
}

/// A change of a room or of who is in it was carried out.
pub(super) fn on_done(state: &mut State, request: Request, effects: &mut Vec<Effect>) {
    match request {
        Request::SetRole { room, username, role } => {
            let words = if role == MemberRole::Member { "a member" } else { "an admin" };
            state.say(format!("{} is {words} now.", called(state, &username)));
            on_role(state, &room, &username, role);
        }
        Request::RemoveMember { room, username, .. } => {
            state.say(format!("{} was removed.", called(state, &username)));
            if let Some(list) = state.list_of(&ListKind::Members(room.clone())) {
                list.rows.retain(|row| !is_of(&row.target, &username));
                list.step(0);
            }
            on_changed(state, &room, effects);
        }
        Request::AddMember { room, username, .. } => {
            state.say(format!("{} was added.", called(state, &username)));
            on_changed(state, &room, effects);
        }
        Request::Rename { room, title, .. } => {
            let title = SafeText::line(&title);
            state.say(format!("This is {title} now."));
            if let Some(room) = state.rooms.get_mut(&room) {
                room.info.title = title;
            }
        }
        Request::LeaveGroup { room } => out(state, &room, "You have left", effects),
        Request::Mute { room, on } => {
            let Some(room) = state.rooms.get_mut(&room) else { return };
            room.info.muted = on;
            let what = if on { "is muted. /unmute ends that." } else { "is not muted any more." };
            let said = format!("{} {what}", room.info.title);
            state.say(said);
        }
        Request::Archive { room, on } => on_archived(state, &room, on, effects),
        Request::Block { username, on } => {
            let what = if on { "is blocked. /unblock ends that." } else { "is not blocked any more." };
            state.say(format!("{} {what}", called(state, &username)));
            let open = state
                .open_room()
                .filter(|room| state.peer(room).is_some_and(|peer| peer.info.username.eq_ignore_ascii_case(&username)));
            if let Some(id) = open.map(|room| room.info.id.clone()) {
                members::ask_standing(state, &id, effects);
            }
        }
        _ => {}
    }
}

/// A member has another role: the list says so at once, where it stands.
fn on_role(state: &mut State, room: &RoomId, username: &str, role: MemberRole) {
    let kind = ListKind::Members(room.clone());
    let at = state.list_of(&kind).and_then(|list| list.rows.iter().position(|row| is_of(&row.target, username)));
    let Some(at) = at else { return };
    let target = state.list_of(&kind).map(|list| list.rows[at].target.clone());
    if let Some(ListTarget::Member(member)) = target {
        let changed = row(state, Member { role: Some(role), ..*member });
        if let Some(list) = state.list_of(&kind) {
            list.rows[at] = changed;
        }
    }
}

/// A room was put away, or taken back.
fn on_archived(state: &mut State, id: &RoomId, away: bool, effects: &mut Vec<Effect>) {
    let Some(room) = state.rooms.get_mut(id) else {
        // Not known here: only the list can tell what became of it.
        return rooms::ask_list(state, effects);
    };
    room.info.archived = away;
    let title = room.info.title.to_string();
    if !away {
        state.rooms.touch(id);
        return state.say(format!("{title} is back in the list."));
    }
    if state.open.as_ref() == Some(id) {
        rooms::close(state, effects);
    } else {
        state.rooms.put_away(id);
    }
    if state.open.is_none()
        && let Some(next) = state.rooms.ids().first().cloned()
    {
        rooms::open(state, &next, effects);
    }
    // Last, since a room that opens clears the line.
    state.say(format!("{title} was put away. /archived shows it."));
}

fn is_of(target: &ListTarget, username: &str) -> bool {
    matches!(target, ListTarget::Member(member) if member.person.username.eq_ignore_ascii_case(username))
}

/// What to call somebody of whom only the app's name was used.
fn called(state: &State, username: &str) -> String {
    let known = state.people.by_username(username);
    known.map_or_else(|| SafeText::line(username).to_string(), |person| state.name_of(&person.info.id).to_owned())
}
