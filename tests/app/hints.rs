//! What the status line, the composer and the help say about keys is true.

use minchat_tui::app::{HelpLine, PaneRow, help_lines};
use minchat_tui::domain::{ConnectionStatus, RoomInfo, RoomKind, ServerEvent};
use minchat_tui::input::{COMMANDS, MouseKind};
use minchat_tui::text::SafeText;
use test_support::story::vchat::*;
use test_support::story::*;

fn status(story: &Story) -> String {
    story.screen().lines().last().unwrap_or_default().to_owned()
}

/// Regression test: only the composer was drawn again, so the hint stayed until something else changed the screen.
#[test]
fn hint_to_cancel_a_quotation_disappears_with_it() {
    let mut story = Story::chat(90, 24);
    story.keys("tab r").shows("Esc cancel reply").types("d").shows("Esc cancel reply").keys("up home delete");
    check(&story);
    assert!(!status(&story).contains("Esc cancel reply"), "{}", status(&story));
}

/// With a text, an edit or a reply in the composer, the status line showed only the palette, help and quit.
#[test]
fn hints_follow_the_text_in_the_composer() {
    let mut story = Story::chat(110, 24);
    assert!(status(&story).ends_with("  Ctrl+K go to · Tab select · F1 help · Ctrl+Q quit"), "{}", status(&story));
    story.types("h");
    assert!(status(&story).contains("  Enter send · Alt+Enter new line · Ctrl+K go to"), "{}", status(&story));
    story.keys("backspace").types("/he");
    assert!(status(&story).contains("  Enter insert · Esc close"), "{}", status(&story));
    story.keys("esc").lacks("Enter run").types("lp");
    assert!(status(&story).contains("  Enter run · Ctrl+K go to"), "{}", status(&story));
    story.keys("ctrl+u").lacks("Enter run").keys("up").shows("Editing message");
    assert!(status(&story).contains("  Enter save · Esc cancel · Alt+Enter new line"), "{}", status(&story));
    story.keys("ctrl+u");
    assert!(status(&story).contains("  Enter delete · Esc cancel"), "{}", status(&story));
    story.keys("esc").lacks("Esc cancel");
}

#[test]
fn hints_of_a_reply_say_how_to_send_and_cancel_it() {
    let mut story = vchat_story(110, 24);
    story.keys("tab r").shows("Replying to");
    assert!(status(&story).contains("  Esc cancel reply · Ctrl+K go to"), "{}", status(&story));
    story.types("yes");
    assert!(status(&story).contains("  Enter send · Esc cancel reply · Alt+Enter new line"), "{}", status(&story));
    story.keys("esc").lacks("cancel reply").shows("Enter send");
}

/// "Esc cancel Jump to latest" read as one hint.
#[test]
fn texts_of_the_activity_line_are_separated() {
    for width in 72..120 {
        let mut story = Story::chat(width, 24);
        for number in 0..40 {
            story.server(ServerEvent::Message(message(&format!("n{number}"), "alice", "more", number + 1)));
        }
        story.keys("up").types(" again").keys("pageup").shows("Jump to latest");
        let row = story.row_with("Jump to latest");
        let before = row.split("Jump to latest").next().unwrap_or_default();
        assert!([" · ", "   ", "│ "].iter().any(|end| before.ends_with(end)), "{row}");
    }
}

/// Without a room the composer said "Type / for commands", and typing it showed nothing.
#[test]
fn composer_without_a_room_names_a_key_that_shows_commands() {
    let mut story = Story::online(80, 24);
    story.shows("Press Ctrl+K for rooms and commands").keys("ctrl+k").types("reconn").shows("Reconnect");
}

