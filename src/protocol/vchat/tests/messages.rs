//! Messages of every type, and malformed ones (`docs/protocol/vchat.md` §8.1, §8.2).

use serde_json::json;

use crate::domain::{AttachmentKind, LocalId, MessageKind, PersonId, Timestamp};

use super::*;

fn text_of(payload: &Value) -> (MessageKind, String) {
    let message = message(payload);
    (message.kind, message.text.to_string())
}

#[test]
fn documented_sample_is_read() {
    let docs = message(&fixture!("message.docs"));
    assert_eq!((docs.kind, &*docs.text, docs.local), (MessageKind::Text, "1111111111111", LocalId::parse(LOCAL)));
    assert_eq!(Some(docs.sent_at), Timestamp::parse("2023-03-06T19:51:27.582Z"));
    assert_eq!(
        (docs.delivered, docs.seen, docs.forwarded, docs.starred, docs.deleted),
        (false, false, false, None, false)
    );
    let author = docs.author_info.unwrap();
    assert_eq!((&*author.username, &*author.name, author.id.as_str()), ("user1@gmail.com", "user 1", ME));
    assert_eq!((docs.quote, docs.attachment), (None, None));
}

#[test]
fn text_keeps_lines_and_shows_mentions_as_names() {
    let expected = (MessageKind::Text, "hi @User One,\nhow **are** you?".to_owned());
    assert_eq!(text_of(&fixture!("message.text")), expected);
}

#[test]
fn file_becomes_an_attachment() {
    for (payload, kind, name, size, duration) in [
        (fixture!("message.image"), AttachmentKind::Image, "cat.png", "2.1 MB", None),
        (fixture!("message.file"), AttachmentKind::File, "report.pdf", "13 kB", None),
        (fixture!("message.video"), AttachmentKind::Video, "clip.mp4", "16 MB", Some(83_000)),
        (fixture!("message.voice"), AttachmentKind::Voice, "note.m4a", "35 kB", Some(7120)),
    ] {
        let message = message(&payload);
        let file = message.attachment.unwrap();
        assert_eq!((file.kind, &*file.name, &*file.size, file.duration), (kind, name, size, duration));
        assert_eq!(&*file.url, format!("https://s3.example/{name}"));
        assert_eq!((message.kind, &*message.text), (MessageKind::Text, ""), "{name}");
    }
    let mut captioned = fixture!("message.image");
    captioned["c"] = json!("our cat");
    captioned["msgAtt"] = json!({"mimeType": "image/gif"});
    let captioned = message(&captioned);
    let file = captioned.attachment.unwrap();
    assert_eq!((&*captioned.text, file.kind, &*file.name, &*file.size), ("our cat", AttachmentKind::Gif, "", ""));
}

