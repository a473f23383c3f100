//! The start with stored data.

use minchat_tui::app::{ConnectionState, Event, update};
use minchat_tui::domain::{AccountId, Capabilities, ConnectionStatus, MessageInfo, Request, RoomInfo, ServerEvent};
use minchat_tui::store::{Snapshot, Write};
use minchat_tui::text::SafeText;

use super::disk::{Disk, Run};
use super::drafts::{chat, go_online};
use test_support::story::*;

#[test]
fn offline_start_shows_rooms_messages_and_their_age() {
    let disk = Disk::new();
    chat(&disk).quit();
    let mut run = disk.start_loaded();
    run.story.shows("Alice Archer").shows("Bob Brown").shows("How are you?").shows("last synced 18:00");
    run.story.server(ServerEvent::Connection(ConnectionStatus::Offline {
        retry_in: 5_000,
        reason: SafeText::line("No cable."),
    }));
    run.sync();
    run.story.shows("How are you?").shows("last synced 18:00");
    assert!(run.story.requests().is_empty(), "no requests without a connection");
    go_online(&mut run);
    run.story.lacks("last synced").shows("● Online").shows("How are you?");
}

#[test]
fn missed_messages_are_fetched_up_to_the_stored_ones() {
    let disk = Disk::new();
    chat(&disk).quit();
    let mut run = disk.start_loaded();
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    run.story.requests();
    run.story.history("r1", 1, 3, vec![message("m5", "alice", "five", 50), message("m6", "alice", "six", 60)]);
    let requested = run.story.requests();
    assert!(requested.iter().any(|request| matches!(request, Request::History { page: 2, .. })), "{requested:?}");
    run.wait(1_000);
    // There is a gap between the stored and the new messages, so neither is recorded as adjacent to the other.
    let claims = |run: &super::disk::Run, id: &str| {
        let batches = run.writes.iter().rev().filter_map(|write| match write {
            Write::Messages(batch) => Some(batch),
            _ => None,
        });
        let of = |batch: &&minchat_tui::store::Batch| {
            batch.messages.iter().any(|message| message.id.as_ref() == Some(&message_id(id)))
        };
        batches.into_iter().find(of).cloned().unwrap()
    };
    assert_eq!((claims(&run, "m5").after, claims(&run, "m5").before), (None, None));
    run.story.history(
        "r1",
        2,
        3,
        vec![seen(message("m2", "alice", "How are you?", -60_000)), message("m4", "alice", "four", 40)],
    );
    run.wait(1_000);
    assert_eq!(claims(&run, "m5").after, Some(message_id("m2")), "the fetched messages are stored in one piece");
    assert_eq!(claims(&run, "m5").messages.len(), 3);
    run.quit();
    let mut run = disk.start_loaded();
    run.story.shows("How are you?").shows("four").shows("six");
}

/// A page that could not be fetched is a gap between two stretches, in the store as on the screen.
#[test]
fn gap_is_stored_until_it_is_filled() {
    let disk = Disk::new();
    chat(&disk).quit();
    let mut run = disk.start_loaded();
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    run.story.requests();
    run.story.history("r1", 1, 3, vec![message("m5", "alice", "five", 50), message("m6", "alice", "six", 60)]);
    let requested = run.story.requests();
    let request = requested.into_iter().find(|request| matches!(request, Request::History { page: 2, .. })).unwrap();
    let reason = minchat_tui::text::SafeText::line("No.");
    let failure = minchat_tui::domain::Failure::Uncertain;
    run.story.server(ServerEvent::Failed { request, failure, reason });
    assert_eq!(run.story.state.scene().open_room().unwrap().history.gaps().len(), 1);
    run.wait(1_000);
    let claims = |run: &super::disk::Run, id: &str| {
        let batches = run.writes.iter().rev().filter_map(|write| match write {
            Write::Messages(batch) => Some(batch),
            _ => None,
        });
        let of = |batch: &&minchat_tui::store::Batch| {
            batch.messages.iter().any(|message| message.id.as_ref() == Some(&message_id(id)))
        };
        batches.into_iter().find(of).cloned().unwrap()
    };
    let stretch = claims(&run, "m5");
    assert_eq!(
        (stretch.messages.len(), stretch.after, stretch.before),
        (2, None, None),
        "one stretch without neighbours"
    );
    run.story.keys("alt+g");
    run.story.history(
        "r1",
        2,
        3,
        vec![seen(message("m2", "alice", "How are you?", -60_000)), message("m4", "alice", "four", 40)],
    );
    assert!(run.story.state.scene().open_room().unwrap().history.gaps().is_empty());
    run.wait(1_000);
    let stored = claims(&run, "m4");
    assert_eq!(stored.after, Some(message_id("m2")));
    assert!(stored.messages.len() > 1 || stored.before == Some(message_id("m5")), "{stored:?}");
    run.quit();
    let mut run = disk.start_loaded();
    run.story.shows("How are you?").shows("four").shows("five").shows("six");
}

