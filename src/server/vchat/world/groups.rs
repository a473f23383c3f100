//! Groups (protocol note §2.4): who may do what to whom, and the info messages that tell of it.

use serde_json::{Map, Value, json};

use crate::domain::Timestamp;
use crate::server::clock::rfc3339;
use crate::server::vchat::model::{Id, Kind, Me, Member, Role, Room, Sort};
use crate::server::vchat::news::To;
use crate::server::vchat::refusal::{Answer, Refusal};
use crate::server::vchat::wire;

use super::listing::{Filter, page};
use super::state::World;

/// Members of a group.
const LARGEST: usize = 512;

/// A group or broadcast to be made.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewRoom {
    /// `identifiers`: who else.
    pub(crate) identifiers: Vec<String>,
    /// `groupName` or `broadcastName`.
    pub(crate) title: String,
    /// The address of its picture.
    pub(crate) image: Option<String>,
    /// `groupDescription`, which the sibling takes.
    pub(crate) description: Option<String>,
    /// `extraData`, which the sibling takes.
    pub(crate) extra: Option<Map<String, Value>>,
}

/// What an info message tells (§8.2): its action, and the target's name and id.
pub(super) struct Info<'a> {
    pub(super) action: &'static str,
    pub(super) name: &'a str,
    pub(super) id: &'a str,
}

impl World {
    /// Row 34. Who makes it is its superAdmin.
    pub(crate) fn create_group(&mut self, now: Timestamp, me: &Me, new: NewRoom) -> Answer<Value> {
        if new.title.trim().is_empty() {
            return Err(Refusal::bad("groupName should not be empty"));
        }
        let others = self.all_named(&me.user, &new.identifiers)?;
        if others.len() >= LARGEST {
            return Err(Refusal::bad(format!("A group has at most {LARGEST} members")));
        }
        self.room_for_room(1 + others.len())?;
        let mut room = self.empty_room(now, Kind::Group, &me.user);
        room.title.clone_from(&new.title);
        room.image = new.image.unwrap_or(room.image);
        (room.description, room.extra) = (new.description, new.extra);
        room.members.push(self.member(now, &me.user, Role::SuperAdmin, false));
        for user in &others {
            room.members.push(self.member(now, user, Role::Member, false));
        }
        let id = self.open(room);
        self.info(now, me, &id, &Info { action: "createGroup", name: &new.title, id: &id })?;
        self.shown(&me.user, &id)
    }

    /// An info message of `me` in a room. Its words are the note's English ones; clients make their own.
    pub(super) fn info(&mut self, now: Timestamp, me: &Me, room: &str, info: &Info<'_>) -> Answer<()> {
        let admin = self.user(&me.user)?.shown().to_owned();
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
        let mut said = self.blank(now, me, room, Sort::Info, text)?;
        said.attachment = json!({ "action": info.action, "targetName": name, "targetId": info.id, "adminName": admin });
        self.store(said).map(drop)
    }

    fn group(&mut self, user: &str, id: &str) -> Answer<&mut Room> {
        self.room_like(Kind::Group, user, id)
    }

    /// A group in which `me` is an admin.
    fn ruled(&mut self, me: &Me, id: &str) -> Answer<&mut Room> {
        let room = self.group(&me.user, id)?;
        let role = room.member(&me.user).map(|member| member.role);
        if role >= Some(Role::Admin) { Ok(room) } else { Err(Refusal::forbidden("Only admins may do that")) }
    }

    /// Row 35. Who was removed gets an answer too: that they are out.
    pub(crate) fn group_info(&mut self, me: &Me, id: &str) -> Answer<Value> {
        if self.rooms.get(id).is_some_and(|room| room.kind == Kind::Group && room.member(&me.user).is_none()) {
            return Ok(json!({
                "isMeOut": true,
                "membersCount": 0,
                "totalOnline": 0,
                "myRole": Role::Member.name(),
                "groupSettings": null,
            }));
        }
        self.group(&me.user, id)?;
        let room = self.room_of(&me.user, id)?;
        let online = room.members.iter().filter(|member| self.is_online(&member.user)).count();
        let mut settings = json!({ "cId": room.creator, "createdAt": rfc3339(room.created_at), "pinMsg": null });
        settings["desc"] = room.description.clone().into();
        settings["extraData"] = room.extra.clone().map_or(Value::Null, Value::Object);
        Ok(json!({
            "isMeOut": false,
            "membersCount": room.members.len(),
            "totalOnline": online,
            "myRole": room.member(&me.user).map_or(Role::Member, |member| member.role).name(),
            "groupSettings": settings,
        }))
    }

