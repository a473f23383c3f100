//! Commands of groups (roles, title, leaving), and actions on listed members.

use crate::app::features::files;
use crate::app::model::account::Account;
use crate::app::model::context::{Context, Scene};
use crate::app::overlays::list::{List, ListKind, ListTarget};
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::question::{Question, Removal};
use crate::domain::{Access, Member, MemberRole, Request, Room, RoomId, RoomKind};
use crate::input::Action;

/// Changes the role of a member of the open group.
pub(in crate::app) fn set_role(cx: &mut Context<'_>, username: &str, role: &str) {
    let Some(room) = open_room_of_kind(cx, |kind| kind == RoomKind::Group, "Only groups have roles.") else { return };
    let role = match role {
        "member" => MemberRole::Member,
        "admin" => MemberRole::Admin,
        "owner" => return cx.notify("The owner of a group cannot be changed. Choose member or admin."),
        _ => return cx.notify("There is no such role. Usage: /role USER member|admin"),
    };
    cx.request(Request::SetRole { room, username: username.to_owned(), role });
}

/// Opens the confirmation to leave the open group.
pub(in crate::app) fn leave(cx: &mut Context<'_>) {
    let Some(room) = cx.open_room() else { return cx.notify_no_room() };
    if let Some(refusal) = leave_refusal(cx.account, room) {
        return cx.notify(refusal);
    }
    if room.membership.access == Access::NotMember {
        return cx.notify("You are no longer in this group.");
    }
    cx.ui.overlay = Some(Overlay::Question(Question::LeaveGroup(room.info.id.clone())));
}

/// Returns why a room cannot be left, as a sentence for the user; `None` if it can.
///
/// Some services do not tell groups from direct messages. There, a room is certainly a group only if it has not exactly
/// two members. A room of two is left if it has another title than the other person's name, but that person may have
/// been renamed, so the question says that it may be a direct message.
fn leave_refusal(account: &Account, room: &Room) -> Option<&'static str> {
    const DIRECT: &str = "Only groups can be left. /delete-chat deletes this room.";
    match room.info.kind {
        RoomKind::Group => None,
        RoomKind::Unknown if room.info.participants.is_empty() => {
            Some("The members of this room are not known yet. Try again once the room list is loaded.")
        }
        RoomKind::Unknown if account.me.as_ref().is_none_or(|me| room.peer(me).is_none()) => None,
        RoomKind::Unknown => match account.peer(room) {
            None => Some("The other person is not known yet, so this may be a direct message. Try again later."),
            Some(peer) if room.info.title.as_ref() == Some(&peer.info.name) => Some(DIRECT),
            Some(_) => None,
        },
        RoomKind::Direct | RoomKind::Broadcast | RoomKind::Order => Some(DIRECT),
    }
}

/// Renames the open group or broadcast.
pub(in crate::app) fn rename(cx: &mut Context<'_>, title: &str) {
    let titled = |kind| matches!(kind, RoomKind::Group | RoomKind::Broadcast);
    let refusal_text = "Only groups and broadcasts can be renamed.";
    let Some(room) = open_room_of_kind(cx, titled, refusal_text) else { return };
    let kind = cx.account.rooms.get(&room).map(|room| room.info.kind).unwrap_or_default();
    cx.request(Request::Rename { room, kind, title: title.to_owned() });
}

/// Changes the description of the open group.
pub(in crate::app) fn describe(cx: &mut Context<'_>, text: &str) {
    let refusal_text = "Only groups have a description.";
    let Some(room) = open_room_of_kind(cx, |kind| kind == RoomKind::Group, refusal_text) else { return };
    cx.request(Request::SetDescription { room, text: text.to_owned() });
}

/// Gives the open room a name that only the user sees, or removes it.
pub(in crate::app) fn set_nickname(cx: &mut Context<'_>, name: &str) {
    let Some(room) = open_room_of_kind(cx, |_| true, "") else { return };
    cx.request(Request::SetNickname { room, name: name.to_owned() });
}

/// Replaces the picture of the open group or broadcast.
pub(in crate::app) fn set_picture(cx: &mut Context<'_>, path: String) {
    let pictured = |kind| matches!(kind, RoomKind::Group | RoomKind::Broadcast);
    let refusal_text = "Only groups and broadcasts have a picture of their own. /picture changes yours.";
    let Some(room) = open_room_of_kind(cx, pictured, refusal_text) else { return };
    files::set_room_picture(cx, room, path);
}

/// Returns the open room if its kind fits; otherwise shows a notice with the reason.
fn open_room_of_kind(cx: &mut Context<'_>, fits: impl Fn(RoomKind) -> bool, refusal_text: &str) -> Option<RoomId> {
    match cx.open_room().map(|room| (room.info.id.clone(), room.info.kind)) {
        Some((id, kind)) if fits(kind) => return Some(id),
        Some(_) => cx.notify(refusal_text),
        None => cx.notify_no_room(),
    }
    None
}

/// Returns whether an action on the chosen member of a list is possible, as far as is known.
pub(in crate::app) fn can_change_chosen(scene: Scene<'_>, list: &List, action: Action) -> bool {
    let chosen = chosen_member(scene, list);
    chosen.is_some_and(|(room, member)| rejection(scene.account, room, member, action).is_none())
}

/// Promotes, demotes or removes the chosen member of the list on screen.
pub(in crate::app) fn change_chosen(cx: &mut Context<'_>, action: Action) {
    let Some(Overlay::List(list)) = &cx.ui.overlay else { return };
    let Some((room, member)) = chosen_member(cx.scene(), list) else { return };
    if let Some(reason) = rejection(cx.account, room, member, action) {
        return cx.notify(reason);
    }
    let (id, kind) = (room.info.id.clone(), room.info.kind);
    let username = member.person.username.to_string();
    let identifies_by_username = cx.account.capabilities.is_some_and(|can| can.identifies_by_username);
    let person = Some(member.person.id.clone()).filter(|_| !identifies_by_username);
    if action == Action::MemberRemove {
        // The list of members is opened again after the question has been answered.
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

/// Returns the chosen member of a list and their room.
fn chosen_member<'a>(scene: Scene<'a>, list: &'a List) -> Option<(&'a Room, &'a Member)> {
    let ListKind::Members(room) = &list.kind else { return None };
    let ListTarget::Member(member) = &list.chosen()?.target else { return None };
    Some((scene.account.rooms.get(room)?, member))
}

/// Returns the reason why an action on a member is not possible, as a sentence for the user; `None` if nothing known
/// prevents it.
fn rejection(account: &Account, room: &Room, member: &Member, action: Action) -> Option<&'static str> {
    let mine = room.membership.role;
    Some(match action {
        _ if account.is_me(&member.person.id) => "This is you. Type /leave to leave the group.",
        _ if mine.is_some_and(|role| role < MemberRole::Admin) => "Only admins can manage the members of this group.",
        _ if room.membership.access == Access::NotMember => "You are no longer in this group.",
        _ if member.role == Some(MemberRole::Owner) => "The owner of a group cannot be changed.",
        Action::MemberRemove => return None,
        _ if member.role.is_none() => "This room has no roles.",
        Action::MemberPromote if member.role == Some(MemberRole::Admin) => "This member is already an admin.",
        Action::MemberDemote if member.role == Some(MemberRole::Member) => "This member is not an admin.",
        _ => return None,
    })
}
