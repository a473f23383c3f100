//! Commands of other programs: why one is refused, and which events they are told about.

use minchat_tui::app::{ControlCommand, Effect, Event, control_problem, is_credible, newest_entry};
use minchat_tui::domain::{Membership, MessageInfo, PersonId, RoomAccess, ServerEvent};
use test_support::story::*;

fn send(room: Option<&str>, text: &str) -> ControlCommand {
    ControlCommand::Send(room.map(str::to_owned), text.to_owned())
}

fn problem(story: &Story, command: &ControlCommand) -> Option<String> {
    control_problem(story.state.scene(), command)
}

#[test]
fn send_is_queued_or_refused_with_the_reason() {
    let mut story = Story::chat(80, 24);
    let before = newest_entry(story.state.scene());
    story.event(Event::Control(send(None, "Tea?")));
    assert_ne!(newest_entry(story.state.scene()), before);
    let queued = newest_entry(story.state.scene());
    for (command, reason) in [
        (send(None, " \n"), "The text is empty."),
        (send(Some("r1"), &"x".repeat(70_000)), "A text may have at most 65 kB."),
        (send(Some("nowhere"), "Tea?"), "No room of this profile has the id or title `nowhere`."),
    ] {
        assert_eq!(problem(&story, &command).as_deref(), Some(reason));
        story.event(Event::Control(command));
    }
    let membership = Membership { access: RoomAccess::NotMember, ..Membership::default() };
    story.server(ServerEvent::Membership { room: room_id("r1"), membership });
    for room in [None, Some("r1")] {
        let command = send(room, "Tea?");
        let reason = "You are no longer in this group. It is read-only.";
        assert_eq!(problem(&story, &command).as_deref(), Some(reason));
        story.event(Event::Control(command));
    }
    assert_eq!(newest_entry(story.state.scene()), queued);
}

/// A program that mirrors the conversation would otherwise show what the client ignores.
#[test]
fn forged_events_are_not_passed_on() {
    let story = Story::chat(80, 24);
    let account = story.state.scene().account;
    let edit = |author: &str| ServerEvent::Edited(message("m2", author, "Other words", 5));
    assert!(is_credible(account, &edit("alice")));
    assert!(!is_credible(account, &edit("mallory")));
    assert!(!is_credible(account, &ServerEvent::Message(message("m2", "mallory", "Other words", 5))));
    let deletion = |room: &str, author: &str| ServerEvent::Revoked {
        room: room_id(room),
        message: message_id("m2"),
        author: PersonId::new(author),
    };
    assert!(is_credible(account, &deletion("r1", "alice")));
    assert!(!is_credible(account, &deletion("r1", "mallory")));
    assert!(!is_credible(account, &deletion("r2", "alice")));
    // A message in a room that is not known yet is shown later.
    let unknown = MessageInfo { room: room_id("new"), ..message("x", "bob", "Hi", 5) };
    assert!(is_credible(account, &ServerEvent::Message(unknown)));
}

#[test]
fn declined_bundle_is_forgotten() {
    let mut story = Story::chat(80, 24);
    let contents = minchat_tui::app::BundleContents {
        folder: "~/report".into(),
        files: vec![("about.txt".into(), 9)],
        names_hidden: false,
        left_out: None,
    };
    story.event(Event::BundleReady(contents)).shows("~/report").keys("n").lacks("~/report");
    assert!(story.effects.contains(&Effect::DiscardBundle), "{:?}", story.effects);
}

/// Regression test: a text for a room that does not exist went to the first room whose title begins with its name.
#[test]
fn name_stands_for_one_room_or_for_none() {
    for can in [MINCHAT, VCHAT] {
        let mut story = Story::chat_on(can, 80, 24);
        let rooms = ["Anna Meyer", "Team", "Team"].into_iter().zip(["r2", "r3", "r4"]);
        let rooms = rooms.map(|(title, id)| room_on(can, id, title, &["bob", "carol"], message(id, "bob", "Hi", 0)));
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: rooms.collect() });
        let queued = newest_entry(story.state.scene());
        let unknown = |name: &str| format!("No room of this profile has the id or title `{name}`.");
        let several = "Several rooms are called `Team`. Name one of them by its id: r4 (Team), r3 (Team).";
        for (name, reason) in
            [("Ann", unknown("Ann")), ("", unknown("")), (" ", unknown(" ")), ("Team", several.into())]
        {
            for command in [send(Some(name), "Tea?"), ControlCommand::Open(name.to_owned())] {
                assert_eq!(problem(&story, &command).as_ref(), Some(&reason));
                story.event(Event::Control(command));
            }
        }
        assert_eq!(newest_entry(story.state.scene()), queued);
        assert_eq!(story.state.ui.open, Some(room_id("r1")));
        for name in ["r2", "Anna Meyer", "anna meyer"] {
            let before = newest_entry(story.state.scene());
            story.event(Event::Control(send(Some(name), "Tea?")));
            assert_ne!(newest_entry(story.state.scene()), before, "{name}");
        }
    }
}
