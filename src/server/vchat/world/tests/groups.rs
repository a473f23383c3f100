//! §2.4.

use serde_json::{Value, json};

use super::kit::{Kit, assert_refused, kit, text};
use crate::server::vchat::model::{Id, Kind, Me};
use crate::server::vchat::news::{News, To};
use crate::server::vchat::world::{Filter, NewRoom, Wanted};

/// Ann's group with Bob and Cleo.
fn group() -> (Kit, Id, Me, Me, Me) {
    let mut kit = kit();
    let (ann, bob, cleo) = (kit.person("ann"), kit.person("bob"), kit.person("cleo"));
    let identifiers = vec!["bob".to_owned(), "cleo".to_owned()];
    let now = kit.now();
    let room =
        kit.world.create_group(now, &ann, NewRoom { identifiers, title: "Tea".to_owned(), ..NewRoom::default() });
    let room = text(&room.unwrap(), "rId");
    kit.heard();
    (kit, room, ann, bob, cleo)
}

fn last(kit: &Kit, me: &Me, room: &str) -> Value {
    kit.world.history(me, room, &Wanted::default())["docs"][0].clone()
}

#[test]
fn making_a_group_is_told_by_an_info_message() {
    let (mut kit, room, ann, bob, _) = group();
    let info = last(&kit, &bob, &room);
    let wanted = json!({ "action": "createGroup", "targetName": "Tea", "targetId": room, "adminName": "ANN" });
    assert_eq!((&info["mT"], &info["msgAtt"]), (&json!("info"), &wanted));
    let mine = kit.world.group_info(&ann, &room).unwrap();
    assert_eq!(
        (&mine["myRole"], &mine["membersCount"], &mine["totalOnline"]),
        (&json!("superAdmin"), &json!(3), &json!(3))
    );
    assert_eq!(mine["groupSettings"]["cId"], json!(ann.user));
    let now = kit.now();
    for (title, identifiers) in [("", vec!["bob"]), ("x", vec![]), ("x", vec!["ann"])] {
        let identifiers = identifiers.into_iter().map(str::to_owned).collect();
        let new = NewRoom { identifiers, title: title.to_owned(), ..NewRoom::default() };
        assert_refused(kit.world.create_group(now, &ann, new), 400);
    }
}

#[test]
fn admins_rule_and_nobody_rules_the_super_admin() {
    let (mut kit, room, ann, bob, cleo) = group();
    let now = kit.now();
    assert_refused(kit.world.kick(now, &bob, &room, "cleo"), 403);
    assert_refused(kit.world.set_role(now, &bob, &room, "cleo", "admin"), 403);
    assert_refused(kit.world.addable(&bob, &room, &Filter::default()), 403);
    kit.world.set_role(now, &ann, &room, "bob", "admin").unwrap();
    assert_eq!(last(&kit, &cleo, &room)["msgAtt"]["action"], "upAdmin");
    assert_refused(kit.world.kick(now, &bob, &room, "ann"), 403);
    assert_refused(kit.world.set_role(now, &bob, &room, "ann", "member"), 403);
    assert_refused(kit.world.set_role(now, &bob, &room, "bob", "member"), 403);
    assert_refused(kit.world.set_role(now, &bob, &room, "cleo", "king"), 400);
    kit.person("dan");
    assert_eq!(kit.world.addable(&bob, &room, &Filter::default()).unwrap()["docs"][0]["identifier"], "dan");
    kit.world.add_members(now, &bob, &room, &["dan".to_owned()]).unwrap();
    assert_eq!(last(&kit, &cleo, &room)["msgAtt"]["targetName"], "DAN");
    kit.world.set_role(now, &ann, &room, "bob", "member").unwrap();
    assert_eq!(last(&kit, &cleo, &room)["msgAtt"]["action"], "downMember");
    let filter = Filter { text: Some("da".to_owned()), ..Filter::default() };
    let members = kit.world.members(&cleo, &room, &filter).unwrap();
    assert_eq!((&members["docs"][0]["gR"], &members["totalDocs"]), (&json!("member"), &json!(1)));
}

