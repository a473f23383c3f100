//! Events that contradict a known message, or concern a room that the user is not in: they change nothing and are
//! logged.

use minchat_tui::app::{Effect, LogLevel};
use minchat_tui::domain::{
    Content, Membership, MessageInfo, MessageKind, Request, RoomAccess, RoomInfo, RoomKind, ServerEvent,
};
use minchat_tui::text::SafeText;

use test_support::story::vchat::*;
use test_support::story::*;

/// Handles an event that must not be applied: the screen stays as it is, and the log gets one line with all `parts`.
#[track_caller]
pub(crate) fn assert_rejected(story: &mut Story, event: ServerEvent, level: LogLevel, parts: &[&str]) {
    story.effects.clear();
    let before = story.screen();
    story.server(event);
    assert_eq!(story.screen(), before);
    let logged: Vec<&String> = story
        .effects
        .iter()
        .filter_map(
            |effect| if let Effect::Log(message, text) = effect { (*message == level).then_some(text) } else { None },
        )
        .collect();
    let [line] = logged.as_slice() else { panic!("{:?}", story.effects) };
    for part in parts {
        assert!(line.contains(part), "no `{part}` in `{line}`");
    }
}

fn forged(of: MessageInfo) -> MessageInfo {
    MessageInfo { text: SafeText::block("I owe you money"), author: person_id("mallory"), author_info: None, ..of }
}

#[test]
fn edit_by_another_author_is_rejected() {
    for can in [MINCHAT, VCHAT] {
        let mut story = Story::chat_on(can, 100, 24);
        let mine = message("m1", "me", "Hello Alice", -120_000);
        assert_rejected(
            &mut story,
            ServerEvent::Edited(forged(mine.clone())),
            LogLevel::Warn,
            &["an edit", "m1", "mallory", "me"],
        );
        let hers = message("m2", "alice", "How are you?", -60_000);
        assert_rejected(
            &mut story,
            ServerEvent::Edited(MessageInfo { author: person_id("me"), ..forged(hers) }),
            LogLevel::Warn,
            &["m2"],
        );
        story
            .server(ServerEvent::Edited(MessageInfo { text: SafeText::block("Hello you"), ..mine }))
            .shows("Hello you (edited)");
    }
}

#[test]
fn repeated_message_by_another_author_is_rejected() {
    let mut story = vchat_story(100, 24);
    let forgery = forged(sent_message("m1", "me", "Hello Alice", -120_000));
    assert_rejected(&mut story, ServerEvent::Message(forgery.clone()), LogLevel::Warn, &["live copy", "m1"]);
    let page = vec![forgery.clone(), sent_message("m2", "alice", "How are you?", -60_000)];
    let page = ServerEvent::History {
        room: room_id("r1"),
        serial: ANY_SERIAL,
        page: 1,
        pages: 1,
        total: None,
        messages: page,
    };
    assert_rejected(&mut story, page, LogLevel::Warn, &["a page", "m1"]);
    story.lacks("Message deleted");
    let last = forged(sent_message("m2", "alice", "How are you?", -60_000));
    let listed = RoomInfo { unread: Some(0), ..listed_room("r1", "Alice Archer", RoomKind::Direct, 0, last) };
    for event in [ServerEvent::RoomChanged(Box::new(listed.clone())), ServerEvent::RoomOpened(Box::new(listed))] {
        assert_rejected(&mut story, event, LogLevel::Warn, &["last message of a list", "m2"]);
    }
}

#[test]
fn deletion_must_name_the_messages_author_and_room() {
    let mut story = vchat_story(100, 24);
    let taken = |room: &str, id: &str, author: &str| ServerEvent::Revoked {
        room: room_id(room),
        message: message_id(id),
        author: person_id(author),
    };
    assert_rejected(&mut story, taken("r1", "m2", "bob"), LogLevel::Warn, &["a deletion", "m2", "bob", "alice"]);
    assert_rejected(&mut story, taken("r2", "m2", "alice"), LogLevel::Warn, &["m2", "r2", "r1"]);
    assert_rejected(&mut story, taken("elsewhere", "m2", "alice"), LogLevel::Debug, &["elsewhere"]);
    story.server(taken("r1", "m2", "alice")).shows("Message deleted");
}

/// Only listed rooms were searched for the message, so its deletion in the name of another room was carried out.
#[test]
fn deletion_in_the_name_of_another_room_spares_an_archived_one() {
    let mut story = vchat_story(100, 24);
    let archived = room_on(VCHAT, "r1", "Alice Archer", &["alice"], message("m2", "alice", "How are you?", -60_000));
    story.server(ServerEvent::RoomChanged(Box::new(RoomInfo { archived: true, ..archived })));
    story.keys("alt+down").lacks("Alice Archer");
    let revoked = ServerEvent::Revoked { room: room_id("r2"), message: message_id("m1"), author: person_id("mallory") };
    assert_rejected(&mut story, revoked, LogLevel::Warn, &["m1", "r2", "r1"]);
    let room = story.state.account().rooms.get(&room_id("r1")).unwrap();
    assert!(room.timeline.iter().all(|(_, message)| !message.deleted), "a stranger deleted a message");
}

