//! Messages that come back from disk.

use minchat_tui::app::Event;
use minchat_tui::domain::{AccountId, ConnectionStatus, Message, MessageInfo, Quote, Request, ServerEvent};
use minchat_tui::store::{Answer, Problem, Write};

use super::disk::Disk;
use super::drafts::chat;
use test_support::story::*;

#[test]
fn what_was_kept_and_restored_shows_the_same() {
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
    run.ends();
    let run = disk.loaded();
    let (was, is): (Vec<_>, Vec<_>) =
        (before.lines().collect(), run.story.screen().lines().map(str::to_owned).collect());
    for row in was
        .iter()
        .filter(|row| row.trim_start().starts_with("line ") || row.contains("another") || row.contains("deleted"))
    {
        assert!(is.iter().any(|shown: &String| shown.contains(row.trim())), "no `{row}` on\n{}", is.join("\n"));
    }
}

#[test]
fn older_messages_come_from_disk_while_one_scrolls_offline() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    for n in 0..300 {
        run.story.server(ServerEvent::Message(seen(message(&format!("x{n:03}"), "alice", &format!("line {n}"), n))));
    }
    run.ends();
    let mut run = disk.loaded();
    let held = |run: &super::disk::Run| run.story.state.scene().open_room().map_or(0, |room| room.timeline.len());
    assert_eq!(held(&run), 50);
    for _ in 0..40 {
        run.story.keys("pageup");
        run.settle();
    }
    assert_eq!(held(&run), 302);
    run.story.shows("Hello Alice");
    assert!(run.story.state.scene().open_room().is_some_and(|room| room.history.complete));
}

/// The answer to a send comes on another line than what others say: that line may have been dead for a while. What was
/// said meanwhile was taken for not there, since the disk said that the send stands right behind what was heard before.
#[test]
fn what_was_missed_before_a_send_that_got_through_is_fetched_after_a_kill() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.types("mine").keys("enter");
    run.settle();
    let send = run.story.requests().into_iter().find_map(|request| match request {
        Request::Send { local, .. } => Some(local),
        _ => None,
    });
    // Alice's "missed" came before it, and never reaches us.
    let mine = message("x9", "me", "mine", 9_000);
    let (local, id) = (send.unwrap(), Some(mine.id.clone()));
    let accepted = Some(Box::new(MessageInfo { local: send, ..mine.clone() }));
    run.story.server(ServerEvent::Accepted { room: room_id("r1"), local, id, message: accepted });
    run.killed();

    let mut run = disk.loaded();
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
    run.story.history("r1", 1, 2, std::iter::once(mine).chain(later).map(seen).collect());
    run.wait(2_500);
    for _ in 0..6 {
        run.story.keys("pageup");
        run.settle();
    }
    let asked = run.story.requests();
    let asks = asked.iter().any(|request| matches!(request, Request::History { page: 2, .. }));
    assert!(asks, "{asked:?}\n{}", run.story.screen());
}

#[test]
fn a_room_that_was_left_is_not_kept() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.server(ServerEvent::RoomDeleted(room_id("r2")));
    run.ends();
    let mut run = disk.loaded();
    run.story.lacks("Bob Brown").shows("Alice Archer");
}

#[test]
fn a_burst_is_few_writes() {
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

#[test]
fn a_trouble_of_the_disk_is_told_once_and_the_chat_goes_on() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.event(Event::Store(AccountId(0), Answer::Problem(Problem::Full)));
    run.story.shows("The disk is full");
    run.wait(7_000);
    run.story.lacks("The disk is full").shows("not saved to disk");
    run.story.keys("f1").shows("The disk is full: messages and drafts are not kept").keys("esc");
    run.story.types("lost?").keys("ctrl+q");
    assert!(run.story.state.ui.overlay.is_some(), "it is asked about, since it would be lost");
    run.story.keys("esc").event(Event::Store(AccountId(0), Answer::Recovered));
    run.story.shows("kept on disk again");
    run.wait(7_000);
    run.story.lacks("not saved to disk");
}

/// What stands in the open room, newest last.
fn told(story: &Story) -> Vec<String> {
    let room = story.state.scene().open_room().unwrap();
    let facts = room.timeline.iter().map(|(_, message)| {
        let Message { id, author, sent_at, text, delivery, edited, deleted, starred, quote, .. } = message;
        format!("{id:?} {author:?} {sent_at:?} {text} {delivery:?} {edited} {deleted} {starred} {quote:?}")
    });
    facts.collect()
}

#[test]
fn whatever_happens_in_a_room_comes_back_as_it_was() {
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
                5 => drop(run.story.server(ServerEvent::Gap).history("r1", 1, 1, Vec::new())),
                _ => {
                    let at = i64::try_from(count).unwrap() + chance.i64(0..3);
                    let info = message(&format!("x{count:03}"), "alice", &format!("line {count}"), at);
                    run.story.server(ServerEvent::Message(info));
                    count += 1;
                }
            }
        }
        run.wait(1_000);
        let before = told(&run.story);
        run.ends();
        let run = disk.loaded();
        assert_eq!(told(&run.story), before, "seed {seed}");
    }
}

