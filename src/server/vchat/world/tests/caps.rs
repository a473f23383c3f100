//! What the world keeps, and what it says when it is full.

use crate::server::limits::StorageLimits;
use crate::server::vchat::world::{NewRoom, World};

use super::kit::{KEY, Kit, RING, assert_refused, kit, text};

fn keeping(kept: &StorageLimits) -> Kit {
    let mut kit = kit();
    kit.world = World::new(1, KEY, "http://h", RING).keeping(kept);
    kit
}

#[test]
fn users_and_rooms_are_counted() {
    let mut kit = keeping(&StorageLimits { users: 3, rooms: 1, ..StorageLimits::default() });
    let (ann, _, _) = (kit.person("ann"), kit.person("bob"), kit.person("eve"));
    let (login, now) = (kit.login("max"), kit.now());
    let refused = kit.world.connect(now, login).unwrap_err();
    assert_eq!((refused.status, refused.why.contains("at most 3 users")), (507, true), "{refused:?}");
    kit.person("ann");
    let room = kit.single(&ann, "bob");
    assert_eq!(kit.single(&ann, "bob"), room, "what is there is not counted again");
    assert_refused(kit.world.peer_room(now, &ann, "eve"), 507);
    let new = NewRoom { identifiers: vec!["bob".into()], title: "t".into(), ..NewRoom::default() };
    assert_refused(kit.world.create_group(now, &ann, new.clone()), 507);
    assert_refused(kit.world.create_broadcast(now, &ann, new), 507);
    assert_refused(kit.world.ban(now, &ann, "eve", true), 507);
    assert_eq!(kit.world.ban_view(&ann, "eve").unwrap()["isMeBanner"], false, "refused as a whole");
}

#[test]
fn a_full_world_takes_no_more_and_a_broadcast_counts_each_copy() {
    let mut kit = keeping(&StorageLimits { bytes: 150_000, ..StorageLimits::default() });
    let (ann, _, _) = (kit.person("ann"), kit.person("bob"), kit.person("eve"));
    let single = kit.single(&ann, "bob");
    let now = kit.now();
    let new = NewRoom { identifiers: vec!["bob".into(), "eve".into()], title: "t".into(), ..NewRoom::default() };
    let all = text(&kit.world.create_broadcast(now, &ann, new).unwrap(), "rId");
    let long = kit.draft(&"x".repeat(60_000));
    assert_refused(kit.send(&ann, &all, &long), 507);
    assert!(kit.send(&ann, &single, &long).is_ok(), "once it fits, three times it does not");
    let other = kit.draft(&"x".repeat(60_000));
    kit.send(&ann, &single, &other).unwrap();
    let third = kit.draft(&"x".repeat(60_000));
    let refused = kit.send(&ann, &single, &third).unwrap_err();
    assert!(refused.why.starts_with("The sandbox is full"), "{refused:?}");
    kit.say(&ann, &single, "what fits is taken");
}

#[test]
fn the_oldest_messages_give_way_and_make_room() {
    let mut kit = keeping(&StorageLimits { messages: 2, bytes: 250_000, ..StorageLimits::default() });
    let (ann, _) = (kit.person("ann"), kit.person("bob"));
    let room = kit.single(&ann, "bob");
    for _ in 0..20 {
        kit.say(&ann, &room, &"x".repeat(60_000));
    }
    assert_eq!(kit.world.room_of(&ann.user, &room).unwrap().messages.len(), 2);
}
