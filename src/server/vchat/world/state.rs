//! The fields of [`World`], and the operations that several of its parts need.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use serde_json::Value;

use crate::domain::Timestamp;
use crate::server::demo::{Event, IncomingMessage};
use crate::server::limits::StorageLimits;
use crate::server::quota::Quota;
use crate::server::vchat::effect::{CallEvent, Effect, Target};
use crate::server::vchat::error::{ApiError, ApiResult};
use crate::server::vchat::hash_key::HashKey;
use crate::server::vchat::ids::Ids;
use crate::server::vchat::model::{
    Actor, Device, Id, Member, Message, MessageKind, Receipt, Role, Room, RoomKind, User,
};
use crate::server::vchat::wire;

use super::call::Call;
use super::memory::message_bytes;

/// `plm` of messages sent without a known device.
const DEFAULT_PLATFORM: &str = "other";

/// The chat service.
#[derive(Debug)]
pub(crate) struct World {
    pub(super) ids: Ids,
    pub(super) hash_key: HashKey,
    /// URL of the server, from which the URLs of profile pictures are formed.
    base_url: String,
    pub(super) users: BTreeMap<Id, User>,
    pub(super) ids_by_identifier: HashMap<String, Id>,
    /// Logged-in devices, by user and device id.
    pub(super) devices: BTreeMap<(Id, String), Device>,
    /// Number of connections by user and device id; devices without connections have no entry. It is separate from
    /// `devices` because a connection may outlive its login.
    pub(super) connections: BTreeMap<(Id, String), usize>,
    pub(super) rooms: HashMap<Id, Room>,
    /// The direct room of two users, the smaller id first.
    pub(super) single_rooms: HashMap<(Id, Id), Id>,
    /// The room of each order.
    pub(super) order_rooms: HashMap<String, Id>,
    /// Room and `_id` of the message with each `lId`.
    pub(super) messages_by_local_id: HashMap<String, (Id, Id)>,
    /// Pairs of users of whom the first has banned the second.
    pub(super) bans: HashSet<(Id, Id)>,
    pub(super) calls: BTreeMap<Id, Call>,
    /// Milliseconds after which an unanswered call ends.
    pub(super) ring_timeout: i64,
    pub(super) limits: StorageLimits,
    pub(super) quota: Quota,
    effects: Vec<Effect>,
}

impl World {
    /// Creates a service without users, reachable at `base_url`. `ring_timeout` is in milliseconds.
    pub(crate) fn new(seed: u64, hash_key: &str, base_url: &str, ring_timeout: i64) -> Self {
        Self {
            ids: Ids::new(seed),
            hash_key: HashKey::new(hash_key),
            base_url: base_url.to_owned(),
            users: BTreeMap::new(),
            ids_by_identifier: HashMap::new(),
            devices: BTreeMap::new(),
            connections: BTreeMap::new(),
            rooms: HashMap::new(),
            single_rooms: HashMap::new(),
            order_rooms: HashMap::new(),
            messages_by_local_id: HashMap::new(),
            bans: HashSet::new(),
            calls: BTreeMap::new(),
            ring_timeout,
            limits: StorageLimits::default(),
            quota: Quota::new(StorageLimits::default().bytes),
            effects: Vec::new(),
        }
    }

    /// Replaces the default limits.
    pub(crate) fn with_limits(self, limits: &StorageLimits) -> Self {
        Self { quota: Quota::new(limits.bytes), limits: limits.clone(), ..self }
    }

    /// Removes and returns the effects since the last call.
    pub(crate) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// Returns a new id.
    pub(crate) fn new_id(&mut self, now: Timestamp) -> Id {
        self.ids.next(now)
    }

    /// Returns a new `lId`.
    pub(crate) fn new_local_id(&mut self) -> String {
        self.ids.next_local_id()
    }

    /// URL of the profile picture of users without one.
    pub(super) fn default_image(&self) -> String {
        format!("{}/default_user_image.png", self.base_url)
    }

    pub(super) fn emit(&mut self, to: Target, event: &'static str, payload: Value) {
        self.effects.push(Effect::Emit { to, event, payload });
    }

