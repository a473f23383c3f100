//! The screen read out line by line.

use minchat_tui::app::{Effect, Event, Overlay};
use minchat_tui::domain::{Activity, ConnectionStatus, LocalId, Request, ServerEvent};
use minchat_tui::text::SafeText;
use minchat_tui::view::Transcript;
use test_support::story::vchat::*;
use test_support::story::*;

/// A story that is read out.
pub(crate) struct Reading {
    pub(crate) story: Story,
    transcript: Transcript,
}

impl Reading {
    pub(crate) fn new(mut story: Story) -> Self {
        story.state.options.linear = true;
        Self { story, transcript: Transcript::default() }
    }

    /// Lines that are said since the last call.
    pub(crate) fn said(&mut self) -> Vec<String> {
        self.transcript.news(&self.story.state)
    }

    /// Lets the server accept the message "hello".
    fn accept(&mut self, local: LocalId) {
        let (id, accepted) = (Some(message_id("m3")), Some(Box::new(message("m3", "me", "hello", 10))));
        self.story.server(ServerEvent::Accepted { room: room_id("r1"), local, id, message: accepted });
    }

    /// Types a line and returns what is said.
    pub(crate) fn line(&mut self, text: &str) -> Vec<String> {
        self.story.event(Event::Line(text.to_owned()));
        self.said()
    }
}

#[test]
fn start_is_read_out_once() {
    let mut reading = Reading::new(Story::chat(100, 40));
    let said = reading.said();
    assert_eq!(
        said,
        [
            "A line is sent to the open room. /rooms lists rooms, /help lists keys and commands, /key NAME presses a key, /key esc closes a box, /quit ends.",
            "Online.",
            "Room: Alice Archer",
            "Saturday 21 November 2026",
            "You, 17:58: Hello Alice",
            "Alice Archer, 17:59: How are you?",
        ]
    );
    assert_eq!(reading.said(), [""; 0]);
    reading.story.wait(60_000);
    assert_eq!(reading.said(), [""; 0], "time alone says nothing");
}

#[test]
fn message_is_said_when_it_arrives_and_when_it_changes() {
    let mut reading = Reading::new(Story::chat(100, 40));
    reading.said();
    let arrived = message("m3", "alice", "one\ntwo", 10);
    reading.story.server(ServerEvent::Message(arrived.clone()));
    assert_eq!(reading.said(), ["Alice Archer, 18:00: one", "  two"]);
    let mut edited = arrived;
    edited.text = SafeText::block("three");
    reading.story.server(ServerEvent::Edited(edited));
    assert_eq!(reading.said(), ["Alice Archer edited a message of 18:00: three"]);
    reading.story.server(ServerEvent::Deleted(message_id("m3")));
    assert_eq!(reading.said(), ["Alice Archer deleted a message of 18:00."]);
}

#[test]
fn fate_of_an_own_message_is_said() {
    let mut reading = Reading::new(Story::chat(100, 40));
    reading.said();
    assert_eq!(reading.line("hello"), ["You, 18:00: hello"]);
    let (local, _, _) = take_send(&mut reading.story);
    reading.accept(local);
    assert_eq!(reading.said(), ["Sent: hello"]);
    reading.story.server(ServerEvent::Seen(message_id("m3")));
    assert_eq!(reading.said(), ["Seen: hello"]);
}

#[test]
fn connection_typing_and_other_rooms_are_in_words() {
    let mut reading = Reading::new(vchat_story(100, 40));
    reading.said();
    let elsewhere = in_room("r3", sent_message("b9", "bob", "psst", 20));
    reading.story.server(ServerEvent::Message(elsewhere));
    assert_eq!(reading.said(), ["Unread: Bob Brown, 1 message."]);
    let reason = SafeText::line("The server is gone.");
    reading.story.server(ServerEvent::Connection(ConnectionStatus::Offline { reason, retry_in: 5_000 }));
    assert!(reading.said().contains(&"Offline: The server is gone.".to_owned()));
    reading.story.server(ServerEvent::Connection(ConnectionStatus::Online));
    assert!(reading.said().contains(&"Online.".to_owned()));
}

#[test]
fn box_is_read_out_with_its_keys_and_selection() {
    let mut reading = Reading::new(vchat_story(100, 40));
    reading.said();
    reading.story.keys("ctrl+k");
    let said = reading.said();
    assert!(said.iter().any(|line| line.contains("Release crew")), "{said:#?}");
    assert!(said.iter().any(|line| line.starts_with("> ")), "the selected row is marked: {said:#?}");
    assert!(said.iter().any(|line| line.starts_with("Keys: ") && line.contains("/key enter open")), "{said:#?}");
    reading.story.keys("down");
    let said = reading.said();
    assert_eq!(said.iter().filter(|line| line.starts_with("> ")).count(), 1, "{said:#?}");
    reading.story.keys("esc");
    assert_eq!(reading.said(), ["Closed."]);
}

