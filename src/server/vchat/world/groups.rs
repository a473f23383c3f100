//! Groups (§2.4): who may change what, and the info messages that announce changes.

use serde_json::{Map, Value, json};

use crate::domain::Timestamp;
use crate::server::clock::rfc3339;
use crate::server::vchat::effect::Target;
use crate::server::vchat::error::{ApiError, ApiResult};
use crate::server::vchat::model::{Actor, Id, Member, MessageKind, Role, Room, RoomKind};
use crate::server::vchat::wire;

use super::listing::{ListFilter, page};
use super::state::World;

/// Maximum number of members of a group.
const MAX_MEMBERS: usize = 512;

/// A group or broadcast to be created.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewRoom {
    /// `identifiers`: the other members, or the recipients.
    pub(crate) identifiers: Vec<String>,
    /// `groupName` or `broadcastName`.
    pub(crate) title: String,
    /// URL of the image.
    pub(crate) image: Option<String>,
    /// `groupDescription`, which the sibling accepts.
    pub(crate) description: Option<String>,
    /// `extraData`, which the sibling accepts.
    pub(crate) extra: Option<Map<String, Value>>,
}

/// Content of an info message (§8.2): the action, and the name and id of its target.
pub(super) struct InfoMessage<'a> {
    pub(super) action: &'static str,
    pub(super) name: &'a str,
    pub(super) id: &'a str,
}

impl World {
    /// Row 34: creates a group, with the user as its superAdmin.
    pub(crate) fn create_group(&mut self, now: Timestamp, actor: &Actor, new: NewRoom) -> ApiResult<Value> {
        if new.title.trim().is_empty() {
            return Err(ApiError::bad_request("groupName should not be empty"));
        }
        let others = self.other_users(&actor.user, &new.identifiers)?;
        if others.len() >= MAX_MEMBERS {
            return Err(ApiError::bad_request(format!("A group has at most {MAX_MEMBERS} members")));
        }
        self.reserve_room(1 + others.len())?;
        let mut room = self.new_room(now, RoomKind::Group, &actor.user);
        room.title.clone_from(&new.title);
        room.image = new.image.unwrap_or(room.image);
        (room.description, room.extra) = (new.description, new.extra);
        room.members.push(self.new_member(now, &actor.user, Role::SuperAdmin, false));
        for user in &others {
            room.members.push(self.new_member(now, user, Role::Member, false));
        }
        let id = self.open_room(room);
        self.send_info(now, actor, &id, &InfoMessage { action: "createGroup", name: &new.title, id: &id })?;
        self.room_for(&actor.user, &id)
    }

    /// Sends an info message to a room. The English text is taken from the notes; clients show texts of their own.
    pub(super) fn send_info(
        &mut self,
        now: Timestamp,
        actor: &Actor,
        room: &str,
        info: &InfoMessage<'_>,
    ) -> ApiResult<()> {
        let admin = self.user(&actor.user)?.display_name().to_owned();
        let name = info.name;
        let text = match info.action {
            "updateTitle" => format!("{admin} Update title to {name}"),
            "updateImage" => format!("{admin} Update image"),
            "addGroupMember" => format!("{name} joined by {admin}"),
            "upAdmin" => format!("{name} promoted to admin by {admin}"),
            "downMember" => format!("{name} dismissed to member by {admin}"),
            "leave" => format!("{name} left the group"),
            "kick" => format!("{name} kicked by {admin}"),
            "addToBroadcast" => format!("{admin} added you to new broadcast {name}"),
            _ => format!("Group created by {admin}"),
        };
        let mut message = self.new_message(now, actor, room, MessageKind::Info, text)?;
        message.attachment =
            json!({ "action": info.action, "targetName": name, "targetId": info.id, "adminName": admin });
        self.store_message(message).map(drop)
    }

    fn group_mut(&mut self, user: &str, id: &str) -> ApiResult<&mut Room> {
        self.room_of_kind_mut(RoomKind::Group, user, id)
    }

    /// Returns a group in which the user is an admin.
    fn admin_group_mut(&mut self, actor: &Actor, id: &str) -> ApiResult<&mut Room> {
        let room = self.group_mut(&actor.user, id)?;
        let role = room.member(&actor.user).map(|member| member.role);
        if role >= Some(Role::Admin) {
            Ok(room)
        } else {
            Err(ApiError::forbidden("This requires an admin of the group"))
        }
    }

