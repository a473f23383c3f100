//! Keys of other keyboards, pasted text, and boxes over wide characters.

use minchat_tui::app::{Effect, Event};
use minchat_tui::domain::{Content, Request, ServerEvent};
use minchat_tui::runtime::Screen;
use test_support::story::*;

#[test]
fn control_h_is_backspace_unless_bound() {
    let mut story = Story::chat(80, 24);
    story.types("abc").keys("ctrl+h").shows("› ab").lacks("› abc");
    story.keys("ctrl+k").types("ab").keys("ctrl+h ctrl+m");
    story.shows("› ab");
}

#[test]
fn control_m_is_enter_and_control_bracket_is_escape() {
    let mut story = Story::chat(80, 24);
    story.keys("ctrl+k").shows("Go to").keys("ctrl+[").lacks("Go to");
    story.types("hello").keys("ctrl+m").lacks("› hello");
}

#[test]
fn letters_of_other_scripts_act_on_a_selected_message() {
    let mut story = Story::chat(80, 24);
    // The keys of `y`, which copies, on a Russian and a Greek keyboard.
    for key in ["н", "υ"] {
        story.keys("tab").effects.clear();
        story.keys(key);
        assert!(story.effects.iter().any(|effect| matches!(effect, Effect::Copy(_))), "{key}");
        story.keys("esc");
    }
    story.types("нет").shows("› нет");
}

#[test]
fn pasted_tab_is_shown_as_spaces_and_sent_as_a_tab() {
    let mut story = Story::chat(80, 24);
    story.event(Event::Paste("all:\n\techo hi".into()));
    story.shows("› all:").shows("      echo hi").keys("enter");
    let texts = story.requests().into_iter().filter_map(|request| match request {
        Request::Send { content: Content::Text { text, .. }, .. } => Some(text),
        _ => None,
    });
    assert_eq!(texts.collect::<Vec<_>>(), ["all:\n\techo hi"]);
}

/// Frames of boxes once had holes where they cut a wide character of the screen below in two.
#[test]
fn box_over_wide_characters_has_a_whole_frame() {
    for width in [119, 120] {
        for key in ["ctrl+k", "f1"] {
            let mut story = wide_rooms(width);
            let mut written = Vec::new();
            let mut screen = Screen::new(&mut written);
            screen.draw(&story.state).unwrap();
            story.keys(key);
            screen.draw(&story.state).unwrap();
            let mut terminal = vt100::Parser::new(36, width, 0);
            terminal.process(&written);
            let cell = |x, y| terminal.screen().cell(y, x).map(|cell| cell.contents().to_owned()).unwrap_or_default();
            let corner = |symbol: &str| {
                (0..36).flat_map(|y| (0..width).map(move |x| (x, y))).find(|(x, y)| cell(*x, *y) == symbol)
            };
            let ((left, top), (right, _)) = (corner("╭").unwrap(), corner("╮").unwrap());
            let (_, bottom) = corner("╰").unwrap();
            for y in top + 1..bottom {
                let sides = (cell(left, y), cell(right, y));
                assert_eq!(sides, ("│".to_owned(), "│".to_owned()), "{key} at {width}, row {y}");
            }
        }
    }
}

/// A chat whose list and messages consist of wide characters.
fn wide_rooms(width: u16) -> Story {
    let mut story = Story::online(width, 36);
    let wide = "日本語の長い会話の名前がここにあります";
    let rooms = (0..12).map(|number| {
        let last = message(&format!("m{number}"), "alice", &wide.repeat(4), -60_000 * number);
        room(&format!("r{number}"), &format!("{number}{wide}"), &["alice"], last)
    });
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: rooms.collect() });
    let messages = (0..20_i64).map(|number| {
        let shift = "a".repeat(usize::try_from(number % 2).unwrap());
        seen(message(&format!("h{number}"), "alice", &format!("{shift}{}", wide.repeat(6)), -60_000 * number))
    });
    story.history("r0", 1, 1, messages.collect());
    story
}