#[test]
fn question_is_read_out_with_its_keys() {
    let mut reading = Reading::new(Story::chat(100, 40));
    reading.said();
    reading.line("hello");
    let (local, _, _) = take_send(&mut reading.story);
    reading.accept(local);
    reading.story.keys("tab");
    let said = reading.said();
    assert!(said.iter().any(|line| line.starts_with("Selected: You: hello")), "{said:#?}");
    reading.story.keys("d");
    let said = reading.said();
    assert!(said.iter().any(|line| line.contains("Delete")), "{said:#?}");
    assert!(said.iter().any(|line| line.starts_with("Keys: y ")), "{said:#?}");
    reading.story.keys("y");
    assert!(reading.story.requests().iter().any(|request| matches!(request, Request::Delete { .. })));
}

#[test]
fn nothing_is_drawn() {
    let mut reading = Reading::new(vchat_story(100, 40));
    let mut said = reading.said();
    for keys in ["f1", "esc", "f2", "esc", "ctrl+f", "esc", "f3", "ctrl+b", "esc"] {
        reading.story.keys(keys);
        said.extend(reading.said());
    }
    let drawn = said.iter().find(|line| line.contains(|c: char| matches!(c, '\u{2500}'..='\u{259f}')));
    assert_eq!(drawn, None);
    reading.story.state.options.ascii = true;
    let mut again = Reading { story: reading.story, transcript: Transcript::default() };
    assert!(again.said().iter().all(|line| line.is_ascii()));
}

/// The text was announced as not sent, so that the next line replaced a message for everybody.
#[test]
fn edit_is_announced_with_what_the_next_line_does() {
    let mut reading = Reading::new(Story::chat(100, 40));
    reading.said();
    reading.story.keys("up");
    let said = reading.said();
    assert_eq!(said, ["Editing: Hello Alice. Your next line replaces it; /key esc leaves it as it is."]);
    reading.story.keys("esc");
    let said = reading.line("msg C");
    assert!(said.contains(&"You, 18:00: msg C".to_owned()), "{said:#?}");
}

#[test]
fn slash_command_that_fails_does_not_spoil_the_next_line() {
    let mut reading = Reading::new(Story::chat(100, 40));
    reading.said();
    let said = reading.line("/nonsense");
    assert!(said.iter().any(|line| line.contains("/nonsense")), "{said:#?}");
    let said = reading.line("hello");
    assert!(said.contains(&"You, 18:00: hello".to_owned()), "{said:#?}");
    reading.story.keys("alt+p alt+p");
    assert_eq!(reading.story.state.ui.composer.text(), "/nonsense", "nothing is lost");
}

#[test]
fn answer_to_a_question_does_not_send_the_draft() {
    let mut reading = Reading::new(Story::chat(100, 40));
    reading.line("hello");
    let (local, _, _) = take_send(&mut reading.story);
    reading.accept(local);
    reading.story.keys("tab");
    reading.line("d");
    reading.story.state.ui.composer.insert('x');
    reading.line("y");
    let requests = reading.story.requests();
    assert!(requests.iter().any(|request| matches!(request, Request::Delete { .. })), "{requests:?}");
    assert_eq!(reading.story.state.ui.composer.text(), "x");
}

/// It was refused as an unknown command.
#[test]
fn path_is_sent() {
    let mut reading = Reading::new(Story::chat(100, 40));
    reading.said();
    let said = reading.line("/etc/hosts has it");
    assert!(said.contains(&"You, 18:00: /etc/hosts has it".to_owned()), "{said:#?}");
}

/// The lines were promised to the next room, and replaced by the command that opened it.
#[test]
fn lines_without_a_room_follow_into_the_next_one() {
    let mut story = Story::online(100, 40);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: Vec::new() });
    let mut reading = Reading::new(story);
    let said = reading.line("first words").join("\n");
    assert!(said.contains("Type /dm USER to message someone.") && !said.contains("Ctrl+K"), "{said}");
    reading.line("and more");
    reading.line("/dm bob");
    let opened = room("r9", "Bob Brown", &["bob"], message("b1", "bob", "hi", -60_000));
    reading.story.server(ServerEvent::RoomOpened(Box::new(opened)));
    assert_eq!(reading.story.state.ui.composer.text(), "first words\nand more");
}

