//! Rooms as each member sees them: the list, the one-to-one room, and what a member sets for themselves (protocol note
//! §2.2).

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::server::clock::rfc3339;
use crate::server::vchat::model::{Id, Kind, Me, Member, Role, Room};
use crate::server::vchat::refusal::{Answer, Refusal};
use crate::server::vchat::wire;

use super::bans::pair;
use super::caps;
use super::listing::{Filter, page};
use super::state::World;

/// What a member sets for themselves (rows 18 to 21, 24, 25).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Setting {
    /// `isM`.
    Muted(bool),
    /// `isA`.
    Archived(bool),
    /// `isOneSeen`.
    OneSeen(bool),
    /// `nTitle`; empty clears it.
    Nick(String),
    /// `tTo`.
    Translation(Option<String>),
}

impl World {
    /// Row 13: the rooms of `me`, the newest message first.
    pub(crate) fn rooms(&self, me: &Me, filter: &Filter) -> Value {
        let mut found: Vec<(&Id, &Room)> = Vec::new();
        for room in self.rooms.values() {
            let Some(member) = room.member(&me.user) else { continue };
            let kind = filter.kind.as_deref().is_none_or(|kind| kind == room.kind.letter());
            // Asking for what is archived or deleted asks for nothing else; what is muted may be anywhere in view.
            let state = match (filter.deleted, filter.archived) {
                (true, _) => member.hidden,
                (false, archived) => !member.hidden && member.archived == archived,
            };
            let nick = member.nick.as_deref().unwrap_or_default();
            let named = filter.fits(&[&self.title(room, &me.user), nick]);
            if kind && state && named && (!filter.muted || member.muted) {
                found.push((room.visible(&me.user).next().map_or(&room.id, |last| &last.id), room));
            }
        }
        found.sort_by(|(one, _), (other, _)| other.cmp(one));
        let limit = filter.rooms();
        page(found.into_iter().filter_map(|(_, room)| self.room_json(room, &me.user)).collect(), filter.page, limit)
    }

    fn title(&self, room: &Room, viewer: &str) -> String {
        match room.peer(viewer).and_then(|peer| self.users.get(peer)) {
            Some(peer) => {
                let order = room.order.as_ref().and_then(|order| order.title.clone());
                order.unwrap_or_else(|| peer.shown().to_owned())
            }
            None => room.title.clone(),
        }
    }

    /// A room as `viewer` sees it (§8.4).
    pub(super) fn room_json(&self, room: &Room, viewer: &str) -> Option<Value> {
        let member = room.member(viewer)?;
        let peer = room.peer(viewer).and_then(|peer| self.users.get(peer));
        let title = self.title(room, viewer);
        let order = room.order.as_ref();
        let image = order.and_then(|order| order.image.clone()).or(peer.map(|peer| peer.images.small.clone()));
        let blocker = peer.and_then(|peer| {
            let by = |one: &str, other: &str| self.has_banned(one, other).then(|| one.to_owned());
            by(viewer, &peer.id).or_else(|| by(&peer.id, viewer))
        });
        let last = room.visible(viewer).next();
        let mut object = json!({
            "_id": member.row,
            "uId": member.user,
            "rId": room.id,
            "lSMId": member.seen_to,
            "rT": room.kind.letter(),
            "t": title,
            "tEn": title.to_lowercase(),
            "nTitle": member.nick,
            "img": image.unwrap_or_else(|| room.image.clone()),
            "isD": member.hidden,
            "isA": member.archived,
            "isM": member.muted,
            "isOneSeen": member.one_seen,
            "tTo": member.translate_to,
            "pId": peer.map(|peer| &peer.id),
            "pIdentifier": peer.map(|peer| &peer.identifier),
            "orderId": order.map(|order| &order.id),
            "bId": blocker,
            "uC": unread(room, member),
            "mentionsCount": 0,
            "createdAt": rfc3339(room.created_at),
            "updatedAt": rfc3339(last.map_or(room.created_at, |last| last.updated_at)),
        });
        // Without a visible message there is no such key, and the client puts an empty message there (§2.2.2).
        if let (Some(object), Some(last)) = (object.as_object_mut(), last) {
            object.insert("lastMessage".to_owned(), wire::listed(last, viewer));
        }
        Some(object)
    }

    /// A room as `viewer` sees it, which they are a member of.
    pub(super) fn shown(&self, viewer: &str, room: &str) -> Answer<Value> {
        self.room_json(self.room_of(viewer, room)?, viewer).ok_or_else(Refusal::no_access)
    }

