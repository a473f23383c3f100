//! Seen and delivered (protocol note §5.2). A receipt names no message: it means all that its recipient had said in the
//! room by then, and its `userId` is that recipient, not the reader.

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::server::clock::rfc3339;
use crate::server::vchat::model::{Id, Kind, Me, Status};
use crate::server::vchat::news::To;
use crate::server::vchat::refusal::Answer;
use crate::server::vchat::wire;

use super::listing::{Filter, page};
use super::state::World;

impl World {
    /// `v1EnterChatRoom`: I see what is in the room. In groups only my own rows tell.
    pub(crate) fn enter(&mut self, now: Timestamp, me: &Me, id: &str) -> Answer<()> {
        let fresh = self.ids.next(now);
        let room = self.room_mut(&me.user, id)?;
        // Ids of messages made in the past of a slow clock may still be larger.
        let newest = room.messages.back().map(|last| last.id.clone()).unwrap_or_default();
        if let Some(member) = room.member_mut(&me.user) {
            member.seen_to = fresh.max(newest);
        }
        let mut changed = false;
        let mut copies = Vec::new();
        let direct = room.kind.is_direct();
        for message in room.messages.iter_mut().filter(|message| message.sender != me.user) {
            if direct && message.seen.is_none() {
                changed = true;
                message.seen = Some(now);
                copies.extend(message.parent.clone().map(|parent| (message.sender.clone(), parent)));
            }
            for row in message.statuses.iter_mut().filter(|row| row.user == me.user) {
                row.seen = row.seen.or(Some(now));
            }
        }
        if changed && let Some(peer) = room.peer(&me.user).cloned() {
            let arg = receipt(id, &peer, now);
            self.tell(To::Person(peer), "v1OnEnterChatRoom", arg);
        }
        self.mark_parents(me, &copies, |row| row.seen = row.seen.or(Some(now)));
        Ok(())
    }

    /// `v1DeliverChatRoom`: what is in the room has reached me. Tells the peer alone.
    pub(crate) fn deliver(&mut self, now: Timestamp, me: &Me, id: &str) -> Answer<()> {
        if let Some(peer) = self.mark_delivered(now, me, id)? {
            let arg = receipt(id, &peer, now);
            self.tell(To::Person(peer), "v1OnDeliverChatRoom", arg);
        }
        Ok(())
    }

    /// Row 17, and what a connection does: the same, told to the whole room.
    pub(crate) fn deliver_to_room(&mut self, now: Timestamp, me: &Me, id: &str) -> Answer<Value> {
        let peer = self.mark_delivered(now, me, id)?;
        let updated = peer.is_some();
        if let Some(peer) = peer {
            let arg = receipt(id, &peer, now);
            self.tell(To::Room(id.to_owned()), "v1OnDeliverChatRoom", arg);
        }
        Ok(json!({ "isUpdated": updated }))
    }

    /// Marks what others said; answers with the peer of a direct room in which that changed anything.
    fn mark_delivered(&mut self, now: Timestamp, me: &Me, id: &str) -> Answer<Option<Id>> {
        let room = self.room_mut(&me.user, id)?;
        let mut changed = false;
        let mut copies = Vec::new();
        let direct = room.kind.is_direct();
        for message in room.messages.iter_mut().filter(|message| message.sender != me.user) {
            if direct && message.delivered.is_none() {
                changed = true;
                message.delivered = Some(now);
                copies.extend(message.parent.clone().map(|parent| (message.sender.clone(), parent)));
            }
            for row in message.statuses.iter_mut().filter(|row| row.user == me.user) {
                row.delivered = row.delivered.or(Some(now));
            }
        }
        let peer = room.peer(&me.user).filter(|_| changed).cloned();
        self.mark_parents(me, &copies, |row| row.delivered = row.delivered.or(Some(now)));
        Ok(peer)
    }

    /// What reached me as a copy of a broadcast is marked in the broadcast's room too, where row 56 looks.
    fn mark_parents(&mut self, me: &Me, copies: &[(Id, Id)], mark: impl Fn(&mut Status)) {
        if copies.is_empty() {
            return;
        }
        for room in self.rooms.values_mut().filter(|room| room.kind == Kind::Broadcast) {
            let creator = room.creator.clone();
            for (_, parent) in copies.iter().filter(|(sender, _)| *sender == creator) {
                let rows = room.message_mut(parent).into_iter().flat_map(|message| &mut message.statuses);
                rows.filter(|row| row.user == me.user).for_each(&mark);
            }
        }
    }

    /// Rows 47 and 56: who has seen a message, or has it and has not seen it. The date of delivery is a required
    /// string, and seeing sets none (§5.2): who has seen it had it by then.
    pub(crate) fn statuses(&mut self, me: &Me, room: &str, id: &str, seen: bool, filter: &Filter) -> Answer<Value> {
        let rows = self.seen_by_mut(me, room, id)?.statuses.clone();
        let wanted = rows.into_iter().filter(|row| if seen { row.seen.is_some() } else { row.seen.is_none() });
        let dated = wanted.filter_map(|row| {
            let user = self.users.get(&row.user)?;
            let delivered = row.delivered.or(row.seen)?;
            let sent = json!({ "dAt": rfc3339(delivered), "sAt": wire::date(row.seen), "userData": wire::user(user) });
            Some(sent)
        });
        Ok(page(dated.collect(), filter.page, filter.small()))
    }
}

/// What a receipt says to `author`, whose messages it is about.
fn receipt(room: &str, author: &str, now: Timestamp) -> Value {
    json!({ "roomId": room, "userId": author, "date": rfc3339(now) })
}