    /// Row 35: returns a group's counts and settings. A former member gets a response with `isMeOut`.
    pub(crate) fn group_info(&mut self, actor: &Actor, id: &str) -> ApiResult<Value> {
        if self.rooms.get(id).is_some_and(|room| room.kind == RoomKind::Group && room.member(&actor.user).is_none()) {
            return Ok(json!({
                "isMeOut": true,
                "membersCount": 0,
                "totalOnline": 0,
                "myRole": Role::Member.name(),
                "groupSettings": null,
            }));
        }
        self.group_mut(&actor.user, id)?;
        let room = self.member_room(&actor.user, id)?;
        let online = room.members.iter().filter(|member| self.is_online(&member.user)).count();
        let mut settings = json!({ "cId": room.creator, "createdAt": rfc3339(room.created_at), "pinMsg": null });
        settings["desc"] = room.description.clone().into();
        settings["extraData"] = room.extra.clone().map_or(Value::Null, Value::Object);
        Ok(json!({
            "isMeOut": false,
            "membersCount": room.members.len(),
            "totalOnline": online,
            "myRole": room.member(&actor.user).map_or(Role::Member, |member| member.role).name(),
            "groupSettings": settings,
        }))
    }

    /// Row 36: returns whether the user is not a member of a group.
    pub(crate) fn group_status(&self, actor: &Actor, id: &str) -> ApiResult<Value> {
        let room = self.rooms.get(id).filter(|room| room.kind == RoomKind::Group);
        let room = room.ok_or_else(|| ApiError::not_found("Group not found"))?;
        Ok(json!({ "isMeOut": room.member(&actor.user).is_none() }))
    }

    /// Row 37: lists the members of any room. Clients use this path for order rooms too (§2.6).
    pub(crate) fn members(&self, actor: &Actor, id: &str, filter: &ListFilter) -> ApiResult<Value> {
        let room = self.member_room(&actor.user, id)?;
        let listed =
            room.members.iter().filter_map(|member| Some((self.listed_user(&member.user, filter)?, member.role)));
        let listed: Vec<_> = listed.collect();
        Ok(page(
            &listed,
            filter.page,
            filter.user_limit(),
            |(user, role)| json!({ "userData": wire::user(user), "gR": role.name() }),
        ))
    }

    /// Row 38: adds members. Users who are members already are skipped.
    pub(crate) fn add_members(
        &mut self,
        now: Timestamp,
        actor: &Actor,
        id: &str,
        identifiers: &[String],
    ) -> ApiResult<Value> {
        self.admin_group_mut(actor, id)?;
        let mut new = self.other_users(&actor.user, identifiers)?;
        let room = self.member_room(&actor.user, id)?;
        new.retain(|user| room.member(user).is_none());
        if room.members.len() + new.len() > MAX_MEMBERS {
            return Err(ApiError::bad_request(format!("A group has at most {MAX_MEMBERS} members")));
        }
        for user in new {
            let member = self.new_member(now, &user, Role::Member, false);
            self.group_mut(&actor.user, id)?.members.push(member);
            self.join(&user, id);
            let name = self.user(&user)?.display_name().to_owned();
            let info = InfoMessage { action: "addGroupMember", name: &name, id: &user };
            self.send_info(now, actor, id, &info)?;
        }
        Ok("Members added".into())
    }

    /// Returns a member whom the user, an admin, may change: anyone but themselves and a superAdmin.
    fn changeable_member(&mut self, actor: &Actor, id: &str, identifier: &str) -> ApiResult<Member> {
        self.admin_group_mut(actor, id)?;
        let user = self.user_by_identifier(identifier)?.id.clone();
        let member = self.member_room(&actor.user, id)?.member(&user).cloned();
        let member = member.ok_or_else(|| ApiError::not_found("The user is not a member of the group"))?;
        if user == actor.user {
            return Err(ApiError::forbidden("You can not do that to yourself"));
        }
        if member.role == Role::SuperAdmin {
            return Err(ApiError::forbidden("Nobody may do that to a superAdmin"));
        }
        Ok(member)
    }

    /// Row 39: changes the role of a member. Nobody can become a superAdmin: a group has one until they leave.
    pub(crate) fn set_role(
        &mut self,
        now: Timestamp,
        actor: &Actor,
        id: &str,
        identifier: &str,
        role: &str,
    ) -> ApiResult<Value> {
        let role = Role::from_name(role).ok_or_else(|| {
            ApiError::bad_request("role must be one of the following values: member, admin, superAdmin")
        })?;
        let member = self.changeable_member(actor, id, identifier)?;
        if role == Role::SuperAdmin {
            return Err(ApiError::forbidden("A group has one superAdmin"));
        }
        if member.role == role {
            return Ok("Role updated".into());
        }
        if let Some(stored) = self.group_mut(&actor.user, id)?.member_mut(&member.user) {
            stored.role = role;
        }
        let action = if role == Role::Admin { "upAdmin" } else { "downMember" };
        let name = self.user(&member.user)?.display_name().to_owned();
        self.send_info(now, actor, id, &InfoMessage { action, name: &name, id: &member.user })?;
        Ok("Role updated".into())
    }

