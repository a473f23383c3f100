//! Bad networks, from end to end over real sockets on both back ends: nothing is lost, nothing comes twice or in another
//! order, and the screen says what is going on.
//!
//! Alice's client is ten times as impatient as the program, and the server pings every third of a second: a frozen line is
//! noticed in a second instead of in a minute.

mod faults;
mod soak;

use std::time::Duration;

use minchat_tui::protocol::Protocol;
use minchat_tui::protocol::minchat::MinChat;
use minchat_tui::protocol::vchat::{Credentials, VChat};

use crate::client::{Client, Left};
use test_support::fault::Line;
use test_support::minchat::{self, text};
use test_support::vchat;

/// How often the servers ping, and how long they wait for the answer.
const PING: (Duration, Duration) = (Duration::from_millis(300), Duration::from_millis(300));

/// How much more impatient Alice's client is than the program.
const HASTE: u32 = 10;

/// A service, with Bob on a good line to it.
enum World {
    MinChat { sandbox: minchat::Sandbox, bob: String, chat: String },
    VChat { _sandbox: vchat::Sandbox, bob: vchat::Peer, room: String },
}

impl World {
    async fn minchat() -> (Self, String) {
        let sandbox = minchat::Sandbox::pinging(Some(PING)).await;
        let bob = sandbox.person("bob", "Bob Brown").await;
        sandbox.person("alice", "Alice Archer").await;
        let chat = sandbox.chat(&bob, &["bob", "alice"], None).await;
        let url = sandbox.url();
        (Self::MinChat { sandbox, bob, chat }, url)
    }

    async fn vchat() -> (Self, String) {
        let sandbox = vchat::Sandbox::pinging(PING).await;
        let bob = sandbox.person("bob@example.org", "Bob Brown").await;
        sandbox.person("alice@example.org", "Alice Archer").await;
        let room = bob.room_with("alice@example.org").await;
        let url = sandbox.url();
        (Self::VChat { _sandbox: sandbox, bob, room }, url)
    }

    /// Bob says something.
    async fn says(&self, words: &str) {
        match self {
            Self::MinChat { sandbox, bob, chat } => drop(sandbox.say(chat, bob, words).await),
            Self::VChat { bob, room, .. } => drop(bob.says(room, words).await),
        }
    }

    /// What the server has, in its order.
    async fn said(&self) -> Vec<String> {
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

    fn alice(&self, url: &str) -> Client {
        let (protocol, username): (Box<dyn Protocol>, _) = match self {
            Self::MinChat { .. } => (Box::new(MinChat::new(minchat::KEY)), "alice"),
            Self::VChat { .. } => {
                let credentials = Credentials::HashKey(vchat::KEY.to_owned());
                (Box::new(VChat::new(credentials, "device".to_owned())), "alice@example.org")
            }
        };
        Client::hastened(protocol, url, username, 16_384, HASTE)
    }
}

/// Alice on a bad line, in a chat with Bob.
struct Chat {
    world: World,
    line: Line,
    alice: Client,
}

impl Chat {
    async fn open((world, url): (World, String)) -> Self {
        world.says("before").await;
        let line = Line::to(&url).await;
        let mut alice = world.alice(&line.url);
        alice.shows_row(&["│   before"]).await;
        alice.shows("● Online").await;
        Self { world, line, alice }
    }

    /// Ends it, and holds what Alice has against what the server has: each of it once, in the same order. Of messages of
    /// the same millisecond only a page tells the order, and the last of them may have come without one.
    async fn compare(self) -> Vec<String> {
        let Left { texts, times, .. } = self.alice.end().await;
        let said = self.world.said().await;
        assert!(times.is_sorted(), "{times:?}");
        let at = |words: &String| texts.iter().position(|text| text == words).map(|place| times[place]);
        let here: Vec<_> = said.iter().map(at).collect();
        assert!(here.is_sorted() && here.iter().all(Option::is_some), "\nhere {texts:?}\nthere {said:?}");
        let (mut one, mut other) = (texts.clone(), said.clone());
        one.sort();
        other.sort();
        assert_eq!(one, other, "\nhere {texts:?}\nthere {said:?}");
        said
    }
}
