//! Connections, who is there, who types (protocol note §3.2, §4, §5.1).

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::server::demo::Event;
use crate::server::vchat::model::{Id, Me};
use crate::server::vchat::news::To;
use crate::server::vchat::refusal::{Answer, Refusal};

use super::state::World;

/// A connection hears so many rooms; the rest it hears after asking for them.
const ROOMS: usize = 700;

impl World {
    /// One more connection of `me`: answers with the rooms it hears from now on. What waited for them has reached
    /// them, and the direct rooms in which that is new hear of it.
    pub(crate) fn came(&mut self, now: Timestamp, me: &Me) -> Vec<Id> {
        *self.connections.entry((me.user.clone(), me.device.clone())).or_default() += 1;
        let rooms = self.heard_by(&me.user);
        for room in &rooms {
            let _ = self.deliver_to_room(now, me, room);
        }
        self.cue(Event::Connected(me.user.clone()));
        rooms
    }

    /// The rooms that a connection of `user` hears.
    pub(crate) fn heard_by(&self, user: &str) -> Vec<Id> {
        let mine = self.rooms.values().filter(|room| room.member(user).is_some());
        let mut rooms: Vec<Id> = mine.map(|room| room.id.clone()).collect();
        rooms.sort_by(|one, other| other.cmp(one));
        rooms.truncate(ROOMS);
        rooms
    }

    /// One connection of `me` less. `typed` is the room of its last typing, if there was any: it hears that it stopped,
    /// whether or not it had (§3.2: the sibling never clears the flag). A call on this device ends.
    pub(crate) fn left(&mut self, now: Timestamp, me: &Me, typed: Option<&Id>) {
        let key = (me.user.clone(), me.device.clone());
        let left = self.connections.remove(&key).unwrap_or_default().saturating_sub(1);
        if left > 0 {
            self.connections.insert(key, left);
        }
        if let Some(user) = self.users.get_mut(&me.user) {
            user.last_seen = now;
        }
        if let Some(room) = typed {
            let arg = json!({ "roomId": room, "status": "stop", "name": "", "userId": me.user });
            self.tell(To::Room(room.clone()), "v1OnRoomStatusChange", arg);
        }
        self.drop_calls(now, me);
        if !self.is_online(&me.user) {
            self.cue(Event::Disconnected(me.user.clone()));
        }
    }

    /// Whether `user` has a connection.
    pub(crate) fn is_online(&self, user: &str) -> bool {
        let from = (user.to_owned(), String::new());
        self.connections.range(from..).next().is_some_and(|((owner, _), _)| owner == user)
    }

    /// Whether this device of somebody has a connection.
    pub(super) fn is_connected(&self, me: &Me) -> bool {
        self.connections.contains_key(&(me.user.clone(), me.device.clone()))
    }

    /// `v1MyOnline`: who of these is there. `extra` comes back as it came, and clients need it.
    pub(crate) fn online(&self, asked: &Value) -> Answer<Value> {
        let asked = asked.as_array().ok_or_else(|| Refusal::bad("v1MyOnline must be an array"))?;
        let answer = asked.iter().map(|item| {
            let peer = item.get("peerId").and_then(Value::as_str).unwrap_or_default();
            let extra = item.get("extra").cloned().unwrap_or_default();
            json!({ "peerId": peer, "isOnline": self.is_online(peer), "extra": extra })
        });
        Ok(answer.collect())
    }

    /// `v1RoomStatusChange`. Whether the typist is a member is not looked at (§5).
    pub(crate) fn typing(&mut self, me: &Me, room: &str, status: &str) -> Answer<()> {
        if !["stop", "typing", "recording"].contains(&status) {
            return Err(Refusal::bad("status must be one of the following values: stop, typing, recording"));
        }
        let name = self.user(&me.user)?.shown().to_owned();
        let arg = json!({ "name": name, "status": status, "userId": me.user, "roomId": room });
        self.tell(To::Room(room.to_owned()), "v1OnRoomStatusChange", arg);
        Ok(())
    }
}