    /// Row 36.
    pub(crate) fn group_status(&self, me: &Me, id: &str) -> Answer<Value> {
        let room = self.rooms.get(id).filter(|room| room.kind == Kind::Group);
        let room = room.ok_or_else(|| Refusal::missing("Group not found"))?;
        Ok(json!({ "isMeOut": room.member(&me.user).is_none() }))
    }

    /// Row 37. Of any room: the client asks for an order's members under this path too (§2.6).
    pub(crate) fn members(&self, me: &Me, id: &str, filter: &Filter) -> Answer<Value> {
        let room = self.room_of(&me.user, id)?;
        let shown = room.members.iter().filter_map(|member| {
            let user = self.users.get(&member.user).filter(|user| filter.fits(&[user.shown()]))?;
            Some(json!({ "userData": wire::user(user), "gR": member.role.name() }))
        });
        Ok(page(shown.collect(), filter.page, filter.small()))
    }

    /// Row 38. Who is a member already is passed over.
    pub(crate) fn add_members(&mut self, now: Timestamp, me: &Me, id: &str, identifiers: &[String]) -> Answer<Value> {
        self.ruled(me, id)?;
        let mut new = self.all_named(&me.user, identifiers)?;
        let room = self.room_of(&me.user, id)?;
        new.retain(|user| room.member(user).is_none());
        if room.members.len() + new.len() > LARGEST {
            return Err(Refusal::bad(format!("A group has at most {LARGEST} members")));
        }
        for user in new {
            let member = self.member(now, &user, Role::Member, false);
            self.group(&me.user, id)?.members.push(member);
            self.join(&user, &id.to_owned());
            let name = self.user(&user)?.shown().to_owned();
            self.info(now, me, id, &Info { action: "addGroupMember", name: &name, id: &user })?;
        }
        Ok("Members added".into())
    }

    /// The row of `identifier` in a group that `me` rules: not their own and no superAdmin's.
    fn subject(&mut self, me: &Me, id: &str, identifier: &str) -> Answer<Member> {
        self.ruled(me, id)?;
        let user = self.named(identifier)?.id.clone();
        let member = self.room_of(&me.user, id)?.member(&user).cloned();
        let member = member.ok_or_else(|| Refusal::missing("The user is not a member of the group"))?;
        if user == me.user {
            return Err(Refusal::forbidden("You can not do that to yourself"));
        }
        if member.role == Role::SuperAdmin {
            return Err(Refusal::forbidden("Nobody may do that to a superAdmin"));
        }
        Ok(member)
    }

    /// Row 39. Nobody is made a superAdmin: there is one, until they leave.
    pub(crate) fn set_role(
        &mut self,
        now: Timestamp,
        me: &Me,
        id: &str,
        identifier: &str,
        role: &str,
    ) -> Answer<Value> {
        let role = Role::named(role)
            .ok_or_else(|| Refusal::bad("role must be one of the following values: member, admin, superAdmin"))?;
        let member = self.subject(me, id, identifier)?;
        if role == Role::SuperAdmin {
            return Err(Refusal::forbidden("A group has one superAdmin"));
        }
        if member.role == role {
            return Ok("Role updated".into());
        }
        if let Some(row) = self.group(&me.user, id)?.member_mut(&member.user) {
            row.role = role;
        }
        let action = if role == Role::Admin { "upAdmin" } else { "downMember" };
        let name = self.user(&member.user)?.shown().to_owned();
        self.info(now, me, id, &Info { action, name: &name, id: &member.user })?;
        Ok("Role updated".into())
    }

