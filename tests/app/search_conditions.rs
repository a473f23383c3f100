//! Conditions of a search: who, where, when, and what a message has.

use minchat_tui::domain::{Attachment, AttachmentKind, DAY, HOUR, MessageInfo, ServerEvent};
use minchat_tui::text::SafeText;
use test_support::story::*;

use crate::search::{listed_ids, noodles};

/// Messages with different authors, days, links and files, in memory.
pub(crate) fn varied() -> Story {
    let mut story = Story::online(140, 30);
    let image = Attachment {
        kind: AttachmentKind::Image,
        name: SafeText::line("tent.png"),
        size: SafeText::line("2 MB"),
        bytes: None,
        url: SafeText::line("https://files.example/tent.png"),
        duration: None,
    };
    let page = vec![
        message("s1", "alice", "tent bought", -3 * DAY),
        message("s2", "bob", "which tent? https://tents.example", -2 * DAY),
        MessageInfo { attachment: Some(Box::new(image)), ..message("s3", "bob", "this tent", -DAY) },
        message("s4", "me", "nice tent", -HOUR),
    ];
    let last = page.last().cloned().expect("a message");
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![room("r1", "Camping", &["alice", "bob"], last)] });
    story.history("r1", 1, 1, page);
    story
}

#[test]
fn conditions_narrow_a_search() {
    for (typed, expected) in [
        ("tent from:bob", vec!["s3", "s2"]),
        ("tent from:@BO", vec!["s3", "s2"]),
        ("from:me", vec!["s4"]),
        ("from:nobody", vec![]),
        ("has:link", vec!["s2"]),
        ("has:image tent", vec!["s3"]),
        ("has:file from:alice", vec![]),
        ("tent before:yesterday", vec!["s2", "s1"]),
        ("tent after:yesterday", vec!["s4"]),
        ("on:yesterday", vec!["s3"]),
        // What is still being typed is no condition and no word.
        ("tent from: has:li before:20", vec!["s4", "s3", "s2", "s1"]),
        ("note:tent", vec![]),
    ] {
        let mut story = varied();
        story.keys("ctrl+f").types(typed).wait(1_000);
        assert_eq!(listed_ids(&story), expected, "{typed}");
    }
}

#[test]
fn names_and_days_of_several_words_are_quoted() {
    for (typed, expected) in [
        ("from:\"Alice Archer\"", vec!["s1"]),
        ("from:\"Bob Brown\" has:image", vec!["s3"]),
        ("tent from:\"alice a", vec!["s1"]),
        ("from:\"Alice Brown\"", vec![]),
        ("tent on:\"3 days ago\"", vec!["s1"]),
    ] {
        let mut story = varied();
        story.keys("ctrl+f").types(typed).wait(1_000);
        assert_eq!(listed_ids(&story), expected, "{typed}");
    }
}

#[test]
fn search_is_limited_to_rooms_by_their_names() {
    for (typed, expected) in [
        ("noodles in:crew", vec!["g0"]),
        ("noodles in:\"release cr\"", vec!["g0"]),
        ("noodles in:#Release", vec!["g0"]),
        ("noodles in:alice", vec!["m1", "m0"]),
        ("noodles in:@alice", vec!["m1", "m0"]),
        ("noodles in:東京 -餃子", vec!["w3"]),
        ("noodles in:crew in:alice", vec!["m1", "g0", "m0"]),
        ("in:\"Alice Archer\" from:me", vec!["m1"]),
        ("noodles in:nowhere", vec![]),
        ("noodles in:", vec!["m1", "g0", "m0", "w3", "w1"]),
    ] {
        let mut story = noodles(100, 24);
        story.keys("ctrl+f").types(typed).wait(1_000);
        assert_eq!(listed_ids(&story), expected, "{typed}");
    }
}

/// `in:dev` also searched "devops", and `-from:ann` also excluded Anna.
#[test]
fn exact_name_wins_over_longer_ones() {
    let mut story = Story::online(100, 24);
    let rooms = ["Dev", "Dev ops"].map(|title| {
        let last = message(&format!("last {title}"), "alice", &format!("needle in {title}"), -HOUR);
        room(title, title, &["alice", "bob"], last)
    });
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: rooms.to_vec() });
    for title in ["Dev", "Dev ops"] {
        let found = message(&format!("in {title}"), "alice", "needle", -DAY);
        story.server(ServerEvent::Message(in_room(title, seen(found))));
    }
    for (typed, expected) in [
        ("needle in:dev", vec!["in Dev"]),
        ("needle -in:dev", vec!["in Dev ops"]),
        ("needle in:de", vec!["in Dev", "in Dev ops"]),
    ] {
        story.keys("ctrl+f").keys("ctrl+u").types(typed).wait(1_000);
        let mut listed = listed_ids(&story);
        listed.retain(|id| id.starts_with("in "));
        listed.sort_unstable();
        assert_eq!(listed, expected, "{typed}");
        story.keys("esc");
    }
}