/// The help listed `?` among the keys that work anywhere.
#[test]
fn question_mark_opens_the_help_except_in_the_composer() {
    let mut story = Story::chat(100, 24);
    story.types("?").shows("› ?").lacks("Keys and commands").keys("ctrl+u tab ?").shows("Keys and commands");
    let lines = help_lines(story.state.scene());
    let heading = |heading| lines.iter().position(|line| *line == HelpLine::Heading(heading)).expect("a section");
    let key = |line: &HelpLine| matches!(line, HelpLine::Entry { keys, .. } if keys.split(", ").any(|key| key == "?"));
    let at = lines.iter().position(key).expect("the key");
    let marks = heading("Marks on the screen");
    assert!(at > heading("On a selected message") && at < marks, "{lines:?}");
    assert_eq!(lines[..marks].iter().filter(|line| key(line)).count(), 1);
}

/// They were explained nowhere.
#[test]
fn help_explains_the_marks_on_the_screen() {
    let mut story = Story::chat(100, 24);
    story.keys("f1").types("/muted room").shows("⊘").shows("Muted room");
    story.state.options.ascii = true;
    story.keys("end").shows("~").lacks("⊘");
}

/// Two texts were cut at a fixed width, and nothing said that the help goes on.
#[test]
fn help_is_complete_and_says_that_there_is_more() {
    for (width, height) in [(40, 12), (80, 24), (120, 36)] {
        let mut story = Story::chat(width, height);
        story.keys("f1").shows("PgDn more below").lacks("…,");
        let lines = help_lines(story.state.scene());
        let text = |line: &HelpLine| match line {
            HelpLine::Entry { help, .. } => Some(*help),
            _ => None,
        };
        let text = lines.iter().filter_map(text).collect::<Vec<_>>().join(" ");
        let offered = COMMANDS.iter().filter(|command| story.state.account().offers_command(command));
        for command in offered {
            assert!(text.contains(command.help), "{width}: {}", command.help);
        }
        let mut screens = story.screen();
        for _ in 0..lines.len() {
            story.keys("down");
            screens.push_str(&story.screen());
        }
        story.lacks("more below").shows("Quit");
        let cut = screens
            .lines()
            .filter(|line| line.contains("│  "))
            .find(|line| line.contains("…│") || line.contains("… │"));
        assert_eq!(cut.filter(|line| !line.contains("USER …")), None);
    }
}

/// Every overlay listed the same keys again.
#[test]
fn keys_that_overlays_share_are_listed_once() {
    let mut story = vchat_story(100, 24);
    story.keys("f1");
    for shared in ["Close", "Page up", "Page down", "Up", "Down"] {
        let is_it = |line: &&HelpLine| matches!(line, HelpLine::Entry { help, .. } if *help == shared);
        assert_eq!(help_lines(story.state.scene()).iter().filter(is_it).count(), 1, "{shared}");
    }
}

/// After a jump the last row could name an author whose message was below the screen.
#[test]
fn author_is_shown_only_with_a_message() {
    let mut story = Story::chat(90, 24);
    for number in 0..60 {
        let author = if number % 2 == 0 { "alice" } else { "me" };
        story.server(ServerEvent::Message(message(&format!("n{number}"), author, "text", number + 1)));
    }
    for _ in 0..40 {
        story.keys("pageup");
        for _ in 0..5 {
            story.mouse(MouseKind::WheelUp, "text");
            let rows = &story.state.ui.pane.rows;
            assert!(!matches!(rows.last(), Some(PaneRow::Author(_))), "{}", story.screen());
        }
        if story.state.ui.pane.above == 0 {
            break;
        }
    }
}

/// The room list showed only a pencil.
#[test]
fn draft_is_shown_in_a_room_without_messages() {
    let mut story = vchat_story(100, 24);
    let dora = listed_room("r9", "Dora Dent", RoomKind::Direct, 0, message("x1", "me", "", 0));
    let mut rooms = three_rooms([0; 3]);
    rooms.push(RoomInfo { last_message: None, ..dora });
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
    story.types("/go Dora").keys("enter").types("see you").lacks("✎").keys("alt+up");
    let screen = story.screen();
    let pencil = screen.lines().find(|line| line.contains("✎")).expect("the room with the draft");
    assert!(pencil.contains("see you"), "{screen}");
}

