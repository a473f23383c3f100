//! V Chat end to end: the client's connection, state and event loop against the sandbox server, over real sockets. Bob,
//! the other person, uses plain REST and a raw websocket. There is a test for each event of the service and for each
//! capability of the client. Client and server have the same authors; `tests/interop` checks both against other code.

mod calls;
mod details;
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

/// Starts Alice's client.
fn alice(url: &str) -> Client {
    let protocol = VChat::new(Credentials::HashKey(KEY.to_owned()), "device".to_owned());
    Client::start_on(Box::new(protocol), url, ALICE, 16_384)
}

/// Alice in a chat with Bob, who is online and has joined the chat.
struct Chat {
    sandbox: Sandbox,
    alice: Client,
    /// Another device of Alice, which only uses REST.
    other_device: Peer,
    bob: Peer,
    socket: Wire,
    room: String,
}

impl Chat {
    async fn open() -> Self {
        Self::open_with_ring(Duration::from_secs(60)).await
    }

    /// Opens the chat on a server where calls ring for this long.
    async fn open_with_ring(ring: Duration) -> Self {
        let sandbox = Sandbox::start_with_ring(ring).await;
        let bob = sandbox.person(BOB, "Bob Brown").await;
        let other_device = sandbox.person(ALICE, "Alice Archer").await;
        let room = bob.room_with(ALICE).await;
        bob.send_text(&room, "Hello Alice").await;
        let socket = bob.socket();
        let mut alice = alice(&sandbox.url());
        alice.shows("› Message Bob Brown").await;
        alice.shows("Hello Alice").await;
        let mut chat = Self { sandbox, alice, other_device, bob, socket, room };
        // The client's receipt arrives on Bob's socket, so the server knows both sockets from here on.
        let seen = chat.next_event("v1OnEnterChatRoom");
        assert_eq!((&seen["roomId"], &seen["userId"]), (&json!(chat.room), &json!(chat.bob.id)));
        chat
    }

    /// Waits for the next event of this name on Bob's socket.
    fn next_event(&mut self, event: &str) -> serde_json::Value {
        decoded(&self.socket.wait(event))
    }

    /// Emits an event on Bob's socket.
    fn emit(&mut self, event: &str, payload: &serde_json::Value) {
        self.socket.emit(event, encoded(payload));
    }
}