#[test]
fn a_kick_is_told_before_the_sockets_leave() {
    let (mut kit, room, ann, bob, cleo) = group();
    let now = kit.now();
    kit.world.kick(now, &ann, &room, "cleo").unwrap();
    let news = kit.world.take_news();
    let event = |news: &News| match news {
        News::Event { event, .. } => *event,
        News::Leave(..) => "leave",
        _ => "",
    };
    let order: Vec<&str> = news.iter().map(event).collect();
    assert_eq!(order, ["v1OnKickGroupMember", "v1OnNewMessage", "leave"]);
    let kicked = json!({ "roomId": room, "userId": cleo.user });
    assert_eq!(news[0], News::Event { to: To::Room(room.clone()), event: "v1OnKickGroupMember", arg: kicked });
    let out = kit.world.group_info(&cleo, &room).unwrap();
    assert_eq!((&out["isMeOut"], &out["membersCount"], &out["groupSettings"]), (&json!(true), &json!(0), &Value::Null));
    assert_eq!(kit.world.group_status(&cleo, &room).unwrap(), json!({ "isMeOut": true }));
    assert_eq!(kit.world.group_status(&bob, &room).unwrap(), json!({ "isMeOut": false }));
    assert_eq!(kit.world.history(&cleo, &room, &Wanted::default()), json!({ "docs": [] }));
    let draft = kit.draft("but");
    assert_refused(kit.send(&cleo, &room, &draft), 403);
}

#[test]
fn a_leaving_super_admin_hands_on_and_the_last_one_ends_it() {
    let (mut kit, room, ann, bob, cleo) = group();
    let now = kit.now();
    kit.world.set_role(now, &ann, &room, "cleo", "admin").unwrap();
    kit.world.leave_group(now, &ann, &room).unwrap();
    assert_eq!(last(&kit, &bob, &room)["msgAtt"]["action"], "leave");
    assert_eq!(kit.world.group_info(&cleo, &room).unwrap()["myRole"], "superAdmin");
    kit.world.leave_group(now, &cleo, &room).unwrap();
    assert_eq!(kit.world.group_info(&bob, &room).unwrap()["myRole"], "superAdmin");
    kit.world.leave_group(now, &bob, &room).unwrap();
    assert_refused(kit.world.group_status(&bob, &room), 404);
}

#[test]
fn any_member_may_name_it_and_quiet_changes_are_quiet() {
    let (mut kit, room, _, bob, _) = group();
    let now = kit.now();
    kit.world.set_title(now, &bob, Kind::Group, &room, "Coffee").unwrap();
    kit.world.set_room_image(now, &bob, Kind::Group, &room, "http://h/x").unwrap();
    assert_eq!(kit.events(), ["v1OnNewMessage", "v1OnNewMessage"]);
    let shown = kit.world.room(&bob, &room).unwrap();
    assert_eq!((&shown["t"], &shown["img"]), (&json!("Coffee"), &json!("http://h/x")));
    kit.world.set_description(&bob, &room, "hot").unwrap();
    kit.world.set_extra(&bob, &room, json!({ "k": 1 }).as_object().cloned().unwrap()).unwrap();
    assert_eq!(kit.events(), Vec::<&str>::new());
    let settings = kit.world.group_info(&bob, &room).unwrap()["groupSettings"].clone();
    assert_eq!((&settings["desc"], &settings["extraData"]), (&json!("hot"), &json!({ "k": 1 })));
}

#[test]
fn each_member_has_a_status_of_their_own() {
    let (mut kit, room, ann, bob, cleo) = group();
    let id = text(&kit.say(&ann, &room, "x"), "_id");
    kit.heard();
    let now = kit.now();
    kit.world.deliver(now, &bob, &room).unwrap();
    kit.world.enter(now, &cleo, &room).unwrap();
    assert_eq!(kit.heard(), [], "nobody hears of it");
    let mut who = |seen| {
        let list = kit.world.statuses(&ann, &room, &id, seen, &Filter::default()).unwrap();
        list["docs"].as_array().unwrap().iter().map(|row| text(&row["userData"], "identifier")).collect::<Vec<_>>()
    };
    assert_eq!((who(false), who(true)), (vec!["bob".to_owned()], vec!["cleo".to_owned()]));
    let message = last(&kit, &ann, &room);
    assert_eq!((&message["sAt"], &message["dAt"]), (&Value::Null, &Value::Null));
}