    /// Row 14: 404 for who is no member, 400 with a ban between the two, 400 while there is nothing to see.
    pub(crate) fn room(&self, me: &Me, id: &str) -> Answer<Value> {
        let room = self.room_of(&me.user, id).map_err(|_| Refusal::missing("Room not found"))?;
        if room.peer(&me.user).is_some_and(|peer| self.is_banned(&me.user, peer)) {
            return Err(Refusal::bad("There is a ban between you"));
        }
        if room.visible(&me.user).next().is_none() {
            return Err(Refusal::bad("The room has no message"));
        }
        self.shown(&me.user, id)
    }

    /// Row 15: the single room with somebody, deleted or not; a new one stays hidden until something is said in it.
    pub(crate) fn peer_room(&mut self, now: Timestamp, me: &Me, identifier: &str) -> Answer<Value> {
        let peer = self.named(identifier)?.id.clone();
        if peer == me.user {
            return Err(Refusal::bad("You can not chat with yourself"));
        }
        let room = self.direct(now, &me.user, &peer)?;
        self.shown(&me.user, &room)
    }

    /// The id of the single room of two.
    pub(super) fn direct(&mut self, now: Timestamp, one: &Id, other: &Id) -> Answer<Id> {
        let key = pair(one, other);
        if let Some(known) = self.pairs.get(&key) {
            return Ok(known.clone());
        }
        self.room_for_room(2)?;
        let mut room = self.empty_room(now, Kind::Single, one);
        for user in [one, other] {
            room.members.push(self.member(now, user, Role::Member, true));
        }
        self.pairs.insert(key, room.id.clone());
        Ok(self.open(room))
    }

    /// Row 16: the room and all that was said in it is gone for me; others keep it.
    pub(crate) fn delete_room(&mut self, me: &Me, id: &str) -> Answer<Value> {
        self.forget(me, id)?.hidden = true;
        Ok("Room deleted".into())
    }

    /// `DELETE …/clear` of the sibling: what was said is gone for me, the room stays.
    pub(crate) fn clear_room(&mut self, me: &Me, id: &str) -> Answer<Value> {
        self.forget(me, id)?;
        Ok("Chat cleared".into())
    }

    fn forget(&mut self, me: &Me, id: &str) -> Answer<&mut Member> {
        let room = self.room_mut(&me.user, id)?;
        let mut rows = 0;
        for message in room.messages.iter_mut().filter(|message| !message.is_gone_for(&me.user)) {
            message.gone_for.push(me.user.clone());
            rows += 1;
        }
        self.quota.charge(caps::ROW * rows);
        let room = self.room_mut(&me.user, id)?;
        room.member_mut(&me.user).ok_or_else(Refusal::no_access)
    }

    /// Rows 18 to 21, 24 and 25.
    pub(crate) fn set(&mut self, me: &Me, id: &str, setting: Setting) -> Answer<Value> {
        let member = self.member_mut(&me.user, id)?;
        match setting {
            Setting::Muted(on) => member.muted = on,
            Setting::Archived(on) => member.archived = on,
            Setting::OneSeen(on) => member.one_seen = on,
            Setting::Nick(name) => member.nick = Some(name).filter(|name| !name.trim().is_empty()),
            Setting::Translation(to) => member.translate_to = to,
        }
        Ok("Done".into())
    }

    /// Row 22.
    pub(crate) fn unread(&self, me: &Me, id: &str) -> Answer<Value> {
        let room = self.room_of(&me.user, id)?;
        Ok(room.member(&me.user).map_or(0, |member| unread(room, member)).into())
    }

    /// `GET …/single/my-info` of the sibling, whose shape the note does not have: the room and the ban, as rows 14 and
    /// 12 say them.
    pub(crate) fn single_info(&self, me: &Me, id: &str) -> Answer<Value> {
        let room = self.room_of(&me.user, id)?;
        let peer = room.peer(&me.user).filter(|_| room.kind == Kind::Single);
        let peer = self.user(peer.ok_or_else(|| Refusal::missing("There is no such room of this type"))?)?;
        let mut info = self.ban_view(me, &peer.identifier)?;
        info["peerUser"] = wire::user(peer);
        info["lastSeenAt"] = rfc3339(peer.last_seen).into();
        Ok(info)
    }
}

/// `uC`: what others said since I last looked.
pub(super) fn unread(room: &Room, member: &Member) -> usize {
    let new = room.messages.iter().rev().take_while(|message| message.id > member.seen_to);
    new.filter(|message| message.sender != member.user && !message.is_gone_for(&member.user)).count()
}
