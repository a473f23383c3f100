//! Round trips: everything that is stored comes back unchanged.

use proptest::prelude::*;

use crate::domain::{Timestamp, Unread};
use crate::store::{Draft, Edge, OutboxWrite, RoomSnapshot, StoredStage, Write};
use crate::text::SafeText;

use super::{
    TestStore, batch, edit, entry, message, message_with_text, reopen, room, room_info, strategies, temp_location,
};

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn messages_round_trip(mut messages in (strategies::message("a"), strategies::message("b"), strategies::message("c"))) {
        let (_dir, location) = temp_location();
        let (store, _) = TestStore::open(location.clone());
        store.write([Write::Rooms(vec![room_info("r")])]);
        // Earlier versions of two of the messages, so that updates are tested as well. Authors never change.
        let (mut a, mut c) = (message("a", 5), message("c", 3));
        (a.author, c.author) = (messages.0.author.clone(), messages.2.author.clone());
        // The messages know the texts that were stored.
        for (old, new) in [(&mut a, &messages.0), (&mut c, &messages.2)] {
            old.text = new.earlier().first().unwrap_or(&new.text).clone();
        }
        store.write([Write::Messages(batch("r", vec![a, c]))]);
        messages.1.sent_at = messages.0.sent_at.max(messages.1.sent_at);
        messages.2.sent_at = messages.1.sent_at;
        let mut messages = [messages.0, messages.1, messages.2];
        // Each is at least as late as the one before; within a millisecond the order of arrival counts.
        store.write([Write::Messages(batch("r", messages.to_vec()))]);
        // The store keeps no text of a deleted message, not even in a quote.
        let deleted: Vec<_> = messages.iter().filter(|message| message.deleted).filter_map(|message| message.id.clone()).collect();
        for quote in messages.iter_mut().filter_map(|message| message.quote.as_mut()) {
            if deleted.contains(&quote.id) {
                quote.text = SafeText::default();
            }
        }
        store.close();
        let snapshot = reopen(&location);
        let mut stored = snapshot.histories[0].1.messages.clone();
        prop_assert_eq!(stored.len(), 3);
        stored.sort_by_key(|message| message.id.clone());
        prop_assert_eq!(stored, messages);
    }

    #[test]
    fn rooms_round_trip(info in strategies::room(), marker in proptest::option::of(strategies::read_marker()), unread: (u32, bool)) {
        let (_dir, location) = temp_location();
        let (store, _) = TestStore::open(location.clone());
        let unread = Unread { count: unread.0, or_more: unread.1, ..Unread::default() };
        store.write([
            Write::Rooms(vec![info.clone()]),
            Write::ReadMarker { room: info.id.clone(), marker: marker.clone(), unread },
        ]);
        store.close();
        prop_assert_eq!(reopen(&location).rooms, [RoomSnapshot { info, unread, read_marker: marker }]);
    }

    #[test]
    fn people_drafts_and_outbox_round_trip(
        me in strategies::person(),
        person in strategies::person(),
        draft in strategies::draft(),
        drafted in strategies::room_id(),
        mut entries in proptest::collection::vec(strategies::entry(), 0..6),
    ) {
        let (_dir, location) = temp_location();
        let (mut store, _) = TestStore::open(location.clone());
        entries.dedup_by_key(|entry| entry.local);
        store.write([
            Write::Me(me.clone()),
            Write::People(vec![person.clone()]),
            Write::SyncedAt(Timestamp(7)),
            Write::Draft { room: drafted.clone(), draft: Some(draft.clone()) },
            Write::RoomlessDraft(Some(draft.clone())),
        ]);
        for entry in &entries {
            prop_assert!(store.send(entry.clone()));
        }
        store.close();
        let snapshot = reopen(&location);
        prop_assert_eq!(snapshot.me, Some(me));
        prop_assert_eq!(snapshot.people, [person]);
        prop_assert_eq!(snapshot.synced_at, Some(Timestamp(7)));
        prop_assert_eq!(snapshot.roomless_draft.as_ref(), Some(&draft));
        prop_assert_eq!(snapshot.drafts, [(drafted, draft)]);
        prop_assert_eq!(snapshot.outbox, entries);
        prop_assert_eq!(snapshot.rooms, [], "a room that only a draft refers to is not listed");
    }

    #[test]
    fn any_search_text_is_accepted(typed in strategies::text()) {
        let (_dir, location) = temp_location();
        let (mut store, _) = TestStore::open(location);
        store.write([Write::Messages(batch("r", vec![message("m", 1)]))]);
        store.search(&typed, None);
        prop_assert_eq!(store.problems(), []);
        prop_assert_eq!(store.matches("m"), ["m"]);
    }
}

