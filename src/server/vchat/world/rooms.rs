//! Rooms from the point of view of a member: the list, direct rooms, and personal settings (§2.2).

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::server::clock::rfc3339;
use crate::server::vchat::error::{ApiError, ApiResult};
use crate::server::vchat::model::{Actor, Id, Member, Role, Room, RoomKind};
use crate::server::vchat::wire;

use super::bans::sorted_pair;
use super::listing::{ListFilter, page};
use super::memory::USER_ENTRY_BYTES;
use super::state::World;

/// A personal setting of a member (rows 18 to 21, 24, 25).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RoomSetting {
    /// `isM`.
    Muted(bool),
    /// `isA`.
    Archived(bool),
    /// `isOneSeen`.
    ViewOnce(bool),
    /// `nTitle`; an empty name removes it.
    Nickname(String),
    /// `tTo`.
    Translation(Option<String>),
}

impl World {
    /// Row 13: lists the user's rooms, those with the newest message first.
    pub(crate) fn rooms(&self, actor: &Actor, filter: &ListFilter) -> Value {
        let mut found: Vec<(&Id, &Room, &Member)> = Vec::new();
        for room in self.rooms.values() {
            let Some(member) = room.member(&actor.user) else { continue };
            let kind = filter.kind.as_deref().is_none_or(|kind| kind == room.kind.letter());
            // Archived rooms and deleted rooms are listed only if the filter asks for them, and then without others.
            let state = match (filter.deleted, filter.archived) {
                (true, _) => member.is_hidden,
                (false, archived) => !member.is_hidden && member.is_archived == archived,
            };
            let nickname = member.nickname.as_deref().unwrap_or_default();
            let name = filter.matches(&[&self.title(room, &actor.user), nickname]);
            if kind && state && name && (!filter.muted || member.is_muted) {
                let newest = room.visible_messages(&actor.user).next();
                found.push((newest.map_or(&room.id, |message| &message.id), room, member));
            }
        }
        found.sort_by(|(one, ..), (other, ..)| other.cmp(one));
        page(&found, filter.page, filter.room_limit(), |(_, room, member)| self.room_object(room, member))
    }

    fn title(&self, room: &Room, viewer: &str) -> String {
        match room.peer(viewer).and_then(|peer| self.users.get(peer)) {
            Some(peer) => {
                let order = room.order.as_ref().and_then(|order| order.title.clone());
                order.unwrap_or_else(|| peer.display_name().to_owned())
            }
            None => room.title.clone(),
        }
    }

    /// A room object as one of its members sees it (§8.4).
    fn room_object(&self, room: &Room, member: &Member) -> Value {
        let viewer = member.user.as_str();
        let peer = room.peer(viewer).and_then(|peer| self.users.get(peer));
        let title = self.title(room, viewer);
        let order = room.order.as_ref();
        let image = order.and_then(|order| order.image.clone()).or(peer.map(|peer| peer.images.small.clone()));
        let banned_by = peer.and_then(|peer| {
            let by = |one: &str, other: &str| self.has_banned(one, other).then(|| one.to_owned());
            by(viewer, &peer.id).or_else(|| by(&peer.id, viewer))
        });
        let last = room.visible_messages(viewer).next();
        let mut object = json!({
            "_id": member.id,
            "uId": member.user,
            "rId": room.id,
            "lSMId": member.seen_to,
            "rT": room.kind.letter(),
            "t": title,
            "tEn": title.to_lowercase(),
            "nTitle": member.nickname,
            "img": image.unwrap_or_else(|| room.image.clone()),
            "isD": member.is_hidden,
            "isA": member.is_archived,
            "isM": member.is_muted,
            "isOneSeen": member.sends_view_once,
            "tTo": member.translate_to,
            "pId": peer.map(|peer| &peer.id),
            "pIdentifier": peer.map(|peer| &peer.identifier),
            "orderId": order.map(|order| &order.id),
            "bId": banned_by,
            "uC": unread_messages(room, member),
            "mentionsCount": 0,
            "createdAt": rfc3339(room.created_at),
            "updatedAt": rfc3339(last.map_or(room.created_at, |last| last.updated_at)),
        });
        // Without a visible message the field is missing, and clients show an empty message (§2.2.2).
        if let (Some(object), Some(last)) = (object.as_object_mut(), last) {
            object.insert("lastMessage".to_owned(), wire::listed_message(last, viewer));
        }
        object
    }

    /// Returns the room object of a room that `viewer` is a member of.
    pub(super) fn room_for(&self, viewer: &str, room: &str) -> ApiResult<Value> {
        let room = self.member_room(viewer, room)?;
        let member = room.member(viewer).ok_or_else(ApiError::no_access)?;
        Ok(self.room_object(room, member))
    }

