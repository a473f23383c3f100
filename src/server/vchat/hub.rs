//! The server's state: the world behind a lock, the sockets, and the uploaded files.
//!
//! Effects are carried out before the lock is released, so that every client receives events in the order in which
//! they happened.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

use serde_json::Value;
use socketioxide::SocketIo;
use socketioxide::extract::SocketRef;
use socketioxide::socket::Sid;
use tokio::sync::{Notify, mpsc};

use crate::domain::Timestamp;
use crate::server::clock::now;
use crate::server::demo::Event;
use crate::server::files::{Download, FileStore, Upload};
use crate::server::random::random_key;
use crate::server::sockets::{emit_now, lock, poll_once};

use super::effect::{CallEvent, Effect, Target};
use super::hash_key::{HashKey, file_hash};
use super::image_size::image_size;
use super::model::{Actor, FileInfo, Id};
use super::rate_limit::RateLimiter;
use super::world::World;

/// The server's state.
#[derive(Debug)]
pub(crate) struct Hub {
    world: Mutex<World>,
    files: Mutex<FileStore>,
    /// User and device of each socket.
    sessions: Mutex<HashMap<Sid, Actor>>,
    io: SocketIo,
    base_url: String,
    /// Channel to the scripted people. It is bounded; while it is full, they miss events.
    demo: Option<mpsc::Sender<Event<CallEvent>>>,
    /// Notified when the world's deadline has changed.
    deadline_changed: Arc<Notify>,
    rate_limiter: Mutex<RateLimiter>,
    /// Key that the routes for tests need; `None` if the server has none.
    test_key: Option<HashKey>,
}

impl Hub {
    /// Creates a hub for `world`, reachable at `base_url`.
    pub(crate) fn new(
        world: World,
        files: FileStore,
        io: SocketIo,
        base_url: String,
        demo: Option<mpsc::Sender<Event<CallEvent>>>,
        rate_limiter: RateLimiter,
    ) -> Self {
        Self {
            world: Mutex::new(world),
            files: Mutex::new(files),
            sessions: Mutex::default(),
            io,
            base_url,
            demo,
            deadline_changed: Arc::default(),
            rate_limiter: Mutex::new(rate_limiter),
            test_key: None,
        }
    }

    /// Adds the routes for tests, which need `key`.
    pub(crate) fn with_test_routes(mut self, key: HashKey) -> Self {
        self.test_key = Some(key);
        self
    }

    /// Returns the key that the routes for tests need, if the server has such routes.
    pub(crate) fn test_key(&self) -> Option<&HashKey> {
        self.test_key.as_ref()
    }

    /// Runs an operation on the world and carries out its effects, all under one lock. An operation that fails may
    /// still have effects.
    pub(crate) fn with_world<T>(&self, operation: impl FnOnce(&mut World, Timestamp) -> T) -> T {
        let mut world = lock(&self.world);
        let before = world.deadline();
        let result = operation(&mut world, now());
        for effect in world.take_effects() {
            self.carry_out(effect);
        }
        if world.deadline() != before {
            self.deadline_changed.notify_one();
        }
        result
    }

    fn carry_out(&self, effect: Effect) {
        // During shutdown, sockets close after the namespace is removed, and `SocketIo::to` would panic.
        let Some(namespace) = self.io.of("/") else { return };
        match effect {
            Effect::Emit { to, event, payload } => emit_now(namespace.to(room_name(&to)), event, &encode(&payload)),
            Effect::Join { user, room } => {
                poll_once(namespace.within(room_name(&Target::User(user))).join(room_name(&Target::Room(room))));
            }
            Effect::Leave { user, room } => {
                poll_once(namespace.within(room_name(&Target::User(user))).leave(room_name(&Target::Room(room))));
            }
            Effect::NotifyDemo(event) => {
                if let Some(demo) = &self.demo {
                    let _ = demo.try_send(event);
                }
            }
        }
    }

    /// Emits any event to a user, for tests.
    pub(crate) fn emit_to_user(&self, user: Id, event: &str, payload: &Value) {
        if let Some(namespace) = self.io.of("/") {
            emit_now(namespace.to(room_name(&Target::User(user))), event, payload);
        }
    }

    /// Connects a socket to its user and adds it to the rooms of that user, before the client is told that it is
    /// connected.
    pub(crate) fn on_connecting(&self, socket: &SocketRef, actor: &Actor) {
        lock(&self.sessions).insert(socket.id, actor.clone());
        // The socket joins under the world's lock, so that no room is created between listing and joining.
        self.with_world(|world, now| {
            let rooms = world.on_connected(now, actor);
            let device = Target::Device(actor.user.clone(), actor.device.clone());
            let user = Target::User(actor.user.clone());
            socket.join([socket_room(socket.id), room_name(&user), room_name(&device)]);
            socket.join(room_names(rooms));
        });
    }

