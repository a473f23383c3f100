//! What a user changes about a room, and the lists of what a room holds.

use minchat_tui::domain::{
    Attachment, AttachmentKind, Failure, MessageInfo, PersonInfo, Request, RoomKind, ServerEvent, SharedKind,
};
use minchat_tui::text::SafeText;

use super::{access, chat, group, list_members, member, membership, status};
use minchat_tui::app::{Effect, Event, Size};
use minchat_tui::domain::{MemberRole, Membership, RoomAccess, RoomInfo};
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
}

/// A group of three on a service that does not list people. Dora is known from a direct message.
fn crew() -> Story {
    let mut story = Story::chat(100, 24);
    let last = message("m2", "alice", "How are you?", -60_000);
    let mut direct = room_on(MINCHAT, "r2", "Dora Diaz", &["dora"], message("d1", "dora", "Hi", -90_000));
    direct.peer = Some(Box::new(person("dora", "Dora Diaz")));
    let rooms = vec![room_on(MINCHAT, "r1", "Crew", &["alice", "bob"], last), direct];
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms }).effects.clear();
    story
}

/// It only said what to type, although people are known from rooms and messages.
#[test]
fn known_people_can_be_added_where_none_are_listed() {
    let mut story = crew();
    story.types("/add").keys("enter").shows("Add to Crew").shows("Dora Diaz @dora").lacks("Alice Archer @alice");
    assert_eq!(story.requests(), []);
    story.types("xyz").shows("No matches. Type /add USER to add others.").keys("ctrl+u").types("dor").keys("enter");
    // The server is asked, because user names can change.
    assert_eq!(story.requests(), [Request::FindPerson { username: "dora".into() }]);
    let request = Request::FindPerson { username: "dora".into() };
    story.server(ServerEvent::Person { request, person: Some(person("dora", "Dora Diaz")) });
    let added = story.requests();
    assert!(
        matches!(added.as_slice(), [.., Request::AddMember { room, person: Some(_), .. }] if *room == room_id("r1")),
        "{added:?}"
    );
}

#[test]
fn adding_to_a_room_of_two_asks_first() {
    let mut story = crew();
    let rooms = vec![room_on(MINCHAT, "r1", "Crew", &["alice"], message("m2", "alice", "How are you?", -60_000))];
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms }).effects.clear();
    story.types("/add").keys("enter").types("dora").keys("enter").shows("Add Dora Diaz to Crew?");
    assert_eq!(story.requests(), []);
    story.confirms();
    assert_eq!(story.requests(), [Request::FindPerson { username: "dora".into() }]);
}

#[test]
fn add_without_known_people_says_what_to_type() {
    let mut story = Story::chat(100, 24);
    let last = message("m2", "alice", "How are you?", -60_000);
    let everybody: Vec<String> =
        story.state.account().people.iter().map(|person| person.info.username.to_string()).collect();
    let everybody: Vec<&str> = everybody.iter().map(String::as_str).filter(|name| *name != "me").collect();
    let rooms = vec![room_on(MINCHAT, "r1", "Crew", &everybody, last)];
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms }).effects.clear();
    story.types("/add").keys("enter").shows("Nobody else is known here yet. Type /add USER.").shows("› /add");
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
            bytes: None,
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

/// A description that is wrapped.
const DESCRIPTION: &str = "Who ships what and when: the plan is in the wiki, questions go to Carol, and releases leave the house \
                           on Tuesdays.\nSecond line";

fn described() -> Membership {
    Membership {
        members: Some(12),
        online: Some(3),
        description: Some(SafeText::block(DESCRIPTION)),
        created_at: Some(BEGIN + -90_000_000),
        ..Membership::default()
    }
}

/// Opens the list of members of the group, two of which are loaded.
fn open_members(story: &mut Story) {
    story.keys("f2");
    let members = [("me", MemberRole::Owner), ("bob", MemberRole::Member)];
    list_members(story, 1, false, members.map(|(name, role)| member(name, role)).to_vec());
    story.effects.clear();
}

/// Regression test: the description was cut in the header, and nowhere else.
#[test]
fn list_of_members_begins_with_what_describes_the_group() {
    let mut story = group();
    membership(&mut story, "r2", described());
    open_members(&mut story);
    for word in DESCRIPTION.split_whitespace() {
        story.shows(word);
    }
    story.shows("Description: Who ships").shows("Members: 12, 3 online").shows("Created: Friday 20 November 2026");
    story.lacks("Title:").shows("Me Myself @me");
    assert!(!status(&story).contains("message"), "the user is selected: {}", status(&story));
    story.keys("down");
    assert!(status(&story).contains("Enter message"), "a member is selected: {}", status(&story));
    // A newer description and a reloaded page leave the selection where it is.
    let changed = Membership { description: Some(SafeText::line("Short")), ..described() };
    membership(&mut story, "r2", changed);
    list_members(&mut story, 1, false, vec![member("me", MemberRole::Owner), member("bob", MemberRole::Member)]);
    story.shows("Description: Short").lacks("Second line");
    assert!(status(&story).contains("Enter message"), "{}", status(&story));
    story.keys("home");
    assert!(status(&story).contains("Enter copy"), "{}", status(&story));
    story.keys("enter");
    assert!(story.effects.contains(&Effect::Copy("Short".to_owned())), "{:?}", story.effects);
}

#[test]
fn description_longer_than_the_box_is_scrolled() {
    let words: Vec<String> = (1..=400).map(|number| format!("word{number}")).collect();
    let description = Some(SafeText::line(&words.join(" ")));
    for (width, height) in [(100, 24), (40, 12)] {
        let mut story = group();
        story.event(Event::Resize(Size { width, height }));
        membership(&mut story, "r2", Membership { description: description.clone(), ..described() });
        open_members(&mut story);
        story.shows("Description: word1 ");
        let mut seen = story.screen();
        for _page in 0..60 {
            seen.push_str(&story.keys("pagedown").screen());
        }
        for word in &words {
            assert!(seen.split_whitespace().any(|shown| shown == word), "{word} at {width}x{height}");
        }
        story.shows("Bob Brown");
    }
}

#[test]
fn title_that_is_cut_is_shown_whole() {
    let title = "A group with a title that is longer than the border of any box can ever show, whatever the screen";
    let mut story = group();
    story.server(ServerEvent::RoomRenamed { room: room_id("r2"), title: SafeText::line(title) });
    open_members(&mut story);
    story.shows("Title: A group with a title").shows("the screen").keys("esc");
    // On a service that lists the members itself.
    let mut story = Story::chat(100, 24);
    let last = message("g1", "alice", "hi", -60_000);
    let info = RoomInfo { kind: RoomKind::Group, ..room("r2", title, &["alice", "bob"], last) };
    let info = RoomInfo { created_at: Some(BEGIN + -90_000_000), ..info };
    story.server(ServerEvent::RoomOpened(Box::new(info)));
    story.keys("f2").shows("Title: A group with a title").shows("the screen").shows("Members: 3");
    story.shows("Created: Friday 20 November 2026").shows("@alice");
    let mut story = Story::chat(100, 24);
    story.keys("f2").lacks("Title:").lacks("Members:");
}

#[test]
fn list_without_members_is_closed_when_they_cannot_be_loaded() {
    let mut story = group();
    membership(&mut story, "r2", described());
    story.keys("f2").shows("Loading…");
    let request = Request::Members { room: room_id("r2"), kind: RoomKind::Group, page: 1 };
    let reason = SafeText::line("No access.");
    story.server(ServerEvent::Failed { request, failure: Failure::Refused, reason });
    story.lacks("Members: 12").shows("No access.");
}
