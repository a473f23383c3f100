//! Uploads.

use std::path::PathBuf;

use minchat_tui::app::{Effect, Event, FilePurpose, FileRequest};
use minchat_tui::domain::{
    AccountId, AttachmentKind, Content, LocalId, MessageInfo, OutgoingFile, Request, ServerEvent,
};
use minchat_tui::text::SafeText;

use test_support::story::vchat::*;
use test_support::story::*;

fn cat() -> OutgoingFile {
    OutgoingFile {
        path: PathBuf::from("/home/me/cat.png"),
        name: "cat.png".into(),
        kind: AttachmentKind::Image,
        mime: "image/png".into(),
        size: 2_100_000,
        duration: None,
    }
}

fn request(story: &mut Story) -> FileRequest {
    let found = story.effects.iter().find_map(|effect| match effect {
        Effect::Inspect(_, request) => Some(request.clone()),
        _ => None,
    });
    story.effects.clear();
    found.expect("a request")
}

#[test]
fn file_is_inspected_shown_and_sent() {
    let mut story = vchat_story(100, 24);
    story.types("/send ~/cat.png").keys("enter");
    let request = request(&mut story);
    let expected = FileRequest {
        path: "~/cat.png".into(),
        purpose: FilePurpose::Message { room: room_id("r1"), reply_to: None, as_file: false },
    };
    assert_eq!(request, expected);
    story.lacks("cat.png");
    story.event(Event::File(AccountId(0), request, Ok(cat())));
    let (local, content, request) = take_send(&mut story);
    assert_eq!(content, Content::File { file: Box::new(cat()), reply_to: None });
    story.shows("[image] cat.png (2.1 MB)").shows("Uploading…");
    let progress = |sent| ServerEvent::Progress { room: room_id("r1"), local, sent, total: 2_100_000 };
    story.server(progress(903_000)).shows("Uploading 43 %");
    story.server(progress(904_000)).shows("Uploading 43 %").lacks("left");
    story.server(ServerEvent::Failed {
        request: request.clone(),
        failure: Failure::Refused,
        reason: SafeText::line("Too large."),
    });
    story.lacks("Uploading").shows("Not sent: Too large.");
    story.keys("tab s").shows("Uploading…").lacks("43 %");
    assert_eq!(take_requests(&mut story), [request]);
    let done = MessageInfo {
        local: Some(local),
        attachment: Some(Box::new(minchat_tui::domain::Attachment {
            kind: AttachmentKind::Image,
            name: SafeText::line("cat.png"),
            size: SafeText::line("2 MB"),
            bytes: None,
            url: SafeText::line("https://files.example/cat.png"),
            duration: None,
        })),
        ..message("m3", "me", "", 40)
    };
    let accepted =
        ServerEvent::Accepted { room: room_id("r1"), local, id: Some(done.id.clone()), message: Some(Box::new(done)) };
    story.server(accepted).shows("[image] cat.png (2 MB)").lacks("Uploading").lacks("(edited)");
    story.server(progress(2_100_000)).lacks("Uploading");
    assert!(story.state.account().outbox.is_empty());
}

#[test]
fn missing_file_restores_the_command() {
    let mut story = vchat_story(100, 24);
    story.types("/file cat.png").keys("enter");
    let request = request(&mut story);
    assert!(request.is_plain());
    story.event(Event::File(AccountId(0), request.clone(), Err("There is no file cat.png.".into())));
    story.shows("There is no file cat.png.").shows("› /file cat.png");
    story.keys("ctrl+u").types("hello");
    story.event(Event::File(AccountId(0), request, Err("There is no file cat.png.".into()))).shows("› hello");
}

#[test]
fn file_can_be_a_reply() {
    let mut story = vchat_story(100, 24);
    story.keys("tab r").types("/send cat.png").keys("enter");
    let request = request(&mut story);
    let FilePurpose::Message { reply_to, .. } = request.purpose.clone() else { panic!("{request:?}") };
    assert_eq!(reply_to, Some(local_id_of("m2")));
    story.lacks("Replying to");
    story
        .event(Event::File(AccountId(0), request.clone(), Err("No.".into())))
        .shows("Replying to Alice Archer: How are you?");
    story.keys("enter");
    story.event(Event::File(AccountId(0), request, Ok(cat()))).shows("▎ Alice Archer: How are you?");
    let (_, content, _) = take_send(&mut story);
    assert_eq!(content, Content::File { file: Box::new(cat()), reply_to: Some(local_id_of("m2")) });
}

#[test]
fn discarded_upload_is_reported() {
    let mut story = vchat_story(100, 24);
    story.types("/send cat.png").keys("enter");
    let request = request(&mut story);
    story.event(Event::File(AccountId(0), request, Ok(cat())));
    let (_, _, request) = take_send(&mut story);
    story.server(ServerEvent::Failed { request, failure: Failure::Refused, reason: SafeText::line("Too large.") });
    story.keys("tab x").shows("Canceled: cat.png").lacks("[image]");
    assert!(story.state.account().outbox.is_empty());
}

#[test]
fn file_goes_to_the_room_it_was_sent_in() {
    let mut story = vchat_story(100, 24);
    story.types("/send cat.png").keys("enter");
    let request = request(&mut story);
    story.keys("alt+down");
    story.effects.clear();
    story.event(Event::File(AccountId(0), request, Ok(cat())));
    let requests = take_requests(&mut story);
    assert!(
        matches!(requests.as_slice(), [minchat_tui::domain::Request::Send { room, .. }] if *room == room_id("r1")),
        "{requests:?}"
    );
    assert!(!story.pane().contains("cat.png"), "{}", story.screen());
}

