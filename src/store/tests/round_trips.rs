//! What goes in comes out, whatever it is.

use proptest::prelude::*;

use crate::domain::{Timestamp, Unread};
use crate::store::{Edge, KeptRoom, OutboxWrite, Stage, Write};

use super::{Desk, any, batch, entry, message, place, reopened, room, room_info, saying};

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn messages_come_back_as_they_went(mut messages in (any::message("a"), any::message("b"), any::message("c"))) {
        let (_dir, place) = place();
        let (desk, _) = Desk::open(place.clone());
        desk.write([Write::Rooms(vec![room_info("r")])]);
        // Earlier copies of the same, so that putting anew is seen as well; who wrote a message never changes.
        let (mut a, mut c) = (message("a", 5), message("c", 3));
        (a.author, c.author) = (messages.0.author.clone(), messages.2.author.clone());
        desk.write([Write::Messages(batch("r", vec![a, c]))]);
        messages.1.sent_at = messages.0.sent_at.max(messages.1.sent_at);
        messages.2.sent_at = messages.1.sent_at;
        let messages = [messages.0, messages.1, messages.2];
        // The ends of time leave no place between them; the order within a millisecond is that of their coming.
        desk.write([Write::Messages(batch("r", messages.to_vec()))]);
        desk.close();
        let snapshot = reopened(&place);
        let mut past = snapshot.pasts[0].1.messages.clone();
        prop_assert_eq!(past.len(), 3);
        past.sort_by_key(|message| message.id.clone());
        prop_assert_eq!(past, messages);
    }

    #[test]
    fn rooms_come_back_as_they_went(info in any::room(), upto in proptest::option::of(any::read_to()), unread: (u32, bool)) {
        let (_dir, place) = place();
        let (desk, _) = Desk::open(place.clone());
        let unread = Unread { count: unread.0, or_more: unread.1 };
        desk.write([
            Write::Rooms(vec![info.clone()]),
            Write::Read { room: info.id.clone(), upto: upto.clone(), unread },
        ]);
        desk.close();
        prop_assert_eq!(reopened(&place).rooms, [KeptRoom { info, unread, read: upto }]);
    }

    #[test]
    fn people_drafts_and_the_outbox_come_back_as_they_went(
        me in any::person(),
        person in any::person(),
        draft in any::draft(),
        drafted in any::room_id(),
        mut entries in proptest::collection::vec(any::entry(), 0..6),
    ) {
        let (_dir, place) = place();
        let (mut desk, _) = Desk::open(place.clone());
        entries.dedup_by_key(|entry| entry.local);
        desk.write([
            Write::Me(me.clone()),
            Write::People(vec![person.clone()]),
            Write::Heard(Timestamp(7)),
            Write::Draft { room: drafted.clone(), draft: Some(draft.clone()) },
        ]);
        for entry in &entries {
            prop_assert!(desk.send(entry.clone()));
        }
        desk.close();
        let snapshot = reopened(&place);
        prop_assert_eq!(snapshot.me, Some(me));
        prop_assert_eq!(snapshot.people, [person]);
        prop_assert_eq!(snapshot.heard_at, Some(Timestamp(7)));
        prop_assert_eq!(snapshot.drafts, [(drafted, draft)]);
        prop_assert_eq!(snapshot.outbox, entries);
        prop_assert_eq!(snapshot.rooms, [], "a room that only a draft names is no room of the list");
    }

    #[test]
    fn no_query_is_an_error(typed in any::text()) {
        let (_dir, place) = place();
        let (mut desk, _) = Desk::open(place);
        desk.write([Write::Messages(batch("r", vec![message("m", 1)]))]);
        desk.find(&typed, None);
        prop_assert_eq!(desk.problems(), []);
        prop_assert_eq!(desk.texts("m"), ["m"]);
    }
}