#[test]
fn tombstone_keeps_the_position_and_removes_the_text() {
    let (_dir, location) = temp_location();
    let (mut store, _) = TestStore::open(location.clone());
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
    store.write([
        Write::Rooms(vec![info]),
        Write::Messages(batch("r", vec![message("first", 1), message("secret", 2), message("last", 3)])),
    ]);
    assert_eq!(store.matches("secret"), ["secret"]);
    let secret = crate::domain::MessageId::new("secret");
    store.write([Write::Tombstone { room: room("r"), message: secret, author: None }]);
    assert_eq!(store.matches("secret"), [""; 0]);
    store.close();
    let snapshot = reopen(&location);
    let messages = &snapshot.histories[0].1.messages;
    assert_eq!(
        messages.iter().map(|message| (&*message.text, message.deleted)).collect::<Vec<_>>(),
        [("first", false), ("", true), ("last", false)]
    );
    assert_eq!(snapshot.rooms[0].info.last_message, None, "the room list must not show it either");
}

#[test]
fn edited_text_replaces_the_old_one_but_no_tombstone() {
    let (_dir, location) = temp_location();
    let (mut store, _) = TestStore::open(location.clone());
    store.write([Write::Messages(batch("r", vec![message("one", 1), message("two", 2)]))]);
    store.write([Write::Tombstone { room: room("r"), message: crate::domain::MessageId::new("two"), author: None }]);
    for id in ["one", "two", "unknown"] {
        store.write([edit(id, None, "anew", crate::domain::EditedFile::Kept)]);
    }
    assert_eq!(store.matches("anew"), ["anew"]);
    assert_eq!(store.matches("one"), [""; 0]);
    let page = store.history("r", crate::store::HistoryPosition::Newest, 10);
    let facts = page.messages.iter().map(|message| (&*message.text, message.edited, message.deleted));
    assert_eq!(facts.collect::<Vec<_>>(), [("anew", true, false), ("", false, true)]);
}

#[test]
fn forgotten_room_takes_its_data_along() {
    let (_dir, location) = temp_location();
    let (mut store, _) = TestStore::open(location.clone());
    store.write([
        Write::Rooms(vec![room_info("a"), room_info("b")]),
        Write::Messages(batch("a", (0..1000).map(|n| message(&format!("word{n}"), n)).collect())),
        Write::Messages(batch("b", vec![message("word", 1)])),
        Write::Draft { room: room("a"), draft: Some(Draft::default()) },
    ]);
    assert!(store.send(entry(1, "a", "x")));
    assert!(store.send(entry(2, "b", "y")));
    store.settle();
    store.write([Write::ForgetRoom(room("a"))]);
    assert_eq!(store.matches("word"), ["word"]);
    // The room can be stored again while its old messages are still being deleted.
    store.write([Write::Rooms(vec![room_info("a")]), Write::Messages(batch("a", vec![message("new", 9)]))]);
    assert_eq!(store.history("a", crate::store::HistoryPosition::Newest, 10).messages, [message("new", 9)]);
    store.close();
    let snapshot = reopen(&location);
    assert_eq!(snapshot.rooms.len(), 2);
    assert_eq!(snapshot.drafts, []);
    assert_eq!(snapshot.outbox, [entry(2, "b", "y")]);
}

/// A text that was typed before the stored draft was known became part of the edit or the reply in it.
#[test]
fn text_added_to_a_draft_makes_it_a_new_message() {
    let draft = |text: &str, context: Option<&str>| Draft {
        text: text.to_owned(),
        cursor: 0,
        context: context.map(str::to_owned),
    };
    for (stored, added, expected) in [
        (draft("old text", Some("edit")), draft("new", None), draft("old text\nnew", None)),
        (draft("old", Some("edit")), draft("old", None), draft("old", Some("edit"))),
        (draft("old", None), draft("", Some("reply")), draft("old", None)),
        (draft("", Some("reply")), draft("new", None), draft("new", None)),
    ] {
        let (_dir, location) = temp_location();
        let (mut store, _) = TestStore::open(location.clone());
        store.write([
            Write::Rooms(vec![room_info("a")]),
            Write::Draft { room: room("a"), draft: Some(stored.clone()) },
            Write::RoomlessDraft(Some(stored)),
        ]);
        store.settle();
        let to_draft = |room| Write::AddToDraft { room, draft: added.clone() };
        store.write([to_draft(Some(room("a"))), to_draft(None)]);
        store.close();
        let snapshot = reopen(&location);
        assert_eq!((snapshot.drafts, snapshot.roomless_draft), (vec![(room("a"), expected.clone())], Some(expected)));
    }
}