#[test]
fn a_message_that_is_on_disk_only_is_edited_and_deleted_there() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    for n in 0..120 {
        run.story.server(ServerEvent::Message(seen(message(&format!("x{n:03}"), "alice", &format!("line {n}"), n))));
    }
    run.ends();
    let mut run = disk.loaded();
    run.story.server(ServerEvent::Deleted(message_id("x010")));
    run.story.server(ServerEvent::Edited(message("x011", "alice", "another text", 11)));
    run.ends();
    let mut run = disk.loaded();
    for _ in 0..20 {
        run.story.keys("pageup");
        run.settle();
    }
    let told = told(&run.story);
    assert_eq!(told.len(), 122);
    let of = |id: &str| told.iter().find(|line| line.contains(id)).unwrap().clone();
    assert!(!of("x010").contains("line 10"), "{}", of("x010"));
    assert!(of("x011").contains("another text"), "{}", of("x011"));
}

#[test]
fn a_message_that_is_on_disk_only_stays_its_authors() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    for n in 0..120 {
        run.story.server(ServerEvent::Message(seen(message(&format!("x{n:03}"), "alice", &format!("line {n}"), n))));
    }
    run.ends();
    let mut run = disk.loaded();
    let taken = |id: &str, author: &str| ServerEvent::Revoked {
        room: room_id("r1"),
        message: message_id(id),
        author: person_id(author),
    };
    run.story.server(ServerEvent::Edited(message("x010", "mallory", "I owe you money", 10)));
    run.story.server(ServerEvent::Edited(message("never-heard-of", "mallory", "I owe you money", 11)));
    run.story.server(taken("x012", "mallory"));
    run.story.server(taken("x013", "alice"));
    // What was restored onto the screen is held against the same.
    run.story.server(ServerEvent::Edited(message("x119", "mallory", "I owe you money", 119)));
    run.story.server(taken("x118", "mallory"));
    run.ends();
    let mut run = disk.loaded();
    for _ in 0..20 {
        run.story.keys("pageup");
        run.settle();
    }
    let told = told(&run.story);
    assert_eq!(told.len(), 122, "nothing is put there that nobody has seen");
    let of = |id: &str| told.iter().find(|line| line.contains(id)).unwrap().clone();
    assert!(told.iter().all(|line| !line.contains("money") && !line.contains("mallory")), "{told:?}");
    assert!(of("x010").contains("line 10") && of("x012").contains("line 12"), "{told:?}");
    assert!(of("x118").contains("line 118") && of("x119").contains("line 119"), "{told:?}");
    assert!(!of("x013").contains("line 13"), "{}", of("x013"));
}

#[test]
fn what_is_on_disk_is_no_reason_to_skip_a_page_of_the_server() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    for n in 0..70 {
        run.story.server(ServerEvent::Message(seen(message(&format!("x{n:03}"), "alice", &format!("line {n}"), n))));
    }
    run.ends();
    let run = disk.loaded();
    let room = run.story.state.scene().open_room().unwrap();
    assert_eq!((room.timeline.len(), room.timeline.on_server()), (50, 0));
}

#[test]
fn a_message_further_back_is_found_on_disk_offline() {
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
    run.ends();
    let mut run = disk.loaded();
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: VCHAT });
    run.story.keys("tab q");
    run.settle();
    let room = run.story.state.scene().open_room().unwrap();
    let chosen = run.story.state.ui.selected().map(|slot| room.timeline.get(slot).id.clone());
    assert_eq!(chosen, Some(Some(message_id("x020"))), "{}", run.story.screen());
    run.story.lacks("Looking for it");
}

/// It was deleted without a connection, the program was killed, and after the next start the deletion went out: of a message
/// that lay on disk only. It came back with its text when one scrolled up.
#[test]
fn what_is_deleted_after_a_start_is_deleted_on_disk_too() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    for n in 0..100 {
        run.story.server(ServerEvent::Message(seen(message(&format!("x{n:03}"), "alice", &format!("line {n}"), n))));
    }
    run.ends();
    for request in [
        Request::Delete { room: room_id("r1"), message: message_id("m1") },
        Request::DeleteForMe { room: room_id("r1"), message: message_id("m2") },
    ] {
        let mut run = disk.loaded();
        run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
        run.story.server(ServerEvent::Done(request));
        run.wait(1_000);
        run.ends();
    }
    let mut run = disk.loaded();
    for _ in 0..20 {
        run.story.keys("pageup");
        run.settle();
    }
    run.story.shows("Message deleted").lacks("Hello Alice").lacks("How are you?");
}
