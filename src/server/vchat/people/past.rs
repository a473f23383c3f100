//! What happened before the guest came: the people, the rooms and their history, brought about by the same requests
//! that clients make, at past times.

use std::collections::HashMap;
use std::io;

use fastrand::Rng;
use serde_json::Value;

use crate::domain::{HOUR, MINUTE, SECOND, Timestamp};
use crate::server::files::FileStore;
use crate::server::script::{Book, Scene, times};
use crate::server::vchat::hub::described;
use crate::server::vchat::model::{Id, Me};
use crate::server::vchat::refusal::{Answer, Refusal};
use crate::server::vchat::world::{NewOrder, NewRoom, Setting as Own, World};

use super::book::{Setting, Spoken, Staging};
use super::props::Prop;
use super::stage::Stage;

/// The device of those who are played.
const DEVICE: &str = "stage";

/// Somebody who is played.
pub(super) fn actor(user: &str) -> Me {
    Me { user: user.to_owned(), device: DEVICE.to_owned() }
}

/// Puts the people, their rooms and their history into `world`, and hands out the play.
pub(crate) fn enter(
    world: &mut World,
    files: (&mut FileStore, &str),
    now: Timestamp,
    seed: u64,
    guest: &str,
) -> io::Result<Stage> {
    let book = Book::open().map_err(io::Error::other)?;
    let staging = Staging::open(&book).map_err(io::Error::other)?;
    let mut rng = Rng::with_seed(seed);
    let past = Past { world, files, now, rng: &mut rng, book: &book, ids: HashMap::new() };
    let (ids, rooms) = past.write(&staging, guest).map_err(|refusal| io::Error::other(refusal.why))?;
    // Nobody was there to hear of it.
    drop(world.take_news());
    Ok(Stage::new(book, &ids, rooms, rng))
}

struct Past<'a> {
    world: &'a mut World,
    files: (&'a mut FileStore, &'a str),
    now: Timestamp,
    rng: &'a mut Rng,
    book: &'a Book,
    ids: HashMap<String, Id>,
}

type Names = HashMap<String, Id>;

/// A text of an answer.
fn text(answer: &Value, field: &str) -> String {
    answer.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
}

