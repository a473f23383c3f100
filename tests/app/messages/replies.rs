//! Replies, jumps to the quoted message, forwarding, and deletion of quoted messages.

use minchat_tui::app::{Focus, JumpGoal, JumpTarget};
use minchat_tui::domain::{
    Attachment, AttachmentKind, ConnectionStatus, Content, MessageInfo, MessageKind, Request, ServerEvent,
};
use minchat_tui::text::SafeText;

use test_support::story::vchat::*;
use test_support::story::*;

#[test]
fn reply_shows_its_quote_and_names_the_original() {
    let mut story = vchat_story(100, 24);
    story.keys("tab r").shows("Replying to Alice Archer: How are you?").shows("Reply…");
    story.types("Fine").keys("enter");
    let (local_id, content, _) = take_send(&mut story);
    assert_eq!(content, Content::Text { text: "Fine".into(), reply_to: Some(local_id_of("m2")) });
    story.shows("▎ Alice Archer: How are you?").lacks("Replying to");
    let quoted = quote(&two_messages()[1]);
    let echo = MessageInfo { local: Some(local_id), quote: Some(Box::new(quoted)), ..message("m3", "me", "Fine", 10) };
    story.server(ServerEvent::Message(echo));
    assert_eq!(story.pane().matches("▎ Alice Archer: How are you?").count(), 1, "{}", story.screen());
}

#[test]
fn esc_cancels_the_reply_first_and_keeps_the_text() {
    let mut story = vchat_story(100, 24);
    story.keys("tab r").types("draft").keys("ctrl+up esc");
    story.lacks("Replying to").shows("› draft");
    assert!(matches!(story.state.ui.focus, Focus::Message(_)), "the next Esc ends the selection");
    story.keys("esc").keys("enter");
    let (_, content, _) = take_send(&mut story);
    assert_eq!(content, Content::text("draft"));
}

#[test]
fn empty_draft_keeps_its_reply() {
    let mut story = vchat_story(100, 24);
    story.keys("tab r alt+down").lacks("Replying to").keys("alt+up").shows("Replying to Alice Archer: How are you?");
    story.types("/help").keys("enter").keys("esc").shows("Replying to Alice Archer");
}

#[test]
fn reply_key_explains_why_it_is_unavailable() {
    let mut story = vchat_story(100, 24);
    story.types("on its way").keys("enter").keys("tab r").shows("has not been sent yet");
    story.server(ServerEvent::Message(message("m5", "alice", "nameless", 10)));
    story.keys("esc tab up r").shows("did not identify this message");
    story
        .server(ServerEvent::Deleted(message_id("m5")))
        .keys("r")
        .shows("Deleted messages cannot be replied to or forwarded.");
    story.keys("f").shows("Deleted messages cannot be replied to or forwarded.");
    story.lacks("Replying to");
}

#[test]
fn r_on_a_failed_message_retries_it() {
    let mut story = vchat_story(100, 24);
    story.keys("tab r").types("Fine").keys("enter");
    let (_, _, request) = take_send(&mut story);
    story.server(ServerEvent::Failed {
        request: request.clone(),
        failure: Failure::Refused,
        reason: SafeText::line("You are blocked."),
    });
    story.shows("Not sent: You are blocked.").keys("tab r");
    assert_eq!(take_requests(&mut story), [request]);
}

#[test]
fn discarded_reply_is_still_a_reply() {
    let mut story = vchat_story(100, 24);
    story.keys("tab r").types("Fine").keys("enter");
    let (_, content, request) = take_send(&mut story);
    story.server(ServerEvent::Failed { request, failure: Failure::Refused, reason: SafeText::line("no") });
    story.keys("tab x").shows("› Fine").shows("Replying to Alice Archer: How are you?");
    story.keys("enter");
    assert_eq!(take_send(&mut story).1, content);
}

#[test]
fn deleted_message_is_no_longer_quoted_or_replied_to() {
    let mut story = vchat_story(100, 24);
    let reply =
        MessageInfo { quote: Some(Box::new(quote(&two_messages()[1]))), ..sent_message("m3", "alice", "!", 10) };
    story.server(ServerEvent::Message(reply)).shows("▎ Alice Archer: How are you?");
    story.keys("tab up r").shows("Replying to Alice Archer: How are you?");
    story.server(ServerEvent::Deleted(message_id("m2")));
    story.shows("The message you were replying to was deleted.").lacks("Replying to").lacks("How are you?");
    story.shows("▎ Alice Archer: Message deleted");
}

