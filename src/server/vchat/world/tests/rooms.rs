//! Rooms, receipts and presence (§2.2, §5.1, §5.2).

use serde_json::{Value, json};

use super::test_world::{TestWorld, assert_status, test_world, text};
use crate::server::vchat::effect::{Effect, Target};
use crate::server::vchat::world::{HistoryQuery, ListFilter, NewOrder, RoomSetting};

fn ids(list: &Value) -> Vec<String> {
    list["docs"].as_array().unwrap().iter().map(|room| text(room, "rId")).collect()
}

#[test]
fn direct_room_is_hidden_until_its_first_message() {
    let mut test = test_world();
    let (ann, bob) = (test.user("ann"), test.user("bob"));
    let now = test.now();
    let room = test.world.peer_room(now, &ann, "bob").unwrap();
    assert_eq!((&room["isD"], room.get("lastMessage"), &room["t"]), (&json!(true), None, &json!("BOB")));
    let joined = test.world.take_effects().into_iter().filter(|effect| matches!(effect, Effect::Join { .. })).count();
    assert_eq!(joined, 2);
    let id = text(&room, "rId");
    assert_eq!(test.single_room(&bob, "ann"), id);
    assert_status(test.world.room(&ann, &id), 400);
    assert!(ids(&test.world.rooms(&ann, &ListFilter::default())).is_empty());
    test.send_text(&ann, &id, "hi");
    assert_eq!(ids(&test.world.rooms(&bob, &ListFilter::default())), [id.as_str()]);
    assert_eq!(test.world.room(&bob, &id).unwrap()["uC"], 1);
    let cleo = test.user("cleo");
    assert_status(test.world.room(&cleo, &id), 404);
    assert_status(test.world.peer_room(now, &ann, "ann"), 400);
    assert_status(test.world.peer_room(now, &ann, "nobody"), 404);
}

#[test]
fn deleted_room_returns_with_the_next_message() {
    let mut test = test_world();
    let (ann, bob) = (test.user("ann"), test.user("bob"));
    let room = test.single_room(&ann, "bob");
    test.send_text(&ann, &room, "one");
    test.world.delete_room(&ann, &room).unwrap();
    assert!(ids(&test.world.rooms(&ann, &ListFilter::default())).is_empty());
    let deleted = ListFilter { deleted: true, ..ListFilter::default() };
    assert_eq!(ids(&test.world.rooms(&ann, &deleted)), [room.as_str()]);
    assert_eq!(test.world.history(&ann, &room, &HistoryQuery::default())["docs"], json!([]));
    test.send_text(&bob, &room, "two");
    assert_eq!(ids(&test.world.rooms(&ann, &ListFilter::default())), [room.as_str()]);
    let page = |test: &TestWorld, actor| test.world.history(actor, &room, &HistoryQuery::default());
    assert_eq!(page(&test, &ann)["docs"].as_array().unwrap().len(), 1);
    assert_eq!(page(&test, &bob)["docs"].as_array().unwrap().len(), 2);
}

#[test]
fn rooms_are_sorted_by_newest_message_and_filtered() {
    let mut test = test_world();
    let ann = test.user("ann");
    let mut rooms = Vec::new();
    for other in ["bob", "cleo", "dan"] {
        test.user(other);
        let room = test.single_room(&ann, other);
        test.send_text(&ann, &room, "hi");
        rooms.push(room);
    }
    test.send_text(&ann, &rooms[0].clone(), "again");
    assert_eq!(ids(&test.world.rooms(&ann, &ListFilter::default())), [&*rooms[0], &*rooms[2], &*rooms[1]]);
    test.world.set_room_setting(&ann, &rooms[1], RoomSetting::Archived(true)).unwrap();
    test.world.set_room_setting(&ann, &rooms[2], RoomSetting::Muted(true)).unwrap();
    test.world.set_room_setting(&ann, &rooms[2], RoomSetting::Nickname("Dear".to_owned())).unwrap();
    assert_eq!(ids(&test.world.rooms(&ann, &ListFilter::default())), [&*rooms[0], &*rooms[2]]);
    let listed = |filter: ListFilter| ids(&test.world.rooms(&ann, &filter));
    assert_eq!(listed(ListFilter { archived: true, ..ListFilter::default() }), [&*rooms[1]]);
    assert_eq!(listed(ListFilter { muted: true, ..ListFilter::default() }), [&*rooms[2]]);
    assert_eq!(listed(ListFilter { text: Some("dea".to_owned()), ..ListFilter::default() }), [&*rooms[2]]);
    assert_eq!(listed(ListFilter { text: Some("BO".to_owned()), ..ListFilter::default() }), [&*rooms[0]]);
    assert!(listed(ListFilter { kind: Some("g".to_owned()), ..ListFilter::default() }).is_empty());
    assert_eq!(listed(ListFilter { limit: Some(1), page: Some(2), ..ListFilter::default() }), [&*rooms[2]]);
}