/// A command was called a message that was not sent.
#[test]
fn mistyped_command_is_answered_with_its_error_only() {
    for can in [MINCHAT, VCHAT] {
        let mut reading = Reading::new(Story::chat_on(can, 100, 40));
        reading.said();
        let unknown = "Notice: Unknown command /foo. Try /help, or // to send a slash. The open room is Alice Archer.";
        assert_eq!(reading.line("/foo"), [unknown]);
        assert_eq!(reading.line("/foo"), [unknown], "each time");
        let said = reading.line("/mute abc");
        assert!(said.len() == 1 && said[0].starts_with("Notice: Usage: /mute"), "{said:#?}");
        let said = reading.line("hello").join("\n");
        assert!(said.contains("hello") && !said.contains("Not run yet"), "{said}");
    }
}

#[test]
fn line_is_sent_although_a_message_is_selected() {
    let mut reading = Reading::new(Story::chat(100, 40));
    reading.story.keys("tab");
    reading.said();
    let said = reading.line("delete that, please");
    assert!(said.contains(&"You, 18:00: delete that, please".to_owned()), "{said:#?}");
}

#[test]
fn only_who_starts_typing_is_said() {
    let mut reading = Reading::new(vchat_story(100, 40));
    reading.said();
    let typing = |on: bool| ServerEvent::Typing {
        room: Some(room_id("r1")),
        person: person("alice", "Alice Archer"),
        activity: on.then_some(Activity::Typing),
    };
    reading.story.server(typing(true));
    assert_eq!(reading.said(), ["Alice Archer is typing…"]);
    reading.story.server(typing(false));
    assert_eq!(reading.said(), [""; 0]);
    reading.story.server(typing(true));
    assert_eq!(reading.said(), ["Alice Archer is typing…"]);
}

#[test]
fn earlier_messages_are_announced() {
    let mut story = Story::online(100, 12);
    let last = message("m40", "alice", "text 40", -60_000);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![room("r1", "Alice Archer", &["alice"], last)] });
    let page = (1..=40).map(|n| message(&format!("m{n}"), "alice", &format!("text {n}"), -60_000 * (41 - n)));
    story.history("r1", 1, 1, page.collect());
    let mut reading = Reading::new(story);
    let said = reading.said();
    assert_eq!(said.last().map(String::as_str), Some("Alice Archer, 17:59: text 40"));
    assert!(said.iter().any(|line| line == "40 new messages above. /key alt+home goes to the first."), "{said:#?}");
    // Nothing on screen has been said before.
    reading.story.keys("pageup pageup pageup");
    let said = reading.said();
    let start = said.iter().position(|line| line == "Earlier messages:").unwrap_or_else(|| panic!("{said:#?}"));
    assert!(said[start + 1..].iter().any(|line| line.contains("text ")), "{said:#?}");
}

/// Regression test: the help was followed by the piece of it that covered the activity line.
#[test]
fn nothing_is_read_through_an_open_box() {
    let mut reading = Reading::new(vchat_story(100, 40));
    reading.said();
    reading.story.keys("f2");
    let said = reading.said();
    assert_eq!(said.first().map(String::as_str), Some("  Alice Archer"), "{said:#?}");
    assert_eq!(said.last().map(String::as_str), Some("Keys: /key esc close."), "{said:#?}");
}

/// Regression test: the first letter closed the help, and the rest of the line went into the composer.
#[test]
fn line_for_a_box_that_closes_does_not_reach_the_composer() {
    let mut reading = Reading::new(Story::chat(100, 40));
    reading.story.keys("f2");
    reading.line("quit it");
    assert_eq!(reading.story.state.ui.composer.text(), "");
}

#[test]
fn wide_characters_have_no_blanks_between_them() {
    let mut story = Story::online(100, 40);
    let last = message("m1", "yuki", "hi", -60_000);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![room("r1", "由紀", &["yuki"], last)] });
    story.history("r1", 1, 1, vec![seen(message("m1", "yuki", "hi", -60_000))]);
    let mut reading = Reading::new(story);
    let said = reading.said();
    assert!(said.iter().any(|line| line.starts_with("Room: 由紀")), "{said:#?}");
}

#[test]
fn rooms_are_announced_when_they_become_unread() {
    let mut reading = Reading::new(vchat_story(100, 40));
    reading.said();
    for (id, at) in [("b7", 20), ("b8", 30)] {
        reading.story.server(ServerEvent::Message(in_room("r3", sent_message(id, "bob", "psst", at))));
    }
    assert_eq!(reading.said(), ["Unread: Bob Brown, 2 messages."]);
    reading.story.server(ServerEvent::Message(in_room("r3", sent_message("b9", "bob", "psst", 40))));
    assert_eq!(reading.said(), [""; 0], "not each of them");
}

