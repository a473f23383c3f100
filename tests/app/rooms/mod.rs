//! Rooms, people, members and how one stands in a room, on a service that has all of it. Keys and events in, effects and
//! screens out; each test is named for what a user would miss, or for a bug.

mod basics;
mod lists;
mod members;
mod membership;

use minchat_tui::domain::{Access, Member, MemberRole, Membership, Request, RoomInfo, ServerEvent};
use test_support::story::*;

fn chat() -> Story {
    Story::chat_on(VCHAT, 100, 24)
}

/// Alice's chat, with a group beside it that is open.
fn crew() -> Story {
    let mut story = chat();
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![crew_info()] });
    story.types("/go Release").keys("enter");
    story.history("r2", 1, 1, vec![seen(in_room("r2", message("g1", "carol", "ship it", -3_600_000)))]);
    story.wait(2_000).effects.clear();
    story
}

fn crew_info() -> RoomInfo {
    room_on(VCHAT, "r2", "Release crew", &["bob", "carol"], message("g1", "carol", "ship it", -3_600_000))
}

fn member(username: &str, role: MemberRole) -> Member {
    Member { person: person(username, name_of(username)), role: Some(role) }
}

fn list_members(story: &mut Story, page: u32, more: bool, members: Vec<Member>) {
    story.server(ServerEvent::Members { room: room_id("r2"), page, more, members });
}

fn membership(story: &mut Story, room: &str, membership: Membership) {
    story.server(ServerEvent::Membership { room: room_id(room), membership });
}

fn access(access: Access) -> Membership {
    Membership { access, ..Membership::default() }
}

fn asks_standing(story: &mut Story) -> usize {
    story.requests().iter().filter(|request| matches!(request, Request::Membership { .. })).count()
}

fn status(story: &Story) -> String {
    story.screen().lines().last().unwrap_or_default().to_owned()
}
