//! Restored messages.

use minchat_tui::app::{Damage, Effect, Event, deadline, update};
use minchat_tui::domain::{AccountId, ConnectionStatus, Delivery, Message, MessageInfo, Quote, Request, ServerEvent};
use minchat_tui::store::{Answer, Problem, Write};

use super::disk::Disk;
use super::drafts::chat;
use test_support::story::*;

#[test]
fn restored_room_looks_the_same() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    let page = (0..60).map(|n| seen(message(&format!("x{n:02}"), "alice", &format!("line {n}"), n * 1_000)));
    for message in page {
        run.story.server(ServerEvent::Message(message));
    }
    run.story.server(ServerEvent::Edited(message("x58", "alice", "another text", 58_000)));
    run.story.server(ServerEvent::Deleted(message_id("x57")));
    run.wait(1_000);
    let before = run.story.pane();
    run.quit();
    let run = disk.start_loaded();
    let (before, after): (Vec<_>, Vec<_>) =
        (before.lines().collect(), run.story.screen().lines().map(str::to_owned).collect());
    for row in before
        .iter()
        .filter(|row| row.trim_start().starts_with("line ") || row.contains("another") || row.contains("deleted"))
    {
        assert!(after.iter().any(|shown: &String| shown.contains(row.trim())), "no `{row}` on\n{}", after.join("\n"));
    }
}

#[test]
fn scrolling_offline_loads_older_messages_from_the_store() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    for n in 0..300 {
        run.story.server(ServerEvent::Message(seen(message(&format!("x{n:03}"), "alice", &format!("line {n}"), n))));
    }
    run.quit();
    let mut run = disk.start_loaded();
    let loaded = |run: &super::disk::Run| run.story.state.scene().open_room().map_or(0, |room| room.timeline.len());
    assert_eq!(loaded(&run), 50);
    for _ in 0..40 {
        run.story.keys("pageup");
        run.sync();
    }
    assert_eq!(loaded(&run), 302);
    run.story.shows("Hello Alice");
    assert!(run.story.state.scene().open_room().is_some_and(|room| room.history.is_complete()));
}

/// The answer to a send may come on a newer connection than the messages of others. Messages sent meanwhile were taken
/// for nonexistent, because the store recorded the send directly after the last received message.
#[test]
fn messages_missed_before_a_send_are_fetched_after_a_kill() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.types("mine").keys("enter");
    run.sync();
    let send = run.story.requests().into_iter().find_map(|request| match request {
        Request::Send { local, .. } => Some(local),
        _ => None,
    });
    // Alice's "missed" was sent before it and does not reach the client.
    let mine = message("x9", "me", "mine", 9_000);
    let (local, id) = (send.unwrap(), Some(mine.id.clone()));
    let accepted = Some(Box::new(MessageInfo { local: send, ..mine.clone() }));
    run.story.server(ServerEvent::Accepted { room: room_id("r1"), local, id, message: accepted });
    run.kill();

    let mut run = disk.start_loaded();
    run.story.shows("mine");
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    let last = message("y23", "alice", "later", 33_000);
    run.story.server(ServerEvent::Rooms {
        page: 1,
        pages: 1,
        rooms: vec![room("r1", "Alice Archer", &["alice"], last)],
    });
    let later = (0..24).map(|n| message(&format!("y{n:02}"), "alice", "later", 10_000 + n * 1_000));
    let page: Vec<_> = std::iter::once(mine).chain(later).map(seen).collect();
    // The first page was requested before the list told of a missed message, so it is requested again.
    run.story.history("r1", 1, 2, page.clone()).history("r1", 1, 2, page);
    run.wait(2_500);
    for _ in 0..6 {
        run.story.keys("pageup");
        run.sync();
    }
    let requested = run.story.requests();
    let asks = requested.iter().any(|request| matches!(request, Request::History { page: 2, .. }));
    assert!(asks, "{requested:?}\n{}", run.story.screen());
}

