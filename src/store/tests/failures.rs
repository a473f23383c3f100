//! Failures of the disk: one clear sentence, the chat goes on, and nothing is overwritten.

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Command;

use rusqlite::Connection;

use crate::domain::{PersonId, PersonInfo};
use crate::store::{Answer, Draft, Edge, OutboxStep, OutboxWrite, Problem, Snapshot, StoreLocation, Write};
use crate::text::SafeText;

use super::{
    TestStore, batch, entry, file_with_suffix, message, message_with_text, reopen, room, room_info, temp_location,
};

/// Creates a store with some data.
fn fill(location: &StoreLocation) {
    let (mut store, _) = TestStore::open(location.clone());
    store.write([
        Write::Rooms(vec![room_info("r")]),
        Write::Messages(batch(
            "r",
            (0..2000).map(|n| message_with_text(&format!("m{n}"), n, &"word ".repeat(20))).collect(),
        )),
    ]);
    assert!(store.send(entry(1, "r", "text")));
    store.close();
}

/// Opens a store that cannot be used, and returns the problem. The store must work without the file and not change it.
fn open_unusable(location: &StoreLocation) -> Problem {
    let before = fs::read(&location.file).expect("the file");
    let (mut store, snapshot) = TestStore::open(location.clone());
    assert_eq!(snapshot, Snapshot::default());
    assert!(!store.send(entry(9, "r", "text")), "it is confirmed as not on disk");
    store.write([Write::Messages(batch("r", vec![message("m", 1)]))]);
    assert_eq!(store.matches("m"), [""; 0]);
    let problems = store.problems();
    store.close();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(fs::read(&location.file).expect("the file") == before, "the file was changed");
    assert!(fs::metadata(file_with_suffix(location, "-wal")).map_or(0, |log| log.len()) == 0, "the log was written");
    problems[0].clone()
}

#[test]
fn newer_store_is_not_changed() {
    let (_dir, location) = temp_location();
    fill(&location);
    Connection::open(&location.file).expect("the file").pragma_update(None, "user_version", 99).expect("a version");
    let problem = open_unusable(&location);
    assert_eq!(problem, Problem::Newer(location.file.clone()));
    assert!(problem.to_string().contains("newer minchat-tui"));
}

/// A link at the path of the lock changed the mode of its target, and a dangling one at that of the database put the
/// history there.
#[test]
fn links_in_the_folder_are_not_followed() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let (dir, location) = temp_location();
    let target = dir.path().join("precious.html");
    fs::create_dir_all(location.file.parent().expect("a folder")).expect("a folder");
    for path in [location.lock_file(), location.file.clone()] {
        for exists in [true, false] {
            if exists {
                fs::write(&target, "").expect("a file");
                fs::set_permissions(&target, fs::Permissions::from_mode(0o644)).expect("a mode");
            }
            symlink(&target, &path).expect("a link");
            let (mut store, _) = TestStore::open(location.clone());
            assert!(!store.send(entry(9, "r", "text")), "it is confirmed as not on disk");
            let problems = store.problems();
            store.close();
            assert_eq!(problems, [Problem::Refused { file: path.clone(), why: "it is a symbolic link" }]);
            assert_eq!(target.exists(), exists);
            if exists {
                let metadata = fs::metadata(&target).expect("a file");
                assert_eq!((metadata.len(), metadata.permissions().mode() & 0o777), (0, 0o644));
                fs::remove_file(&target).expect("a file");
            }
            fs::remove_file(&path).expect("a link");
        }
    }
}

#[test]
fn foreign_database_is_not_changed() {
    let (_dir, location) = temp_location();
    fs::create_dir_all(location.file.parent().expect("a folder")).expect("a folder");
    Connection::open(&location.file).expect("a file").execute_batch("CREATE TABLE theirs (x)").expect("a table");
    assert_eq!(open_unusable(&location), Problem::NotAStore(location.file.clone()));
}