#[test]
fn a_taken_back_message_keeps_its_place_and_loses_its_words() {
    let (_dir, place) = place();
    let (mut desk, _) = Desk::open(place.clone());
    let mut info = room_info("r");
    info.last_message = Some(crate::domain::MessageInfo {
        id: crate::domain::MessageId::new("secret"),
        room: room("r"),
        author: crate::domain::PersonId::new("ann"),
        author_info: None,
        sent_at: Timestamp(2),
        text: crate::text::SafeText::block("secret"),
        attachment: None,
        delivered: false,
        seen: false,
        local: None,
        kind: crate::domain::MessageKind::Text,
        quote: None,
        forwarded: false,
        starred: None,
        deleted: false,
    });
    desk.write([
        Write::Rooms(vec![info]),
        Write::Messages(batch("r", vec![message("first", 1), message("secret", 2), message("last", 3)])),
    ]);
    assert_eq!(desk.texts("secret"), ["secret"]);
    let secret = crate::domain::MessageId::new("secret");
    desk.write([Write::Tombstone { room: room("r"), message: secret, author: None }]);
    assert_eq!(desk.texts("secret"), [""; 0]);
    desk.close();
    let snapshot = reopened(&place);
    let past = &snapshot.pasts[0].1.messages;
    assert_eq!(
        past.iter().map(|message| (&*message.text, message.deleted)).collect::<Vec<_>>(),
        [("first", false), ("", true), ("last", false)]
    );
    assert_eq!(snapshot.rooms[0].info.last_message, None, "the room list must not tell it either");
}

#[test]
fn a_forgotten_room_is_gone_with_all_that_hangs_on_it() {
    let (_dir, place) = place();
    let (mut desk, _) = Desk::open(place.clone());
    desk.write([
        Write::Rooms(vec![room_info("a"), room_info("b")]),
        Write::Messages(batch("a", (0..1000).map(|n| message(&format!("word{n}"), n)).collect())),
        Write::Messages(batch("b", vec![message("word", 1)])),
        Write::Draft { room: room("a"), draft: Some(crate::store::Draft::default()) },
    ]);
    assert!(desk.send(entry(1, "a", "x")));
    assert!(desk.send(entry(2, "b", "y")));
    desk.settle();
    desk.write([Write::ForgetRoom(room("a"))]);
    assert_eq!(desk.texts("word"), ["word"]);
    // The name is free again at once, whatever is still to be swept out.
    desk.write([Write::Rooms(vec![room_info("a")]), Write::Messages(batch("a", vec![message("new", 9)]))]);
    assert_eq!(desk.past("a", crate::store::At::Newest, 10).messages, [message("new", 9)]);
    desk.close();
    let snapshot = reopened(&place);
    assert_eq!(snapshot.rooms.len(), 2);
    assert_eq!(snapshot.drafts, []);
    assert_eq!(snapshot.outbox, [entry(2, "b", "y")]);
}

#[test]
fn forgetting_the_history_leaves_what_the_user_wrote_and_a_wipe_leaves_nothing() {
    let (_dir, place) = place();
    let draft = crate::store::Draft { text: "half".to_owned(), ..Default::default() };
    let (mut desk, _) = Desk::open(place.clone());
    desk.write([
        Write::Rooms(vec![room_info("a")]),
        Write::Messages(batch("a", (0..400).map(|n| message(&format!("treasure{n}"), n)).collect())),
        Write::Draft { room: room("a"), draft: Some(draft.clone()) },
    ]);
    assert!(desk.send(entry(1, "a", "x")));
    desk.settle();
    desk.write([Write::ForgetHistory]);
    desk.settle();
    let bytes = std::fs::read(&place.file).expect("the file");
    assert!(!bytes.windows(8).any(|part| part == b"treasure"), "what was forgotten is not in the file");
    desk.close();
    let snapshot = reopened(&place);
    assert_eq!((snapshot.rooms.len(), snapshot.pasts.len()), (0, 0));
    assert_eq!(snapshot.drafts, [(room("a"), draft)]);
    assert_eq!(snapshot.outbox.len(), 1);

    let (mut desk, _) = Desk::open(place.clone());
    desk.write([Write::Messages(batch("a", vec![message("again", 1)]))]);
    assert_eq!(desk.texts("again"), ["again"], "the index works after it was emptied");
    desk.write([Write::Wipe]);
    desk.close();
    assert_eq!(reopened(&place), crate::store::Snapshot::default());
}

