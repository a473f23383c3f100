//! What the world consists of, and how its parts find each other.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use serde_json::Value;

use crate::domain::Timestamp;
use crate::server::demo::{Event, IncomingMessage};
use crate::server::limits::StorageLimits;
use crate::server::quota::Quota;
use crate::server::vchat::ids::Ids;
use crate::server::vchat::model::{Device, Id, Images, Kind, Me, Member, Message, Role, Room, Sort, Status, User};
use crate::server::vchat::news::{CallEvent, News, To};
use crate::server::vchat::refusal::{Answer, Refusal};
use crate::server::vchat::secret::Secret;
use crate::server::vchat::wire;

use super::calls::Call;
use super::caps;

/// `plm` of what is said without a device.
const SERVER_PLATFORM: &str = "other";

/// The chat service.
#[derive(Debug)]
pub(crate) struct World {
    pub(super) ids: Ids,
    pub(super) secret: Secret,
    /// The address under which the server is reached, for the addresses of pictures.
    base: String,
    pub(super) users: BTreeMap<Id, User>,
    pub(super) identifiers: HashMap<String, Id>,
    pub(super) devices: BTreeMap<(Id, String), Device>,
    /// How many connections a user has on a device; none is no entry. Apart from the devices, since a connection may
    /// outlive its login.
    pub(super) connections: BTreeMap<(Id, String), usize>,
    pub(super) rooms: HashMap<Id, Room>,
    /// The direct room of two users, the smaller id first.
    pub(super) pairs: HashMap<(Id, Id), Id>,
    /// The room of an order.
    pub(super) orders: HashMap<String, Id>,
    /// Where the message with an `lId` is: room and `_id`.
    pub(super) locals: HashMap<String, (Id, Id)>,
    /// Who has banned whom.
    pub(super) bans: HashSet<(Id, Id)>,
    pub(super) calls: BTreeMap<Id, Call>,
    /// How long a call rings, in milliseconds.
    pub(super) ring: i64,
    pub(super) kept: StorageLimits,
    pub(super) quota: Quota,
    news: Vec<News>,
}

impl World {
    /// A service without users, reached at `base`, whose hash key is `key` and whose calls ring for `ring`
    /// milliseconds.
    pub(crate) fn new(seed: u64, key: &str, base: &str, ring: i64) -> Self {
        Self {
            ids: Ids::new(seed),
            secret: Secret::new(key),
            base: base.to_owned(),
            users: BTreeMap::new(),
            identifiers: HashMap::new(),
            devices: BTreeMap::new(),
            connections: BTreeMap::new(),
            rooms: HashMap::new(),
            pairs: HashMap::new(),
            orders: HashMap::new(),
            locals: HashMap::new(),
            bans: HashSet::new(),
            calls: BTreeMap::new(),
            ring,
            kept: StorageLimits::default(),
            quota: Quota::new(StorageLimits::default().bytes),
            news: Vec::new(),
        }
    }

    /// The same, keeping no more than `kept`.
    pub(crate) fn keeping(self, kept: &StorageLimits) -> Self {
        Self { quota: Quota::new(kept.bytes), kept: kept.clone(), ..self }
    }

    /// What is to be told since this was last asked for.
    pub(crate) fn take_news(&mut self) -> Vec<News> {
        std::mem::take(&mut self.news)
    }

    /// A fresh id.
    pub(crate) fn id(&mut self, now: Timestamp) -> Id {
        self.ids.next(now)
    }

    /// A fresh `lId`.
    pub(crate) fn local(&mut self) -> String {
        self.ids.local()
    }

    /// The picture of those who have none.
    pub(super) fn no_image(&self) -> String {
        format!("{}/default_user_image.png", self.base)
    }

    pub(super) fn no_images(&self) -> Images {
        Images::same(&self.no_image())
    }

    pub(super) fn tell(&mut self, to: To, event: &'static str, arg: Value) {
        self.news.push(News::Event { to, event, arg });
    }

    pub(super) fn join(&mut self, user: &Id, room: &Id) {
        self.news.push(News::Join(user.clone(), room.clone()));
    }

    pub(super) fn leave(&mut self, user: &Id, room: &Id) {
        self.news.push(News::Leave(user.clone(), room.clone()));
    }

    pub(super) fn cue(&mut self, cue: Event<CallEvent>) {
        self.news.push(News::Cue(cue));
    }

    /// The user called `id`.
    pub(crate) fn user(&self, id: &str) -> Answer<&User> {
        self.users.get(id).ok_or_else(|| Refusal::missing("User not found"))
    }

    /// The user whom the host system calls `identifier`.
    pub(crate) fn named(&self, identifier: &str) -> Answer<&User> {
        let id = self.identifiers.get(identifier).ok_or_else(|| Refusal::missing("User not found"))?;
        self.user(id)
    }

