//! Overlays: pasted text, hints and help come from the keys of the overlay.

use minchat_tui::app::{Event, HelpLine, Overlay, help_lines};
use minchat_tui::domain::{Request, RoomInfo, ServerEvent};
use minchat_tui::input::{Action, Keymap, Mouse, MouseKind};
use test_support::story::vchat::vchat_story;
use test_support::story::*;

fn paste(story: &mut Story, text: &str) {
    story.event(Event::Paste(text.to_owned()));
}

/// The last line of the screen.
fn status(story: &Story) -> String {
    story.screen().lines().last().unwrap_or_default().to_owned()
}

fn rebind(story: &mut Story, changes: &[(Action, &str)]) {
    let changes: Vec<_> = changes.iter().map(|(action, key)| (*action, vec![(*key).to_owned()])).collect();
    story.state.options.keymap = Keymap::new(&changes).expect("valid keys");
}

/// The help and lists were closed by it, and the text went into the composer behind them.
#[test]
fn paste_into_an_overlay_without_a_text_field_is_rejected() {
    for open in ["f1", "f2", "tab up d"] {
        let mut story = Story::chat(100, 24);
        story.keys(open);
        paste(&mut story, "pasted");
        assert!(story.state.ui.overlay.is_some(), "{open}: {}", story.screen());
        story.shows("Text cannot be pasted here. Press Esc and paste again.");
        assert_eq!(story.state.ui.composer.text(), "", "{open}");
        story.keys("esc esc");
        paste(&mut story, "pasted");
        assert_eq!(story.state.ui.composer.text(), "pasted", "{open}");
    }
}

#[test]
fn paste_goes_into_the_query_of_the_switcher() {
    let mut story = Story::chat(100, 24);
    story.keys("ctrl+k");
    paste(&mut story, "alice\r\narch");
    story.shows("› alice  arch").keys("enter").shows("Message Alice Archer");
    assert_eq!(story.state.ui.composer.text(), "");
    story.keys("ctrl+k");
    paste(&mut story, &"x".repeat(100_000));
    let Some(Overlay::Switcher(switcher)) = &story.state.ui.overlay else { panic!("{}", story.screen()) };
    assert!(switcher.query.text.len() <= 1_000);
}

#[test]
fn switcher_query_is_edited_by_graphemes_and_words() {
    let mut story = Story::chat(100, 24);
    story.keys("ctrl+k").types("one two");
    paste(&mut story, "👨\u{200d}👩\u{200d}👧");
    story.keys("backspace").shows("› one two").keys("ctrl+w").shows("› one").lacks("two").keys("ctrl+u").lacks("› one");
}

/// "mara" found `/dm` and `/name`, whose descriptions have these letters somewhere, and "se" found them above `/send`.
#[test]
fn switcher_ranks_the_beginning_of_a_title_first() {
    let found = |story: &mut Story, query: &str| -> Vec<String> {
        story.keys("ctrl+k").types(query);
        let Some(Overlay::Switcher(switcher)) = &story.state.ui.overlay else { panic!("{}", story.screen()) };
        let labels = switcher.results.iter().map(|result| result.entry.label.clone()).collect();
        story.keys("esc");
        labels
    };
    for mut story in [Story::chat(100, 24), vchat_story(100, 24)] {
        let rooms = ["Hammarby", "Anna Maria", "Mara Lindqvist", "Marathon"];
        let rooms = rooms.iter().zip(0..).map(|(title, number)| {
            room(&format!("x{number}"), title, &["bob", "carol"], message(&format!("x{number}"), "bob", "hi", -number))
        });
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: rooms.collect() });
        let action = "Show Markdown as text, or as it was written";
        let (read, mention) = ("Mark all rooms as read", "Next unread mention, here or in another room");
        let expected = ["Mara Lindqvist", "Marathon", read, "Anna Maria", action, mention, "Hammarby"];
        assert_eq!(found(&mut story, "mar"), expected);
        assert_eq!(found(&mut story, "mara")[..2], ["Mara Lindqvist", "Marathon"]);
        let commands: Vec<_> = found(&mut story, "mara").into_iter().filter(|label| label.starts_with('/')).collect();
        assert_eq!(commands, [""; 0]);
        assert_eq!(found(&mut story, "dm")[0], "/dm");
        assert!(found(&mut story, "direct message").contains(&"/dm".to_owned()), "a description by its words");
        assert!(!found(&mut story, "irect").contains(&"/dm".to_owned()));
    }
}

