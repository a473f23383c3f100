//! A world with people in it, and what was heard there.

use serde_json::Value;

use crate::domain::Timestamp;
use crate::server::vchat::model::{Id, Me};
use crate::server::vchat::news::{News, To};
use crate::server::vchat::refusal::Answer;
use crate::server::vchat::secret::Secret;
use crate::server::vchat::world::{Draft, Login, World};

pub(super) const KEY: &str = "K";
pub(super) const RING: i64 = 60_000;

/// A world whose clock ticks a second with each look at it.
pub(super) struct Kit {
    pub(super) world: World,
    now: i64,
}

pub(super) fn kit() -> Kit {
    Kit { world: World::new(1, KEY, "http://h", RING), now: 1_795_284_207_198 }
}

impl Kit {
    pub(super) fn now(&mut self) -> Timestamp {
        self.now += 1000;
        Timestamp(self.now)
    }

    pub(super) fn later(&mut self, millis: i64) {
        self.now += millis;
    }

    pub(super) fn login(&self, identifier: &str) -> Login {
        Login {
            identifier: identifier.to_owned(),
            name: Some(identifier.to_uppercase()),
            device: "d".to_owned(),
            password: Secret::new(KEY).password(identifier),
            platform: Some("linux".to_owned()),
            ..Login::default()
        }
    }

    /// Somebody who is logged in and connected.
    pub(super) fn person(&mut self, identifier: &str) -> Me {
        let (login, now) = (self.login(identifier), self.now());
        let answer = self.world.connect(now, login).unwrap();
        let me = self.world.bearer(answer["accessToken"].as_str().unwrap()).unwrap();
        let now = self.now();
        self.world.came(now, &me);
        self.heard();
        me
    }

    pub(super) fn single(&mut self, me: &Me, identifier: &str) -> Id {
        let now = self.now();
        let room = self.world.peer_room(now, me, identifier).unwrap();
        self.heard();
        text(&room, "rId")
    }

    pub(super) fn draft(&mut self, text: &str) -> Draft {
        Draft {
            content: text.to_owned(),
            local: self.world.local(),
            encrypted: "false".to_owned(),
            sort: "text".to_owned(),
            ..Draft::default()
        }
    }

    pub(super) fn send(&mut self, me: &Me, room: &str, draft: &Draft) -> Answer<Value> {
        let now = self.now();
        self.world.send(now, me, room, draft)
    }

    pub(super) fn say(&mut self, me: &Me, room: &str, text: &str) -> Value {
        let draft = self.draft(text);
        self.send(me, room, &draft).unwrap()
    }

    /// The events since the last look.
    pub(super) fn heard(&mut self) -> Vec<(To, &'static str, Value)> {
        let news = self.world.take_news().into_iter().filter_map(|news| match news {
            News::Event { to, event, arg } => Some((to, event, arg)),
            _ => None,
        });
        news.collect()
    }

    /// The names of the events since the last look.
    pub(super) fn events(&mut self) -> Vec<&'static str> {
        self.heard().into_iter().map(|(_, event, _)| event).collect()
    }
}

pub(super) fn text(object: &Value, field: &str) -> String {
    object[field].as_str().unwrap_or_else(|| panic!("no text `{field}` in {object}")).to_owned()
}

#[track_caller]
pub(super) fn assert_refused<T: std::fmt::Debug>(answer: Answer<T>, status: u16) {
    assert_eq!(answer.map_err(|refusal| refusal.status).map(drop).unwrap_err(), status);
}
