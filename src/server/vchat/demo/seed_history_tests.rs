//! The rooms and messages that the guest finds.

use std::collections::BTreeSet;

use super::*;
use crate::server::vchat::world::{HistoryQuery, ListFilter};

fn seeded(guest: &str, ring_timeout: i64) -> (World, Actor) {
    seeded_for(&[guest], ring_timeout)
}

/// The world as the first of several guests sees it.
fn seeded_for(guests: &[&str], ring_timeout: i64) -> (World, Actor) {
    let mut world = World::new(1, "K", "http://h", ring_timeout);
    let now = Timestamp(1_795_284_207_198);
    let names: Vec<String> = guests.iter().map(|&guest| guest.to_owned()).collect();
    seed_history(&mut world, (&mut FileStore::default(), "http://h"), now, 1, &names).unwrap();
    let guest = actor(&world.user_by_identifier(guests[0]).unwrap().id);
    (world, guest)
}

fn docs(list: &Value) -> &Vec<Value> {
    list["docs"].as_array().unwrap()
}

fn rooms(world: &World, guest: &Actor, filter: ListFilter) -> Vec<Value> {
    docs(&world.rooms(guest, &ListFilter { limit: Some(49), ..filter })).clone()
}

#[test]
fn guest_finds_rooms_of_every_kind() {
    let (world, guest) = seeded("sam", 60_000);
    let list = rooms(&world, &guest, ListFilter::default());
    let kinds: BTreeSet<String> = list.iter().map(|room| text(room, "rT")).collect();
    assert_eq!(kinds.into_iter().collect::<String>(), "bgos");
    assert!(list.iter().any(|room| room["isM"] == true));
    assert!(list.iter().any(|room| room["uC"].as_u64() > Some(0)));
    assert_eq!(rooms(&world, &guest, ListFilter { archived: true, ..ListFilter::default() }).len(), 1);
    assert!(list.iter().all(|room| room["lastMessage"].is_object()), "every room has a message");
}

#[test]
fn history_contains_every_kind_of_message() {
    let (world, guest) = seeded("sam", 60_000);
    let mut kinds = BTreeSet::new();
    let (mut replies, mut forwards, mut deleted, mut outcomes) = (0, 0, 0, BTreeSet::new());
    for room in rooms(&world, &guest, ListFilter::default()) {
        let mut before = None;
        loop {
            let page = world.history(&guest, &text(&room, "rId"), &HistoryQuery { before, ..HistoryQuery::default() });
            let Some(oldest) = docs(&page).last() else { break };
            for message in docs(&page) {
                kinds.insert(text(message, "mT"));
                replies += usize::from(!message["rTo"].is_null());
                forwards += usize::from(!message["forId"].is_null());
                deleted += usize::from(!message["dltAt"].is_null());
                outcomes.extend(message["msgAtt"]["callStatus"].as_str().map(str::to_owned));
                assert!(message["mT"] == "text" || message["msgAtt"].is_object(), "{message}");
            }
            before = Some(text(oldest, "_id"));
        }
    }
    let all = ["call", "custom", "file", "image", "info", "location", "text", "video", "voice"];
    assert_eq!(kinds.iter().map(String::as_str).collect::<Vec<_>>(), all);
    assert!(replies > 0 && forwards > 0 && deleted > 0);
    assert_eq!(outcomes.iter().map(String::as_str).collect::<Vec<_>>(), ["finished", "rejected", "timeout"]);
}

#[test]
fn room_of_the_commands_lists_them_and_is_unread() {
    let (world, guest) = seeded("sam", 60_000);
    let filter = ListFilter { text: Some("tobi".to_owned()), ..ListFilter::default() };
    let room = rooms(&world, &guest, filter).remove(0);
    assert_eq!((&room["uC"], &room["lastMessage"]["sIdentifier"]), (&1.into(), &"tobi".into()));
    let oldest = HistoryQuery { ascending: true, limit: Some(1), ..HistoryQuery::default() };
    assert!(text(&docs(&world.history(&guest, &text(&room, "rId"), &oldest))[0], "c").contains("hang up"));
}

#[test]
fn largest_room_has_several_pages() {
    let (world, guest) = seeded("sam", 60_000);
    let filter = ListFilter { text: Some("boiling".to_owned()), ..ListFilter::default() };
    let room = text(&rooms(&world, &guest, filter)[0], "rId");
    assert!(world.member_room(&guest.user, &room).unwrap().messages.len() > 400);
}

#[test]
fn guest_may_have_the_username_of_a_person() {
    let (world, guest) = seeded("tobi", 60_000);
    assert_eq!(world.user(&guest.user).unwrap().display_name(), "tobi");
    assert_eq!(world.user_by_identifier("tobi-2").unwrap().display_name(), "Tobi Adeyemi");
}

#[test]
fn ring_timeout_may_be_zero() {
    let (world, guest) = seeded("sam", 0);
    assert!(!rooms(&world, &guest, ListFilter::default()).is_empty());
}
