//! Deleted text does not stay in any file of the store.

use std::fs;

use rusqlite::Connection;

use crate::domain::{Attachment, AttachmentKind, LocalId, Message, MessageId, MessageInfo, PersonId, Quote, RoomInfo};
use crate::store::{Answer, Batch, Draft, ForgottenFiles, OutboxWrite, StoreLocation, Write};
use crate::text::SafeText;

use super::{TestStore, batch, entry, message, message_with_text, room, room_info, temp_location};

/// Words that occur in one message each.
const DELETED: &str = "xylophone";
const REMOVED: &str = "quicksilver";
const EDITED: &str = "wunderkind";
const DRAFTED: &str = "kaleidoscope";
const QUEUED: &str = "zeppelin";
const FORGOTTEN: &str = "marzipan";
const KEPT: &str = "ordinary";

/// Returns which of the words are in a file of the store.
fn words_on_disk(location: &StoreLocation) -> Vec<&'static str> {
    let folder = fs::read_dir(location.file.parent().expect("a folder")).expect("a folder");
    let files: Vec<Vec<u8>> = folder.map(|file| fs::read(file.expect("a file").path()).expect("a file")).collect();
    let mut words = vec![DELETED, REMOVED, EDITED, DRAFTED, QUEUED, FORGOTTEN, KEPT];
    // Seven letters, so that a remainder in a page that was used again is noticed too.
    words.retain(|word| files.iter().any(|file| file.windows(7).any(|bytes| bytes == &word.as_bytes()[1..8])));
    words
}

/// A text that fills several pages.
fn long(word: &str) -> String {
    format!("{word} ").repeat(2_000)
}

#[test]
fn deleted_text_is_in_no_file_after_a_quit() {
    let (_dir, location) = temp_location();
    let (mut store, _) = TestStore::open(location.clone());
    let others = |from: i64| (from..from + 300).map(|n| message_with_text(&format!("o{n}"), n, KEPT));
    let mut messages: Vec<Message> = others(0).collect();
    messages.extend([
        message_with_text("deleted", 300, &long(DELETED)),
        message_with_text("deleted-short", 301, DELETED),
        message_with_text("removed", 302, &long(REMOVED)),
        message_with_text("edited", 303, &long(EDITED)),
    ]);
    messages.extend(others(304));
    let draft = Draft { text: long(DRAFTED), ..Draft::default() };
    let forgotten = (0..400).map(|n| message_with_text(&format!("f{n}"), n, FORGOTTEN)).collect();
    store.write([
        Write::Rooms(vec![room_info("r"), room_info("s")]),
        Write::Messages(batch("r", messages)),
        Write::Messages(batch("s", forgotten)),
        Write::Draft { room: room("r"), draft: Some(draft) },
    ]);
    assert!(store.send(entry(1, "r", &long(QUEUED))));
    store.settle();
    assert_eq!(words_on_disk(&location).len(), 7, "the test looks in the right place");

    let tombstone = |id| Write::Tombstone { room: room("r"), message: MessageId::new(id), author: None };
    store.write([
        tombstone("deleted"),
        tombstone("deleted-short"),
        Write::RemoveMessage { room: room("r"), message: MessageId::new("removed") },
        Write::Messages(batch("r", vec![Message { text: SafeText::block("new"), ..message("edited", 303) }])),
        Write::Draft { room: room("r"), draft: None },
        Write::Outbox(OutboxWrite::Remove(LocalId::from_random(1))),
        Write::ForgetRoom(room("s")),
    ]);
    store.settle();
    while !store.matches(FORGOTTEN).is_empty() {
        std::thread::yield_now();
    }
    store.close();
    assert_eq!(words_on_disk(&location), [KEPT]);
}

/// A message with a file at an address that is like its id.
fn file_message(id: &str, at: i64) -> Message {
    let file = Attachment {
        kind: AttachmentKind::Image,
        name: SafeText::line("cat.png"),
        size: SafeText::default(),
        bytes: None,
        url: SafeText::line(&format!("https://h/{id}")),
        duration: None,
    };
    Message { attachment: Some(Box::new(file)), ..message(id, at) }
}

