//! Everything a user can do with rooms, groups and broadcasts.

use serde_json::json;

use super::{ALICE, BOB, CAROL, Chat, decoded};

const DAVE: &str = "dave@example.org";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn group_is_created_changed_and_left() {
    let mut chat = Chat::open().await;
    for (identifier, name) in [(CAROL, "Carol Chen"), (DAVE, "Dave Dunn")] {
        chat.sandbox.person(identifier, name).await;
    }
    chat.alice.enters(&format!("/group Release crew: {BOB} {CAROL}")).await;
    chat.alice.shows("› Message Release crew").await;
    chat.alice.shows_beside_title("3 members").await;
    chat.alice.enters(&format!("/add {DAVE}")).await;
    chat.alice.shows_row(&["You added Dave Dunn"]).await;
    chat.alice.enters(&format!("/role {CAROL} admin")).await;
    chat.alice.confirms().await;
    chat.alice.shows_row(&["You made Carol Chen an admin"]).await;
    chat.alice.keys("f2").await;
    chat.alice.shows_row(&["Carol Chen", "admin"]).await;
    chat.alice.shows_row(&["Alice Archer", "owner"]).await;
    chat.alice.keys("esc").await;
    chat.alice.enters(&format!("/role {CAROL} member")).await;
    chat.alice.confirms().await;
    chat.alice.shows_row(&["You made Carol Chen a member again"]).await;
    chat.alice.enters(&format!("/remove {DAVE}")).await;
    chat.alice.confirms().await;
    chat.alice.shows_row(&["You removed Dave Dunn"]).await;
    chat.alice.enters("/rename Ship it").await;
    chat.alice.shows("› Message Ship it").await;
    chat.alice.enters("/leave").await;
    chat.alice.confirms().await;
    chat.alice.shows("You are no longer in this group").await;
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broadcast_reaches_each_reader_in_their_own_room() {
    let mut chat = Chat::open().await;
    let carol = chat.sandbox.person(CAROL, "Carol Chen").await;
    let mut carol_socket = carol.socket();
    chat.alice.enters(&format!("/broadcast News: {BOB} {CAROL}")).await;
    chat.alice.shows("› Message News").await;
    chat.alice.enters("We ship today").await;
    chat.alice.shows_row(&["We ship today", "✓"]).await;
    loop {
        let received = chat.next_event("v1OnNewMessage");
        if received["c"] == "We ship today" {
            assert_eq!(received["rId"], json!(chat.room), "in Bob's own room with her");
            break;
        }
    }
    while decoded(&carol_socket.wait("v1OnNewMessage"))["c"] != "We ship today" {}
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rooms_are_muted_archived_found_and_deleted() {
    let mut chat = Chat::open().await;
    let room = |docs: serde_json::Value| docs["docs"][0].clone();
    let path = "channel/?limit=20&page=1";
    chat.alice.enters("/mute").await;
    while room(chat.other_device.get(path).await)["isM"] != true {}
    chat.alice.enters("/unmute").await;
    while room(chat.other_device.get(path).await)["isM"] != false {}

    let kitchen = chat.bob.group("Kitchen", &[ALICE]).await;
    chat.bob.send_text(&kitchen, "Tea is ready").await;
    chat.alice.enters("/rooms kitch").await;
    chat.alice.shows_row(&["│ Kitchen", "unread │"]).await;
    chat.alice.keys("enter").await;
    chat.alice.shows("› Message Kitchen").await;

    chat.alice.enters("/archive").await;
    chat.alice
        .wait("the room to leave the list", |screen| {
            !screen.lines().any(|row| row.split('│').next().is_some_and(|list| list.contains("Kitchen")))
        })
        .await;
    chat.alice.enters("/archived").await;
    chat.alice.shows_row(&["│ Kitchen", "│"]).await;
    chat.alice.keys("enter").await;
    chat.alice.shows("› Message Kitchen").await;
    chat.alice.enters("/unarchive").await;
    while chat.other_device.get(path).await["docs"].as_array().map(Vec::len) != Some(2) {}

    chat.alice.enters("/delete-chat").await;
    chat.alice.shows("for you").await;
    chat.alice.confirms().await;
    chat.alice.shows("Kitchen was deleted.").await;
    while chat.other_device.get(path).await["docs"].as_array().map(Vec::len) != Some(1) {}
    assert_eq!(chat.bob.get(path).await["docs"].as_array().map(Vec::len), Some(2), "deleted for her alone");
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn order_room_is_shown() {
    let mut chat = Chat::open().await;
    let order = json!({ "peerId": chat.other_device.id, "identifier": ALICE, "orderId": "7", "orderTitle": "Order 7" });
    let room = chat.bob.post("channel/order", order).await;
    chat.bob.send_text(room["rId"].as_str().unwrap(), "About your order").await;
    chat.alice.shows("About your order").await;
    chat.alice.quit().await;
}