/// Sends the picture of a cat in a chat on this service, and returns the request.
fn uploading(can: minchat_tui::domain::Capabilities, width: u16, height: u16) -> (Story, Request) {
    let mut story = Story::chat_on(can, width, height);
    story.types("/send cat.png").keys("enter");
    let request = request(&mut story);
    story.event(Event::File(AccountId(0), request, Ok(cat())));
    let (_, _, request) = take_send(&mut story);
    (story, request)
}

fn local_of(request: &Request) -> LocalId {
    let Request::Send { local, .. } = request else { panic!("{request:?}") };
    *local
}

fn progress_of(request: &Request, sent: u64) -> ServerEvent {
    ServerEvent::Progress { room: room_id("r1"), local: local_of(request), sent, total: 2_100_000 }
}

#[test]
fn upload_shows_a_bar_with_rate_and_time_left() {
    for can in [MINCHAT, VCHAT] {
        let (mut story, request) = uploading(can, 100, 24);
        for step in 0..=10 {
            story.server(progress_of(&request, step * 105_000)).wait(500);
        }
        story.shows("Uploading 50 % ━━━━━━━━┄┄┄┄┄┄┄┄ 210 kB/s · 0:05 left");
        let (mut story, request) = uploading(can, 40, 12);
        for step in 0..=10 {
            story.server(progress_of(&request, step * 105_000)).wait(500);
        }
        story.shows("Uploading 50 % 0:05 left").lacks("kB/s");
    }
}

#[test]
fn upload_is_canceled_by_a_key() {
    for can in [MINCHAT, VCHAT] {
        let (mut story, request) = uploading(can, 100, 24);
        story.server(progress_of(&request, 500_000)).keys("tab").shows("x cancel").keys("x").shows("Canceling…");
        assert_eq!(take_requests(&mut story), [Request::CancelUpload { local: local_of(&request) }]);
        let reason = SafeText::line("The upload was canceled.");
        story.server(ServerEvent::Failed { request, failure: Failure::NotSent, reason });
        story.shows("Canceled: cat.png").lacks("[image]");
        assert!(story.state.account().outbox.is_empty());
        assert!(story.wait(60_000).requests().iter().all(|request| !matches!(request, Request::Send { .. })));
    }
}

#[test]
fn upload_that_cannot_be_canceled_any_more_is_explained() {
    let (mut story, request) = uploading(VCHAT, 100, 24);
    story.server(progress_of(&request, 2_000_000)).keys("tab x").shows("Canceling…");
    let local = local_of(&request);
    let done = MessageInfo { local: Some(local), ..message("m3", "me", "", 40) };
    let accepted =
        ServerEvent::Accepted { room: room_id("r1"), local, id: Some(done.id.clone()), message: Some(Box::new(done)) };
    story.server(accepted).shows("The file was sent before it could be canceled.").lacks("Canceling");
    let (mut story, request) = uploading(MINCHAT, 100, 24);
    story.server(progress_of(&request, 2_100_000)).shows("Uploaded, waiting for the server…");
    story.keys("tab").lacks("x cancel").keys("x").shows("It is being sent.");
}

#[test]
fn interrupted_upload_is_repeated_a_few_times() {
    let (mut story, mut request) = uploading(MINCHAT, 100, 24);
    for _ in 0..3 {
        story.server(progress_of(&request, 500_000));
        let reason = SafeText::line("The upload was interrupted. Cannot reach the server.");
        story.server(ServerEvent::Failed { request, failure: Failure::NotSent, reason });
        story.shows("Upload interrupted, will be sent again");
        story.effects.clear();
        request = take_send(story.wait(300_000)).2;
    }
    story.server(progress_of(&request, 500_000));
    let reason = SafeText::line("The upload was interrupted. Cannot reach the server.");
    story.server(ServerEvent::Failed { request, failure: Failure::NotSent, reason });
    story.shows("Not sent: The upload was interrupted.").keys("tab").shows("s retry");
    assert!(story.wait(600_000).requests().iter().all(|request| !matches!(request, Request::Send { .. })));
    story.keys("s").shows("Uploading…");
}

#[test]
fn image_from_the_clipboard_is_sent_as_a_reply() {
    let mut story = vchat_story(100, 24);
    story.keys("tab r alt+v");
    let found = story.effects.iter().find_map(|effect| match effect {
        Effect::PasteImage(_, purpose, name) => Some((purpose.clone(), name.clone())),
        _ => None,
    });
    let (purpose, name) = found.expect("a request");
    assert!(name.starts_with("image-2026-11-21-") && name.ends_with(".png"), "{name}");
    story
        .event(Event::Notice("There is no image in the clipboard.".into()))
        .shows("There is no image")
        .shows("Replying to");
    story.effects.clear();
    let request = FileRequest { path: "/data/image.png".into(), purpose };
    story.event(Event::File(AccountId(0), request, Ok(cat()))).lacks("Replying to");
    let (_, content, _) = take_send(&mut story);
    assert_eq!(content, Content::File { file: Box::new(cat()), reply_to: Some(local_id_of("m2")) });
    story.types("/paste-image").keys("enter");
    assert!(story.effects.iter().any(|effect| matches!(effect, Effect::PasteImage(..))));
}