#[test]
fn left_room_is_not_stored() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.server(ServerEvent::RoomDeleted(room_id("r2")));
    run.quit();
    let mut run = disk.start_loaded();
    run.story.lacks("Bob Brown").shows("Alice Archer");
}

/// Bursts were copied for the store in one piece, which delayed keys by a quarter of a second.
#[test]
fn burst_is_stored_in_pieces_without_gaps() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.wait(1_000);
    let before = run.writes.len();
    for n in 0..2_000 {
        let message = seen(message(&format!("x{n:04}"), "alice", &format!("line {n}"), n));
        let event = Event::Server(AccountId(0), ServerEvent::Message(message));
        let (state, now) = (&mut run.story.state, run.story.now);
        run.story.effects.extend(update(state, now, event));
    }
    let stored = |run: &super::disk::Run| -> usize {
        let batches = run.writes[before..].iter().map(|write| match write {
            Write::Messages(batch) => batch.messages.len(),
            _ => 0,
        });
        batches.sum()
    };
    run.wait(350);
    assert_eq!(stored(&run), 1_500);
    run.wait(350);
    assert_eq!(stored(&run), 2_000);
    run.kill();

    let mut run = disk.start_loaded();
    for _ in 0..150 {
        run.story.keys("pageup");
        run.sync();
    }
    assert_eq!(run.story.state.scene().open_room().map(|room| room.timeline.len()), Some(2_002));
    run.story.shows("Hello Alice");
}

#[test]
fn burst_causes_few_writes() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.wait(1_000);
    let before = run.writes.len();
    for n in 0..400 {
        run.story.server(ServerEvent::Message(message(&format!("x{n:03}"), "alice", &format!("line {n}"), n)));
    }
    run.wait(1_000);
    let batches = run.writes[before..].iter().filter(|write| matches!(write, Write::Messages(_))).count();
    assert!(batches <= 2, "{batches}");
}

/// Regression test: each message was followed by three frames in which nothing had changed.
#[test]
fn receipt_and_writes_draw_no_frame() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.wait(10_000);
    run.story.server(ServerEvent::Message(message("m9", "alice", "just now", 0))).shows("just now");
    let (mut ticks, mut effects) = (0, Vec::new());
    let end = run.story.now + 2_000;
    while let Some(at) = deadline(&run.story.state).filter(|at| *at <= end) {
        effects.extend(update(&mut run.story.state, at, Event::Tick));
        assert_eq!(run.story.state.terminal.damage, Damage::Nothing);
        ticks += 1;
    }
    assert!(ticks > 0);
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Request(_, Request::Seen { .. }))));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Persist(_, Write::Messages(_)))));
}

#[test]
fn store_error_is_reported_once_and_the_chat_goes_on() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.event(Event::Store(AccountId(0), Answer::Problem(Problem::Full)));
    run.story.shows("The disk is full");
    run.wait(7_000);
    run.story.lacks("The disk is full").shows("not saved to disk");
    run.story.keys("f1").shows("The disk is full, so messages and drafts are not saved").keys("esc");
    run.story.types("lost?").keys("ctrl+q");
    assert!(run.story.state.ui.overlay.is_some(), "a question, since the message would be lost");
    run.story.keys("esc").event(Event::Store(AccountId(0), Answer::Recovered));
    run.story.shows("Saving to disk works again");
    run.wait(7_000);
    run.story.lacks("not saved to disk");
}

/// The rows of the open room, newest last.
fn rows(story: &Story) -> Vec<String> {
    let room = story.state.scene().open_room().unwrap();
    let facts = room.timeline.iter().map(|(_, message)| {
        let Message { id, author, sent_at, text, delivery, edited, deleted, starred, quote, .. } = message;
        format!("{id:?} {author:?} {sent_at:?} {text} {delivery:?} {edited} {deleted} {starred} {quote:?}")
    });
    facts.collect()
}

