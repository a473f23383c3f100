//! Members of rooms, their roles, and our own membership.

use crate::app::features::membership::on_members_changed;
use crate::app::features::notes::add_note;
use crate::app::features::rooms::{discovery, open, settings};
use crate::app::features::{drafts, lists, member_list, membership, presence};
use crate::app::model::context::{Context, Scene};
use crate::app::model::room_title::room_title;
use crate::app::overlays::list::{ListKind, ListRow, ListTarget};
use crate::domain::{Member, MemberRole, Membership, PersonId, PersonInfo, Request, RoomAccess, RoomId};
use crate::text::SafeText;

/// Adds a page of members to the list that requested it.
pub(in crate::app) fn on_members(cx: &mut Context<'_>, room: &RoomId, page: u32, more: bool, members: Vec<Member>) {
    let mut rows = Vec::with_capacity(members.len());
    member_list::on_page(cx, room, page, more, &members);
    for member in members {
        cx.account.people.learn(member.person.clone());
        rows.push(row(cx.scene(), member));
    }
    if let Some(list) = cx.ui.list_of(&ListKind::Members(room.clone())) {
        list.take(page, rows, more);
        lists::request_next_page(cx);
    }
}

fn row(scene: Scene<'_>, member: Member) -> ListRow {
    let you = scene.account.is_me(&member.person.id).then_some("you");
    // The plain member role is the default and needs no label.
    let role = member.role.filter(|role| *role > MemberRole::Member).map(MemberRole::label);
    let hint: Vec<&str> = you.into_iter().chain(role).collect();
    ListRow {
        text: member.person.name.to_string(),
        mark: scene.account.people.mark_of(&member.person),
        hint: hint.join(", "),
        target: ListTarget::Member(Box::new(member)),
    }
}

/// Updates our membership of a room.
pub(in crate::app) fn on_membership(cx: &mut Context<'_>, room: &RoomId, membership: Membership) {
    let was_closed = cx.is_closed();
    cx.account.room_sync.requested.remove(room);
    let is_outdated = cx.account.room_sync.on_membership_answer(room);
    let Some(known) = cx.account.rooms.get_mut(room).filter(|room| !room.is_deleted()) else { return };
    if is_outdated && known.membership.access == RoomAccess::NotMember {
        return;
    }
    let has_returned = known.membership.access == RoomAccess::NotMember && membership.access != RoomAccess::NotMember;
    known.membership = membership;
    if has_returned {
        // Messages that arrived while we were not a member were not applied.
        known.mark_stale();
        discovery::request_unknown(cx, room.clone());
    }
    if cx.ui.open.as_ref() == Some(room) {
        presence::schedule_online_count(cx);
    }
    if was_closed && !cx.is_closed() {
        // It may say that the room is read-only.
        cx.dismiss_notice();
    }
    drafts::sync_draft(cx);
}

/// Handles a block between us and another person. Both sides receive the same event, so the membership is requested to
/// find out who blocked whom.
pub(in crate::app) fn on_block_changed(cx: &mut Context<'_>, room: &RoomId) {
    // The membership of other rooms is requested when they are opened.
    if cx.ui.open.as_ref() == Some(room) {
        membership::request_membership(cx.account, room, cx.effects);
    }
}

/// Handles the removal of a member, possibly ourselves, from a group.
pub(in crate::app) fn on_kicked(cx: &mut Context<'_>, room: &RoomId, person: &PersonId) {
    if cx.account.is_me(person) {
        return mark_not_member(cx, room, "You were removed from");
    }
    on_members_changed(cx, room);
    let name = cx.account.label_of(person).to_string();
    let Some(known) = cx.account.rooms.get_mut(room) else { return };
    let members = known.info.participants.len();
    known.info.participants.retain(|other| other != person);
    // A service that does not list participants announces the removal by a message in the room instead.
    if known.info.participants.len() < members {
        add_note(cx, room, &format!("{name} was removed"));
    }
}

/// Handles the refusal of a message because we are not in its room. Nothing else tells of our removal on services that
/// do not announce it to those who were removed.
pub(in crate::app) fn on_not_member(cx: &mut Context<'_>, room: &RoomId) {
    let is_news = cx.account.rooms.get(room).is_some_and(|room| room.membership.access != RoomAccess::NotMember);
    if is_news {
        mark_not_member(cx, room, "You are no longer in");
    }
}

/// Records that we are no longer a member of a group, which stays readable. `how` begins the sentence for the user.
fn mark_not_member(cx: &mut Context<'_>, id: &RoomId, how: &str) {
    let Some(room) = cx.account.rooms.get_mut(id) else { return };
    let title = room_title(room).to_owned();
    cx.account.room_sync.on_removed(id);
    room.membership = Membership { access: RoomAccess::NotMember, ..Membership::default() };
    room.typing.clear();
    let is_announced = room.info.participants.is_empty();
    room.info.participants.retain(|other| Some(other) != cx.account.me.as_ref());
    cx.notify(format!("{how} {title}."));
    // A service that does not list participants announces it by a message in the room instead.
    if !is_announced {
        add_note(cx, id, &format!("{how} {title}."));
    }
    drafts::sync_draft(cx);
}

