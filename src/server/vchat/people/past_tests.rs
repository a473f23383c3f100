//! What the guest finds.

use std::collections::BTreeSet;

use super::*;
use crate::server::vchat::world::{Filter, Wanted};

fn world(guest: &str, ring: i64) -> (World, Me) {
    let mut world = World::new(1, "K", "http://h", ring);
    enter(&mut world, (&mut FileStore::default(), "http://h"), Timestamp(1_795_284_207_198), 1, guest).unwrap();
    let me = actor(&world.named(guest).unwrap().id);
    (world, me)
}

fn docs(list: &Value) -> &Vec<Value> {
    list["docs"].as_array().unwrap()
}

fn rooms(world: &World, me: &Me, filter: Filter) -> Vec<Value> {
    docs(&world.rooms(me, &Filter { limit: Some(49), ..filter })).clone()
}

#[test]
fn the_guest_finds_rooms_of_every_kind() {
    let (world, me) = world("sam", 60_000);
    let list = rooms(&world, &me, Filter::default());
    let kinds: BTreeSet<String> = list.iter().map(|room| text(room, "rT")).collect();
    assert_eq!(kinds.into_iter().collect::<String>(), "bgos");
    assert!(list.iter().any(|room| room["isM"] == true));
    assert!(list.iter().any(|room| room["uC"].as_u64() > Some(0)));
    assert_eq!(rooms(&world, &me, Filter { archived: true, ..Filter::default() }).len(), 1);
    assert!(list.iter().all(|room| room["lastMessage"].is_object()), "all have something to show");
}

#[test]
fn the_rooms_hold_every_sort_of_message() {
    let (world, me) = world("sam", 60_000);
    let mut sorts = BTreeSet::new();
    let (mut replies, mut forwards, mut deleted, mut ends) = (0, 0, 0, BTreeSet::new());
    for room in rooms(&world, &me, Filter::default()) {
        let mut before = None;
        loop {
            let page = world.history(&me, &text(&room, "rId"), &Wanted { before, ..Wanted::default() });
            let Some(oldest) = docs(&page).last() else { break };
            for message in docs(&page) {
                sorts.insert(text(message, "mT"));
                replies += usize::from(!message["rTo"].is_null());
                forwards += usize::from(!message["forId"].is_null());
                deleted += usize::from(!message["dltAt"].is_null());
                ends.extend(message["msgAtt"]["callStatus"].as_str().map(str::to_owned));
                assert!(message["mT"] == "text" || message["msgAtt"].is_object(), "{message}");
            }
            before = Some(text(oldest, "_id"));
        }
    }
    let all = ["call", "custom", "file", "image", "info", "location", "text", "video", "voice"];
    assert_eq!(sorts.iter().map(String::as_str).collect::<Vec<_>>(), all);
    assert!(replies > 0 && forwards > 0 && deleted > 0);
    assert_eq!(ends.iter().map(String::as_str).collect::<Vec<_>>(), ["finished", "rejected", "timeout"]);
}

#[test]
fn the_room_of_the_tricks_begins_with_them_and_ends_unread() {
    let (world, me) = world("sam", 60_000);
    let filter = Filter { text: Some("tobi".to_owned()), ..Filter::default() };
    let room = rooms(&world, &me, filter).remove(0);
    assert_eq!((&room["uC"], &room["lastMessage"]["sIdentifier"]), (&1.into(), &"tobi".into()));
    let wanted = Wanted { ascending: true, limit: Some(1), ..Wanted::default() };
    assert!(text(&docs(&world.history(&me, &text(&room, "rId"), &wanted))[0], "c").contains("hang up"));
}

#[test]
fn one_room_is_long_enough_to_page_through() {
    let (world, me) = world("sam", 60_000);
    let filter = Filter { text: Some("boiling".to_owned()), ..Filter::default() };
    let room = text(&rooms(&world, &me, filter)[0], "rId");
    assert!(world.room_of(&me.user, &room).unwrap().messages.len() > 400);
}

#[test]
fn a_guest_may_have_the_name_of_somebody_and_a_ring_may_be_short() {
    let (first, me) = world("tobi", 60_000);
    assert_eq!(first.user(&me.user).unwrap().shown(), "tobi");
    assert_eq!(first.named("tobi-2").unwrap().shown(), "Tobi Adeyemi");
    let (second, me) = world("sam", 0);
    assert!(!rooms(&second, &me, Filter::default()).is_empty());
}
