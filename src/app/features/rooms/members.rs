//! Groups: roles, titles, leaving; and muting or putting away any room.

use crate::app::model::context::{Context, Scene};
use crate::app::overlays::list::{List, ListKind, ListTarget};
use crate::app::overlays::overlay::{Overlay, Question, Removal};
use crate::domain::{Access, Member, MemberRole, Request, Room, RoomId, RoomKind};
use crate::input::Action;

/// Gives a member of the open group a role.
pub(in crate::app) fn set_role(cx: &mut Context<'_>, username: &str, role: &str) {
    let Some(room) = open_of(cx, |kind| kind == RoomKind::Group, "Only groups have roles.") else { return };
    let role = match role {
        "member" => MemberRole::Member,
        "admin" => MemberRole::Admin,
        "owner" => return cx.notify("The owner of a group cannot change. Choose member or admin."),
        _ => return cx.notify("There is no such role. Usage: /role USER member|admin"),
    };
    cx.request(Request::SetRole { room, username: username.to_owned(), role });
}

/// Asks whether to leave the open group.
pub(in crate::app) fn leave(cx: &mut Context<'_>) {
    let only = "Only groups can be left. /delete-chat deletes this room.";
    let Some(room) = open_of(cx, |kind| kind == RoomKind::Group, only) else { return };
    if cx.account.rooms.get(&room).is_some_and(|room| room.membership.access == Access::NotMember) {
        cx.notify("You are no longer in this group.");
    } else {
        cx.ui.overlay = Some(Overlay::Question(Question::LeaveGroup(room)));
    }
}

/// Gives the open group or broadcast another title.
pub(in crate::app) fn rename(cx: &mut Context<'_>, title: &str) {
    let titled = |kind| matches!(kind, RoomKind::Group | RoomKind::Broadcast);
    let only = "Only groups and broadcasts can be renamed.";
    let Some(room) = open_of(cx, titled, only) else { return };
    let kind = cx.account.rooms.get(&room).map(|room| room.info.kind).unwrap_or_default();
    cx.request(Request::Rename { room, kind, title: title.to_owned() });
}

/// Mutes the open room, or not any more.
pub(in crate::app) fn mute(cx: &mut Context<'_>, on: bool) {
    let Some(room) = open_of(cx, |_| true, "") else { return };
    cx.request(Request::Mute { room, on });
}

/// Puts the open room away, or takes it back.
pub(in crate::app) fn archive(cx: &mut Context<'_>, on: bool) {
    let Some(room) = open_of(cx, |_| true, "") else { return };
    cx.request(Request::Archive { room, on });
}

/// The open room, if it is of the right kind; else says why not.
fn open_of(cx: &mut Context<'_>, fits: impl Fn(RoomKind) -> bool, only: &str) -> Option<RoomId> {
    match cx.open_room().map(|room| (room.info.id.clone(), room.info.kind)) {
        Some((id, kind)) if fits(kind) => return Some(id),
        Some(_) => cx.notify(only),
        None => cx.notify_no_room(),
    }
    None
}

/// What can be done with the member that a list points to, and a word for it.
pub fn members_offer<'a>(scene: Scene<'a>, list: &'a List) -> impl Iterator<Item = (Action, &'static str)> + 'a {
    let all = [(Action::MemberPromote, "promote"), (Action::MemberDemote, "demote"), (Action::MemberRemove, "remove")];
    let chosen = listed(scene, list);
    all.into_iter().filter(move |(action, _)| {
        scene.account.offers(*action)
            && chosen.is_some_and(|(room, member)| why_not(scene, room, member, *action).is_none())
    })
}

/// Does something with the member that the list points to.
pub(in crate::app) fn act_on_listed(cx: &mut Context<'_>, action: Action) {
    let Some(Overlay::List(list)) = &cx.ui.overlay else { return };
    let Some((room, member)) = listed(cx.scene(), list) else { return };
    if let Some(why) = why_not(cx.scene(), room, member, action) {
        return cx.notify(why);
    }
    let (id, kind) = (room.info.id.clone(), room.info.kind);
    let username = member.person.username.to_string();
    let identifies_by_username = cx.account.capabilities.is_some_and(|can| can.identifies_by_username);
    let person = Some(member.person.id.clone()).filter(|_| !identifies_by_username);
    if action == Action::MemberRemove {
        // Their list comes back after the answer.
        let removal = Removal { room: id, kind, person, username };
        cx.ui.overlay = Some(Overlay::Question(Question::RemoveMember(removal)));
        return;
    }
    let request = match action {
        Action::MemberPromote => Request::SetRole { room: id, username, role: MemberRole::Admin },
        _ => Request::SetRole { room: id, username, role: MemberRole::Member },
    };
    cx.request(request);
}

/// The member that a list points to, and their room.
fn listed<'a>(scene: Scene<'a>, list: &'a List) -> Option<(&'a Room, &'a Member)> {
    let ListKind::Members(room) = &list.kind else { return None };
    let ListTarget::Member(member) = &list.chosen()?.target else { return None };
    Some((scene.account.rooms.get(room)?, member))
}

/// Why that cannot be done with a member, as a sentence; `None` when it can, as far as is known.
fn why_not(scene: Scene<'_>, room: &Room, member: &Member, action: Action) -> Option<&'static str> {
    let mine = room.membership.role;
    Some(match action {
        _ if scene.account.is_me(&member.person.id) => "This is you. Type /leave to leave the group.",
        _ if mine.is_some_and(|role| role < MemberRole::Admin) => "Only admins can manage the members of this group.",
        _ if room.membership.access == Access::NotMember => "You are no longer in this group.",
        _ if member.role == Some(MemberRole::Owner) => "The owner of a group cannot be changed.",
        Action::MemberRemove => return None,
        _ if member.role.is_none() => "This room has no roles.",
        Action::MemberPromote if member.role == Some(MemberRole::Admin) => "This member is already an admin.",
        Action::MemberDemote if member.role == Some(MemberRole::Member) => "This person is already a plain member.",
        _ => return None,
    })
}
