//! Search in stored messages.

use minchat_tui::app::{Effect, Event, Overlay};
use minchat_tui::domain::{AccountId, ConnectionStatus, ServerEvent};
use minchat_tui::store::{Answer, Problem, Query};

use super::disk::{Disk, Run};
use super::drafts::chat;
use test_support::story::*;

/// Types text, and handles the store's answer after each character.
fn types(run: &mut Run, text: &str) {
    for c in text.chars() {
        run.story.types(&c.to_string());
        run.sync();
    }
}

fn keys(run: &mut Run, keys: &str) {
    run.story.keys(keys);
    run.sync();
}

/// Id of the selected message.
fn selected(run: &Run) -> Option<minchat_tui::domain::MessageId> {
    let slot = run.story.state.ui.selected()?;
    run.story.state.scene().open_room()?.timeline.get(slot).id.clone()
}

/// A chat with Alice with `count` messages, of which an old one is about noodles.
fn long_chat(disk: &Disk, count: i64) {
    let mut run = chat(disk);
    for n in 0..count {
        let text = if n == 20 { "Where do we have noodles?".to_owned() } else { format!("line {n}") };
        run.story.server(ServerEvent::Message(seen(message(&format!("x{n:05}"), "alice", &text, n * 1_000))));
    }
    run.quit();
}

#[test]
fn matches_in_any_room_are_listed_and_opened_offline() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.server(ServerEvent::Message(in_room("r2", seen(message("b7", "bob", "Noodles at one?", -1_000)))));
    for n in 0..70 {
        let text = if n == 3 { "no\nsome noodles, please".to_owned() } else { format!("line {n}") };
        run.story.server(ServerEvent::Message(seen(message(&format!("x{n:03}"), "alice", &text, n * 1_000))));
    }
    run.quit();
    let mut run = disk.start_loaded();
    run.story.types("half a thought").keys("pageup");
    run.sync();
    keys(&mut run, "ctrl+f");
    run.story.shows("Search all rooms").shows("Type to search");
    types(&mut run, "noo");
    run.story.shows("› noo").shows("2 matches").shows("some noodles, please").shows("Noodles at one?").lacks("  no\n");
    let screen = run.story.screen();
    assert!(screen.find("some noodles").unwrap() < screen.find("Noodles at one").unwrap(), "newest first\n{screen}");
    keys(&mut run, "down enter");
    assert_eq!(run.story.state.ui.open, Some(room_id("r2")), "{}", run.story.screen());
    assert_eq!(selected(&run), Some(message_id("b7")), "{}", run.story.screen());
    keys(&mut run, "N");
    assert_eq!(selected(&run), Some(message_id("x003")), "{}", run.story.screen());
    assert_eq!(run.story.state.ui.composer.text(), "half a thought");
    keys(&mut run, "N");
    run.story.shows("There are no newer matches.");
    keys(&mut run, "n n");
    run.story.shows("There are no older matches.");
}

#[test]
fn esc_restores_scroll_position_and_draft() {
    let disk = Disk::new();
    long_chat(&disk, 120);
    let mut run = disk.start_loaded();
    run.story.types("half a thought").keys("left pageup pageup");
    run.sync();
    let (before, cursor) = (run.story.screen(), run.story.frame().1);
    keys(&mut run, "ctrl+f");
    types(&mut run, "line 1");
    keys(&mut run, "down pagedown tab");
    keys(&mut run, "esc");
    assert_eq!(run.story.screen(), before);
    assert_eq!(run.story.frame().1, cursor);
    assert_eq!(run.story.state.ui.composer.text(), "half a thought");
}

#[test]
fn one_query_runs_at_a_time_and_the_latest_wins() {
    let disk = Disk::new();
    long_chat(&disk, 30);
    let mut run = disk.start_loaded();
    run.story.effects.clear();
    run.story.keys("ctrl+f").types("noodles");
    let searches = run.story.effects.iter().filter(|effect| matches!(effect, Effect::Query(_, Query::Search { .. })));
    assert_eq!(searches.count(), 1, "{:?}", run.story.effects);
    run.story.shows("searching…");
    run.sync();
    run.story.shows("1 match").shows("Where do we have noodles?").lacks("searching");
}

#[test]
fn jump_to_an_old_message_loads_its_surroundings() {
    let disk = Disk::new();
    // As many as the store accepts at once: in a larger burst some are dropped.
    long_chat(&disk, 3_000);
    let mut run = disk.start_loaded();
    keys(&mut run, "ctrl+f");
    types(&mut run, "noodles");
    keys(&mut run, "enter");
    assert_eq!(selected(&run), Some(message_id("x00020")), "{}", run.story.screen());
    run.story.shows("line 19").shows("line 21").shows("Where do we have noodles?").lacks("Loading earlier messages.");
}