#[test]
fn receipt_names_the_author_and_is_sent_once() {
    let mut test = test_world();
    let (ann, bob) = (test.user("ann"), test.user("bob"));
    let room = test.single_room(&ann, "bob");
    test.send_text(&ann, &room, "one");
    test.send_text(&ann, &room, "two");
    test.events();
    for (deliver, event) in [(true, "v1OnDeliverChatRoom"), (false, "v1OnEnterChatRoom")] {
        for is_repeated in [false, true] {
            let now = test.now();
            if deliver {
                test.world.mark_delivered(now, &bob, &room).unwrap();
            } else {
                test.world.mark_seen(now, &bob, &room).unwrap();
            }
            let events = test.events();
            if is_repeated {
                assert_eq!(events, []);
            } else {
                assert_eq!((events[0].0.clone(), events[0].1), (Target::User(ann.user.clone()), event));
                assert_eq!((&events[0].2["roomId"], &events[0].2["userId"]), (&json!(room), &json!(ann.user)));
            }
        }
    }
    assert_eq!(test.world.unread_count(&bob, &room).unwrap(), 0);
    let cleo = test.user("cleo");
    let now = test.now();
    assert_status(test.world.mark_seen(now, &cleo, &room), 403);
    test.send_text(&ann, &room, "three");
    test.events();
    let now = test.now();
    assert_eq!(test.world.announce_delivery(now, &bob, &room).unwrap(), json!({ "isUpdated": true }));
    assert_eq!(test.events()[0].0, Target::Room(room.clone()));
    assert_eq!(test.world.announce_delivery(now, &bob, &room).unwrap(), json!({ "isUpdated": false }));
}

#[test]
fn connecting_delivers_waiting_messages() {
    let mut test = test_world();
    let (ann, bob) = (test.user("ann"), test.user("bob"));
    let room = test.single_room(&ann, "bob");
    let now = test.now();
    test.world.on_disconnected(now, &bob, Some(&room));
    let events = test.events();
    assert_eq!(events[0].2, json!({ "roomId": room, "status": "stop", "name": "", "userId": bob.user }));
    assert!(!test.world.is_online(&bob.user));
    test.send_text(&ann, &room, "are you there?");
    test.events();
    let now = test.now();
    assert_eq!(test.world.on_connected(now, &bob), std::slice::from_ref(&room));
    let events = test.events();
    assert_eq!((events[0].0.clone(), events[0].1), (Target::Room(room), "v1OnDeliverChatRoom"));
    let query = json!([{ "peerId": bob.user, "extra": 7 }]);
    assert_eq!(
        test.world.online_statuses(&query).unwrap(),
        json!([{ "peerId": bob.user, "isOnline": true, "extra": 7 }])
    );
    assert_status(test.world.online_statuses(&json!({})), 400);
}

#[test]
fn room_status_is_typing_recording_or_stop() {
    let mut test = test_world();
    let ann = test.user("ann");
    test.world.set_room_status(&ann, "anywhere", "recording").unwrap();
    let (to, event, payload) = test.events().remove(0);
    assert_eq!((to, event), (Target::Room("anywhere".to_owned()), "v1OnRoomStatusChange"));
    assert_eq!(payload, json!({ "name": "ANN", "status": "recording", "userId": ann.user, "roomId": "anywhere" }));
    assert_status(test.world.set_room_status(&ann, "anywhere", "dancing"), 400);
}

#[test]
fn order_has_one_room() {
    let mut test = test_world();
    let (ann, bob) = (test.user("ann"), test.user("bob"));
    let new =
        NewOrder { peer: "bob".to_owned(), id: "o1".to_owned(), title: Some("Tea".to_owned()), ..NewOrder::default() };
    let now = test.now();
    let room = test.world.order_room(now, &ann, new.clone()).unwrap();
    assert_eq!((&room["rT"], &room["t"], &room["orderId"]), (&json!("o"), &json!("Tea"), &json!("o1")));
    assert_eq!(test.world.order_room(now, &bob, new.clone()).unwrap()["rId"], room["rId"]);
    let info = test.world.order_info(&bob, &text(&room, "rId")).unwrap();
    assert_eq!(info["orderSettings"]["orderTitle"], "Tea");
    let cleo = test.user("cleo");
    assert_status(test.world.order_room(now, &cleo, new), 403);
}
