//! Every event of the service, and its effect on the screen.

use serde_json::json;

use super::{ALICE, BOB, CAROL, Chat, alice};
use test_support::vchat::{decoded, encoded};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn new_message_is_appended_delivered_and_seen() {
    let mut chat = Chat::open().await;
    chat.bob.send_text(&chat.room, "How are you?").await;
    chat.alice.shows_row(&["│", "How are you?"]).await;
    let delivered = chat.next_event("v1OnDeliverChatRoom");
    let seen = chat.next_event("v1OnEnterChatRoom");
    for receipt in [delivered, seen] {
        assert_eq!((&receipt["roomId"], &receipt["userId"]), (&json!(chat.room), &json!(chat.bob.id)));
    }
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn echo_of_a_send_is_not_a_second_message() {
    let mut chat = Chat::open().await;
    chat.alice.enters("Fine, thanks").await;
    let received = chat.next_event("v1OnNewMessage");
    assert_eq!((&received["c"], &received["sIdentifier"]), (&json!("Fine, thanks"), &json!(ALICE)));
    chat.alice.shows_row(&["Fine, thanks", "✓"]).await;
    // The same text from her other device is another message, because messages are not identified by their text.
    chat.other_device.send_text(&chat.room, "Fine, thanks").await;
    chat.alice.wait("both", |screen| screen.matches("│   Fine, thanks").count() == 2).await;
    let outcome = chat.alice.quit().await;
    assert_eq!(outcome.texts, ["Hello Alice", "Fine, thanks", "Fine, thanks"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn message_deleted_for_all_leaves_a_tombstone() {
    let mut chat = Chat::open().await;
    let message = chat.bob.send_text(&chat.room, "Forget this").await;
    chat.alice.shows_row(&["│", "Forget this"]).await;
    let id = message["_id"].as_str().unwrap();
    chat.bob.delete(&format!("channel/{}/message/{id}/delete/all", chat.room)).await;
    chat.alice.shows_row(&["│   Message deleted"]).await;
    chat.alice.lacks("Forget this").await;
    let outcome = chat.alice.quit().await;
    assert_eq!(outcome.texts, ["Hello Alice", ""]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn own_messages_become_delivered_and_then_seen() {
    let mut chat = Chat::open().await;
    chat.alice.enters("Are you there?").await;
    chat.next_event("v1OnNewMessage");
    chat.alice.shows_row(&["│   Are you there?", "✓"]).await;
    let before = receipt_mark(&chat.alice.screen());
    chat.emit("v1DeliverChatRoom", &json!({ "roomId": chat.room }));
    chat.alice.wait("the delivered mark", |screen| receipt_mark(screen) != before).await;
    let delivered = receipt_mark(&chat.alice.screen());
    chat.emit("v1EnterChatRoom", &json!({ "roomId": chat.room }));
    chat.alice
        .wait("the seen mark", |screen| {
            let now = receipt_mark(screen);
            now != delivered && now.ends_with("✓✓")
        })
        .await;
    chat.alice.quit().await;
}

/// The receipt mark at the end of the message "Are you there?".
fn receipt_mark(screen: &str) -> String {
    let row = screen.lines().find(|row| row.contains("│   Are you there?")).unwrap_or_default();
    row.trim_end().rsplit(' ').next().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn receipt_of_another_person_changes_nothing() {
    let mut chat = Chat::open().await;
    chat.alice.enters("Are you there?").await;
    chat.alice.shows_row(&["│   Are you there?", "✓"]).await;
    let before = receipt_mark(&chat.alice.screen());
    let receipt = json!({ "roomId": chat.room, "userId": chat.bob.id, "date": "2026-11-21T10:00:00.000Z" });
    chat.sandbox.emit(ALICE, "v1OnEnterChatRoom", encoded(&receipt)).await;
    chat.bob.send_text(&chat.room, "Afterwards").await;
    chat.alice.shows_row(&["│", "Afterwards"]).await;
    assert_eq!(receipt_mark(&chat.alice.screen()), before);
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presence_is_polled_and_shown_beside_the_title() {
    let mut chat = Chat::open().await;
    chat.alice.shows_beside_title("online").await;
    drop(chat.socket);
    // The next poll, ten seconds later, reports Bob as offline.
    chat.alice.shows_beside_title("last seen").await;
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn typing_and_recording_are_shown_and_announced() {
    let mut chat = Chat::open().await;
    let room = chat.room.clone();
    let status = |status: &str| json!({ "status": status, "roomId": room });
    chat.emit("v1RoomStatusChange", &status("typing"));
    chat.alice.shows("Bob Brown is typing…").await;
    chat.emit("v1RoomStatusChange", &status("recording"));
    chat.alice.shows("Bob Brown is recording…").await;
    chat.emit("v1RoomStatusChange", &status("stop"));
    chat.alice.lacks("Bob Brown is").await;

    chat.alice.types("He").await;
    let announced = loop {
        let event = chat.next_event("v1OnRoomStatusChange");
        if event["userId"] == json!(chat.other_device.id) {
            break event;
        }
    };
    assert_eq!((&announced["status"], &announced["roomId"]), (&json!("typing"), &json!(chat.room)));
    chat.alice.keys("enter").await;
    assert_eq!(chat.next_event("v1OnRoomStatusChange")["status"], "stop");
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn block_closes_the_composer_until_it_is_lifted() {
    let mut chat = Chat::open().await;
    chat.bob.post(&format!("user-ban/{ALICE}/ban"), json!(null)).await;
    chat.alice.shows("Bob Brown blocked you").await;
    chat.alice.lacks("› Message Bob Brown").await;
    chat.bob.post(&format!("user-ban/{ALICE}/un-ban"), json!(null)).await;
    chat.alice.shows("› Message Bob Brown").await;
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn removed_member_can_still_read_the_group() {
    let mut chat = Chat::open().await;
    chat.sandbox.person(CAROL, "Carol Chen").await;
    let group = chat.bob.group("Kitchen", &[ALICE, CAROL]).await;
    chat.bob.send_text(&group, "Tea is ready").await;
    chat.alice.shows("Tea is ready").await;
    chat.alice.enters("/go Kitchen").await;
    chat.alice.shows("› Message Kitchen").await;
    chat.bob.delete(&format!("channel/{group}/group/members/{CAROL}")).await;
    chat.alice.shows_row(&["Carol Chen", "Bob Brown"]).await;
    chat.bob.delete(&format!("channel/{group}/group/members/{ALICE}")).await;
    chat.alice.shows("You are no longer in this group").await;
    chat.alice.shows("You were removed from Kitchen.").await;
    chat.alice.shows_row(&["│", "Tea is ready"]).await;
    // The client must not send a receipt for the message about the removal: the server would refuse it with an error.
    chat.bob.send_text(&chat.room, "Afterwards").await;
    chat.alice.shows("Bob Brown").await;
    chat.alice.lacks("dont have access").await;
    // The room cannot be deleted on the server any more, but it can be removed here.
    chat.alice.enters("/delete-chat").await;
    chat.alice.confirms().await;
    chat.alice.shows("Kitchen was deleted.").await;
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exception_of_any_shape_becomes_a_notice() {
    let mut chat = Chat::open().await;
    chat.sandbox.emit(ALICE, "v1OnException", encoded(&json!({ "error": "The kettle is empty" }))).await;
    chat.alice.shows("The kettle is empty").await;
    chat.sandbox.emit(ALICE, "v1OnException", json!({ "error": "The pot as well" })).await;
    chat.alice.shows("The pot as well").await;
    chat.sandbox.emit(ALICE, "v1OnException", json!("[object Object]")).await;
    chat.alice.lacks("The pot as well").await;
    chat.alice.lacks("object Object").await;
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ice_candidate_is_ignored() {
    let mut chat = Chat::open().await;
    let candidate = json!({ "data": { "candidate": "x", "sdpMid": "0", "sdpMLineIndex": 0 }, "meetId": "m" });
    chat.sandbox.emit(ALICE, "v1OnIceCandidate", encoded(&candidate)).await;
    chat.bob.send_text(&chat.room, "Afterwards").await;
    chat.alice.shows_row(&["│", "Afterwards"]).await;
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn event_argument_may_be_an_object() {
    let mut chat = Chat::open().await;
    let mut message = chat.bob.send_text(&chat.room, "How are yuo?").await;
    chat.alice.shows_row(&["│", "How are yuo?"]).await;
    message["c"] = json!("How are you?");
    chat.sandbox.emit(ALICE, "v1OnUpdateMessage", message).await;
    chat.alice.shows_row(&["How are you? (edited)"]).await;
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unreadable_message_does_not_affect_others() {
    let mut chat = Chat::open().await;
    let message = chat.bob.send_text(&chat.room, "A first one").await;
    chat.alice.shows_row(&["│", "A first one"]).await;
    let mut unknown = message.clone();
    (unknown["_id"], unknown["mT"]) = (json!("ffffffffffffffffffffff01"), json!("hologram"));
    unknown["lId"] = json!("11111111-2222-4333-8444-555555555555");
    chat.sandbox.emit(ALICE, "v1OnNewMessage", encoded(&unknown)).await;
    chat.alice.shows("[custom] A first one").await;
    chat.sandbox.emit(ALICE, "v1OnNewMessage", json!("{ broken")).await;
    chat.bob.send_text(&chat.room, "Afterwards").await;
    chat.alice.shows_row(&["│", "Afterwards"]).await;
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn room_created_by_someone_else_appears() {
    let sandbox = super::Sandbox::start().await;
    let bob = sandbox.person(BOB, "Bob Brown").await;
    sandbox.person(ALICE, "Alice Archer").await;
    let mut alice = alice(&sandbox.url());
    alice.shows("No rooms yet").await;
    let mut socket = bob.socket();
    let room = bob.room_with(ALICE).await;
    bob.send_text(&room, "Hello Alice").await;
    // It is not opened by itself: Alice may be away.
    alice.shows("No room is open").await;
    alice.keys("alt+a").await;
    alice.shows("› Message Bob Brown").await;
    alice.shows_row(&["│", "Hello Alice"]).await;
    assert_eq!(decoded(&socket.wait("v1OnNewMessage"))["c"], "Hello Alice");
    alice.quit().await;
}
