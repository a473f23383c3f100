//! Notices about refused commands are whole on a screen of usual size.

use minchat_tui::domain::{RoomKind, ServerEvent};
use minchat_tui::input::{ArgumentKind, COMMANDS};
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