/// Regression test: `/quit` was typed into the box, and any line with a `y` in it answered the question.
#[test]
fn line_neither_answers_a_question_nor_disappears() {
    let mut reading = Reading::new(Story::chat(100, 40));
    reading.story.keys("tab up d");
    assert!(reading.said().iter().any(|line| line.contains("Delete")));
    let said = reading.line("say that again");
    assert!(said.iter().any(|line| line.contains("one key at a time: y yes, n no. /key esc closes it")), "{said:#?}");
    assert!(reading.story.state.ui.overlay.is_some(), "the question is still open");
    assert_eq!(reading.story.requests(), []);
    reading.line("no");
    assert!(reading.story.state.ui.overlay.is_none());
    reading.story.keys("esc alt+p");
    assert_eq!(reading.story.state.ui.composer.text(), "say that again", "nothing is lost");
    reading.story.keys("ctrl+u tab up d");
    reading.line("yes");
    assert!(reading.story.requests().iter().any(|request| matches!(request, Request::Delete { .. })));
}

#[test]
fn quit_and_help_work_in_every_box() {
    for open in ["tab up d", "ctrl+k", "ctrl+f", "f2", "f12", "tab enter"] {
        let mut reading = Reading::new(Story::chat(100, 40));
        reading.said();
        reading.story.keys(open);
        reading.said();
        let said = reading.line("/HELP");
        assert_eq!(
            said.first().map(String::as_str),
            Some("Keys and commands. /help WORDS lists only those with these words:"),
            "{open}"
        );
        assert!(reading.story.state.ui.overlay.is_some(), "{open}");
        reading.story.effects.clear();
        reading.line("/quit");
        assert!(reading.story.effects.contains(&Effect::Quit), "{open}: {:?}", reading.story.effects);
    }
}

/// Regression test: `/help` said its first page only, and the next line was taken for a key of its box.
#[test]
fn help_is_said_whole_and_leaves_no_box() {
    let mut reading = Reading::new(vchat_story(80, 24));
    reading.said();
    for ask in ["/help", "/Help"] {
        let said = reading.line(ask);
        for wanted in ["Here and now:", "  F1, Ctrl+/: Help: keys and commands", "Commands:", "  /quit: Quit"] {
            assert!(said.iter().any(|line| line == wanted), "{wanted}: {said:#?}");
        }
        assert!(said.iter().any(|line| line.starts_with("  /dm USER: ")), "{said:#?}");
        assert!(reading.story.state.ui.overlay.is_none());
    }
    assert_eq!(reading.said(), [""; 0], "said once");
    reading.story.keys("f1");
    assert!(reading.said().len() > 100);
    let said = reading.line("hello");
    assert!(said.iter().any(|line| line.ends_with(": hello")), "{said:#?}");
}

/// Regression test: the search took one line after the other, and nothing said how to leave it.
#[test]
fn box_that_takes_lines_says_how_to_leave_it() {
    for open in ["ctrl+k", "ctrl+f"] {
        let mut reading = Reading::new(vchat_story(100, 40));
        reading.said();
        reading.story.keys(open);
        let said = reading.said();
        let leave = "Your next lines are typed into this box. /key esc closes it.";
        assert!(said.iter().any(|line| line == leave), "{said:#?}");
        reading.story.keys("esc");
        assert_eq!(reading.line("hello").len(), 2, "the message, after Closed.");
    }
    let mut reading = Reading::new(vchat_story(100, 40));
    reading.said();
    let said = reading.line("/find tea");
    assert!(said.iter().any(|line| line.contains("/key esc closes it")), "{said:#?}");
}

/// Regression test: after `/help`, each command became a filter of the help.
#[test]
fn command_leaves_a_box_and_runs() {
    for open in ["ctrl+k", "ctrl+f", "f2", "f12", "tab enter"] {
        let mut reading = Reading::new(Story::chat(100, 40));
        reading.story.keys(open);
        reading.said();
        reading.line("/info");
        assert!(matches!(reading.story.state.ui.overlay, Some(Overlay::Info(_))), "{open}");
    }
    let mut reading = Reading::new(Story::chat(100, 40));
    reading.story.keys("tab up d");
    reading.line("/info");
    assert!(matches!(reading.story.state.ui.overlay, Some(Overlay::Question(_))), "it has to be answered first");
}

/// Regression test: a key for a list was followed by an Enter, which opened the row.
#[test]
fn key_of_a_list_is_pressed_alone() {
    let mut reading = Reading::new(vchat_story(100, 40));
    reading.story.keys("tab enter");
    reading.said();
    let said = reading.line("j");
    assert_eq!(said.iter().filter(|line| line.starts_with("> ")).count(), 1, "{said:#?}");
    let is_menu = |reading: &Reading| matches!(reading.story.state.ui.overlay, Some(Overlay::Menu(_)));
    assert!(is_menu(&reading));
    reading.line("");
    assert!(!is_menu(&reading), "an empty line is Enter");
}
