//! Writes the people, rooms and histories of the script into an app, before the first guest connects.

use std::collections::HashMap;
use std::io;

use fastrand::Rng;

use crate::domain::{SECOND, Timestamp};
use crate::server::demo::{
    GUEST, Line, Roster, Scheduler, Script, ScriptRoom, creation_time, dated_lines, expand_line_breaks, free_username,
    guest_key,
};
use crate::server::files::{FileStore, Upload};
use crate::server::minchat::messages::{MessageEdit, NewMessage};
use crate::server::minchat::model::{ApiError, Id, NewChat, NewUser, Profile};
use crate::server::minchat::tenant::Tenant;
use crate::server::minchat::wire;

use super::behaviour::MinChatDemo;

/// Writes the script into `tenant` and returns the scheduler of its people. `files` are the file store and the base
/// URL of the server.
pub(crate) fn seed_history(
    tenant: &mut Tenant,
    files: (&mut FileStore, &str),
    now: Timestamp,
    seed: u64,
    guests: &[String],
) -> io::Result<Scheduler<MinChatDemo>> {
    let mut script = Script::load().map_err(io::Error::other)?;
    script.invite(guests);
    let mut rng = Rng::with_seed(seed);
    let seeder = Seeder { tenant, files, now, rng: &mut rng, script: &script, roster: Roster::default() };
    let seeded = seeder.write(guests).map_err(|refusal| io::Error::other(refusal.message().to_owned()));
    let (roster, rooms) = seeded?;
    Ok(Scheduler::new(script, &roster, rooms, rng, MinChatDemo))
}

struct Seeder<'a> {
    tenant: &'a mut Tenant,
    files: (&'a mut FileStore, &'a str),
    now: Timestamp,
    rng: &'a mut Rng,
    script: &'a Script,
    roster: Roster,
}