#[test]
fn a_page_that_brings_nothing_new_costs_no_write() {
    let (_dir, place) = place();
    let (mut desk, _) = Desk::open(place.clone());
    let page = batch("a", (0..50).map(|n| message(&format!("m{n}"), n)).collect());
    desk.write([Write::Messages(page.clone())]);
    desk.settle();
    let before = std::fs::metadata(super::beside(&place, "-wal")).expect("a wal").len();
    desk.write([Write::Messages(page)]);
    desk.settle();
    let after = std::fs::metadata(super::beside(&place, "-wal")).expect("a wal").len();
    assert_eq!(after, before);
}

#[test]
fn a_store_that_is_nowhere_answers_as_any_other() {
    let (tell, answers) = std::sync::mpsc::channel();
    let store = crate::store::Store::nowhere(move |answer| drop(tell.send(answer)));
    store.write(Write::Outbox(OutboxWrite::Put(entry(1, "a", "x"))));
    store.write(Write::Outbox(OutboxWrite::Mark { local: entry(1, "a", "").local, stage: Stage::Queued, attempts: 1 }));
    store.write(Write::Rooms(vec![room_info("a")]));
    store.ask(crate::store::Query::Past { id: 4, room: room("a"), at: crate::store::At::Newest, limit: 9 });
    drop(store);
    use crate::store::{Answer, Past, Snapshot, Step};
    let local = entry(1, "a", "").local;
    let said: Vec<Answer> = answers.iter().collect();
    assert_eq!(
        said,
        [
            Answer::Loaded(Box::<Snapshot>::default()),
            Answer::Kept { local, step: Step::Put, on_disk: false },
            Answer::Kept { local, step: Step::Mark, on_disk: false },
            Answer::Past { id: 4, room: room("a"), past: Past { messages: Vec::new(), edge: Edge::Hole } },
        ]
    );
}

/// An edit or a deletion may be of a message that is on disk only: nothing in memory could tell whose it is.
#[test]
fn a_message_stays_its_authors_on_disk_too() {
    let (_dir, place) = place();
    let (mut desk, _) = Desk::open(place.clone());
    desk.write([
        Write::Rooms(vec![room_info("r")]),
        Write::Messages(batch("r", vec![message("first", 1), message("second", 2), message("third", 3)])),
    ]);
    let forged = |id: &str| crate::domain::Message {
        author: crate::domain::PersonId::new("mallory"),
        ..saying(id, 9, "I owe you money")
    };
    let id = crate::domain::MessageId::new;
    let taken = |message, author| Write::Tombstone {
        room: room("r"),
        message,
        author: Some(crate::domain::PersonId::new(author)),
    };
    desk.write([
        Write::Change { room: room("r"), message: Box::new(forged("first")) },
        Write::Messages(batch("r", vec![forged("second")])),
        taken(id("third"), "mallory"),
    ]);
    assert_eq!(desk.texts("money"), [""; 0]);
    // What is not kept cannot be compared with anything, and is not put there.
    desk.write([Write::Change { room: room("r"), message: Box::new(forged("unknown")) }]);
    desk.write([Write::Change { room: room("r"), message: Box::new(saying("first", 1, "another text")) }]);
    desk.write([taken(id("second"), "ann")]);
    desk.close();
    let snapshot = reopened(&place);
    let past = &snapshot.pasts[0].1.messages;
    let told: Vec<_> = past.iter().map(|message| (&*message.text, message.author.as_str(), message.deleted)).collect();
    assert_eq!(told, [("another text", "ann", false), ("", "ann", true), ("third", "ann", false)]);
}
