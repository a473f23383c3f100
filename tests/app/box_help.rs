//! The help over a box: it begins with the keys of that box, which is open again afterwards. Keys that lead elsewhere do
//! so from every box.

use minchat_tui::app::{Effect, Event, HelpLine, Overlay, help_lines};
use minchat_tui::domain::{Request, ServerEvent};
use minchat_tui::wire::Increment;
use test_support::story::vchat::vchat_story;
use test_support::story::*;

/// The headings of the help with the first key of each.
fn help(story: &Story) -> Vec<(&'static str, String)> {
    let lines = help_lines(story.state.scene());
    let first = lines.windows(2).filter_map(|pair| match pair {
        [HelpLine::Heading(heading), HelpLine::Entry { keys, help }] => Some((*heading, format!("{keys} {help}"))),
        _ => None,
    });
    first.collect()
}

/// The keys that open a box, and the beginning of the help over it.
const BOXES: &[(&str, &str, &str)] = &[
    ("ctrl+k", "In the switcher", "Enter Open or run the selected entry"),
    ("ctrl+f", "In the message search", "Esc Close"),
    ("f2", "In the room info and the notices", "Esc Close"),
    ("f12", "In the inspector", "Enter Go to the message of the record, or fold"),
    ("tab enter", "In the menu of a message", "Enter Choose the selected row"),
    ("tab up d", "In a question", "y Yes"),
];

/// Regression test: F1 did nothing in most boxes, and the keys of the inspector were far down in the general help.
#[test]
fn help_begins_with_the_open_box_and_returns_to_it() {
    for (open, heading, first) in BOXES {
        let mut story = Story::chat(100, 24);
        story.keys(open).wait(400);
        let before = story.screen();
        story.keys("f1").shows("Keys and commands").shows("Here and now");
        let help = help(&story);
        assert_eq!((help[0].0, help[0].1.as_str()), ("Here and now", *first), "{open}");
        assert_eq!(help[1].0, *heading, "{open}");
        assert_eq!(help.iter().filter(|(other, _)| other == heading).count(), 1, "{open}: said once");
        story.keys("esc");
        assert_eq!(story.screen(), before, "{open}");
        story.keys("f1 pagedown f1");
        assert_eq!(story.screen(), before, "{open}: the key that opens it closes it");
    }
}

#[test]
fn question_mark_shows_the_help_where_no_text_is_typed() {
    for open in ["f2", "f12", "tab enter", "tab up d"] {
        let mut story = Story::chat(100, 24);
        story.keys(open).keys("?").shows("Here and now").keys("?").lacks("Here and now");
        assert!(story.state.ui.overlay.is_some(), "{open}");
    }
    let mut story = Story::chat(100, 24);
    story.keys("ctrl+f").types("?").shows("› ?");
}

/// What arrives for the box while the help covers it is not lost.
#[test]
fn covered_box_gets_its_answers() {
    let mut story = vchat_story(100, 24);
    story.types("/people").keys("enter f1").shows("Here and now");
    let request = story.requests().into_iter().find(|request| matches!(request, Request::FindPeople { .. }));
    let people = vec![person("zoe", "Zoe Zimmer")];
    let request = request.expect("a request");
    story.server(ServerEvent::People { request, more: false, people }).keys("esc").shows("Zoe Zimmer");

    let mut story = Story::chat(100, 24);
    story.keys("f12 f1").effects.clear();
    story.event(Event::Wire(Increment { records: Vec::new(), missed: 0 }));
    assert!(!story.effects.contains(&Effect::ReadWire(false)), "{:?}", story.effects);
    story.keys("esc").shows("Inspector");
}

