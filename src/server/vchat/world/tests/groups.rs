//! Groups (§2.4).

use serde_json::{Value, json};

use super::test_world::{TestWorld, assert_status, test_world, text};
use crate::server::vchat::effect::{Effect, Target};
use crate::server::vchat::model::{Actor, Id, RoomKind};
use crate::server::vchat::world::{HistoryQuery, ListFilter, NewRoom};

/// A world with a group of Ann, Bob and Cleo that Ann created.
fn group() -> (TestWorld, Id, Actor, Actor, Actor) {
    let mut test = test_world();
    let (ann, bob, cleo) = (test.user("ann"), test.user("bob"), test.user("cleo"));
    let identifiers = vec!["bob".to_owned(), "cleo".to_owned()];
    let now = test.now();
    let room =
        test.world.create_group(now, &ann, NewRoom { identifiers, title: "Tea".to_owned(), ..NewRoom::default() });
    let room = text(&room.unwrap(), "rId");
    test.events();
    (test, room, ann, bob, cleo)
}

fn last_message(test: &TestWorld, actor: &Actor, room: &str) -> Value {
    test.world.history(actor, room, &HistoryQuery::default())["docs"][0].clone()
}

#[test]
fn creating_a_group_sends_an_info_message() {
    let (mut test, room, ann, bob, _) = group();
    let info = last_message(&test, &bob, &room);
    let expected = json!({ "action": "createGroup", "targetName": "Tea", "targetId": room, "adminName": "ANN" });
    assert_eq!((&info["mT"], &info["msgAtt"]), (&json!("info"), &expected));
    let info = test.world.group_info(&ann, &room).unwrap();
    assert_eq!(
        (&info["myRole"], &info["membersCount"], &info["totalOnline"]),
        (&json!("superAdmin"), &json!(3), &json!(3))
    );
    assert_eq!(info["groupSettings"]["cId"], json!(ann.user));
    let now = test.now();
    for (title, identifiers) in [("", vec!["bob"]), ("x", vec![]), ("x", vec!["ann"])] {
        let identifiers = identifiers.into_iter().map(str::to_owned).collect();
        let new = NewRoom { identifiers, title: title.to_owned(), ..NewRoom::default() };
        assert_status(test.world.create_group(now, &ann, new), 400);
    }
}

#[test]
fn admins_manage_members_but_not_the_super_admin() {
    let (mut test, room, ann, bob, cleo) = group();
    let now = test.now();
    assert_status(test.world.kick(now, &bob, &room, "cleo"), 403);
    assert_status(test.world.set_role(now, &bob, &room, "cleo", "admin"), 403);
    assert_status(test.world.addable_members(&bob, &room, &ListFilter::default()), 403);
    test.world.set_role(now, &ann, &room, "bob", "admin").unwrap();
    assert_eq!(last_message(&test, &cleo, &room)["msgAtt"]["action"], "upAdmin");
    assert_status(test.world.kick(now, &bob, &room, "ann"), 403);
    assert_status(test.world.set_role(now, &bob, &room, "ann", "member"), 403);
    assert_status(test.world.set_role(now, &bob, &room, "bob", "member"), 403);
    assert_status(test.world.set_role(now, &bob, &room, "cleo", "king"), 400);
    test.user("dan");
    assert_eq!(
        test.world.addable_members(&bob, &room, &ListFilter::default()).unwrap()["docs"][0]["identifier"],
        "dan"
    );
    test.world.add_members(now, &bob, &room, &["dan".to_owned()]).unwrap();
    assert_eq!(last_message(&test, &cleo, &room)["msgAtt"]["targetName"], "DAN");
    test.world.set_role(now, &ann, &room, "bob", "member").unwrap();
    assert_eq!(last_message(&test, &cleo, &room)["msgAtt"]["action"], "downMember");
    let filter = ListFilter { text: Some("da".to_owned()), ..ListFilter::default() };
    let members = test.world.members(&cleo, &room, &filter).unwrap();
    assert_eq!((&members["docs"][0]["gR"], &members["totalDocs"]), (&json!("member"), &json!(1)));
}