#[test]
fn receipt_for_an_unknown_room_marks_nothing() {
    let mut story = vchat_story_with(100, 24, 1, &[sent_message("m1", "me", "Hello Alice", -120_000)]);
    let seen = |room: &str, author: &str| ServerEvent::RoomSeen { room: room_id(room), author: person_id(author) };
    assert_rejected(&mut story, seen("theirs", "me"), LogLevel::Warn, &["theirs"]);
    let delivered = ServerEvent::RoomDelivered { room: room_id("theirs"), author: person_id("me") };
    assert_rejected(&mut story, delivered, LogLevel::Warn, &["theirs"]);
    // Some servers send receipts to both sides, so this is not suspicious.
    assert_rejected(&mut story, seen("r1", "alice"), LogLevel::Debug, &["alice"]);
    story.server(seen("r1", "me"));
    assert!(story.row_with("Hello Alice").ends_with("✓✓"));
    let mut story = Story::chat(100, 24);
    assert_rejected(&mut story, ServerEvent::Seen(message_id("not-here")), LogLevel::Debug, &["not-here"]);
}

#[test]
fn message_for_an_unlisted_room_waits_for_its_room() {
    for can in [MINCHAT, VCHAT] {
        let mut story = Story::chat_on(can, 100, 24);
        let unlisted = in_room("theirs", message("x1", "mallory", "psst", 5));
        assert_rejected(&mut story, ServerEvent::Message(unlisted), LogLevel::Debug, &["x1", "theirs"]);
        let requests = story.requests();
        let about = |request: &Request| matches!(request, Request::Rooms { page: 1 } | Request::Room { .. });
        assert!(requests.iter().any(about), "{requests:?}");
        assert!(!requests.iter().any(|request| matches!(request, Request::Delivered { .. })), "{requests:?}");
    }
}

#[test]
fn pending_messages_are_checked_against_the_room_list() {
    for can in [MINCHAT, VCHAT] {
        let mut story = Story::chat_on(can, 100, 24);
        for unlisted in [message("x1", "mallory", "I owe you money", 5), message("x2", "carol", "hello?", 6)] {
            story.server(ServerEvent::Message(in_room("r9", unlisted))).lacks("I owe you").lacks("hello?");
        }
        let info = room_on(can, "r9", "Carol Chen", &["carol"], message("x1", "carol", "hi", 5));
        story.effects.clear();
        story.server(ServerEvent::RoomChanged(Box::new(info))).shows("Carol Chen").shows("hello?").lacks("I owe you");
        let is_warning = |effect: &&Effect| matches!(effect, Effect::Log(LogLevel::Warn, text) if text.contains("x1"));
        assert_eq!(story.effects.iter().filter(is_warning).count(), 1, "{:?}", story.effects);
        let known = story.state.account().rooms.get(&room_id("r9")).unwrap();
        let texts: Vec<_> = known.timeline.iter().map(|(_, message)| message.text.to_string()).collect();
        assert_eq!(texts, ["hi", "hello?"]);
    }
}

/// Deletions and edits of messages of a room that was not known yet were ignored.
#[test]
fn pending_messages_are_edited_and_deleted() {
    for can in [MINCHAT, VCHAT] {
        let mut story = Story::chat_on(can, 100, 24);
        for (id, text, at) in [("x1", "a secret", 5), ("x2", "helo", 6), ("x3", "bye", 7)] {
            story.server(ServerEvent::Message(in_room("r9", message(id, "carol", text, at))));
        }
        let message = message_id("x1");
        story.server(if can == MINCHAT {
            ServerEvent::Deleted(message)
        } else {
            ServerEvent::Revoked { room: room_id("r9"), message, author: person_id("carol") }
        });
        let forged = ServerEvent::Revoked { room: room_id("r9"), message: message_id("x3"), author: person_id("bob") };
        story.server(forged);
        story.server(ServerEvent::Edited(in_room("r9", test_support::story::message("x2", "carol", "hello", 6))));
        let info = room_on(
            can,
            "r9",
            "Carol Chen",
            &["carol"],
            in_room("r9", test_support::story::message("x3", "carol", "bye", 7)),
        );
        story.effects.clear();
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![info] }).shows("Carol Chen").wait(2_000);
        let known = story.state.account().rooms.get(&room_id("r9")).unwrap();
        let texts: Vec<_> = known.timeline.iter().map(|(_, message)| message.text.to_string()).collect();
        assert_eq!(texts, ["hello", "bye"]);
        assert!(!format!("{:?}", story.effects).contains("a secret"), "{:?}", story.effects);
    }
}

