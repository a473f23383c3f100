//! What a user changes about a room, and the lists of what a room holds.

use minchat_tui::domain::{
    Attachment, AttachmentKind, Failure, MessageInfo, PersonInfo, Request, RoomKind, ServerEvent, SharedKind,
};
use minchat_tui::text::SafeText;

use super::{access, chat, group, membership};
use minchat_tui::domain::RoomAccess;
use test_support::story::*;

#[test]
fn nickname_is_shown_instead_of_the_title() {
    let mut story = group();
    story.types("/nick Shippers").keys("enter");
    let request = Request::SetNickname { room: room_id("r2"), name: "Shippers".into() };
    assert_eq!(story.requests(), std::slice::from_ref(&request));
    story.server(ServerEvent::Done(request)).shows("Your name for this room is now Shippers.").shows("# Shippers");
    story.shows("Message Shippers…").lacks("# Release crew");
    story.server(ServerEvent::RoomRenamed { room: room_id("r2"), title: SafeText::line("Crew") }).shows("# Shippers");
    story.types("/nick").keys("enter");
    let request = Request::SetNickname { room: room_id("r2"), name: String::new() };
    story.server(ServerEvent::Done(request)).shows("# Crew").lacks("# Shippers");
}

#[test]
fn description_of_a_group_is_changed() {
    let mut story = group();
    membership(&mut story, "r2", access(RoomAccess::Open));
    story.types("/describe Who ships what").keys("enter");
    let request = Request::SetDescription { room: room_id("r2"), text: "Who ships what".into() };
    assert_eq!(story.requests(), std::slice::from_ref(&request));
    let reason = SafeText::line("You dont have access");
    story.server(ServerEvent::Failed { request: request.clone(), failure: Failure::Refused, reason });
    story.shows("› /describe Who ships what").keys("enter").server(ServerEvent::Done(request));
    story.shows("The description was changed.").lacks("/describe").shows("Release crew  Who ships what");
    let mut story = chat();
    story.types("/describe x").keys("enter").shows("Only groups have a description.");
    assert_eq!(story.requests(), []);
}

/// `/nick` in a room without a nick name said that the room had its own title again.
#[test]
fn removing_a_missing_nickname_says_that_there_is_none() {
    let mut story = group();
    story.types("/nick").keys("enter");
    let request = Request::SetNickname { room: room_id("r2"), name: String::new() };
    assert_eq!(story.requests(), std::slice::from_ref(&request));
    story.server(ServerEvent::Done(request)).shows("You have no name of your own for Release crew.");
}

/// Regression test: the command was put into whatever room was open, where Enter would have changed the wrong room.
#[test]
fn failed_command_returns_to_the_room_it_was_about() {
    let (room, kind) = (room_id("r2"), RoomKind::Group);
    let dora = Request::AddMember { room: room.clone(), kind, person: None, username: "dora".into() };
    for (line, request, what) in [
        ("/describe Salaries", Request::SetDescription { room: room.clone(), text: "Salaries".into() }, "Description"),
        (
            "/nick Shippers",
            Request::SetNickname { room: room.clone(), name: "Shippers".into() },
            "Your name for the room",
        ),
        ("/rename Ships", Request::Rename { room: room.clone(), kind, title: "Ships".into() }, "Title"),
        ("/add dora", dora, "Member"),
    ] {
        let mut story = group();
        story.types(line).keys("enter").keys("alt+down").shows("› Message Alice Archer");
        let reason = SafeText::line("You dont have access");
        story.server(ServerEvent::Failed { request, failure: Failure::Refused, reason });
        story.shows("in Release crew: You dont have access").shows(what).shows("› Message Alice Archer");
        story.types("/go Release").keys("enter").shows("# Release crew").shows(&format!("› {line}"));
    }
}

/// The composer holds other text, so the notice is the only place left for the command.
#[test]
fn failed_command_without_place_is_quoted() {
    let mut story = group();
    let request = Request::SetDescription { room: room_id("r2"), text: "Who ships".into() };
    story.types("/describe Who ships").keys("enter").types("hello");
    let reason = SafeText::line("No access.");
    story.server(ServerEvent::Failed { request, failure: Failure::Refused, reason });
    story.shows("Description not changed: No access. Your text: /describe Who ships").shows("› hello");
}

#[test]
fn new_member_is_chosen_from_a_list() {
    let mut story = group();
    story.types("/add").keys("enter").shows("Add to Release crew").shows("Loading…");
    let request = |page| Request::AddablePeople { room: room_id("r2"), kind: RoomKind::Group, page };
    assert_eq!(story.requests(), [request(1)]);
    let unknown = PersonInfo { username: SafeText::default(), ..person("x", "Xenia") };
    let people = vec![unknown, person("dora", "Dora Diaz")];
    story.server(ServerEvent::People { request: request(1), more: false, people });
    story.shows("unknown user name: type /add USER").keys("enter").shows("Add to Release crew");
    story.keys("down").shows("Enter add").keys("enter").lacks("Add to Release crew");
    let (room, kind) = (room_id("r2"), RoomKind::Group);
    assert_eq!(story.requests(), [Request::AddMember { room, kind, person: None, username: "dora".into() }]);
    let mut story = chat();
    story.types("/add").keys("enter").shows("People can be added to groups and broadcasts only.");
    let mut story = Story::chat(100, 24);
    let last = message("m2", "alice", "How are you?", -60_000);
    let rooms = vec![room_on(MINCHAT, "r1", "Crew", &["alice", "bob"], last)];
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms }).effects.clear();
    story.types("/add").keys("enter").shows("Type /add USER.");
    assert_eq!(story.requests(), []);
}

#[test]
fn media_of_a_room_are_listed_page_by_page() {
    let mut story = group();
    story.types("/shared files").keys("enter").shows("Files in Release crew").keys("esc");
    story.types("/shared").keys("enter").shows("Images and videos in Release crew").effects.clear();
    let image = |id: &str, at| {
        let attachment = Attachment {
            kind: AttachmentKind::Image,
            name: SafeText::line(&format!("{id}.png")),
            size: SafeText::line("2 kB"),
            url: SafeText::line("https://files.example/x.png"),
            duration: None,
        };
        MessageInfo { attachment: Some(Box::new(attachment)), ..in_room("r2", message(id, "carol", "", at)) }
    };
    let page = |page, before: Option<&str>| Request::Shared {
        room: room_id("r2"),
        kind: SharedKind::Media,
        before: before.map(message_id),
        page,
    };
    let messages = vec![image("p2", -1_000), image("p1", -2_000)];
    story.server(ServerEvent::Shared { request: page(1, None), more: true, messages });
    story.shows("Carol Chen: [image] p2.png (2 kB)").shows("p1.png");
    assert_eq!(story.requests(), [page(2, Some("p1"))], "the rest is read on");
    story.server(ServerEvent::Shared { request: page(2, Some("p1")), more: false, messages: Vec::new() });
    assert_eq!(story.requests(), []);
    story.lacks("Loading…").keys("enter").lacks("Images and videos");
}

#[test]
fn call_history_is_cleared_after_a_question() {
    let mut story = chat();
    story.types("/clear-calls").keys("enter").shows("Clear the list of past calls?").confirms();
    assert_eq!(story.requests(), [Request::ClearCalls]);
    story.server(ServerEvent::Done(Request::ClearCalls)).shows("The list of past calls was cleared.");
}
