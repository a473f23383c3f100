//! Finding and blocking people, and the list of those who have seen a message.

use serde_json::json;

use super::{ALICE, BOB, CAROL, Chat};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_are_found_by_name_and_messaged() {
    let mut chat = Chat::open().await;
    chat.sandbox.person(CAROL, "Carol Chen").await;
    chat.alice.enters("/people carol").await;
    chat.alice.shows_row(&["Carol Chen", CAROL]).await;
    chat.alice.keys("enter").await;
    chat.alice.shows("› Message Carol Chen").await;
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn person_is_blocked_and_unblocked() {
    let mut chat = Chat::open().await;
    chat.alice.enters("/block").await;
    chat.alice.confirms().await;
    chat.alice.shows("You blocked Bob Brown").await;
    assert_eq!(chat.next_event("v1OnBanUserChat")["roomId"], json!(chat.room));
    let ban = chat.bob.get(&format!("user-ban/{ALICE}/ban")).await;
    assert_eq!(ban["isPeerBanner"], true);
    chat.alice.enters("/unblock").await;
    chat.alice.shows("› Message Bob Brown").await;
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_who_have_seen_a_group_message_are_listed() {
    let mut chat = Chat::open().await;
    let carol = chat.sandbox.person(CAROL, "Carol Chen").await;
    let kitchen = carol.group("Kitchen", &[ALICE, BOB]).await;
    carol.send_text(&kitchen, "Tea is ready").await;
    chat.alice.shows("Tea is ready").await;
    chat.alice.enters("/go Kitchen").await;
    chat.alice.shows("› Message Kitchen").await;
    chat.alice.enters("On my way").await;
    chat.alice.shows_row(&["On my way", "✓"]).await;
    let mut socket = carol.socket();
    socket.emit("v1EnterChatRoom", super::encoded(&json!({ "roomId": kitchen })));
    let status = |id: &str| format!("channel/{kitchen}/group/message/{id}/status/seen?limit=30&page=1");
    let page = chat.other_device.get(&format!("channel/{kitchen}/message/?limit=1&filter=all")).await;
    let id = page["docs"][0]["_id"].as_str().unwrap().to_owned();
    while chat.other_device.get(&status(&id)).await["docs"].as_array().map(Vec::len) != Some(1) {}
    chat.alice.keys("tab v").await;
    chat.alice.shows_row(&["Carol Chen", "seen"]).await;
    chat.alice.quit().await;
}
