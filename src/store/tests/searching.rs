//! What a user types finds what people wrote.

use std::cell::RefCell;
use std::io::Write as _;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use crate::domain::{Attachment, AttachmentKind, Message};
use crate::store::Write;
use crate::text::SafeText;

use super::{Desk, batch, message, place, room, room_info, saying};

fn desk(texts: &[&str]) -> (tempfile::TempDir, Desk) {
    let (dir, place) = place();
    let (desk, _) = Desk::open(place);
    let messages = texts.iter().zip(0..).map(|(text, n)| saying(&n.to_string(), n, text)).collect();
    desk.write([Write::Rooms(vec![room_info("r")]), Write::Messages(batch("r", messages))]);
    (dir, desk)
}

#[test]
fn words_are_found_whatever_their_accents_and_case() {
    let (_dir, mut desk) = desk(&["Grüße aus Köln", "Cafe\u{301} crème", "ΑΘΗΝΑ", "nothing"]);
    assert_eq!(desk.texts("grusse"), [""; 0], "ß is no s");
    assert_eq!(desk.texts("koln GRU"), ["Grüße aus Köln"]);
    assert_eq!(desk.texts("köln"), ["Grüße aus Köln"]);
    assert_eq!(desk.texts("café creme"), ["Cafe\u{301} crème"]);
    assert_eq!(desk.texts("αθη"), ["ΑΘΗΝΑ"]);
}

#[test]
fn the_last_word_may_be_unfinished_and_the_others_may_not() {
    let (_dir, mut desk) = desk(&["meeting at noon", "meet me"]);
    assert_eq!(desk.texts("mee"), ["meet me", "meeting at noon"]);
    assert_eq!(desk.texts("meet m"), ["meet me"]);
    assert_eq!(desk.texts("noon meeting"), ["meeting at noon"], "in any order");
}

#[test]
fn scripts_without_spaces_are_searched_inside_too() {
    let (_dir, mut desk) = desk(&["今日は東京へ行きます", "スーパーマーケット", "สวัสดีครับ", "안녕하세요 여러분"]);
    assert_eq!(desk.texts("東京"), ["今日は東京へ行きます"]);
    assert_eq!(desk.texts("京東"), [""; 0]);
    assert_eq!(desk.texts("今日 行き"), ["今日は東京へ行きます"]);
    assert_eq!(desk.texts("マーケ"), ["スーパーマーケット"]);
    assert_eq!(desk.texts("ครับ"), ["สวัสดีครับ"]);
    assert_eq!(desk.texts("안녕"), ["안녕하세요 여러분"]);
}

#[test]
fn operators_are_words() {
    let (_dir, mut desk) =
        desk(&["say \"hello\" OR wave", "NEAR(a b)", "body: text", "c++ is ^not *a* {lang}", "100%"]);
    assert_eq!(desk.texts("hello OR"), ["say \"hello\" OR wave"]);
    assert_eq!(desk.texts("\"hello"), ["say \"hello\" OR wave"]);
    assert_eq!(desk.texts("wave OR nothing"), [""; 0]);
    assert_eq!(desk.texts("NEAR(a b)"), ["NEAR(a b)"]);
    assert_eq!(desk.texts("body:"), ["body: text"]);
    assert_eq!(desk.texts("c++ *a* ^ {"), ["c++ is ^not *a* {lang}"]);
    assert_eq!(desk.texts("AND NOT"), [""; 0]);
    for typed in ["\"", "'", "*", "(", "a*b", "- -", "\"\"\"", "a AND", "NOT", "col:x", "{a b}:c", "^", "\0"] {
        desk.texts(typed);
    }
    assert_eq!(desk.problems(), []);
}

#[test]
fn signs_without_letters_are_found_as_they_stand() {
    let (_dir, mut desk) = desk(&["party 🎉🎉", "¯\\_(ツ)_/¯", "100%", "%"]);
    assert_eq!(desk.texts("🎉"), ["party 🎉🎉"]);
    assert_eq!(desk.texts("%"), ["%", "100%"]);
    assert_eq!(desk.texts("  "), [""; 0]);
}

#[test]
fn an_edited_text_is_found_by_its_new_words_only_and_a_file_by_its_name() {
    let (_dir, mut desk) = desk(&["first", "second"]);
    desk.write([Write::Messages(batch("r", vec![saying("0", 0, "third")]))]);
    assert_eq!((desk.texts("first"), desk.texts("third")), (vec![], vec!["third".to_owned()]));
    let file = Attachment {
        kind: AttachmentKind::File,
        name: SafeText::line("Größe-final_v2.pdf"),
        size: SafeText::line("2 MB"),
        url: SafeText::line("https://x/y"),
        duration: None,
    };
    let sent = Message { attachment: Some(Box::new(file)), text: SafeText::default(), ..message("f", 7) };
    desk.write([Write::Messages(batch("r", vec![sent.clone()]))]);
    assert_eq!(desk.find("grosse", None).hits.len(), 0);
    assert_eq!(desk.find("final_v2.pdf", None).hits[0].message, sent);
}