/// Regression test: a file prepared by an attacker kept the store's thread busy for ever.
#[test]
fn store_with_a_foreign_schema_is_not_changed() {
    for change in [
        "CREATE TRIGGER spin AFTER INSERT ON messages BEGIN
             INSERT INTO meta WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i, i FROM n; END",
        "ALTER TABLE people RENAME TO hidden; CREATE VIEW people AS SELECT id, facts FROM hidden",
        "CREATE VIEW unused AS SELECT 1",
        "DROP INDEX messages_by_id",
        "CREATE INDEX costly ON messages (length(hex(zeroblob(length(text) * 10))))",
        "ALTER TABLE rooms ADD COLUMN twice INT AS (length(id) * 2)",
    ] {
        let (_dir, location) = temp_location();
        fill(&location);
        let conn = Connection::open(&location.file).expect("the file");
        conn.execute_batch(change).expect(change);
        drop(conn);
        assert_eq!(open_unusable(&location), Problem::NotAStore(location.file.clone()), "{change}");
    }
}

/// 300,000 rooms once took 1.5 GB at the start.
#[test]
fn store_with_too_many_rooms_is_loaded_in_part() {
    let (_dir, location) = temp_location();
    fill(&location);
    let conn = Connection::open(&location.file).expect("the file");
    conn.execute_batch(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000)
         INSERT INTO rooms (id, facts, active_at) SELECT 'room' || i, facts, -i FROM n, rooms WHERE id = 'r'",
    )
    .expect("rooms");
    drop(conn);
    let (store, snapshot) = TestStore::open(location);
    assert_eq!((snapshot.rooms.len(), snapshot.outbox.len(), store.problems().len()), (20_000, 1, 0));
    let ids: Vec<&str> = snapshot.rooms.iter().take(2).map(|room| room.info.id.as_str()).collect();
    assert_eq!(ids, ["r", "room1"], "the most recently active rooms come first");
}

#[test]
fn rooms_that_are_too_large_together_are_loaded_in_part() {
    let (_dir, location) = temp_location();
    fill(&location);
    let conn = Connection::open(&location.file).expect("the file");
    conn.execute_batch(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10)
         INSERT INTO rooms (id, facts, active_at)
         SELECT 'room' || i, json_set(facts, '$.title', hex(zeroblob(4000000))), -i FROM n, rooms WHERE id = 'r'",
    )
    .expect("rooms");
    drop(conn);
    let (store, snapshot) = TestStore::open(location);
    assert_eq!((snapshot.rooms.len(), snapshot.outbox.len(), store.problems().len()), (5, 1, 0));
}

/// Regression test: 300,000 drafts took 300 MB.
#[test]
fn drafts_that_are_too_large_together_are_loaded_in_part() {
    let (_dir, location) = temp_location();
    fill(&location);
    let conn = Connection::open(&location.file).expect("the file");
    conn.execute_batch(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10)
         INSERT INTO rooms (id) SELECT 'room' || i FROM n;
         INSERT INTO drafts (room, text, cursor) SELECT key, hex(zeroblob(4000000)), 0 FROM rooms",
    )
    .expect("drafts");
    drop(conn);
    let (store, snapshot) = TestStore::open(location);
    assert_eq!((snapshot.drafts.len(), snapshot.outbox.len(), store.problems().len()), (4, 1, 0));
}

#[test]
fn page_of_large_messages_is_split() {
    let (_dir, location) = temp_location();
    fill(&location);
    let conn = Connection::open(&location.file).expect("the file");
    conn.execute_batch("UPDATE messages SET text = hex(zeroblob(4000000)) WHERE sent_at > 1990").expect("texts");
    drop(conn);
    let (_, snapshot) = TestStore::open(location);
    let page = &snapshot.histories[0].1;
    assert_eq!((page.messages.len(), page.edge), (3, Edge::More));
}

/// Regression test: SQLite is built with foreign keys switched on, so that a table of another program could keep
/// deleted messages, or delete others with them.
#[test]
fn foreign_keys_of_another_program_are_ignored() {
    for action in ["RESTRICT", "CASCADE"] {
        let (_dir, location) = temp_location();
        fill(&location);
        let conn = Connection::open(&location.file).expect("the file");
        let child = format!("CREATE TABLE child (message INTEGER REFERENCES messages (key) ON DELETE {action})");
        conn.execute_batch(&format!("{child}; INSERT INTO child SELECT key FROM messages")).expect("a table");
        drop(conn);
        let (mut store, _) = TestStore::open(location.clone());
        store.write([Write::ForgetHistory]);
        store.settle();
        assert_eq!(store.problems(), []);
        store.close();
        let conn = Connection::open(&location.file).expect("the file");
        let count = |table| conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0));
        assert_eq!((count("messages"), count("child")), (Ok(0), Ok(2000)));
    }
}