    /// Row 40: removes a member. They still receive the events about it, because their sockets leave last.
    pub(crate) fn kick(&mut self, now: Timestamp, actor: &Actor, id: &str, identifier: &str) -> ApiResult<Value> {
        let member = self.changeable_member(actor, id, identifier)?;
        let payload = json!({ "roomId": id, "userId": member.user });
        self.emit(Target::Room(id.to_owned()), "v1OnKickGroupMember", payload);
        let name = self.user(&member.user)?.display_name().to_owned();
        self.send_info(now, actor, id, &InfoMessage { action: "kick", name: &name, id: &member.user })?;
        self.group_mut(&actor.user, id)?.members.retain(|stored| stored.user != member.user);
        self.leave(&member.user, id);
        Ok("Member kicked".into())
    }

    /// Row 41: leaves a group. A superAdmin is succeeded by an admin, or else by the member who joined first. The last
    /// member to leave deletes the group.
    pub(crate) fn leave_group(&mut self, now: Timestamp, actor: &Actor, id: &str) -> ApiResult<Value> {
        self.group_mut(&actor.user, id)?;
        let name = self.user(&actor.user)?.display_name().to_owned();
        self.send_info(now, actor, id, &InfoMessage { action: "leave", name: &name, id: &actor.user })?;
        let room = self.group_mut(&actor.user, id)?;
        let was_super_admin = room.member(&actor.user).is_some_and(|member| member.role == Role::SuperAdmin);
        room.members.retain(|member| member.user != actor.user);
        if was_super_admin {
            let successor = room.members.iter().position(|member| member.role == Role::Admin).unwrap_or(0);
            if let Some(successor) = room.members.get_mut(successor) {
                successor.role = Role::SuperAdmin;
            }
        }
        let is_empty = room.members.is_empty();
        self.leave(&actor.user, id);
        if is_empty && let Some(room) = self.rooms.remove(id) {
            for message in &room.messages {
                self.messages_by_local_id.remove(&message.local_id);
            }
        }
        Ok("You left the group".into())
    }

    /// Rows 42 and 53: sets the title. Any member of a group may do so.
    pub(crate) fn set_title(
        &mut self,
        now: Timestamp,
        actor: &Actor,
        kind: RoomKind,
        id: &str,
        title: &str,
    ) -> ApiResult<Value> {
        title.clone_into(&mut self.room_of_kind_mut(kind, &actor.user, id)?.title);
        self.send_info(now, actor, id, &InfoMessage { action: "updateTitle", name: title, id })?;
        Ok("Title updated".into())
    }

    /// Rows 45 and 54: sets the image and returns its URL. Any member of a group may do so.
    pub(crate) fn set_room_image(
        &mut self,
        now: Timestamp,
        actor: &Actor,
        kind: RoomKind,
        id: &str,
        url: &str,
    ) -> ApiResult<Value> {
        url.clone_into(&mut self.room_of_kind_mut(kind, &actor.user, id)?.image);
        self.send_info(now, actor, id, &InfoMessage { action: "updateImage", name: url, id })?;
        Ok(url.into())
    }

    /// Row 43: sets the description, without an info message.
    pub(crate) fn set_description(&mut self, actor: &Actor, id: &str, text: &str) -> ApiResult<Value> {
        self.group_mut(&actor.user, id)?.description = Some(text.to_owned());
        Ok("Description updated".into())
    }

    /// Row 44: sets the extra data, without an info message.
    pub(crate) fn set_extra_data(&mut self, actor: &Actor, id: &str, extra: Map<String, Value>) -> ApiResult<Value> {
        self.group_mut(&actor.user, id)?.extra = Some(extra);
        Ok("Extra data updated".into())
    }

    /// Row 46: lists the users whom an admin could add.
    pub(crate) fn addable_members(&mut self, actor: &Actor, id: &str, filter: &ListFilter) -> ApiResult<Value> {
        let room = self.admin_group_mut(actor, id)?;
        let known: Vec<Id> = room.members.iter().map(|member| member.user.clone()).collect();
        Ok(self.users_except(actor, &known, filter))
    }
}