/// Handles a completed change of a room or its members.
pub(in crate::app) fn on_done(cx: &mut Context<'_>, request: Request) {
    match request {
        Request::SetRole { room, username, role } => {
            let words = if role == MemberRole::Member { "a member" } else { "an admin" };
            cx.notify(format!("{} is now {words}.", display_name(cx.scene(), &username)));
            on_role(cx, &room, &username, role);
        }
        Request::RemoveMember { room, username, .. } => {
            cx.notify(format!("{} was removed.", display_name(cx.scene(), &username)));
            if let Some(list) = cx.ui.list_of(&ListKind::Members(room.clone())) {
                list.change_rows(|rows| rows.retain(|row| !is_row_of(&row.target, &username)));
            }
            on_members_changed(cx, &room);
        }
        Request::AddMember { room, username, .. } => {
            cx.notify(format!("{} was added.", display_name(cx.scene(), &username)));
            on_members_changed(cx, &room);
        }
        Request::Rename { room, title, .. } => {
            let title = SafeText::line(&title);
            cx.notify(format!("Renamed to {title}."));
            if let Some(room) = cx.account.rooms.get_mut(&room) {
                room.info.title = Some(title);
            }
        }
        Request::SetDescription { room, text } => {
            cx.notify("The description was changed.");
            if let Some(room) = cx.account.rooms.get_mut(&room) {
                room.membership.description = Some(SafeText::line(&text));
            }
        }
        Request::SetNickname { room, name } => {
            let Some(room) = cx.account.rooms.get_mut(&room) else { return };
            let nickname = Some(SafeText::line(&name)).filter(|_| !name.is_empty());
            let had_nickname = std::mem::replace(&mut room.info.nickname, nickname).is_some();
            room.dirty = true;
            let title = room_title(room).to_owned();
            cx.notify(match name.is_empty() {
                false => format!("Your name for this room is now {title}."),
                true if had_nickname => format!("This room has its own title again: {title}."),
                true => format!("You have no name of your own for {title}."),
            });
        }
        Request::ClearCalls => {
            cx.notify("The list of past calls was cleared.");
            lists::refresh(cx, &ListKind::Calls);
        }
        Request::SetName { name } => {
            let name = SafeText::line(&name);
            let next_start = if cx.account.profile.sets_name {
                " --name or the profile sets it again at the next start."
            } else {
                ""
            };
            cx.notify(format!("Your name is now {name}.{next_start}"));
            let me = cx.account.me.as_ref().and_then(|me| cx.account.people.get(me));
            if let Some(info) = me.map(|me| PersonInfo { name, ..me.info.clone() }) {
                cx.account.people.rename_user(info);
            }
        }
        Request::SetPicture { .. } => cx.notify("Your picture was changed."),
        Request::SetRoomPicture { room, .. } => {
            let title = cx.account.rooms.get(&room).map(|room| room_title(room).to_owned()).unwrap_or_default();
            cx.notify(format!("The picture of {title} was changed."));
            // The info about the room shows the picture's address.
            cx.request(Request::Room { room });
        }
        Request::LeaveGroup { room } => mark_not_member(cx, &room, "You left"),
        Request::Mute { room, on } => {
            let Some(muted) = cx.account.rooms.get_mut(&room) else { return };
            muted.info.muted = on;
            // This one has no end.
            (muted.info.settings.muted, muted.info.settings.muted_until) = (false, None);
            settings::on_muted(cx, &room, on);
        }
        Request::Archive { room, on } => on_archived(cx, &room, on),
        Request::Block { username, on } => {
            let what = if on { "is blocked. /unblock unblocks them." } else { "is no longer blocked." };
            cx.notify(format!("{} {what}", display_name(cx.scene(), &username)));
            let open = cx.open_room().filter(|room| {
                cx.account.peer(room).is_some_and(|peer| peer.info.username.eq_ignore_ascii_case(&username))
            });
            if let Some(id) = open.map(|room| room.info.id.clone()) {
                membership::request_membership(cx.account, &id, cx.effects);
            }
        }
        _ => {}
    }
}

/// Updates a member's role in place in the open list.
fn on_role(cx: &mut Context<'_>, room: &RoomId, username: &str, role: MemberRole) {
    let kind = ListKind::Members(room.clone());
    let at = cx.ui.list_of(&kind).and_then(|list| list.rows.iter().position(|row| is_row_of(&row.target, username)));
    let Some(at) = at else { return };
    let target = cx.ui.list_of(&kind).map(|list| list.rows[at].target.clone());
    if let Some(ListTarget::Member(member)) = target {
        let changed = row(cx.scene(), Member { role: Some(role), ..*member });
        if let Some(list) = cx.ui.list_of(&kind) {
            list.change_rows(|rows| rows[at] = changed);
        }
    }
}

/// Applies the archiving or unarchiving of a room.
fn on_archived(cx: &mut Context<'_>, id: &RoomId, archived: bool) {
    let Some(room) = cx.account.rooms.get_mut(id) else {
        // The room is unknown, so the list is reloaded.
        return open::request_list(cx);
    };
    room.info.archived = archived;
    settings::on_archived(cx, id, archived);
}

fn is_row_of(target: &ListTarget, username: &str) -> bool {
    matches!(target, ListTarget::Member(member) if member.person.username.eq_ignore_ascii_case(username))
}

/// Returns the display name of the person with this user name, or the user name if the person is unknown.
fn display_name(scene: Scene<'_>, username: &str) -> String {
    let known = scene.account.people.find_by_username(username);
    known.map_or_else(
        || SafeText::line(username).to_string(),
        |person| scene.account.label_of(&person.info.id).to_string(),
    )
}
