//! Rooms about an order (protocol note §2.6).

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::server::clock::rfc3339;
use crate::server::vchat::model::{Kind, Me, Order, Role};
use crate::server::vchat::refusal::{Answer, Refusal};

use super::state::World;

/// What `POST channel/order` says.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewOrder {
    /// The other one, by `_id` or identifier: the sibling takes `peerId`, version 2 has identifiers.
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
    /// The room of an order: the same one each time it is asked for. Hidden until something is said in it, as a single
    /// room is. Whether the real server wants an admin key is not known; here any user may ask.
    pub(crate) fn order_room(&mut self, now: Timestamp, me: &Me, new: NewOrder) -> Answer<Value> {
        if new.id.trim().is_empty() {
            return Err(Refusal::bad("orderId should not be empty"));
        }
        if let Some(known) = self.orders.get(&new.id).cloned() {
            return self.shown(&me.user, &known);
        }
        let peer = self.user(&new.peer).or_else(|_| self.named(&new.peer))?.id.clone();
        if peer == me.user {
            return Err(Refusal::bad("You can not chat with yourself"));
        }
        self.room_for_room(2)?;
        let mut room = self.empty_room(now, Kind::Order, &me.user);
        for user in [&me.user, &peer] {
            room.members.push(self.member(now, user, Role::Member, true));
        }
        self.orders.insert(new.id.clone(), room.id.clone());
        let NewOrder { id, title, image, data, .. } = new;
        room.order = Some(Order { id, title, image, data });
        let id = self.open(room);
        self.shown(&me.user, &id)
    }

    /// `GET …/order/my-info`.
    pub(crate) fn order_info(&self, me: &Me, id: &str) -> Answer<Value> {
        let room = self.room_of(&me.user, id)?;
        let found = room.order.as_ref().zip(room.peer(&me.user));
        let (order, peer) = found.ok_or_else(|| Refusal::missing("There is no such room of this type"))?;
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
