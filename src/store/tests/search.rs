//! Search for words.

use std::cell::RefCell;
use std::io::Write as _;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use rusqlite::Connection;

use crate::domain::{Attachment, AttachmentKind, Message, Part, PersonId, RoomId, SearchFilter, Timestamp};
use crate::store::Write;
use crate::store::search::Search;
use crate::text::{SafeText, SearchTerms};

use super::{TestStore, batch, message, message_with_text, room, room_info, temp_location};

fn store_with(texts: &[&str]) -> (tempfile::TempDir, TestStore) {
    let (dir, location) = temp_location();
    let (store, _) = TestStore::open(location);
    let messages = texts.iter().zip(0..).map(|(text, n)| message_with_text(&n.to_string(), n, text)).collect();
    store.write([Write::Rooms(vec![room_info("r")]), Write::Messages(batch("r", messages))]);
    (dir, store)
}

#[test]
fn search_ignores_case_and_accents() {
    let (_dir, mut store) = store_with(&["Grüße aus Köln", "Cafe\u{301} crème", "ΑΘΗΝΑ", "nothing"]);
    assert_eq!(store.matches("grusse"), [""; 0], "ß is not s");
    assert_eq!(store.matches("koln GRU"), ["Grüße aus Köln"]);
    assert_eq!(store.matches("köln"), ["Grüße aus Köln"]);
    assert_eq!(store.matches("café creme"), ["Cafe\u{301} crème"]);
    assert_eq!(store.matches("αθη"), ["ΑΘΗΝΑ"]);
}

#[test]
fn only_the_last_word_is_a_prefix() {
    let (_dir, mut store) = store_with(&["meeting at noon", "meet me"]);
    assert_eq!(store.matches("mee"), ["meet me", "meeting at noon"]);
    assert_eq!(store.matches("meet m"), ["meet me"]);
    assert_eq!(store.matches("noon meeting"), ["meeting at noon"], "in any order");
}

#[test]
fn words_inside_scripts_without_spaces_are_found() {
    let (_dir, mut store) = store_with(&["今日は東京へ行きます", "スーパーマーケット", "สวัสดีครับ", "안녕하세요 여러분"]);
    assert_eq!(store.matches("東京"), ["今日は東京へ行きます"]);
    assert_eq!(store.matches("京東"), [""; 0]);
    assert_eq!(store.matches("今日 行き"), ["今日は東京へ行きます"]);
    assert_eq!(store.matches("マーケ"), ["スーパーマーケット"]);
    assert_eq!(store.matches("ครับ"), ["สวัสดีครับ"]);
    assert_eq!(store.matches("안녕"), ["안녕하세요 여러분"]);
}

#[test]
fn query_operators_are_ordinary_words() {
    let (_dir, mut store) =
        store_with(&["say \"hello\" OR wave", "NEAR(a b)", "body: text", "c++ is ^not *a* {lang}", "100%"]);
    assert_eq!(store.matches("hello OR"), ["say \"hello\" OR wave"]);
    assert_eq!(store.matches("\"hello"), ["say \"hello\" OR wave"]);
    assert_eq!(store.matches("wave OR nothing"), [""; 0]);
    assert_eq!(store.matches("NEAR(a b)"), ["NEAR(a b)"]);
    assert_eq!(store.matches("body:"), ["body: text"]);
    assert_eq!(store.matches("c++ *a* ^ {"), ["c++ is ^not *a* {lang}"]);
    assert_eq!(store.matches("AND NOT"), [""; 0]);
    for typed in ["\"", "'", "*", "(", "a*b", "- -", "\"\"\"", "a AND", "NOT", "col:x", "{a b}:c", "^", "\0"] {
        store.matches(typed);
    }
    assert_eq!(store.problems(), []);
}

#[test]
fn symbols_are_found_literally() {
    let (_dir, mut store) = store_with(&["party 🎉🎉", "¯\\_(ツ)_/¯", "100%", "%"]);
    assert_eq!(store.matches("🎉"), ["party 🎉🎉"]);
    assert_eq!(store.matches("%"), ["%", "100%"]);
    assert_eq!(store.matches("  "), [""; 0]);
}