    /// The ids behind `identifiers`, each once, without `me`.
    pub(super) fn all_named(&self, me: &str, identifiers: &[String]) -> Answer<Vec<Id>> {
        let mut ids = Vec::new();
        for identifier in identifiers {
            let id = self.named(identifier)?.id.clone();
            if id == me {
                return Err(Refusal::bad("You can not add yourself"));
            }
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        if ids.is_empty() {
            return Err(Refusal::bad("identifiers should not be empty"));
        }
        Ok(ids)
    }

    /// The room called `id`, of which `user` is a member.
    pub(crate) fn room_of(&self, user: &str, id: &str) -> Answer<&Room> {
        let room = self.rooms.get(id).filter(|room| room.member(user).is_some());
        room.ok_or_else(Refusal::no_access)
    }

    pub(super) fn room_mut(&mut self, user: &str, id: &str) -> Answer<&mut Room> {
        let room = self.rooms.get_mut(id).filter(|room| room.member(user).is_some());
        room.ok_or_else(Refusal::no_access)
    }

    /// A room of `kind` that `user` is a member of.
    pub(super) fn room_like(&mut self, kind: Kind, user: &str, id: &str) -> Answer<&mut Room> {
        let room = self.room_mut(user, id)?;
        if room.kind == kind { Ok(room) } else { Err(Refusal::missing("There is no such room of this type")) }
    }

    /// The row of `user` in a room.
    pub(super) fn member_mut(&mut self, user: &str, id: &str) -> Answer<&mut Member> {
        self.room_mut(user, id)?.member_mut(user).ok_or_else(Refusal::no_access)
    }

    /// A new member's row. What was said before is seen.
    pub(super) fn member(&mut self, now: Timestamp, user: &str, role: Role, hidden: bool) -> Member {
        Member {
            row: self.ids.next(now),
            user: user.to_owned(),
            role,
            hidden,
            archived: false,
            muted: false,
            one_seen: false,
            nick: None,
            translate_to: None,
            seen_to: self.ids.next(now),
        }
    }

    /// A new room in the world; whoever is connected hears it at once.
    pub(super) fn open(&mut self, room: Room) -> Id {
        let id = room.id.clone();
        let members: Vec<Id> = room.members.iter().map(|member| member.user.clone()).collect();
        self.rooms.insert(id.clone(), room);
        for user in members {
            self.join(&user, &id);
        }
        id
    }

    /// A room without anybody.
    pub(super) fn empty_room(&mut self, now: Timestamp, kind: Kind, creator: &str) -> Room {
        Room {
            id: self.ids.next(now),
            kind,
            creator: creator.to_owned(),
            created_at: now,
            title: String::new(),
            image: self.no_image(),
            members: Vec::new(),
            audience: Vec::new(),
            messages: VecDeque::new(),
            description: None,
            extra: None,
            order: None,
        }
    }

    /// Puts a message into its room: it surfaces for all members, and everybody there hears of it, its sender
    /// included (§2.3.1 rule 5). Answers with the message as JSON.
    pub(super) fn store(&mut self, mut message: Message) -> Answer<Value> {
        let room = self.rooms.get_mut(&message.room).ok_or_else(Refusal::no_access)?;
        for member in &mut room.members {
            member.hidden = false;
        }
        // Ids within a room ascend whatever the clock does: they are found by bisection.
        if let Some(last) = room.messages.back().filter(|last| last.id >= message.id) {
            message.created_at = message.created_at.max(last.created_at);
            message.id = self.ids.next(message.created_at);
            if last.id >= message.id {
                return Err(Refusal::bad("the clock went backwards"));
            }
        }
        let json = wire::message(&message);
        self.locals.insert(message.local.clone(), (room.id.clone(), message.id.clone()));
        let others = room.members.iter().map(|member| member.user.clone()).filter(|user| *user != message.sender);
        let cue = Event::Message(IncomingMessage {
            room: room.id.clone(),
            message: message.id.clone(),
            author: message.sender.clone(),
            text: message.content.clone(),
            members: others.collect(),
        });
        let to = To::Room(room.id.clone());
        let by_server = matches!(message.sort, Sort::Info | Sort::Call);
        self.quota.charge(caps::cost(&message));
        room.messages.push_back(message);
        if room.messages.len() > self.kept.messages
            && let Some(oldest) = room.messages.pop_front()
        {
            self.locals.remove(&oldest.local);
            self.quota.mark_freed();
        }
        self.tell(to, "v1OnNewMessage", json.clone());
        if !by_server {
            self.cue(cue);
        }
        Ok(json)
    }

    /// A message of `me` in a room, with nothing in it yet.
    pub(super) fn blank(
        &mut self,
        now: Timestamp,
        me: &Me,
        room: &str,
        sort: Sort,
        content: impl Into<String>,
    ) -> Answer<Message> {
        let user = self.user(&me.user)?;
        let (identifier, name, image) = (user.identifier.clone(), user.shown().to_owned(), user.images.small.clone());
        let device = self.devices.get(&(me.user.clone(), me.device.clone()));
        let platform = device.map_or(SERVER_PLATFORM, |device| &device.platform).to_owned();
        let room = self.rooms.get(room).ok_or_else(Refusal::no_access)?;
        let one_seen = room.member(&me.user).is_some_and(|member| member.one_seen);
        // Rows of their own for each member only where one pair of dates would not do.
        let rows: Vec<Id> = match room.kind {
            Kind::Group => room.members.iter().map(|member| member.user.clone()).collect(),
            Kind::Broadcast => room.audience.iter().map(|(user, _)| user.clone()).collect(),
            Kind::Single | Kind::Order => Vec::new(),
        };
        let statuses = rows.into_iter().filter(|user| *user != me.user);
        let statuses = statuses.map(|user| Status { user, delivered: None, seen: None }).collect();
        let room = room.id.clone();
        Ok(Message {
            id: self.ids.next(now),
            room,
            sender: me.user.clone(),
            sender_identifier: identifier,
            sender_name: name,
            sender_image: image,
            platform,
            content: content.into(),
            encrypted: false,
            sort,
            attachment: Value::Null,
            reply: Value::Null,
            seen: None,
            delivered: None,
            forward_of: None,
            deleted: None,
            parent: None,
            gone_for: Vec::new(),
            stars: Vec::new(),
            local: self.ids.local(),
            link: Value::Null,
            peer: Value::Null,
            mentions: Vec::new(),
            one_seen,
            one_seen_by: Vec::new(),
            created_at: now,
            updated_at: now,
            statuses,
        })
    }
}
