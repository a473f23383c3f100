//! Messages (§2.3).

use serde_json::{Value, json};

use super::test_world::{TestWorld, assert_status, test_world, text};
use crate::server::vchat::model::FileInfo;
use crate::server::vchat::world::{HistoryQuery, ListFilter, NewMessage, NewRoom, RoomSetting};

fn file(name: &str) -> FileInfo {
    let (url, mime) = (format!("http://h/files/{name}"), "image/png".to_owned());
    FileInfo { name: name.to_owned(), url, mime, size: 3, hash: "00".to_owned(), dimensions: (4, 5) }
}

#[test]
fn message_has_every_required_field() {
    let mut test = test_world();
    let ann = test.user("ann");
    test.user("bob");
    let room = test.single_room(&ann, "bob");
    let sent = test.send_text(&ann, &room, "hello");
    for field in ["_id", "sId", "sName", "sImg", "plm", "rId", "c", "mT", "lId", "createdAt", "updatedAt"] {
        assert!(sent[field].is_string(), "{field}");
    }
    assert_eq!((&sent["isEncrypted"], &sent["msgAtt"]), (&json!(false), &Value::Null));
    let events = test.events();
    assert_eq!((events[0].1, &events[0].2), ("v1OnNewMessage", &sent));
}

#[test]
fn invalid_messages_are_refused() {
    let mut test = test_world();
    let ann = test.user("ann");
    test.user("bob");
    let cleo = test.user("cleo");
    let room = test.single_room(&ann, "bob");
    let valid = test.message("x");
    let some = |text: &str| Some(text.to_owned());
    let variant = |kind: &str, attachment: Option<String>, files: Vec<FileInfo>| NewMessage {
        kind: kind.to_owned(),
        attachment,
        files,
        ..valid.clone()
    };
    let invalid = [
        NewMessage { content: String::new(), ..valid.clone() },
        NewMessage { local_id: "1".to_owned(), ..valid.clone() },
        NewMessage { is_encrypted: "maybe".to_owned(), ..valid.clone() },
        variant("info", None, vec![]),
        variant("dance", None, vec![]),
        variant("image", None, vec![]),
        variant("file", None, vec![]),
        variant("voice", None, vec![file("a")]),
        variant("voice", some("{}"), vec![file("a")]),
        variant("voice", some(r#"{"duration":1}"#), vec![]),
        variant("video", None, vec![file("a")]),
        variant("video", some("{"), vec![file("a")]),
        variant("location", some(r#"{"lat":"1","long":"2"}"#), vec![]),
        variant("location", some(r#"{"lat":"1","long":"2","linkPreviewData":{"title":"t"}}"#), vec![]),
        variant("custom", None, vec![]),
        variant("custom", some("7"), vec![]),
    ];
    for message in invalid {
        assert_status(test.send(&ann, &room, &message), 400);
    }
    assert_status(test.send(&cleo, &room, &valid), 403);
    assert_status(test.send(&ann, "nowhere", &valid), 403);
    test.send(&ann, &room, &valid).unwrap();
    let duplicate = test.send(&ann, &room, &valid).unwrap_err();
    assert_eq!((duplicate.status, duplicate.message.starts_with("Message already in database")), (403, true));
    for (reply_to, forward_of) in [(Some("x".to_owned()), None), (None, Some("x".to_owned()))] {
        let message = NewMessage { reply_to, forward_of, ..test.message("y") };
        assert_status(test.send(&ann, &room, &message), 403);
    }
    assert_eq!(test.event_names(), ["v1OnNewMessage"]);
}

#[test]
fn attachments_have_the_shape_that_clients_read() {
    let mut test = test_world();
    let ann = test.user("ann");
    test.user("bob");
    let room = test.single_room(&ann, "bob");
    let mut sent = |kind: &str, attachment: &str, files: Vec<FileInfo>| {
        let message =
            NewMessage { kind: kind.to_owned(), attachment: Some(attachment.to_owned()), files, ..test.message("x") };
        test.send(&ann, &room, &message).unwrap()["msgAtt"].clone()
    };
    let image = sent("image", "", vec![file("a")]);
    assert_eq!((&image["width"], &image["height"], &image["name"]), (&json!(4), &json!(5), &json!("a")));
    assert_eq!(sent("voice", r#"{"duration":1200}"#, vec![file("a")])["duration"], 1200);
    let video = sent("video", r#"{"duration":null}"#, vec![file("a"), file("b")]);
    assert_eq!((&video["duration"], &video["thumbImage"]["url"]), (&Value::Null, &json!("http://h/files/b")));
    assert_eq!(sent("video", "{}", vec![file("a")])["thumbImage"], Value::Null);
    for name in ["desc", "description"] {
        let attachment = json!({ "lat": "1", "long": 2, "linkPreviewData": { "title": "t", name: "d", "link": "l" } });
        let expected = json!({ "lat": "1", "long": "2",
            "linkPreviewData": { "image": null, "title": "t", "desc": "d", "link": "l" } });
        assert_eq!(sent("location", &attachment.to_string(), vec![]), expected);
    }
    assert_eq!(sent("custom", r#"{"data":{"k":1}}"#, vec![]), json!({ "data": { "k": 1 } }));
    assert_eq!(sent("custom", r#"{"k":1}"#, vec![]), json!({ "data": { "k": 1 } }));
}

#[test]
fn reply_embeds_the_message_and_forward_copies_it() {
    let mut test = test_world();
    let (ann, bob) = (test.user("ann"), test.user("bob"));
    test.user("cleo");
    let (room, other) = (test.single_room(&ann, "bob"), test.single_room(&ann, "cleo"));
    let first = test.send_text(&ann, &room, "first");
    let reply = NewMessage { reply_to: Some(text(&first, "lId")), ..test.message("second") };
    let second = test.send(&bob, &room, &reply).unwrap();
    assert_eq!(second["rTo"], first);
    let third = NewMessage { reply_to: Some(text(&second, "lId")), ..test.message("third") };
    let third = test.send(&ann, &room, &third).unwrap();
    assert_eq!(third["rTo"], second, "with the message that it replies to in turn");
    let both =
        NewMessage { forward_of: Some(text(&second, "lId")), reply_to: Some(text(&first, "lId")), ..test.message("x") };
    let forward = test.send(&ann, &other, &both).unwrap();
    assert_eq!((&forward["c"], &forward["forId"], &forward["rTo"]), (&json!("second"), &second["lId"], &Value::Null));
    let inaccessible = NewMessage { forward_of: Some(text(&forward, "lId")), ..test.message("x") };
    assert_status(test.send(&bob, &room, &inaccessible), 403);
}

#[test]
fn chain_of_replies_is_embedded_up_to_a_limit() {
    let mut test = test_world();
    let (ann, bob) = (test.user("ann"), test.user("bob"));
    let room = test.single_room(&ann, "bob");
    let mut last = test.send_text(&ann, &room, "0");
    for number in 1..400 {
        let reply = NewMessage { reply_to: Some(text(&last, "lId")), ..test.message(&number.to_string()) };
        last = test.send(&bob, &room, &reply).unwrap();
    }
    let chain = std::iter::successors(Some(&last), |message| message.get("rTo").filter(|replied| !replied.is_null()));
    let texts: Vec<_> = chain.map(|message| text(message, "c")).collect();
    assert_eq!((texts[1].as_str(), texts[130].as_str()), ("398", "269"));
    assert!((140..300).contains(&texts.len()), "{}", texts.len());
    let page = test.world.history(&ann, &room, &HistoryQuery::default());
    assert!(page.to_string().len() < 8 << 20, "the client does not read more");
}

#[test]
fn object_ids_in_a_text_are_mentions() {
    let mut test = test_world();
    let ann = test.user("ann");
    test.user("bob");
    let room = test.single_room(&ann, "bob");
    let sent = test.send_text(&ann, &room, &format!("[@Ann:{}] and 63d6", ann.user));
    assert_eq!(sent["mentions"], json!([ann.user]));
}

#[test]
fn history_is_paged_by_descending_id() {
    let mut test = test_world();
    let (ann, cleo) = (test.user("ann"), test.user("cleo"));
    test.user("bob");
    let room = test.single_room(&ann, "bob");
    let ids: Vec<String> = (0..45).map(|n| text(&test.send_text(&ann, &room, &n.to_string()), "_id")).collect();
    let page = |query: HistoryQuery| -> Vec<String> {
        let page = test.world.history(&ann, &room, &query);
        page["docs"].as_array().unwrap().iter().map(|message| text(message, "_id")).collect()
    };
    let newest: Vec<String> = ids.iter().rev().take(30).cloned().collect();
    assert_eq!(page(HistoryQuery::default()), newest);
    assert_eq!(page(HistoryQuery { limit: Some(1000), ..HistoryQuery::default() }), newest);
    assert_eq!(page(HistoryQuery { limit: Some(0), ..HistoryQuery::default() }).len(), 1);
    let older = page(HistoryQuery { before: Some(ids[15].clone()), ..HistoryQuery::default() });
    assert_eq!((older.len(), &older[0]), (15, &ids[14]));
    assert!(page(HistoryQuery { before: Some(ids[0].clone()), ..HistoryQuery::default() }).is_empty());
    let ascending = page(HistoryQuery { ascending: true, limit: Some(2), ..HistoryQuery::default() });
    assert_eq!(ascending, ids[..2]);
    assert!(page(HistoryQuery { filter: Some("media".to_owned()), ..HistoryQuery::default() }).is_empty());
    assert_eq!(page(HistoryQuery { text: Some("44".to_owned()), ..HistoryQuery::default() }), ids[44..]);
    assert_eq!(test.world.history(&cleo, &room, &HistoryQuery::default()), json!({ "docs": [] }));
}

#[test]
fn stars_are_personal() {
    let mut test = test_world();
    let (ann, bob) = (test.user("ann"), test.user("bob"));
    let room = test.single_room(&ann, "bob");
    let id = text(&test.send_text(&ann, &room, "x"), "_id");
    test.world.set_star(&ann, &room, &id, true).unwrap();
    assert_eq!(test.world.starred_messages(&ann, None)["docs"][0]["isStared"], true);
    assert_eq!(test.world.starred_messages(&bob, Some(&room))["docs"], json!([]));
    let listed = test.world.history(&bob, &room, &HistoryQuery::default());
    assert_eq!((&listed["docs"][0]["isStared"], listed["docs"][0].get("stars")), (&json!(false), None));
    test.world.set_star(&ann, &room, &id, false).unwrap();
    assert_eq!(test.world.starred_messages(&ann, None)["docs"], json!([]));
    assert_status(test.world.set_star(&ann, &room, "nothing", true), 404);
}

#[test]
fn message_is_deleted_for_all_or_for_oneself() {
    let mut test = test_world();
    let (ann, bob) = (test.user("ann"), test.user("bob"));
    let room = test.single_room(&ann, "bob");
    let id = text(&test.send_text(&ann, &room, "x"), "_id");
    test.events();
    let now = test.now();
    assert_status(test.world.delete_for_all(now, &bob, &room, &id), 403);
    test.world.delete_for_all(now, &ann, &room, &id).unwrap();
    let (_, event, payload) = test.events().remove(0);
    assert_eq!((event, &payload["c"], payload["dltAt"].is_string()), ("v1OnDeleteMessageFromAll", &json!("x"), true));
    test.world.delete_for_me(&bob, &room, &id).unwrap();
    assert_eq!(test.event_names(), Vec::<&str>::new());
    assert!(
        test.world.rooms(&bob, &ListFilter::default())["docs"].as_array().unwrap().is_empty(),
        "no message is visible"
    );
    assert_eq!(test.world.rooms(&ann, &ListFilter::default())["docs"].as_array().unwrap().len(), 1);
}

#[test]
fn view_once_message_records_its_viewers() {
    let mut test = test_world();
    let (ann, bob) = (test.user("ann"), test.user("bob"));
    let room = test.single_room(&ann, "bob");
    let plain = text(&test.send_text(&ann, &room, "x"), "_id");
    assert_status(test.world.view_once(&bob, &room, &plain), 400);
    test.world.set_room_setting(&ann, &room, RoomSetting::ViewOnce(true)).unwrap();
    let once = text(&test.send_text(&ann, &room, "y"), "_id");
    test.world.view_once(&bob, &room, &once).unwrap();
    assert_eq!(test.world.history(&bob, &room, &HistoryQuery::default())["docs"][0]["isOneSeenByMe"], true);
}

#[test]
fn broadcast_is_copied_to_each_direct_room() {
    let mut test = test_world();
    let (ann, bob) = (test.user("ann"), test.user("bob"));
    test.user("cleo");
    let identifiers = vec!["bob".to_owned(), "cleo".to_owned()];
    let now = test.now();
    let room =
        test.world.create_broadcast(now, &ann, NewRoom { identifiers, title: "News".to_owned(), ..NewRoom::default() });
    let room = text(&room.unwrap(), "rId");
    test.events();
    let sent = test.send_text(&ann, &room, "boils");
    let events = test.events();
    assert_eq!(events.iter().filter(|(_, event, _)| *event == "v1OnNewMessage").count(), 3);
    let copies: Vec<&Value> =
        events.iter().map(|(_, _, payload)| payload).filter(|payload| payload["pBId"] == sent["_id"]).collect();
    assert_eq!(copies.len(), 2);
    assert!(copies.iter().all(|copy| copy["lId"] != sent["lId"] && copy["_id"] != sent["_id"]));
    assert_eq!(copies[0]["peerData"]["identifier"], "bob");
    let single = text(copies[0], "rId");
    assert_eq!(test.single_room(&bob, "ann"), single);
    let (now, id) = (test.now(), text(&sent, "_id"));
    test.world.mark_delivered(now, &bob, &single).unwrap();
    let receipts = |test: &mut TestWorld, seen| {
        test.world.receipts(&ann, &room, &id, seen, &ListFilter::default()).unwrap()["docs"].as_array().unwrap().len()
    };
    assert_eq!((receipts(&mut test, false), receipts(&mut test, true)), (1, 0));
    test.world.mark_seen(now, &bob, &single).unwrap();
    assert_eq!((receipts(&mut test, false), receipts(&mut test, true)), (0, 1));
    assert_status(test.world.remove_recipient(&ann, &room, "{peerId}"), 404);
    test.world.remove_recipient(&ann, &room, "cleo").unwrap();
    assert_eq!(test.world.broadcast_info(&ann, &room).unwrap()["totalUsers"], 1);
    assert_status(test.world.broadcast_info(&bob, &room), 403);
}
