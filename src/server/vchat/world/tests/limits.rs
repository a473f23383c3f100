//! Storage limits, and the errors when they are reached.

use crate::server::limits::StorageLimits;
use crate::server::vchat::world::{NewRoom, World};

use super::test_world::{KEY, RING_TIMEOUT, TestWorld, assert_status, test_world, text};

fn limited_world(limits: &StorageLimits) -> TestWorld {
    let mut test = test_world();
    test.world = World::new(1, KEY, "http://h", RING_TIMEOUT).with_limits(limits);
    test
}

#[test]
fn users_and_rooms_are_limited() {
    let mut test = limited_world(&StorageLimits { users: 3, rooms: 1, ..StorageLimits::default() });
    let (ann, _, _) = (test.user("ann"), test.user("bob"), test.user("eve"));
    let (login, now) = (test.login("max"), test.now());
    let refused = test.world.log_in(now, login).unwrap_err();
    assert_eq!((refused.status, refused.message.contains("at most 3 users")), (507, true), "{refused:?}");
    test.user("ann");
    let room = test.single_room(&ann, "bob");
    assert_eq!(test.single_room(&ann, "bob"), room, "an existing room is not counted again");
    assert_status(test.world.peer_room(now, &ann, "eve"), 507);
    let new = NewRoom { identifiers: vec!["bob".into()], title: "t".into(), ..NewRoom::default() };
    assert_status(test.world.create_group(now, &ann, new.clone()), 507);
    assert_status(test.world.create_broadcast(now, &ann, new), 507);
    assert_status(test.world.set_ban(now, &ann, "eve", true), 507);
    assert_eq!(test.world.ban_status(&ann, "eve").unwrap()["isMeBanner"], false, "a refused ban changes nothing");
}

#[test]
fn broadcast_is_charged_for_each_copy() {
    let mut test = limited_world(&StorageLimits { bytes: 150_000, ..StorageLimits::default() });
    let (ann, _, _) = (test.user("ann"), test.user("bob"), test.user("eve"));
    let single = test.single_room(&ann, "bob");
    let now = test.now();
    let new = NewRoom { identifiers: vec!["bob".into(), "eve".into()], title: "t".into(), ..NewRoom::default() };
    let all = text(&test.world.create_broadcast(now, &ann, new).unwrap(), "rId");
    let long = test.message(&"x".repeat(60_000));
    assert_status(test.send(&ann, &all, &long), 507);
    assert!(test.send(&ann, &single, &long).is_ok(), "it fits once, but not three times");
    let other = test.message(&"x".repeat(60_000));
    test.send(&ann, &single, &other).unwrap();
    let third = test.message(&"x".repeat(60_000));
    let refused = test.send(&ann, &single, &third).unwrap_err();
    assert!(refused.message.starts_with("The sandbox is full"), "{refused:?}");
    test.send_text(&ann, &single, "a message that fits is accepted");
}

#[test]
fn dropped_messages_free_memory() {
    let mut test = limited_world(&StorageLimits { messages: 2, bytes: 250_000, ..StorageLimits::default() });
    let (ann, _) = (test.user("ann"), test.user("bob"));
    let room = test.single_room(&ann, "bob");
    for _ in 0..20 {
        test.send_text(&ann, &room, &"x".repeat(60_000));
    }
    assert_eq!(test.world.member_room(&ann.user, &room).unwrap().messages.len(), 2);
}
