//! A service with three rooms, and Bob on a good line to it.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::runtime::Runtime;

use test_support::minchat::text;
use test_support::{minchat, vchat};

/// What Alice's rooms are called.
pub(crate) const ROOMS: [&str; 3] = ["Bob Brown", "Green room", "Red room"];

/// How often the servers ping, and how long they wait for the answer.
const PING: (Duration, Duration) = (Duration::from_millis(300), Duration::from_millis(300));

enum Service {
    MinChat { sandbox: minchat::Sandbox, bob: String },
    VChat { sandbox: vchat::Sandbox, bob: vchat::Peer },
}

pub(crate) struct World {
    pub(crate) runtime: Runtime,
    service: Service,
    rooms: Vec<String>,
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

impl World {
    pub(crate) fn minchat() -> Self {
        let runtime = runtime();
        let (service, rooms) = runtime.block_on(async {
            let sandbox = minchat::Sandbox::start_with_heartbeat(Some(PING)).await;
            let bob = sandbox.person("bob", ROOMS[0]).await;
            sandbox.person("alice", "Alice Archer").await;
            let mut rooms = vec![sandbox.chat(&bob, &["bob", "alice"], None).await];
            for title in &ROOMS[1..] {
                rooms.push(sandbox.chat(&bob, &["bob", "alice"], Some(title)).await);
            }
            (Service::MinChat { sandbox, bob }, rooms)
        });
        Self { runtime, service, rooms }.inhabited()
    }

    pub(crate) fn vchat() -> Self {
        let runtime = runtime();
        let (service, rooms) = runtime.block_on(async {
            let sandbox = vchat::Sandbox::start_with_heartbeat(PING).await;
            let bob = sandbox.person("bob@example.org", ROOMS[0]).await;
            sandbox.person("alice@example.org", "Alice Archer").await;
            let mut rooms = vec![bob.room_with("alice@example.org").await];
            for title in &ROOMS[1..] {
                rooms.push(bob.group(title, &["alice@example.org"]).await);
            }
            (Service::VChat { sandbox, bob }, rooms)
        });
        Self { runtime, service, rooms }.inhabited()
    }

    fn inhabited(self) -> Self {
        (0..ROOMS.len()).for_each(|room| self.says(room, "Good morning"));
        self
    }

    pub(crate) fn url(&self) -> String {
        match &self.service {
            Service::MinChat { sandbox, .. } => sandbox.url(),
            Service::VChat { sandbox, .. } => sandbox.url(),
        }
    }

    /// How the program is started as Alice, on a line to this.
    pub(crate) fn arguments<'a>(&self, url: &'a str) -> [&'a str; 8] {
        let (backend, key, user) = match &self.service {
            Service::MinChat { .. } => ("minchat", minchat::KEY, "alice"),
            Service::VChat { .. } => ("vchat", vchat::KEY, "alice@example.org"),
        };
        ["--backend", backend, "--url", url, "--api-key", key, "--user", user]
    }

    /// Whether messages can be edited here.
    pub(crate) fn edits(&self) -> bool {
        matches!(self.service, Service::MinChat { .. })
    }

    /// Bob says something.
    pub(crate) fn says(&self, room: usize, words: &str) {
        let room = &self.rooms[room];
        self.runtime.block_on(async {
            match &self.service {
                Service::MinChat { sandbox, bob } => drop(sandbox.send_text(room, bob, words).await),
                Service::VChat { bob, .. } => drop(bob.send_text(room, words).await),
            }
        });
    }

    /// Every sign-in is void, as after a restart. MinChat has none.
    pub(crate) fn forget_sign_ins(&self) {
        if let Service::VChat { sandbox, .. } = &self.service {
            let alice = json!({ "identifier": "alice@example.org" });
            self.runtime.block_on(sandbox.control("expire", alice));
        }
    }

    /// What the server has in a room that is not deleted, in its order.
    pub(crate) fn said(&self, room: usize) -> Vec<String> {
        let mut newest_first: Vec<Value> = self.runtime.block_on(self.pages(&self.rooms[room]));
        newest_first.reverse();
        let there = newest_first.iter().filter(|message| message["dltAt"].is_null());
        there.map(|message| text(message.get("c").unwrap_or(&message["text"]))).collect()
    }

    async fn pages(&self, room: &str) -> Vec<Value> {
        let mut newest_first: Vec<Value> = Vec::new();
        for number in 1.. {
            let page = match &self.service {
                Service::MinChat { sandbox, bob } => {
                    let path = format!("/v1/messages?chat_id={room}&user_id={bob}&page={number}");
                    let mut page = sandbox.get(&path).await["messages"].as_array().unwrap().clone();
                    page.reverse();
                    page
                }
                Service::VChat { bob, .. } => {
                    let before = newest_first.last().map(|oldest| format!("&lastId={}", text(&oldest["_id"])));
                    let path = format!("channel/{room}/message/?limit=30&filter=all{}", before.unwrap_or_default());
                    bob.get(&path).await["docs"].as_array().unwrap().clone()
                }
            };
            if page.is_empty() {
                break;
            }
            newest_first.extend(page);
        }
        newest_first
    }
}
