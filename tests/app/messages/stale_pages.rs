//! Replies that the server read before an event that arrives first: the event wins.

use minchat_tui::domain::{Capabilities, Delivery, Failure, LocalId, Message, MessageInfo, Request, ServerEvent};
use minchat_tui::text::SafeText;
use test_support::story::*;

/// A page of Alice's chat as it was before any event.
fn old_page() -> Vec<MessageInfo> {
    let messages = [("m1", "me", "Hello Alice", -120_000), ("m2", "alice", "How are you?", -60_000)];
    messages.map(|(id, author, text, at)| seen(message(id, author, text, at))).to_vec()
}

/// A chat with Alice whose newest page is requested.
fn requested(can: Capabilities) -> Story {
    let mut story = Story::chat_on(can, 100, 24);
    story.server(ServerEvent::EventsLost);
    let is_page = |request: &Request| matches!(request, Request::History { page: 1, .. });
    assert!(story.requests().iter().any(is_page), "the newest page is requested");
    story
}

fn on_both(test: impl Fn(Story, Capabilities)) {
    for can in [MINCHAT, VCHAT] {
        test(requested(can), can);
    }
}

fn edited(id: &str, author: &str, text: &str, at: i64) -> ServerEvent {
    ServerEvent::Edited(seen(message(id, author, text, at)))
}

/// The event of a deletion by `author`, as the service sends it.
fn deleted(can: Capabilities, id: &str, author: &str) -> ServerEvent {
    if can == MINCHAT {
        ServerEvent::Deleted(message_id(id))
    } else {
        ServerEvent::Revoked { room: room_id("r1"), message: message_id(id), author: person_id(author) }
    }
}

fn found<'s>(story: &'s Story, id: &str) -> Option<&'s Message> {
    let timeline = &story.state.account().rooms.get(&room_id("r1"))?.timeline;
    Some(timeline.get(timeline.find(&message_id(id))?))
}

fn earlier(story: &Story, id: &str) -> Vec<String> {
    found(story, id).map(|message| message.earlier().iter().map(ToString::to_string).collect()).unwrap_or_default()
}

#[test]
fn old_page_does_not_undo_an_edit() {
    on_both(|mut story, _| {
        story.server(edited("m2", "alice", "What do you think?", -60_000)).shows("What do you think?");
        story.history("r1", 1, 1, old_page());
        story.shows("What do you think? (edited)").lacks("How are you?");
        assert_eq!(earlier(&story, "m2"), ["How are you?"]);
    });
}

#[test]
fn old_page_does_not_undo_an_edit_of_ours() {
    on_both(|mut story, _| {
        let edit = Request::Edit { message: message_id("m1"), text: "Hello everybody".into() };
        story.server(ServerEvent::Done(edit)).shows("Hello everybody");
        story.history("r1", 1, 1, old_page());
        story.shows("Hello everybody (edited)").lacks("Hello Alice");
        assert_eq!(earlier(&story, "m1"), ["Hello Alice"]);
    });
}

/// Several edits arrive, and the page has the text between them.
#[test]
fn page_between_two_edits_gets_the_second_one() {
    on_both(|mut story, _| {
        for text in ["second text", "third text"] {
            story.server(edited("m2", "alice", text, -60_000));
        }
        let page = [old_page().remove(0), seen(message("m2", "alice", "second text", -60_000))];
        story.history("r1", 1, 1, page.to_vec());
        story.shows("third text (edited)");
        assert_eq!(earlier(&story, "m2"), ["How are you?", "second text"]);
    });
}

#[test]
fn edit_of_an_unloaded_message_is_applied_to_its_page() {
    on_both(|mut story, _| {
        story.server(edited("m0", "alice", "corrected", -180_000));
        let mut page = old_page();
        page.insert(0, seen(message("m0", "alice", "mistaken", -180_000)));
        story.history("r1", 1, 1, page);
        story.shows("corrected (edited)").lacks("mistaken");
        assert_eq!(earlier(&story, "m0"), ["mistaken"]);
    });
}

#[test]
fn page_requested_after_an_edit_is_believed() {
    for can in [MINCHAT, VCHAT] {
        let mut story = Story::chat_on(can, 100, 24);
        story.server(edited("m2", "alice", "second text", -60_000));
        story.server(ServerEvent::EventsLost);
        let page = [old_page().remove(0), seen(message("m2", "alice", "text of another event", -60_000))];
        story.history("r1", 1, 1, page.to_vec()).shows("text of another event");
    }
}

#[test]
fn deletion_of_an_unloaded_message_is_applied_to_its_page() {
    on_both(|mut story, can| {
        story.server(deleted(can, "m3", "alice"));
        let mut page = old_page();
        page.push(seen(message("m3", "alice", "a secret", -30_000)));
        story.history("r1", 1, 1, page);
        story.shows("How are you?").shows("Message deleted").lacks("a secret");
    });
}

