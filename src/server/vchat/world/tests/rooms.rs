//! §2.2, §5.1, §5.2.

use serde_json::{Value, json};

use super::kit::{assert_refused, kit, text};
use crate::server::vchat::news::{News, To};
use crate::server::vchat::world::{Filter, NewOrder, Setting};

fn ids(list: &Value) -> Vec<String> {
    list["docs"].as_array().unwrap().iter().map(|room| text(room, "rId")).collect()
}

#[test]
fn a_single_room_is_hidden_until_something_is_said() {
    let mut kit = kit();
    let (ann, bob) = (kit.person("ann"), kit.person("bob"));
    let now = kit.now();
    let room = kit.world.peer_room(now, &ann, "bob").unwrap();
    assert_eq!((&room["isD"], room.get("lastMessage"), &room["t"]), (&json!(true), None, &json!("BOB")));
    let joined = kit.world.take_news().into_iter().filter(|news| matches!(news, News::Join(..))).count();
    assert_eq!(joined, 2);
    let id = text(&room, "rId");
    assert_eq!(kit.single(&bob, "ann"), id);
    assert_refused(kit.world.room(&ann, &id), 400);
    assert!(ids(&kit.world.rooms(&ann, &Filter::default())).is_empty());
    kit.say(&ann, &id, "hi");
    assert_eq!(ids(&kit.world.rooms(&bob, &Filter::default())), [id.as_str()]);
    assert_eq!(kit.world.room(&bob, &id).unwrap()["uC"], 1);
    let cleo = kit.person("cleo");
    assert_refused(kit.world.room(&cleo, &id), 404);
    assert_refused(kit.world.peer_room(now, &ann, "ann"), 400);
    assert_refused(kit.world.peer_room(now, &ann, "nobody"), 404);
}

#[test]
fn a_deleted_room_comes_back_with_the_next_message() {
    let mut kit = kit();
    let (ann, bob) = (kit.person("ann"), kit.person("bob"));
    let room = kit.single(&ann, "bob");
    kit.say(&ann, &room, "one");
    kit.world.delete_room(&ann, &room).unwrap();
    assert!(ids(&kit.world.rooms(&ann, &Filter::default())).is_empty());
    let deleted = Filter { deleted: true, ..Filter::default() };
    assert_eq!(ids(&kit.world.rooms(&ann, &deleted)), [room.as_str()]);
    assert_eq!(kit.world.history(&ann, &room, &crate::server::vchat::world::Wanted::default())["docs"], json!([]));
    kit.say(&bob, &room, "two");
    assert_eq!(ids(&kit.world.rooms(&ann, &Filter::default())), [room.as_str()]);
    let page =
        |kit: &super::kit::Kit, me| kit.world.history(me, &room, &crate::server::vchat::world::Wanted::default());
    assert_eq!(page(&kit, &ann)["docs"].as_array().unwrap().len(), 1);
    assert_eq!(page(&kit, &bob)["docs"].as_array().unwrap().len(), 2);
}

#[test]
fn rooms_are_listed_by_their_newest_message_and_filtered() {
    let mut kit = kit();
    let ann = kit.person("ann");
    let mut rooms = Vec::new();
    for other in ["bob", "cleo", "dan"] {
        kit.person(other);
        let room = kit.single(&ann, other);
        kit.say(&ann, &room, "hi");
        rooms.push(room);
    }
    kit.say(&ann, &rooms[0].clone(), "again");
    assert_eq!(ids(&kit.world.rooms(&ann, &Filter::default())), [&*rooms[0], &*rooms[2], &*rooms[1]]);
    kit.world.set(&ann, &rooms[1], Setting::Archived(true)).unwrap();
    kit.world.set(&ann, &rooms[2], Setting::Muted(true)).unwrap();
    kit.world.set(&ann, &rooms[2], Setting::Nick("Dear".to_owned())).unwrap();
    assert_eq!(ids(&kit.world.rooms(&ann, &Filter::default())), [&*rooms[0], &*rooms[2]]);
    let wanted = |filter: Filter| ids(&kit.world.rooms(&ann, &filter));
    assert_eq!(wanted(Filter { archived: true, ..Filter::default() }), [&*rooms[1]]);
    assert_eq!(wanted(Filter { muted: true, ..Filter::default() }), [&*rooms[2]]);
    assert_eq!(wanted(Filter { text: Some("dea".to_owned()), ..Filter::default() }), [&*rooms[2]]);
    assert_eq!(wanted(Filter { text: Some("BO".to_owned()), ..Filter::default() }), [&*rooms[0]]);
    assert!(wanted(Filter { kind: Some("g".to_owned()), ..Filter::default() }).is_empty());
    assert_eq!(wanted(Filter { limit: Some(1), page: Some(2), ..Filter::default() }), [&*rooms[2]]);
}

