//! Bad networks, end to end over real sockets on both services: nothing is lost, duplicated or reordered, and the
//! screen shows the state of the connection.
//!
//! The client's timeouts are divided by ten, and the server pings every third of a second, so that a frozen connection
//! is noticed within a second instead of within a minute.

mod faults;
mod provoked;
mod soak;

use std::time::Duration;

use minchat_tui::protocol::Protocol;
use minchat_tui::protocol::minchat::MinChat;
use minchat_tui::protocol::vchat::{Credentials, VChat};
use minchat_tui::server::FaultControl;

use crate::client::{Client, Outcome};
use test_support::fault::FaultProxy;
use test_support::minchat::{self, text};
use test_support::vchat;

/// Ping interval and ping timeout of the servers.
const PING: (Duration, Duration) = (Duration::from_millis(300), Duration::from_millis(300));

/// Divisor of the client's timeouts.
const ACCELERATION: u32 = 10;

/// A service, to which Bob is connected without a proxy.
enum World {
    MinChat { sandbox: minchat::Sandbox, bob: String, chat: String },
    VChat { sandbox: vchat::Sandbox, bob: vchat::Peer, room: String },
}

impl World {
    /// Starts MinChat; also returns the address of the server.
    async fn minchat() -> (Self, String) {
        let sandbox = minchat::Sandbox::start_with_heartbeat(Some(PING)).await;
        let bob = sandbox.person("bob", "Bob Brown").await;
        sandbox.person("alice", "Alice Archer").await;
        let chat = sandbox.chat(&bob, &["bob", "alice"], None).await;
        let url = sandbox.url();
        (Self::MinChat { sandbox, bob, chat }, url)
    }

    /// Starts V Chat; also returns the address of the server.
    async fn vchat() -> (Self, String) {
        let sandbox = vchat::Sandbox::start_with_heartbeat(PING).await;
        let bob = sandbox.person("bob@example.org", "Bob Brown").await;
        sandbox.person("alice@example.org", "Alice Archer").await;
        let room = bob.room_with("alice@example.org").await;
        let url = sandbox.url();
        (Self::VChat { sandbox, bob, room }, url)
    }

    /// The faults of the server. Bob's calls are spared.
    fn faults(&self) -> FaultControl {
        match self {
            Self::MinChat { sandbox, .. } => sandbox.faults(),
            Self::VChat { sandbox, .. } => sandbox.faults(),
        }
    }

    /// Sends a message from Bob.
    async fn send_from_bob(&self, words: &str) {
        match self {
            Self::MinChat { sandbox, bob, chat } => drop(sandbox.send_text(chat, bob, words).await),
            Self::VChat { bob, room, .. } => drop(bob.send_text(room, words).await),
        }
    }

    /// Texts of all messages that the server has, oldest first.
    async fn history(&self) -> Vec<String> {
        let mut newest_first = Vec::new();
        match self {
            Self::MinChat { sandbox, bob, chat } => {
                for page in 1.. {
                    let path = format!("/v1/messages?chat_id={chat}&user_id={bob}&page={page}");
                    let messages = sandbox.get(&path).await["messages"].as_array().unwrap().clone();
                    newest_first.extend(messages.iter().rev().map(|message| text(&message["text"])));
                    if messages.is_empty() {
                        break;
                    }
                }
            }
            Self::VChat { bob, room, .. } => {
                let mut before = String::new();
                loop {
                    let page = bob.get(&format!("channel/{room}/message/?limit=30&filter=all{before}")).await;
                    let messages = page["docs"].as_array().unwrap();
                    newest_first.extend(messages.iter().map(|message| text(&message["c"])));
                    let Some(oldest) = messages.last() else { break };
                    before = format!("&lastId={}", text(&oldest["_id"]));
                }
            }
        }
        newest_first.reverse();
        newest_first
    }

    /// Starts Alice's client.
    fn alice(&self, url: &str) -> Client {
        let (protocol, username): (Box<dyn Protocol>, _) = match self {
            Self::MinChat { .. } => (Box::new(MinChat::new(minchat::KEY)), "alice"),
            Self::VChat { .. } => {
                let credentials = Credentials::HashKey(vchat::KEY.to_owned());
                (Box::new(VChat::new(credentials, "device".to_owned())), "alice@example.org")
            }
        };
        Client::start_accelerated(protocol, url, username, 16_384, ACCELERATION)
    }
}

/// Alice, whose connection goes through a proxy, in a chat with Bob.
struct Chat {
    world: World,
    proxy: FaultProxy,
    alice: Client,
}

impl Chat {
    async fn open((world, url): (World, String)) -> Self {
        world.send_from_bob("before").await;
        let proxy = FaultProxy::start(&url).await;
        let mut alice = world.alice(&proxy.url);
        alice.shows_row(&["│   before"]).await;
        alice.shows("● Online").await;
        Self { world, proxy, alice }
    }

    /// Quits, and checks that the client has each message of the server once and in the same order. The order of
    /// messages of the same millisecond is not checked: only a page shows it, and the last of them may have arrived as
    /// an event. Returns the texts that the server has.
    async fn compare(self) -> Vec<String> {
        let Outcome { texts, times, .. } = self.alice.quit().await;
        let expected = self.world.history().await;
        assert!(times.is_sorted(), "{times:?}");
        let time_of = |words: &String| texts.iter().position(|text| text == words).map(|place| times[place]);
        let client_times: Vec<_> = expected.iter().map(time_of).collect();
        assert!(
            client_times.is_sorted() && client_times.iter().all(Option::is_some),
            "\nclient {texts:?}\nserver {expected:?}"
        );
        let (mut one, mut other) = (texts.clone(), expected.clone());
        one.sort();
        other.sort();
        assert_eq!(one, other, "\nclient {texts:?}\nserver {expected:?}");
        expected
    }
}
