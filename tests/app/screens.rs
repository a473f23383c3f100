//! Snapshots of every screen.

use minchat_tui::app::{Event, FolderEntry, FolderListing, FolderRequest};
use minchat_tui::domain::{
    Activity, Attachment, AttachmentKind, ConnectionStatus, MINUTE, Member, MemberRole, Membership, MessageInfo,
    Request, RoomInfo, RoomKind, ServerEvent,
};
use minchat_tui::text::SafeText;
use test_support::story::*;

use crate::frames::at_every_size;

/// A chat with everything that a chat can contain.
fn busy(width: u16, height: u16) -> Story {
    let mut story = Story::online(width, height);
    let crew = room("r2", "Release crew", &["bob", "carol"], message("g1", "carol", "ship it", -3_600_000));
    let mut bob =
        room("r3", "Bob Brown", &["bob"], message("b1", "bob", "日本へようこそ 🎌 and more", -26 * 3_600_000));
    bob.last_message = bob.last_message.map(|last| MessageInfo { seen: false, ..last });
    let alice = room("r1", "Alice Archer", &["alice"], message("m6", "me", "No idea", 0));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![alice, crew, bob] });
    let file = Attachment {
        kind: AttachmentKind::Image,
        name: SafeText::line("cat.png"),
        size: SafeText::line("2 MB"),
        bytes: None,
        url: SafeText::line("https://files.example/cat.png"),
        duration: None,
    };
    let long = "A paragraph that is long enough to be wrapped in every one of the sizes at which this is drawn.";
    story.history(
        "r1",
        1,
        1,
        vec![
            seen(message("m1", "me", "Hello Alice", -26 * 3_600_000)),
            seen(message("m2", "alice", long, -5 * MINUTE)),
            seen(MessageInfo { attachment: Some(Box::new(file)), ..message("m3", "alice", "", -4 * MINUTE) }),
            seen(message("m4", "alice", "<b>bold</b> & _plain_", -3 * MINUTE)),
            seen(message("m5", "me", "to be deleted", -2 * MINUTE)),
            message("m6", "me", "No idea", -MINUTE),
        ],
    );
    story.server(ServerEvent::Edited(message("m4", "alice", "<b>bold</b> & _changed_", -3 * MINUTE)));
    story.server(ServerEvent::Deleted(message_id("m5")));
    story.server(ServerEvent::Presence { person: person_id("alice"), online: true });
    story.server(ServerEvent::Typing {
        person: person("alice", "Alice Archer"),
        room: None,
        activity: Some(Activity::Typing),
    });
    story
}

#[test]
fn first_frame() {
    at_every_size("first", Story::new);
}

#[test]
fn connection_error() {
    at_every_size("unreachable", |width, height| {
        let mut story = Story::new(width, height);
        let reason =
            SafeText::line("Cannot reach https://api.minchat.io: connection refused. Check --url and the network.");
        story.server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 4_000, reason }));
        story
    });
}

#[test]
fn no_chats() {
    at_every_size("empty", |width, height| {
        let mut story = Story::online(width, height);
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![] });
        story
    });
}

#[test]
fn busy_chat() {
    at_every_size("busy", busy);
}

#[test]
fn selected_message() {
    at_every_size("selected", |width, height| {
        let mut story = busy(width, height);
        story.keys("tab");
        story
    });
}

#[test]
fn failed_and_queued_messages() {
    at_every_size("failed", |width, height| {
        let mut story = busy(width, height);
        story.effects.clear();
        story.types("this one fails").keys("enter").types("this one waits").keys("enter");
        let request = story.requests().into_iter().find(|r| matches!(r, Request::Send { .. })).expect("a send");
        story.server(ServerEvent::Failed {
            request,
            failure: Failure::Refused,
            reason: SafeText::line("You write too fast."),
        });
        story.wait(10_000);
        story
    });
}

#[test]
fn messages_queued_while_offline() {
    at_every_size("waiting", |width, height| {
        let mut story = busy(width, height);
        let reason = SafeText::line("The network is down.");
        story.server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 60_000, reason }));
        story.keys("up").types(", and that is all there is to be said of it").keys("enter");
        story.types("this one waits").keys("enter").keys("tab up up up up up up d").confirms();
        story.keys("alt+down").types("half a thought").keys("alt+up");
        story.wait(10_000);
        story
    });
}

#[test]
fn new_messages_below() {
    at_every_size("below", |width, height| {
        let mut story = busy(width, height);
        for n in 0..40 {
            story.server(ServerEvent::Message(seen(message(&format!("n{n}"), "bob", &format!("line {n}"), n))));
        }
        story.event(Event::Focus(false)).keys("pageup");
        story.server(ServerEvent::Message(message("late", "alice", "while you were up there", 100)));
        story
    });
}

#[test]
fn draft_of_several_lines() {
    at_every_size("composer", |width, height| {
        let mut story = busy(width, height);
        story
            .types("First line")
            .keys("alt+enter")
            .types("and a second one that is long enough to wrap somewhere, surely");
        story
    });
}

#[test]
fn switcher() {
    at_every_size("switcher", |width, height| {
        let mut story = busy(width, height);
        story.keys("ctrl+k").types("re");
        story
    });
}

