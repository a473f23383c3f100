//! V Chat from end to end over real sockets: the client's connection, state and loop against the sandbox in V Chat's
//! dialect, with Bob on plain REST and a raw websocket on the other side. One test for each event of the service's own
//! list and for each thing one can do; `tests/interop` has code that is not ours judge both sides.

mod calls;
mod events;
mod messages;
mod people;
mod rooms;
mod uploads;

use std::time::Duration;

use minchat_tui::protocol::vchat::{Credentials, VChat};
use serde_json::json;

use crate::client::Client;
use test_support::vchat::{KEY, Peer, Sandbox, decoded, encoded};
use test_support::wire::Wire;

const ALICE: &str = "alice@example.org";
const BOB: &str = "bob@example.org";
const CAROL: &str = "carol@example.org";

/// Alice in front of her terminal.
fn alice(url: &str) -> Client {
    let protocol = VChat::new(Credentials::HashKey(KEY.to_owned()), "device".to_owned());
    Client::speaking(Box::new(protocol), url, ALICE, 16_384)
}

/// Alice in a chat with Bob, who is there and listens.
struct Chat {
    sandbox: Sandbox,
    alice: Client,
    /// Alice at another device, which only calls by REST.
    elsewhere: Peer,
    bob: Peer,
    socket: Wire,
    room: String,
}

impl Chat {
    async fn open() -> Self {
        Self::open_with(Duration::from_secs(60)).await
    }

    /// The same, where a call rings this long.
    async fn open_with(ring: Duration) -> Self {
        let sandbox = Sandbox::open_with(ring).await;
        let bob = sandbox.person(BOB, "Bob Brown").await;
        let elsewhere = sandbox.person(ALICE, "Alice Archer").await;
        let room = bob.room_with(ALICE).await;
        bob.says(&room, "Hello Alice").await;
        let socket = bob.socket();
        let mut alice = alice(&sandbox.url());
        alice.shows("› Message Bob Brown").await;
        alice.shows("Hello Alice").await;
        let mut chat = Self { sandbox, alice, elsewhere, bob, socket, room };
        // What one reads is reported on the socket, so the server knows ours from here on.
        let seen = chat.hears("v1OnEnterChatRoom");
        assert_eq!((&seen["roomId"], &seen["userId"]), (&json!(chat.room), &json!(chat.bob.id)));
        chat
    }

    /// The next event of this name that Bob's socket hears.
    fn hears(&mut self, event: &str) -> serde_json::Value {
        decoded(&self.socket.wait(event))
    }

    /// Bob emits something.
    fn emits(&mut self, event: &str, payload: &serde_json::Value) {
        self.socket.emit(event, encoded(payload));
    }
}