/// Stored messages before a gap could not be reached offline, neither by scrolling nor by searching.
#[test]
fn messages_before_a_stored_gap_are_shown_offline() {
    let disk = Disk::new();
    chat(&disk).quit();
    let mut run = disk.start_loaded();
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    run.story.history("r1", 1, 3, vec![message("m5", "alice", "five", 50), message("m6", "alice", "six", 60)]);
    run.wait(1_000);
    run.quit();

    let mut run = disk.start_loaded();
    run.sync();
    run.story.shows("How are you?").shows("Messages are missing here").shows("five").shows("six");
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    let newest = vec![message("m5", "alice", "five", 50), message("m6", "alice", "six", 60)];
    run.story.history("r1", 1, 3, newest);
    let four = message("m4", "alice", "four", 40);
    run.story.history("r1", 2, 3, vec![seen(message("m2", "alice", "How are you?", -60_000)), four]);
    run.story.shows("How are you?").shows("four").shows("five").lacks("missing");
    run.wait(1_000);
    run.quit();
    let mut run = disk.start_loaded();
    run.story.shows("How are you?").shows("four").shows("five").lacks("missing");
}

#[test]
fn server_data_received_before_loading_wins() {
    let disk = Disk::new();
    chat(&disk).quit();
    let mut run = disk.start();
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    let last = message("m2", "alice", "How are you?", -60_000);
    let rooms = vec![room("r1", "Alice is away", &["alice"], last.clone())];
    run.story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
    run.story.history("r1", 1, 1, vec![seen(last)]);
    run.handle_answer();
    run.story.shows("Alice is away").shows("Bob Brown").lacks("Alice Archer │").lacks("last synced");
}

#[test]
fn another_accounts_rooms_are_dropped_but_not_its_drafts() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.types("mine");
    run.quit();
    let mut run = disk.start_loaded();
    run.story.shows("How are you?");
    run.story.server(ServerEvent::SignedIn { me: person("other", "Other Me"), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    run.story.lacks("How are you?");
    assert_eq!(run.story.state.ui.composer.text(), "mine");
    run.wait(1_000);
    assert!(run.writes.contains(&Write::ForgetHistory));
    run.quit();
    let mut run = disk.start_loaded();
    run.story.lacks("How are you?").lacks("Bob Brown");
}

/// Queued messages are shown to whoever signs in, and never sent in their name without a question.
#[test]
fn another_accounts_queue_is_not_sent_automatically() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.server(ServerEvent::Connection(ConnectionStatus::Offline {
        retry_in: 60_000,
        reason: minchat_tui::text::SafeText::line("The cable is out."),
    }));
    run.story.types("secret").keys("enter");
    run.wait(1_000);
    run.quit();
    for _kept_as_the_other_and_as_the_same in 0..2 {
        let mut run = disk.start_loaded();
        run.story.server(ServerEvent::SignedIn { me: person("other", "Other Me"), capabilities: MINCHAT });
        run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
        let last = message("m2", "alice", "How are you?", -60_000);
        let rooms = vec![room("r1", "Alice Archer", &["alice"], last)];
        run.story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
        for _ in 0..3 {
            run.story.history("r1", 1, 1, vec![message("m2", "alice", "How are you?", -60_000)]);
            run.wait(5_000);
        }
        let sends = run.story.requests().into_iter().filter(|request| matches!(request, Request::Send { .. })).count();
        assert_eq!(sends, 0);
        run.story.shows("secret").shows("It was written by another account.");
        run.quit();
    }
}

