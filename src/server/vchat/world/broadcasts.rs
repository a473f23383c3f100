//! Broadcasts (protocol note §2.5): one room of its creator's, whose messages go out as copies to each of its audience.

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::server::clock::rfc3339;
use crate::server::vchat::model::{Id, Kind, Me, Role, Room};
use crate::server::vchat::refusal::{Answer, Refusal};
use crate::server::vchat::wire;

use super::groups::{Info, NewRoom};
use super::listing::{Filter, page};
use super::state::World;

/// Whom one message may go to; the note has no number, a server in memory needs one.
const LARGEST: usize = 512;

impl World {
    /// Row 48.
    pub(crate) fn create_broadcast(&mut self, now: Timestamp, me: &Me, new: NewRoom) -> Answer<Value> {
        if new.title.trim().is_empty() {
            return Err(Refusal::bad("broadcastName should not be empty"));
        }
        self.all_named(&me.user, &new.identifiers)?;
        self.room_for_room(1 + new.identifiers.len())?;
        let mut room = self.empty_room(now, Kind::Broadcast, &me.user);
        room.title = new.title;
        room.image = new.image.unwrap_or(room.image);
        room.members.push(self.member(now, &me.user, Role::SuperAdmin, false));
        let id = self.open(room);
        self.add_audience(now, me, &id, &new.identifiers)?;
        self.shown(&me.user, &id)
    }

    fn broadcast(&mut self, me: &Me, id: &str) -> Answer<&mut Room> {
        self.room_like(Kind::Broadcast, &me.user, id)
    }

    /// Row 51. Each is told in their single room with the sender: the broadcast's own room is nothing they see. With
    /// whom there is a ban, they are added and not told.
    pub(crate) fn add_audience(&mut self, now: Timestamp, me: &Me, id: &str, identifiers: &[String]) -> Answer<Value> {
        self.broadcast(me, id)?;
        let mut new = self.all_named(&me.user, identifiers)?;
        let room = self.broadcast(me, id)?;
        new.retain(|user| room.audience.iter().all(|(known, _)| known != user));
        if room.audience.len() + new.len() > LARGEST {
            return Err(Refusal::bad(format!("A broadcast has at most {LARGEST} members")));
        }
        room.audience.extend(new.iter().map(|user| (user.clone(), now)));
        let title = room.title.clone();
        for user in new {
            if !self.is_banned(&me.user, &user) {
                let single = self.direct(now, &me.user, &user)?;
                self.info(now, me, &single, &Info { action: "addToBroadcast", name: &title, id })?;
            }
        }
        Ok("Members added".into())
    }

    /// Row 49.
    pub(crate) fn broadcast_info(&mut self, me: &Me, id: &str) -> Answer<Value> {
        let room = self.broadcast(me, id)?;
        let settings = json!({ "cId": room.creator, "createdAt": rfc3339(room.created_at) });
        Ok(json!({ "totalUsers": room.audience.len(), "broadcastSettings": settings }))
    }

    /// Row 50.
    pub(crate) fn audience(&mut self, me: &Me, id: &str, filter: &Filter) -> Answer<Value> {
        let audience = self.broadcast(me, id)?.audience.clone();
        let shown = audience.iter().filter_map(|(user, since)| {
            let user = self.users.get(user).filter(|user| filter.fits(&[user.shown()]))?;
            Some(json!({ "userData": wire::user(user), "createdAt": rfc3339(*since) }))
        });
        Ok(page(shown.collect(), filter.page, filter.small()))
    }

    /// Row 52, as it is meant. The SDK sends the literal `{peerId}`, which names nobody: 404.
    pub(crate) fn remove_audience(&mut self, me: &Me, id: &str, identifier: &str) -> Answer<Value> {
        self.broadcast(me, id)?;
        let missing = || Refusal::missing("The user is not a member of the broadcast");
        let user = self.named(identifier).map_err(|_| missing())?.id.clone();
        let audience = &mut self.broadcast(me, id)?.audience;
        let before = audience.len();
        audience.retain(|(known, _)| *known != user);
        if audience.len() == before { Err(missing()) } else { Ok("Member removed".into()) }
    }

    /// Row 55.
    pub(crate) fn audience_to_add(&mut self, me: &Me, id: &str, filter: &Filter) -> Answer<Value> {
        let known: Vec<Id> = self.broadcast(me, id)?.audience.iter().map(|(user, _)| user.clone()).collect();
        Ok(self.people_but(me, &known, filter))
    }
}
