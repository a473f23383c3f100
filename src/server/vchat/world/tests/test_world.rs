//! A world for tests, with helpers to add users and send messages.

use serde_json::Value;

use crate::domain::Timestamp;
use crate::server::vchat::effect::{Effect, Target};
use crate::server::vchat::error::ApiResult;
use crate::server::vchat::hash_key::HashKey;
use crate::server::vchat::model::{Actor, Id};
use crate::server::vchat::world::{Login, NewMessage, World};

/// Hash key of the world.
pub(super) const KEY: &str = "K";
/// Ring timeout of the world, in milliseconds.
pub(super) const RING_TIMEOUT: i64 = 60_000;

/// A world with a clock that advances by a second whenever it is read.
pub(super) struct TestWorld {
    pub(super) world: World,
    now: i64,
}

pub(super) fn test_world() -> TestWorld {
    TestWorld { world: World::new(1, KEY, "http://h", RING_TIMEOUT), now: 1_795_284_207_198 }
}

impl TestWorld {
    pub(super) fn now(&mut self) -> Timestamp {
        self.now += 1000;
        Timestamp(self.now)
    }

    pub(super) fn advance(&mut self, millis: i64) {
        self.now += millis;
    }

    pub(super) fn login(&self, identifier: &str) -> Login {
        Login {
            identifier: identifier.to_owned(),
            name: Some(identifier.to_uppercase()),
            device: "d".to_owned(),
            password: HashKey::new(KEY).password(identifier),
            platform: Some("linux".to_owned()),
            ..Login::default()
        }
    }

    /// Logs a user in and connects them.
    pub(super) fn user(&mut self, identifier: &str) -> Actor {
        let (login, now) = (self.login(identifier), self.now());
        let answer = self.world.log_in(now, login).unwrap();
        let actor = self.world.authenticate(answer["accessToken"].as_str().unwrap()).unwrap();
        let now = self.now();
        self.world.on_connected(now, &actor);
        self.events();
        actor
    }

    /// Returns the direct room with a user.
    pub(super) fn single_room(&mut self, actor: &Actor, identifier: &str) -> Id {
        let now = self.now();
        let room = self.world.peer_room(now, actor, identifier).unwrap();
        self.events();
        text(&room, "rId")
    }

    /// A text message that is not sent yet.
    pub(super) fn message(&mut self, text: &str) -> NewMessage {
        NewMessage {
            content: text.to_owned(),
            local_id: self.world.new_local_id(),
            is_encrypted: "false".to_owned(),
            kind: "text".to_owned(),
            ..NewMessage::default()
        }
    }

    pub(super) fn send(&mut self, actor: &Actor, room: &str, message: &NewMessage) -> ApiResult<Value> {
        let now = self.now();
        self.world.send_message(now, actor, room, message)
    }

    pub(super) fn send_text(&mut self, actor: &Actor, room: &str, text: &str) -> Value {
        let message = self.message(text);
        self.send(actor, room, &message).unwrap()
    }

    /// Events that were emitted since the last call.
    pub(super) fn events(&mut self) -> Vec<(Target, &'static str, Value)> {
        let events = self.world.take_effects().into_iter().filter_map(|effect| match effect {
            Effect::Emit { to, event, payload } => Some((to, event, payload)),
            _ => None,
        });
        events.collect()
    }

    /// Names of the events that were emitted since the last call.
    pub(super) fn event_names(&mut self) -> Vec<&'static str> {
        self.events().into_iter().map(|(_, event, _)| event).collect()
    }
}

/// Returns a text field of an object.
pub(super) fn text(object: &Value, field: &str) -> String {
    object[field].as_str().unwrap_or_else(|| panic!("no text `{field}` in {object}")).to_owned()
}

#[track_caller]
pub(super) fn assert_status<T: std::fmt::Debug>(answer: ApiResult<T>, status: u16) {
    assert_eq!(answer.map_err(|error| error.status).map(drop).unwrap_err(), status);
}
