//! The server's state: the world behind a lock, the sockets, and the uploaded files.
//!
//! Events are emitted before the lock is released, so that every client receives them in the order in which they
//! happened. The hub addresses Socket.IO rooms; it does not interpret requests.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::sync::Mutex;

use socketioxide::SocketIo;
use socketioxide::extract::SocketRef;
use socketioxide::socket::Sid;
use tokio::sync::mpsc;

use crate::domain::Timestamp;
use crate::server::clock::now;
use crate::server::demo::{Event, IncomingMessage};
use crate::server::files::{Download, FileStore, Upload};
use crate::server::random::random_key;
use crate::server::sockets::{emit_now, lock};

use super::model::{ApiError, ChatEvent, File, Id};
use super::tenant::Tenant;
use super::wire::{self, Delivery, SocketRoom};
use super::world::World;

/// The channel to the scripted people.
#[derive(Debug)]
pub(crate) struct DemoFeed {
    /// API key of the app they live in.
    pub(crate) key: String,
    /// Sends the events of that app. The channel is bounded; while it is full, the people miss events.
    pub(crate) events: mpsc::Sender<Event<Infallible>>,
}

/// The server's state.
#[derive(Debug)]
pub(crate) struct Hub {
    world: Mutex<World>,
    /// Users of each socket, each with the API key of their app.
    sessions: Mutex<HashMap<Sid, HashSet<(String, Id)>>>,
    files: Mutex<FileStore>,
    io: SocketIo,
    base_url: String,
    demo: Option<DemoFeed>,
}

impl Hub {
    /// Creates a hub for `world`, reachable at `base_url`.
    pub(crate) fn new(world: World, files: FileStore, io: SocketIo, base_url: String, demo: Option<DemoFeed>) -> Self {
        Self { world: Mutex::new(world), sessions: Mutex::default(), files: Mutex::new(files), io, base_url, demo }
    }

    /// Whether an app has this API key.
    pub(crate) fn has_key(&self, key: &str) -> bool {
        lock(&self.world).has_key(key)
    }

    /// Runs an operation on all apps.
    pub(crate) fn with_world<T>(&self, operation: impl FnOnce(&mut World, Timestamp) -> T) -> T {
        operation(&mut lock(&self.world), now())
    }

    /// Runs an operation on one app.
    pub(crate) fn with_tenant<T>(
        &self,
        key: &str,
        operation: impl FnOnce(&mut Tenant, Timestamp) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        operation(lock(&self.world).tenant(key)?, now())
    }

    /// Runs an operation on one app and emits the events it returns, all under one lock. `origin` is the socket that
    /// sent the request, if any.
    pub(crate) fn publish<T>(
        &self,
        key: &str,
        origin: Option<Sid>,
        operation: impl FnOnce(&mut Tenant, Timestamp) -> Result<(T, Vec<ChatEvent>), ApiError>,
    ) -> Result<T, ApiError> {
        let mut world = lock(&self.world);
        let tenant = world.tenant(key)?;
        let (answer, events) = operation(tenant, now())?;
        for event in &events {
            self.publish_event(key, tenant, origin, event);
        }
        Ok(answer)
    }

    fn publish_event(&self, key: &str, tenant: &Tenant, origin: Option<Sid>, event: &ChatEvent) {
        for delivery in wire::deliveries(tenant, event) {
            self.emit(key, origin, &delivery);
        }
        if let ChatEvent::MessageSent { chat, message } = event
            && let (Ok(target), Ok(sent)) = (tenant.chat(chat), tenant.message(message))
        {
            let (author, text) = (sent.author.clone(), sent.text.clone().unwrap_or_default());
            let (room, message, members) = (chat.clone(), message.clone(), target.members.clone());
            self.notify_demo(key, Event::Message(IncomingMessage { room, message, author, text, members }));
        }
    }

    fn notify_demo(&self, key: &str, event: Event<Infallible>) {
        if let Some(demo) = self.demo.as_ref().filter(|demo| demo.key == key) {
            let _ = demo.events.try_send(event);
        }
    }