/// Regression test: Ctrl+K moved down in lists and did nothing in questions.
#[test]
fn keys_that_lead_elsewhere_work_in_every_box() {
    for (open, ..) in BOXES.iter().filter(|(open, ..)| *open != "ctrl+k") {
        let mut story = Story::chat(100, 24);
        story.keys(open).keys("ctrl+k").shows("Go to").shows("Jump to latest");
        assert_eq!(story.requests(), [], "{open}: a question is not answered");
        story.keys("esc").lacks("Go to");
        assert!(story.state.ui.overlay.is_none(), "{open}");
    }
    let mut story = vchat_story(100, 24);
    story.keys("f2 alt+down").shows("Message Release crew");
    assert!(story.state.ui.overlay.is_none());
    story.keys("f2 ctrl+f").types("f2");
    assert!(matches!(story.state.ui.overlay, Some(Overlay::Search(_))));
    story.keys("ctrl+k").shows("Go to").keys("ctrl+k ctrl+k");
    let Some(Overlay::Switcher(switcher)) = &story.state.ui.overlay else { panic!("{}", story.screen()) };
    assert_eq!(switcher.selected, 2, "it goes down in the switcher itself");
    story.keys("esc f2 f2");
    assert!(story.state.ui.overlay.is_none(), "F2 closes the room info");
}

/// Nothing told how to hide the latency line and the member list again.
#[test]
fn help_names_the_keys_of_what_is_shown() {
    let first = |story: &Story| -> Vec<String> {
        let lines = help_lines(story.state.scene()).into_iter().skip(1);
        let entries = lines.map_while(|line| match line {
            HelpLine::Entry { keys, .. } => Some(keys),
            _ => None,
        });
        entries.collect()
    };
    let mut story = vchat_story(120, 30);
    story.keys("alt+down f1");
    assert!(!first(&story).iter().any(|keys| keys == "F11" || keys == "F3"));
    story.keys("f1 f11 f3 f1").shows("Here and now");
    let keys = first(&story);
    assert!(keys.iter().any(|keys| keys == "F11") && keys.iter().any(|keys| keys == "F3"), "{keys:?}");
}

/// `g` was listed twice: it groups the records, and goes to the first row of every other list.
#[test]
fn key_has_one_meaning_in_the_help_over_a_box() {
    for (open, heading, _) in BOXES {
        let mut story = Story::chat(100, 24);
        story.keys(open).keys("f1");
        let lines = help_lines(story.state.scene());
        let mut section = "";
        let mut known: Vec<&str> = Vec::new();
        for line in &lines {
            match line {
                HelpLine::Heading(other) => section = other,
                HelpLine::Entry { keys, .. } if ["Here and now", heading].contains(&section) => {
                    let keys: Vec<&str> = keys.split(", ").filter(|key| !key.is_empty()).collect();
                    assert!(!keys.iter().any(|key| known.contains(key)), "{open}: {keys:?} is in {known:?}");
                    known.extend(keys);
                }
                HelpLine::Entry { .. } | HelpLine::Note(_) => {}
            }
        }
        assert!(!known.is_empty(), "{open}");
    }
}

/// The keys that open a box, and the last of them, which closes it again. The list has to be complete but for boxes that
/// have to be answered, and for those in which the key has another meaning: Enter, Ctrl+K, which goes down, and Ctrl+F,
/// which changes what is searched.
const TOGGLES: &[(&str, &str)] = &[
    ("f1", "f1"),
    ("f2", "f2"),
    ("f3", "f3"),
    ("f2", "f3"),
    ("f3", "f2"),
    ("f12", "f12"),
    ("tab ?", "?"),
    ("tab i", "i"),
    ("tab W", "W"),
];

/// Regression test: at narrow sizes, F3 opened the box with the members again and again.
#[test]
fn key_that_opens_a_box_closes_it_at_every_size() {
    for (width, height) in [(40, 12), (60, 20), (71, 24), (80, 24)] {
        for (open, close) in TOGGLES {
            for story in &mut [Story::chat(width, height), vchat_story(width, height)] {
                story.keys(open);
                assert!(story.state.ui.overlay.is_some(), "{open} at {width}x{height}:\n{}", story.screen());
                story.keys(close);
                assert!(story.state.ui.overlay.is_none(), "{close} after {open} at {width}x{height}");
            }
        }
    }
}

/// The rule is about the key that opened this box, not about any box that it once opened.
#[test]
fn key_of_another_box_opens_that_one() {
    let mut story = vchat_story(80, 24);
    story.keys("f12 f12").types("/people").keys("enter").shows("People").keys("f12").shows("Inspector");
    story.keys("f12").lacks("Inspector");
    let mut story = vchat_story(80, 24);
    story.keys("f2 f1 f1").shows("Alice Archer").keys("f1").shows("Here and now").keys("f1 f2");
    assert!(story.state.ui.overlay.is_none());
}