#[test]
fn switcher_marks_the_matching_letters() {
    let mut story = Story::chat(100, 24);
    story.keys("ctrl+k").types("arch");
    let (column, row) = story.cell_of("│ Alice Archer   ").expect("a result");
    let (buffer, _) = story.frame();
    let bold = |x: u16| buffer[(column + 2 + x, row)].modifier.contains(ratatui::style::Modifier::BOLD);
    let marked: Vec<u16> = (0..12).filter(|x| bold(*x)).collect();
    assert_eq!(marked, [6, 7, 8, 9], "{}", story.screen());
}

#[test]
fn text_fields_have_the_editing_keys_of_the_composer() {
    for open in ["ctrl+k", "ctrl+f"] {
        let mut story = Story::chat(100, 24);
        story.keys(open).types("one two").keys("home").types("x").keys("alt+f").types("y").shows("› xoney two");
        story.keys("alt+k ctrl+w ctrl+y").shows("› xoney").keys("left left delete").shows("› xony");
        let (buffer, cursor) = story.frame();
        let cursor = cursor.expect("a cursor");
        assert_eq!(buffer[(cursor.x, cursor.y)].symbol(), "y", "{}", story.screen());
        story.keys("end ctrl+u").lacks("xony");
    }
}

#[test]
fn hints_and_help_follow_the_keymap() {
    let mut story = Story::chat(100, 24);
    rebind(&mut story, &[(Action::Confirm, "ctrl+o"), (Action::Cancel, "ctrl+g"), (Action::No, "q")]);
    story.keys("ctrl+k");
    assert!(status(&story).ends_with("Ctrl+O open · Ctrl+G close"), "{}", status(&story));
    story.keys("ctrl+g").lacks("Go to").keys("tab up d").wait(400);
    assert!(status(&story).ends_with("y yes · q no"), "{}", status(&story));
    story.shows("y yes    q no").clicks("q no").lacks("Delete this message");
    let lines = help_lines(story.state.scene());
    let question = lines.iter().position(|line| *line == HelpLine::Heading("In a question")).expect("a section");
    let entry = |keys: &str, help| HelpLine::Entry { keys: keys.to_owned(), help };
    assert_eq!(lines[question + 1..question + 3], [entry("y", "Yes"), entry("q, Ctrl+G", "No")]);
}

#[test]
fn unbound_key_of_an_overlay_has_no_hint_and_no_help() {
    let mut story = Story::chat(100, 24);
    story.state.options.keymap = Keymap::new(&[(Action::Confirm, Vec::new())]).expect("valid keys");
    story.keys("ctrl+k");
    assert!(status(&story).ends_with("  Esc close"), "{}", status(&story));
    let lines = help_lines(story.state.scene());
    assert!(!lines.iter().any(|line| matches!(line, HelpLine::Entry { help: "Open the selected row", .. })));
}

/// Regression test: the sentence was "Press  to find one".
#[test]
fn sentence_about_an_unbound_key_names_another_way() {
    let mut story = Story::chat(100, 24);
    let unbound = [Action::Switcher, Action::FillGap].map(|action| (action, Vec::new()));
    story.state.options.keymap = Keymap::new(&unbound).expect("valid keys");
    story.types("/go nowhere").keys("enter").shows("There is no room called nowhere. Type /rooms to search.");
    assert_eq!(story.state.options.press(Action::FillGap), "Bind a key to fill-gap");
}