#[test]
fn store_with_a_huge_text_is_damaged() {
    for change in [
        "UPDATE rooms SET facts = json_set(facts, '$.title', hex(zeroblob(50000000)))",
        "UPDATE messages SET text = hex(zeroblob(50000000)) WHERE id = 'm1999'",
        "INSERT INTO drafts (room, text, cursor) SELECT key, hex(zeroblob(50000000)), 0 FROM rooms",
    ] {
        let (_dir, location) = temp_location();
        fill(&location);
        let conn = Connection::open(&location.file).expect("the file");
        conn.execute_batch(change).expect(change);
        drop(conn);
        assert_eq!(open_unusable(&location), Problem::Corrupt(location.file.clone()), "{change}");
    }
}

#[test]
fn additional_table_is_accepted() {
    let (_dir, location) = temp_location();
    fill(&location);
    let conn = Connection::open(&location.file).expect("the file");
    conn.execute_batch("CREATE TABLE _backup_progress (id INTEGER)").expect("a table");
    drop(conn);
    let (store, snapshot) = TestStore::open(location);
    assert_eq!((snapshot.outbox.len(), store.problems().len()), (1, 0));
}

#[test]
fn file_with_damaged_header_is_not_changed() {
    let (_dir, location) = temp_location();
    fill(&location);
    let mut bytes = fs::read(&location.file).expect("the file");
    bytes[..16].copy_from_slice(b"not a database..");
    fs::write(&location.file, &bytes).expect("the file");
    let problem = open_unusable(&location);
    assert_eq!(problem, Problem::Corrupt(location.file.clone()));
    assert!(problem.to_string().contains(&location.file.display().to_string()), "the sentence names the file");
}

#[test]
fn nothing_is_written_after_a_damaged_page_was_read() {
    let (_dir, location) = temp_location();
    fill(&location);
    let mut bytes = fs::read(&location.file).expect("the file");
    let middle = bytes.len() / 2 / 4096 * 4096;
    let end = bytes.len() - 8192;
    bytes[middle..end].fill(0xa5);
    fs::write(&location.file, &bytes).expect("the file");
    let (mut store, _) = TestStore::open(location.clone());
    for name in ["word", "m1", "m1999"] {
        store.matches(name);
    }
    store.history("r", crate::store::HistoryPosition::Newest, 5000);
    assert_eq!(store.problems(), [Problem::Corrupt(location.file.clone())]);
    assert!(!store.send(entry(2, "r", "text")));
    store.close();
    assert!(fs::read(&location.file).expect("the file") == bytes, "the file was changed");
}

#[test]
fn full_disk_is_reported_once_and_recovers() {
    let (_dir, location) = temp_location();
    let location = StoreLocation { max_pages: Some(120), ..location };
    let (mut store, _) = TestStore::open(location.clone());
    store.write([Write::Rooms(vec![room_info("r"), room_info("big")])]);
    store.settle();
    let flood =
        |n: i64| (0..100).map(|i| message_with_text(&format!("{n}-{i}"), n, &"lorem ipsum ".repeat(20))).collect();
    for n in 0..20 {
        store.write([Write::Messages(batch("big", flood(n)))]);
        store.settle();
    }
    assert_eq!(store.problems(), [Problem::Full]);
    // A small write may still fit or not. Either way it is confirmed, and the chat goes on.
    let long = entry(1, "r", &"x".repeat(600_000));
    assert!(!store.send(long.clone()));
    store.write([
        Write::Draft { room: room("r"), draft: Some(Draft { text: "half".to_owned(), ..Draft::default() }) },
        Write::Outbox(OutboxWrite::Remove(long.local)),
        Write::Outbox(OutboxWrite::Put(entry(2, "r", "small"))),
    ]);
    store.settle();
    assert_eq!(store.problems(), [Problem::Full], "reported once, not for each write");
    assert!(!store.answers.contains(&Answer::Recovered));

    // Deleting the room that filled the disk solves the problem.
    store.write([Write::ForgetRoom(room("big"))]);
    while !store.answers.contains(&Answer::Recovered) {
        store.settle();
        std::thread::yield_now();
    }
    assert!(store.send(entry(3, "r", "after")));
    store.close();
    let location = StoreLocation { max_pages: None, ..location };
    let snapshot = reopen(&location);
    assert_eq!(snapshot.outbox, [entry(2, "r", "small"), entry(3, "r", "after")]);
    assert_eq!(snapshot.drafts[0].1.text, "half");
}

