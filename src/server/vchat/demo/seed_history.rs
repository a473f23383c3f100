//! Writes the people, rooms and histories of the script into the world, through the same requests that clients make,
//! with times in the past.

use std::collections::HashMap;
use std::io;

use fastrand::Rng;
use serde_json::Value;

use crate::domain::{HOUR, MINUTE, SECOND, Timestamp};
use crate::server::demo::{
    GUEST, Roster, Scheduler, Script, ScriptRoom, creation_time, dated_lines, expand_line_breaks, free_username,
    guest_key,
};
use crate::server::files::FileStore;
use crate::server::vchat::error::{ApiError, ApiResult};
use crate::server::vchat::hub::describe_upload;
use crate::server::vchat::model::{Actor, Id};
use crate::server::vchat::world::{NewOrder, NewRoom, RoomSetting, World};

use super::actions::{VChatDemo, VChatScheduler};
use super::attachments::Outgoing;
use super::rooms_file::{MarkedLine, RoomsFile, ScriptSettings};

/// Device of every scripted person.
const DEVICE: &str = "demo";
/// Platforms of the scripted people, in turn.
const PLATFORMS: [&str; 6] = ["android", "ios", "web", "linux", "windows", "macOs"];

/// Returns a scripted person as the actor of a request.
pub(super) fn actor(user: &str) -> Actor {
    Actor { user: user.to_owned(), device: DEVICE.to_owned() }
}

/// Writes the script into `world` and returns the scheduler of its people. `files` are the file store and the base URL
/// of the server.
pub(crate) fn seed_history(
    world: &mut World,
    files: (&mut FileStore, &str),
    now: Timestamp,
    seed: u64,
    guests: &[String],
) -> io::Result<VChatScheduler> {
    let mut script = Script::load().map_err(io::Error::other)?;
    script.invite(guests);
    let rooms_file = RoomsFile::load(&script).map_err(io::Error::other)?;
    let mut rng = Rng::with_seed(seed);
    let seeder = Seeder { world, files, now, rng: &mut rng, script: &script, roster: Roster::default() };
    let (roster, rooms) = seeder.write(&rooms_file, guests).map_err(|error| io::Error::other(error.message))?;
    Ok(Scheduler::new(script, &roster, rooms, rng, VChatDemo::default()))
}

struct Seeder<'a> {
    world: &'a mut World,
    files: (&'a mut FileStore, &'a str),
    now: Timestamp,
    rng: &'a mut Rng,
    script: &'a Script,
    roster: Roster,
}

/// A text field of an answer.
fn text(answer: &Value, field: &str) -> String {
    answer.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
}

