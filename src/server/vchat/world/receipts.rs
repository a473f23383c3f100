//! Delivery and seen receipts (§5.2).
//!
//! A receipt event does not name a message. It covers all messages of its recipient in the room up to that time, and
//! its `userId` is that recipient, not the reader.

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::server::clock::rfc3339;
use crate::server::vchat::effect::Target;
use crate::server::vchat::error::ApiResult;
use crate::server::vchat::model::{Actor, Id, Message, Receipt, RoomKind};
use crate::server::vchat::wire;

use super::listing::{ListFilter, page};
use super::state::World;

/// The two kinds of receipts.
#[derive(Clone, Copy)]
enum ReceiptKind {
    Delivered,
    Seen,
}

impl ReceiptKind {
    fn of_message(self, message: &mut Message) -> &mut Option<Timestamp> {
        match self {
            Self::Delivered => &mut message.delivered_at,
            Self::Seen => &mut message.seen_at,
        }
    }

    /// Sets the time of a receipt that has none.
    fn mark(self, receipt: &mut Receipt, now: Timestamp) {
        let at = match self {
            Self::Delivered => &mut receipt.delivered_at,
            Self::Seen => &mut receipt.seen_at,
        };
        *at = at.or(Some(now));
    }
}

impl World {
    /// Handles `v1EnterChatRoom`: marks all messages of a room as seen. In groups there is no event.
    pub(crate) fn mark_seen(&mut self, now: Timestamp, actor: &Actor, id: &str) -> ApiResult<()> {
        let fresh = self.ids.next(now);
        let room = self.member_room_mut(&actor.user, id)?;
        // After the clock was set back, the ids of existing messages can be larger than a fresh one.
        let newest = room.messages.back().map(|last| last.id.clone()).unwrap_or_default();
        if let Some(member) = room.member_mut(&actor.user) {
            member.seen_to = fresh.max(newest);
        }
        if let Some(peer) = self.mark_messages(now, actor, id, ReceiptKind::Seen)? {
            let payload = receipt_object(id, &peer, now);
            self.emit(Target::User(peer), "v1OnEnterChatRoom", payload);
        }
        Ok(())
    }

    /// Handles `v1DeliverChatRoom`: marks all messages of a room as delivered, and notifies the peer.
    pub(crate) fn mark_delivered(&mut self, now: Timestamp, actor: &Actor, id: &str) -> ApiResult<()> {
        if let Some(peer) = self.mark_messages(now, actor, id, ReceiptKind::Delivered)? {
            let payload = receipt_object(id, &peer, now);
            self.emit(Target::User(peer), "v1OnDeliverChatRoom", payload);
        }
        Ok(())
    }

    /// Row 17, also done for each new connection: marks all messages of a room as delivered, and notifies the
    /// whole room.
    pub(crate) fn announce_delivery(&mut self, now: Timestamp, actor: &Actor, id: &str) -> ApiResult<Value> {
        let peer = self.mark_messages(now, actor, id, ReceiptKind::Delivered)?;
        let is_updated = peer.is_some();
        if let Some(peer) = peer {
            let payload = receipt_object(id, &peer, now);
            self.emit(Target::Room(id.to_owned()), "v1OnDeliverChatRoom", payload);
        }
        Ok(json!({ "isUpdated": is_updated }))
    }

    /// Marks the messages of others in a room. Returns the peer of a direct room in which a message changed.
    fn mark_messages(&mut self, now: Timestamp, actor: &Actor, id: &str, kind: ReceiptKind) -> ApiResult<Option<Id>> {
        let room = self.member_room_mut(&actor.user, id)?;
        let mut has_changed = false;
        let mut copies = Vec::new();
        let is_direct = room.kind.is_direct();
        for message in room.messages.iter_mut().filter(|message| message.sender != actor.user) {
            if is_direct && kind.of_message(message).is_none() {
                *kind.of_message(message) = Some(now);
                has_changed = true;
                copies.extend(message.parent.clone().map(|parent| (message.sender.clone(), parent)));
            }
            for receipt in message.receipts.iter_mut().filter(|receipt| receipt.user == actor.user) {
                kind.mark(receipt, now);
            }
        }
        let peer = room.peer(&actor.user).filter(|_| has_changed).cloned();
        self.mark_broadcasts(now, actor, &copies, kind);
        Ok(peer)
    }

    /// Marks the broadcast messages of which the user received copies, for row 56. `copies` are the sender and the id
    /// of the original.
    fn mark_broadcasts(&mut self, now: Timestamp, actor: &Actor, copies: &[(Id, Id)], kind: ReceiptKind) {
        if copies.is_empty() {
            return;
        }
        for room in self.rooms.values_mut().filter(|room| room.kind == RoomKind::Broadcast) {
            let creator = room.creator.clone();
            for (_, original) in copies.iter().filter(|(sender, _)| *sender == creator) {
                let receipts = room.message_mut(original).into_iter().flat_map(|message| &mut message.receipts);
                for receipt in receipts.filter(|receipt| receipt.user == actor.user) {
                    kind.mark(receipt, now);
                }
            }
        }
    }

    /// Rows 47 and 56: lists who has seen a message, or who has received it without seeing it. The delivery time is a
    /// required string, but seeing does not set it (§5.2); the seen time takes its place.
    pub(crate) fn receipts(
        &mut self,
        actor: &Actor,
        room: &str,
        id: &str,
        seen: bool,
        filter: &ListFilter,
    ) -> ApiResult<Value> {
        let receipts = self.visible_message_mut(actor, room, id)?.receipts.clone();
        let listed = receipts.iter().filter(|receipt| receipt.seen_at.is_some() == seen).filter_map(|receipt| {
            Some((self.users.get(&receipt.user)?, receipt.delivered_at.or(receipt.seen_at)?, receipt.seen_at))
        });
        let listed: Vec<_> = listed.collect();
        Ok(page(&listed, filter.page, filter.user_limit(), |(user, delivered_at, seen_at)| {
            let (delivered_at, seen_at) = (rfc3339(*delivered_at), wire::time(*seen_at));
            json!({ "dAt": delivered_at, "sAt": seen_at, "userData": wire::user(user) })
        }))
    }
}

/// The payload of a receipt event for `author`, whose messages were delivered or seen.
fn receipt_object(room: &str, author: &str, now: Timestamp) -> Value {
    json!({ "roomId": room, "userId": author, "date": rfc3339(now) })
}