#[test]
fn entry_that_did_not_fit_is_written_and_confirmed_later() {
    let (_dir, location) = temp_location();
    let location = StoreLocation { max_pages: Some(45), ..location };
    let (mut store, _) = TestStore::open(location.clone());
    let [big, small] = [entry(1, "r", &"x".repeat(90_000)), entry(2, "r", &"y".repeat(90_000))];
    assert!(store.send(big.clone()));
    assert!(!store.send(small.clone()));
    assert_eq!(store.problems(), [Problem::Full]);
    store.write([Write::Outbox(OutboxWrite::Remove(big.local))]);
    assert!(store.wait_for_confirmation(big.local, OutboxStep::Remove));
    assert!(store.wait_for_confirmation(small.local, OutboxStep::Put), "confirmed again, as on disk");
    store.close();
    assert_eq!(reopen(&StoreLocation { max_pages: None, ..location }).outbox, [small]);
}

#[test]
fn file_in_place_of_the_folder_is_reported() {
    let (dir, _) = temp_location();
    let file = dir.path().join("file");
    fs::write(&file, "x").expect("a file");
    let mut store = TestStore::open_unread(StoreLocation::new(file.join("store.db")));
    assert!(!store.send(entry(1, "r", "text")));
    assert!(matches!(store.problems()[..], [Problem::Io { .. }]));
    assert_eq!(store.retry(), None, "nothing is known of its content");
    assert_eq!(store.problems().len(), 1);
    store.close();
}

#[test]
fn folder_that_appears_later_is_used() {
    let (dir, _) = temp_location();
    let file = dir.path().join("later");
    fs::write(&file, "x").expect("a file");
    let location = StoreLocation::new(file.join("store.db"));
    let mut store = TestStore::open_unread(location.clone());
    assert!(!store.send(entry(1, "r", "text")));
    fs::remove_file(&file).expect("the file");
    // Closing retries unwritten data.
    store.close();
    assert_eq!(reopen(&location).outbox, [entry(1, "r", "text")]);
}

/// Environment variable of the child process: the file of a store in a read-only folder.
const READ_ONLY: &str = "TEST_STORE_READ_ONLY";