/// Pictures of deleted messages were left in the cache if the messages were not in memory.
#[test]
fn files_of_deleted_messages_are_reported() {
    let (_dir, location) = temp_location();
    let (mut store, _) = TestStore::open(location.clone());
    let ids = ["deleted", "removed", "reported", "edited", "kept"];
    let messages = ids.iter().zip(1..).map(|(id, at)| file_message(id, at)).collect();
    let forgotten = (0..300).map(|at| file_message(&format!("f{at}"), at)).collect();
    store.write([
        Write::Rooms(vec![room_info("r"), room_info("s")]),
        Write::Messages(batch("r", messages)),
        Write::Messages(batch("s", forgotten)),
    ]);
    store.settle();
    assert_eq!(store.answers, []);
    let plain = Message { edited: true, attachment: None, ..file_message("edited", 4) };
    store.write([
        tombstone("deleted"),
        tombstone("deleted"),
        Write::RemoveMessage { room: room("r"), message: MessageId::new("removed") },
        Write::Messages(batch("r", vec![Message { deleted: true, attachment: None, ..file_message("reported", 3) }])),
        Write::UpdateMessage { room: room("r"), message: Box::new(plain) },
        Write::Messages(batch("r", vec![Message { edited: true, ..file_message("kept", 5) }])),
    ]);
    store.settle();
    let mut urls = forgotten_files(&mut store);
    urls.sort_unstable();
    assert_eq!(urls, ["https://h/deleted", "https://h/edited", "https://h/removed", "https://h/reported"]);
    store.write([Write::ForgetRoom(room("s"))]);
    let mut urls = Vec::new();
    while urls.len() < 300 {
        store.settle();
        urls.extend(forgotten_files(&mut store));
    }
    assert_eq!(urls.len(), 300);
    store.write([Write::ForgetHistory]);
    store.settle();
    assert_eq!(store.answers, [Answer::FilesForgotten(ForgottenFiles::All)]);
    store.close();
}

/// Takes the addresses of the files that were reported.
fn forgotten_files(store: &mut TestStore) -> Vec<String> {
    let answers = std::mem::take(&mut store.answers).into_iter();
    let urls = answers.map(|answer| match answer {
        Answer::FilesForgotten(ForgottenFiles::At(urls)) => urls,
        other => panic!("{other:?}"),
    });
    urls.flatten().collect()
}

fn tombstone(id: &str) -> Write {
    Write::Tombstone { room: room("r"), message: MessageId::new(id), author: None }
}

/// A reply to a message that contained [`DELETED`].
fn reply(id: &str, at: i64, to: &str) -> Message {
    let (author, name) = (PersonId::new("ann"), SafeText::line("Ann"));
    let quote = Quote { id: MessageId::new(to), author, author_name: name, text: SafeText::line(DELETED) };
    Message { quote: Some(Box::new(quote)), ..message_with_text(id, at, KEPT) }
}

/// The reader, which cannot remove the write-ahead log, was the last to close the file.
#[test]
fn deleted_text_is_in_no_file_although_a_reader_quits_last() {
    let (_dir, location) = temp_location();
    let (mut writer, _) = TestStore::open(location.clone());
    writer.write([Write::Rooms(vec![room_info("r")])]);
    writer.settle();
    let (mut reader, _) = TestStore::open(location.clone());
    writer.write([Write::Messages(batch("r", vec![message_with_text("m", 1, DELETED), message("other", 2)]))]);
    writer.settle();
    assert_eq!(reader.matches(DELETED), [DELETED]);
    writer.write([tombstone("m")]);
    writer.close();
    assert_eq!(words_on_disk(&location), [""; 0]);
    assert_eq!(reader.matches("other"), ["other"], "the reader still works");
    reader.close();
    assert_eq!(words_on_disk(&location), [""; 0]);
}

