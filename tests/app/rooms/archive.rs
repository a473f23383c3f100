//! Archived rooms, and what brings them back into the list.

use minchat_tui::app::{Attention, Focus};
use minchat_tui::domain::{ConnectionStatus, Failure, Request, RoomInfo, ServerEvent};
use minchat_tui::text::SafeText;
use test_support::story::vchat::take_requests;
use test_support::story::*;

use super::listing::{arrives, four_rooms, listed, unread};

#[test]
fn room_is_archived_by_the_service_or_here() {
    let mut story = four_rooms(VCHAT);
    story.keys("ctrl+b down a");
    assert_eq!(take_requests(&mut story), [Request::Archive { room: room_id("r2"), on: true }]);
    let mut story = four_rooms(MINCHAT);
    story.keys("ctrl+b down a").shows("Release crew was archived. /archived lists it.");
    assert_eq!(listed(&story), ["r1", "r3", "r4"]);
    arrives(&mut story, "r2", "g2", "bob", "hi");
    assert_eq!(listed(&story), ["r1", "r3", "r4"]);
    story.keys("esc").types("/archived").keys("enter").shows("Archived rooms").shows("Release crew");
    story.keys("enter").types("/unarchive").keys("enter").shows("Release crew is no longer archived.");
    assert_eq!(listed(&story), ["r2", "r1", "r3", "r4"]);
}

/// Regression test: nothing told that somebody had mentioned the user in an archived room.
#[test]
fn mention_brings_an_archived_room_back_until_it_is_read() {
    let mut story = four_rooms(VCHAT);
    let archive = Request::Archive { room: room_id("r2"), on: true };
    story.server(ServerEvent::Done(archive));
    arrives(&mut story, "r2", "g2", "bob", "hi");
    assert_eq!(listed(&story), ["r1", "r3", "r4"]);
    assert_eq!(story.state.account().rooms.attention().rooms, 0);
    story.keys("alt+m").shows("There are no unread mentions.");
    arrives(&mut story, "r2", "g3", "bob", "hi @me");
    assert_eq!(listed(&story), ["r2", "r1", "r3", "r4"]);
    let attention = Attention { rooms: 1, messages: 2, or_more: false, mentions: 1 };
    assert_eq!(story.state.account().rooms.attention(), attention, "as its row says");
    // It stays while it is open, also if it has been read.
    story.keys("alt+m").shows("archived").keys("alt+s");
    assert_eq!((unread(&story, "r2"), listed(&story)), (0, ["r2", "r1", "r3", "r4"].map(str::to_owned).to_vec()));
    story.keys("alt+down");
    assert_eq!(listed(&story), ["r1", "r3", "r4"]);
    // Without being opened, it leaves the list as soon as it is read. Archiving it again answers the mention, too.
    arrives(&mut story, "r2", "g4", "bob", "again @me");
    assert_eq!(listed(&story).len(), 4);
    story.keys("alt+s");
    assert_eq!(listed(&story), ["r1", "r3", "r4"]);
    arrives(&mut story, "r2", "g5", "bob", "and again @me");
    story.keys("ctrl+b home a").server(ServerEvent::Done(Request::Archive { room: room_id("r2"), on: true }));
    story.keys("esc");
    assert_eq!(listed(&story), ["r1", "r3", "r4"]);
    // The server's list still ends with that mention.
    let list = |id: &str, text: &str, at: i64| {
        let last = in_room("r2", message(id, "bob", text, at));
        let room = room_on(VCHAT, "r2", "Release crew", &["bob", "carol"], last.clone());
        let room = RoomInfo { archived: true, unread: Some(2), last_message: Some(last), ..room };
        ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![room] }
    };
    for _ in 0..2 {
        story.server(list("g5", "and again @me", 90_000));
        assert_eq!(listed(&story), ["r1", "r3", "r4"]);
    }
    story.server(list("g6", "at last @me", 91_000));
    assert_eq!(listed(&story).len(), 4);
}

