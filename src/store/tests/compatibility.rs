//! Stores written by earlier versions stay readable.

use std::fs;

use rusqlite::Connection;
use tempfile::TempDir;

use crate::domain::{
    Content, Delivery, LocalId, MessageId, RoomInfo, RoomKind, RoomSettings, SendFailure, Timestamp, Unread,
};
use crate::store::{Edge, Entry, OutboxPayload, OutboxWrite, ReadMarker, StoreLocation, StoredStage, Write};

use super::{TestStore, room, temp_location};

/// Creates a store with the content of an SQL dump.
fn restore(dump: &str) -> (TempDir, StoreLocation) {
    let (dir, location) = temp_location();
    fs::create_dir_all(location.file.parent().expect("a folder")).expect("a folder");
    let conn = Connection::open(&location.file).expect("a new file");
    conn.execute_batch(dump).expect("the dump is valid SQL");
    (dir, location)
}

fn version_1() -> (TempDir, StoreLocation) {
    restore(include_str!("fixtures/v1.sql"))
}

fn version_4() -> (TempDir, StoreLocation) {
    restore(include_str!("fixtures/v4.sql"))
}

fn stage(outbox: &[Entry], number: u128) -> &StoredStage {
    let local = LocalId::from_random(number);
    &outbox.iter().find(|entry| entry.local == local).expect("the entry").stage
}

#[test]
fn version_1_rooms_and_history_are_read() {
    let (_dir, location) = version_1();
    let (store, snapshot) = TestStore::open(location);
    assert_eq!(store.answers, []);
    assert_eq!(snapshot.me.map(|me| me.name.to_string()).as_deref(), Some("Mia"));
    assert_eq!((snapshot.synced_at, snapshot.open_room), (Some(Timestamp(1_700_000_200_000)), Some(room("team"))));
    assert_eq!(snapshot.people.len(), 3);

    let find = |name: &str| snapshot.rooms.iter().find(|kept| kept.info.id == room(name)).expect("the room");
    assert_eq!(snapshot.rooms.len(), 5, "rooms that only a draft or an entry names are not listed");
    let team = find("team");
    assert_eq!((team.info.kind, team.info.title.as_deref(), team.info.muted), (RoomKind::Group, Some("Team"), true));
    assert_eq!(team.info.participants.len(), 3);
    assert_eq!(team.info.metadata.as_deref(), Some("{\"topic\":\"work\"}"));
    assert_eq!(team.info.last_message.as_ref().map(|last| &*last.text), Some("See you tomorrow"));
    assert_eq!(team.unread, Unread { count: 2, or_more: true, ..Unread::default() });
    assert_eq!(team.read_marker, Some(ReadMarker { message: MessageId::new("m2"), at: Timestamp(1_700_000_002_000) }));
    let direct = find("direct");
    assert_eq!((direct.info.kind, direct.info.archived), (RoomKind::Direct, true));
    assert_eq!(direct.info.peer.as_ref().map(|peer| &*peer.name), Some("Ann"));
    let title = |name: &str| find(name).info.title.as_deref();
    assert_eq!(title("named-like-it"), Some("deleted chat"), "a real title is never changed");
    assert_eq!((title("gone"), title("unlisted")), (None, None));

    let (_, team) = snapshot.histories.iter().find(|(name, _)| *name == room("team")).expect("its newest messages");
    assert_eq!(team.edge, Edge::Gap);
    let texts: Vec<&str> = team.messages.iter().map(|message| &*message.text).collect();
    assert_eq!(texts, ["東京へ行きます", "See you tomorrow"]);
}

#[test]
fn version_1_messages_behind_a_gap_are_read() {
    let (_dir, location) = version_1();
    let (mut store, _) = TestStore::open(location);
    let older = store.history("team", crate::store::HistoryPosition::BeforeAcrossGap(MessageId::new("m8")), 10);
    assert_eq!(older.edge, Edge::Start);
    let [question, answer, file, deleted] = &older.messages[..] else { panic!("{:?}", older.messages) };
    assert!(question.starred);
    assert!(answer.edited && answer.delivery == Delivery::Seen);
    assert_eq!(answer.quote.as_ref().map(|quote| &*quote.text), Some("Where is the report?"));
    assert_eq!(file.attachment.as_ref().map(|file| &*file.name), Some("chart.png"));
    assert!(deleted.deleted && deleted.text.is_empty());
}

#[test]
fn version_1_search_index_is_used() {
    let (_dir, location) = version_1();
    let (mut store, _) = TestStore::open(location);
    assert_eq!(store.matches("report"), ["Where is the report?"]);
    assert_eq!(store.matches("京"), ["東京へ行きます"]);
    assert_eq!(store.matches("chart"), [""]);
    assert_eq!(store.matches("secret"), [""; 0]);
}

