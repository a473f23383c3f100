//! Snapshots of messages on a service with V Chat's capabilities.

use minchat_tui::app::{Effect, Event};
use minchat_tui::domain::{
    AccountId, Attachment, AttachmentKind, CallId, MINUTE, MessageInfo, MessageKind, OutgoingFile, ServerEvent,
};
use minchat_tui::text::SafeText;
use test_support::story::vchat::*;
use test_support::story::*;

use crate::frames::at_every_size;

/// A chat with every kind of message of V Chat.
fn rich(width: u16, height: u16) -> Story {
    let report = |id, kind, text, at| MessageInfo { kind, ..sent_message(id, "alice", text, at) };
    let [m1, m2] = <[MessageInfo; 2]>::try_from(two_messages()).expect("two");
    let file = Attachment {
        kind: AttachmentKind::Voice,
        name: SafeText::line("note.ogg"),
        size: SafeText::line("40 kB"),
        bytes: None,
        url: SafeText::line("https://files.example/note.ogg"),
        duration: Some(72_000),
    };
    let page = vec![
        report("i1", MessageKind::Info, "Group created by Alice Archer", -9 * MINUTE),
        report("i2", MessageKind::Info, "Bob Brown joined by Alice Archer", -8 * MINUTE),
        MessageInfo { forwarded: true, ..sent_message("f1", "alice", "Passed on from elsewhere", -7 * MINUTE) },
        MessageInfo { starred: Some(true), ..sent_message("s1", "alice", "Worth a star", -6 * MINUTE) },
        MessageInfo { attachment: Some(Box::new(file)), ..sent_message("v1", "alice", "", -5 * MINUTE) },
        report("l1", MessageKind::Location, "The old mill", -4 * MINUTE),
        report("u1", MessageKind::Unreadable, "a message that cannot be read", -4 * MINUTE + 1_000),
        report("c1", MessageKind::Call, "Missed call from Alice Archer", -3 * MINUTE),
        m1.clone(),
        m2.clone(),
        MessageInfo {
            delivered: true,
            starred: Some(true),
            quote: Some(Box::new(quote(&m2))),
            ..sent_message(
                "m3",
                "me",
                "Fine, and a text that is long enough to be wrapped on the smaller screens",
                -30_000,
            )
        },
        MessageInfo { quote: Some(Box::new(quote(&m1))), ..sent_message("m4", "me", "And you?", -20_000) },
    ];
    vchat_story_with(width, height, 1, &page)
}

#[test]
fn every_kind_of_message() {
    at_every_size("rich", rich);
}

#[test]
fn selected_reply() {
    at_every_size("rich_selected", |width, height| {
        let mut story = rich(width, height);
        story.keys("tab");
        story
    });
}

#[test]
fn draft_of_a_reply() {
    at_every_size("replying", |width, height| {
        let mut story = rich(width, height);
        story.keys("tab r");
        story
    });
}

#[test]
fn forward_list() {
    at_every_size("sending_on", |width, height| {
        let mut story = rich(width, height);
        story.keys("tab f");
        story
    });
}

#[test]
fn incoming_call_rings() {
    at_every_size("rings", |width, height| {
        let mut story = rich(width, height);
        story.server(incoming_call("c1", "r3", "bob", true));
        story
    });
}

#[test]
fn call_in_progress() {
    at_every_size("held", |width, height| {
        let mut story = rich(width, height);
        story.types("/call").keys("enter");
        story.server(ServerEvent::CallStarted { call: CallId::new("c1"), room: room_id("r1"), video: false });
        story.server(ServerEvent::CallAccepted { call: Some(CallId::new("c1")), room: room_id("r1") });
        story
    });
}

#[test]
fn uploads_in_progress() {
    at_every_size("upload", |width, height| {
        let mut story = rich(width, height);
        for name in ["cat.png", "holiday.mp4"] {
            story.effects.clear();
            story.types(&format!("/send {name}")).keys("enter");
            let request = story.effects.iter().find_map(|effect| match effect {
                Effect::Inspect(_, request) => Some(request.clone()),
                _ => None,
            });
            let facts = OutgoingFile {
                path: name.into(),
                name: name.into(),
                kind: AttachmentKind::Image,
                mime: "image/png".into(),
                size: 2_100_000,
                duration: None,
            };
            story.event(Event::File(AccountId(0), request.expect("the inspection"), Ok(facts)));
            let (local, _, request) = take_send(&mut story);
            if name == "cat.png" {
                story.server(ServerEvent::Failed {
                    request,
                    failure: Failure::Refused,
                    reason: SafeText::line("Too large."),
                });
            } else {
                story.server(ServerEvent::Progress { room: room_id("r1"), local, sent: 43, total: 100 });
            }
        }
        story.wait(10_000);
        story
    });
}

#[test]
fn ascii_mode_uses_ascii_only() {
    let mut story = rich(100, 40);
    story.keys("tab r").server(incoming_call("c1", "r3", "bob", true));
    story.state.options.ascii = true;
    let screen = story.screen();
    assert!(screen.is_ascii(), "\n{screen}");
}
