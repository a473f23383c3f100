//! §2.3.

use serde_json::{Value, json};

use super::kit::{assert_refused, kit, text};
use crate::server::vchat::model::Stored;
use crate::server::vchat::world::{Draft, Filter, NewRoom, Setting, Wanted};

fn file(name: &str) -> Stored {
    let (url, mime) = (format!("http://h/files/{name}"), "image/png".to_owned());
    Stored { name: name.to_owned(), url, mime, size: 3, hash: "00".to_owned(), extent: (4, 5) }
}

#[test]
fn a_message_has_every_required_field() {
    let mut kit = kit();
    let ann = kit.person("ann");
    kit.person("bob");
    let room = kit.single(&ann, "bob");
    let said = kit.say(&ann, &room, "hello");
    for field in ["_id", "sId", "sName", "sImg", "plm", "rId", "c", "mT", "lId", "createdAt", "updatedAt"] {
        assert!(said[field].is_string(), "{field}");
    }
    assert_eq!((&said["isEncrypted"], &said["msgAtt"]), (&json!(false), &Value::Null));
    let heard = kit.heard();
    assert_eq!((heard[0].1, &heard[0].2), ("v1OnNewMessage", &said));
}

#[test]
fn wrong_drafts_are_refused() {
    let mut kit = kit();
    let ann = kit.person("ann");
    kit.person("bob");
    let cleo = kit.person("cleo");
    let room = kit.single(&ann, "bob");
    let good = kit.draft("x");
    let att = |text: &str| Some(text.to_owned());
    let wrong = |sort: &str, attachment: Option<String>, files: Vec<Stored>| Draft {
        sort: sort.to_owned(),
        attachment,
        files,
        ..good.clone()
    };
    let bad = [
        Draft { content: String::new(), ..good.clone() },
        Draft { local: "1".to_owned(), ..good.clone() },
        Draft { encrypted: "maybe".to_owned(), ..good.clone() },
        wrong("info", None, vec![]),
        wrong("dance", None, vec![]),
        wrong("image", None, vec![]),
        wrong("file", None, vec![]),
        wrong("voice", None, vec![file("a")]),
        wrong("voice", att("{}"), vec![file("a")]),
        wrong("voice", att(r#"{"duration":1}"#), vec![]),
        wrong("video", None, vec![file("a")]),
        wrong("video", att("{"), vec![file("a")]),
        wrong("location", att(r#"{"lat":"1","long":"2"}"#), vec![]),
        wrong("location", att(r#"{"lat":"1","long":"2","linkPreviewData":{"title":"t"}}"#), vec![]),
        wrong("custom", None, vec![]),
        wrong("custom", att("7"), vec![]),
    ];
    for draft in bad {
        assert_refused(kit.send(&ann, &room, &draft), 400);
    }
    assert_refused(kit.send(&cleo, &room, &good), 403);
    assert_refused(kit.send(&ann, "nowhere", &good), 403);
    kit.send(&ann, &room, &good).unwrap();
    let again = kit.send(&ann, &room, &good).unwrap_err();
    assert_eq!((again.status, again.why.starts_with("Message already in database")), (403, true));
    for (reply_to, forward_of) in [(Some("x".to_owned()), None), (None, Some("x".to_owned()))] {
        let draft = Draft { reply_to, forward_of, ..kit.draft("y") };
        assert_refused(kit.send(&ann, &room, &draft), 403);
    }
    assert_eq!(kit.events(), ["v1OnNewMessage"]);
}

#[test]
fn attachments_are_told_as_clients_read_them() {
    let mut kit = kit();
    let ann = kit.person("ann");
    kit.person("bob");
    let room = kit.single(&ann, "bob");
    let mut told = |sort: &str, attachment: &str, files: Vec<Stored>| {
        let draft = Draft { sort: sort.to_owned(), attachment: Some(attachment.to_owned()), files, ..kit.draft("x") };
        kit.send(&ann, &room, &draft).unwrap()["msgAtt"].clone()
    };
    let image = told("image", "", vec![file("a")]);
    assert_eq!((&image["width"], &image["height"], &image["name"]), (&json!(4), &json!(5), &json!("a")));
    assert_eq!(told("voice", r#"{"duration":1200}"#, vec![file("a")])["duration"], 1200);
    let video = told("video", r#"{"duration":null}"#, vec![file("a"), file("b")]);
    assert_eq!((&video["duration"], &video["thumbImage"]["url"]), (&Value::Null, &json!("http://h/files/b")));
    assert_eq!(told("video", "{}", vec![file("a")])["thumbImage"], Value::Null);
    for name in ["desc", "description"] {
        let attachment = json!({ "lat": "1", "long": 2, "linkPreviewData": { "title": "t", name: "d", "link": "l" } });
        let wanted = json!({ "lat": "1", "long": "2",
            "linkPreviewData": { "image": null, "title": "t", "desc": "d", "link": "l" } });
        assert_eq!(told("location", &attachment.to_string(), vec![]), wanted);
    }
    assert_eq!(told("custom", r#"{"data":{"k":1}}"#, vec![]), json!({ "data": { "k": 1 } }));
    assert_eq!(told("custom", r#"{"k":1}"#, vec![]), json!({ "data": { "k": 1 } }));
}

#[test]
fn a_reply_embeds_the_whole_message_and_a_forward_copies_it() {
    let mut kit = kit();
    let (ann, bob) = (kit.person("ann"), kit.person("bob"));
    kit.person("cleo");
    let (room, other) = (kit.single(&ann, "bob"), kit.single(&ann, "cleo"));
    let first = kit.say(&ann, &room, "first");
    let reply = Draft { reply_to: Some(text(&first, "lId")), ..kit.draft("second") };
    let second = kit.send(&bob, &room, &reply).unwrap();
    assert_eq!(second["rTo"], first);
    let third = Draft { reply_to: Some(text(&second, "lId")), ..kit.draft("third") };
    let third = kit.send(&ann, &room, &third).unwrap();
    assert_eq!((&third["rTo"]["c"], &third["rTo"]["rTo"]), (&json!("second"), &Value::Null));
    let both = Draft { forward_of: Some(text(&second, "lId")), reply_to: Some(text(&first, "lId")), ..kit.draft("x") };
    let forward = kit.send(&ann, &other, &both).unwrap();
    assert_eq!((&forward["c"], &forward["forId"], &forward["rTo"]), (&json!("second"), &second["lId"], &Value::Null));
    let foreign = Draft { forward_of: Some(text(&forward, "lId")), ..kit.draft("x") };
    assert_refused(kit.send(&bob, &room, &foreign), 403);
}

#[test]
fn object_ids_in_a_text_are_mentions() {
    let mut kit = kit();
    let ann = kit.person("ann");
    kit.person("bob");
    let room = kit.single(&ann, "bob");
    let said = kit.say(&ann, &room, &format!("[@Ann:{}] and 63d6", ann.user));
    assert_eq!(said["mentions"], json!([ann.user]));
}

#[test]
fn history_is_paged_downwards_by_id() {
    let mut kit = kit();
    let (ann, cleo) = (kit.person("ann"), kit.person("cleo"));
    kit.person("bob");
    let room = kit.single(&ann, "bob");
    let ids: Vec<String> = (0..45).map(|n| text(&kit.say(&ann, &room, &n.to_string()), "_id")).collect();
    let page = |wanted: Wanted| -> Vec<String> {
        let page = kit.world.history(&ann, &room, &wanted);
        page["docs"].as_array().unwrap().iter().map(|message| text(message, "_id")).collect()
    };
    let newest: Vec<String> = ids.iter().rev().take(30).cloned().collect();
    assert_eq!(page(Wanted::default()), newest);
    assert_eq!(page(Wanted { limit: Some(1000), ..Wanted::default() }), newest);
    assert_eq!(page(Wanted { limit: Some(0), ..Wanted::default() }).len(), 1);
    let older = page(Wanted { before: Some(ids[15].clone()), ..Wanted::default() });
    assert_eq!((older.len(), &older[0]), (15, &ids[14]));
    assert!(page(Wanted { before: Some(ids[0].clone()), ..Wanted::default() }).is_empty());
    let rising = page(Wanted { ascending: true, limit: Some(2), ..Wanted::default() });
    assert_eq!(rising, ids[..2]);
    assert!(page(Wanted { filter: Some("media".to_owned()), ..Wanted::default() }).is_empty());
    assert_eq!(page(Wanted { text: Some("44".to_owned()), ..Wanted::default() }), ids[44..]);
    assert_eq!(kit.world.history(&cleo, &room, &Wanted::default()), json!({ "docs": [] }));
}

#[test]
fn stars_are_ones_own() {
    let mut kit = kit();
    let (ann, bob) = (kit.person("ann"), kit.person("bob"));
    let room = kit.single(&ann, "bob");
    let id = text(&kit.say(&ann, &room, "x"), "_id");
    kit.world.star(&ann, &room, &id, true).unwrap();
    assert_eq!(kit.world.stars(&ann, None)["docs"][0]["isStared"], true);
    assert_eq!(kit.world.stars(&bob, Some(&room))["docs"], json!([]));
    let listed = kit.world.history(&bob, &room, &Wanted::default());
    assert_eq!((&listed["docs"][0]["isStared"], listed["docs"][0].get("stars")), (&json!(false), None));
    kit.world.star(&ann, &room, &id, false).unwrap();
    assert_eq!(kit.world.stars(&ann, None)["docs"], json!([]));
    assert_refused(kit.world.star(&ann, &room, "nothing", true), 404);
}

#[test]
fn deleting_is_for_all_or_for_me() {
    let mut kit = kit();
    let (ann, bob) = (kit.person("ann"), kit.person("bob"));
    let room = kit.single(&ann, "bob");
    let id = text(&kit.say(&ann, &room, "x"), "_id");
    kit.heard();
    let now = kit.now();
    assert_refused(kit.world.delete_for_all(now, &bob, &room, &id), 403);
    kit.world.delete_for_all(now, &ann, &room, &id).unwrap();
    let (_, event, arg) = kit.heard().remove(0);
    assert_eq!((event, &arg["c"], arg["dltAt"].is_string()), ("v1OnDeleteMessageFromAll", &json!("x"), true));
    kit.world.delete_for_me(&bob, &room, &id).unwrap();
    assert_eq!(kit.events(), Vec::<&str>::new());
    assert!(kit.world.rooms(&bob, &Filter::default())["docs"].as_array().unwrap().is_empty(), "nothing left to see");
    assert_eq!(kit.world.rooms(&ann, &Filter::default())["docs"].as_array().unwrap().len(), 1);
}

#[test]
fn a_message_to_be_looked_at_once_is() {
    let mut kit = kit();
    let (ann, bob) = (kit.person("ann"), kit.person("bob"));
    let room = kit.single(&ann, "bob");
    let plain = text(&kit.say(&ann, &room, "x"), "_id");
    assert_refused(kit.world.look_once(&bob, &room, &plain), 400);
    kit.world.set(&ann, &room, Setting::OneSeen(true)).unwrap();
    let once = text(&kit.say(&ann, &room, "y"), "_id");
    kit.world.look_once(&bob, &room, &once).unwrap();
    assert_eq!(kit.world.history(&bob, &room, &Wanted::default())["docs"][0]["isOneSeenByMe"], true);
}

#[test]
fn a_broadcast_is_copied_to_each_single_room() {
    let mut kit = kit();
    let (ann, bob) = (kit.person("ann"), kit.person("bob"));
    kit.person("cleo");
    let identifiers = vec!["bob".to_owned(), "cleo".to_owned()];
    let now = kit.now();
    let room =
        kit.world.create_broadcast(now, &ann, NewRoom { identifiers, title: "News".to_owned(), ..NewRoom::default() });
    let room = text(&room.unwrap(), "rId");
    kit.heard();
    let said = kit.say(&ann, &room, "boils");
    let heard = kit.heard();
    assert_eq!(heard.iter().filter(|(_, event, _)| *event == "v1OnNewMessage").count(), 3);
    let copies: Vec<&Value> = heard.iter().map(|(_, _, arg)| arg).filter(|arg| arg["pBId"] == said["_id"]).collect();
    assert_eq!(copies.len(), 2);
    assert!(copies.iter().all(|copy| copy["lId"] != said["lId"] && copy["_id"] != said["_id"]));
    assert_eq!(copies[0]["peerData"]["identifier"], "bob");
    let single = text(copies[0], "rId");
    assert_eq!(kit.single(&bob, "ann"), single);
    let (now, id) = (kit.now(), text(&said, "_id"));
    kit.world.deliver(now, &bob, &single).unwrap();
    let status = |kit: &mut super::kit::Kit, seen| {
        kit.world.statuses(&ann, &room, &id, seen, &Filter::default()).unwrap()["docs"].as_array().unwrap().len()
    };
    assert_eq!((status(&mut kit, false), status(&mut kit, true)), (1, 0));
    kit.world.enter(now, &bob, &single).unwrap();
    assert_eq!((status(&mut kit, false), status(&mut kit, true)), (0, 1));
    assert_refused(kit.world.remove_audience(&ann, &room, "{peerId}"), 404);
    kit.world.remove_audience(&ann, &room, "cleo").unwrap();
    assert_eq!(kit.world.broadcast_info(&ann, &room).unwrap()["totalUsers"], 1);
    assert_refused(kit.world.broadcast_info(&bob, &room), 403);
}