    fn emit(&self, key: &str, origin: Option<Sid>, delivery: &Delivery) {
        let rooms: Vec<String> = delivery.rooms.iter().map(|room| room_name(key, room)).collect();
        // An event without rooms would go to every socket of the server, including those of other apps.
        if rooms.is_empty() {
            return;
        }
        // During shutdown, sockets close after the namespace is removed, and `SocketIo::to` would panic.
        let Some(namespace) = self.io.of("/") else { return };
        // An event sent through a socket goes to everybody in the rooms except that socket.
        let to = match origin.filter(|_| delivery.skip_origin).and_then(|origin| namespace.get_socket(origin)) {
            Some(origin) => origin.to(rooms),
            None => namespace.to(rooms),
        };
        emit_now(to, delivery.event, &delivery.payload);
    }

    /// Connects `socket` to `user`, whose events it receives from now on.
    pub(crate) fn join_user(&self, socket: &SocketRef, key: &str, user: &str) -> Result<(), ApiError> {
        let is_new = lock(&self.sessions).entry(socket.id).or_default().insert((key.to_owned(), user.to_owned()));
        if is_new && let Err(error) = self.with_tenant(key, |tenant, now| tenant.connect(now, user)) {
            self.remove_session(socket.id, key, user);
            return Err(error);
        }
        socket.join(room_name(key, &SocketRoom::User(user.to_owned())));
        self.notify_demo(key, Event::Connected(user.to_owned()));
        if is_new {
            self.log_session(key, user, "connected");
        }
        Ok(())
    }

    /// Writes what a user has done to the log, with the name rather than the id.
    fn log_session(&self, key: &str, user: &str, what: &str) {
        if tracing::enabled!(tracing::Level::INFO) {
            let name = self.with_tenant(key, |tenant, _| tenant.user(user).map(|user| user.username.clone()));
            tracing::info!(user = name.as_deref().unwrap_or(user), "{what}");
        }
    }

    /// Disconnects `socket` from `user`.
    pub(crate) fn leave_user(&self, socket: &SocketRef, key: &str, user: &str) {
        socket.leave(room_name(key, &SocketRoom::User(user.to_owned())));
        if self.remove_session(socket.id, key, user) {
            self.on_session_ended(key, user);
        }
    }

    fn remove_session(&self, socket: Sid, key: &str, user: &str) -> bool {
        lock(&self.sessions).get_mut(&socket).is_some_and(|users| users.remove(&(key.to_owned(), user.to_owned())))
    }

    /// Ends all sessions of a socket that was closed.
    pub(crate) fn on_socket_closed(&self, socket: Sid) {
        let users = lock(&self.sessions).remove(&socket).unwrap_or_default();
        for (key, user) in users {
            self.on_session_ended(&key, &user);
        }
    }

    fn on_session_ended(&self, key: &str, user: &str) {
        self.log_session(key, user, "disconnected");
        let is_offline = self.publish(key, None, |tenant, now| {
            let events = tenant.disconnect(now, user);
            Ok((!events.is_empty(), events))
        });
        if is_offline == Ok(true) {
            self.notify_demo(key, Event::Disconnected(user.to_owned()));
        }
    }

    /// Subscribes `socket` to the events of `chat`.
    pub(crate) fn join_chat(&self, socket: &SocketRef, key: &str, chat: &str) -> Result<(), ApiError> {
        self.with_tenant(key, |tenant, _| tenant.chat(chat).map(|_| ()))?;
        socket.join(room_name(key, &SocketRoom::Chat(chat.to_owned())));
        Ok(())
    }

    /// Unsubscribes `socket` from the events of `chat`.
    pub(crate) fn leave_chat(&self, socket: &SocketRef, key: &str, chat: &str) {
        socket.leave(room_name(key, &SocketRoom::Chat(chat.to_owned())));
    }

    /// Stores an uploaded file and returns its description.
    pub(crate) fn store_file(&self, upload: Upload) -> File {
        // A guessable id would give the file to everybody.
        let id = random_key();
        let file = wire::describe_file(&upload, format!("{}/files/{id}", self.base_url));
        lock(&self.files).insert(id, upload);
        file
    }

    /// Returns the content of the file `id`.
    pub(crate) fn file(&self, id: &str) -> Option<Download> {
        lock(&self.files).download(id)
    }
}

/// Name of a Socket.IO room. It contains the API key, so that apps never receive each other's events.
fn room_name(key: &str, room: &SocketRoom) -> String {
    match room {
        SocketRoom::Chat(id) => format!("{key}\n#{id}"),
        SocketRoom::User(id) => format!("{key}\n@{id}"),
    }
}
