//! Who is in a room with which rights, and how we stand in it.

use crate::app::features::membership::on_members_changed;
use crate::app::features::missing_rooms;
use crate::app::features::notes::add_note;
use crate::app::features::rooms::{discovery, open};
use crate::app::features::{drafts, lists, membership};
use crate::app::model::context::{Context, Scene};
use crate::app::overlays::list::{ListKind, ListRow, ListTarget};
use crate::domain::{Access, Member, MemberRole, Membership, PersonId, Request, RoomId};
use crate::text::SafeText;

/// A page of the members of a room, for the list that asked.
pub(in crate::app) fn on_members(cx: &mut Context<'_>, room: &RoomId, page: u32, more: bool, members: Vec<Member>) {
    let mut rows = Vec::with_capacity(members.len());
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
    // That somebody is a mere member is what the list says anyway.
    let role = member.role.filter(|role| *role > MemberRole::Member).map(MemberRole::label);
    let hint: Vec<&str> = you.into_iter().chain(role).collect();
    ListRow {
        text: format!("{} @{}", member.person.name, member.person.username),
        hint: hint.join(", "),
        target: ListTarget::Member(Box::new(member)),
    }
}

/// How we stand in a room.
pub(in crate::app) fn on_membership(cx: &mut Context<'_>, room: &RoomId, membership: Membership) {
    cx.account.room_sync.requested.remove(room);
    missing_rooms::is_confirmed(cx, room, None);
    let Some(known) = cx.account.rooms.get_mut(room).filter(|room| !room.is_deleted()) else { return };
    let back = known.membership.access == Access::NotMember && membership.access != Access::NotMember;
    known.membership = membership;
    if back {
        // What was said meanwhile was not taken.
        known.mark_stale();
        discovery::request_unknown(cx, room.clone());
    }
    drafts::sync_draft(cx);
}

/// Somebody blocked somebody. Both sides are told the same, so only asking tells who is who.
pub(in crate::app) fn on_block_changed(cx: &mut Context<'_>, room: &RoomId) {
    // Any other room is asked about when it is opened.
    if cx.ui.open.as_ref() == Some(room) {
        membership::request_membership(cx.account, room, cx.effects);
    }
}

/// Somebody was thrown out of a group.
pub(in crate::app) fn on_kicked(cx: &mut Context<'_>, room: &RoomId, person: &PersonId) {
    if cx.account.is_me(person) {
        return out(cx, room, "You were removed from");
    }
    on_members_changed(cx, room);
    let name = cx.account.name_of(person).to_owned();
    let Some(known) = cx.account.rooms.get_mut(room) else { return };
    let members = known.info.participants.len();
    known.info.participants.retain(|other| other != person);
    // A service that does not tell who is in a room tells of their going by a message in it.
    if known.info.participants.len() < members {
        add_note(cx, room, &format!("{name} was removed"));
    }
}

/// We are not in a group any more. It stays, to be read.
fn out(cx: &mut Context<'_>, id: &RoomId, how: &str) {
    let Some(room) = cx.account.rooms.get_mut(id) else { return };
    let title = room.info.title.to_string();
    room.membership = Membership { access: Access::NotMember, ..Membership::default() };
    room.typing.clear();
    let told = room.info.participants.is_empty();
    cx.notify(format!("{how} {title}."));
    // A service that does not tell who is in a room tells of our going by a message in it.
    if !told {
        add_note(cx, id, &format!("{how} {title}."));
    }
    drafts::sync_draft(cx);
}

/// A change of a room or of who is in it was carried out.
pub(in crate::app) fn on_done(cx: &mut Context<'_>, request: Request) {
    match request {
        Request::SetRole { room, username, role } => {
            let words = if role == MemberRole::Member { "a member" } else { "an admin" };
            cx.notify(format!("{} is now {words}.", called(cx.scene(), &username)));
            on_role(cx, &room, &username, role);
        }
        Request::RemoveMember { room, username, .. } => {
            cx.notify(format!("{} was removed.", called(cx.scene(), &username)));
            if let Some(list) = cx.ui.list_of(&ListKind::Members(room.clone())) {
                list.rows.retain(|row| !is_of(&row.target, &username));
                list.step(0);
            }
            on_members_changed(cx, &room);
        }
        Request::AddMember { room, username, .. } => {
            cx.notify(format!("{} was added.", called(cx.scene(), &username)));
            on_members_changed(cx, &room);
        }
        Request::Rename { room, title, .. } => {
            let title = SafeText::line(&title);
            cx.notify(format!("Renamed to {title}."));
            if let Some(room) = cx.account.rooms.get_mut(&room) {
                room.info.title = title;
            }
        }
        Request::LeaveGroup { room } => out(cx, &room, "You left"),
        Request::Mute { room, on } => {
            let Some(room) = cx.account.rooms.get_mut(&room) else { return };
            room.info.muted = on;
            let what = if on { "is muted. /unmute unmutes it." } else { "is no longer muted." };
            let said = format!("{} {what}", room.info.title);
            cx.notify(said);
        }
        Request::Archive { room, on } => on_archived(cx, &room, on),
        Request::Block { username, on } => {
            let what = if on { "is blocked. /unblock unblocks them." } else { "is no longer blocked." };
            cx.notify(format!("{} {what}", called(cx.scene(), &username)));
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

/// A member has another role: the list says so at once, where it stands.
fn on_role(cx: &mut Context<'_>, room: &RoomId, username: &str, role: MemberRole) {
    let kind = ListKind::Members(room.clone());
    let at = cx.ui.list_of(&kind).and_then(|list| list.rows.iter().position(|row| is_of(&row.target, username)));
    let Some(at) = at else { return };
    let target = cx.ui.list_of(&kind).map(|list| list.rows[at].target.clone());
    if let Some(ListTarget::Member(member)) = target {
        let changed = row(cx.scene(), Member { role: Some(role), ..*member });
        if let Some(list) = cx.ui.list_of(&kind) {
            list.rows[at] = changed;
        }
    }
}

/// A room was put away, or taken back.
fn on_archived(cx: &mut Context<'_>, id: &RoomId, away: bool) {
    let Some(room) = cx.account.rooms.get_mut(id) else {
        // Not known here: only the list can tell what became of it.
        return open::request_list(cx);
    };
    room.info.archived = away;
    let title = room.info.title.to_string();
    if !away {
        cx.account.rooms.reposition(id);
        return cx.notify(format!("{title} is no longer archived."));
    }
    if cx.ui.open.as_ref() == Some(id) {
        open::close(cx);
    } else {
        cx.account.rooms.hide_archived(id);
    }
    if cx.ui.open.is_none()
        && let Some(next) = cx.account.rooms.ids().first().cloned()
    {
        open::open(cx, &next);
    }
    // Last, since a room that opens clears the line.
    cx.notify(format!("{title} was archived. /archived lists it."));
}

fn is_of(target: &ListTarget, username: &str) -> bool {
    matches!(target, ListTarget::Member(member) if member.person.username.eq_ignore_ascii_case(username))
}

/// What to call somebody of whom only the app's name was used.
fn called(scene: Scene<'_>, username: &str) -> String {
    let known = scene.account.people.identifies_by_username(username);
    known.map_or_else(
        || SafeText::line(username).to_string(),
        |person| scene.account.name_of(&person.info.id).to_owned(),
    )
}
