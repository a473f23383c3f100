//! What happened before the guest came: the people, the rooms and their history, written into the world.

use std::collections::HashMap;
use std::io;

use fastrand::Rng;

use crate::domain::{HOUR, MINUTE, SECOND, Timestamp};
use crate::server::files::{FileStore, Upload};
use crate::server::minchat::model::{Id, Refusal};
use crate::server::minchat::talk::{Change, Draft};
use crate::server::minchat::tenant::{Facts, NewChat, NewUser, Tenant};
use crate::server::minchat::wire;

use crate::server::script::{Book, Line, Scene, times};

use super::stage::Stage;

/// Puts the people, their rooms and their history into `tenant`, and hands out the play.
pub(crate) fn enter(
    tenant: &mut Tenant,
    files: (&mut FileStore, &str),
    now: Timestamp,
    seed: u64,
    guest: &str,
) -> io::Result<Stage> {
    let book = Book::open().map_err(io::Error::other)?;
    let mut rng = Rng::with_seed(seed);
    let past = Past { tenant, files, now, rng: &mut rng, ids: HashMap::new() };
    let (ids, rooms) = past.write(&book, guest).map_err(|refusal| io::Error::other(refusal.message().to_owned()))?;
    Ok(Stage::new(book, &ids, rooms, rng))
}

struct Past<'a> {
    tenant: &'a mut Tenant,
    files: (&'a mut FileStore, &'a str),
    now: Timestamp,
    rng: &'a mut Rng,
    ids: HashMap<String, Id>,
}

type Names = HashMap<String, Id>;

impl Past<'_> {
    /// The ids of the people and of the rooms, by their names in the script.
    fn write(mut self, book: &Book, guest: &str) -> Result<(Names, Names), Refusal> {
        let begin = book.rooms.iter().map(|scene| scene.hours).max().unwrap_or_default();
        let begin = self.now + -(begin + 1) * HOUR;
        // The guest has no name yet: the one that they log in with is filled in.
        let new = NewUser { username: guest.to_owned(), facts: Facts::default() };
        let guest = self.tenant.create_user(begin, new)?;
        self.ids.insert("guest".to_owned(), guest);
        for part in &book.people {
            // A guest who calls themselves as one of the people do is somebody else all the same.
            let taken = self.tenant.user_named(&part.username).is_ok();
            let username = if taken { format!("{}-2", part.username) } else { part.username.clone() };
            let facts = Facts { name: Some(part.name.clone()), metadata: part.metadata.clone(), avatar: None };
            let id = self.tenant.create_user(begin, NewUser { username, facts })?;
            self.ids.insert(part.username.clone(), id);
        }
        let mut rooms = HashMap::new();
        for scene in &book.rooms {
            rooms.insert(scene.key.clone(), self.room(book, scene)?);
        }
        Ok((self.ids, rooms))
    }

    fn id(&self, who: &str) -> Result<Id, Refusal> {
        self.ids.get(who).cloned().ok_or_else(|| Refusal::invalid(format!("the script does not introduce {who}")))
    }

    fn room(&mut self, book: &Book, scene: &Scene) -> Result<Id, Refusal> {
        let mut members = vec![self.id("guest")?];
        for who in &scene.members {
            members.push(self.id(who)?);
        }
        let begin = self.now + -scene.hours * HOUR;
        let new = NewChat {
            members,
            group: scene.title.is_some(),
            title: scene.title.clone(),
            avatar: None,
            metadata: scene.metadata.clone(),
        };
        let chat = self.tenant.start_chat(begin, new)?;
        let conversations = scene.conversations();
        let count: usize = conversations.iter().map(Vec::len).sum();
        let times = times(self.rng, &conversations, begin, self.now + -scene.minutes * MINUTE);
        for (nth, (line, at)) in conversations.concat().iter().zip(times).enumerate() {
            let seen = nth + scene.unread < count;
            self.say(book, &chat, line, at, seen)?;
        }
        Ok(chat)
    }

    fn say(&mut self, book: &Book, chat: &str, line: &Line<'_>, at: Timestamp, seen: bool) -> Result<(), Refusal> {
        let file = line.file.and_then(|name| Some((name, book.files.get(name)?))).map(|(name, prop)| {
            let upload =
                Upload { name: Some(name.to_owned()), mime: Some(prop.mime.clone()), bytes: prop.bytes().into() };
            let id = self.tenant.ids.next(at);
            let file = wire::described(&upload, format!("{}/files/{id}", self.files.1));
            self.files.0.insert(id, upload);
            file
        });
        let draft = Draft {
            chat: chat.to_owned(),
            author: self.id(line.who)?,
            text: Some(line.text.replace('⏎', "\n")),
            file,
            metadata: None,
        };
        let (message, _) = self.tenant.send(at, draft)?;
        if line.edited {
            let text = Some(line.text.replace('⏎', "\n"));
            self.tenant.edit(at + 40 * SECOND, &message, Change { text, ..Change::default() })?;
        }
        if seen {
            self.tenant.see(at, &message, None)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::minchat::tenant::Kind;

    fn world(guest: &str) -> (Tenant, FileStore) {
        let (mut tenant, mut files) = (Tenant::new(Kind::Own, 1), FileStore::default());
        enter(&mut tenant, (&mut files, "http://h"), Timestamp(1_795_284_207_198), 1, guest).unwrap();
        (tenant, files)
    }

    #[test]
    fn the_guest_finds_rooms_with_a_past() {
        let (tenant, _) = world("sam");
        let sam = tenant.user_named("sam").unwrap();
        let chats = tenant.chats_of(&sam.id, 1, None).unwrap();
        assert!((5..=6).contains(&chats.total), "{}", chats.total);
        for chat in &chats.items {
            assert!(chat.messages.is_sorted_by_key(|message| message.created_at), "{:?}", chat.title);
            assert!(chat.messages.is_sorted_by_key(|message| &message.id), "{:?}", chat.title);
            assert!(chat.last_activity() < Timestamp(1_795_284_207_198));
        }
        assert!(chats.items.iter().any(|chat| chat.messages.len() >= 400));
        assert!(chats.items.iter().any(|chat| chat.messages.last().is_some_and(|last| !last.seen)));
        assert!(chats.items.iter().flat_map(|chat| &chat.messages).any(|message| message.file.is_some()));
    }

    #[test]
    fn the_same_seed_writes_the_same_past() {
        let (a, b) = (world("sam").0, world("sam").0);
        let sam = a.user_named("sam").unwrap().id.clone();
        assert_eq!(a.chats_of(&sam, 1, None), b.chats_of(&sam, 1, None));
    }

    #[test]
    fn a_guest_may_be_called_as_one_of_the_people() {
        let (tenant, _) = world("mara");
        assert_ne!(tenant.user_named("mara").unwrap().id, tenant.user_named("mara-2").unwrap().id);
    }

    #[test]
    fn the_guest_logs_in_with_a_name_of_their_own() {
        let (mut tenant, _) = world("sam");
        let facts = Facts { name: Some("Sam S".to_owned()), ..Facts::default() };
        let id = tenant.create_user(Timestamp(0), NewUser { username: "sam".to_owned(), facts }).unwrap();
        assert_eq!(tenant.user(&id).unwrap().shown(), "Sam S");
    }
}