#[test]
fn nothing_is_written_if_persistence_is_off() {
    let mut story = Story::chat(100, 24);
    story.types("a draft");
    story.wait(5_000);
    story.event(minchat_tui::app::Event::Store(AccountId(0), minchat_tui::store::Answer::Loaded(Box::default())));
    assert!(!story.effects.iter().any(|effect| matches!(effect, minchat_tui::app::Effect::Persist(..))));
    assert!(!story.state.account().drafts_are_durable);
}

#[test]
fn refused_sign_in_is_reported_above_restored_rooms() {
    let disk = Disk::new();
    chat(&disk).quit();
    let mut run = disk.start_loaded();
    run.story.server(ServerEvent::Connection(ConnectionStatus::Refused { reason: SafeText::line("The key is void.") }));
    assert!(matches!(run.story.state.account().connection, ConnectionState::Refused { .. }));
    assert!(!run.story.effects.contains(&minchat_tui::app::Effect::Quit));
    run.story.shows("The key is void.").shows("How are you?");
}

#[test]
fn empty_store_changes_nothing() {
    let disk = Disk::new();
    let mut run = disk.start();
    run.load(Snapshot::default());
    run.story.shows("Connecting to").lacks("last synced");
}

/// A room of which the server knows its last message and, on V Chat, how many messages are unread.
fn archery(can: Capabilities, unread: u32, last: MessageInfo) -> ServerEvent {
    let archery = room_on(can, "r4", "Archery", &["alice", "carol"], last.clone());
    let last_message = Some(in_room("r4", last));
    let archery = RoomInfo { unread: archery.unread.map(|_| unread), last_message, ..archery };
    let alice = room_on(can, "r1", "Alice Archer", &["alice"], message("m2", "alice", "How are you?", -60_000));
    ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![alice, archery] }
}

/// The last message of the room in the list, and the badge.
fn row_of_archery(run: &Run) -> String {
    let screen = run.story.screen();
    let row = screen.lines().skip_while(|row| !row.contains("Archery")).nth(1);
    let row = row.unwrap_or_else(|| panic!("no Archery on\n{screen}"));
    row.split('│').next().unwrap_or_default().to_owned()
}

/// Two messages in Archery of three mention the user; then the program ends.
fn mentioned_twice(disk: &Disk, can: Capabilities) {
    let mut run = disk.start_loaded();
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: can });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    run.story.server(archery(can, 0, seen(message("a0", "carol", "older", -99_000))));
    for (id, text, at) in [("a1", "hi @me", 1), ("a2", "still there, @me?", 2), ("a3", "never mind", 3)] {
        let message = MessageInfo { local: Some(vchat::local_id_of(id)), ..message(id, "carol", text, at) };
        run.story.server(ServerEvent::Message(in_room("r4", message)));
    }
    assert!(row_of_archery(&run).contains('@'), "{}", run.story.screen());
    run.wait(1_000);
    run.quit();
}

/// Regression test: what arrived just before the program ended was read, although nobody had seen it and, in a group on
/// MinChat, the server cannot tell.
#[test]
fn message_that_arrives_just_before_the_end_stays_unread() {
    let disk = Disk::new();
    let mut run = disk.start_loaded();
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    run.story.server(archery(MINCHAT, 0, seen(message("a0", "carol", "older", -99_000))));
    run.story.keys("alt+down").shows("Message Archery");
    run.sync();
    run.story.history("r4", 1, 1, Vec::new());
    run.wait(2_000);
    let last = message("a1", "carol", "one more", 3_000);
    run.story.server(ServerEvent::Message(in_room("r4", last.clone()))).shows("one more");
    assert!(!row_of_archery(&run).contains('1'), "the user is looking at it");
    run.quit();

    let mut run = disk.start_loaded();
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    run.story.server(archery(MINCHAT, 0, seen(last)));
    let unread = run.story.state.account().rooms.get(&room_id("r4")).expect("the group").unread();
    assert_eq!(unread.count, 1, "{}", run.story.screen());
}