/// `n` answers a question with no; it closed lists too.
#[test]
fn key_of_one_overlay_does_nothing_in_another() {
    let mut story = vchat_story(100, 24);
    story.types("/people a").keys("enter").shows("People matching a").keys("n y tab").shows("People matching a");
}

#[test]
fn redraw_leaves_the_overlay_open() {
    let mut story = Story::chat(100, 24);
    story.keys("ctrl+f").types("hello").keys("ctrl+l").shows("› hello");
    assert!(story.effects.contains(&minchat_tui::app::Effect::Redraw));
}

#[test]
fn any_key_closes_help_and_info() {
    let mut story = Story::chat(100, 24);
    story.keys("f1 down").shows("Keys and commands").keys("f1").lacks("Keys and commands");
    story.keys("f2").shows("Me Myself @me").keys("x").lacks("Me Myself @me");
    assert_eq!(story.state.ui.composer.text(), "");
}

#[test]
fn switcher_shows_the_end_of_a_long_query() {
    let mut story = Story::chat(100, 24);
    story.keys("ctrl+k").types(&"word ".repeat(20)).types("the end");
    story.shows("the end");
    let (buffer, cursor) = story.frame();
    let cursor = cursor.expect("a cursor");
    assert_eq!(buffer[(cursor.x - 1, cursor.y)].symbol(), "d", "{}", story.screen());
}

#[test]
fn room_info_scrolls() {
    let mut story = Story::online(80, 12);
    let names: Vec<String> = (0..40).map(|number| format!("person{number:02}")).collect();
    let others: Vec<&str> = names.iter().map(String::as_str).collect();
    let last = message("g1", "person00", "Hello all", -60_000);
    let info = room("r1", "Everybody", &others, last.clone());
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![info] });
    story.history("r1", 1, 1, vec![seen(in_room("r1", last))]);
    for name in &others {
        story.server(ServerEvent::Person {
            request: Request::Person { id: person_id(name), username: (*name).into() },
            person: Some(person(name, name)),
        });
    }
    story.keys("f2").shows("@person00").lacks("@person39");
    story.shows("Members: 41").keys("down down").lacks("@me").shows("@person00");
    for _page in 0..9 {
        story.keys("pagedown");
    }
    story.shows("@person39").keys("up").lacks("@person39");
    story.mouse(MouseKind::WheelUp, "@person38").lacks("@person38");
    for _page in 0..9 {
        story.keys("pageup");
    }
    story.shows("@person00").keys("esc").lacks("@person00");
}

/// Metadata of more than a row was cut at the edge of the box.
#[test]
fn room_info_wraps_long_metadata() {
    for (width, height) in [(80, 24), (40, 12)] {
        let mut story = Story::online(width, height);
        let last = message("g1", "alice", "Hello all", -60_000);
        let metadata = Some(format!("{{\"topic\":\"{}end\"}}", "word ".repeat(100)));
        let info = RoomInfo { metadata: metadata.map(Into::into), ..room("r1", "Everybody", &["alice"], last) };
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![info] });
        story.keys("f2");
        for _page in 0..9 {
            story.keys("pagedown");
        }
        story.shows("word end");
    }
}

#[test]
fn help_begins_with_what_can_be_done_here() {
    let mut story = vchat_story(100, 30);
    story.keys("tab f1").shows("Here and now").shows("Show everything that can be done").shows("Reply");
    story.keys("esc esc").types("text").keys("f1");
    let first = help_lines(story.state.scene());
    assert!(
        matches!(&first[..2], [HelpLine::Heading("Here and now"), HelpLine::Entry { keys, help: "Send" }] if keys == "Enter")
    );
}

