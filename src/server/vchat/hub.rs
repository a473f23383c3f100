//! Where the pure world meets the sockets: one lock around the world, and news goes out before it is released, so that
//! every client hears things in the order in which they happened.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use serde_json::Value;
use socketioxide::SocketIo;
use socketioxide::extract::SocketRef;
use socketioxide::socket::Sid;
use tokio::sync::{Notify, mpsc};

use crate::domain::{MINUTE, Timestamp};
use crate::server::clock::now;
use crate::server::demo::Event;
use crate::server::files::{Download, FileStore, Upload};
use crate::server::sockets::{emit_now, lock, poll_once};

use super::model::{Id, Me, Stored};
use super::news::{CallEvent, News, To};
use super::picture::extent;
use super::secret::hash;
use super::world::World;

/// How long requests are counted (§1.5).
const WINDOW: i64 = 5 * MINUTE;
/// Whose requests are counted at once; more of them, and counting begins anew.
const COUNTED: usize = 10_000;

/// Who made how many requests since when.
#[derive(Debug, Default)]
struct Pace {
    since: Timestamp,
    asked: HashMap<String, u32>,
}

/// The server's state.
#[derive(Debug)]
pub(crate) struct Hub {
    world: Mutex<World>,
    files: Mutex<FileStore>,
    /// Whom a socket speaks for.
    sessions: Mutex<HashMap<Sid, Me>>,
    io: SocketIo,
    base: String,
    /// Where the scripted people hear. Bounded; when it is full they miss something, as people do.
    ear: Option<mpsc::Sender<Event<CallEvent>>>,
    /// Told when the world's deadline may have changed.
    sooner: Arc<Notify>,
    rate: Option<u32>,
    pace: Mutex<Pace>,
}

impl Hub {
    /// A hub for `world`, reachable at `base`.
    pub(crate) fn new(
        world: World,
        files: FileStore,
        io: SocketIo,
        base: String,
        ear: Option<mpsc::Sender<Event<CallEvent>>>,
        rate: Option<u32>,
    ) -> Self {
        let (world, files) = (Mutex::new(world), Mutex::new(files));
        Self {
            world,
            files,
            sessions: Mutex::default(),
            io,
            base,
            ear,
            sooner: Arc::default(),
            rate,
            pace: Mutex::default(),
        }
    }

    /// Does something to the world, and tells those whom it concerns, all in one step; also when it is refused in the
    /// end, since a refused request may have made something else known.
    pub(crate) fn act<T>(&self, deed: impl FnOnce(&mut World, Timestamp) -> T) -> T {
        let mut world = lock(&self.world);
        let before = world.deadline();
        let answer = deed(&mut world, now());
        for news in world.take_news() {
            self.tell(news);
        }
        if world.deadline() != before {
            self.sooner.notify_one();
        }
        answer
    }

    fn tell(&self, news: News) {
        // While the server stops, sockets still end after the namespace is gone, and `SocketIo::to` would panic.
        let Some(all) = self.io.of("/") else { return };
        match news {
            News::Event { to, event, arg } => emit_now(all.to(address(&to)), event, &encoded(&arg)),
            News::Join(user, room) => {
                poll_once(all.within(address(&To::Person(user))).join(address(&To::Room(room))));
            }
            News::Leave(user, room) => {
                poll_once(all.within(address(&To::Person(user))).leave(address(&To::Room(room))));
            }
            News::Cue(cue) => {
                if let Some(ear) = &self.ear {
                    let _ = ear.try_send(cue);
                }
            }
        }
    }

    /// Any event with any argument for a user's sockets: for tests.
    pub(crate) fn emit(&self, user: Id, event: &str, arg: &Value) {
        if let Some(all) = self.io.of("/") {
            emit_now(all.to(address(&To::Person(user))), event, arg);
        }
    }

    /// `socket` speaks for `me` and hears what they hear.
    pub(crate) fn attach(&self, socket: &SocketRef, me: &Me) {
        lock(&self.sessions).insert(socket.id, me.clone());
        // Under the world's lock, so that no room is opened between the list and the joining.
        self.act(|world, now| {
            let rooms = world.came(now, me);
            let device = To::Device(me.user.clone(), me.device.clone());
            socket.join([alone(socket.id), address(&To::Person(me.user.clone())), address(&device)]);
            socket.join(rooms.into_iter().map(|room| address(&To::Room(room))).collect::<Vec<_>>());
        });
    }