/// The server sends the quote as it was, although the message was deleted.
#[test]
fn quote_of_a_deleted_message_arrives_without_its_text() {
    let mut story = vchat_story(100, 24);
    let reply =
        |id| MessageInfo { quote: Some(Box::new(quote(&two_messages()[1]))), ..sent_message(id, "alice", "!", 10) };
    story.server(ServerEvent::Deleted(message_id("m2"))).server(ServerEvent::Message(reply("m3")));
    story.shows("▎ Alice Archer: Message deleted").lacks("How are you?");
    let (room, message, author) = (room_id("r1"), message_id("m2"), person_id("alice"));
    let mut story = vchat_story_with(100, 24, 1, &[reply("m3")]);
    story.shows("▎ Alice Archer: How are you?");
    story.server(ServerEvent::Revoked { room, message, author }).server(ServerEvent::Message(reply("m4")));
    story.lacks("How are you?");
}

#[test]
fn reply_ends_when_a_page_shows_that_the_message_was_deleted() {
    let mut story = vchat_story(100, 24);
    story.keys("tab r").shows("Replying to Alice Archer: How are you?");
    let [first, second] = &two_messages()[..] else { panic!("two messages") };
    let deleted = MessageInfo { deleted: true, ..second.clone() };
    let lost = ConnectionStatus::Offline { retry_in: 1_000, reason: SafeText::line("lost") };
    story.server(ServerEvent::Connection(lost)).server(ServerEvent::Connection(ConnectionStatus::Online));
    story.history("r1", 1, 1, vec![first.clone(), deleted]);
    story.shows("The message you were replying to was deleted.").lacks("Replying to");
}

fn old(n: i64) -> MessageInfo {
    sent_message(&format!("o{n:02}"), "alice", &format!("old {n:02}"), -n * 60_000 - 300_000)
}

/// A chat in which the newest message quotes the one `of` messages before it. Only the newest page is loaded.
fn chat_with_quote(of: i64) -> Story {
    let reply = MessageInfo { quote: Some(Box::new(quote(&old(of)))), ..sent_message("m3", "alice", "that one", 10) };
    vchat_story_with(100, 20, 9, &[(0..27).map(old).collect(), two_messages(), vec![reply]].concat())
}

#[test]
fn q_jumps_to_the_quoted_message() {
    let mut story = chat_with_quote(20);
    story.lacks("   old 20").keys("tab q").shows("   old 20");
    let slot = story.state.scene().open_room().and_then(|room| room.timeline.find(&message_id("o20"))).expect("there");
    assert_eq!(story.state.ui.focus, Focus::Message(slot));
    story.keys("q").shows("This message is not a reply.");
}

#[test]
fn q_loads_older_pages_up_to_the_quoted_message() {
    let mut story = chat_with_quote(70);
    story.keys("tab q").shows("Loading earlier messages. Press Esc to stop.");
    let older = |before: &str, page| Request::History {
        room: room_id("r1"),
        serial: ANY_SERIAL,
        page,
        before: Some(message_id(before)),
    };
    assert_eq!(take_requests(&mut story), [older("o26", 2)]);
    story.history("r1", 2, 9, (27..57).map(old).collect());
    assert_eq!(take_requests(&mut story), [older("o56", 3)]);
    story.history("r1", 3, 9, (57..87).map(old).collect());
    story.shows("   old 70").lacks("Loading earlier messages.");
}

#[test]
fn jump_ends_with_a_notice_or_esc() {
    let mut story = chat_with_quote(70);
    story.keys("tab q").history("r1", 2, 2, (27..57).map(old).collect());
    story.shows("The message no longer exists in this room.");
    let mut story = chat_with_quote(70);
    story.keys("tab q esc").shows("Stopped.");
    story.effects.clear();
    story.history("r1", 2, 9, (27..57).map(old).collect()).wait(1_000);
    assert_eq!(take_requests(&mut story), []);
    let mut story = chat_with_quote(70);
    story.keys("tab q").history("r1", 2, 9, (27..57).map(old).collect());
    let request = take_requests(&mut story).remove(0);
    story.server(ServerEvent::Failed {
        request,
        failure: Failure::Refused,
        reason: SafeText::line("The server is busy."),
    });
    story.shows("Could not load messages: The server is busy.");
    assert_eq!(take_requests(&mut story), []);
    let mut story = chat_with_quote(9_000);
    story.keys("tab q").history("r1", 2, 900, (27..57).map(old).collect());
    let mut pages = 0;
    while let Some(Request::History { page, .. }) = take_requests(&mut story).pop() {
        pages += 1;
        let from = 27 + i64::from(page - 2) * 30;
        story.history("r1", page, 900, (from..from + 30).map(old).collect());
        assert!(pages < 100, "the search for the message never ends");
    }
    story.shows("The message is too far back");
}