    /// Row 40. All hear of it, the one who goes included, before their sockets leave.
    pub(crate) fn kick(&mut self, now: Timestamp, me: &Me, id: &str, identifier: &str) -> Answer<Value> {
        let member = self.subject(me, id, identifier)?;
        let kicked = json!({ "roomId": id, "userId": member.user });
        self.tell(To::Room(id.to_owned()), "v1OnKickGroupMember", kicked);
        let name = self.user(&member.user)?.shown().to_owned();
        self.info(now, me, id, &Info { action: "kick", name: &name, id: &member.user })?;
        self.group(&me.user, id)?.members.retain(|row| row.user != member.user);
        self.leave(&member.user, &id.to_owned());
        Ok("Member kicked".into())
    }

    /// Row 41. A superAdmin hands the group on, to an admin if there is one, else to who has been there longest. The
    /// last one to leave ends it.
    pub(crate) fn leave_group(&mut self, now: Timestamp, me: &Me, id: &str) -> Answer<Value> {
        self.group(&me.user, id)?;
        let name = self.user(&me.user)?.shown().to_owned();
        self.info(now, me, id, &Info { action: "leave", name: &name, id: &me.user })?;
        let room = self.group(&me.user, id)?;
        let ruled = room.member(&me.user).is_some_and(|member| member.role == Role::SuperAdmin);
        room.members.retain(|member| member.user != me.user);
        if ruled {
            let heir = room.members.iter().position(|member| member.role == Role::Admin).unwrap_or(0);
            if let Some(heir) = room.members.get_mut(heir) {
                heir.role = Role::SuperAdmin;
            }
        }
        let empty = room.members.is_empty();
        self.leave(&me.user, &id.to_owned());
        if empty && let Some(room) = self.rooms.remove(id) {
            for message in &room.messages {
                self.locals.remove(&message.local);
            }
        }
        Ok("You left the group".into())
    }

    /// Rows 42 and 53. Of a group any member may; a broadcast has but one.
    pub(crate) fn set_title(&mut self, now: Timestamp, me: &Me, kind: Kind, id: &str, title: &str) -> Answer<Value> {
        title.clone_into(&mut self.room_like(kind, &me.user, id)?.title);
        self.info(now, me, id, &Info { action: "updateTitle", name: title, id })?;
        Ok("Title updated".into())
    }

    /// Rows 45 and 54; answers with the address.
    pub(crate) fn set_room_image(&mut self, now: Timestamp, me: &Me, kind: Kind, id: &str, url: &str) -> Answer<Value> {
        url.clone_into(&mut self.room_like(kind, &me.user, id)?.image);
        self.info(now, me, id, &Info { action: "updateImage", name: url, id })?;
        Ok(url.into())
    }

    /// Row 43; no message tells of it.
    pub(crate) fn set_description(&mut self, me: &Me, id: &str, text: &str) -> Answer<Value> {
        self.group(&me.user, id)?.description = Some(text.to_owned());
        Ok("Description updated".into())
    }

    /// Row 44; no message tells of it.
    pub(crate) fn set_extra(&mut self, me: &Me, id: &str, extra: Map<String, Value>) -> Answer<Value> {
        self.group(&me.user, id)?.extra = Some(extra);
        Ok("Extra data updated".into())
    }

    /// Row 46: for admins.
    pub(crate) fn addable(&mut self, me: &Me, id: &str, filter: &Filter) -> Answer<Value> {
        let room = self.ruled(me, id)?;
        let known: Vec<Id> = room.members.iter().map(|member| member.user.clone()).collect();
        Ok(self.people_but(me, &known, filter))
    }

    /// Those who could be added: not among `known`, and no ban between us.
    pub(super) fn people_but(&self, me: &Me, known: &[Id], filter: &Filter) -> Value {
        let others = self.users.values().filter(|user| user.id != me.user && !known.contains(&user.id));
        let others = others.filter(|user| !self.is_banned(&me.user, &user.id) && filter.fits(&[user.shown()]));
        page(others.map(wire::user).collect(), filter.page, filter.small())
    }
}
