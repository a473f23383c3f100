//! The user's own name and picture, and the picture of a group.

use minchat_tui::app::{Effect, Event, FilePurpose, FileRequest};
use minchat_tui::domain::{AccountId, AttachmentKind, Failure, OutgoingFile, Request, RoomKind, ServerEvent};
use minchat_tui::text::SafeText;

use test_support::story::*;

fn picture(kind: AttachmentKind) -> Box<OutgoingFile> {
    let (path, name, mime) = ("/home/me/face.png".into(), "face.png".to_owned(), "image/png".to_owned());
    Box::new(OutgoingFile { path, name, kind, mime, size: 2_000, duration: None })
}

fn inspection(story: &mut Story) -> FileRequest {
    let found = story.effects.iter().find_map(|effect| match effect {
        Effect::Inspect(_, request) => Some(request.clone()),
        _ => None,
    });
    story.effects.clear();
    found.expect("an inspection")
}

fn both() -> [Story; 2] {
    [MINCHAT, VCHAT].map(|can| Story::chat_on(can, 100, 24))
}

#[test]
fn name_changes_once_the_server_has_accepted_it() {
    for mut story in both() {
        story.types("/name Ms Myself").keys("enter");
        let request = Request::SetName { name: "Ms Myself".into() };
        assert_eq!(story.requests(), std::slice::from_ref(&request));
        story.shows("Me Myself").server(ServerEvent::Done(request));
        story.shows("Your name is now Ms Myself.").lacks("Me Myself");
    }
}

#[test]
fn refused_name_is_kept_and_the_reason_shown() {
    for mut story in both() {
        story.types("/name x").keys("enter");
        let request = Request::SetName { name: "x".into() };
        let reason = SafeText::line("The server refused the request: too short");
        story.server(ServerEvent::Failed { request, failure: Failure::Refused, reason });
        story
            .shows("Name not changed: The server refused the request: too short")
            .shows("Me Myself")
            .shows("› /name x");
    }
}

#[test]
fn refused_picture_is_named_and_its_command_returns() {
    for mut story in both() {
        let reason = SafeText::line("The server refused the request.");
        let request = Request::SetPicture { file: picture(AttachmentKind::Image) };
        story.server(ServerEvent::Failed { request, failure: Failure::Refused, reason });
        story.shows("Picture not changed: The server refused the request.").shows("› /picture /home/me/face.png");
    }
}

/// Regression test: the name came back at the next start, without a word.
#[test]
fn name_set_by_the_profile_is_said_to_return() {
    let mut story = Story::chat(100, 24);
    story.state.account_mut().profile.sets_name = true;
    story.server(ServerEvent::Done(Request::SetName { name: "Ms Myself".into() }));
    story.shows("Your name is now Ms Myself. --name or the profile sets it again at the next start.");
}

#[test]
fn own_picture_is_inspected_and_sent() {
    for mut story in both() {
        story.types("/picture ~/face.png").keys("enter");
        let request = inspection(&mut story);
        assert_eq!(request, FileRequest { path: "~/face.png".into(), purpose: FilePurpose::OwnPicture });
        story.event(Event::File(AccountId(0), request, Ok(*picture(AttachmentKind::Image))));
        let request = Request::SetPicture { file: picture(AttachmentKind::Image) };
        assert_eq!(story.requests(), std::slice::from_ref(&request));
        story.server(ServerEvent::Done(request)).shows("Your picture was changed.");
    }
}

#[test]
fn file_that_is_not_an_image_is_not_sent() {
    for mut story in both() {
        story.types("/picture ~/face.png").keys("enter");
        let request = inspection(&mut story);
        story.event(Event::File(AccountId(0), request, Ok(*picture(AttachmentKind::File))));
        story.shows("face.png is not an image.").shows("› /picture ~/face.png");
        assert_eq!(story.requests(), []);
    }
}

#[test]
fn group_picture_is_sent_and_its_room_requested_again() {
    let mut story = Story::chat_on(VCHAT, 100, 24);
    story.types("/group-picture ~/face.png").keys("enter").shows("Only groups and broadcasts have a picture");
    story.keys("ctrl+u");
    let crew = room_on(VCHAT, "r2", "Release crew", &["bob", "carol"], message("g1", "carol", "ship it", -30_000));
    story.server(ServerEvent::RoomChanged(Box::new(crew)));
    story.types("/go Release").keys("enter").effects.clear();
    story.types("/group-picture ~/face.png").keys("enter");
    let request = inspection(&mut story);
    story.event(Event::File(AccountId(0), request, Ok(*picture(AttachmentKind::Image))));
    let file = picture(AttachmentKind::Image);
    let request = Request::SetRoomPicture { room: room_id("r2"), kind: RoomKind::Group, file };
    assert_eq!(story.requests(), std::slice::from_ref(&request));
    story.server(ServerEvent::Done(request)).shows("The picture of Release crew was changed.");
    assert_eq!(story.requests(), [Request::Room { room: room_id("r2") }]);
}

#[test]
fn minchat_says_that_it_has_no_group_pictures() {
    let mut story = Story::chat(100, 24);
    story.types("/group-picture x.png").keys("enter");
    story.shows("MinChat does not support changing the title and picture of groups.");
}

/// Messages of V Chat have the name that their author had at that time, and brought the old one back.
#[test]
fn older_message_does_not_bring_the_old_name_back() {
    for mut story in [MINCHAT, VCHAT].map(|can| Story::chat_on(can, 100, 24)) {
        story.server(ServerEvent::Done(Request::SetName { name: "Ms Myself".into() }));
        story.server(ServerEvent::Message(message("m8", "me", "from another device", 10)));
        story.shows("from another device").shows("Ms Myself").lacks("Me Myself");
    }
}