impl Seeder<'_> {
    /// Writes everything. Returns the ids of the people, and those of the rooms by their keys in the script.
    fn write(mut self, guests: &[String]) -> Result<(Roster, HashMap<String, Id>), ApiError> {
        let created = creation_time(self.script.rooms.iter(), self.now);
        for (index, guest) in guests.iter().enumerate() {
            // The guests have no display name yet: logging in sets one.
            let new = NewUser { username: guest.clone(), profile: Profile::default() };
            let id = self.tenant.create_user(created, new)?;
            self.roster.insert(&guest_key(index), id);
        }
        for person in &self.script.people {
            let username = free_username(person, self.tenant.user_by_username(&person.username).is_ok());
            let profile = Profile { name: Some(person.name.clone()), metadata: person.metadata.clone(), avatar: None };
            let id = self.tenant.create_user(created, NewUser { username, profile })?;
            self.roster.insert(&person.username, id);
        }
        let mut rooms = HashMap::new();
        for room in &self.script.rooms {
            rooms.insert(room.key.clone(), self.create_room(room)?);
        }
        Ok((self.roster, rooms))
    }

    fn id(&self, username: &str) -> Result<Id, ApiError> {
        self.roster.id(username).cloned().map_err(ApiError::BadRequest)
    }

    fn create_room(&mut self, room: &ScriptRoom) -> Result<Id, ApiError> {
        let mut members = vec![self.id(GUEST)?];
        for username in &room.members {
            members.push(self.id(username)?);
        }
        let new = NewChat {
            members,
            is_group: room.title.is_some(),
            title: room.title.clone(),
            avatar: None,
            metadata: room.metadata.clone(),
        };
        let chat = self.tenant.start_chat(room.start_time(self.now), new)?;
        let lines = dated_lines(self.rng, room, self.now);
        let seen = lines.len().saturating_sub(room.unread);
        for (index, (line, at)) in lines.iter().enumerate() {
            self.write_message(&chat, line, *at, index < seen)?;
        }
        Ok(chat)
    }

    fn write_message(&mut self, chat: &str, line: &Line<'_>, at: Timestamp, is_seen: bool) -> Result<(), ApiError> {
        let named = line.file.and_then(|name| Some((name, self.script.files.get(name)?)));
        let file = named.map(|(name, file)| {
            let (name, mime) = (Some(name.to_owned()), Some(file.mime.clone()));
            let upload = Upload { name, mime, bytes: file.bytes().into() };
            let id = self.tenant.ids.next(at);
            let file = wire::describe_file(&upload, format!("{}/files/{id}", self.files.1));
            self.files.0.insert(id, upload);
            file
        });
        let text = Some(expand_line_breaks(line.text));
        let author = self.id(line.author)?;
        let new = NewMessage { chat: chat.to_owned(), author, text: text.clone(), file, metadata: None };
        let (message, _) = self.tenant.send_message(at, new)?;
        if line.is_edited {
            self.tenant.edit_message(at + 40 * SECOND, &message, MessageEdit { text, ..MessageEdit::default() })?;
        }
        if is_seen {
            self.tenant.mark_seen(at, &message, None)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::minchat::tenant::TenantKind;

    const NOW: Timestamp = Timestamp(1_795_284_207_198);

    fn seeded(guest: &str) -> (Tenant, FileStore) {
        seeded_for(&[guest])
    }

    fn seeded_for(guests: &[&str]) -> (Tenant, FileStore) {
        let (mut tenant, mut files) = (Tenant::new(TenantKind::Regular, 1), FileStore::default());
        let guests: Vec<String> = guests.iter().map(|&guest| guest.to_owned()).collect();
        seed_history(&mut tenant, (&mut files, "http://h"), NOW, 1, &guests).unwrap();
        (tenant, files)
    }

    #[test]
    fn guest_finds_rooms_with_a_history() {
        let (tenant, _) = seeded("sam");
        let sam = tenant.user_by_username("sam").unwrap();
        let chats = tenant.chats_of(&sam.id, 1, None).unwrap();
        assert!((5..=6).contains(&chats.total), "{}", chats.total);
        for chat in &chats.items {
            assert!(chat.messages.is_sorted_by_key(|message| message.created_at), "{:?}", chat.title);
            assert!(chat.messages.is_sorted_by_key(|message| &message.id), "{:?}", chat.title);
            assert!(chat.last_activity() < NOW);
        }
        assert!(chats.items.iter().any(|chat| chat.messages.len() >= 400));
        assert!(chats.items.iter().any(|chat| chat.messages.last().is_some_and(|last| !last.seen)));
        assert!(chats.items.iter().flat_map(|chat| &chat.messages).any(|message| message.file.is_some()));
    }

    #[test]
    fn same_seed_writes_the_same_history() {
        let (a, b) = (seeded("sam").0, seeded("sam").0);
        let sam = a.user_by_username("sam").unwrap().id.clone();
        assert_eq!(a.chats_of(&sam, 1, None), b.chats_of(&sam, 1, None));
    }

    #[test]
    fn guest_may_have_the_username_of_a_person() {
        let (tenant, _) = seeded("mara");
        assert_ne!(tenant.user_by_username("mara").unwrap().id, tenant.user_by_username("mara-2").unwrap().id);
    }

    #[test]
    fn guests_share_the_groups_and_have_a_room_of_their_own() {
        for guests in [&["alice", "mara"][..], &["alice", "mara", "carol"]] {
            let (tenant, _) = seeded_for(guests);
            let id = |name: &str| tenant.user_by_username(name).unwrap().id.clone();
            for guest in guests {
                let chats = tenant.chats_of(&id(guest), 1, None).unwrap();
                let members: Vec<_> = guests.iter().map(|name| id(name)).collect();
                let newest = chats.items.iter().max_by_key(|chat| chat.last_activity()).unwrap();
                assert!(newest.members.len() == guests.len() && members.iter().all(|id| newest.members.contains(id)));
                assert_eq!(chats.items.iter().filter(|chat| chat.title.is_some()).count(), guests.len(), "{guest}");
            }
        }
    }

    #[test]
    fn logging_in_sets_the_name_of_the_guest() {
        let (mut tenant, _) = seeded("sam");
        let profile = Profile { name: Some("Sam S".to_owned()), ..Profile::default() };
        let id = tenant.create_user(Timestamp(0), NewUser { username: "sam".to_owned(), profile }).unwrap();
        assert_eq!(tenant.user(&id).unwrap().display_name(), "Sam S");
    }
}