#[test]
fn jump_to_an_unopened_room_works_offline() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    let mut rooms = Vec::new();
    for n in 0..60 {
        let last = message(&format!("z{n}"), "alice", &format!("word number {n}"), -(n + 2) * 100_000);
        rooms.push(room(&format!("q{n}"), &format!("Room {n}"), &["alice", "bob"], last.clone()));
    }
    run.story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
    for n in 0..60 {
        let id = format!("q{n}");
        let message_n = message(&format!("z{n}"), "alice", &format!("word number {n}"), -(n + 2) * 100_000);
        run.story.server(ServerEvent::Message(in_room(&id, seen(message_n))));
    }
    run.quit();
    let mut run = disk.start_loaded();
    let unloaded = run.story.state.account().rooms.iter().filter(|room| room.timeline.is_empty()).count();
    assert!(unloaded > 0, "the room must have no messages in memory for this test");
    keys(&mut run, "ctrl+f");
    types(&mut run, "number 59");
    keys(&mut run, "enter");
    assert_eq!(selected(&run), Some(message_id("z59")), "{}", run.story.screen());
}

#[test]
fn search_ignores_deleted_and_old_texts() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    for (id, text) in [("x1", "first secret"), ("x2", "second secret"), ("x3", "third secret")] {
        run.story.server(ServerEvent::Message(seen(message(id, "alice", text, 0))));
    }
    run.wait(2_000);
    // The store has none of these changes yet when the search starts.
    run.story.server(ServerEvent::Deleted(message_id("x1")));
    run.story.server(ServerEvent::Edited(message("x2", "alice", "second thought", 0)));
    keys(&mut run, "ctrl+f");
    types(&mut run, "secret");
    run.story.shows("1 match").shows("third secret").lacks("first secret");
    // A listed message is deleted.
    run.story.server(ServerEvent::Deleted(message_id("x3")));
    run.story.lacks("third secret");
    run.wait(2_000);
    run.story.shows("No matches.");
    run.story.server(ServerEvent::Message(seen(message("x4", "alice", "a new secret", 1))));
    run.wait(2_000);
    run.story.shows("1 match").shows("a new secret");
}

#[test]
fn deleted_stored_message_leaves_the_results() {
    let disk = Disk::new();
    long_chat(&disk, 120);
    let mut run = disk.start_loaded();
    keys(&mut run, "ctrl+f");
    types(&mut run, "noodles");
    run.story.shows("1 match");
    run.story.server(ServerEvent::Deleted(message_id("x00020")));
    run.story.lacks("have noodles");
    run.wait(2_000);
    run.story.shows("No matches.");
}

#[test]
fn scope_is_this_room_or_all() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.server(ServerEvent::Message(in_room("r2", seen(message("b7", "bob", "Noodles at one?", -1_000)))));
    run.story.server(ServerEvent::Message(seen(message("x1", "alice", "Noodles again", 0))));
    keys(&mut run, "ctrl+f");
    types(&mut run, "noodles");
    run.story.shows("2 matches").shows("Tab this room");
    keys(&mut run, "tab");
    run.story.shows("Search in Alice Archer").shows("1 match").shows("Noodles again").lacks("Noodles at one");
    types(&mut run, "zz");
    run.story.shows("No matches in this room. Press Tab to search all rooms.");
    keys(&mut run, "backspace backspace ctrl+f");
    run.story.shows("Search all rooms").shows("2 matches");
}

#[test]
fn command_starts_a_search_with_its_arguments() {
    let disk = Disk::new();
    long_chat(&disk, 40);
    let mut run = disk.start_loaded();
    run.story.types("/find noodles").keys("enter");
    run.sync();
    run.story.shows("› noodles").shows("1 match").keys("ctrl+w");
    run.sync();
    run.story.shows("Type to search").keys("esc");
    assert!(run.story.state.ui.composer.is_empty());
}

#[test]
fn no_query_is_an_error() {
    let disk = Disk::new();
    let mut run = chat(&disk);
    run.story.server(ServerEvent::Message(seen(message("x1", "alice", "say \"hi\" NEAR(a*) -not 東京へ行く", 0))));
    for words in
        ["\"", "\"hi", "hi*", "not", "NEAR(a*)", "^say", "a AND OR NOT", "col:x", "{", "東京", "京へ", "hi", "no"]
    {
        run.story.keys("ctrl+f");
        types(&mut run, words);
        let found = run.story.screen().contains("1 match");
        let expected = !["a AND OR NOT", "col:x", "{"].contains(&words);
        assert_eq!(found, expected, "{words}\n{}", run.story.screen());
        run.story.lacks("disk").keys("esc");
    }
}