#[test]
fn hits_come_newest_first_by_room_and_by_page() {
    let (_dir, mut desk) = desk(&["word 0", "word 1", "word 2"]);
    desk.write([Write::Messages(batch("s", vec![saying("x", 1, "word other")]))]);
    let all = desk.find("word", None);
    assert_eq!(all.hits.iter().map(|hit| hit.room.as_str()).collect::<Vec<_>>(), ["r", "s", "r", "r"]);
    assert!(!all.more);
    let page = desk.find_page("word", Some(room("r")), 1, 1);
    assert_eq!((&*page.hits[0].message.text, page.more), ("word 1", true));
    let page = desk.find_page("word", Some(room("r")), 2, 1);
    assert_eq!((&*page.hits[0].message.text, page.more), ("word 0", false));
    assert!(desk.find("word", Some(room("none"))).hits.is_empty());
}

/// What people type and what they should not have to know that it means something to an index.
const PIECES: [&str; 40] = [
    "a", "b", "Ab", "NEAR", "AND", "OR", "NOT", "body", "words", "é", "e\u{301}", "ß", "日", "本", "か", "ｶ", "ไ",
    "한국", "Ω", "ж", "7", "🎉", "👍🏽", " ", "  ", "\"", "'", "*", "-", "^", ":", "(", ")", "{", "}", "+", ",", ".",
    "_", "\0",
];

fn written() -> impl Strategy<Value = String> {
    proptest::collection::vec(prop::sample::select(PIECES.to_vec()), 1..12).prop_map(|pieces| pieces.concat())
}

#[test]
fn whatever_is_typed_is_no_error_and_a_text_is_found_by_itself_and_by_its_beginning() {
    let (_dir, desk) = desk(&["something else"]);
    let desk = RefCell::new(desk);
    let config = ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = TestRunner::new(config);
    let told = runner.run(&(written(), written(), any::<String>()), |(text, typed, anything)| {
        let mut desk = desk.borrow_mut();
        desk.write([Write::Messages(batch("r", vec![saying("x", 9, &text)]))]);
        let safe = SafeText::block(&text).to_string();
        for typed in [&typed, &anything] {
            desk.texts(typed);
        }
        if safe.chars().any(char::is_alphanumeric) {
            prop_assert!(desk.texts(&safe).contains(&safe), "{safe:?} by itself");
            let first = safe.split_whitespace().find(|word| word.chars().any(char::is_alphanumeric));
            prop_assert!(desk.texts(first.unwrap_or_default()).contains(&safe), "{safe:?} by {first:?}");
        } else if !safe.trim().is_empty() {
            prop_assert!(desk.texts(safe.trim()).contains(&safe), "{safe:?} as it stands");
        }
        prop_assert_eq!(desk.problems(), []);
        Ok(())
    });
    told.unwrap_or_else(|why| panic!("{why}"));
}

/// How long a question takes over 100,000 messages; `cargo test searching -- --ignored --nocapture` tells.
#[test]
#[ignore = "measures, and takes its time to fill a store"]
fn a_hundred_thousand_messages_are_searched_in_no_time() {
    let words = ["meeting", "noon", "release", "coffee", "東京へ行きます", "the", "and", "invoice", "Köln", "ship"];
    let (_dir, place) = place();
    let (mut desk, _) = Desk::open(place);
    let mut chance = fastrand::Rng::with_seed(1);
    for room in ["r", "s", "t", "u"] {
        desk.write([Write::Rooms(vec![room_info(room)])]);
        for piece in 0..25 {
            let text = |n: i64, chance: &mut fastrand::Rng| {
                let mut text: Vec<&str> = (0..12).map(|_| words[chance.usize(0..words.len())]).collect();
                text.extend((n == 777).then_some("needle"));
                text.join(" ")
            };
            let messages = (0..1_000).map(|n| {
                let n = piece * 1_000 + n;
                saying(&format!("{room}{n}"), n * 60_000, &text(n, &mut chance))
            });
            let messages = messages.collect();
            desk.write([Write::Messages(batch(room, messages))]);
            desk.settle();
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
        let begun = std::time::Instant::now();
        let found = desk.find(typed, None);
        let took = begun.elapsed();
        assert!(found.hits.len() >= least, "{typed}: {}", found.hits.len());
        writeln!(std::io::stderr(), "{typed}: {took:?}, {} hits", found.hits.len()).unwrap();
        let begun = std::time::Instant::now();
        desk.find(typed, Some(room("s")));
        writeln!(std::io::stderr(), "  in one of four rooms: {:?}", begun.elapsed()).unwrap();
    }
}