/// A room becomes known with a last message that was deleted while the room was requested.
#[test]
fn deleted_message_of_a_new_room_is_no_news() {
    for can in [MINCHAT, VCHAT] {
        let mut story = Story::chat_on(can, 100, 24);
        let secret = || in_room("r9", message("x1", "carol", "a secret", 5));
        story.server(ServerEvent::Message(secret()));
        let (room, id) = (room_id("r9"), message_id("x1"));
        story.server(if can == MINCHAT {
            ServerEvent::Deleted(id)
        } else {
            ServerEvent::Revoked { room, message: id, author: person_id("carol") }
        });
        story.effects.clear();
        let info = RoomInfo { unread: None, ..room_on(can, "r9", "Carol Chen", &["carol"], secret()) };
        story.server(ServerEvent::RoomChanged(Box::new(info))).shows("Carol Chen").lacks("a secret").wait(2_000);
        assert_eq!(story.state.account().rooms.get(&room_id("r9")).unwrap().unread().count, 0);
        assert!(!format!("{:?}", story.effects).contains("a secret"), "{:?}", story.effects);
    }
}

#[test]
fn change_of_a_foreign_room_creates_no_room() {
    let mut story = Story::chat(100, 24);
    let mut theirs = room("theirs", "Payroll", &["mallory", "bob"], message("x1", "mallory", "psst", 5));
    theirs.participants.retain(|person| *person != person_id("me"));
    assert_rejected(&mut story, ServerEvent::RoomChanged(Box::new(theirs.clone())), LogLevel::Warn, &["theirs"]);
    assert!(story.requests().contains(&Request::Rooms { page: 1 }));
    // The user's own room list is trusted: some servers may leave the requesting person out.
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![theirs] }).shows("Payroll");
}

#[test]
fn removed_member_gets_no_messages_until_readded() {
    let mut story = vchat_story(100, 24);
    story.keys("alt+down");
    story.history("r2", 1, 1, vec![in_room("r2", sent_message("g1", "carol", "ship it", -120_000))]).wait(2_000);
    let membership = |access| ServerEvent::Membership {
        room: room_id("r2"),
        membership: Membership { access, ..Membership::default() },
    };
    story.server(membership(RoomAccess::NotMember));
    let secret = in_room("r2", sent_message("g2", "carol", "they are gone", 10));
    assert_rejected(&mut story, ServerEvent::Message(secret.clone()), LogLevel::Warn, &["g2", "r2"]);
    let asks = |story: &mut Story| {
        let requests = story.requests();
        requests.iter().filter(|request| matches!(request, Request::Membership { .. })).count()
    };
    assert_eq!(asks(&mut story), 1, "the user may be back");
    assert_rejected(&mut story, ServerEvent::Message(secret.clone()), LogLevel::Warn, &["g2"]);
    assert_eq!(asks(&mut story), 0, "asked once");
    // The first message about it comes from the service.
    let report =
        MessageInfo { kind: MessageKind::Info, ..in_room("r2", message("g3", "carol", "You were removed", 20)) };
    story.server(ServerEvent::Message(report)).shows("You were removed");
    story.effects.clear();
    story.server(membership(RoomAccess::Open));
    let requests = story.requests();
    assert!(requests.iter().any(|request| matches!(request, Request::History { page: 1, .. })), "{requests:?}");
    story
        .history("r2", 1, 1, vec![in_room("r2", message("g1", "carol", "ship it", -120_000)), secret])
        .shows("they are gone");
}

#[test]
fn answer_to_a_send_cannot_change_its_text() {
    let mut story = vchat_story(100, 24);
    story.types("fine").keys("enter");
    let (local, content, _) = take_send(&mut story);
    assert!(matches!(content, Content::Text { .. }));
    let answer = MessageInfo { author: person_id("mallory"), ..message("m2", "alice", "forged", 9) };
    story.server(ServerEvent::Accepted { room: room_id("r1"), local, id: None, message: Some(Box::new(answer)) });
    story.shows("How are you?").lacks("forged");
    assert!(story.row_with("fine").ends_with('✓'), "{}", story.screen());
    assert!(story.effects.iter().any(|effect| matches!(effect, Effect::Log(LogLevel::Warn, _))));
    // It cannot claim the id of another message either.
    story.types("truly").keys("enter");
    let (local, _, _) = take_send(&mut story);
    story.server(ServerEvent::Accepted { room: room_id("r1"), local, id: Some(message_id("m2")), message: None });
    story.shows("truly").shows("How are you?");
}