#[test]
fn message_is_forwarded_to_the_chosen_room() {
    let mut story = vchat_story(100, 24);
    story.keys("tab f").shows("Forward to").lacks("/dm").types("bob").keys("enter");
    let requests = take_requests(&mut story);
    let [Request::Send { room, content, local: fresh }] = requests.as_slice() else { panic!("{requests:?}") };
    let (of, text) = (local_id_of("m2"), "How are you?".into());
    let expected = Content::Forward { of, text, kind: MessageKind::Text, attachment: None };
    assert_eq!((room, content), (&room_id("r3"), &expected));
    assert_ne!(*fresh, local_id_of("m2"));
    story.shows("Forwarding to Bob Brown.").shows("Message Alice Archer");
    let (fresh, request) = (*fresh, requests[0].clone());
    story.server(ServerEvent::Failed {
        request: request.clone(),
        failure: Failure::Refused,
        reason: SafeText::line("No."),
    });
    story.types("/go bob").keys("enter");
    story.history("r3", 1, 1, vec![in_room("r3", sent_message("b1", "bob", "old news", -3_600_000))]);
    story.shows("↪ Forwarded").shows("Not sent: No.");
    story.effects.clear();
    story.keys("tab s");
    assert_eq!(take_requests(&mut story), [request]);
    let echo = MessageInfo { local: Some(fresh), forwarded: true, ..message("b2", "me", "How are you?", 10) };
    story.server(ServerEvent::Message(in_room("r3", echo)));
    story.lacks("Not sent").shows("↪ Forwarded");
    assert_eq!(story.pane().matches("How are you?").count(), 1, "{}", story.screen());
}

#[test]
fn forwarded_file_is_not_uploaded_again() {
    let mut story = vchat_story(100, 24);
    let file = Attachment {
        kind: AttachmentKind::Voice,
        name: SafeText::line("note.ogg"),
        size: SafeText::line("40 kB"),
        bytes: None,
        url: SafeText::line("https://files.example/note.ogg"),
        duration: Some(72_000),
    };
    let attachment = Some(Box::new(file));
    let voice = MessageInfo { attachment: attachment.clone(), ..sent_message("m3", "alice", "", 10) };
    story.server(ServerEvent::Message(voice)).shows("[voice] note.ogg (1:12, 40 kB)");
    story.wait(1_000);
    story.effects.clear();
    story.keys("tab f").types("alice").keys("enter").lacks("Uploading…").shows("↪ Forwarded");
    let (_, content, request) = take_send(&mut story);
    let of = local_id_of("m3");
    assert_eq!(content, Content::Forward { of, text: String::new(), kind: MessageKind::Text, attachment });
    story.server(ServerEvent::Failed { request, failure: Failure::Refused, reason: SafeText::line("No.") });
    story
        .types("half a thought")
        .keys("ctrl+up x")
        .shows("Canceled. The message was not forwarded.")
        .shows("› half a thought");
    story.lacks("↪ Forwarded");
}

#[test]
fn duplicate_send_counts_as_sent_and_is_fetched() {
    let mut story = vchat_story(100, 24);
    story.types("twice").keys("enter");
    let (local, _, request) = take_send(&mut story);
    story.server(ServerEvent::Failed {
        request: request.clone(),
        failure: Failure::Refused,
        reason: SafeText::line("Timed out."),
    });
    story.keys("tab s");
    assert_eq!(take_requests(&mut story), [request]);
    story.server(ServerEvent::Duplicate { room: room_id("r1"), local });
    assert_eq!(
        take_requests(&mut story),
        [Request::History { room: room_id("r1"), serial: ANY_SERIAL, page: 1, before: None }]
    );
    assert!(story.row_with("twice").ends_with('✓'), "{}", story.screen());
    let on_server = MessageInfo { local: Some(local), ..message("m3", "me", "twice", 40) };
    story.history("r1", 1, 1, [two_messages(), vec![on_server]].concat());
    assert_eq!(story.pane().matches("twice").count(), 1, "{}", story.screen());
    assert!(story.state.account().outbox.is_empty());
    let settled = story.state.scene().open_room().and_then(|room| room.timeline.find(&message_id("m3")));
    assert!(settled.is_some());
}