    pub(super) fn join(&mut self, user: &str, room: &str) {
        self.effects.push(Effect::Join { user: user.to_owned(), room: room.to_owned() });
    }

    pub(super) fn leave(&mut self, user: &str, room: &str) {
        self.effects.push(Effect::Leave { user: user.to_owned(), room: room.to_owned() });
    }

    pub(super) fn notify_demo(&mut self, event: Event<CallEvent>) {
        self.effects.push(Effect::NotifyDemo(event));
    }

    /// Returns the user `id`.
    pub(crate) fn user(&self, id: &str) -> ApiResult<&User> {
        self.users.get(id).ok_or_else(|| ApiError::not_found("User not found"))
    }

    /// Returns the user with this identifier.
    pub(crate) fn user_by_identifier(&self, identifier: &str) -> ApiResult<&User> {
        let id = self.ids_by_identifier.get(identifier).ok_or_else(|| ApiError::not_found("User not found"))?;
        self.user(id)
    }

    /// Returns the ids of the users with these identifiers, without duplicates. Fails if there are none, or if `user`
    /// is among them.
    pub(super) fn other_users(&self, user: &str, identifiers: &[String]) -> ApiResult<Vec<Id>> {
        let mut ids = Vec::new();
        for identifier in identifiers {
            let id = self.user_by_identifier(identifier)?.id.clone();
            if id == user {
                return Err(ApiError::bad_request("You can not add yourself"));
            }
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        if ids.is_empty() {
            return Err(ApiError::bad_request("identifiers should not be empty"));
        }
        Ok(ids)
    }

    /// Returns a room that `user` is a member of.
    pub(crate) fn member_room(&self, user: &str, id: &str) -> ApiResult<&Room> {
        let room = self.rooms.get(id).filter(|room| room.member(user).is_some());
        room.ok_or_else(ApiError::no_access)
    }

    pub(super) fn member_room_mut(&mut self, user: &str, id: &str) -> ApiResult<&mut Room> {
        let room = self.rooms.get_mut(id).filter(|room| room.member(user).is_some());
        room.ok_or_else(ApiError::no_access)
    }

    /// Returns a room of this kind that `user` is a member of.
    pub(super) fn room_of_kind_mut(&mut self, kind: RoomKind, user: &str, id: &str) -> ApiResult<&mut Room> {
        let room = self.member_room_mut(user, id)?;
        if room.kind == kind { Ok(room) } else { Err(ApiError::not_found("There is no such room of this type")) }
    }

    /// Returns the membership of `user` in a room.
    pub(super) fn member_mut(&mut self, user: &str, id: &str) -> ApiResult<&mut Member> {
        self.member_room_mut(user, id)?.member_mut(user).ok_or_else(ApiError::no_access)
    }

    /// Creates a membership. Earlier messages count as seen.
    pub(super) fn new_member(&mut self, now: Timestamp, user: &str, role: Role, is_hidden: bool) -> Member {
        Member {
            id: self.ids.next(now),
            user: user.to_owned(),
            role,
            is_hidden,
            is_archived: false,
            is_muted: false,
            sends_view_once: false,
            nickname: None,
            translate_to: None,
            seen_to: self.ids.next(now),
        }
    }

    /// Creates a room without members, which [`Self::open_room`] adds to the world.
    pub(super) fn new_room(&mut self, now: Timestamp, kind: RoomKind, creator: &str) -> Room {
        Room {
            id: self.ids.next(now),
            kind,
            creator: creator.to_owned(),
            created_at: now,
            title: String::new(),
            image: self.default_image(),
            members: Vec::new(),
            recipients: Vec::new(),
            messages: VecDeque::new(),
            description: None,
            extra: None,
            order: None,
        }
    }

    /// Adds a room to the world. Sockets of its members join it at once.
    pub(super) fn open_room(&mut self, room: Room) -> Id {
        let id = room.id.clone();
        let members: Vec<Id> = room.members.iter().map(|member| member.user.clone()).collect();
        self.rooms.insert(id.clone(), room);
        for user in members {
            self.join(&user, &id);
        }
        id
    }

    /// Creates a message of a user without any attachment, which [`Self::store_message`] adds to its room.
    pub(super) fn new_message(
        &mut self,
        now: Timestamp,
        actor: &Actor,
        room: &str,
        kind: MessageKind,
        content: impl Into<String>,
    ) -> ApiResult<Message> {
        let user = self.user(&actor.user)?;
        let (identifier, image) = (user.identifier.clone(), user.images.small.clone());
        let name = user.display_name().to_owned();
        let device = self.devices.get(&(actor.user.clone(), actor.device.clone()));
        let platform = device.map_or(DEFAULT_PLATFORM, |device| &device.platform).to_owned();
        let room = self.rooms.get(room).ok_or_else(ApiError::no_access)?;
        let is_view_once = room.member(&actor.user).is_some_and(|member| member.sends_view_once);
        let receipts = new_receipts(room, &actor.user);
        let room = room.id.clone();
        Ok(Message {
            id: self.ids.next(now),
            room,
            sender: actor.user.clone(),
            sender_identifier: identifier,
            sender_name: name,
            sender_image: image,
            platform,
            content: content.into(),
            is_encrypted: false,
            kind,
            attachment: Value::Null,
            reply_to: Vec::new(),
            seen_at: None,
            delivered_at: None,
            forward_of: None,
            deleted_at: None,
            parent: None,
            deleted_for: Vec::new(),
            starred_by: Vec::new(),
            local_id: self.ids.next_local_id(),
            link: Value::Null,
            peer_data: Value::Null,
            mentions: Vec::new(),
            is_view_once,
            viewed_by: Vec::new(),
            created_at: now,
            updated_at: now,
            receipts,
        })
    }

    /// Adds a message to its room and returns its JSON. Members who had hidden the room see it again, and all members,
    /// including the sender, receive the message (§2.3.1 rule 5).
    pub(super) fn store_message(&mut self, mut message: Message) -> ApiResult<Value> {
        let room = self.rooms.get_mut(&message.room).ok_or_else(ApiError::no_access)?;
        for member in &mut room.members {
            member.is_hidden = false;
        }
        // The ids in a room must ascend even when the clock is set back: messages are found by binary search.
        if let Some(last) = room.messages.back().filter(|last| last.id >= message.id) {
            message.created_at = message.created_at.max(last.created_at);
            message.id = self.ids.next(message.created_at);
            if last.id >= message.id {
                return Err(ApiError::bad_request("The clock of the server was set back"));
            }
        }
        let json = wire::message(&message);
        self.messages_by_local_id.insert(message.local_id.clone(), (room.id.clone(), message.id.clone()));
        let others = room.members.iter().map(|member| member.user.clone()).filter(|user| *user != message.sender);
        let event = Event::Message(IncomingMessage {
            room: room.id.clone(),
            message: message.id.clone(),
            author: message.sender.clone(),
            text: message.content.clone(),
            members: others.collect(),
        });
        let to = Target::Room(room.id.clone());
        let is_by_server = matches!(message.kind, MessageKind::Info | MessageKind::Call);
        self.quota.charge(message_bytes(&message));
        room.messages.push_back(message);
        if room.messages.len() > self.limits.messages
            && let Some(oldest) = room.messages.pop_front()
        {
            self.messages_by_local_id.remove(&oldest.local_id);
            self.quota.mark_freed();
        }
        self.emit(to, "v1OnNewMessage", json.clone());
        if !is_by_server {
            self.notify_demo(event);
        }
        Ok(json)
    }
}

/// The receipts of a new message: one per recipient in groups and broadcasts, none in direct rooms, where the message
/// itself has the two times.
fn new_receipts(room: &Room, sender: &str) -> Vec<Receipt> {
    let recipients: Vec<&Id> = match room.kind {
        RoomKind::Group => room.members.iter().map(|member| &member.user).collect(),
        RoomKind::Broadcast => room.recipients.iter().map(|(user, _)| user).collect(),
        RoomKind::Single | RoomKind::Order => Vec::new(),
    };
    let others = recipients.into_iter().filter(|user| *user != sender);
    others.map(|user| Receipt { user: user.clone(), delivered_at: None, seen_at: None }).collect()
}
