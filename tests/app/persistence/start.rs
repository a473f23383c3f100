//! The start from disk.

use minchat_tui::app::ConnectionState;
use minchat_tui::domain::{AccountId, ConnectionStatus, Request, ServerEvent};
use minchat_tui::store::{Snapshot, Write};
use minchat_tui::text::SafeText;

use super::disk::Disk;
use super::drafts::{chat, online};
use test_support::story::*;

#[test]
fn an_offline_start_shows_rooms_and_messages_and_how_old_they_are() {
    let disk = Disk::new();
    chat(&disk).ends();
    let mut run = disk.loaded();
    run.story.shows("Alice Archer").shows("Bob Brown").shows("How are you?").shows("last synced 18:00");
    run.story.server(ServerEvent::Connection(ConnectionStatus::Offline {
        retry_in: 5_000,
        reason: SafeText::line("No cable."),
    }));
    run.settle();
    run.story.shows("How are you?").shows("last synced 18:00");
    assert!(run.story.requests().is_empty(), "nobody is there to be asked");
    online(&mut run);
    run.story.lacks("last synced").shows("● Online").shows("How are you?");
}

#[test]
fn what_was_missed_meanwhile_is_fetched_until_it_meets_what_was_kept() {
    let disk = Disk::new();
    chat(&disk).ends();
    let mut run = disk.loaded();
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    run.story.requests();
    run.story.history("r1", 1, 3, vec![message("m5", "alice", "five", 50), message("m6", "alice", "six", 60)]);
    let asked = run.story.requests();
    assert!(asked.iter().any(|request| matches!(request, Request::History { page: 2, .. })), "{asked:?}");
    run.wait(1_000);
    // Between what was kept and what came stands a hole: nothing is claimed to stand beside it.
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
    assert_eq!(claims(&run, "m5").after, Some(message_id("m2")), "all that was fetched is told again, in one piece");
    assert_eq!(claims(&run, "m5").messages.len(), 3);
    run.ends();
    let mut run = disk.loaded();
    run.story.shows("How are you?").shows("four").shows("six");
}

/// What could not be fetched is a line between two stretches, and the disk claims no more than the screen.
#[test]
fn a_gap_that_stays_is_a_gap_on_disk_until_it_is_filled() {
    let disk = Disk::new();
    chat(&disk).ends();
    let mut run = disk.loaded();
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    run.story.requests();
    run.story.history("r1", 1, 3, vec![message("m5", "alice", "five", 50), message("m6", "alice", "six", 60)]);
    let asked = run.story.requests();
    let request = asked.into_iter().find(|request| matches!(request, Request::History { page: 2, .. })).unwrap();
    let reason = minchat_tui::text::SafeText::line("No.");
    let failure = minchat_tui::domain::Failure::Uncertain;
    run.story.server(ServerEvent::Failed { request, failure, reason });
    assert_eq!(run.story.state.scene().open_room().unwrap().history.gaps.len(), 1);
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
    assert_eq!((stretch.messages.len(), stretch.after, stretch.before), (2, None, None), "as one, and beside nothing");
    run.story.keys("alt+g");
    run.story.history(
        "r1",
        2,
        3,
        vec![seen(message("m2", "alice", "How are you?", -60_000)), message("m4", "alice", "four", 40)],
    );
    assert!(run.story.state.scene().open_room().unwrap().history.gaps.is_empty());
    run.wait(1_000);
    let told = claims(&run, "m4");
    assert_eq!(told.after, Some(message_id("m2")));
    assert!(told.messages.len() > 1 || told.before == Some(message_id("m5")), "{told:?}");
    run.ends();
    let mut run = disk.loaded();
    run.story.shows("How are you?").shows("four").shows("five").shows("six");
}