    /// Row 14: returns a room. Fails with 404 if the user is not a member, and with 400 if there is a ban between the
    /// two members or no visible message.
    pub(crate) fn room(&self, actor: &Actor, id: &str) -> ApiResult<Value> {
        let room = self.member_room(&actor.user, id).map_err(|_| ApiError::not_found("Room not found"))?;
        if room.peer(&actor.user).is_some_and(|peer| self.is_banned(&actor.user, peer)) {
            return Err(ApiError::bad_request("There is a ban between you"));
        }
        if room.visible_messages(&actor.user).next().is_none() {
            return Err(ApiError::bad_request("The room has no message"));
        }
        self.room_for(&actor.user, id)
    }

    /// Row 15: returns the direct room with a user, even if it is deleted. A new one is hidden until its first message.
    pub(crate) fn peer_room(&mut self, now: Timestamp, actor: &Actor, identifier: &str) -> ApiResult<Value> {
        let peer = self.user_by_identifier(identifier)?.id.clone();
        if peer == actor.user {
            return Err(ApiError::bad_request("You can not chat with yourself"));
        }
        let room = self.single_room(now, &actor.user, &peer)?;
        self.room_for(&actor.user, &room)
    }

    /// Returns the id of the direct room of two users, which is created if there is none.
    pub(super) fn single_room(&mut self, now: Timestamp, one: &Id, other: &Id) -> ApiResult<Id> {
        let key = sorted_pair(one, other);
        if let Some(known) = self.single_rooms.get(&key) {
            return Ok(known.clone());
        }
        self.reserve_room(2)?;
        let mut room = self.new_room(now, RoomKind::Single, one);
        for user in [one, other] {
            room.members.push(self.new_member(now, user, Role::Member, true));
        }
        self.single_rooms.insert(key, room.id.clone());
        Ok(self.open_room(room))
    }

    /// Row 16: deletes a room and its messages for the user alone.
    pub(crate) fn delete_room(&mut self, actor: &Actor, id: &str) -> ApiResult<Value> {
        self.delete_messages_for(actor, id)?.is_hidden = true;
        Ok("Room deleted".into())
    }

    /// `DELETE …/clear` of the sibling: deletes the messages for the user alone and keeps the room.
    pub(crate) fn clear_room(&mut self, actor: &Actor, id: &str) -> ApiResult<Value> {
        self.delete_messages_for(actor, id)?;
        Ok("Chat cleared".into())
    }

    fn delete_messages_for(&mut self, actor: &Actor, id: &str) -> ApiResult<&mut Member> {
        let room = self.member_room_mut(&actor.user, id)?;
        let mut count = 0;
        for message in room.messages.iter_mut().filter(|message| !message.is_deleted_for(&actor.user)) {
            message.deleted_for.push(actor.user.clone());
            count += 1;
        }
        self.quota.charge(USER_ENTRY_BYTES * count);
        self.member_mut(&actor.user, id)
    }

    /// Rows 18 to 21, 24 and 25: changes a personal setting.
    pub(crate) fn set_room_setting(&mut self, actor: &Actor, id: &str, setting: RoomSetting) -> ApiResult<Value> {
        let member = self.member_mut(&actor.user, id)?;
        match setting {
            RoomSetting::Muted(on) => member.is_muted = on,
            RoomSetting::Archived(on) => member.is_archived = on,
            RoomSetting::ViewOnce(on) => member.sends_view_once = on,
            RoomSetting::Nickname(name) => member.nickname = Some(name).filter(|name| !name.trim().is_empty()),
            RoomSetting::Translation(to) => member.translate_to = to,
        }
        Ok("Done".into())
    }

    /// Row 22: returns the number of unread messages.
    pub(crate) fn unread_count(&self, actor: &Actor, id: &str) -> ApiResult<Value> {
        let room = self.member_room(&actor.user, id)?;
        Ok(room.member(&actor.user).map_or(0, |member| unread_messages(room, member)).into())
    }

    /// `GET …/single/my-info` of the sibling. The shape of the response is not known; here it contains the ban status
    /// of row 12, the peer, and when the peer was last seen.
    pub(crate) fn single_info(&self, actor: &Actor, id: &str) -> ApiResult<Value> {
        let room = self.member_room(&actor.user, id)?;
        let peer = room.peer(&actor.user).filter(|_| room.kind == RoomKind::Single);
        let peer = self.user(peer.ok_or_else(|| ApiError::not_found("There is no such room of this type"))?)?;
        let mut info = self.ban_status(actor, &peer.identifier)?;
        info["peerUser"] = wire::user(peer);
        info["lastSeenAt"] = rfc3339(peer.last_seen).into();
        Ok(info)
    }
}

/// `uC`: number of messages of others that the member has not seen.
fn unread_messages(room: &Room, member: &Member) -> usize {
    let new = room.messages.iter().rev().take_while(|message| message.id > member.seen_to);
    new.filter(|message| message.sender != member.user && !message.is_deleted_for(&member.user)).count()
}