/// Permissions do not apply to root, as whom tests run in a container. The test then runs itself again as `nobody`.
#[test]
fn folder_without_write_permission_is_reported() {
    use std::os::unix::fs::PermissionsExt;
    if let Ok(path) = std::env::var(READ_ONLY) {
        return as_nobody(&StoreLocation::new(path));
    }
    let dir = tempfile::tempdir().expect("a folder");
    let mode =
        |path: &std::path::Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permission");
    mode(dir.path(), 0o755);
    let locked = dir.path().join("locked");
    fs::create_dir(&locked).expect("a folder");
    mode(&locked, 0o555);
    if !rustix::process::geteuid().is_root() {
        as_nobody(&StoreLocation::new(locked.join("store.db")));
        return mode(&locked, 0o755);
    }
    // The user `nobody` may not be able to reach this binary where it is.
    let program = dir.path().join("tests");
    fs::copy(std::env::current_exe().expect("this program"), &program).expect("a copy");
    let test = "store::tests::failures::folder_without_write_permission_is_reported";
    let mut child = Command::new(program);
    child.args([test, "--exact"]).env(READ_ONLY, locked.join("store.db")).uid(65534).gid(65534);
    let output = child.current_dir("/").output().expect("a child");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

fn as_nobody(location: &StoreLocation) {
    let (mut store, snapshot) = TestStore::open(location.clone());
    assert_eq!(snapshot, Snapshot::default());
    assert_eq!(store.problems(), [Problem::Denied(location.file.parent().expect("a folder").to_owned())]);
    assert!(!store.send(entry(1, "r", "text")));
    assert_eq!(store.problems().len(), 1);
    store.close();
}

#[test]
fn entry_of_a_newer_version_stays_in_the_file() {
    let (_dir, location) = temp_location();
    fill(&location);
    let conn = Connection::open(&location.file).expect("the file");
    conn.execute_batch(
        "INSERT INTO outbox (local, room, body, stage, attempts, at)
             VALUES ('00000000-0000-4000-8000-000000000009', 1, '{\"do\":\"react\",\"with\":\"x\"}', 'queued', 0, 1);
         UPDATE messages SET kind = 'poll', delivery = 'read aloud', more = '{\"later\":1}' WHERE id = 'm1999';
         UPDATE rooms SET facts = json_set(facts, '$.kind', 'forum', '$.colour', 'red');",
    )
    .expect("changes");
    drop(conn);
    for _ in 0..2 {
        let (mut store, snapshot) = TestStore::open(location.clone());
        assert_eq!(store.problems(), [Problem::UnreadableEntries(1)]);
        assert_eq!(snapshot.outbox, [entry(1, "r", "text")]);
        assert_eq!(snapshot.rooms[0].info.kind, crate::domain::RoomKind::Unknown);
        let last = snapshot.histories[0].1.messages.last().cloned().expect("a message");
        assert_eq!(last.kind, crate::domain::MessageKind::Custom);
        assert_eq!(last.delivery, crate::domain::Delivery::Sent);
        assert!(store.send(entry(1, "r", "text")));
        store.close();
    }
}

#[test]
fn every_problem_says_that_data_is_not_saved() {
    let file = std::path::PathBuf::from("/d/x.db");
    let sentences = [
        Problem::InUse,
        Problem::Newer(file.clone()),
        Problem::NotAStore(file.clone()),
        Problem::Corrupt(file.clone()),
        Problem::Denied(file.clone()),
        Problem::ReadOnly(file.clone()),
        Problem::Full,
        Problem::Busy(file.clone()),
        Problem::Rejected { file: file.clone(), why: "no such table".to_owned() },
        Problem::Io { file, why: "no such device".to_owned() },
    ];
    for sentence in sentences.map(|problem| problem.to_string()) {
        assert!(sentence.ends_with('.') && sentence.contains("saved"), "{sentence}");
    }
}

#[test]
fn rejected_write_does_not_block_others() {
    let (_dir, location) = temp_location();
    fill(&location);
    let (mut store, _) = TestStore::open(location.clone());
    // A rule that this program does not know.
    let other = Connection::open(&location.file).expect("the file");
    other
        .execute_batch("CREATE TRIGGER rule BEFORE INSERT ON drafts BEGIN SELECT RAISE(ABORT, 'no drafts'); END")
        .expect("a rule");
    store.write([
        Write::Draft { room: room("r"), draft: Some(Draft::default()) },
        Write::Messages(batch("r", vec![message("after", 9999)])),
    ]);
    let put = entry(2, "r", "text");
    assert!(store.send(put.clone()));
    assert_eq!(store.matches("after"), ["after"]);
    assert!(matches!(&store.problems()[..], [Problem::Rejected { why, .. }] if why.contains("no drafts")));
    store.close();
    other.execute_batch("DROP TRIGGER rule").expect("no rule");
    assert_eq!(reopen(&location).outbox[1], put);
}

#[test]
fn text_in_the_file_is_sanitized() {
    let (_dir, location) = temp_location();
    let (store, _) = TestStore::open(location.clone());
    let (id, name) = (PersonId::new("ann"), SafeText::line("HARMLESS"));
    let ann = PersonInfo { id, username: SafeText::line("ann"), name, last_active: None, agent: false };
    store.write([
        Write::Rooms(vec![room_info("r")]),
        Write::People(vec![ann]),
        Write::Messages(batch("r", vec![message_with_text("m", 1, "HARMLESS")])),
    ]);
    store.close();
    let conn = Connection::open(&location.file).expect("the file");
    let hostile = "replace(%, 'HARMLESS', char(27) || ']0;owned' || char(7))";
    // JSON contains the same characters as escapes.
    let in_json = r"replace(%, 'HARMLESS', '\u001b]0;owned\u0007')";
    for (table, column, replacement) in [("messages", "text", hostile), ("people", "facts", in_json)] {
        let update = format!("UPDATE {table} SET {column} = {}", replacement.replace('%', column));
        assert_eq!(conn.execute(&update, []).expect("a change"), 1, "{table}");
    }
    drop(conn);
    let snapshot = reopen(&location);
    let shown = format!("{:?} {:?}", snapshot.people, snapshot.histories);
    assert_eq!(shown.matches("owned").count() + shown.matches('␛').count(), 2, "{shown}");
    assert!(!shown.contains("u{1b}") && !shown.contains("u{7}"), "{shown}");
}