#[test]
fn mentions_are_still_counted_after_a_restart() {
    for can in [MINCHAT, VCHAT] {
        let disk = Disk::new();
        mentioned_twice(&disk, can);
        let last = message("a3", "carol", "never mind", 3);
        for _again in 0..2 {
            let mut run = disk.start_loaded();
            assert!(row_of_archery(&run).contains('@'), "before the server answers\n{}", run.story.screen());
            let attention = run.story.state.account().rooms.attention();
            assert_eq!((attention.rooms, attention.mentions), (1, 2));
            run.story.server(ServerEvent::SignedIn { me: me(), capabilities: can });
            run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
            run.story.server(archery(can, 3, last.clone()));
            assert!(row_of_archery(&run).contains('@'), "{}", run.story.screen());
            let attention = run.story.state.account().rooms.attention();
            assert_eq!((attention.rooms, attention.mentions), (1, 2));
            run.wait(1_000);
            run.quit();
        }
        let mut run = disk.start_loaded();
        run.story.server(ServerEvent::SignedIn { me: me(), capabilities: can });
        run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
        // On MinChat, another member may have seen the last message.
        let read = if can == MINCHAT { message("a4", "me", "I am", 4) } else { seen(last) };
        run.story.server(archery(can, 0, read));
        assert!(!row_of_archery(&run).contains('@'), "read on another device\n{}", run.story.screen());
        run.wait(1_000);
        run.quit();
        let run = disk.start_loaded();
        assert!(!row_of_archery(&run).contains('@'), "{}", run.story.screen());
    }
}

/// Counts from the disk were lost if the server answered before they were loaded.
#[test]
fn stored_mentions_count_although_the_server_was_faster() {
    for can in [MINCHAT, VCHAT] {
        let disk = Disk::new();
        mentioned_twice(&disk, can);
        let mut run = disk.start();
        run.story.server(ServerEvent::SignedIn { me: me(), capabilities: can });
        run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
        run.story.server(archery(can, 3, message("a3", "carol", "never mind", 3)));
        run.handle_answer();
        let unread = run.story.state.account().rooms.get(&room_id("r4")).unwrap().unread();
        assert_eq!((unread.count, unread.mentions), (3, 2));
        assert!(row_of_archery(&run).contains('@'), "{}", run.story.screen());
    }
}

/// The list was searched for the user's names before they were known, unless a frame had been drawn.
#[test]
fn mention_in_the_first_list_is_counted() {
    for can in [MINCHAT, VCHAT] {
        let mut story = Story::new(100, 24);
        for event in [
            ServerEvent::SignedIn { me: me(), capabilities: can },
            ServerEvent::Connection(ConnectionStatus::Online),
            archery(can, 1, message("a1", "carol", "hi @me", -70_000)),
        ] {
            update(&mut story.state, BEGIN, Event::Server(AccountId(0), event));
        }
        let unread = story.state.account().rooms.get(&room_id("r4")).unwrap().unread();
        assert_eq!((unread.count, unread.mentions), (1, 1));
    }
}

#[test]
fn mute_with_a_time_survives_a_restart_and_ends() {
    for can in [MINCHAT, VCHAT] {
        let disk = Disk::new();
        let start = || {
            let mut run = disk.start_loaded();
            run.story.server(ServerEvent::SignedIn { me: me(), capabilities: can });
            run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
            run.story.server(archery(can, 0, seen(message("a0", "carol", "older", -99_000))));
            run.story.types("/go Archery").keys("enter");
            run
        };
        let mut run = start();
        run.story.types("/mute 1h").keys("enter");
        run.wait(1_000);
        run.quit();
        let mut run = start();
        run.story.shows("muted until 19:00");
        run.wait(3_600_000);
        run.story.lacks("muted until");
        run.quit();
        start().story.lacks("muted until");
    }
}

/// Regression test: what only this program knows of a room was lost if the server answered before it was loaded.
#[test]
fn stored_settings_apply_although_the_server_was_faster() {
    for can in [MINCHAT, VCHAT] {
        let disk = Disk::new();
        let mut run = disk.start_loaded();
        run.story.server(ServerEvent::SignedIn { me: me(), capabilities: can });
        run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
        run.story.server(archery(can, 0, seen(message("a0", "carol", "older", -99_000))));
        run.story.types("/go Archery").keys("enter").types("/mute 8h").keys("enter");
        run.wait(1_000);
        run.quit();
        let mut run = disk.start();
        run.story.server(ServerEvent::SignedIn { me: me(), capabilities: can });
        run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
        run.story.server(archery(can, 0, seen(message("a0", "carol", "older", -99_000))));
        run.handle_answer();
        let room = run.story.state.account().rooms.get(&room_id("r4")).unwrap();
        assert!(room.is_muted() && room.info.settings.muted_until.is_some());
    }
}