#[test]
fn edited_text_and_file_names_are_found() {
    let (_dir, mut store) = store_with(&["first", "second"]);
    store.write([Write::Messages(batch("r", vec![message_with_text("0", 0, "third")]))]);
    assert_eq!((store.matches("first"), store.matches("third")), (vec![], vec!["third".to_owned()]));
    let file = Attachment {
        kind: AttachmentKind::File,
        name: SafeText::line("Größe-final_v2.pdf"),
        size: SafeText::line("2 MB"),
        bytes: None,
        url: SafeText::line("https://x/y"),
        duration: None,
    };
    let sent = Message { attachment: Some(Box::new(file)), text: SafeText::default(), ..message("f", 7) };
    store.write([Write::Messages(batch("r", vec![sent.clone()]))]);
    assert_eq!(store.search("grosse", None).matches.len(), 0);
    assert_eq!(store.search("final_v2.pdf", None).matches[0].message, sent);
}

#[test]
fn matches_are_sorted_filtered_and_limited() {
    let (_dir, mut store) = store_with(&["word 0", "word 1", "word 2"]);
    store.write([Write::Messages(batch("s", vec![message_with_text("x", 1, "word other")]))]);
    let all = store.search("word", None);
    assert_eq!(all.matches.iter().map(|found| found.room.as_str()).collect::<Vec<_>>(), ["r", "s", "r", "r"]);
    assert!(!all.has_more);
    for (limit, has_more) in [(2, true), (3, false)] {
        let newest = store.newest_matches("word", Some(room("r")), limit);
        let texts: Vec<&str> = newest.matches.iter().map(|found| &*found.message.text).collect();
        assert_eq!((texts.len() as u32, texts[0], newest.has_more), (limit, "word 2", has_more));
    }
    assert!(store.search("word", Some(room("none"))).matches.is_empty());
}

/// A message being sent waits for one slice at most.
#[test]
fn search_reads_one_slice_at_a_time() {
    let (_dir, location) = temp_location();
    let (mut store, _) = TestStore::open(location.clone());
    store.write([Write::Rooms(vec![room_info("r")])]);
    let texts =
        (0..12_000).map(|n| message_with_text(&n.to_string(), n, if n % 4_000 == 0 { "needle" } else { "hay" }));
    for piece in texts.collect::<Vec<_>>().chunks(500) {
        store.write([Write::Messages(batch("r", piece.to_vec()))]);
    }
    store.settle();
    let conn = Connection::open(&location.file).expect("the file");
    let mut search = Search::new(1, (SearchTerms::parse("needle").expect("terms"), SearchFilter::default()), None, 2);
    assert_eq!((search.step(&conn).expect("a slice"), search.step(&conn).expect("a slice")), (None, None));
    // Edited after it was read.
    store.write([Write::Messages(batch("r", vec![message_with_text("8000", 8_000, "hay")]))]);
    store.settle();
    let results = search.step(&conn).expect("a slice").expect("results");
    assert_eq!(results.matches.iter().map(|found| found.message.sent_at.0).collect::<Vec<_>>(), [4_000, 0]);
    assert!(!results.has_more);
}

/// Words, symbols and everything that has a meaning in the syntax of search engines.
const PIECES: [&str; 40] = [
    "a", "b", "Ab", "NEAR", "AND", "OR", "NOT", "body", "words", "é", "e\u{301}", "ß", "日", "本", "か", "ｶ", "ไ",
    "한국", "Ω", "ж", "7", "🎉", "👍🏽", " ", "  ", "\"", "'", "*", "-", "^", ":", "(", ")", "{", "}", "+", ",", ".",
    "_", "\0",
];

fn any_text() -> impl Strategy<Value = String> {
    proptest::collection::vec(prop::sample::select(PIECES.to_vec()), 1..12).prop_map(|pieces| pieces.concat())
}

#[test]
fn every_text_finds_itself_and_no_query_fails() {
    let (_dir, store) = store_with(&["something else"]);
    let store = RefCell::new(store);
    let config = ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = TestRunner::new(config);
    let result = runner.run(&(any_text(), any_text(), any::<String>()), |(text, typed, anything)| {
        let mut store = store.borrow_mut();
        store.write([Write::Messages(batch("r", vec![message_with_text("x", 9, &text)]))]);
        let safe = SafeText::block(&text).to_string();
        for typed in [&typed, &anything] {
            store.matches(typed);
        }
        // A word after a minus would be excluded.
        let typed: Vec<&str> = safe.split_whitespace().map(|word| word.trim_start_matches('-')).collect();
        let typed = typed.join(" ");
        if safe.chars().any(char::is_alphanumeric) {
            prop_assert!(store.matches(&typed).contains(&safe), "{safe:?} by its whole text");
            let first = typed.split_whitespace().find(|word| word.chars().any(char::is_alphanumeric));
            prop_assert!(
                store.matches(first.unwrap_or_default()).contains(&safe),
                "{safe:?} by its first word {first:?}"
            );
        } else if !safe.trim().is_empty() && !safe.contains('-') {
            prop_assert!(store.matches(safe.trim()).contains(&safe), "{safe:?} literally");
        }
        prop_assert_eq!(store.problems(), []);
        Ok(())
    });
    result.unwrap_or_else(|why| panic!("{why}"));
}

