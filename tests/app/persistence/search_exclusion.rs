//! Exclusion of words and conditions in a search, in the store and in memory.

use std::collections::BTreeSet;

use minchat_tui::app::{Event, Overlay};
use minchat_tui::domain::{DAY, ServerEvent};

use super::disk::Disk;
use super::drafts::chat;
use test_support::story::*;

/// Terms that a query may have besides the term that is excluded.
const OTHERS: [&str; 8] =
    ["", "tea", "café tea", "has:link", "after:\"4 days ago\"", "x -東京", "\"tea x\"", "-has:file"];

/// Terms that are excluded. The first ones are words.
const TERMS: [&str; 16] = [
    "tea",
    "te",
    "cafe",
    "東",
    "x",
    "a_b",
    "no-one",
    "\"tea x\"",
    "\"x te",
    "from:alice",
    "from:nobody",
    "in:bob",
    "in:\"alice arch\"",
    "has:link",
    "on:yesterday",
    "before:\"3 days ago\"",
];

/// Ids of the matches listed on the screen.
fn listed(story: &Story) -> BTreeSet<String> {
    match &story.state.ui.overlay {
        Some(Overlay::Search(search)) => {
            search.results.iter().map(|result| result.message.as_str().to_owned()).collect()
        }
        _ => panic!("no search over\n{}", story.screen()),
    }
}

/// Messages in the rooms of [`chat`] with a random mix of words.
fn mixed_messages() -> Vec<ServerEvent> {
    let words = ["tea", "teapot", "Café", "cafe", "東京", "no-one", "a_b", "x", "https://tea.example", "tea x"];
    let mut chance = fastrand::Rng::with_seed(11);
    let mut messages = Vec::new();
    for n in 0..60 {
        let text: Vec<&str> = (0..chance.usize(1..5)).map(|_| words[chance.usize(0..words.len())]).collect();
        let (author, room) = (["alice", "bob", "me"][chance.usize(0..3)], ["r1", "r2"][chance.usize(0..2)]);
        let message = seen(message(&format!("x{n:02}"), author, &text.join(" "), -chance.i64(0..6) * DAY - n));
        messages.push(ServerEvent::Message(in_room(room, message)));
    }
    messages
}

/// A term and the same term with a minus share no match, and together they find what is found without it.
#[test]
fn term_and_its_exclusion_divide_the_matches() {
    let disk = Disk::new();
    let (mut run, mut alone) = (chat(&disk), Story::chat(100, 24));
    let rooms = vec![
        room("r1", "Alice Archer", &["alice"], message("m2", "alice", "How are you?", -60_000)),
        room("r2", "Bob Brown", &["bob"], message("b1", "bob", "old news", -3_600_000)),
    ];
    alone.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
    for event in mixed_messages() {
        run.story.server(event.clone());
        alone.server(event);
    }
    let mut find = |typed: &str| {
        run.story.keys("ctrl+f").event(Event::Paste(typed.to_owned()));
        run.sync();
        alone.keys("ctrl+f").event(Event::Paste(typed.to_owned())).wait(1);
        let found = listed(&run.story);
        let in_memory = listed(&alone);
        run.story.keys("esc");
        alone.keys("esc");
        assert_eq!(found, in_memory, "{typed}: store and memory");
        found
    };
    let everything = find("before:2999-01-01");
    assert!(everything.len() > 60);
    let mut divided = 0;
    for others in OTHERS {
        let all = if others.is_empty() { everything.clone() } else { find(others) };
        for term in TERMS {
            // The rest of the query would be a part of an unclosed quotation.
            if term.matches('"').count() == 1 && !others.is_empty() {
                continue;
            }
            let queries = [format!("{term} {others}"), format!("-{term} {others}")];
            let [with, without] = queries.each_ref().map(|typed| find(typed));
            assert!(with.is_disjoint(&without), "{queries:?}");
            assert_eq!(with.union(&without).cloned().collect::<BTreeSet<_>>(), all, "{queries:?}");
            divided += usize::from(!with.is_empty() && !without.is_empty());
        }
    }
    assert!(divided > 40, "most terms divide something: {divided}");
}
