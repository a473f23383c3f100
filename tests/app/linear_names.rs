//! Without a screen, sentences name what can be typed, and the rooms can be listed at any time.

use minchat_tui::app::{Event, Overlay};
use minchat_tui::domain::{Capabilities, Failure, Request, ServerEvent};
use minchat_tui::input::{Action, COMMANDS, CommandSpec, Context, Key};
use minchat_tui::text::SafeText;
use minchat_tui::view::Transcript;
use test_support::story::vchat::*;
use test_support::story::*;

/// A story with three rooms that is read out, and what was said last.
struct Reading {
    story: Story,
    transcript: Transcript,
}

impl Reading {
    fn new(can: Capabilities) -> Self {
        let mut story = Story::chat_on(can, 100, 40);
        story.state.options.linear = true;
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: three_rooms([0, 5, 0]) });
        let mut reading = Self { story, transcript: Transcript::default() };
        reading.said();
        reading
    }

    fn said(&mut self) -> Vec<String> {
        self.transcript.news(&self.story.state)
    }

    fn line(&mut self, text: &str) -> Vec<String> {
        self.story.event(Event::Line(text.to_owned()));
        self.said()
    }

    fn keys(&mut self, keys: &str) -> Vec<String> {
        self.story.keys(keys);
        self.said()
    }
}

/// Regression test: what was unread could only be heard when it arrived.
#[test]
fn rooms_are_listed_with_what_is_unread() {
    let expected = [
        "Rooms, 1 of 3 unread:",
        "  Release crew: 5 unread",
        "  Alice Archer: open",
        "  Bob Brown",
        "/go ROOM opens a room.",
    ];
    for can in [MINCHAT, VCHAT] {
        let mut reading = Reading::new(can);
        assert_eq!(reading.line("/rooms"), expected);
        assert_eq!(reading.said(), [""; 0], "said once");
        assert_eq!(reading.line("/ROOMS"), expected, "and again when it is asked for");
        assert!(reading.story.state.ui.overlay.is_none(), "it is no box");
    }
}

#[test]
fn rooms_are_listed_over_every_box() {
    for open in ["tab up d", "ctrl+k", "ctrl+f", "f12", "tab enter"] {
        let mut reading = Reading::new(MINCHAT);
        reading.keys(open);
        let said = reading.line("/rooms");
        assert_eq!(said.first().map(String::as_str), Some("Rooms, 1 of 3 unread:"), "{open}: {said:#?}");
        assert!(reading.story.state.ui.overlay.is_some(), "{open}");
    }
}

/// Returns the keys in a text that cannot be typed on a line.
fn untypable(said: &[String]) -> Vec<String> {
    let is_named = |key: &Key| {
        let name = key.to_string();
        let is_word = |line: &str| line.split([' ', ',', ':', '(', ')']).any(|word| word.trim_matches('.') == name);
        key.typed().is_none() && said.iter().any(|line| is_word(line))
    };
    let keys = Action::all().flat_map(Action::default_keys).map(|key| key.parse::<Key>().expect("a key"));
    // Words of the interface, too.
    keys.filter(|key| !matches!(key.to_string().as_str(), "Delete" | "End"))
        .filter(is_named)
        .map(|key| key.to_string())
        .collect()
}

/// Whether the table of keys was said, which names them as they are.
fn is_help(said: &[String]) -> bool {
    said.iter().any(|line| line.starts_with("Keys and commands"))
}

/// Checks that nothing names a key that cannot be typed, and that every key which is named can be.
#[track_caller]
fn check(said: &[String], after: &str) {
    if is_help(said) {
        return;
    }
    assert_eq!(untypable(said), [""; 0], "after {after}: {said:#?}");
    for line in said {
        for named in line.split("/key ").skip(1) {
            let name = named.split([' ', ',', ';', ')']).next().unwrap_or_default().trim_end_matches('.');
            assert!(name == "NAME" || Key::parse_all(name).is_ok(), "/key {name} after {after}: {line}");
        }
    }
}

#[test]
fn every_action_names_what_can_be_typed() {
    for can in [MINCHAT, VCHAT] {
        for action in Action::all() {
            let Some(key) = action.default_keys().first() else { continue };
            let mut reading = Reading::new(can);
            let before = match action.context() {
                Context::Message => "ctrl+up up",
                Context::Rooms => "ctrl+b",
                Context::Inspector => "f12",
                Context::Overlay => "ctrl+k",
                _ => "",
            };
            if !before.is_empty() {
                check(&reading.keys(before), before);
            }
            let said = reading.keys(key);
            check(&said, action.name());
            // What the action opened: a line that it does not take.
            let is_key_test = matches!(reading.story.state.ui.overlay, Some(Overlay::KeyTest(_)));
            if reading.story.state.ui.overlay.is_some() && !is_key_test {
                check(&reading.line("some words"), action.name());
            }
        }
    }
}

#[test]
fn every_command_names_what_can_be_typed() {
    let argument = |spec: &CommandSpec| if spec.arguments.is_empty() { "" } else { " x" };
    for can in [MINCHAT, VCHAT] {
        for spec in COMMANDS.iter().filter(|spec| spec.name != "keys") {
            for line in [format!("/{}", spec.name), format!("/{}{}", spec.name, argument(spec))] {
                let mut reading = Reading::new(can);
                check(&reading.line(&line), &line);
            }
        }
    }
}

#[test]
fn states_name_what_can_be_typed() {
    let mut reading = Reading::new(VCHAT);
    reading.story.server(incoming_call("c1", "r1", "alice", false));
    let said = reading.said();
    assert!(said.iter().any(|line| line.contains("/key alt+y accept")), "{said:#?}");
    check(&said, "a call");
    let mut reading = Reading::new(MINCHAT);
    reading.line("hello");
    let (_, _, request) = take_send(&mut reading.story);
    let reason = SafeText::line("no");
    reading.story.server(ServerEvent::Failed { request, failure: Failure::Refused, reason });
    check(&reading.said(), "a message that failed");
    check(&reading.keys("ctrl+up"), "the failed message");
    let said = reading.line("/go nowhere");
    assert_eq!(
        said.last().map(String::as_str),
        Some("Notice: There is no room called nowhere. Type /rooms to list all. The open room is Alice Archer.")
    );
    let requests = reading.story.requests();
    assert!(!requests.iter().any(|request| matches!(request, Request::FindRooms { .. })));
}

/// On a screen, the same command opens a list.
#[test]
fn rooms_are_a_list_on_a_screen() {
    for can in [MINCHAT, VCHAT] {
        let mut story = Story::chat_on(can, 100, 24);
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: three_rooms([0, 5, 0]) });
        story.types("/rooms").keys("enter").effects.clear();
        assert!(story.row_with("5 unread").contains("Release crew"), "{}", story.screen());
        story.keys("down enter").shows("# Release crew");
        assert!(!story.requests().iter().any(|request| matches!(request, Request::FindRooms { .. })));
    }
    let mut story = Story::chat_on(MINCHAT, 100, 24);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: three_rooms([0, 5, 0]) });
    story.types("/rooms crew").keys("enter").shows("Rooms matching crew").keys("enter").shows("# Release crew");
}