/// All that stood behind such a place on disk could not be seen without a connection, by scrolling or by searching.
#[test]
fn what_stands_behind_a_gap_on_disk_is_shown_offline_and_the_gap_filled_later() {
    let disk = Disk::new();
    chat(&disk).ends();
    let mut run = disk.loaded();
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    run.story.history("r1", 1, 3, vec![message("m5", "alice", "five", 50), message("m6", "alice", "six", 60)]);
    run.wait(1_000);
    run.ends();

    let mut run = disk.loaded();
    run.settle();
    run.story.shows("How are you?").shows("Messages are missing here").shows("five").shows("six");
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    let newest = vec![message("m5", "alice", "five", 50), message("m6", "alice", "six", 60)];
    run.story.history("r1", 1, 3, newest);
    let four = message("m4", "alice", "four", 40);
    run.story.history("r1", 2, 3, vec![seen(message("m2", "alice", "How are you?", -60_000)), four]);
    run.story.shows("How are you?").shows("four").shows("five").lacks("missing");
    run.wait(1_000);
    run.ends();
    let mut run = disk.loaded();
    run.story.shows("How are you?").shows("four").shows("five").lacks("missing");
}

#[test]
fn what_the_server_said_before_the_disk_answered_wins() {
    let disk = Disk::new();
    chat(&disk).ends();
    let mut run = disk.start();
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    let last = message("m2", "alice", "How are you?", -60_000);
    let rooms = vec![room("r1", "Alice is away", &["alice"], last.clone())];
    run.story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
    run.story.history("r1", 1, 1, vec![seen(last)]);
    run.answer();
    run.story.shows("Alice is away").shows("Bob Brown").lacks("Alice Archer │").lacks("last synced");
}

#[test]
fn the_chats_of_another_account_are_dropped_and_what_was_written_stays() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.types("mine");
    run.ends();
    let mut run = disk.loaded();
    run.story.shows("How are you?");
    run.story.server(ServerEvent::SignedIn { me: person("other", "Other Me"), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    run.story.lacks("How are you?");
    assert_eq!(run.story.state.ui.composer.text(), "mine");
    run.wait(1_000);
    assert!(run.writes.contains(&Write::ForgetHistory));
    run.ends();
    let mut run = disk.loaded();
    run.story.lacks("How are you?").lacks("Bob Brown");
}

/// What waited to be sent is shown to whoever signs in, and is never sent in their name by itself.
#[test]
fn what_another_account_wrote_is_not_sent_by_itself() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.server(ServerEvent::Connection(ConnectionStatus::Offline {
        retry_in: 60_000,
        reason: minchat_tui::text::SafeText::line("The cable is out."),
    }));
    run.story.types("secret").keys("enter");
    run.wait(1_000);
    run.ends();
    for _kept_as_the_other_and_as_the_same in 0..2 {
        let mut run = disk.loaded();
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
        run.ends();
    }
}

#[test]
fn nothing_is_written_where_nothing_is_to_be_kept() {
    let mut story = Story::chat(100, 24);
    story.types("a draft");
    story.wait(5_000);
    story.event(minchat_tui::app::Event::Store(AccountId(0), minchat_tui::store::Answer::Loaded(Box::default())));
    assert!(!story.effects.iter().any(|effect| matches!(effect, minchat_tui::app::Effect::Persist(_, ..))));
    assert!(!story.state.account().drafts_are_durable);
}

#[test]
fn a_refusal_with_chats_on_screen_is_told_there() {
    let disk = Disk::new();
    chat(&disk).ends();
    let mut run = disk.loaded();
    run.story.server(ServerEvent::Connection(ConnectionStatus::Refused { reason: SafeText::line("The key is void.") }));
    assert!(matches!(run.story.state.account().connection, ConnectionState::Refused { .. }));
    assert!(!run.story.effects.contains(&minchat_tui::app::Effect::Quit));
    run.story.shows("The key is void.").shows("How are you?");
}

#[test]
fn an_empty_disk_changes_nothing() {
    let disk = Disk::new();
    let mut run = disk.start();
    run.loads(Snapshot::default());
    run.story.shows("Connecting to").lacks("last synced");
}