/// Measures searches over 100,000 messages: `cargo test --lib store::tests::search -- --ignored --nocapture`.
#[test]
#[ignore = "measurement; filling the store takes a while"]
fn search_over_100_000_messages() {
    let words = ["meeting", "noon", "release", "coffee", "東京へ行きます", "the", "and", "invoice", "Köln", "ship"];
    let (_dir, location) = temp_location();
    let (mut store, _) = TestStore::open(location);
    let mut rng = fastrand::Rng::with_seed(1);
    for room in ["r", "s", "t", "u"] {
        store.write([Write::Rooms(vec![room_info(room)])]);
        for piece in 0..25 {
            let text = |n: i64, rng: &mut fastrand::Rng| {
                let mut text: Vec<&str> = (0..12).map(|_| words[rng.usize(0..words.len())]).collect();
                text.extend((n == 777).then_some("needle"));
                text.join(" ")
            };
            let messages = (0..1_000).map(|n| {
                let n = piece * 1_000 + n;
                message_with_text(&format!("{room}{n}"), n * 60_000, &text(n, &mut rng))
            });
            let messages = messages.collect();
            store.write([Write::Messages(batch(room, messages))]);
            store.settle();
        }
    }
    for (typed, least) in [
        ("needle", 4),
        ("needl", 4),
        ("m", 100),
        ("the", 100),
        ("meeting noon in", 100),
        ("東京", 100),
        ("ng", 0),
        ("🎉", 0),
    ] {
        let start = std::time::Instant::now();
        let found = store.search(typed, None);
        let took = start.elapsed();
        assert!(found.matches.len() >= least, "{typed}: {}", found.matches.len());
        writeln!(std::io::stderr(), "{typed}: {took:?}, {} matches", found.matches.len()).unwrap();
        let start = std::time::Instant::now();
        store.search(typed, Some(room("s")));
        writeln!(std::io::stderr(), "  in one of four rooms: {:?}", start.elapsed()).unwrap();
    }
}

#[test]
fn conditions_are_met_by_every_result() {
    let (_dir, mut store) = store_with(&["needle one", "needle https://x.example", "hay", "needle four"]);
    let mut found = |text: &str, filter: SearchFilter| {
        let results = store.search_with(text, filter);
        results.matches.iter().map(|found| found.message.text.to_string()).collect::<Vec<_>>()
    };
    let by = |author: &str| SearchFilter { authors: Some(vec![PersonId::new(author)]), ..SearchFilter::default() };
    assert_eq!(found("needle", by("ann")).len(), 3);
    assert_eq!(found("needle", by("bob")), [""; 0]);
    let since = SearchFilter { since: Some(Timestamp(1)), before: Some(Timestamp(3)), ..SearchFilter::default() };
    assert_eq!(found("needle", since.clone()), ["needle https://x.example"]);
    assert_eq!(found("", since), ["hay", "needle https://x.example"]);
    let linked = SearchFilter { has: vec![Part::Link], ..SearchFilter::default() };
    assert_eq!(found("", linked.clone()), ["needle https://x.example"]);
    let unlinked = SearchFilter { excluded: vec![linked], ..SearchFilter::default() };
    assert_eq!(found("needle", unlinked), ["needle four", "needle one"]);
    for (name, count) in [("r", 3), ("s", 0)] {
        let inside = SearchFilter { rooms: Some(vec![RoomId::new(name)]), ..SearchFilter::default() };
        assert_eq!(found("needle", inside.clone()).len(), count);
        let outside = SearchFilter { excluded: vec![inside], ..SearchFilter::default() };
        assert_eq!(found("needle", outside).len(), 3 - count);
    }
    assert_eq!(found("needle -one", SearchFilter::default()), ["needle four", "needle https://x.example"]);
    assert_eq!(found("", SearchFilter::default()), [""; 0]);
}
