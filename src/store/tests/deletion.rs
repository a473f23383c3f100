//! Deleted text does not stay in any file of the store.

use std::fs;

use crate::domain::{LocalId, Message, MessageId};
use crate::store::{Draft, OutboxWrite, StoreLocation, Write};
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
