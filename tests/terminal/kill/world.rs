//! [`World`]: a service with three rooms, to which Bob is connected without a proxy.

use std::time::Duration;

use minchat_tui::server::FaultControl;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use test_support::minchat::text;
use test_support::{minchat, vchat};

/// Titles of Alice's rooms.
pub(crate) const ROOMS: [&str; 3] = ["Bob Brown", "Green room", "Red room"];

/// Ping interval and ping timeout of the servers.
const PING: (Duration, Duration) = (Duration::from_millis(300), Duration::from_millis(300));

/// The sandbox, and Bob's identity on it.
enum Service {
    MinChat { sandbox: minchat::Sandbox, bob: String },
    VChat { sandbox: vchat::Sandbox, bob: vchat::Peer },
}

/// A running service and its rooms.
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
        Self { runtime, service, rooms }.with_messages()
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
        Self { runtime, service, rooms }.with_messages()
    }

    /// Sends a first message into each room.
    fn with_messages(self) -> Self {
        (0..ROOMS.len()).for_each(|room| self.send_from_bob(room, "Good morning"));
        self
    }

    pub(crate) fn url(&self) -> String {
        match &self.service {
            Service::MinChat { sandbox, .. } => sandbox.url(),
            Service::VChat { sandbox, .. } => sandbox.url(),
        }
    }

    /// The program's arguments for Alice, with the server at `url`.
    pub(crate) fn arguments<'a>(&self, url: &'a str) -> [&'a str; 8] {
        let (backend, key, user) = match &self.service {
            Service::MinChat { .. } => ("minchat", minchat::KEY, "alice"),
            Service::VChat { .. } => ("vchat", vchat::KEY, "alice@example.org"),
        };
        ["--backend", backend, "--url", url, "--api-key", key, "--user", user]
    }

    /// Whether the service supports edits.
    pub(crate) fn supports_edits(&self) -> bool {
        matches!(self.service, Service::MinChat { .. })
    }

    /// Sends a message from Bob.
    pub(crate) fn send_from_bob(&self, room: usize, words: &str) {
        self.send_to(&self.rooms[room], words);
    }

    /// Sends a message from Bob to the room with this id.
    pub(crate) fn send_to(&self, room: &str, words: &str) {
        self.runtime.block_on(async {
            match &self.service {
                Service::MinChat { sandbox, bob } => drop(sandbox.send_text(room, bob, words).await),
                Service::VChat { bob, .. } => drop(bob.send_text(room, words).await),
            }
        });
    }

    /// Makes the server produce these faults, or none if the text is empty. Bob's calls are spared.
    pub(crate) fn set_faults(&self, text: &str) {
        let faults = self.faults();
        faults.set(faults.parse(text).unwrap(), Some(1));
    }

    /// Returns how often the first fault has happened since it was set.
    pub(crate) fn fired(&self) -> usize {
        usize::try_from(self.faults().report().rules[0].fired).unwrap()
    }

    fn faults(&self) -> FaultControl {
        match &self.service {
            Service::MinChat { sandbox, .. } => sandbox.faults(),
            Service::VChat { sandbox, .. } => sandbox.faults(),
        }
    }

    /// Creates a group of Bob, Alice and somebody else, with a message: a list of rooms may leave out empty ones.
    /// Returns its id.
    pub(crate) fn create_group(&self, title: &str) -> String {
        self.runtime.block_on(async {
            match &self.service {
                Service::MinChat { sandbox, bob } => {
                    sandbox.person("carol", "Carol").await;
                    let chat = sandbox.chat(bob, &["bob", "alice", "carol"], Some(title)).await;
                    drop(sandbox.send_text(&chat, bob, "hello").await);
                    chat
                }
                Service::VChat { bob, .. } => {
                    let room = bob.group(title, &["alice@example.org"]).await;
                    drop(bob.send_text(&room, "hello").await);
                    room
                }
            }
        })
    }

    /// Makes every login invalid, as a restart of the server does. MinChat has no logins.
    pub(crate) fn expire_logins(&self) {
        if let Service::VChat { sandbox, .. } = &self.service {
            let alice = json!({ "identifier": "alice@example.org" });
            self.runtime.block_on(sandbox.control("expire", alice));
        }
    }

    /// Texts of the messages in a room that are not deleted, oldest first.
    pub(crate) fn history(&self, room: usize) -> Vec<String> {
        let mut newest_first: Vec<Value> = self.runtime.block_on(self.pages(&self.rooms[room]));
        newest_first.reverse();
        let present = newest_first.iter().filter(|message| message["dltAt"].is_null());
        present.map(|message| text(message.get("c").unwrap_or(&message["text"]))).collect()
    }

    /// Fetches all messages of a room, newest first.
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
