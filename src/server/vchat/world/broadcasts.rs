//! Broadcasts (§2.5): rooms with their creator as the only member, whose messages are copied to each recipient.

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::server::clock::rfc3339;
use crate::server::vchat::error::{ApiError, ApiResult};
use crate::server::vchat::model::{Actor, Id, Role, Room, RoomKind};
use crate::server::vchat::wire;

use super::groups::{InfoMessage, NewRoom};
use super::listing::{ListFilter, page};
use super::state::World;

/// Maximum number of recipients of a broadcast. The notes state no limit; a server in memory needs one.
const MAX_RECIPIENTS: usize = 512;

impl World {
    /// Row 48: creates a broadcast.
    pub(crate) fn create_broadcast(&mut self, now: Timestamp, actor: &Actor, new: NewRoom) -> ApiResult<Value> {
        if new.title.trim().is_empty() {
            return Err(ApiError::bad_request("broadcastName should not be empty"));
        }
        self.other_users(&actor.user, &new.identifiers)?;
        self.reserve_room(1 + new.identifiers.len())?;
        let mut room = self.new_room(now, RoomKind::Broadcast, &actor.user);
        room.title = new.title;
        room.image = new.image.unwrap_or(room.image);
        room.members.push(self.new_member(now, &actor.user, Role::SuperAdmin, false));
        let id = self.open_room(room);
        self.add_recipients(now, actor, &id, &new.identifiers)?;
        self.room_for(&actor.user, &id)
    }

    fn broadcast_mut(&mut self, actor: &Actor, id: &str) -> ApiResult<&mut Room> {
        self.room_of_kind_mut(RoomKind::Broadcast, &actor.user, id)
    }

    /// Row 51: adds recipients. They cannot see the room of the broadcast, so each receives an info message in their
    /// direct room with the creator. Users with a ban are added without one.
    pub(crate) fn add_recipients(
        &mut self,
        now: Timestamp,
        actor: &Actor,
        id: &str,
        identifiers: &[String],
    ) -> ApiResult<Value> {
        self.broadcast_mut(actor, id)?;
        let mut new = self.other_users(&actor.user, identifiers)?;
        let room = self.broadcast_mut(actor, id)?;
        new.retain(|user| room.recipients.iter().all(|(known, _)| known != user));
        if room.recipients.len() + new.len() > MAX_RECIPIENTS {
            return Err(ApiError::bad_request(format!("A broadcast has at most {MAX_RECIPIENTS} members")));
        }
        room.recipients.extend(new.iter().map(|user| (user.clone(), now)));
        let title = room.title.clone();
        for user in new {
            if !self.is_banned(&actor.user, &user) {
                let single = self.single_room(now, &actor.user, &user)?;
                let info = InfoMessage { action: "addToBroadcast", name: &title, id };
                self.send_info(now, actor, &single, &info)?;
            }
        }
        Ok("Members added".into())
    }

    /// Row 49: returns the number of recipients and the settings.
    pub(crate) fn broadcast_info(&mut self, actor: &Actor, id: &str) -> ApiResult<Value> {
        let room = self.broadcast_mut(actor, id)?;
        let settings = json!({ "cId": room.creator, "createdAt": rfc3339(room.created_at) });
        Ok(json!({ "totalUsers": room.recipients.len(), "broadcastSettings": settings }))
    }

    /// Row 50: lists the recipients.
    pub(crate) fn recipients(&mut self, actor: &Actor, id: &str, filter: &ListFilter) -> ApiResult<Value> {
        let recipients = self.broadcast_mut(actor, id)?.recipients.clone();
        let listed = recipients.iter().filter_map(|(user, since)| Some((self.listed_user(user, filter)?, *since)));
        let listed: Vec<_> = listed.collect();
        Ok(page(
            &listed,
            filter.page,
            filter.user_limit(),
            |(user, since)| json!({ "userData": wire::user(user), "createdAt": rfc3339(*since) }),
        ))
    }

    /// Row 52: removes a recipient. The SDK sends the literal `{peerId}` instead of an identifier, which matches nobody
    /// and fails with 404.
    pub(crate) fn remove_recipient(&mut self, actor: &Actor, id: &str, identifier: &str) -> ApiResult<Value> {
        self.broadcast_mut(actor, id)?;
        let not_found = || ApiError::not_found("The user is not a member of the broadcast");
        let user = self.user_by_identifier(identifier).map_err(|_| not_found())?.id.clone();
        let recipients = &mut self.broadcast_mut(actor, id)?.recipients;
        let before = recipients.len();
        recipients.retain(|(known, _)| *known != user);
        if recipients.len() == before { Err(not_found()) } else { Ok("Member removed".into()) }
    }

    /// Row 55: lists the users who could be added.
    pub(crate) fn addable_recipients(&mut self, actor: &Actor, id: &str, filter: &ListFilter) -> ApiResult<Value> {
        let known: Vec<Id> = self.broadcast_mut(actor, id)?.recipients.iter().map(|(user, _)| user.clone()).collect();
        Ok(self.users_except(actor, &known, filter))
    }
}
