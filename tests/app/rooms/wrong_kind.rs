//! Commands in a room of the wrong kind: they give the reason, and nothing is sent.

use minchat_tui::domain::{Membership, PersonInfo, Request, RoomAccess, RoomInfo, RoomKind, ServerEvent};
use test_support::story::*;

use super::{chat, group, membership};

/// Runs each command, and expects the sentence and no request.
#[track_caller]
fn refuses(story: &mut Story, commands: &[(&str, &str)]) {
    for (command, sentence) in commands {
        story.types(command).keys("enter").shows(sentence);
        let sent: Vec<_> = story.requests().into_iter().filter(Request::is_answered).collect();
        assert_eq!(sent, [], "{command}");
        story.wait(10_000).keys("ctrl+u").effects.clear();
    }
}

/// `/remove` in a direct message removed the other person at once, and `/add` posted a third one.
#[test]
fn direct_message_on_minchat_keeps_its_members() {
    let mut story = Story::chat(110, 24);
    refuses(
        &mut story,
        &[
            ("/remove alice", "Only groups have members to remove. /delete-chat deletes this room."),
            ("/remove @Alice", "Only groups have members to remove."),
            ("/remove dora", "Only groups have members to remove."),
            ("/remove me", "Only groups can be left. /delete-chat deletes this room."),
            ("/leave", "Only groups can be left."),
            ("/add carl", "People can be added to groups only. /group creates a group."),
            ("/add", "People can be added to groups only."),
            ("/role alice admin", "MinChat does not support"),
            ("/rename Us", "MinChat does not support"),
            ("/describe Us", "MinChat does not support"),
            ("/group-picture /tmp/x.png", "MinChat does not support"),
            ("/call", "MinChat does not support"),
        ],
    );
    story.types("/").lacks("/remove").lacks("/leave");
}

#[test]
fn direct_message_and_order_on_vchat_keep_their_members() {
    let order = |kind| {
        let mut story = chat();
        let last = message("m2", "alice", "How are you?", -60_000);
        let info = RoomInfo { kind, ..room_on(VCHAT, "r1", "Alice Archer", &["alice"], last) };
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![info] }).effects.clear();
        story
    };
    for kind in [RoomKind::Direct, RoomKind::Order] {
        refuses(
            &mut order(kind),
            &[
                ("/remove alice", "Only groups and broadcasts have members. /delete-chat"),
                ("/remove me", "Only groups can be left."),
                ("/leave", "Only groups can be left."),
                ("/add carl", "People can be added to groups and broadcasts only. /group creates a group."),
                ("/add", "People can be added to groups and broadcasts only."),
                ("/role alice admin", "Only groups have roles."),
                ("/rename Us", "Only groups and broadcasts can be renamed."),
                ("/describe Us", "Only groups have a description."),
                ("/group-picture /tmp/x.png", "Only groups and broadcasts have a picture."),
            ],
        );
    }
    refuses(&mut order(RoomKind::Order), &[("/call", "Calls work only in direct messages.")]);
}

#[test]
fn groups_and_broadcasts_refuse_the_commands_of_other_rooms() {
    refuses(
        &mut group(),
        &[
            ("/call", "Calls work only in direct messages."),
            ("/video", "Calls work only in direct messages."),
            ("/block", "This is not a direct message. Type /block USER."),
        ],
    );
    let mut story = chat();
    let info = RoomInfo { kind: RoomKind::Broadcast, last_message: None, ..super::group_info() };
    story.server(ServerEvent::RoomOpened(Box::new(info))).effects.clear();
    refuses(
        &mut story,
        &[
            ("/leave", "Only groups can be left."),
            ("/role bob admin", "Only groups have roles."),
            ("/describe Us", "Only groups have a description."),
            ("/call", "Calls work only in direct messages."),
        ],
    );
}

#[test]
fn members_of_a_group_that_was_left_cannot_be_changed() {
    let mut story = group();
    membership(&mut story, "r2", Membership { access: RoomAccess::NotMember, ..Membership::default() });
    story.effects.clear();
    refuses(
        &mut story,
        &[
            ("/add carl", "You are no longer in this group."),
            ("/add", "You are no longer in this group."),
            ("/remove bob", "You are no longer in this group."),
        ],
    );
}

/// A room of two with another title than the other person's name may be a group, or a direct message with somebody who
/// was renamed.
#[test]
fn change_in_a_room_of_two_that_may_be_direct_is_confirmed() {
    for (command, question) in [
        ("/remove alice", "Remove Alice Baker from Alice Archer? It has two members"),
        ("/add carl", "Add carl to Alice Archer? It has two members"),
    ] {
        let mut story = Story::chat(100, 24);
        let request = Request::Person { id: person_id("alice"), username: "alice".into() };
        let renamed: PersonInfo = person("alice", "Alice Baker");
        story.server(ServerEvent::Person { request, person: Some(renamed) }).effects.clear();
        story.types(command).keys("enter").shows(question).keys("n");
        assert!(!story.requests().iter().any(Request::is_answered), "{command}");
        story.types(command).keys("enter").confirms();
        let username = command.rsplit(' ').next().unwrap_or_default().to_owned();
        assert!(story.requests().contains(&Request::FindPerson { username }), "{command}");
    }
}