#[test]
fn deletion_of_ours_is_applied_to_an_old_page() {
    on_both(|mut story, _| {
        let delete = Request::Delete { room: room_id("r1"), message: message_id("m0") };
        story.server(ServerEvent::Done(delete));
        let mut page = old_page();
        page.insert(0, seen(message("m0", "me", "a secret", -180_000)));
        story.history("r1", 1, 1, page);
        story.shows("Hello Alice").lacks("a secret");
    });
}

/// The author of a message that is not loaded is known only when its page arrives.
#[test]
fn forged_changes_do_not_affect_the_page() {
    let mut story = requested(VCHAT);
    story.server(deleted(VCHAT, "m3", "mallory")).server(edited("m0", "mallory", "I owe you", -180_000));
    let mut page = old_page();
    page.insert(0, seen(message("m0", "alice", "first words", -180_000)));
    page.push(seen(message("m3", "alice", "last words", -30_000)));
    story.history("r1", 1, 1, page);
    story.shows("first words").shows("last words").lacks("I owe you").lacks("Message deleted");
}

#[test]
fn old_page_does_not_restore_a_message_deleted_for_the_user() {
    on_both(|mut story, _| {
        let request = Request::DeleteForMe { room: room_id("r1"), message: message_id("m2") };
        story.server(ServerEvent::Done(request)).lacks("How are you?");
        story.history("r1", 1, 1, old_page());
        story.shows("Hello Alice").lacks("How are you?").lacks("Message deleted");
    });
}

#[test]
fn old_page_does_not_undo_a_star() {
    let mut story = requested(VCHAT);
    let star = Request::Star { room: room_id("r1"), message: message_id("m2"), on: true };
    story.server(ServerEvent::Done(star));
    let unstarred = old_page().into_iter().map(|info| MessageInfo { starred: Some(false), ..info });
    story.history("r1", 1, 1, unstarred.collect());
    assert!(found(&story, "m2").is_some_and(|message| message.starred));
}

/// The rest of a long page is merged some frames later.
#[test]
fn rest_of_a_long_page_does_not_undo_an_edit() {
    for can in [MINCHAT, VCHAT] {
        let mut story = requested(can);
        let long = (0..800).map(|n| seen(message(&format!("x{n:03}"), "alice", &format!("line {n}"), n - 900_000)));
        story.history("r1", 1, 1, long.collect());
        assert_eq!(found(&story, "x003"), None, "it is in the rest");
        story.server(edited("x003", "alice", "another line", 3 - 900_000)).server(deleted(can, "x004", "alice"));
        story.wait(1_000);
        assert_eq!(found(&story, "x003").map(|message| message.text.to_string()).as_deref(), Some("another line"));
        assert!(found(&story, "x004").is_some_and(|message| message.deleted));
    }
}

#[test]
fn old_list_of_rooms_does_not_show_a_deleted_text() {
    on_both(|mut story, can| {
        let listed = |text: &str| {
            let last = in_room("r2", message("b1", "bob", text, -30_000));
            vec![
                room_on(can, "r1", "Alice Archer", &["alice"], old_page().remove(1)),
                room_on(can, "r2", "Bob Brown", &["bob"], last),
            ]
        };
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: listed("a secret") }).shows("a secret");
        story.server(ServerEvent::EventsLost);
        let event = match deleted(can, "b1", "bob") {
            ServerEvent::Revoked { message, author, .. } => {
                ServerEvent::Revoked { room: room_id("r2"), message, author }
            }
            event => event,
        };
        story.server(event).lacks("a secret");
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: listed("a secret") });
        story.shows("Bob Brown").lacks("a secret");
    });
}

/// The text of a message is sent again as an answer to the send, without what happened meanwhile.
#[test]
fn receipt_that_overtakes_the_answer_to_a_send_counts() {
    let mut story = Story::chat(100, 24);
    story.types("see you").keys("enter");
    let sent = story.requests().into_iter().find_map(|request| match request {
        Request::Send { local, .. } => Some(local),
        _ => None,
    });
    let local: LocalId = sent.expect("a send");
    story.server(ServerEvent::Seen(message_id("m9")));
    let info = MessageInfo { local: Some(local), ..message("m9", "me", "see you", 0) };
    let (id, message) = (Some(info.id.clone()), Some(Box::new(info)));
    story.server(ServerEvent::Accepted { room: room_id("r1"), local, id, message });
    assert_eq!(found(&story, "m9").map(|message| message.delivery), Some(Delivery::Seen));
}

#[test]
fn failed_page_leaves_nothing_to_apply() {
    on_both(|mut story, _| {
        story.server(edited("m2", "alice", "second text", -60_000));
        let request = Request::History { room: room_id("r1"), serial: ANY_SERIAL, page: 1, before: None };
        let reason = SafeText::line("No.");
        story.server(ServerEvent::Failed { request, failure: Failure::RetryLater, reason });
        story.wait(2_000);
        let page = [old_page().remove(0), seen(message("m2", "alice", "third text", -60_000))];
        story.history("r1", 1, 1, page.to_vec()).shows("third text");
    });
}