    /// `socket` is connected now: it hears the rooms that were opened between its being let in and this.
    pub(crate) fn settle(&self, socket: &SocketRef) {
        let Some(me) = lock(&self.sessions).get(&socket.id).cloned() else { return };
        self.act(|world, _| {
            let rooms = world.heard_by(&me.user);
            socket.join(rooms.into_iter().map(|room| address(&To::Room(room))).collect::<Vec<_>>());
        });
    }

    /// A socket is gone.
    pub(crate) fn forget(&self, socket: Sid) {
        lock(&self.sessions).remove(&socket);
    }

    /// An event for one socket. Not by the socket's own `emit`: that one loses what is an answer to a client so quick
    /// that the library has not marked the socket as connected yet.
    pub(crate) fn answer(&self, socket: Sid, event: &str, arg: &Value) {
        if let Some(all) = self.io.of("/") {
            emit_now(all.to(alone(socket)), event, &encoded(arg));
        }
    }

    /// An upload as it will be described. It is not kept before the world has taken it.
    pub(crate) fn describe(&self, upload: &Upload) -> Stored {
        let id = lock(&self.world).id(now());
        described(&id, &self.base, upload)
    }

    /// Keeps what was described as `stored`.
    pub(crate) fn keep(&self, stored: &Stored, upload: Upload) {
        let id = stored.url.rsplit('/').next().unwrap_or_default().to_owned();
        lock(&self.files).insert(id, upload);
    }

    /// The file called `id`.
    pub(crate) fn file(&self, id: &str) -> Option<Download> {
        lock(&self.files).download(id)
    }

    /// Whether whoever holds `token`, or asks from `address` without one, may ask once more.
    pub(crate) fn may_ask(&self, token: Option<&str>, address: Option<IpAddr>) -> bool {
        let Some(rate) = self.rate else { return true };
        let who = token.map(str::to_owned).or(address.map(|address| address.to_string())).unwrap_or_default();
        let mut pace = lock(&self.pace);
        if now() - pace.since >= WINDOW || pace.asked.len() > COUNTED {
            *pace = Pace { since: now(), asked: HashMap::new() };
        }
        let asked = pace.asked.entry(who).or_default();
        *asked = asked.saturating_add(1);
        *asked <= rate
    }
}

/// An upload that is, or will be, kept as `id` and served under `base`.
pub(crate) fn described(id: &str, base: &str, upload: &Upload) -> Stored {
    Stored {
        name: upload.name.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| id.to_owned()),
        url: format!("{base}/files/{id}"),
        mime: upload.mime().to_owned(),
        size: upload.bytes.len(),
        hash: hash(&upload.bytes),
        extent: extent(&upload.bytes).unwrap_or_default(),
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        // Whoever waits for a deadline finds out that there will be none.
        self.sooner.notify_one();
    }
}

/// Lets the world know when its deadline has come. While there is none, no timer runs.
pub(crate) async fn keep_time(hub: Weak<Hub>) {
    let Some(sooner) = hub.upgrade().map(|hub| Arc::clone(&hub.sooner)) else { return };
    loop {
        let Some(deadline) = hub.upgrade().map(|hub| lock(&hub.world).deadline()) else { return };
        let Some(at) = deadline else {
            sooner.notified().await;
            continue;
        };
        let wait = Duration::from_millis((at - now()).max(0).unsigned_abs());
        tokio::select! {
            () = sooner.notified() => {}
            () = tokio::time::sleep(wait) => drop(hub.upgrade().map(|hub| hub.act(World::tick))),
        }
    }
}

/// An event's argument as it goes over the wire: one string that is JSON (§3.1). A real object would break the official
/// client.
pub(crate) fn encoded(arg: &Value) -> Value {
    Value::String(arg.to_string())
}

/// The name of the room that one socket is alone in.
fn alone(socket: Sid) -> String {
    format!("={socket}")
}

/// The name of a room of sockets.
fn address(to: &To) -> String {
    match to {
        To::Room(id) => format!("#{id}"),
        To::Person(id) => format!("@{id}"),
        To::Device(id, device) => format!("@{id}/{device}"),
    }
}
