//! Edits and deletions wait in the same line.

use super::*;

#[test]
fn an_edit_made_offline_waits_visibly_and_is_made_later() {
    let [mut story, _] = both();
    cut(&mut story);
    story.keys("up").types("!").keys("enter");
    story.shows("The change waits, and is made once there is a connection.");
    assert!(story.row_with("  Hello Alice").ends_with('…'), "{}", story.screen());
    assert_eq!(changes(&mut story), []);
    story.keys("up").shows("✎ Hello Alice!").keys("esc");
    online(&mut story);
    let edit = one(&mut story);
    assert_eq!(edit, Request::Edit { message: message_id("m1"), text: "Hello Alice!".into() });
    story.server(ServerEvent::Done(edit));
    story.shows("Hello Alice! (edited)");
    assert!(story.state.account().outbox.is_empty());
    assert_eq!(told(&mut story), ["put", "uncertain", "remove"]);
}

#[test]
fn a_deletion_made_offline_waits_and_goes_behind_what_was_written_before() {
    for mut story in both() {
        cut(&mut story);
        write(&mut story, "one");
        story.keys("tab up up up d y").shows("The message will be deleted once there is a connection.");
        online(&mut story);
        let send = one(&mut story);
        assert_eq!(text_of(&send), "one");
        accept(&mut story, &send, "m3");
        let delete = one(&mut story);
        assert_eq!(delete, Request::Delete { room: room_id("r1"), message: message_id("m1") });
        story.server(ServerEvent::Done(delete)).shows("Message deleted");
    }
}

#[test]
fn an_uncertain_change_is_made_again_and_a_refusal_after_it_was_made_is_no_news() {
    for mut story in both() {
        story.keys("tab up d y");
        let delete = one(&mut story);
        fail(&mut story, &delete, Failure::Uncertain);
        story.wait(1_100);
        assert_eq!(one(&mut story), delete);
        story.server(ServerEvent::Deleted(message_id("m1")));
        fail(&mut story, &delete, Failure::Refused);
        story.lacks("Not deleted");
        assert!(story.state.account().outbox.is_empty());
    }
}

#[test]
fn a_refused_edit_gives_the_text_back_and_is_forgotten_on_disk() {
    let [mut story, _] = both();
    story.keys("up").types("!").keys("enter");
    let edit = one(&mut story);
    told(&mut story);
    fail(&mut story, &edit, Failure::Refused);
    story.shows("Not changed: The server says no.").shows("✎ Hello Alice!");
    assert_eq!(told(&mut story), ["remove"]);
}

/// It was gone without a trace.
#[test]
fn a_refused_edit_is_not_lost_to_what_is_being_written_meanwhile() {
    let [mut story, _] = both();
    story.keys("up").types(" again").keys("enter");
    let edit = one(&mut story);
    story.types("something else");
    fail(&mut story, &edit, Failure::Refused);
    story.shows("something else").shows("Not changed: The server says no.");
    story.keys("enter").shows("✎ Hello Alice again");
}

/// The same for one that was on disk: its message need not be here after a start.
#[test]
fn a_refused_edit_of_what_is_not_here_gives_its_text_back() {
    use minchat_tui::store::{Entry, OutboxPayload, Stage};
    let [mut story, _] = both();
    cut(&mut story);
    let what = OutboxPayload::Edit { message: message_id("m0"), text: "What I meant".into() };
    let (local, room) = (LocalId::from_random(7), room_id("r1"));
    let entry = Entry { local, room, what, stage: Stage::Uncertain, attempts: 1, at: BEGIN };
    story.state.with_shown(&mut Vec::new(), |cx| minchat_tui::app::restore_outbox(cx, vec![entry]));
    online(&mut story);
    let edit = one(&mut story);
    fail(&mut story, &edit, Failure::Refused);
    story.shows("What I meant");
}

/// Somebody else's hand took away what one was writing.
#[test]
fn what_was_being_written_does_not_vanish_with_its_message_or_its_room() {
    let [mut story, _] = both();
    story.keys("up").types(" at last");
    story.server(ServerEvent::Deleted(message_id("m1")));
    story.shows("The message you were editing has been deleted. What you wrote would be a new one.");
    story.shows("› Hello Alice at last");
    for mut story in both() {
        story.types("a long letter");
        story.server(ServerEvent::RoomDeleted(room_id("r1")));
        story.shows("Alice Archer was deleted.").shows("a long letter");
    }
}