/// The way out was dropped first, because it is the last hint.
#[test]
fn way_out_is_shown_where_hints_are_cut() {
    for width in 40..100 {
        let mut story = vchat_story(width, 24);
        story.keys("tab");
        assert!(status(&story).ends_with("Esc back"), "{width}: {}", status(&story));
    }
    let mut story = vchat_story(80, 24);
    story.keys("tab").shows("· … · Esc back");
}

/// Regression test: with marked messages or offline, a narrow screen showed no hints at all, and the popup had no way out.
#[test]
fn way_out_and_the_most_useful_hint_are_shown_on_narrow_screens() {
    for (keys, types, first, way_out) in [
        ("tab", "", "Enter actions", "Esc back"),
        ("tab space", "", "", "Esc unmark all"),
        ("f12", "", "Enter message", "Esc close"),
        ("ctrl+b", "", "Enter open", "Esc back"),
        ("tab r", "x", "Enter send", "Esc cancel reply"),
        ("", "/dm", "Tab insert", "Esc close"),
        ("tab f", "", "Enter forward", "Esc close"),
        ("ctrl+f", "", "", "Esc back"),
    ] {
        for offline in [false, true] {
            let mut story = vchat_story(40, 12);
            if offline {
                let reason = SafeText::line("Cannot reach the server.");
                story.server(ServerEvent::Connection(ConnectionStatus::Offline { reason, retry_in: 60_000 }));
            }
            if !keys.is_empty() {
                story.keys(keys);
            }
            story.types(types);
            let status = status(&story);
            assert!(status.contains(way_out), "{keys}{types}: {status}");
            assert!(offline || status.contains(first), "{keys}{types}: {status}");
            assert_eq!(status.contains("60 s"), offline, "the connection is still named: {status}");
        }
    }
}

#[test]
fn state_of_the_connection_keeps_its_words_where_there_is_space() {
    for (keys, types) in [("tab", ""), ("f12", ""), ("ctrl+k", ""), ("esc", "text")] {
        for width in [64, 72, 80, 120] {
            let mut story = vchat_story(width, 24);
            let reason = SafeText::line("Cannot reach the server.");
            story.server(ServerEvent::Connection(ConnectionStatus::Offline { reason, retry_in: 60_000 }));
            story.keys(keys).types(types);
            assert!(status(&story).contains("Reconnecting in 60 s"), "{keys}: {}", status(&story));
        }
    }
}

#[test]
fn narrow_screen_names_the_key_to_the_room_list() {
    let mut story = vchat_story(40, 12);
    story.shows("Ctrl+B rooms").keys("ctrl+b").shows("Release crew").shows("Esc back");
}

/// Regression test: letters that mean nothing were ignored without a word, and `?` gave no help in the room list.
#[test]
fn unbound_letter_says_how_to_write() {
    let mut story = Story::chat(120, 24);
    for focus in ["ctrl+up", "ctrl+b"] {
        story.keys(focus).keys("H").shows("H does nothing here. Press Esc to write, press ? for the keys.");
        story.keys("?").shows("Here and now").keys("esc esc");
    }
}

/// Regression test: other keys without a meaning were ignored without a word.
#[test]
fn unbound_key_is_answered() {
    let mut story = Story::chat(120, 24);
    for (key, name) in [("alt+x", "Alt+X"), ("f10", "F10"), ("ctrl+g", "Ctrl+G")] {
        story.wait(10_000).keys(key).shows(&format!("{name} does nothing here. Press F1 for the keys."));
        story.keys("tab").wait(10_000).keys(key).shows(&format!("{name} does nothing here. Press Esc to write"));
        story.keys("esc").wait(10_000);
    }
    story.types("draft").keys("f10").shows("F10 does nothing here.").shows("draft");
    // What terminals and slow lines send by themselves, and keys that every text field has.
    for key in ["ctrl+space", "alt+[", "alt+]", "alt+shift+o", "alt+shift+p", "shift+left", "shift+pagedown"] {
        story.wait(10_000).keys(key).lacks("does nothing here");
    }
}