/// The newest message of the open room, as the server lists it.
fn newest(story: &Story) -> Option<MessageInfo> {
    let room = story.state.scene().open_room().unwrap();
    let (_, newest) = room.timeline.iter().rev().find(|(_, message)| !message.deleted)?;
    let info = message(newest.id.as_ref()?.as_str(), newest.author.as_str(), &newest.text, newest.sent_at - BEGIN);
    Some(MessageInfo { seen: newest.delivery == Delivery::Seen, ..info })
}

#[test]
fn random_history_is_restored_exactly() {
    for seed in 0..25 {
        let mut chance = fastrand::Rng::with_seed(seed);
        let disk = Disk::new();
        let mut run = chat(&disk);
        let mut count = 0;
        for _ in 0..60 {
            let some = format!("x{:03}", chance.usize(0..count.max(1)));
            match chance.u8(0..10) {
                0 => drop(run.story.server(ServerEvent::Deleted(message_id(&some)))),
                1 | 2 => drop(run.story.server(ServerEvent::Edited(message(&some, "alice", "anew", 0)))),
                3 => drop(run.story.server(ServerEvent::Seen(message_id(&some)))),
                4 => drop(run.wait(400)),
                5 => {
                    run.story.server(ServerEvent::EventsLost);
                    let page = newest(&run.story).into_iter().collect();
                    run.story.history("r1", 1, 1, page);
                }
                _ => {
                    let at = i64::try_from(count).unwrap() + chance.i64(0..3);
                    let info = message(&format!("x{count:03}"), "alice", &format!("line {count}"), at);
                    run.story.server(ServerEvent::Message(info));
                    count += 1;
                }
            }
        }
        run.wait(1_000);
        let before = rows(&run.story);
        run.quit();
        let run = disk.start_loaded();
        assert_eq!(rows(&run.story), before, "seed {seed}");
    }
}

#[test]
fn stored_message_is_edited_and_deleted_in_the_store() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    for n in 0..120 {
        run.story.server(ServerEvent::Message(seen(message(&format!("x{n:03}"), "alice", &format!("line {n}"), n))));
    }
    run.quit();
    let mut run = disk.start_loaded();
    run.story.server(ServerEvent::Deleted(message_id("x010")));
    run.story.server(ServerEvent::Edited(message("x011", "alice", "another text", 11)));
    run.quit();
    let mut run = disk.start_loaded();
    for _ in 0..20 {
        run.story.keys("pageup");
        run.sync();
    }
    let rows = rows(&run.story);
    assert_eq!(rows.len(), 122);
    let of = |id: &str| rows.iter().find(|line| line.contains(id)).unwrap().clone();
    assert!(!of("x010").contains("line 10"), "{}", of("x010"));
    assert!(of("x011").contains("another text"), "{}", of("x011"));
}

/// The server had confirmed the edit, but the old text returned from the disk.
#[test]
fn confirmed_edit_of_an_unloaded_message_is_stored() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.keys("up").types(" again").keys("enter");
    run.sync();
    for n in 0..120 {
        run.story.server(ServerEvent::Message(seen(message(&format!("x{n:03}"), "alice", &format!("line {n}"), n))));
    }
    run.quit();
    let mut run = disk.start_loaded();
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    run.sync();
    let is_edit = |request: &Request| matches!(request, Request::Edit { .. });
    let edit = run.story.requests().into_iter().find(is_edit).expect("the edit is sent again");
    let room = run.story.state.scene().open_room().unwrap();
    assert_eq!(room.timeline.find(&message_id("m1")), None, "it must not be loaded for this test");
    run.story.server(ServerEvent::Done(edit));
    run.quit();
    let mut run = disk.start_loaded();
    for _ in 0..20 {
        run.story.keys("pageup");
        run.sync();
    }
    let rows = rows(&run.story);
    let edited = rows.iter().find(|line| line.contains("(m1)")).unwrap();
    assert!(edited.contains("Hello Alice again Seen true false"), "{edited}");
}

