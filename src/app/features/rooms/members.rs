//! Roles of members, and actions on listed members.

use crate::app::features::rooms::open_room::open_room_of_kind;
use crate::app::model::account::Account;
use crate::app::model::context::{Context, Scene};
use crate::app::overlays::list::{List, ListKind, ListTarget};
use crate::app::overlays::overlay::Overlay;
use crate::app::overlays::question::Question;
use crate::domain::{Member, MemberRole, Request, Room, RoomAccess, RoomKind};
use crate::input::Action;

/// Changes the role of a member of the open group.
pub(in crate::app) fn set_role(cx: &mut Context<'_>, username: &str, role: &str) {
    let Some(room) = open_room_of_kind(cx, |kind| kind == RoomKind::Group, "Only groups have roles.") else { return };
    let role = match role {
        "member" => MemberRole::Member,
        "admin" => MemberRole::Admin,
        "owner" => return cx.refuse("The owner of a group cannot be changed. Choose member or admin."),
        _ => return cx.refuse("There is no such role. Usage: /role USER member|admin"),
    };
    cx.request(Request::SetRole { room, username: username.to_owned(), role });
}

/// Returns whether an action on the selected member of a list is possible, as far as is known.
pub(in crate::app) fn can_change_selected(scene: Scene<'_>, list: &List, action: Action) -> bool {
    let selected = selected_member(scene, list);
    selected.is_some_and(|(room, member)| rejection(scene.account, room, member, action).is_none())
}

/// Promotes, demotes or removes the selected member of the list on screen.
pub(in crate::app) fn change_selected(cx: &mut Context<'_>, action: Action) {
    let Some(Overlay::List(list)) = &cx.ui.overlay else { return };
    let Some((room, member)) = selected_member(cx.scene(), list) else { return };
    if let Some(reason) = rejection(cx.account, room, member, action) {
        return cx.notify(reason);
    }
    let (list, kind) = (Box::new(list.clone()), room.info.kind);
    let (room, username) = (room.info.id.clone(), member.person.username.to_string());
    let identifies_by_username = cx.account.capabilities.is_some_and(|can| can.identifies_by_username);
    let person = Some(member.person.id.clone()).filter(|_| !identifies_by_username);
    let request = match action {
        Action::MemberRemove => Request::RemoveMember { room, kind, person, username },
        Action::MemberPromote => Request::SetRole { room, username, role: MemberRole::Admin },
        _ => Request::SetRole { room, username, role: MemberRole::Member },
    };
    cx.ask(Question::ChangeListedMember(list, Box::new(request)));
}

/// Returns the selected member of a list and their room.
fn selected_member<'a>(scene: Scene<'a>, list: &'a List) -> Option<(&'a Room, &'a Member)> {
    let ListKind::Members(room) = &list.kind else { return None };
    let ListTarget::Member(member) = &list.selected()?.target else { return None };
    Some((scene.account.rooms.get(room)?, member))
}

/// Returns the reason why an action on a member is not possible, as a sentence for the user; `None` if nothing known
/// prevents it.
fn rejection(account: &Account, room: &Room, member: &Member, action: Action) -> Option<&'static str> {
    let mine = room.membership.role;
    Some(match action {
        _ if account.is_me(&member.person.id) => "This is you. Type /leave to leave the group.",
        _ if mine.is_some_and(|role| role < MemberRole::Admin) => "Only admins can manage the members of this group.",
        _ if room.membership.access == RoomAccess::NotMember => "You are no longer in this group.",
        _ if member.role == Some(MemberRole::Owner) => "The owner of a group cannot be changed.",
        Action::MemberRemove => return None,
        _ if member.role.is_none() => "This room has no roles.",
        Action::MemberPromote if member.role == Some(MemberRole::Admin) => "This member is already an admin.",
        Action::MemberDemote if member.role == Some(MemberRole::Member) => "This member is not an admin.",
        _ => return None,
    })
}