#[test]
fn log_is_emptied_while_the_client_runs() {
    let (_dir, location) = temp_location();
    let (mut store, _) = TestStore::open(location.clone());
    store.write([Write::Messages(batch("r", vec![message_with_text("m", 1, DELETED)]))]);
    store.settle();
    let other = Connection::open(&location.file).expect("the file");
    let count = || other.query_row("SELECT count(*) FROM messages", [], |row| row.get::<_, i64>(0));
    other.execute_batch("BEGIN").expect("a transaction");
    assert_eq!(count(), Ok(1));
    store.write([tombstone("m")]);
    store.settle();
    assert_eq!(words_on_disk(&location), [DELETED], "it is read by another program");
    other.execute_batch("COMMIT").expect("its end");
    while words_on_disk(&location) == [DELETED] {
        std::thread::yield_now();
    }
    store.close();
}

#[test]
fn deleted_text_is_in_no_quote() {
    let (_dir, location) = temp_location();
    let (mut store, _) = TestStore::open(location.clone());
    let last = reply("last", 9, "m");
    let last = MessageInfo {
        quote: last.quote,
        ..MessageInfo::new(MessageId::new("last"), room("r"), PersonId::new("ann"), last.sent_at)
    };
    store.write([
        Write::Rooms(vec![RoomInfo { last_message: Some(last), ..room_info("r") }]),
        Write::Messages(batch("r", vec![message("m", 1), reply("before", 2, "m"), reply("unknown", 3, "not-stored")])),
    ]);
    store.settle();
    assert_eq!(words_on_disk(&location), [DELETED, KEPT]);
    store.write([tombstone("m"), tombstone("not-stored")]);
    store.write([
        Write::Messages(Batch { after: Some(MessageId::new("unknown")), ..batch("r", vec![reply("after", 4, "m")]) }),
        Write::UpdateMessage { room: room("r"), message: Box::new(reply("before", 2, "m")) },
    ]);
    store.close();
    assert_eq!(words_on_disk(&location), [KEPT]);
    let (_, history) = &super::reopen(&location).histories[0];
    let quotes = history.messages.iter().filter_map(|message| message.quote.as_ref());
    let quotes: Vec<_> = quotes.map(|quote| (&*quote.author_name, &*quote.text)).collect();
    assert_eq!(quotes, [("Ann", ""); 3], "the reply still shows that it is one");
}

/// A server can delete thousands of messages at once.
#[test]
fn deletion_does_not_search_the_history_for_quotes() {
    let (_dir, location) = temp_location();
    let (store, _) = TestStore::open(location.clone());
    store.close();
    let conn = Connection::open(&location.file).expect("the file");
    let sql = "EXPLAIN QUERY PLAN UPDATE messages SET quoted = NULL WHERE room = ?1 AND quoted = ?2";
    let plan: String = conn.query_row(sql, [1, 2], |row| row.get(3)).expect("a plan");
    assert_eq!(plan, "SEARCH messages USING INDEX messages_by_quoted (room=? AND quoted=?)");
}

/// A store of an earlier version may hold quotes of messages that were deleted.
#[test]
fn quotes_of_deleted_messages_are_removed_from_older_stores() {
    let (_dir, location) = temp_location();
    let (store, _) = TestStore::open(location.clone());
    store.write([
        Write::Rooms(vec![room_info("r")]),
        Write::Messages(batch("r", vec![message("m", 1), reply("reply", 2, "m"), reply("other", 3, "n")])),
    ]);
    store.close();
    let conn = Connection::open(&location.file).expect("the file");
    let back_to_version_3 = format!(
        "DROP INDEX messages_by_quoted; ALTER TABLE messages DROP COLUMN quoted;
         ALTER TABLE rooms DROP COLUMN mentions; PRAGMA user_version = 3;
         UPDATE messages SET flags = 2, text = '' WHERE id = 'm'; UPDATE messages SET more = '{{' WHERE id = 'other';
         UPDATE rooms SET last = '{{\"quote\":{{\"text\":\"{DELETED}\"}}}}';"
    );
    conn.execute_batch(&back_to_version_3).expect("a store of version 3");
    drop(conn);
    assert_eq!(words_on_disk(&location), [DELETED, KEPT]);
    super::reopen(&location);
    assert_eq!(words_on_disk(&location), [KEPT]);
}
