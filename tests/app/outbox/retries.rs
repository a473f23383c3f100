//! Order, back-off, and what the user can do.

use minchat_tui::app::Event;

use super::*;

#[test]
fn one_is_under_way_at_a_time_and_the_order_is_kept() {
    for mut story in both() {
        for text in ["one", "two", "three"] {
            write(&mut story, text);
        }
        let first = one(&mut story);
        assert_eq!(text_of(&first), "one");
        fail(&mut story, &first, Failure::NotSent);
        story.shows("It waits, and is tried again by itself: The server says no.");
        assert_eq!(texts(&mut story), [""; 0]);
        story.wait(1_000);
        let again = one(&mut story);
        assert_eq!(again, first);
        accept(&mut story, &again, "m3");
        assert_eq!(texts(&mut story), ["two"]);
    }
}

#[test]
fn attempts_grow_rarer_and_never_stop() {
    let [mut story, _] = both();
    write(&mut story, "hello");
    let mut waits = Vec::new();
    for _ in 0..9 {
        let request = one(&mut story);
        let since = story.now;
        fail(&mut story, &request, Failure::Later);
        assert!(story.row_with("hello").ends_with('…'), "{}", story.screen());
        while story.state.account().outbox.iter().any(|entry| matches!(entry.stage, minchat_tui::app::Stage::Queued(_)))
        {
            story.wait(100);
        }
        waits.push(story.now - since);
    }
    assert!(waits[0] <= 1_100 && waits[8] >= 30_000 && waits.iter().all(|wait| *wait <= 60_100), "{waits:?}");
}

#[test]
fn what_is_written_without_a_connection_waits_and_goes_out_by_itself() {
    for mut story in both() {
        cut(&mut story);
        write(&mut story, "one");
        write(&mut story, "two");
        story.wait(30_000);
        assert!(story.row_with("  one").ends_with('…'), "{}", story.screen());
        assert_eq!(texts(&mut story), [""; 0]);
        online(&mut story);
        let first = one(&mut story);
        assert_eq!(text_of(&first), "one");
        accept(&mut story, &first, "m3");
        assert_eq!(texts(&mut story), ["two"]);
    }
}

#[test]
fn the_connection_ends_the_wait() {
    let [mut story, _] = both();
    write(&mut story, "hello");
    for _ in 0..8 {
        let request = one(&mut story);
        fail(&mut story, &request, Failure::NotSent);
        cut(&mut story);
        online(&mut story);
    }
    assert_eq!(texts(&mut story), ["hello"]);
}

#[test]
fn a_refused_one_holds_nobody_up_and_keeps_its_identity_when_it_is_sent_again() {
    for mut story in both() {
        write(&mut story, "one");
        write(&mut story, "two");
        let first = one(&mut story);
        told(&mut story);
        fail(&mut story, &first, Failure::Refused);
        story.shows("Not sent: The server says no.");
        assert_eq!(told(&mut story), ["failed", "uncertain"]);
        let second = one(&mut story);
        assert_eq!(text_of(&second), "two");
        story.keys("tab up s").lacks("Not sent: The");
        assert_eq!(texts(&mut story), [""; 0]);
        accept(&mut story, &second, "m3");
        assert_eq!(one(&mut story), first);
    }
}

#[test]
fn one_that_is_taken_back_is_forgotten_on_disk_too() {
    for mut story in both() {
        write(&mut story, "hello");
        let request = one(&mut story);
        fail(&mut story, &request, Failure::Refused);
        told(&mut story);
        story.keys("tab x").shows("› hello");
        assert_eq!(told(&mut story), ["remove"]);
        assert!(story.state.account().outbox.is_empty());
    }
}

#[test]
fn a_room_that_is_deleted_takes_what_waits_for_it_along_and_says_so() {
    let [mut story, _] = both();
    cut(&mut story);
    write(&mut story, "hello");
    told(&mut story);
    story.server(ServerEvent::RoomDeleted(room_id("r1")));
    story.shows("Alice Archer was deleted. What waited to be sent there went with it.");
    assert_eq!(told(&mut story), ["remove"]);
}

/// What waited a second waited for a day.
#[test]
fn a_clock_that_is_set_back_holds_nothing_up() {
    for mut story in both() {
        write(&mut story, "hello");
        let request = one(&mut story);
        fail(&mut story, &request, Failure::NotSent);
        story.now = story.now + -86_400_000;
        story.event(Event::Tick).wait(61_000);
        assert_eq!(texts(&mut story), ["hello"]);
    }
}