#[test]
fn receipts_name_the_author_and_are_told_once() {
    let mut kit = kit();
    let (ann, bob) = (kit.person("ann"), kit.person("bob"));
    let room = kit.single(&ann, "bob");
    kit.say(&ann, &room, "one");
    kit.say(&ann, &room, "two");
    kit.heard();
    for (deliver, event) in [(true, "v1OnDeliverChatRoom"), (false, "v1OnEnterChatRoom")] {
        for again in [false, true] {
            let now = kit.now();
            if deliver {
                kit.world.deliver(now, &bob, &room).unwrap();
            } else {
                kit.world.enter(now, &bob, &room).unwrap();
            }
            let heard = kit.heard();
            if again {
                assert_eq!(heard, []);
            } else {
                assert_eq!((heard[0].0.clone(), heard[0].1), (To::Person(ann.user.clone()), event));
                assert_eq!((&heard[0].2["roomId"], &heard[0].2["userId"]), (&json!(room), &json!(ann.user)));
            }
        }
    }
    assert_eq!(kit.world.unread(&bob, &room).unwrap(), 0);
    let cleo = kit.person("cleo");
    let now = kit.now();
    assert_refused(kit.world.enter(now, &cleo, &room), 403);
    kit.say(&ann, &room, "three");
    kit.heard();
    let now = kit.now();
    assert_eq!(kit.world.deliver_to_room(now, &bob, &room).unwrap(), json!({ "isUpdated": true }));
    assert_eq!(kit.heard()[0].0, To::Room(room.clone()));
    assert_eq!(kit.world.deliver_to_room(now, &bob, &room).unwrap(), json!({ "isUpdated": false }));
}

#[test]
fn what_waited_is_delivered_by_a_connection() {
    let mut kit = kit();
    let (ann, bob) = (kit.person("ann"), kit.person("bob"));
    let room = kit.single(&ann, "bob");
    let now = kit.now();
    kit.world.left(now, &bob, Some(&room));
    let heard = kit.heard();
    assert_eq!(heard[0].2, json!({ "roomId": room, "status": "stop", "name": "", "userId": bob.user }));
    assert!(!kit.world.is_online(&bob.user));
    kit.say(&ann, &room, "are you there?");
    kit.heard();
    let now = kit.now();
    assert_eq!(kit.world.came(now, &bob), std::slice::from_ref(&room));
    let heard = kit.heard();
    assert_eq!((heard[0].0.clone(), heard[0].1), (To::Room(room), "v1OnDeliverChatRoom"));
    let asked = json!([{ "peerId": bob.user, "extra": 7 }]);
    assert_eq!(kit.world.online(&asked).unwrap(), json!([{ "peerId": bob.user, "isOnline": true, "extra": 7 }]));
    assert_refused(kit.world.online(&json!({})), 400);
}

#[test]
fn typing_goes_to_the_room_in_three_words() {
    let mut kit = kit();
    let ann = kit.person("ann");
    kit.world.typing(&ann, "anywhere", "recording").unwrap();
    let (to, event, arg) = kit.heard().remove(0);
    assert_eq!((to, event), (To::Room("anywhere".to_owned()), "v1OnRoomStatusChange"));
    assert_eq!(arg, json!({ "name": "ANN", "status": "recording", "userId": ann.user, "roomId": "anywhere" }));
    assert_refused(kit.world.typing(&ann, "anywhere", "dancing"), 400);
}

#[test]
fn an_order_has_one_room() {
    let mut kit = kit();
    let (ann, bob) = (kit.person("ann"), kit.person("bob"));
    let new =
        NewOrder { peer: "bob".to_owned(), id: "o1".to_owned(), title: Some("Tea".to_owned()), ..NewOrder::default() };
    let now = kit.now();
    let room = kit.world.order_room(now, &ann, new.clone()).unwrap();
    assert_eq!((&room["rT"], &room["t"], &room["orderId"]), (&json!("o"), &json!("Tea"), &json!("o1")));
    assert_eq!(kit.world.order_room(now, &bob, new.clone()).unwrap()["rId"], room["rId"]);
    let info = kit.world.order_info(&bob, &text(&room, "rId")).unwrap();
    assert_eq!(info["orderSettings"]["orderTitle"], "Tea");
    let cleo = kit.person("cleo");
    assert_refused(kit.world.order_room(now, &cleo, new), 403);
}