#[test]
fn help_is_filtered_by_words() {
    let mut story = vchat_story(100, 30);
    story.keys("f1 /").types("room unread").shows("› room unread").shows("Next unread room").lacks("Reconnect");
    story.keys("ctrl+u").types("nothing like it").shows("No matches").keys("esc").shows("Go to a room");
    story.keys("esc").lacks("Keys and commands");
    // Letters that scroll the help are text while it is filtered.
    story.keys("f1 /").types("jump").shows("› jump").shows("Jump to latest");
}

#[test]
fn help_scrolls_with_every_usual_key() {
    let mut story = Story::chat(80, 24);
    story.keys("f1").shows("Here and now");
    for (down, up) in [("end", "home"), ("G", "g"), ("pagedown", "pageup"), ("j j", "k k"), ("down down", "up up")] {
        story.keys(down).lacks("Here and now").keys(up).shows("Here and now");
    }
}

/// Whoever typed a word while a message was selected deleted it: `d` asked, and a later `y` answered.
#[test]
fn word_typed_at_a_question_answers_no() {
    let mut story = Story::chat(100, 24);
    story.keys("tab up d").shows("Delete");
    story.effects.clear();
    story.keys("a").shows("Nothing was done: the question takes y or n.").keys("y");
    assert!(story.state.ui.overlay.is_none());
    assert_eq!(story.requests(), []);
}

/// A typed word with `dy` in it deleted the selected message: `d` asked, and `y` answered at once.
#[test]
fn question_accepts_a_yes_only_after_a_while() {
    let mut story = Story::chat(100, 24);
    story.keys("tab up").effects.clear();
    story.types("d").wait(399).shows("Delete this message for everyone?").shows("n no").lacks("y yes").types("y");
    story.shows("Delete this message for everyone?").types("n").lacks("Delete this message");
    assert_eq!(story.requests(), [], "the word was `dyn…`");
    story.keys("d y").wait(400).shows("y yes    n no").keys("f1").wait(10).keys("esc y").lacks("Delete this message");
    assert!(matches!(story.requests()[..], [Request::Delete { .. }]), "{}", story.screen());
}

/// The first letter closed the box and was lost, and Enter sent the rest.
#[test]
fn text_typed_over_the_room_info_is_whole() {
    let mut story = Story::chat(100, 24);
    story.keys("f2").shows("@alice").types("yes, at five").lacks("@alice").shows("› yes, at five");
    story.keys("ctrl+u f2 esc").lacks("@alice");
    assert!(story.state.ui.composer.is_empty(), "a key that is no text only closes it");
}

/// The commands without arguments were not found.
#[test]
fn switcher_finds_every_command() {
    let mut story = Story::chat(100, 24);
    for (query, found) in [("settings", "/settings"), ("reload", "/reload"), ("quit", "Quit"), ("help", "Help: keys")] {
        story.keys("ctrl+k").types(query).shows(found).keys("esc");
    }
}

#[test]
fn filter_of_the_help_finds_headings() {
    let mut story = Story::chat(100, 24);
    story.keys("f1").types("/marks").shows("Marks on the screen").shows("Connected, or a person who is online");
}

/// A double click on what asks reached the answer as well.
#[test]
fn click_answers_yes_only_after_a_while() {
    let mut story = Story::chat(100, 24);
    story.keys("tab up d").effects.clear();
    let (column, row) = story.cell_of("n no").expect("an answer");
    let mouse = Mouse { kind: MouseKind::Click, column: column - 8, row };
    story.event(Event::Mouse(mouse)).shows("Delete this message for everyone?");
    assert_eq!(story.requests(), []);
}

#[test]
fn clock_that_is_set_back_delays_no_answer() {
    let mut story = Story::chat(100, 24);
    story.keys("tab up d");
    story.now = story.now + -3_600_000;
    story.keys("f1 esc").effects.clear();
    story.confirms();
    assert!(matches!(story.requests()[..], [Request::Delete { .. }]), "{}", story.screen());
}
