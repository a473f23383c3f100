//! Where the pure world meets the sockets: one lock around the world, and news goes out before it is released, so
//! that every client hears things in the order in which they happened.
//!
//! Knows how to address rooms of sockets; does not know any request.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::sync::Mutex;

use socketioxide::SocketIo;
use socketioxide::extract::SocketRef;
use socketioxide::socket::Sid;
use tokio::sync::mpsc;

use crate::domain::Timestamp;

use super::model::{File, Id, News, Refusal};
use super::tenant::Tenant;
use super::wire::{self, Cast, Room};
use super::world::World;
use crate::server::clock::now;
use crate::server::demo::{Event, IncomingMessage};
use crate::server::files::{Download, FileStore, Upload};
use crate::server::sockets::{emit_now, lock};

/// The scripted people's ear: the app they live in, and where they hear.
#[derive(Debug)]
pub(crate) struct Ear {
    /// The API key of their app.
    pub(crate) key: String,
    /// Bounded; when it is full they miss something, as people do.
    pub(crate) cues: mpsc::Sender<Event<Infallible>>,
}

/// The server's state.
#[derive(Debug)]
pub(crate) struct Hub {
    world: Mutex<World>,
    /// Which users, in which app, a socket speaks for.
    sessions: Mutex<HashMap<Sid, HashSet<(String, Id)>>>,
    files: Mutex<FileStore>,
    io: SocketIo,
    base: String,
    ear: Option<Ear>,
}

impl Hub {
    /// A hub for `world`, reachable at `base`.
    pub(crate) fn new(world: World, files: FileStore, io: SocketIo, base: String, ear: Option<Ear>) -> Self {
        Self { world: Mutex::new(world), sessions: Mutex::default(), files: Mutex::new(files), io, base, ear }
    }

    /// Whether `key` names an app.
    pub(crate) fn knows(&self, key: &str) -> bool {
        lock(&self.world).knows(key)
    }

    /// Does something to all apps.
    pub(crate) fn govern<T>(&self, deed: impl FnOnce(&mut World, Timestamp) -> T) -> T {
        deed(&mut lock(&self.world), now())
    }

    /// Does something in the app of `key`, and tells those whom it concerns, all in one step. `cause` is the socket
    /// that asked for it, if one did.
    pub(crate) fn act<T>(
        &self,
        key: &str,
        cause: Option<Sid>,
        deed: impl FnOnce(&mut Tenant, Timestamp) -> Result<(T, Vec<News>), Refusal>,
    ) -> Result<T, Refusal> {
        let mut world = lock(&self.world);
        let tenant = world.tenant(key)?;
        let (answer, news) = deed(tenant, now())?;
        self.tell(key, tenant, cause, &news);
        Ok(answer)
    }

    fn tell(&self, key: &str, tenant: &Tenant, cause: Option<Sid>, news: &[News]) {
        for news in news {
            for cast in wire::casts(tenant, news) {
                self.emit(key, cause, &cast);
            }
            if let News::Sent { chat, message } = news
                && let (Ok(place), Ok(said)) = (tenant.chat(chat), tenant.message(message))
            {
                let (author, text) = (said.author.clone(), said.text.clone().unwrap_or_default());
                let (room, message, members) = (chat.clone(), message.clone(), place.members.clone());
                self.cue(key, Event::Message(IncomingMessage { room, message, author, text, members }));
            }
        }
    }

    fn cue(&self, key: &str, cue: Event<Infallible>) {
        if let Some(ear) = self.ear.as_ref().filter(|ear| ear.key == key) {
            let _ = ear.cues.try_send(cue);
        }
    }

    fn emit(&self, key: &str, cause: Option<Sid>, cast: &Cast) {
        let rooms: Vec<String> = cast.rooms.iter().map(|room| address(key, room)).collect();
        // Without any room the event would go to every socket of the server, whatever its app.
        if rooms.is_empty() {
            return;
        }
        // While the server stops, sockets still end after the namespace is gone, and `SocketIo::to` would panic.
        let Some(all) = self.io.of("/") else { return };
        // Sent from a socket, it goes to everybody in the rooms but that socket.
        let to = match cause.filter(|_| cast.spare_cause).and_then(|cause| all.get_socket(cause)) {
            Some(cause) => cause.to(rooms),
            None => all.to(rooms),
        };
        emit_now(to, cast.event, &cast.payload);
    }

    /// `socket` speaks for `user` from now on and hears what concerns them.
    pub(crate) fn attach(&self, socket: &SocketRef, key: &str, user: &str) -> Result<(), Refusal> {
        let first = lock(&self.sessions).entry(socket.id).or_default().insert((key.to_owned(), user.to_owned()));
        if first && let Err(refusal) = self.act(key, None, |tenant, now| Ok((tenant.connect(now, user)?, Vec::new()))) {
            self.forget(socket.id, key, user);
            return Err(refusal);
        }
        socket.join(address(key, &Room::Person(user.to_owned())));
        self.cue(key, Event::Connected(user.to_owned()));
        Ok(())
    }

    /// `socket` no longer speaks for `user`.
    pub(crate) fn detach(&self, socket: &SocketRef, key: &str, user: &str) {
        socket.leave(address(key, &Room::Person(user.to_owned())));
        if self.forget(socket.id, key, user) {
            self.left(key, user);
        }
    }

    fn forget(&self, socket: Sid, key: &str, user: &str) -> bool {
        lock(&self.sessions).get_mut(&socket).is_some_and(|users| users.remove(&(key.to_owned(), user.to_owned())))
    }

    /// `socket` is gone.
    pub(crate) fn drop_socket(&self, socket: Sid) {
        let users = lock(&self.sessions).remove(&socket).unwrap_or_default();
        for (key, user) in users {
            self.left(&key, &user);
        }
    }

    fn left(&self, key: &str, user: &str) {
        let gone = self.act(key, None, |tenant, now| {
            let news = tenant.disconnect(now, user);
            Ok((!news.is_empty(), news))
        });
        if gone == Ok(true) {
            self.cue(key, Event::Disconnected(user.to_owned()));
        }
    }

    /// `socket` hears what happens in `chat`.
    pub(crate) fn enter(&self, socket: &SocketRef, key: &str, chat: &str) -> Result<(), Refusal> {
        self.act(key, None, |tenant, _| Ok((tenant.chat(chat)?.id.clone(), Vec::new())))?;
        socket.join(address(key, &Room::Chat(chat.to_owned())));
        Ok(())
    }

    /// `socket` no longer hears what happens in `chat`.
    pub(crate) fn leave(&self, socket: &SocketRef, key: &str, chat: &str) {
        socket.leave(address(key, &Room::Chat(chat.to_owned())));
    }

    /// Keeps a file.
    pub(crate) fn keep(&self, upload: Upload) -> File {
        let id = self.govern(World::file_id);
        let file = wire::described(&upload, format!("{}/files/{id}", self.base));
        lock(&self.files).insert(id, upload);
        file
    }

    /// The file called `id`.
    pub(crate) fn file(&self, id: &str) -> Option<Download> {
        lock(&self.files).download(id)
    }
}

/// The name of a room of sockets; apps cannot hear each other because their key is in it.
fn address(key: &str, room: &Room) -> String {
    match room {
        Room::Chat(id) => format!("{key}\n#{id}"),
        Room::Person(id) => format!("{key}\n@{id}"),
    }
}