/// Regression test: what a customer wrote after the case was archived was seen nowhere.
#[test]
fn direct_message_brings_an_archived_room_back_unless_muted() {
    for can in [MINCHAT, VCHAT] {
        let archives = |story: &mut Story| {
            if can == MINCHAT {
                story.types("/archive").keys("enter");
            } else {
                story.server(ServerEvent::Done(Request::Archive { room: room_id("r1"), on: true }));
            }
        };
        let mut story = four_rooms(can);
        story.keys("ctrl+b home enter");
        arrives(&mut story, "r1", "d1", "alice", "one");
        archives(&mut story);
        assert_eq!(listed(&story), ["r2", "r3", "r4"]);
        arrives(&mut story, "r1", "d2", "alice", "where is my refund");
        assert_eq!((listed(&story)[0].as_str(), unread(&story, "r1")), ("r1", 1));
        assert_eq!(story.state.account().rooms.attention().messages, 1);
        story.keys("alt+a").shows("archived").shows("where is my refund").keys("alt+s alt+down");
        assert_eq!(listed(&story), ["r2", "r3", "r4"], "it was read");

        // Archiving it unread is an answer, too, whatever the server's list ends with.
        arrives(&mut story, "r1", "d3", "alice", "thanks");
        story.keys("ctrl+b home a");
        if can == VCHAT {
            archives(&mut story);
        }
        story.keys("esc");
        assert_eq!(listed(&story), ["r2", "r3", "r4"]);
        let last = in_room("r1", message("d3", "alice", "thanks", 0));
        let known = RoomInfo { archived: can == VCHAT, ..room_on(can, "r1", "", &["alice"], last) };
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![known] });
        assert_eq!(listed(&story), ["r2", "r3", "r4"]);

        let room = story.state.account_mut().rooms.get_mut(&room_id("r1")).expect("the room");
        room.info.settings.muted = true;
        arrives(&mut story, "r1", "d4", "alice", "and one more");
        assert_eq!(listed(&story), ["r2", "r3", "r4"], "muted");
    }
}

/// Regression test: the second key was typed into the composer of the room that had been opened instead.
#[test]
fn rooms_are_archived_one_after_the_other() {
    let mut story = four_rooms(MINCHAT);
    story.keys("ctrl+b home a a a");
    assert_eq!(listed(&story), ["r4"]);
    assert!(matches!(story.state.ui.focus, Focus::Rooms(0)), "{:?}", story.state.ui.focus);
    assert_eq!(story.state.ui.composer.text(), "");
}

/// Regression test: a customer who wrote to an archived room while the program did not run was seen in `/archived` only.
#[test]
fn archived_rooms_are_checked_after_each_connection() {
    let check = |page| Request::FindRooms { title: String::new(), archived: true, page };
    let archived = |id: &str, at: i64| {
        let last = in_room("r1", message(id, "alice", "where is my refund", at));
        let room = room_on(VCHAT, "r1", "Alice Archer", &["alice"], last.clone());
        RoomInfo { archived: true, unread: Some(1), last_message: Some(last), ..room }
    };
    let unknown = RoomInfo { unread: Some(9), ..archived("u1", 95_000) };
    let unknown = RoomInfo { id: room_id("r9"), ..unknown };
    let found = |page, more, rooms| ServerEvent::FoundRooms { request: check(page), more, rooms };
    let reconnects = |story: &mut Story| {
        story.server(ServerEvent::Connection(ConnectionStatus::Offline {
            reason: SafeText::line("gone"),
            retry_in: 1_000,
        }));
        story.effects.clear();
        story.server(ServerEvent::Connection(ConnectionStatus::Online));
        take_requests(story)
            .into_iter()
            .filter(|request| matches!(request, Request::FindRooms { .. }))
            .collect::<Vec<_>>()
    };

    let mut story = four_rooms(VCHAT);
    story.keys("ctrl+b home enter");
    assert_eq!(reconnects(&mut story), [], "nothing is archived");
    story.server(ServerEvent::Done(Request::Archive { room: room_id("r1"), on: true }));
    assert_eq!(listed(&story), ["r2", "r3", "r4"]);
    assert_eq!(reconnects(&mut story), [check(1)]);
    story.server(found(1, true, vec![unknown, archived("d1", 90_000)]));
    assert_eq!((listed(&story)[0].as_str(), unread(&story, "r1")), ("r1", 1), "not the one whose past is unknown");
    assert_eq!(take_requests(&mut story), [check(2)], "there may be more");
    story.server(found(2, true, vec![archived("d1", 90_000)]));
    assert_eq!(take_requests(&mut story), [], "it is known");

    story.server(ServerEvent::Failed {
        request: check(2),
        failure: Failure::RetryLater,
        reason: SafeText::line("503"),
    });
    story.shows("Could not look for new messages in archived rooms: 503");
}
