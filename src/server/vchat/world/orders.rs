//! Order rooms: direct rooms about an order (§2.6).

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::server::clock::rfc3339;
use crate::server::vchat::error::{ApiError, ApiResult};
use crate::server::vchat::model::{Actor, Order, Role, RoomKind};

use super::state::World;

/// An order room to be created.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewOrder {
    /// The other member, by `_id` or identifier: the sibling expects `peerId`, version 2 has identifiers.
    pub(crate) peer: String,
    /// `orderId`.
    pub(crate) id: String,
    /// `orderTitle`.
    pub(crate) title: Option<String>,
    /// `orderImage`.
    pub(crate) image: Option<String>,
    /// `orderData`.
    pub(crate) data: Option<Value>,
}

impl World {
    /// Returns the room of an order, which is created if there is none. Like a new direct room, it is hidden until its
    /// first message. The real server may require an admin key; here any user may create it.
    pub(crate) fn order_room(&mut self, now: Timestamp, actor: &Actor, new: NewOrder) -> ApiResult<Value> {
        if new.id.trim().is_empty() {
            return Err(ApiError::bad_request("orderId should not be empty"));
        }
        if let Some(known) = self.order_rooms.get(&new.id).cloned() {
            return self.room_for(&actor.user, &known);
        }
        let peer = self.user(&new.peer).or_else(|_| self.user_by_identifier(&new.peer))?.id.clone();
        if peer == actor.user {
            return Err(ApiError::bad_request("You can not chat with yourself"));
        }
        self.reserve_room(2)?;
        let mut room = self.new_room(now, RoomKind::Order, &actor.user);
        for user in [&actor.user, &peer] {
            room.members.push(self.new_member(now, user, Role::Member, true));
        }
        self.order_rooms.insert(new.id.clone(), room.id.clone());
        let NewOrder { id, title, image, data, .. } = new;
        room.order = Some(Order { id, title, image, data });
        let id = self.open_room(room);
        self.room_for(&actor.user, &id)
    }

    /// `GET …/order/my-info`: returns the order and when the peer was last seen.
    pub(crate) fn order_info(&self, actor: &Actor, id: &str) -> ApiResult<Value> {
        let room = self.member_room(&actor.user, id)?;
        let found = room.order.as_ref().zip(room.peer(&actor.user));
        let (order, peer) = found.ok_or_else(|| ApiError::not_found("There is no such room of this type"))?;
        Ok(json!({
            "lastSeenAt": rfc3339(self.user(peer)?.last_seen),
            "orderSettings": {
                "orderId": order.id,
                "orderTitle": order.title,
                "orderImage": order.image,
                "isClosed": false,
                "pinData": order.data,
            },
        }))
    }
}