#[test]
fn help() {
    at_every_size("help", |width, height| {
        let mut story = busy(width, height);
        story.keys("f1");
        story
    });
}

#[test]
fn question() {
    at_every_size("question", |width, height| {
        let mut story = busy(width, height);
        story.keys("tab d").wait(400);
        story
    });
}

#[test]
fn room_info() {
    at_every_size("info", |width, height| {
        let mut story = busy(width, height);
        story.keys("f2");
        story
    });
}

#[test]
fn room_list_with_focus() {
    at_every_size("list", |width, height| {
        let mut story = busy(width, height);
        story.keys("ctrl+b down");
        story
    });
}

/// Rooms of every kind that the service has; the group is open.
fn kinds(width: u16, height: u16) -> Story {
    let mut story = Story::online_on(VCHAT, width, height);
    let last = |id: &str, author: &str, text: &str, minutes: i64| message(id, author, text, -minutes * MINUTE);
    let listed = |id: &str, title: &str, others: &[&str], last| room_on(VCHAT, id, title, others, last);
    let crew = listed("r2", "Release crew", &["bob", "carol"], last("g1", "carol", "ship it", 0));
    let alice = RoomInfo {
        unread: Some(3),
        muted: true,
        ..listed("r1", "Alice Archer", &["alice"], last("m6", "alice", "Anybody?", 10))
    };
    let broadcast = RoomInfo {
        kind: RoomKind::Broadcast,
        unread: Some(12),
        ..listed("r3", "News of the house", &["alice", "bob"], last("n1", "bob", "We have moved", 20))
    };
    let order = RoomInfo {
        kind: RoomKind::Order,
        ..listed("r4", "Order 1001", &["bob"], last("o1", "bob", "It is on its way", 26 * 60))
    };
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![crew, alice, broadcast, order] });
    story.history("r2", 1, 1, vec![seen(in_room("r2", last("g1", "carol", "ship it", 0)))]);
    story.server(ServerEvent::Presence { person: person_id("alice"), online: true });
    let membership = Membership {
        role: Some(MemberRole::Admin),
        members: Some(12),
        online: Some(3),
        description: Some(SafeText::line("What is to be released, and when")),
        ..Membership::default()
    };
    story.server(ServerEvent::Membership { room: room_id("r2"), membership });
    story.server(ServerEvent::Typing {
        person: person("bob", "Bob Brown"),
        room: Some(room_id("r2")),
        activity: Some(Activity::Recording),
    });
    story
}

#[test]
fn rooms_of_every_kind() {
    at_every_size("kinds", kinds);
}

#[test]
fn completion_of_commands() {
    at_every_size("complete_command", |width, height| {
        let mut story = busy(width, height);
        story.types("/re").keys("down");
        story
    });
}

#[test]
fn completion_of_people() {
    at_every_size("complete_person", |width, height| {
        let mut story = kinds(width, height);
        story.types("Thanks @");
        story
    });
}

#[test]
fn completion_of_emoji() {
    at_every_size("complete_emoji", |width, height| {
        let mut story = busy(width, height);
        story.types("Done :wav");
        story
    });
}

#[test]
fn completion_of_a_path() {
    at_every_size("complete_path", |width, height| {
        let mut story = kinds(width, height);
        story.types("/send ~/");
        let entry = |name: &str, size| FolderEntry { name: name.to_owned(), size };
        let request = FolderRequest { folder: "~/".into(), prefix: String::new() };
        let entries = vec![
            entry("Documents", None),
            entry("日本の写真", None),
            entry("a file with a long name that does not fit into the popup of a narrow screen.png", Some(2_345_678)),
            entry("notes.txt", Some(1_234)),
        ];
        story.event(Event::Folder(FolderListing { request, entries, is_cut: false }));
        story
    });
}

#[test]
fn members_of_a_group() {
    at_every_size("members", |width, height| {
        let mut story = kinds(width, height);
        story.keys("f2");
        let named = [("carol", MemberRole::Owner), ("me", MemberRole::Admin), ("bob", MemberRole::Member)];
        let named = named.map(|(name, role)| Member { person: person(name, name_of(name)), role: Some(role) });
        let others = (1..20).map(|n| {
            let person = person(&format!("user{n}@example.org"), &format!("Somebody with the long name {n}"));
            Member { person, role: Some(MemberRole::Member) }
        });
        let members = named.into_iter().chain(others).collect();
        story.server(ServerEvent::Members { room: room_id("r2"), page: 1, more: true, members });
        story.keys("down down");
        story
    });
}

#[test]
fn room_closed_for_messages() {
    at_every_size("closed", |width, height| {
        let mut story = kinds(width, height);
        story.types("not sent yet");
        story.server(ServerEvent::Kicked { room: room_id("r2"), person: person_id("me") });
        story
    });
}

#[test]
fn ascii_mode_uses_ascii_only() {
    let mut story = busy(80, 24);
    story.state.options.ascii = true;
    let screen = story.screen();
    assert!(screen.is_ascii(), "\n{screen}");
    let mut story = kinds(80, 24);
    story.state.options.ascii = true;
    let screen = story.keys("f2").screen();
    assert!(screen.is_ascii(), "\n{screen}");
}