    /// Adds a socket to the rooms that were created while it was connecting.
    pub(crate) fn on_connected(&self, socket: &SocketRef) {
        let Some(actor) = lock(&self.sessions).get(&socket.id).cloned() else { return };
        self.with_world(|world, _| socket.join(room_names(world.subscribed_rooms(&actor.user))));
    }

    /// Writes what a user has done to the log.
    pub(crate) fn log_session(&self, actor: &Actor, what: &str) {
        if tracing::enabled!(tracing::Level::INFO) {
            let name = self.with_world(|world, _| world.user(&actor.user).map(|user| user.identifier.clone()));
            tracing::info!(user = name.as_deref().unwrap_or(&actor.user), "{what}");
        }
    }

    /// Forgets a socket that was closed.
    pub(crate) fn remove_session(&self, socket: Sid) {
        lock(&self.sessions).remove(&socket);
    }

    /// Emits an event to one socket. The socket's own `emit` would lose the response to an event that arrives before
    /// the library has marked the socket as connected.
    pub(crate) fn emit_to_socket(&self, socket: Sid, event: &str, payload: &Value) {
        if let Some(namespace) = self.io.of("/") {
            emit_now(namespace.to(socket_room(socket)), event, &encode(payload));
        }
    }

    /// Describes an upload without storing it. It is stored once the world has accepted the request it belongs to.
    pub(crate) fn describe_upload(&self, upload: &Upload) -> FileInfo {
        // A guessable id would give the file to everybody.
        let id = random_key();
        describe_upload(&id, &self.base_url, upload)
    }

    /// Stores an upload under the URL of its description.
    pub(crate) fn store_file(&self, info: &FileInfo, upload: Upload) {
        let id = info.url.rsplit('/').next().unwrap_or_default().to_owned();
        lock(&self.files).insert(id, upload);
    }

    /// Returns the content of the file `id`.
    pub(crate) fn file(&self, id: &str) -> Option<Download> {
        lock(&self.files).download(id)
    }

    /// Counts a request with `token`, or from `address` if it has no token; returns whether it is within the rate
    /// limit.
    pub(crate) fn allow_request(&self, token: Option<&str>, address: Option<IpAddr>) -> bool {
        let client = token.map(str::to_owned).or(address.map(|address| address.to_string())).unwrap_or_default();
        lock(&self.rate_limiter).allow(now(), client)
    }
}

/// Describes an upload that is, or will be, stored as `id` on the server at `base_url`.
pub(crate) fn describe_upload(id: &str, base_url: &str, upload: &Upload) -> FileInfo {
    FileInfo {
        name: upload.name.clone().filter(|name| !name.is_empty()).unwrap_or_else(|| id.to_owned()),
        url: format!("{base_url}/files/{id}"),
        mime: upload.mime().to_owned(),
        size: upload.bytes.len(),
        hash: file_hash(&upload.bytes),
        dimensions: image_size(&upload.bytes).unwrap_or_default(),
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        // Wakes the timer task, which ends because the hub no longer exists.
        self.deadline_changed.notify_one();
    }
}

/// Calls [`World::tick`] whenever the world's deadline has come. While there is no deadline, no timer runs.
pub(crate) async fn run_timer(hub: Weak<Hub>) {
    let Some(deadline_changed) = hub.upgrade().map(|hub| Arc::clone(&hub.deadline_changed)) else { return };
    loop {
        let Some(deadline) = hub.upgrade().map(|hub| lock(&hub.world).deadline()) else { return };
        let Some(at) = deadline else {
            deadline_changed.notified().await;
            continue;
        };
        let wait = Duration::from_millis((at - now()).max(0).unsigned_abs());
        tokio::select! {
            () = deadline_changed.notified() => {}
            () = tokio::time::sleep(wait) => drop(hub.upgrade().map(|hub| hub.with_world(World::tick))),
        }
    }
}

/// Encodes the argument of an event as one JSON string (§3.1). The official client does not accept an object.
fn encode(payload: &Value) -> Value {
    Value::String(payload.to_string())
}

/// Name of the Socket.IO room that contains only this socket.
fn socket_room(socket: Sid) -> String {
    format!("={socket}")
}

/// Name of the Socket.IO room of a target.
fn room_name(to: &Target) -> String {
    match to {
        Target::Room(id) => format!("#{id}"),
        Target::User(id) => format!("@{id}"),
        Target::Device(id, device) => format!("@{id}/{device}"),
    }
}

fn room_names(rooms: Vec<Id>) -> Vec<String> {
    rooms.into_iter().map(|room| room_name(&Target::Room(room))).collect()
}
