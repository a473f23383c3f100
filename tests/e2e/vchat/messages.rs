//! Everything a user can do with messages.

use std::io::Write as _;

use serde_json::json;

use super::{ALICE, BOB, CAROL, Chat, alice};
use test_support::vchat::text;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reply_quotes_and_can_jump_to_the_original() {
    let mut chat = Chat::open().await;
    for number in 0..70 {
        chat.bob.send_text(&chat.room, &format!("number {number}.")).await;
    }
    chat.alice.shows("number 69.").await;
    // Bob replies to a message far above those that are loaded.
    let page = chat.bob.get(&format!("channel/{}/message/?limit=30&filter=all", chat.room)).await;
    let last = text(&page["docs"][29]["_id"]);
    let page = chat.bob.get(&format!("channel/{}/message/?limit=30&filter=all&lastId={last}", chat.room)).await;
    let old = page["docs"].as_array().unwrap().iter().find(|message| message["c"] == "number 20.").unwrap().clone();
    chat.bob.send(&chat.room, "text", "As I said", &[("replyToLocalId", &text(&old["lId"]))]).await;
    chat.alice.shows_row(&["Bob Brown", "number 20."]).await;
    chat.alice.shows_row(&["│", "As I said"]).await;

    let read = |screen: &str| {
        !screen.lines().any(|row| row.split('│').next().is_some_and(|list| list.trim_end().ends_with(" 71")))
    };
    chat.alice.wait("nothing unread", read).await;

    // Alice replies to the reply; her message carries the quoted message.
    chat.alice.keys("tab r").await;
    chat.alice.shows("As I said").await;
    chat.alice.enters("So you did").await;
    let received = loop {
        let received = chat.next_event("v1OnNewMessage");
        if received["c"] == "So you did" {
            break received;
        }
    };
    assert_eq!(received["rTo"]["c"], "As I said");

    // Keys act on the messages on Alice's screen. Bob may receive her message before it is there.
    chat.alice.shows_row(&["So you did", "✓"]).await;
    chat.alice.keys("tab up q").await;
    chat.alice.shows_row(&["│   number 21."]).await;
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn message_is_forwarded_to_another_room() {
    let mut chat = Chat::open().await;
    chat.sandbox.person(CAROL, "Carol Chen").await;
    chat.alice.enters(&format!("/dm {CAROL}")).await;
    chat.alice.shows("› Message Carol Chen").await;
    chat.alice.enters("/go Bob Brown").await;
    chat.alice.shows("› Message Bob Brown").await;
    chat.alice.shows("Hello Alice").await;
    chat.alice.keys("tab f").await;
    chat.alice.types("Carol").await;
    chat.alice.keys("enter").await;
    chat.alice.enters("/go Carol Chen").await;
    chat.alice.shows("› Message Carol Chen").await;
    chat.alice.shows_row(&["│", "Hello Alice", "✓"]).await;
    chat.alice.shows("Forwarded").await;
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stars_are_set_listed_and_removed() {
    let mut chat = Chat::open().await;
    chat.alice.keys("tab *").await;
    let room = chat.room.clone();
    let starred =
        async || chat.other_device.get(&format!("channel/{room}/message/stars")).await["docs"].as_array().map(Vec::len);
    while starred().await != Some(1) {}
    chat.alice.keys("esc").await;
    chat.alice.enters("/stars").await;
    chat.alice.shows_row(&["Hello Alice"]).await;
    chat.alice.shows("Starred").await;
    chat.alice.keys("esc").await;
    chat.alice.keys("tab *").await;
    while starred().await != Some(0) {}
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn message_is_deleted_for_me_or_for_everyone() {
    let mut chat = Chat::open().await;
    chat.alice.keys("tab D").await;
    chat.alice.shows("for you only").await;
    chat.alice.confirms().await;
    chat.alice.lacks("Hello Alice").await;
    let theirs = chat.bob.get(&format!("channel/{}/message/?limit=30&filter=all", chat.room)).await;
    assert_eq!((&theirs["docs"][0]["c"], &theirs["docs"][0]["dltAt"]), (&json!("Hello Alice"), &json!(null)));

    chat.alice.enters("Not for long").await;
    chat.alice.shows_row(&["Not for long", "✓"]).await;
    chat.alice.keys("tab d").await;
    chat.alice.shows("for everyone").await;
    chat.alice.confirms().await;
    chat.alice.shows_row(&["│   Message deleted"]).await;
    assert_eq!(chat.next_event("v1OnDeleteMessageFromAll")["c"], "Not for long");
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn edit_key_explains_that_editing_is_unsupported() {
    let mut chat = Chat::open().await;
    chat.alice.enters("Fine, thanks").await;
    chat.alice.shows_row(&["Fine, thanks", "✓"]).await;
    chat.alice.keys("up").await;
    chat.alice.shows("V Chat does not support editing messages").await;
    chat.alice.keys("f1").await;
    chat.alice.shows("Keys and commands").await;
    chat.alice.lacks("Edit my last message").await;
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_sent_with_their_kind() {
    let mut chat = Chat::open().await;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("dot.png"), PNG).unwrap();
    std::fs::write(path("note.txt"), "a note").unwrap();
    std::fs::write(path("hum.wav"), wav(2)).unwrap();
    std::fs::File::create(path("film.mp4")).unwrap().write_all(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom").unwrap();
    for (name, kind, shown) in [
        ("dot.png", "image", "image"),
        ("note.txt", "file", "file"),
        ("hum.wav", "voice", "0:02"),
        ("film.mp4", "video", "video"),
    ] {
        chat.alice.enters(&format!("/send {}", path(name).display())).await;
        let received = chat.next_event("v1OnNewMessage");
        assert_eq!((&received["mT"], &received["msgAtt"]["name"]), (&json!(kind), &json!(name)), "{received}");
        chat.alice.shows_row(&[name, shown]).await;
    }
    chat.alice.enters(&format!("/file {}", path("dot.png").display())).await;
    assert_eq!(chat.next_event("v1OnNewMessage")["mT"], "file");
    // The server stored what was uploaded.
    let url = text(
        &chat.bob.get(&format!("channel/{}/message/?limit=30&filter=all", chat.room)).await["docs"][0]["msgAtt"]["url"],
    );
    assert_eq!(reqwest::get(url).await.unwrap().bytes().await.unwrap(), PNG);
    chat.alice.enters("/send /no/such/file").await;
    chat.alice.shows("/no/such/file").await;
    chat.alice.quit().await;
}

/// An image of one black pixel.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\x9cc`\0\0\0\x02\0\x01H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82";

/// A sound file of this many seconds of silence, at 8 kHz and 8 bits.
fn wav(seconds: u32) -> Vec<u8> {
    let length = 8_000 * seconds;
    let mut out = b"RIFF".to_vec();
    out.extend((36 + length).to_le_bytes());
    out.extend(b"WAVEfmt ");
    out.extend(16u32.to_le_bytes());
    out.extend([1, 0, 1, 0]);
    out.extend(8_000u32.to_le_bytes());
    out.extend(8_000u32.to_le_bytes());
    out.extend([1, 0, 8, 0]);
    out.extend(b"data");
    out.extend(length.to_le_bytes());
    out.resize(44 + length as usize, 128);
    out
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_kinds_of_messages_are_shown_as_text() {
    let mut chat = Chat::open().await;
    let place = json!({
        "lat": "30.04", "long": "31.23",
        "linkPreviewData": { "image": null, "title": "Cairo", "desc": "Egypt", "description": "Egypt", "link": "https://maps.example/cairo" },
    });
    chat.bob.send(&chat.room, "location", "📍", &[("attachment", &place.to_string())]).await;
    chat.alice.shows_row(&["Cairo", "30.04"]).await;
    let order = json!({ "data": { "order": 7 } });
    chat.bob.send(&chat.room, "custom", "Order no. 7", &[("attachment", &order.to_string())]).await;
    chat.alice.shows_row(&["Order no. 7"]).await;
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn history_can_be_read_up_to_the_first_message() {
    let sandbox = super::Sandbox::start().await;
    let bob = sandbox.person(BOB, "Bob Brown").await;
    sandbox.person(ALICE, "Alice Archer").await;
    let room = bob.room_with(ALICE).await;
    for number in 0..130 {
        bob.send_text(&room, &format!("number {number}.")).await;
    }
    let mut alice = alice(&sandbox.url());
    alice.shows("number 129.").await;
    for number in (0..=100).rev().step_by(10) {
        while !alice.screen().contains(&format!("number {number}.")) {
            let before = alice.screen();
            alice.keys("pageup").await;
            alice.wait("another frame", |screen| screen != before).await;
        }
    }
    while !alice.screen().contains("Start of the conversation") {
        let before = alice.screen();
        alice.keys("pageup").await;
        alice.wait("another frame", |screen| screen != before).await;
    }
    let outcome = alice.quit().await;
    let all: Vec<String> = (0..130).map(|number| format!("number {number}.")).collect();
    assert_eq!(outcome.texts, all);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unread_messages_are_counted_until_read() {
    let mut chat = Chat::open().await;
    let carol = chat.sandbox.person(CAROL, "Carol Chen").await;
    let kitchen = carol.group("Kitchen", &[ALICE]).await;
    for number in 1..=3 {
        carol.send_text(&kitchen, &format!("Tea number {number}?")).await;
    }
    chat.alice.shows_row(&["Carol Chen: Tea number", " 4 │"]).await;
    chat.alice.keys("alt+a").await;
    chat.alice.shows("› Message Kitchen").await;
    chat.alice.shows("── New messages ──").await;
    let kitchen = format!("channel/{kitchen}/un-read-count");
    while chat.other_device.get(&kitchen).await != json!(0) {}
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn draft_survives_removal_from_a_group_and_return() {
    let mut chat = Chat::open().await;
    let group = chat.bob.group("Kitchen", &[ALICE]).await;
    chat.bob.send_text(&group, "Tea is ready").await;
    chat.alice.shows("Tea is ready").await;
    chat.alice.enters("/go Kitchen").await;
    chat.alice.shows("› Message Kitchen").await;
    chat.alice.types("On my way").await;
    // Keys and events reach the client through different channels, so wait for the whole draft before the removal.
    chat.alice.shows("› On my way").await;
    chat.bob.delete(&format!("channel/{group}/group/members/{ALICE}")).await;
    chat.alice.shows("You are no longer in this group").await;
    chat.bob.post(&format!("channel/{group}/group/members"), json!({ "identifiers": [ALICE], "ids": [] })).await;
    chat.alice.shows("› On my way").await;
    chat.alice.quit().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn expired_token_is_renewed_without_loss() {
    let mut chat = Chat::open().await;
    chat.sandbox.control("expire", json!({})).await;
    chat.alice.enters("Still here?").await;
    chat.alice.shows_row(&["Still here?", "✓"]).await;
    chat.alice.quit().await;
}