#[test]
fn late_answer_is_ignored_and_early_search_waits() {
    let disk = Disk::new();
    long_chat(&disk, 40);
    let mut run = disk.start_loaded();
    run.story.keys("ctrl+f").types("n").keys("esc ctrl+f");
    run.sync();
    run.story.shows("Type to search").lacks("match");
    drop(run);
    let mut run = disk.start();
    run.story.keys("ctrl+f").types("noodles").shows("searching…").shows("Loading saved messages");
    run.handle_answer();
    run.story.shows("1 match");
}

#[test]
fn search_covers_memory_when_the_store_fails() {
    let disk = Disk::new();
    long_chat(&disk, 40);
    let mut run = disk.start_loaded();
    run.story.event(Event::Store(AccountId(0), Answer::Problem(Problem::Full)));
    keys(&mut run, "ctrl+f");
    types(&mut run, "line 3");
    run.story.shows("Not all messages are saved").shows("11 matches");
}

#[test]
fn jump_beyond_a_gap_works_offline() {
    let disk = Disk::new();
    long_chat(&disk, 40);
    let mut run = disk.start_loaded();
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    let week = 7 * 24 * 3_600_000;
    let page = (0..20).map(|n| seen(message(&format!("y{n:02}"), "alice", &format!("news {n}"), week + n * 1_000)));
    run.story.history("r1", 1, 90, page.collect());
    run.quit();
    let mut run = disk.start_loaded();
    keys(&mut run, "ctrl+f");
    types(&mut run, "noodles");
    run.story.shows("1 match");
    keys(&mut run, "enter");
    run.sync();
    run.story.shows("Where do we have noodles?");
    assert!(selected(&run).is_some());
    let gaps = &run.story.state.scene().open_room().unwrap().history.gaps();
    assert_eq!(gaps.len(), 1, "the messages of one page have no gap between them");
}

#[test]
fn store_and_memory_find_the_same_messages() {
    let words =
        ["tea", "teapot", "Café", "cafe", "東京", "東", "京都へ", "no-one", "a_b", "C++", "🎉", "x", "łódź", "ж"];
    let mut chance = fastrand::Rng::with_seed(5);
    let mut some = |most: usize| {
        let picked: Vec<&str> = (0..chance.usize(1..=most)).map(|_| words[chance.usize(0..words.len())]).collect();
        picked.join([" ", "  ", ", ", "\n"][chance.usize(0..4)])
    };
    let texts: Vec<String> = (0..60).map(|_| some(6)).collect();
    let disk = Disk::new();
    let mut run = chat(&disk);
    let mut alone = Story::chat(100, 24);
    for (n, text) in texts.iter().enumerate() {
        let message_n = seen(message(&format!("x{n:02}"), "alice", text, i64::try_from(n).unwrap() * 1_000));
        run.story.server(ServerEvent::Message(message_n.clone()));
        alone.server(ServerEvent::Message(message_n));
    }
    let found = |story: &Story| match &story.state.ui.overlay {
        Some(Overlay::Search(search)) => search.results.clone(),
        _ => panic!("no search over\n{}", story.screen()),
    };
    for _ in 0..80 {
        let typed = some(3).replace('\n', " ");
        run.story.types(&format!("/find {typed}")).keys("enter");
        run.sync();
        alone.types(&format!("/find {typed}")).keys("enter");
        let (disk, memory) = (found(&run.story), found(&alone));
        assert_eq!(disk, memory, "{typed}");
        assert!(disk.iter().all(|result| !result.marks.is_empty()), "{typed}: each match is marked");
        keys(&mut run, "esc");
        alone.keys("esc");
    }
}

#[test]
fn jump_uses_the_store_while_online_too() {
    let disk = Disk::new();
    long_chat(&disk, 400);
    let mut run = disk.start_loaded();
    let page = || {
        let newest = 380..400;
        newest.map(|n| seen(message(&format!("x{n:05}"), "alice", &format!("line {n}"), n * 1_000))).collect::<Vec<_>>()
    };
    run.story.server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT });
    run.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    run.story.history("r1", 1, 20, page());
    keys(&mut run, "alt+down");
    assert_eq!(run.story.state.ui.open, Some(room_id("r2")));
    run.story.types("for Bob");
    keys(&mut run, "ctrl+f");
    types(&mut run, "noodles");
    keys(&mut run, "enter");
    assert_eq!(selected(&run), Some(message_id("x00020")), "{}", run.story.screen());
    // The newest page arrives later and moves nothing.
    run.story.history("r1", 1, 20, page());
    run.sync();
    assert_eq!(selected(&run), Some(message_id("x00020")), "{}", run.story.screen());
    run.story.shows("Where do we have noodles?");
    keys(&mut run, "esc alt+down");
    assert_eq!(run.story.state.ui.composer.text(), "for Bob");
}
