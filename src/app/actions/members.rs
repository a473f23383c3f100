//! Groups: roles, titles, leaving; and muting or putting away any room.

use crate::app::effect::Effect;
use crate::app::list::{List, ListKind, ListTarget};
use crate::app::overlay::{Overlay, Question, Removal};
use crate::app::state::State;
use crate::domain::{Access, Member, MemberRole, Request, Room, RoomId, RoomKind};
use crate::input::Action;

/// Asks how we stand in a room, where the server can say so.
pub(in crate::app) fn ask_standing(state: &State, id: &RoomId, effects: &mut Vec<Effect>) {
    let Some(room) = state.rooms.get(id) else { return };
    let kind = room.info.kind;
    let username = state.peer(room).map(|peer| peer.info.username.to_string()).unwrap_or_default();
    let known = match kind {
        RoomKind::Unknown => false,
        // It is about the two of us, so without the other one there is nothing to ask.
        RoomKind::Single => !username.is_empty(),
        RoomKind::Group | RoomKind::Broadcast | RoomKind::Order => true,
    };
    if known {
        effects.push(state.ask(Request::Membership { room: id.clone(), kind, username }));
    }
}

/// Gives a member of the open group a role.
pub(in crate::app) fn set_role(state: &mut State, username: &str, role: &str, effects: &mut Vec<Effect>) {
    let Some(room) = open_of(state, |kind| kind == RoomKind::Group, "Only groups have roles.") else { return };
    let role = match role {
        "member" => MemberRole::Member,
        "admin" => MemberRole::Admin,
        "owner" => return state.say("A group keeps its owner; a member can be made an admin."),
        _ => return state.say("A role is member or admin: write it as /role USER member|admin."),
    };
    effects.push(state.ask(Request::SetRole { room, username: username.to_owned(), role }));
}

/// Asks whether to leave the open group.
pub(in crate::app) fn leave(state: &mut State) {
    let only = "Only a group can be left. /delete-chat deletes this chat.";
    let Some(room) = open_of(state, |kind| kind == RoomKind::Group, only) else { return };
    if state.rooms.get(&room).is_some_and(|room| room.membership.access == Access::NotMember) {
        state.say("You are not in this group any more.");
    } else {
        state.overlay = Some(Overlay::Question(Question::LeaveGroup(room)));
    }
}

/// Gives the open group or broadcast another title.
pub(in crate::app) fn rename(state: &mut State, title: &str, effects: &mut Vec<Effect>) {
    let titled = |kind| matches!(kind, RoomKind::Group | RoomKind::Broadcast);
    let only = "Only groups and broadcasts have a title that can be changed.";
    let Some(room) = open_of(state, titled, only) else { return };
    let kind = state.rooms.get(&room).map(|room| room.info.kind).unwrap_or_default();
    effects.push(state.ask(Request::Rename { room, kind, title: title.to_owned() }));
}

/// Mutes the open room, or not any more.
pub(in crate::app) fn mute(state: &mut State, on: bool, effects: &mut Vec<Effect>) {
    let Some(room) = open_of(state, |_| true, "") else { return };
    effects.push(state.ask(Request::Mute { room, on }));
}

/// Puts the open room away, or takes it back.
pub(in crate::app) fn archive(state: &mut State, on: bool, effects: &mut Vec<Effect>) {
    let Some(room) = open_of(state, |_| true, "") else { return };
    effects.push(state.ask(Request::Archive { room, on }));
}

/// The open room, if it is of the right kind; else says why not.
fn open_of(state: &mut State, fits: impl Fn(RoomKind) -> bool, only: &str) -> Option<RoomId> {
    match state.open_room().map(|room| (room.info.id.clone(), room.info.kind)) {
        Some((id, kind)) if fits(kind) => return Some(id),
        Some(_) => state.say(only),
        None => state.say("There is no chat open to change."),
    }
    None
}

/// What can be done with the member that a list points to, and a word for it.
pub fn members_offer<'a>(state: &'a State, list: &'a List) -> impl Iterator<Item = (Action, &'static str)> + 'a {
    let all = [(Action::MemberPromote, "promote"), (Action::MemberDemote, "demote"), (Action::MemberRemove, "remove")];
    let chosen = listed(state, list);
    all.into_iter().filter(move |(action, _)| {
        state.offers(*action) && chosen.is_some_and(|(room, member)| why_not(state, room, member, *action).is_none())
    })
}

/// Does something with the member that the list points to.
pub(in crate::app) fn act_on_listed(state: &mut State, action: Action, effects: &mut Vec<Effect>) {
    let Some(Overlay::List(list)) = &state.overlay else { return };
    let Some((room, member)) = listed(state, list) else { return };
    if let Some(why) = why_not(state, room, member, action) {
        return state.say(why);
    }
    let (id, kind) = (room.info.id.clone(), room.info.kind);
    let username = member.person.username.to_string();
    let by_username = state.account.capabilities.is_some_and(|can| can.by_username);
    let person = Some(member.person.id.clone()).filter(|_| !by_username);
    if action == Action::MemberRemove {
        // Their list comes back after the answer.
        let removal = Removal { room: id, kind, person, username };
        state.overlay = Some(Overlay::Question(Question::RemoveMember(removal)));
        return;
    }
    let request = match action {
        Action::MemberPromote => Request::SetRole { room: id, username, role: MemberRole::Admin },
        _ => Request::SetRole { room: id, username, role: MemberRole::Member },
    };
    effects.push(state.ask(request));
}

/// The member that a list points to, and their room.
fn listed<'a>(state: &'a State, list: &'a List) -> Option<(&'a Room, &'a Member)> {
    let ListKind::Members(room) = &list.kind else { return None };
    let ListTarget::Member(member) = &list.chosen()?.target else { return None };
    Some((state.rooms.get(room)?, member))
}

/// Why that cannot be done with a member, as a sentence; `None` when it can, as far as is known.
fn why_not(state: &State, room: &Room, member: &Member, action: Action) -> Option<&'static str> {
    let mine = room.membership.role;
    Some(match action {
        _ if state.is_me(&member.person.id) => "This is you. /leave leaves the group.",
        _ if mine.is_some_and(|role| role < MemberRole::Admin) => "Only admins can change the members of this group.",
        _ if room.membership.access == Access::NotMember => "You are not in this group any more.",
        _ if member.role == Some(MemberRole::Owner) => "The owner of a group cannot be changed.",
        Action::MemberRemove => return None,
        _ if member.role.is_none() => "There are no roles in this room.",
        Action::MemberPromote if member.role == Some(MemberRole::Admin) => "They are an admin already.",
        Action::MemberDemote if member.role == Some(MemberRole::Member) => "They are a mere member already.",
        _ => return None,
    })
}