#[test]
fn stored_message_keeps_its_author() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    for n in 0..120 {
        run.story.server(ServerEvent::Message(seen(message(&format!("x{n:03}"), "alice", &format!("line {n}"), n))));
    }
    run.quit();
    let mut run = disk.start_loaded();
    let taken = |id: &str, author: &str| ServerEvent::Revoked {
        room: room_id("r1"),
        message: message_id(id),
        author: person_id(author),
    };
    run.story.server(ServerEvent::Edited(message("x010", "mallory", "I owe you money", 10)));
    run.story.server(ServerEvent::Edited(message("never-heard-of", "mallory", "I owe you money", 11)));
    run.story.server(taken("x012", "mallory"));
    run.story.server(taken("x013", "alice"));
    // Restored messages on the screen are checked in the same way.
    run.story.server(ServerEvent::Edited(message("x119", "mallory", "I owe you money", 119)));
    run.story.server(taken("x118", "mallory"));
    run.quit();
    let mut run = disk.start_loaded();
    for _ in 0..20 {
        run.story.keys("pageup");
        run.sync();
    }
    let rows = rows(&run.story);
    assert_eq!(rows.len(), 122, "nothing is stored that nobody has seen");
    let of = |id: &str| rows.iter().find(|line| line.contains(id)).unwrap().clone();
    assert!(rows.iter().all(|line| !line.contains("money") && !line.contains("mallory")), "{rows:?}");
    assert!(of("x010").contains("line 10") && of("x012").contains("line 12"), "{rows:?}");
    assert!(of("x118").contains("line 118") && of("x119").contains("line 119"), "{rows:?}");
    assert!(!of("x013").contains("line 13"), "{}", of("x013"));
}

#[test]
fn stored_messages_do_not_replace_a_server_page() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    for n in 0..70 {
        run.story.server(ServerEvent::Message(seen(message(&format!("x{n:03}"), "alice", &format!("line {n}"), n))));
    }
    run.quit();
    let run = disk.start_loaded();
    let room = run.story.state.scene().open_room().unwrap();
    assert_eq!((room.timeline.len(), room.timeline.server_len()), (50, 0));
}

#[test]
fn old_message_is_found_in_the_store_offline() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    for n in 0..400 {
        run.story.server(ServerEvent::Message(seen(message(&format!("x{n:03}"), "alice", &format!("line {n}"), n))));
    }
    let quote = Quote {
        id: message_id("x020"),
        author: person_id("alice"),
        author_name: minchat_tui::text::SafeText::line("Alice Archer"),
        text: minchat_tui::text::SafeText::line("line 20"),
    };
    let answer = MessageInfo { quote: Some(Box::new(quote)), ..seen(message("answer", "alice", "That one!", 500)) };
    run.story.server(ServerEvent::Message(answer));
    run.quit();
    let mut run = disk.start_loaded();
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: VCHAT });
    run.story.keys("tab q");
    run.sync();
    let room = run.story.state.scene().open_room().unwrap();
    let chosen = run.story.state.ui.selected().map(|slot| room.timeline.get(slot).id.clone());
    assert_eq!(chosen, Some(Some(message_id("x020"))), "{}", run.story.screen());
    run.story.lacks("Loading earlier messages.");
}

/// A message was deleted offline, the program was killed, and the deletion went out after the next start, when the
/// message was only in the store. It came back with its text on scrolling up.
#[test]
fn deletion_after_a_start_reaches_the_store() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    for n in 0..100 {
        run.story.server(ServerEvent::Message(seen(message(&format!("x{n:03}"), "alice", &format!("line {n}"), n))));
    }
    run.quit();
    for request in [
        Request::Delete { room: room_id("r1"), message: message_id("m1") },
        Request::DeleteForMe { room: room_id("r1"), message: message_id("m2") },
    ] {
        let mut run = disk.start_loaded();
        run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
        run.story.server(ServerEvent::Done(request));
        run.wait(1_000);
        run.quit();
    }
    let mut run = disk.start_loaded();
    for _ in 0..20 {
        run.story.keys("pageup");
        run.sync();
    }
    run.story.shows("Message deleted").lacks("Hello Alice").lacks("How are you?");
}
