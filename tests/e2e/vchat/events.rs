//! Every event of the service's list, and what one sees of it.

use serde_json::json;

use super::{ALICE, BOB, CAROL, Chat, alice};
use test_support::vchat::{decoded, encoded};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_message_is_appended_delivered_and_seen() {
    let mut chat = Chat::open().await;
    chat.bob.says(&chat.room, "How are you?").await;
    chat.alice.shows_row(&["│", "How are you?"]).await;
    let delivered = chat.hears("v1OnDeliverChatRoom");
    let seen = chat.hears("v1OnEnterChatRoom");
    for receipt in [delivered, seen] {
        assert_eq!((&receipt["roomId"], &receipt["userId"]), (&json!(chat.room), &json!(chat.bob.id)));
    }
    chat.alice.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_echo_of_a_send_is_the_send() {
    let mut chat = Chat::open().await;
    chat.alice.enters("Fine, thanks").await;
    let heard = chat.hears("v1OnNewMessage");
    assert_eq!((&heard["c"], &heard["sIdentifier"]), (&json!("Fine, thanks"), &json!(ALICE)));
    chat.alice.shows_row(&["Fine, thanks", "✓"]).await;
    // The same words from another device of hers are another message: identity is never the text.
    chat.elsewhere.says(&chat.room, "Fine, thanks").await;
    chat.alice.wait("both", |screen| screen.matches("│   Fine, thanks").count() == 2).await;
    let left = chat.alice.end().await;
    assert_eq!(left.texts, ["Hello Alice", "Fine, thanks", "Fine, thanks"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_deleted_for_all_leaves_a_tombstone_and_nothing_of_its_text() {
    let mut chat = Chat::open().await;
    let message = chat.bob.says(&chat.room, "Forget this").await;
    chat.alice.shows_row(&["│", "Forget this"]).await;
    let id = message["_id"].as_str().unwrap();
    chat.bob.delete(&format!("channel/{}/message/{id}/delete/all", chat.room)).await;
    chat.alice.shows_row(&["│   Message deleted"]).await;
    chat.alice.lacks("Forget this").await;
    let left = chat.alice.end().await;
    assert_eq!(left.texts, ["Hello Alice", ""]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn own_messages_become_delivered_and_then_seen() {
    let mut chat = Chat::open().await;
    chat.alice.enters("Are you there?").await;
    chat.hears("v1OnNewMessage");
    chat.alice.shows_row(&["│   Are you there?", "✓"]).await;
    let before = mark(&chat.alice.screen());
    chat.emits("v1DeliverChatRoom", &json!({ "roomId": chat.room }));
    chat.alice.wait("the mark of delivery", |screen| mark(screen) != before).await;
    let delivered = mark(&chat.alice.screen());
    chat.emits("v1EnterChatRoom", &json!({ "roomId": chat.room }));
    chat.alice
        .wait("the mark of having been seen", |screen| {
            let now = mark(screen);
            now != delivered && now.ends_with("✓✓")
        })
        .await;
    chat.alice.end().await;
}

/// What stands at the end of the row that asks.
fn mark(screen: &str) -> String {
    let row = screen.lines().find(|row| row.contains("│   Are you there?")).unwrap_or_default();
    row.trim_end().rsplit(' ').next().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_for_somebody_else_changes_nothing() {
    let mut chat = Chat::open().await;
    chat.alice.enters("Are you there?").await;
    chat.alice.shows_row(&["│   Are you there?", "✓"]).await;
    let before = mark(&chat.alice.screen());
    let receipt = json!({ "roomId": chat.room, "userId": chat.bob.id, "date": "2026-11-21T10:00:00.000Z" });
    chat.sandbox.emit(ALICE, "v1OnEnterChatRoom", encoded(&receipt)).await;
    chat.bob.says(&chat.room, "Afterwards").await;
    chat.alice.shows_row(&["│", "Afterwards"]).await;
    assert_eq!(mark(&chat.alice.screen()), before);
    chat.alice.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presence_is_asked_and_said_beside_the_title() {
    let mut chat = Chat::open().await;
    chat.alice.shows_beside_title("online").await;
    drop(chat.socket);
    // The next poll, ten seconds later, says otherwise.
    chat.alice.shows_beside_title("last seen").await;
    chat.alice.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn typing_and_recording_are_shown_and_typing_is_told() {
    let mut chat = Chat::open().await;
    let room = chat.room.clone();
    let status = |status: &str| json!({ "status": status, "roomId": room });
    chat.emits("v1RoomStatusChange", &status("typing"));
    chat.alice.shows("Bob Brown is typing…").await;
    chat.emits("v1RoomStatusChange", &status("recording"));
    chat.alice.shows("Bob Brown is recording…").await;
    chat.emits("v1RoomStatusChange", &status("stop"));
    chat.alice.lacks("Bob Brown is").await;

    chat.alice.types("He").await;
    let told = loop {
        let told = chat.hears("v1OnRoomStatusChange");
        if told["userId"] == json!(chat.elsewhere.id) {
            break told;
        }
    };
    assert_eq!((&told["status"], &told["roomId"]), (&json!("typing"), &json!(chat.room)));
    chat.alice.keys("enter").await;
    assert_eq!(chat.hears("v1OnRoomStatusChange")["status"], "stop");
    chat.alice.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_block_closes_the_composer_and_its_end_opens_it_again() {
    let mut chat = Chat::open().await;
    chat.bob.post(&format!("user-ban/{ALICE}/ban"), json!(null)).await;
    chat.alice.shows("Bob Brown has blocked you").await;
    chat.alice.lacks("› Message Bob Brown").await;
    chat.bob.post(&format!("user-ban/{ALICE}/un-ban"), json!(null)).await;
    chat.alice.shows("› Message Bob Brown").await;
    chat.alice.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_thrown_out_can_read_on_and_others_read_that_they_were() {
    let mut chat = Chat::open().await;
    chat.sandbox.person(CAROL, "Carol Chen").await;
    let group = chat.bob.group("Kitchen", &[ALICE, CAROL]).await;
    chat.bob.says(&group, "Tea is ready").await;
    chat.alice.shows("Tea is ready").await;
    chat.alice.enters("/go Kitchen").await;
    chat.alice.shows("› Message Kitchen").await;
    chat.bob.delete(&format!("channel/{group}/group/members/{CAROL}")).await;
    chat.alice.shows_row(&["Carol Chen", "Bob Brown"]).await;
    chat.bob.delete(&format!("channel/{group}/group/members/{ALICE}")).await;
    chat.alice.shows("You are not in this group any more").await;
    chat.alice.shows("You were removed from Kitchen.").await;
    chat.alice.shows_row(&["│", "Tea is ready"]).await;
    // A receipt of the line that tells of it would be refused, aloud.
    chat.bob.says(&chat.room, "Afterwards").await;
    chat.alice.shows("Bob Brown").await;
    chat.alice.lacks("dont have access").await;
    // Over there it cannot be deleted any more, here it can.
    chat.alice.enters("/delete-chat").await;
    chat.alice.keys("y").await;
    chat.alice.shows("Kitchen was deleted.").await;
    chat.alice.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exception_is_a_notice_whatever_its_shape() {
    let mut chat = Chat::open().await;
    chat.sandbox.emit(ALICE, "v1OnException", encoded(&json!({ "error": "The kettle is empty" }))).await;
    chat.alice.shows("The kettle is empty").await;
    chat.sandbox.emit(ALICE, "v1OnException", json!({ "error": "The pot as well" })).await;
    chat.alice.shows("The pot as well").await;
    chat.sandbox.emit(ALICE, "v1OnException", json!("[object Object]")).await;
    chat.alice.lacks("The pot as well").await;
    chat.alice.lacks("object Object").await;
    chat.alice.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_ice_candidate_is_no_error() {
    let mut chat = Chat::open().await;
    let candidate = json!({ "data": { "candidate": "x", "sdpMid": "0", "sdpMLineIndex": 0 }, "meetId": "m" });
    chat.sandbox.emit(ALICE, "v1OnIceCandidate", encoded(&candidate)).await;
    chat.bob.says(&chat.room, "Afterwards").await;
    chat.alice.shows_row(&["│", "Afterwards"]).await;
    chat.alice.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_argument_may_be_an_object_and_an_edit_is_applied_if_one_comes() {
    let mut chat = Chat::open().await;
    let mut message = chat.bob.says(&chat.room, "How are yuo?").await;
    chat.alice.shows_row(&["│", "How are yuo?"]).await;
    message["c"] = json!("How are you?");
    chat.sandbox.emit(ALICE, "v1OnUpdateMessage", message).await;
    chat.alice.shows_row(&["How are you? (edited)"]).await;
    chat.alice.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_cannot_be_read_costs_itself_only() {
    let mut chat = Chat::open().await;
    let message = chat.bob.says(&chat.room, "A first one").await;
    chat.alice.shows_row(&["│", "A first one"]).await;
    let mut unknown = message.clone();
    (unknown["_id"], unknown["mT"]) = (json!("ffffffffffffffffffffff01"), json!("hologram"));
    unknown["lId"] = json!("11111111-2222-4333-8444-555555555555");
    chat.sandbox.emit(ALICE, "v1OnNewMessage", encoded(&unknown)).await;
    chat.alice.shows("cannot be read").await;
    chat.alice.shows("hologram").await;
    chat.sandbox.emit(ALICE, "v1OnNewMessage", json!("{ broken")).await;
    chat.bob.says(&chat.room, "Afterwards").await;
    chat.alice.shows_row(&["│", "Afterwards"]).await;
    chat.alice.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_room_that_somebody_begins_appears_by_itself() {
    let sandbox = super::Sandbox::open().await;
    let bob = sandbox.person(BOB, "Bob Brown").await;
    sandbox.person(ALICE, "Alice Archer").await;
    let mut alice = alice(&sandbox.url());
    alice.shows("No rooms yet").await;
    let mut socket = bob.socket();
    let room = bob.room_with(ALICE).await;
    bob.says(&room, "Hello Alice").await;
    alice.shows("› Message Bob Brown").await;
    alice.shows_row(&["│", "Hello Alice"]).await;
    assert_eq!(decoded(&socket.wait("v1OnNewMessage"))["c"], "Hello Alice");
    alice.end().await;
}
