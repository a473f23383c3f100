//! Texts of messages before their edits.

use std::fs;

use crate::domain::{Delivery, EarlierTexts, EditedFile, Message, MessageId, PersonId, Quote};
use crate::store::{Batch, HistoryPosition, StoreLocation, Write};
use crate::text::SafeText;

use super::{TestStore, batch, edit, message_with_text, reopen, room, room_info, temp_location};

/// A text that no message has in the end.
const EARLIER: &str = "xylophone";

/// The only message, after an edit that was in memory.
fn edited() -> Message {
    let earlier = EarlierTexts::new(vec![SafeText::block(EARLIER)]);
    Message { edited: true, earlier, ..message_with_text("m", 1, "second") }
}

fn store_with(messages: Vec<Message>) -> (tempfile::TempDir, StoreLocation, TestStore) {
    let (dir, location) = temp_location();
    let (store, _) = TestStore::open(location.clone());
    store.write([Write::Rooms(vec![room_info("r")]), Write::Messages(batch("r", messages))]);
    (dir, location, store)
}

/// Returns the texts of the only message, from the oldest to the present one, and whether it is marked as edited.
fn texts(store: &mut TestStore) -> (Vec<String>, bool) {
    let page = store.history("r", HistoryPosition::Newest, 10);
    let [message] = &page.messages[..] else { panic!("{:?}", page.messages) };
    let texts = message.earlier().iter().chain([&message.text]).map(ToString::to_string);
    (texts.collect(), message.edited)
}

fn is_on_disk(location: &StoreLocation) -> bool {
    let folder = fs::read_dir(location.file.parent().expect("a folder")).expect("a folder");
    let mut files = folder.map(|file| fs::read(file.expect("a file").path()).expect("a file"));
    files.any(|file| file.windows(EARLIER.len()).any(|bytes| bytes == EARLIER.as_bytes()))
}

#[test]
fn earlier_texts_survive_a_restart_and_are_not_found() {
    let (_dir, location, mut store) = store_with(vec![edited()]);
    assert_eq!(store.matches(EARLIER), [""; 0], "the search is about present texts");
    store.close();
    let snapshot = reopen(&location);
    assert_eq!(snapshot.histories[0].1.messages, [edited()]);
}

/// Such an edit replaced the text and nothing was left of it.
#[test]
fn edit_of_a_message_that_is_not_in_memory_keeps_its_text() {
    let (_dir, _location, mut store) = store_with(vec![message_with_text("m", 1, "first")]);
    let own = |text| edit("m", None, text, EditedFile::Kept);
    let others = |text| edit("m", Some("ann"), text, EditedFile::Replaced(None));
    store.write([own("second"), others("third"), own("third"), others("fourth")]);
    let expected = ["first", "second", "third", "fourth"].map(str::to_owned).to_vec();
    assert_eq!(texts(&mut store), (expected, true));
}

/// A page of the server has only the present text, and MinChat's does not even say that it was edited.
#[test]
fn page_without_earlier_texts_leaves_them_alone() {
    let (_dir, _location, mut store) = store_with(vec![edited()]);
    let expected = |last: &str| [EARLIER, "second", last].map(str::to_owned).to_vec();
    store.write([Write::Messages(batch("r", vec![message_with_text("m", 1, "second")]))]);
    assert_eq!(texts(&mut store), (expected("")[..2].to_vec(), true));
    store.write([Write::Messages(batch("r", vec![message_with_text("m", 1, "third")]))]);
    assert_eq!(texts(&mut store), (expected("third"), true));
}

/// Our own text is stored before the server's version of it is known, which is no edit.
#[test]
fn correction_by_the_server_is_no_edit() {
    let (_dir, _location, mut store) = store_with(vec![message_with_text("m", 1, "mine ")]);
    store.write([Write::Messages(batch("r", vec![message_with_text("m", 1, "mine")]))]);
    assert_eq!(texts(&mut store), (vec!["mine".to_owned()], false));
}

#[test]
fn earlier_texts_disappear_with_their_message() {
    let id = MessageId::new("m");
    let deleted = Message { deleted: true, text: SafeText::default(), ..edited() };
    let ways = [
        Write::Tombstone { room: room("r"), message: id.clone(), author: None },
        Write::RemoveMessage { room: room("r"), message: id },
        Write::Messages(Batch { messages: vec![deleted], ..batch("r", Vec::new()) }),
        Write::ForgetRoom(room("r")),
        Write::ForgetHistory,
        Write::Wipe,
    ];
    for way in ways {
        let (_dir, location, mut store) = store_with(vec![edited()]);
        store.settle();
        assert!(is_on_disk(&location), "the test looks in the right place");
        store.write([way.clone()]);
        store.close();
        // What a forgotten room held is deleted in small steps.
        reopen(&location);
        assert!(!is_on_disk(&location), "{way:?}");
    }
}

/// The row was written again from the event, which lacks what only other events or requests bring.
#[test]
fn edit_of_a_message_that_is_not_in_memory_leaves_the_rest() {
    let quote = Quote {
        id: MessageId::new("q"),
        author: PersonId::new("bob"),
        author_name: SafeText::line("Bob"),
        text: SafeText::line("quoted"),
    };
    let before = Message {
        starred: true,
        delivery: Delivery::Seen,
        quote: Some(Box::new(quote)),
        ..message_with_text("m", 1, "first")
    };
    let (_dir, location, store) = store_with(vec![before.clone()]);
    store.write([
        edit("m", Some("mallory"), "forged", EditedFile::Replaced(None)),
        edit("m", Some("ann"), "second", EditedFile::Replaced(None)),
    ]);
    store.close();
    let stored = reopen(&location).histories[0].1.messages.clone();
    let expected = Message {
        text: SafeText::block("second"),
        edited: true,
        earlier: EarlierTexts::new(vec![SafeText::block("first")]),
        ..before
    };
    assert_eq!(stored, [expected]);
}