impl Seeder<'_> {
    /// Writes everything. Returns the ids of the people, and those of the rooms by their keys in the script.
    fn write(mut self, file: &RoomsFile, guests: &[String]) -> ApiResult<(Roster, HashMap<String, Id>)> {
        self.create_people(file, guests);
        // The broadcast comes first: its copies are older than the other messages of the direct rooms.
        self.create_broadcast(file)?;
        let mut rooms = HashMap::new();
        for room in &file.rooms {
            let id = self.create_room(room, &file.settings(&room.key))?;
            rooms.insert(room.key.clone(), id);
        }
        for id in self.roster.ids() {
            self.world.on_disconnected(self.now + -HOUR, &actor(id), None);
        }
        // Nobody is connected yet who could receive the events.
        drop(self.world.take_effects());
        Ok((self.roster, rooms))
    }

    fn create_people(&mut self, file: &RoomsFile, guests: &[String]) {
        let broadcast = self.now + -(file.broadcast.starts_hours_ago + 1) * HOUR;
        let created = creation_time(file.rooms.iter(), self.now).min(broadcast);
        for (index, guest) in guests.iter().enumerate() {
            // The guests have no display name yet: logging in sets one.
            let id = self.world.find_or_create_user(created, guest, None);
            self.roster.insert(&guest_key(index), id);
        }
        for (person, platform) in self.script.people.iter().zip(PLATFORMS.into_iter().cycle()) {
            let identifier = free_username(person, self.world.user_by_identifier(&person.username).is_ok());
            let id = self.world.find_or_create_user(created, &identifier, Some(&person.name));
            self.world.add_device(&actor(&id), platform);
            self.roster.insert(&person.username, id);
        }
        // Only a connected user can call or be called.
        for id in self.roster.ids() {
            self.world.on_connected(created, &actor(id));
        }
    }

    fn actor(&self, username: &str) -> ApiResult<Actor> {
        self.roster.id(username).map(|id| actor(id)).map_err(ApiError::not_found)
    }

    fn identifier(&self, username: &str) -> ApiResult<String> {
        Ok(self.world.user(&self.actor(username)?.user)?.identifier.clone())
    }

    /// Identifier of the person in a direct room.
    fn peer(&self, room: &ScriptRoom) -> ApiResult<String> {
        self.identifier(room.members.first().map_or(GUEST, String::as_str))
    }

    fn create_room(&mut self, room: &ScriptRoom, settings: &ScriptSettings) -> ApiResult<Id> {
        let guest = self.actor(GUEST)?;
        let created = room.start_time(self.now);
        let id = match (&room.title, &settings.order_id) {
            (Some(title), _) => self.create_group(room, settings, title)?,
            (None, Some(order)) => {
                let (peer, title) = (self.peer(room)?, settings.order_title.clone());
                let new = NewOrder { peer, id: order.clone(), title, ..NewOrder::default() };
                text(&self.world.order_room(created, &guest, new)?, "rId")
            }
            (None, None) => {
                let peer = self.peer(room)?;
                text(&self.world.peer_room(created, &guest, &peer)?, "rId")
            }
        };
        let lines = dated_lines(self.rng, room, self.now);
        let seen = lines.len().saturating_sub(room.unread);
        let mut previous = None;
        for (index, (line, at)) in lines.iter().enumerate() {
            if index == seen {
                self.mark_all_seen(&id, room, *at)?;
            }
            previous = self.write_message(&id, room, &MarkedLine::parse(line), *at, previous)?;
        }
        if room.unread == 0 {
            self.mark_all_seen(&id, room, room.end_time(self.now) + SECOND)?;
        }
        self.world.set_room_setting(&guest, &id, RoomSetting::Muted(settings.muted))?;
        self.world.set_room_setting(&guest, &id, RoomSetting::Archived(settings.archived))?;
        Ok(id)
    }

    /// Marks all messages of a room as delivered to and seen by everybody.
    fn mark_all_seen(&mut self, id: &str, room: &ScriptRoom, at: Timestamp) -> ApiResult<()> {
        for username in room.members.iter().map(String::as_str).chain([GUEST]) {
            let actor = self.actor(username)?;
            self.world.mark_delivered(at, &actor, id)?;
            self.world.mark_seen(at, &actor, id)?;
        }
        Ok(())
    }

    fn create_group(&mut self, room: &ScriptRoom, settings: &ScriptSettings, title: &str) -> ApiResult<Id> {
        let created = room.start_time(self.now);
        let owner = settings.owner.as_deref().or(room.members.first().map(String::as_str)).unwrap_or(GUEST);
        let owner_actor = self.actor(owner)?;
        let mut identifiers = vec![self.identifier(GUEST)?];
        for username in room.members.iter().filter(|username| *username != owner) {
            identifiers.push(self.identifier(username)?);
        }
        let new = NewRoom {
            identifiers,
            title: title.to_owned(),
            description: settings.description.clone(),
            ..NewRoom::default()
        };
        let id = text(&self.world.create_group(created, &owner_actor, new)?, "rId");
        for username in &settings.admins {
            let identifier = self.identifier(username)?;
            self.world.set_role(created + SECOND, &owner_actor, &id, &identifier, "admin")?;
        }
        Ok(id)
    }

    fn create_broadcast(&mut self, file: &RoomsFile) -> ApiResult<()> {
        let (guest, created) = (self.actor(GUEST)?, self.now + -file.broadcast.starts_hours_ago * HOUR);
        let mut identifiers = Vec::new();
        for username in &file.broadcast.members {
            identifiers.push(self.identifier(username)?);
        }
        let new = NewRoom { identifiers, title: file.broadcast.title.clone(), ..NewRoom::default() };
        let room = text(&self.world.create_broadcast(created, &guest, new)?, "rId");
        for line in &file.broadcast.lines {
            let message = Outgoing::text(line).into_message(self.world.new_local_id(), None);
            self.world.send_message(created + MINUTE, &guest, &room, &message)?;
        }
        Ok(())
    }

    /// Writes the message of a line. `previous` is the `lId` of the message before it; returns that of this message.
    fn write_message(
        &mut self,
        id: &str,
        room: &ScriptRoom,
        line: &MarkedLine<'_>,
        at: Timestamp,
        previous: Option<String>,
    ) -> ApiResult<Option<String>> {
        let actor = self.actor(line.author)?;
        let words = expand_line_breaks(line.text);
        let (marker, argument) = line.marker.unwrap_or(("", ""));
        let mut outgoing = match marker {
            "call" => {
                self.write_call(id, room, line.author, argument, at)?;
                return Ok(previous);
            }
            "file" | "video" => Outgoing::file(self.script, argument).unwrap_or_default(),
            "voice" => Outgoing::voice(argument.parse().unwrap_or(1)),
            "location" => {
                let mut parts = argument.split(';');
                let mut part = || parts.next().unwrap_or_default();
                Outgoing::location(part(), part(), part())
            }
            "custom" => Outgoing::custom(),
            _ => Outgoing::text(&words),
        };
        if !words.is_empty() {
            outgoing.message.content.clone_from(&words);
        }
        match marker {
            "reply" => outgoing.message.reply_to = previous,
            "forward" => {
                outgoing.message.content = "↪".to_owned();
                outgoing.message.forward_of = previous;
            }
            _ => {}
        }
        let file = outgoing.upload.take().map(|upload| {
            let id = self.world.new_id(at);
            let file = describe_upload(&id, self.files.1, &upload);
            self.files.0.insert(id, upload);
            file
        });
        let message = outgoing.into_message(self.world.new_local_id(), file);
        let sent = self.world.send_message(at, &actor, id, &message)?;
        if marker == "deleted" {
            self.world.delete_for_all(at + SECOND, &actor, id, &text(&sent, "_id"))?;
        }
        Ok(Some(message.local_id))
    }

    /// Writes a call that ended with `outcome`: `rejected`, `finished` or `timeout`.
    fn write_call(
        &mut self,
        id: &str,
        room: &ScriptRoom,
        username: &str,
        outcome: &str,
        at: Timestamp,
    ) -> ApiResult<()> {
        let caller = self.actor(username)?;
        let callee = if username == GUEST { room.members.first().map_or(GUEST, String::as_str) } else { GUEST };
        let callee = self.actor(callee)?;
        let call = text(&self.world.start_call(at, &caller, id, false, Value::Null, "agora")?, "meetId");
        // Errors do not matter: with a very short ring timeout, the call has timed out already.
        let _ = match outcome {
            "rejected" => self.world.reject_call(at + 5 * SECOND, &callee, &call).map(drop),
            "finished" => {
                let accepted = self.world.accept_call(at + 4 * SECOND, &callee, &call, &Value::Null);
                accepted.and_then(|_| self.world.end_call(at + 3 * MINUTE, &caller, &call)).map(drop)
            }
            _ => Ok(()),
        };
        self.world.tick(at + self.world.ring_timeout());
        Ok(())
    }
}

#[cfg(test)]
#[path = "seed_history_tests.rs"]
mod tests;
