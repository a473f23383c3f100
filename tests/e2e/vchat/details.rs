//! Names, descriptions and members of rooms, lists of what they hold, and logging out.

use serde_json::json;

use super::{BOB, CAROL, Chat};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn room_gets_a_nickname_that_only_its_user_sees() {
    let mut chat = Chat::open().await;
    chat.alice.enters("/nick Bobby").await;
    chat.alice.shows("› Message Bobby").await;
    let list = "channel/?limit=20&page=1";
    assert_eq!(chat.other_device.get(list).await["docs"][0]["nTitle"], "Bobby");
    assert_eq!(chat.bob.get(list).await["docs"][0]["nTitle"], json!(null));
    chat.alice.enters("/nick").await;
    chat.alice.shows("› Message Bob Brown").await;
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn group_is_described_extended_left_and_deleted() {
    let mut chat = Chat::open().await;
    chat.sandbox.person(CAROL, "Carol Chen").await;
    chat.alice.enters(&format!("/group Kitchen: {BOB}")).await;
    chat.alice.shows("› Message Kitchen").await;
    chat.alice.enters("/describe Tea and talk").await;
    chat.alice.shows_row(&["Kitchen", "Tea and talk"]).await;
    chat.alice.enters("/add").await;
    chat.alice.shows_row(&["Carol Chen", CAROL]).await;
    chat.alice.keys("enter").await;
    chat.alice.shows("You added Carol Chen").await;
    chat.alice.enters("/shared files").await;
    chat.alice.shows("Nothing yet").await;
    chat.alice.keys("esc").await;
    chat.alice.enters("/leave").await;
    chat.alice.confirms().await;
    chat.alice.shows("You are no longer in this group").await;
    chat.alice.enters("/delete-chat").await;
    chat.alice.confirms().await;
    chat.alice.shows("Kitchen was deleted.").await;
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn call_history_is_cleared() {
    let mut chat = Chat::open().await;
    chat.alice.enters("/call").await;
    chat.next_event("v1OnNewCall");
    chat.alice.keys("alt+h").await;
    chat.alice.shows("You canceled the call to Bob Brown").await;
    // The list is requested in parallel with the end of the call.
    chat.next_event("v1OnCallCanceled");
    chat.alice.enters("/calls").await;
    chat.alice.shows("Bob Brown: voice call, canceled").await;
    chat.alice.keys("esc").await;
    chat.alice.enters("/clear-calls").await;
    chat.alice.confirms().await;
    chat.alice.shows("The list of past calls was cleared.").await;
    assert_eq!(chat.other_device.get("call/history").await, json!([]));
    assert_eq!(chat.bob.get("call/history").await.as_array().map(Vec::len), Some(1));
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logging_out_ends_this_login_and_the_program() {
    let mut chat = Chat::open().await;
    chat.alice.enters("/logout").await;
    chat.alice.confirms().await;
    chat.alice.outcome().await;
    let rooms = chat.other_device.get("channel/?limit=20&page=1").await;
    assert_eq!(rooms["docs"].as_array().map(Vec::len), Some(1), "the other device is still signed in");
}