#[test]
fn minus_excludes_words_and_conditions() {
    for (typed, expected) in [
        ("tent -bought", vec!["s4", "s3", "s2"]),
        ("-tent", vec![]),
        ("tent -\"this tent\"", vec!["s4", "s2", "s1"]),
        ("tent -from:bob", vec!["s4", "s1"]),
        ("tent -from:me -from:\"Alice Archer\"", vec!["s3", "s2"]),
        ("-has:link", vec!["s4", "s3", "s1"]),
        ("tent -has:image -has:link", vec!["s4", "s1"]),
        ("-on:yesterday", vec!["s4", "s2", "s1"]),
        ("-in:camping", vec![]),
        ("-after:yesterday -before:yesterday", vec!["s3"]),
        ("from:bob -from:@BO", vec![]),
        // What is still being typed excludes nothing.
        ("tent -from: -has:li - -in:", vec!["s4", "s3", "s2", "s1"]),
    ] {
        let mut story = varied();
        story.keys("ctrl+f").types(typed).wait(1_000);
        assert_eq!(listed_ids(&story), expected, "{typed}");
    }
}

/// They were ignored without a word, or nothing was found for no visible reason.
#[test]
fn condition_that_is_not_understood_is_named() {
    for (typed, expected) in [
        ("before:tomorow tent", "before:tomorow is ignored. Write a day such as 2026-11-03"),
        ("on:2026-13-45 tent", "on:2026-13-45 is ignored. Write a day such as 2026-11-03"),
        ("on:foo", "on:foo is ignored. Write a day"),
        ("has:picture", "has:picture is ignored. Possible: has:link, has:file, has:image, has:video."),
        ("has:vid tent", "has:vid is ignored. Possible:"),
        ("from:nobody tent", "from:nobody: nobody known here has this name."),
        ("-from:nobody tent", "-from:nobody: nobody known here has this name."),
        ("in:nowhere tent", "in:nowhere: no room here has this name."),
        ("-in:nowhere tent", "-in:nowhere: no room here has this name."),
        ("-has:vid tent", "-has:vid is ignored. Possible:"),
        ("-on:foo tent", "-on:foo is ignored. Write a day"),
    ] {
        let mut story = varied();
        story.keys("ctrl+f").types(typed).wait(1_000).shows(expected).lacks("No matches");
        story.keys("ctrl+u").types("tent").wait(1_000).lacks("is ignored").lacks("nobody known");
    }
    for typed in [
        "tent before:",
        "tent before:yest",
        "tent on:2026-1",
        "tent has:i",
        "tent from:al",
        "tent has:",
        "http://x",
        "tent -before:yest",
        "tent -has:i",
        "tent -",
        "tent in:ca",
    ] {
        let mut story = varied();
        story.keys("ctrl+f").types(typed).wait(1_000).lacks("is ignored").lacks("nobody known");
    }
    // The condition is too long for the note, which is cut; without results it is wrapped.
    let mut story = varied();
    story.keys("ctrl+f").types("has:video").wait(1_000).shows("No matches");
}

#[test]
fn condition_without_words_lists_the_beginning_of_the_text() {
    let mut story = varied();
    story.keys("ctrl+f").types("has:image").wait(1_000).shows("this tent").shows("1 match");
}

/// Regression test: a misspelt condition was taken for a word without a hint.
#[test]
fn misspelt_condition_is_suggested_if_nothing_matches() {
    for (typed, expected) in [
        ("form:alice", "No matches. Did you mean from:alice?"),
        ("tent -form:alice Form:bob", "No matches. Did you mean -from:alice?"),
        ("form:\"Alice Archer\"", "No matches. Did you mean from:…?"),
        ("befor:yesterday", "No matches. Did you mean before:yesterday?"),
        ("has:imgae", "has:imgae is ignored. Did you mean has:image?"),
        ("-has:liks", "-has:liks is ignored. Did you mean -has:link?"),
    ] {
        let mut story = varied();
        story.keys("ctrl+f").types(typed).wait(1_000).shows(expected);
    }
    for typed in ["https://nothing.example", "note:tent", "10:30", "form:", "tent"] {
        let mut story = varied();
        story.keys("ctrl+f").types(typed).wait(1_000).lacks("Did you mean");
    }
    // The address of a file may contain such a word.
    let mut story = varied();
    story.server(ServerEvent::Message(message("s5", "bob", "form:alice", 5)));
    story.keys("ctrl+f").types("form:alice").wait(1_000).shows("1 match").lacks("Did you mean");
}