impl Past<'_> {
    /// The ids of the people and of the rooms, by their names in the script.
    fn write(mut self, staging: &Staging, guest: &str) -> Answer<(Names, Names)> {
        let hours = staging.rooms.iter().map(|scene| scene.hours).chain([staging.broadcast.hours]);
        let begin = hours.max().unwrap_or_default();
        let begin = self.now + -(begin + 1) * HOUR;
        // The guest has no name yet: the one that they log in with is filled in.
        let id = self.world.introduce(begin, guest, None);
        self.ids.insert("guest".to_owned(), id);
        let platforms = ["android", "ios", "web", "linux", "windows", "macOs"];
        let book = self.book;
        for (part, platform) in book.people.iter().zip(platforms.into_iter().cycle()) {
            // A guest who calls themselves as one of the people do is somebody else all the same.
            let taken = self.world.named(&part.username).is_ok();
            let identifier = if taken { format!("{}-2", part.username) } else { part.username.clone() };
            let id = self.world.introduce(begin, &identifier, Some(&part.name));
            self.world.equip(&actor(&id), platform);
            self.ids.insert(part.username.clone(), id);
        }
        // Whoever calls has to be there.
        for id in self.ids.values() {
            self.world.came(begin, &actor(id));
        }
        // First, so that its copies come before what was said in the single rooms.
        self.broadcast(staging)?;
        let mut rooms = HashMap::new();
        for scene in &staging.rooms {
            let room = self.room(scene, &staging.setting(&scene.key))?;
            rooms.insert(scene.key.clone(), room);
        }
        for id in self.ids.values() {
            self.world.left(self.now + -HOUR, &actor(id), None);
        }
        Ok((self.ids, rooms))
    }

    fn actor(&self, who: &str) -> Answer<Me> {
        let id = self.ids.get(who);
        id.map(|id| actor(id)).ok_or_else(|| Refusal::missing(format!("the script does not introduce {who}")))
    }

    /// The host's key for somebody of the script.
    fn identifier(&self, who: &str) -> Answer<String> {
        Ok(self.world.user(&self.actor(who)?.user)?.identifier.clone())
    }

    fn room(&mut self, scene: &Scene, setting: &Setting) -> Answer<Id> {
        let begin = self.now + -scene.hours * HOUR;
        let guest = self.actor("guest")?;
        let room = match (&scene.title, &setting.order) {
            (Some(title), _) => self.group(begin, scene, setting, title)?,
            (None, Some(order)) => {
                let peer = self.identifier(scene.members.first().map_or("guest", String::as_str))?;
                let title = setting.title.clone();
                let new = NewOrder { peer, id: order.clone(), title, ..NewOrder::default() };
                text(&self.world.order_room(begin, &guest, new)?, "rId")
            }
            (None, None) => {
                let peer = self.identifier(scene.members.first().map_or("guest", String::as_str))?;
                text(&self.world.peer_room(begin, &guest, &peer)?, "rId")
            }
        };
        let conversations = scene.conversations();
        let count: usize = conversations.iter().map(Vec::len).sum();
        let times = times(self.rng, &conversations, begin, self.now + -scene.minutes * MINUTE);
        let mut last = None;
        for (nth, (line, at)) in conversations.concat().iter().zip(times).enumerate() {
            if nth + scene.unread == count {
                self.all_seen(&room, scene, at)?;
            }
            last = self.say(&room, scene, &Spoken::of(line), at, last)?;
        }
        if scene.unread == 0 {
            self.all_seen(&room, scene, self.now + -scene.minutes * MINUTE + SECOND)?;
        }
        self.world.set(&guest, &room, Own::Muted(setting.muted))?;
        self.world.set(&guest, &room, Own::Archived(setting.archived))?;
        Ok(room)
    }

    /// Everybody has seen what is there.
    fn all_seen(&mut self, room: &str, scene: &Scene, at: Timestamp) -> Answer<()> {
        for who in scene.members.iter().map(String::as_str).chain(["guest"]) {
            let me = self.actor(who)?;
            self.world.deliver(at, &me, room)?;
            self.world.enter(at, &me, room)?;
        }
        Ok(())
    }

    fn group(&mut self, begin: Timestamp, scene: &Scene, setting: &Setting, title: &str) -> Answer<Id> {
        let owner = setting.owner.as_deref().or(scene.members.first().map(String::as_str)).unwrap_or("guest");
        let me = self.actor(owner)?;
        let mut identifiers = vec![self.identifier("guest")?];
        for who in scene.members.iter().filter(|who| *who != owner) {
            identifiers.push(self.identifier(who)?);
        }
        let new = NewRoom {
            identifiers,
            title: title.to_owned(),
            description: setting.description.clone(),
            ..NewRoom::default()
        };
        let room = text(&self.world.create_group(begin, &me, new)?, "rId");
        for who in &setting.admins {
            let identifier = self.identifier(who)?;
            self.world.set_role(begin + SECOND, &me, &room, &identifier, "admin")?;
        }
        Ok(room)
    }

    fn broadcast(&mut self, staging: &Staging) -> Answer<()> {
        let (me, begin) = (self.actor("guest")?, self.now + -staging.broadcast.hours * HOUR);
        let mut identifiers = Vec::new();
        for who in &staging.broadcast.members {
            identifiers.push(self.identifier(who)?);
        }
        let title = staging.broadcast.title.clone();
        let room = self.world.create_broadcast(begin, &me, NewRoom { identifiers, title, ..NewRoom::default() })?;
        for line in &staging.broadcast.lines {
            let draft = Prop::text(line).finished(self.world.local(), None);
            self.world.send(begin + MINUTE, &me, &text(&room, "rId"), &draft)?;
        }
        Ok(())
    }

    /// Says a line; answers with the `lId` of what was said. `last` is that of the line before.
    fn say(
        &mut self,
        room: &str,
        scene: &Scene,
        line: &Spoken<'_>,
        at: Timestamp,
        last: Option<String>,
    ) -> Answer<Option<String>> {
        let me = self.actor(line.who)?;
        let words = line.text.replace('⏎', "\n");
        let (trick, arg) = line.trick.unwrap_or(("", ""));
        let mut prop = match trick {
            "call" => {
                self.ring(room, scene, line.who, arg, at)?;
                return Ok(last);
            }
            "file" | "film" => Prop::file(self.book, arg).unwrap_or_default(),
            "voice" => Prop::voice(arg.parse().unwrap_or(1)),
            "place" => {
                let mut parts = arg.split(';');
                let mut part = || parts.next().unwrap_or_default();
                Prop::place(part(), part(), part())
            }
            "custom" => Prop::custom(),
            _ => Prop::text(&words),
        };
        if !words.is_empty() {
            prop.draft.content.clone_from(&words);
        }
        match trick {
            "reply" => prop.draft.reply_to = last,
            "forward" => {
                prop.draft.content = "↪".to_owned();
                prop.draft.forward_of = last;
            }
            _ => {}
        }
        let stored = prop.upload.take().map(|upload| {
            let id = self.world.id(at);
            let stored = described(&id, self.files.1, &upload);
            self.files.0.insert(id, upload);
            stored
        });
        let draft = prop.finished(self.world.local(), stored);
        let said = self.world.send(at, &me, room, &draft)?;
        if trick == "deleted" {
            self.world.delete_for_all(at + SECOND, &me, room, &text(&said, "_id"))?;
        }
        Ok(Some(draft.local))
    }

    /// A call that ended as `end` says.
    fn ring(&mut self, room: &str, scene: &Scene, who: &str, end: &str, at: Timestamp) -> Answer<()> {
        let me = self.actor(who)?;
        let other = if who == "guest" { scene.members.first().map_or("guest", String::as_str) } else { "guest" };
        let other = self.actor(other)?;
        let answer = self.world.call(at, &me, room, false, Value::Null, "agora")?;
        let meet = text(&answer, "meetId");
        // Where calls ring for a moment only, these have timed out already.
        let ended = match end {
            "rejected" => self.world.reject_call(at + 5 * SECOND, &other, &meet).map(drop),
            "finished" => {
                let accepted = self.world.accept_call(at + 4 * SECOND, &other, &meet, &Value::Null);
                accepted.and_then(|_| self.world.end_call(at + 3 * MINUTE, &me, &meet)).map(drop)
            }
            _ => Ok(()),
        };
        drop(ended);
        self.world.tick(at + self.world.rings_for());
        Ok(())
    }
}

#[cfg(test)]
#[path = "past_tests.rs"]
mod tests;
