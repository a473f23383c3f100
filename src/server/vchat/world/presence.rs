//! Connections, online status and typing (§3.2, §4, §5.1).

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::server::demo::Event;
use crate::server::vchat::effect::Target;
use crate::server::vchat::error::{ApiError, ApiResult};
use crate::server::vchat::model::{Actor, Id};

use super::state::World;

/// Maximum number of rooms that a connection is subscribed to. A user of more rooms misses the events of the oldest.
const MAX_SUBSCRIBED_ROOMS: usize = 700;

impl World {
    /// Adds a connection; returns the rooms it is subscribed to. Messages that were not delivered yet are marked as
    /// delivered, which is announced in their rooms.
    pub(crate) fn on_connected(&mut self, now: Timestamp, actor: &Actor) -> Vec<Id> {
        *self.connections.entry((actor.user.clone(), actor.device.clone())).or_default() += 1;
        let rooms = self.subscribed_rooms(&actor.user);
        for room in &rooms {
            let _ = self.announce_delivery(now, actor, room);
        }
        self.notify_demo(Event::Connected(actor.user.clone()));
        rooms
    }

    /// Returns the rooms that a connection of `user` is subscribed to.
    pub(crate) fn subscribed_rooms(&self, user: &str) -> Vec<Id> {
        let own = self.rooms.values().filter(|room| room.member(user).is_some());
        let mut rooms: Vec<Id> = own.map(|room| room.id.clone()).collect();
        rooms.sort_by(|one, other| other.cmp(one));
        rooms.truncate(MAX_SUBSCRIBED_ROOMS);
        rooms
    }

    /// Removes a connection, and ends the call on this device. `typing_room` is the room in which the socket last
    /// typed. It receives a `stop` event, even if the user had stopped before, as in the sibling (§3.2).
    pub(crate) fn on_disconnected(&mut self, now: Timestamp, actor: &Actor, typing_room: Option<&Id>) {
        let key = (actor.user.clone(), actor.device.clone());
        let remaining = self.connections.remove(&key).unwrap_or_default().saturating_sub(1);
        if remaining > 0 {
            self.connections.insert(key, remaining);
        }
        if let Some(user) = self.users.get_mut(&actor.user) {
            user.last_seen = now;
        }
        if let Some(room) = typing_room {
            let payload = json!({ "roomId": room, "status": "stop", "name": "", "userId": actor.user });
            self.emit(Target::Room(room.clone()), "v1OnRoomStatusChange", payload);
        }
        self.drop_calls(now, actor);
        if !self.is_online(&actor.user) {
            self.notify_demo(Event::Disconnected(actor.user.clone()));
        }
    }

    /// Whether `user` has a connection on any device.
    pub(crate) fn is_online(&self, user: &str) -> bool {
        let from = (user.to_owned(), String::new());
        self.connections.range(from..).next().is_some_and(|((owner, _), _)| owner == user)
    }

    /// Whether this device of the user has a connection.
    pub(super) fn is_device_online(&self, actor: &Actor) -> bool {
        self.connections.contains_key(&(actor.user.clone(), actor.device.clone()))
    }

    /// Handles `v1MyOnline`: returns the online status of the users in a list. The `extra` of each item is returned
    /// unchanged, because clients need it.
    pub(crate) fn online_statuses(&self, query: &Value) -> ApiResult<Value> {
        let query = query.as_array().ok_or_else(|| ApiError::bad_request("v1MyOnline must be an array"))?;
        let statuses = query.iter().map(|item| {
            let peer = item.get("peerId").and_then(Value::as_str).unwrap_or_default();
            let extra = item.get("extra").cloned().unwrap_or_default();
            json!({ "peerId": peer, "isOnline": self.is_online(peer), "extra": extra })
        });
        Ok(statuses.collect())
    }

    /// Handles `v1RoomStatusChange`: notifies a room that the user is typing, is recording or has stopped. As in the
    /// sibling, the user need not be a member (§5).
    pub(crate) fn set_room_status(&mut self, actor: &Actor, room: &str, status: &str) -> ApiResult<()> {
        if !["stop", "typing", "recording"].contains(&status) {
            let message = "status must be one of the following values: stop, typing, recording";
            return Err(ApiError::bad_request(message));
        }
        let name = self.user(&actor.user)?.display_name().to_owned();
        let payload = json!({ "name": name, "status": status, "userId": actor.user, "roomId": room });
        self.emit(Target::Room(room.to_owned()), "v1OnRoomStatusChange", payload);
        Ok(())
    }
}