#[test]
fn forget_history_keeps_user_input_and_wipe_keeps_nothing() {
    let (_dir, location) = temp_location();
    let draft = Draft { text: "half".to_owned(), ..Default::default() };
    let (mut store, _) = TestStore::open(location.clone());
    store.write([
        Write::Rooms(vec![room_info("a")]),
        Write::Messages(batch("a", (0..400).map(|n| message(&format!("treasure{n}"), n)).collect())),
        Write::Draft { room: room("a"), draft: Some(draft.clone()) },
        Write::RoomlessDraft(Some(draft.clone())),
    ]);
    assert!(store.send(entry(1, "a", "x")));
    store.settle();
    store.write([Write::ForgetHistory]);
    store.settle();
    let bytes = std::fs::read(&location.file).expect("the file");
    assert!(!bytes.windows(8).any(|part| part == b"treasure"), "deleted text is not in the file");
    store.close();
    let snapshot = reopen(&location);
    assert_eq!((snapshot.rooms.len(), snapshot.histories.len()), (0, 0));
    assert_eq!(snapshot.roomless_draft.as_ref(), Some(&draft));
    assert_eq!(snapshot.drafts, [(room("a"), draft)]);
    assert_eq!(snapshot.outbox.len(), 1);

    let (mut store, _) = TestStore::open(location.clone());
    store.write([Write::Messages(batch("a", vec![message("again", 1)]))]);
    assert_eq!(store.matches("again"), ["again"], "the index works after it was cleared");
    store.write([Write::Wipe]);
    store.close();
    assert_eq!(reopen(&location), crate::store::Snapshot::default());
}

#[test]
fn unchanged_page_causes_no_write() {
    let (_dir, location) = temp_location();
    let (mut store, _) = TestStore::open(location.clone());
    let page = batch("a", (0..50).map(|n| message(&format!("m{n}"), n)).collect());
    store.write([Write::Messages(page.clone())]);
    store.settle();
    let before = std::fs::metadata(super::file_with_suffix(&location, "-wal")).expect("a wal").len();
    store.write([Write::Messages(page)]);
    store.settle();
    let after = std::fs::metadata(super::file_with_suffix(&location, "-wal")).expect("a wal").len();
    assert_eq!(after, before);
}

#[test]
fn disabled_store_answers_like_any_other() {
    let (tell, answers) = std::sync::mpsc::channel();
    let store = crate::store::Store::disabled(move |answer| drop(tell.send(answer)));
    store.write(Write::Outbox(OutboxWrite::Put(entry(1, "a", "x"))));
    store.write(Write::Outbox(OutboxWrite::Mark {
        local: entry(1, "a", "").local,
        stage: StoredStage::Queued,
        attempts: 1,
    }));
    store.write(Write::Rooms(vec![room_info("a")]));
    store.query(crate::store::Query::History {
        id: 4,
        room: room("a"),
        at: crate::store::HistoryPosition::Newest,
        limit: 9,
    });
    drop(store);
    use crate::store::{Answer, OutboxStep, Snapshot, StoredPage};
    let local = entry(1, "a", "").local;
    let received: Vec<Answer> = answers.iter().collect();
    assert_eq!(
        received,
        [
            Answer::Loaded(Box::<Snapshot>::default()),
            Answer::OutboxConfirmed { local, step: OutboxStep::Put, on_disk: false },
            Answer::OutboxConfirmed { local, step: OutboxStep::Mark, on_disk: false },
            Answer::History { id: 4, room: room("a"), page: StoredPage { messages: Vec::new(), edge: Edge::Gap } },
        ]
    );
}

/// An edit or deletion may concern a message that is on disk only, so nothing in memory can check its author.
#[test]
fn change_by_another_author_is_ignored() {
    let (_dir, location) = temp_location();
    let (mut store, _) = TestStore::open(location.clone());
    store.write([
        Write::Rooms(vec![room_info("r")]),
        Write::Messages(batch("r", vec![message("first", 1), message("second", 2), message("third", 3)])),
    ]);
    let forged = |id: &str| crate::domain::Message {
        author: crate::domain::PersonId::new("mallory"),
        ..message_with_text(id, 9, "I owe you money")
    };
    let id = crate::domain::MessageId::new;
    let tombstone = |message, author| Write::Tombstone {
        room: room("r"),
        message,
        author: Some(crate::domain::PersonId::new(author)),
    };
    store.write([
        Write::UpdateMessage { room: room("r"), message: Box::new(forged("first")) },
        Write::Messages(batch("r", vec![forged("second")])),
        tombstone(id("third"), "mallory"),
    ]);
    assert_eq!(store.matches("money"), [""; 0]);
    // The author of a message that is not stored cannot be checked, so the message is not added.
    store.write([Write::UpdateMessage { room: room("r"), message: Box::new(forged("unknown")) }]);
    store.write([Write::UpdateMessage {
        room: room("r"),
        message: Box::new(message_with_text("first", 1, "another text")),
    }]);
    store.write([tombstone(id("second"), "ann")]);
    store.close();
    let snapshot = reopen(&location);
    let messages = &snapshot.histories[0].1.messages;
    let shown: Vec<_> =
        messages.iter().map(|message| (&*message.text, message.author.as_str(), message.deleted)).collect();
    assert_eq!(shown, [("another text", "ann", false), ("", "ann", true), ("third", "ann", false)]);
}