#[test]
fn version_1_drafts_and_outbox_are_read() {
    let (_dir, location) = version_1();
    let (store, snapshot) = TestStore::open(location);
    assert_eq!(store.answers, []);
    let mut drafts: Vec<_> = snapshot.drafts.iter().map(|(room, draft)| (room.as_str(), draft)).collect();
    drafts.sort_by_key(|(room, _)| *room);
    let [direct, only, team] = &drafts[..] else { panic!("{drafts:?}") };
    assert_eq!((direct.0, &*direct.1.text, direct.1.cursor), ("direct", "/half", 5));
    assert_eq!(direct.1.context.as_deref(), Some(r#"{"edit":"d1","literal":true}"#));
    assert_eq!((only.0, &*only.1.text, &only.1.context), ("only-a-draft", "two\nlines", &None));
    assert!(team.1.context.as_ref().is_some_and(|about| about.contains("Where is the report?")));

    let outbox = &snapshot.outbox;
    let numbers: Vec<LocalId> = (1..=13).map(LocalId::from_random).collect();
    assert_eq!(outbox.iter().map(|entry| entry.local).collect::<Vec<_>>(), numbers);
    let reply_to = Some(LocalId::from_random(101));
    assert_eq!(outbox[0].payload, OutboxPayload::Send(Content::Text { text: "queued reply".to_owned(), reply_to }));
    assert_eq!((stage(outbox, 1), outbox[0].attempts), (&StoredStage::Queued, 0));
    assert_eq!((stage(outbox, 2), outbox[1].attempts), (&StoredStage::Uncertain, 1));
    assert!(matches!(&outbox[6].payload, OutboxPayload::Send(Content::File { file, .. }) if file.size == 12_000));
    assert!(matches!(&outbox[7].payload, OutboxPayload::Send(Content::Forward { text, .. }) if text == "forwarded"));
    let message = MessageId::new;
    assert_eq!(
        outbox[8..11].iter().map(|entry| entry.payload.clone()).collect::<Vec<_>>(),
        [
            OutboxPayload::Edit { message: message("m2"), text: "In the new folder".to_owned() },
            OutboxPayload::Delete { message: message("m3") },
            OutboxPayload::DeleteForMe { message: message("d1") },
        ]
    );
    assert_eq!(outbox[3].room, room("gone"));
    assert!(
        matches!(stage(outbox, 3), StoredStage::Failed(SendFailure::Refused(reason)) if &**reason == "Mind your language.")
    );
    assert_eq!(stage(outbox, 4), &StoredStage::Failed(SendFailure::RoomDeleted));
    assert_eq!(stage(outbox, 5), &StoredStage::Failed(SendFailure::OtherAccount));
}

#[test]
fn version_1_store_is_written_to() {
    let (_dir, location) = version_1();
    let (store, before) = TestStore::open(location.clone());
    store.write([Write::Outbox(OutboxWrite::Remove(LocalId::from_random(1)))]);
    store.close();
    let after = super::reopen(&location);
    assert_eq!(after.outbox, before.outbox[1..]);
    assert_eq!(after.rooms.len(), before.rooms.len());
}

/// Regression test: the index of version 1 held words of deleted messages.
#[test]
fn index_of_version_1_is_removed() {
    let (_dir, location) = version_1();
    let conn = Connection::open(&location.file).expect("the file");
    conn.execute("INSERT INTO words (rowid, body) VALUES (99, 'leftover')", []).expect("a row");
    drop(conn);
    let (mut store, _) = TestStore::open(location.clone());
    assert_eq!(store.matches("folder"), ["In the shared folder"]);
    store.close();
    assert!(!fs::read(&location.file).expect("the file").windows(8).any(|bytes| bytes == b"leftover"));
    assert_eq!(
        fs::read_dir(location.file.parent().expect("a folder")).expect("a folder").count(),
        2,
        "the lock and the file"
    );
}

/// Version 4 neither counted mentions nor kept the user's settings for rooms.
#[test]
fn version_4_rooms_have_no_mentions_and_no_settings() {
    let (_dir, location) = version_4();
    let (store, snapshot) = TestStore::open(location.clone());
    assert_eq!(store.answers, []);
    let team = snapshot.rooms.iter().find(|kept| kept.info.id == room("team")).expect("the room");
    assert_eq!(team.unread, Unread { count: 2, or_more: true, mentions: 0 });
    assert!(team.info.muted, "what the service has said");
    assert!(snapshot.rooms.iter().all(|kept| kept.info.settings == RoomSettings::default()));

    let settings = RoomSettings { muted: true, pinned: true, marked_unread: true, ..RoomSettings::default() };
    let unread = Unread { mentions: 1, ..team.unread };
    store.write([
        Write::Rooms(vec![RoomInfo { settings, ..team.info.clone() }]),
        Write::ReadMarker { room: room("team"), marker: None, unread },
    ]);
    store.close();
    let after = super::reopen(&location);
    let team = after.rooms.iter().find(|kept| kept.info.id == room("team")).expect("the room");
    assert_eq!((team.unread, team.info.settings), (unread, settings));
}

#[test]
fn version_4_holds_what_version_1_held() {
    let ((_old_dir, old), (_dir, new)) = (version_1(), version_4());
    let ((_, old), (store, new)) = (TestStore::open(old), TestStore::open(new));
    assert_eq!(store.answers, []);
    assert_eq!(new, old);
}
