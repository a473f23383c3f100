//! Bans between users (§2.1, rows 10 to 12).

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::server::vchat::effect::Target;
use crate::server::vchat::error::{ApiError, ApiResult};
use crate::server::vchat::model::{Actor, Id};

use super::state::World;

impl World {
    /// Whether one of two users has banned the other.
    pub(crate) fn is_banned(&self, one: &str, other: &str) -> bool {
        self.has_banned(one, other) || self.has_banned(other, one)
    }

    pub(super) fn has_banned(&self, user: &str, target: &str) -> bool {
        self.bans.contains(&(user.to_owned(), target.to_owned()))
    }

    fn ban_object(&self, user: &Id, peer: &Id) -> Value {
        let (own, others) = (self.has_banned(user, peer), self.has_banned(peer, user));
        let mut object = json!({ "isMeBanner": own, "isPeerBanner": others });
        let room = self.single_rooms.get(&sorted_pair(user, peer));
        if let (Some(object), Some(room)) = (object.as_object_mut(), room) {
            object.insert("roomId".to_owned(), room.clone().into());
        }
        object
    }

    /// Rows 10 and 11: bans a user, or lifts the ban. Both users receive the same event, from the point of view of the
    /// acting user (§5). The event needs the id of their direct room, which is created if there is none.
    pub(crate) fn set_ban(
        &mut self,
        now: Timestamp,
        actor: &Actor,
        identifier: &str,
        banned: bool,
    ) -> ApiResult<Value> {
        let peer = self.user_by_identifier(identifier)?.id.clone();
        if peer == actor.user {
            return Err(ApiError::bad_request("You can not ban yourself"));
        }
        // The room comes first because creating it fails when the server is full, and then nothing may change.
        let room = self.single_room(now, &actor.user, &peer)?;
        let ban = (actor.user.clone(), peer.clone());
        if banned {
            self.bans.insert(ban);
        } else {
            self.bans.remove(&ban);
        }
        let payload = self.ban_object(&actor.user, &peer);
        self.emit(Target::Room(room), "v1OnBanUserChat", payload);
        Ok(if banned { "User banned" } else { "User un banned" }.into())
    }

    /// Row 12: returns which of two users has banned the other.
    pub(crate) fn ban_status(&self, actor: &Actor, identifier: &str) -> ApiResult<Value> {
        let peer = &self.user_by_identifier(identifier)?.id;
        Ok(self.ban_object(&actor.user, peer))
    }
}

/// Two users as a key, the smaller id first.
pub(super) fn sorted_pair(one: &str, other: &str) -> (Id, Id) {
    if one < other { (one.to_owned(), other.to_owned()) } else { (other.to_owned(), one.to_owned()) }
}
