//! Forwarding to people with whom there is no direct message yet.

use minchat_tui::domain::{Content, Failure, LocalId, Request, RoomKind, ServerEvent};
use minchat_tui::text::SafeText;
use test_support::story::vchat::*;
use test_support::story::*;

/// Three rooms and Dora, who wrote in one of them and has no room of her own.
fn with_dora() -> Story {
    let mut story = vchat_story(100, 24);
    let mut info = in_room("r2", sent_message("g9", "dora", "hello all", -30_000));
    info.author_info = Some(Box::new(person("dora", "Dora Diaz")));
    story.server(ServerEvent::Message(info));
    story.wait(1_000).effects.clear();
    story
}

/// The answer of the server: the direct message with Dora.
fn opened() -> ServerEvent {
    let mut room = listed_room("r9", "Dora Diaz", RoomKind::Direct, 0, sent_message("q", "dora", "", 0));
    (room.last_message, room.peer) = (None, Some(Box::new(person("dora", "Dora Diaz"))));
    room.participants = vec![person_id("me"), person_id("dora")];
    ServerEvent::RoomOpened(Box::new(room))
}

fn request() -> Request {
    Request::OpenDirect { username: "dora".into() }
}

/// The messages forwarded so far to Dora, by the send that they are copies of.
fn forwarded(story: &mut Story) -> Vec<LocalId> {
    let sends = take_requests(story).into_iter().filter_map(|request| match request {
        Request::Send { room, content: Content::Forward { of, .. }, .. } if room == room_id("r9") => Some(of),
        _ => None,
    });
    sends.collect()
}

/// Only rooms were offered, so a person had to be written to first.
#[test]
fn message_is_forwarded_to_a_person_without_a_room() {
    let mut story = with_dora();
    story.keys("tab f").shows("Forward to").types("dora").shows("Dora Diaz @dora").keys("enter");
    assert_eq!(take_requests(&mut story), [request()]);
    story.shows("Opening a direct message with Dora Diaz").shows("Message Alice Archer");
    story.server(opened()).shows("Forwarding to Dora Diaz.").shows("Message Alice Archer");
    assert_eq!(forwarded(&mut story), [local_id_of("m2")]);
    story.types("/go dora").keys("enter").shows("↪ Forwarded").shows("How are you?");
}

#[test]
fn marked_messages_are_forwarded_to_a_person_once() {
    let mut story = with_dora();
    story.keys("tab space up space f").types("dora").keys("enter");
    // Chosen again before the server has answered.
    story.keys("f").types("dora").keys("enter");
    assert_eq!(take_requests(&mut story), [request()]);
    story.server(opened()).shows("Forwarding 2 messages to Dora Diaz.");
    assert_eq!(forwarded(&mut story), [local_id_of("m1")], "one after the other, from the oldest");
    // A late repetition of the answer is only the room.
    story.server(opened()).shows("Message Dora Diaz");
    assert_eq!(forwarded(&mut story), []);
    assert_eq!(story.pane().matches("Forwarded").count(), 2, "{}", story.screen());
}

#[test]
fn message_stays_selected_when_the_room_cannot_be_opened() {
    for failure in [Failure::Refused, Failure::UnknownUser, Failure::Uncertain] {
        let mut story = with_dora();
        story.keys("tab f").types("dora").keys("enter").effects.clear();
        let selected = story.state.ui.selected();
        assert!(selected.is_some());
        story.server(ServerEvent::Failed { request: request(), failure, reason: SafeText::line("Not now.") });
        story.shows("Not forwarded to Dora Diaz: Not now. Press f on it to choose again.").lacks("› /dm");
        assert_eq!(story.state.ui.selected(), selected);
        assert_eq!(forwarded(&mut story), []);
        story.keys("f").types("dora").keys("enter");
        assert_eq!(take_requests(&mut story), [request()]);
        story.server(opened()).shows("Forwarding to Dora Diaz.");
        assert_eq!(forwarded(&mut story), [local_id_of("m2")]);
    }
}

#[test]
fn forwarding_leaves_what_the_user_does_meanwhile_alone() {
    let mut story = with_dora();
    story.keys("tab f").types("dora").keys("enter esc").types("/go bob").keys("enter").types("half a thought");
    story.effects.clear();
    story.server(opened()).shows("Forwarding to Dora Diaz.").shows("› half a thought");
    assert_eq!(story.state.ui.open, Some(room_id("r3")));
    assert_eq!(forwarded(&mut story), [local_id_of("m2")]);
}

#[test]
fn message_deleted_meanwhile_is_not_forwarded() {
    let mut story = with_dora();
    story.keys("tab f").types("dora").keys("enter").effects.clear();
    story.server(ServerEvent::Revoked { room: room_id("r1"), message: message_id("m2"), author: person_id("alice") });
    story.server(opened()).shows("The message no longer exists.");
    assert_eq!(forwarded(&mut story), []);
}

/// Nothing is sent to a person who was not chosen.
#[test]
fn room_of_somebody_else_receives_nothing() {
    let mut story = with_dora();
    story.keys("tab f").types("dora").keys("enter").effects.clear();
    let ServerEvent::RoomOpened(dora) = opened() else { panic!("no room") };
    let mut other = listed_room("r8", "Erik Ek", RoomKind::Direct, 0, sent_message("q", "erik", "", 0));
    (other.last_message, other.participants) = (None, vec![person_id("me"), person_id("erik")]);
    story.server(ServerEvent::RoomOpened(Box::new(other))).shows("Message Erik Ek");
    assert_eq!(take_requests(&mut story).iter().filter(|request| matches!(request, Request::Send { .. })).count(), 0);
    let mut anonymous = *dora;
    (anonymous.peer, anonymous.participants) = (None, Vec::new());
    story.server(ServerEvent::RoomOpened(Box::new(anonymous)));
    story.shows("Not forwarded to Dora Diaz: The server did not name the other person.");
    story.server(opened());
    assert_eq!(forwarded(&mut story), []);
}
