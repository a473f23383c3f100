//! Rooms, members and membership, on a service with all of V Chat's capabilities: keys and server events go in, effects
//! and screens come out.

mod archive;
mod basics;
mod details;
mod leaving;
mod list_filter;
mod listing;
mod lists;
mod members;
mod membership;
mod names;
mod recheck;
mod unread;
mod wrong_kind;

use minchat_tui::domain::{Member, MemberRole, Membership, Request, RoomAccess, RoomInfo, ServerEvent};
use test_support::story::*;

/// The chat with Alice.
fn chat() -> Story {
    Story::chat_on(VCHAT, 100, 24)
}

/// The chat with Alice, and an open group.
fn group() -> Story {
    let mut story = chat();
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![group_info()] });
    story.types("/go Release").keys("enter");
    story.history("r2", 1, 1, vec![seen(in_room("r2", message("g1", "carol", "ship it", -3_600_000)))]);
    story.wait(2_000);
    for _request in 0..membership_requests(&mut story) {
        membership(&mut story, "r2", Membership::default());
    }
    story.effects.clear();
    story
}

/// The group.
fn group_info() -> RoomInfo {
    room_on(VCHAT, "r2", "Release crew", &["bob", "carol"], message("g1", "carol", "ship it", -3_600_000))
}

fn member(username: &str, role: MemberRole) -> Member {
    Member { person: person(username, name_of(username)), role: Some(role) }
}

/// Handles a page of the members of the group.
fn list_members(story: &mut Story, page: u32, more: bool, members: Vec<Member>) {
    story.server(ServerEvent::Members { room: room_id("r2"), page, more, members });
}

/// Handles the user's membership in a room.
fn membership(story: &mut Story, room: &str, membership: Membership) {
    story.server(ServerEvent::Membership { room: room_id(room), membership });
}

fn access(access: RoomAccess) -> Membership {
    Membership { access, ..Membership::default() }
}

/// Number of requests for a membership since the last call.
fn membership_requests(story: &mut Story) -> usize {
    story.requests().iter().filter(|request| matches!(request, Request::Membership { .. })).count()
}

/// The status line.
fn status(story: &Story) -> String {
    story.screen().lines().last().unwrap_or_default().to_owned()
}