#[test]
fn deleted_message_can_only_be_deleted_for_me() {
    let mut story = vchat_story(120, 24);
    story.server(ServerEvent::Deleted(message_id("m2"))).keys("tab");
    let hints = story.screen().lines().last().unwrap_or_default().to_owned();
    assert!(hints.contains("delete for me"), "{hints}");
    for action in ["reply", "forward", "star", "copy"] {
        assert!(!hints.contains(action), "{hints}");
    }
    story.keys("e").shows("V Chat does not support editing messages.");
}

/// As from the list of starred messages: the message may be in another room, even one that is not in the room list.
#[test]
fn jump_to_a_message_opens_its_room() {
    let mut story = vchat_story(100, 24);
    let target = |room| Some(JumpTarget { room: room_id(room), goal: JumpGoal::Message(message_id("b0")), pages: 9 });
    story.state.ui.jump = target("r3");
    story.server(ServerEvent::History {
        room: room_id("r1"),
        serial: ANY_SERIAL,
        page: 1,
        pages: 1,
        total: None,
        messages: two_messages(),
    });
    story.shows("Message Bob Brown…");
    let page = vec![in_room("r3", sent_message("b0", "bob", "this one", -7_200_000))];
    story.history("r3", 1, 1, page);
    let slot = story.state.scene().open_room().and_then(|room| room.timeline.find(&message_id("b0"))).expect("there");
    assert_eq!((story.state.ui.focus, &story.state.ui.jump), (Focus::Message(slot), &None));
    story.state.ui.jump = target("r9");
    let last = sent_message("b9", "carol", "put away", -60_000);
    let info = listed_room("r9", "Carol Chen", minchat_tui::domain::RoomKind::Direct, 0, last);
    story.server(ServerEvent::RoomChanged(Box::new(info))).shows("Message Carol Chen…");
    story.keys("alt+up");
    assert_eq!(story.state.ui.jump, None, "switching rooms ends the jump");
}

#[test]
fn deleting_a_reply_moves_no_newer_message() {
    let mut story = vchat_story(100, 24);
    let reply =
        MessageInfo { quote: Some(Box::new(quote(&two_messages()[1]))), ..sent_message("m3", "alice", "one\ntwo", 10) };
    story.server(ServerEvent::Message(reply)).server(ServerEvent::Message(sent_message("m4", "alice", "below", 20)));
    let rows = |story: &Story| {
        let pane = story.pane();
        pane.lines().position(|row| row.contains("below"))
    };
    let before = rows(&story);
    story.server(ServerEvent::Deleted(message_id("m3"))).shows("Message deleted").lacks("▎");
    assert_eq!(rows(&story), before);
}

#[test]
fn quote_of_a_deleted_message_is_unreadable() {
    let mut story = vchat_story(100, 24);
    let deleted = sent_message("old", "alice", "a secret", -9_000_000);
    let reply = MessageInfo { quote: Some(Box::new(quote(&deleted))), ..sent_message("m9", "bob", "I know", 10) };
    story.server(ServerEvent::Message(reply)).shows("a secret");
    story.server(ServerEvent::Deleted(message_id("old"))).lacks("a secret").shows("I know");
}

/// A refused `/dm` replaced the reply that the user had begun meanwhile.
#[test]
fn refused_command_does_not_replace_a_reply() {
    let mut story = vchat_story(100, 24);
    story.types("/dm nobody").keys("enter").keys("tab r").shows("Replying to Alice Archer");
    let refused = |story: &mut Story| {
        let request = Request::OpenDirect { username: "nobody".into() };
        let reason = SafeText::line("There is no such user.");
        story.server(ServerEvent::Failed { request, failure: minchat_tui::domain::Failure::Refused, reason });
    };
    refused(&mut story);
    story.shows("nobody: There is no such user.").shows("Replying to Alice Archer").lacks("› /dm");
    story.keys("esc");
    refused(&mut story);
    story.shows("› /dm nobody");
}

/// Choosing a command in the switcher ended the edit.
#[test]
fn empty_edit_is_not_replaced_by_a_command() {
    let mut story = Story::chat(100, 24);
    story.keys("up ctrl+u").shows("Editing message");
    story.keys("ctrl+k").types("/add").keys("enter");
    story.shows("Send or clear your draft, then type /add.").types("New text").shows("✎ New text");
}
