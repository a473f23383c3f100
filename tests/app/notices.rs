//! Notices about refused commands are whole on a screen of usual size.

use minchat_tui::app::Event;
use minchat_tui::domain::{RoomKind, ServerEvent};
use minchat_tui::input::{ArgumentKind, COMMANDS};
use minchat_tui::text::SafeText;
use test_support::story::vchat::*;
use test_support::story::*;

/// Arguments that a command takes, and that it does not.
fn lines() -> Vec<String> {
    let argument = |kind| match kind {
        ArgumentKind::Title => "Crew:",
        ArgumentKind::Choice(words) => words[0],
        ArgumentKind::Path => "/no/such/file",
        _ => "somebody",
    };
    COMMANDS
        .iter()
        .flat_map(|command| {
            let arguments: Vec<&str> = command.arguments.iter().map(|known| argument(known.kind)).collect();
            let name = command.name;
            [format!("/{name}"), format!("/{name} {}", arguments.join(" ")), format!("/{name} wrong words")]
        })
        .collect()
}

/// Regression test: sentences of up to 90 columns were cut on a screen of 80.
#[test]
fn notice_about_a_refused_command_is_not_cut() {
    let rooms: [fn() -> Story; 4] = [
        || Story::chat(80, 24),
        || Story::online_on(VCHAT, 80, 24),
        || vchat_story(80, 24),
        || {
            let mut story = vchat_story(80, 24);
            story.keys("alt+down").shows("# Release crew");
            story
        },
    ];
    let mut cut = Vec::new();
    for (room, open) in rooms.iter().enumerate() {
        let mut story = open();
        for line in lines() {
            if story.state.ui.overlay.is_some() || story.state.terminal.notice.is_some() {
                story = open();
            }
            story.keys("ctrl+u").types(&line).keys("enter");
            let Some(notice) = &story.state.terminal.notice else { continue };
            if !story.screen().lines().last().is_some_and(|status| status.contains(&notice.text)) {
                cut.push(format!("{room} {line}: {}", notice.text));
            }
        }
    }
    assert!(cut.is_empty(), "{cut:#?}");
}

/// The reason depends on the room, whose kind may be unknown.
#[test]
fn notice_about_an_unknown_kind_of_room_is_not_cut() {
    for others in [&["alice"][..], &[]] {
        let mut story = Story::online(80, 24);
        let info = minchat_tui::domain::RoomInfo {
            kind: RoomKind::Unknown,
            ..room("r9", "Somewhere", others, message("m1", "alice", "hi", -60_000))
        };
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![info] });
        for line in ["/leave", "/add bob", "/remove bob"] {
            story.keys("ctrl+u").types(line).keys("enter");
            let Some(notice) = &story.state.terminal.notice else { continue };
            let status = story.screen().lines().last().unwrap_or_default().to_owned();
            assert!(status.contains(&notice.text), "{line}: {}\n{status}", notice.text);
        }
    }
}

/// Regression test: the end of a long notice could not be read on a narrow screen.
#[test]
fn cut_notice_names_the_key_that_shows_all_of_it() {
    let long =
        "The key is on the command line, where other users of this computer can see it. Use a file or a variable.";
    for (width, height) in [(40, 12), (80, 24)] {
        let mut story = Story::chat(width, height);
        story.event(Event::Notice(long.into()));
        let status = story.screen().lines().last().unwrap_or_default().to_owned();
        assert!(status.contains("The key is on") && status.ends_with("…  Alt+I more"), "{status}");
        story.keys("alt+i").shows("Notices").shows("18:00  The key is").shows("variable.");
        story.keys("esc").lacks("variable.");
    }
    let mut story = Story::chat(160, 24);
    story.event(Event::Notice(long.into())).shows(long).lacks("Alt+I more");
}

/// Regression test: a notice that was replaced by another one was lost.
#[test]
fn replaced_notice_can_be_read_again() {
    let mut story = Story::chat(80, 24);
    story.keys("alt+i").shows("There are no notices yet.");
    story.event(Event::Notice("First, with an \u{1b}[31mescape sequence.".into())).wait(120_000);
    for sentence in ["Second.", "Third.", "Third."] {
        story.event(Event::Notice(sentence.into()));
    }
    story.types("/notices").keys("enter");
    let rows: Vec<String> = ["Third.", "Second.", "First,", "There are no"].map(|text| story.row_with(text)).to_vec();
    assert!(rows[0].contains("18:02  Third.") && rows[2].contains("18:00  First, with an ␛escape"), "{rows:?}");
    let line = |text: &str| story.screen().lines().position(|line| line.contains(text)).expect("a row");
    assert!(line("Third.") < line("Second.") && line("Second.") < line("First,"), "{}", story.screen());
    assert_eq!(story.screen().matches("Third.").count(), 1);
}

/// A sentence of the server does not replace a notice about what the user has just done.
#[test]
fn notice_of_the_server_is_listed_although_another_one_is_shown() {
    let mut story = Story::chat(80, 24);
    story.event(Event::Notice("Copied.".into()));
    story.server(ServerEvent::Notice(SafeText::line("The server says no."))).shows("Copied.").lacks("says no");
    story.keys("alt+i").shows("The server says no.");
}

/// Regression test: a hundred sentences of the server pushed the user's own notices out of the list.
#[test]
fn sentences_of_the_server_do_not_push_out_other_notices() {
    for can in [MINCHAT, VCHAT] {
        let mut story = Story::chat_on(can, 100, 60);
        story.types("/go nowhere").keys("enter").keys("ctrl+u");
        for number in 0..200 {
            story.server(ServerEvent::Notice(SafeText::line("message not found")));
            story.server(ServerEvent::Notice(SafeText::line(&format!("error {}", number % 10))));
        }
        story.keys("alt+i").shows("nowhere").shows("message not found (200 times)").shows("error 9 (20 times)");
    }
}