#[test]
fn kick_is_announced_before_the_sockets_leave() {
    let (mut test, room, ann, bob, cleo) = group();
    let now = test.now();
    test.world.kick(now, &ann, &room, "cleo").unwrap();
    let effects = test.world.take_effects();
    let event = |effect: &Effect| match effect {
        Effect::Emit { event, .. } => *event,
        Effect::Leave { .. } => "leave",
        _ => "",
    };
    let order: Vec<&str> = effects.iter().map(event).collect();
    assert_eq!(order, ["v1OnKickGroupMember", "v1OnNewMessage", "leave"]);
    let kicked = json!({ "roomId": room, "userId": cleo.user });
    assert_eq!(
        effects[0],
        Effect::Emit { to: Target::Room(room.clone()), event: "v1OnKickGroupMember", payload: kicked }
    );
    let former = test.world.group_info(&cleo, &room).unwrap();
    assert_eq!(
        (&former["isMeOut"], &former["membersCount"], &former["groupSettings"]),
        (&json!(true), &json!(0), &Value::Null)
    );
    assert_eq!(test.world.group_status(&cleo, &room).unwrap(), json!({ "isMeOut": true }));
    assert_eq!(test.world.group_status(&bob, &room).unwrap(), json!({ "isMeOut": false }));
    assert_eq!(test.world.history(&cleo, &room, &HistoryQuery::default()), json!({ "docs": [] }));
    let message = test.message("but");
    assert_status(test.send(&cleo, &room, &message), 403);
}

#[test]
fn leaving_super_admin_is_succeeded_by_an_admin() {
    let (mut test, room, ann, bob, cleo) = group();
    let now = test.now();
    test.world.set_role(now, &ann, &room, "cleo", "admin").unwrap();
    test.world.leave_group(now, &ann, &room).unwrap();
    assert_eq!(last_message(&test, &bob, &room)["msgAtt"]["action"], "leave");
    assert_eq!(test.world.group_info(&cleo, &room).unwrap()["myRole"], "superAdmin");
    test.world.leave_group(now, &cleo, &room).unwrap();
    assert_eq!(test.world.group_info(&bob, &room).unwrap()["myRole"], "superAdmin");
    test.world.leave_group(now, &bob, &room).unwrap();
    assert_status(test.world.group_status(&bob, &room), 404);
}

#[test]
fn any_member_may_change_the_title_and_settings() {
    let (mut test, room, _, bob, _) = group();
    let now = test.now();
    test.world.set_title(now, &bob, RoomKind::Group, &room, "Coffee").unwrap();
    test.world.set_room_image(now, &bob, RoomKind::Group, &room, "http://h/x").unwrap();
    assert_eq!(test.event_names(), ["v1OnNewMessage", "v1OnNewMessage"]);
    let shown = test.world.room(&bob, &room).unwrap();
    assert_eq!((&shown["t"], &shown["img"]), (&json!("Coffee"), &json!("http://h/x")));
    test.world.set_description(&bob, &room, "hot").unwrap();
    test.world.set_extra_data(&bob, &room, json!({ "k": 1 }).as_object().cloned().unwrap()).unwrap();
    assert_eq!(test.event_names(), Vec::<&str>::new());
    let settings = test.world.group_info(&bob, &room).unwrap()["groupSettings"].clone();
    assert_eq!((&settings["desc"], &settings["extraData"]), (&json!("hot"), &json!({ "k": 1 })));
}

#[test]
fn group_receipts_are_kept_per_member() {
    let (mut test, room, ann, bob, cleo) = group();
    let id = text(&test.send_text(&ann, &room, "x"), "_id");
    test.events();
    let now = test.now();
    test.world.mark_delivered(now, &bob, &room).unwrap();
    test.world.mark_seen(now, &cleo, &room).unwrap();
    assert_eq!(test.events(), [], "there is no event");
    let mut receivers = |seen| {
        let list = test.world.receipts(&ann, &room, &id, seen, &ListFilter::default()).unwrap();
        list["docs"].as_array().unwrap().iter().map(|row| text(&row["userData"], "identifier")).collect::<Vec<_>>()
    };
    assert_eq!((receivers(false), receivers(true)), (vec!["bob".to_owned()], vec!["cleo".to_owned()]));
    let message = last_message(&test, &ann, &room);
    assert_eq!((&message["sAt"], &message["dAt"]), (&Value::Null, &Value::Null));
}