#[test]
fn location_and_custom_data_are_described() {
    let mut location = fixture!("message.location");
    let at = |text: &str| (MessageKind::Location, text.to_owned());
    assert_eq!(text_of(&location), at("📍 Tahrir Square · 30.0444, 31.2357 · https://maps.example/?q=30.0444,31.2357"));
    // Related servers send numbers, and the preview may be missing.
    location["msgAtt"] = json!({"lat": 30.5, "long": "31.2"});
    assert_eq!(text_of(&location), at("📍 30.5, 31.2"));
    let mut custom = fixture!("message.custom");
    assert_eq!(text_of(&custom), (MessageKind::Custom, "A product".to_owned()));
    custom["c"] = json!("");
    assert_eq!(text_of(&custom), (MessageKind::Custom, r#"{"price":"3.50","sku":17}"#.to_owned()));
    custom["msgAtt"] = json!({"data": {"x": "y".repeat(500)}});
    assert_eq!(text_of(&custom).1.chars().count(), 201);
}

#[test]
fn call_outcome_is_described() {
    let mut call = fixture!("message.call.finished");
    assert_eq!(text_of(&call), (MessageKind::Call, "Video call, 3:12".to_owned()));
    assert_eq!(text_of(&fixture!("message.call.timeout")), (MessageKind::Call, "Missed voice call".to_owned()));
    for (status, text) in [
        ("ring", "Voice call, ringing"),
        ("canceled", "Canceled voice call"),
        ("rejected", "Declined voice call"),
        ("finished", "Voice call"),
        ("inCall", "Voice call, in progress"),
        ("sessionEnd", "Voice call, interrupted"),
        ("new in 2030", "Voice call"),
    ] {
        call["msgAtt"] = json!({"callStatus": status, "withVideo": false});
        assert_eq!(text_of(&call).1, text);
    }
}

#[test]
fn room_change_is_described() {
    let mut info = fixture!("message.info");
    let mut describe = |action: &str, target: (&str, &str), admin: (&str, &str)| {
        info["msgAtt"] = json!({"action": action, "targetId": target.0, "targetName": target.1, "adminName": admin.1});
        info["sId"] = json!(admin.0);
        let message = message(&info);
        assert_eq!(message.kind, MessageKind::Info);
        message.text.to_string()
    };
    let (me, bob, eve) = ((ME, "user 1"), (BOB, "User Two"), ("63d6684a88c3d52e0e6dffb1", "Eve"));
    for (action, target, admin, text) in [
        ("updateTitle", (GROUP, "Weekend"), bob, "User Two changed the title to Weekend"),
        ("updateTitle", (GROUP, "Weekend"), me, "You changed the title to Weekend"),
        ("updateImage", (GROUP, "https://s3/x"), bob, "User Two changed the picture"),
        ("addGroupMember", eve, bob, "User Two added Eve"),
        ("addGroupMember", me, bob, "User Two added you"),
        ("upAdmin", eve, me, "You made Eve an admin"),
        ("downMember", me, bob, "User Two made you a member again"),
        ("leave", eve, eve, "Eve left the group"),
        ("leave", me, me, "You left the group"),
        ("kick", me, bob, "User Two removed you"),
        ("kick", eve, bob, "User Two removed Eve"),
        ("createGroup", (GROUP, "Weekend"), bob, "User Two created the group Weekend"),
        ("addToBroadcast", (GROUP, "News"), bob, "User Two added you to the broadcast News"),
    ] {
        assert_eq!(describe(action, target, admin), text);
    }
}

#[test]
fn quote_is_read_one_level_deep() {
    let reply = message(&fixture!("message.reply"));
    let quote = reply.quote.unwrap();
    assert_eq!((quote.id.as_str(), quote.author.as_str(), &*quote.author_name), (MESSAGE, ME, "user 1"));
    assert_eq!(&*quote.text, "1111111111111");

    let mut payload = fixture!("message.reply");
    let mut quoted = |value: Value| {
        payload["rTo"] = value;
        message(&payload).quote.map(|quote| quote.text.to_string())
    };
    assert_eq!(quoted(fixture!("message.image")).as_deref(), Some("[image] cat.png"));
    assert_eq!(quoted(fixture!("message.deleted")).as_deref(), Some(""));
    assert_eq!(quoted(fixture!("message.text")).as_deref(), Some("hi @User One, how **are** you?"));
    assert_eq!(quoted(fixture!("message.unknown")).as_deref(), Some("🐱"));
    let mut unknown = fixture!("message.unknown");
    unknown["c"] = json!("");
    for broken in [json!(null), json!("x"), json!([]), json!({}), json!({"_id": "x"}), unknown] {
        assert_eq!(quoted(broken), None);
    }
    let mut blank = fixture!("message.reply");
    for (name, shown) in
        [(" ", "user1@gmail.com"), ("\u{2800}\u{301}", "user1@gmail.com"), (" user  1\u{e000}", "user 1")]
    {
        blank["rTo"]["sName"] = json!(name);
        assert_eq!(message(&blank).quote.map(|quote| quote.author_name.to_string()).as_deref(), Some(shown));
    }
    // Only the first level is read, however deep the replies are nested.
    let mut deep = fixture!("message.docs");
    for _ in 0..40 {
        let mut next = fixture!("message.docs");
        next["rTo"] = deep;
        deep = next;
    }
    assert!(message(&deep).quote.is_some());
}

#[test]
fn message_status_is_read() {
    let forwarded = message(&fixture!("message.forwarded"));
    assert!(forwarded.forwarded && forwarded.delivered && forwarded.seen);
    assert_eq!(forwarded.starred, Some(true));
    let mut deleted = message(&fixture!("message.deleted"));
    assert_eq!((deleted.deleted, &*deleted.text, deleted.attachment.take()), (true, "", None));
    // A deleted message of an unknown type is just a deleted message.
    let mut payload = fixture!("message.unknown");
    payload["dltAt"] = json!("2023-03-06T20:00:00.000Z");
    let unknown = message(&payload);
    assert_eq!((unknown.deleted, unknown.kind, &*unknown.text), (true, MessageKind::Custom, ""));
}

#[test]
fn message_of_unknown_type_is_shown_by_its_text() {
    let sticker = message(&fixture!("message.unknown"));
    assert_eq!((sticker.kind, &*sticker.text), (MessageKind::Custom, "🐱"));
    assert_eq!((sticker.author, sticker.attachment), (PersonId::new(BOB), None));
    for (payload, kind) in [
        (fixture!("message.image"), MessageKind::Text),
        (fixture!("message.location"), MessageKind::Location),
        // A member could otherwise write a line that seems to come from the service: it would have no author.
        (fixture!("message.info"), MessageKind::Custom),
        (fixture!("message.call.finished"), MessageKind::Custom),
    ] {
        let mut broken = payload.clone();
        (broken["c"], broken["msgAtt"]) = (json!("a text for people"), json!(null));
        assert_eq!(text_of(&broken), (kind, "a text for people".to_owned()));
    }
    let mut pinned = fixture!("message.info");
    (pinned["c"], pinned["msgAtt"]["action"]) = (json!("Bob pinned a message"), json!("pinMessage"));
    assert_eq!(text_of(&pinned), (MessageKind::Custom, "Bob pinned a message".to_owned()));
}

#[test]
fn message_without_type_and_text_is_reported_in_its_place() {
    for text in [json!(null), json!(""), json!(" "), json!("📁")] {
        let mut sticker = fixture!("message.unknown");
        sticker["c"] = text;
        let expected = "A message that cannot be read (sticker).";
        assert_eq!(text_of(&sticker), (MessageKind::Unreadable, expected.to_owned()));
    }
    let mut long = fixture!("message.unknown");
    long["c"] = json!(null);
    long["mT"] = json!("\u{1b}[2J".repeat(100));
    assert_eq!(
        text_of(&long).1.chars().count(),
        "A message that cannot be read ().".len() + 7,
        "one character for each escape sequence, and an ellipsis"
    );
}

/// The text of a message with a number as its type was lost.
#[test]
fn type_that_is_no_name_does_not_hide_the_text() {
    for (kind, reason) in [
        (json!(null), "no type"),
        (json!({}), "no type"),
        (json!(true), "no type"),
        (json!([7]), "no type"),
        (json!(""), ""),
        (json!(7), "7"),
        (json!(-1.5), "-1.5"),
    ] {
        let mut odd = fixture!("message.docs");
        odd["mT"] = kind;
        odd["c"] = json!("words to read");
        assert_eq!(text_of(&odd), (MessageKind::Custom, "words to read".to_owned()));
        odd["c"] = json!(null);
        let expected = format!("A message that cannot be read ({reason}).");
        assert_eq!(text_of(&odd), (MessageKind::Unreadable, expected));
    }
}

#[test]
fn missing_field_affects_only_its_message() {
    for (field, why) in [("sId", "no sender"), ("createdAt", "no time")] {
        for value in [json!(null), json!({}), json!("")] {
            let mut broken = fixture!("message.docs");
            broken[field] = value.clone();
            let text = format!("A message that cannot be read ({why}).");
            assert_eq!(text_of(&broken), (MessageKind::Unreadable, text));
        }
    }
    for payload in [
        fixture!("message.image"),
        fixture!("message.location"),
        fixture!("message.info"),
        fixture!("message.call.finished"),
    ] {
        for value in [json!(null), json!("x"), json!([1])] {
            let mut broken = payload.clone();
            (broken["msgAtt"], broken["c"]) = (value, json!(null));
            assert_eq!(message(&broken).kind, MessageKind::Unreadable);
        }
    }
    for (name, value) in
        [("location", json!({"lat": "1"})), ("info", json!({"action": "pinned"})), ("text", json!(null))]
    {
        let mut broken = fixture!("message.docs");
        (broken["mT"], broken["msgAtt"], broken["c"]) = (json!(name), value, json!(null));
        assert_eq!(text_of(&broken), (MessageKind::Unreadable, format!("A message that cannot be read ({name}).")));
    }
    // Optional fields may be malformed.
    for field in ["sIdentifier", "sName", "sImg", "plm", "lId", "rTo", "forId", "isEncrypted", "updatedAt"] {
        for value in [json!(null), json!(7), json!({})] {
            let mut odd = fixture!("message.docs");
            odd[field] = value;
            assert_eq!(message(&odd).kind, MessageKind::Text, "{field}");
        }
    }
}

#[test]
fn missing_time_comes_from_the_id_or_the_previous_message() {
    let mut without_time = fixture!("message.docs");
    without_time["createdAt"] = json!("yesterday");
    // The ObjectId begins with the time in seconds, 0x6406443f.
    assert_eq!(Some(message(&without_time).sent_at), Timestamp::parse("2023-03-06T19:51:27Z"));
    without_time["_id"] = json!("not an ObjectId");
    let mut vchat = signed_in();
    let mut live = |payload: Value| match raw(&mut vchat, "v1OnNewMessage", vec![payload]).unwrap().remove(0) {
        ServerEvent::Message(message) => message.sent_at,
        other => panic!("{other:?}"),
    };
    let before = live(fixture!("message.docs"));
    assert_eq!(live(without_time), before);
}

#[test]
fn control_sequences_are_sanitised() {
    let mut hostile = fixture!("message.image");
    hostile["c"] = json!("\u{1b}]0;x\u{7}a\nb");
    hostile["sName"] = json!("A\u{1b}[2J\nB");
    hostile["msgAtt"]["name"] = json!("a\nb\u{202e}gnp.exe");
    hostile["rTo"] = fixture!("message.docs");
    hostile["rTo"]["c"] = json!("q\u{1b}\nq");
    hostile["rTo"]["sName"] = json!("N\u{9b}");
    let hostile = message(&hostile);
    assert_eq!(&*hostile.text, "␛a\nb");
    assert_eq!(&*hostile.author_info.unwrap().name, "A␛ B");
    assert_eq!(&*hostile.attachment.unwrap().name, "a b⟨U+202E⟩gnp.exe");
    let quote = hostile.quote.unwrap();
    assert_eq!((&*quote.text, &*quote.author_name), ("q␛ q", "N\u{fffd}"));
}
