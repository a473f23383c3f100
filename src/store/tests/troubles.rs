//! Whatever is amiss with the disk: one clear sentence, the chat goes on, nothing is overwritten.

use std::fs;
use std::os::unix::process::CommandExt;
use std::process::Command;

use rusqlite::Connection;

use crate::domain::{PersonId, PersonInfo};
use crate::store::{Answer, Draft, OutboxWrite, Problem, Snapshot, Step, StoreLocation, Write};
use crate::text::SafeText;

use super::{Desk, batch, beside, entry, message, place, reopened, room, room_info, saying};

/// A store with something in it, closed.
fn filled(place: &StoreLocation) {
    let (mut desk, _) = Desk::open(place.clone());
    desk.write([
        Write::Rooms(vec![room_info("r")]),
        Write::Messages(batch("r", (0..2000).map(|n| saying(&format!("m{n}"), n, &"word ".repeat(20))).collect())),
    ]);
    assert!(desk.send(entry(1, "r", "text")));
    desk.close();
}

/// Opens a store that is amiss; the chat must go on, and the file stay as it is.
fn refused(place: &StoreLocation) -> Problem {
    let before = fs::read(&place.file).expect("the file");
    let (mut desk, snapshot) = Desk::open(place.clone());
    assert_eq!(snapshot, Snapshot::default());
    assert!(!desk.send(entry(9, "r", "text")), "it is confirmed, and not as on disk");
    desk.write([Write::Messages(batch("r", vec![message("m", 1)]))]);
    assert_eq!(desk.texts("m"), [""; 0]);
    let problems = desk.problems();
    desk.close();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(fs::read(&place.file).expect("the file") == before, "the file was changed");
    assert!(!beside(place, "-wal").exists());
    problems[0].clone()
}

#[test]
fn a_newer_store_is_left_alone() {
    let (_dir, place) = place();
    filled(&place);
    Connection::open(&place.file).expect("it").pragma_update(None, "user_version", 99).expect("a version");
    let problem = refused(&place);
    assert_eq!(problem, Problem::Newer(place.file.clone()));
    assert!(problem.to_string().contains("newer minchat-tui"));
}

#[test]
fn somebody_elses_database_is_left_alone() {
    let (_dir, place) = place();
    fs::create_dir_all(place.file.parent().expect("a folder")).expect("a folder");
    Connection::open(&place.file).expect("one").execute_batch("CREATE TABLE theirs (x)").expect("a table");
    assert_eq!(refused(&place), Problem::Foreign(place.file.clone()));
}

#[test]
fn a_damaged_header_is_left_alone() {
    let (_dir, place) = place();
    filled(&place);
    let mut bytes = fs::read(&place.file).expect("it");
    bytes[..16].copy_from_slice(b"not a database..");
    fs::write(&place.file, &bytes).expect("it");
    let problem = refused(&place);
    assert_eq!(problem, Problem::Corrupt(place.file.clone()));
    assert!(problem.to_string().contains(&place.file.display().to_string()), "it says where it is");
}

#[test]
fn a_damaged_page_in_the_middle_is_noticed_when_it_is_met_and_nothing_is_written_from_then_on() {
    let (_dir, place) = place();
    filled(&place);
    let mut bytes = fs::read(&place.file).expect("it");
    let middle = bytes.len() / 2 / 4096 * 4096;
    let end = bytes.len() - 8192;
    bytes[middle..end].fill(0xa5);
    fs::write(&place.file, &bytes).expect("it");
    let (mut desk, _) = Desk::open(place.clone());
    for name in ["word", "m1", "m1999"] {
        desk.texts(name);
    }
    desk.past("r", crate::store::At::Newest, 5000);
    assert_eq!(desk.problems(), [Problem::Corrupt(place.file.clone())]);
    assert!(!desk.send(entry(2, "r", "text")));
    desk.close();
    assert!(fs::read(&place.file).expect("it") == bytes, "the file was changed");
}

#[test]
fn a_full_disk_is_told_once_and_everything_goes_on_when_there_is_room() {
    let (_dir, place) = place();
    let place = StoreLocation { pages: Some(120), ..place };
    let (mut desk, _) = Desk::open(place.clone());
    desk.write([Write::Rooms(vec![room_info("r"), room_info("big")])]);
    desk.settle();
    let flood = |n: i64| (0..100).map(|i| saying(&format!("{n}-{i}"), n, &"lorem ipsum ".repeat(20))).collect();
    for n in 0..20 {
        desk.write([Write::Messages(batch("big", flood(n)))]);
        desk.settle();
    }
    assert_eq!(desk.problems(), [Problem::Full]);
    // What is small may still fit, or not; either way it is confirmed, and the chat goes on.
    let long = entry(1, "r", &"x".repeat(600_000));
    assert!(!desk.send(long.clone()));
    desk.write([
        Write::Draft { room: room("r"), draft: Some(Draft { text: "half".to_owned(), ..Draft::default() }) },
        Write::Outbox(OutboxWrite::Remove(long.local)),
        Write::Outbox(OutboxWrite::Put(entry(2, "r", "small"))),
    ]);
    desk.settle();
    assert_eq!(desk.problems(), [Problem::Full], "once, not for each write");
    assert!(!desk.heard.contains(&Answer::Recovered));

    // Everything of the room that filled it goes, and with it the trouble.
    desk.write([Write::ForgetRoom(room("big"))]);
    while !desk.heard.contains(&Answer::Recovered) {
        desk.settle();
        std::thread::yield_now();
    }
    assert!(desk.send(entry(3, "r", "after")));
    desk.close();
    let place = StoreLocation { pages: None, ..place };
    let snapshot = reopened(&place);
    assert_eq!(snapshot.outbox, [entry(2, "r", "small"), entry(3, "r", "after")]);
    assert_eq!(snapshot.drafts[0].1.text, "half");
}

#[test]
fn a_send_that_found_no_room_gets_there_later_and_says_so() {
    let (_dir, place) = place();
    let place = StoreLocation { pages: Some(45), ..place };
    let (mut desk, _) = Desk::open(place.clone());
    let [big, small] = [entry(1, "r", &"x".repeat(90_000)), entry(2, "r", &"y".repeat(90_000))];
    assert!(desk.send(big.clone()));
    assert!(!desk.send(small.clone()));
    assert_eq!(desk.problems(), [Problem::Full]);
    desk.write([Write::Outbox(OutboxWrite::Remove(big.local))]);
    assert!(desk.confirmed(big.local, Step::Remove));
    assert!(desk.confirmed(small.local, Step::Put), "confirmed once more, on disk now");
    desk.close();
    assert_eq!(reopened(&StoreLocation { pages: None, ..place }).outbox, [small]);
}

#[test]
fn a_folder_that_is_no_folder_is_told() {
    let (dir, _) = place();
    let file = dir.path().join("file");
    fs::write(&file, "x").expect("a file");
    let (mut desk, snapshot) = Desk::open(StoreLocation::new(file.join("store.db")));
    assert_eq!(snapshot, Snapshot::default());
    assert!(matches!(desk.problems()[..], [Problem::Io { .. }]));
    assert!(!desk.send(entry(1, "r", "text")));
    assert_eq!(desk.problems().len(), 1);
    desk.close();
}

#[test]
fn a_store_in_a_folder_that_appears_later_is_used_from_then_on() {
    let (dir, _) = place();
    let file = dir.path().join("later");
    fs::write(&file, "x").expect("a file");
    let place = StoreLocation::new(file.join("store.db"));
    let (mut desk, _) = Desk::open(place.clone());
    assert!(!desk.send(entry(1, "r", "text")));
    fs::remove_file(&file).expect("it");
    // At the end at the latest what is owed is tried once more.
    desk.close();
    assert_eq!(reopened(&place).outbox, [entry(1, "r", "text")]);
}

const UNTOUCHABLE: &str = "TEST_STORE_UNTOUCHABLE";

/// Permissions do not bind root, who runs the tests in a container: the test runs once more as nobody.
#[test]
fn a_folder_that_one_may_not_write_to_is_told() {
    use std::os::unix::fs::PermissionsExt;
    if let Ok(path) = std::env::var(UNTOUCHABLE) {
        return as_nobody(&StoreLocation::new(path));
    }
    let dir = tempfile::tempdir().expect("a folder");
    let mode =
        |path: &std::path::Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("ours");
    mode(dir.path(), 0o755);
    let locked = dir.path().join("locked");
    fs::create_dir(&locked).expect("a folder");
    mode(&locked, 0o555);
    if !rustix::process::geteuid().is_root() {
        as_nobody(&StoreLocation::new(locked.join("store.db")));
        return mode(&locked, 0o755);
    }
    // Nobody may not reach this binary where it lies.
    let program = dir.path().join("tests");
    fs::copy(std::env::current_exe().expect("this program"), &program).expect("a copy");
    let test = "store::tests::troubles::a_folder_that_one_may_not_write_to_is_told";
    let mut child = Command::new(program);
    child.args([test, "--exact"]).env(UNTOUCHABLE, locked.join("store.db")).uid(65534).gid(65534);
    let output = child.current_dir("/").output().expect("a child");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

fn as_nobody(place: &StoreLocation) {
    let (mut desk, snapshot) = Desk::open(place.clone());
    assert_eq!(snapshot, Snapshot::default());
    assert_eq!(desk.problems(), [Problem::Denied(place.file.parent().expect("a folder").to_owned())]);
    assert!(!desk.send(entry(1, "r", "text")));
    assert_eq!(desk.problems().len(), 1);
    desk.close();
}

#[test]
fn an_entry_of_a_newer_version_stays_where_it_is() {
    let (_dir, place) = place();
    filled(&place);
    let conn = Connection::open(&place.file).expect("it");
    conn.execute_batch(
        "INSERT INTO outbox (local, room, body, stage, attempts, at)
             VALUES ('00000000-0000-4000-8000-000000000009', 1, '{\"do\":\"react\",\"with\":\"x\"}', 'queued', 0, 1);
         UPDATE messages SET kind = 'poll', delivery = 'read aloud', more = '{\"later\":1}' WHERE id = 'm1999';
         UPDATE rooms SET facts = json_set(facts, '$.kind', 'forum', '$.colour', 'red');",
    )
    .expect("changes");
    drop(conn);
    for _ in 0..2 {
        let (mut desk, snapshot) = Desk::open(place.clone());
        assert_eq!(desk.problems(), [Problem::Unread(1)]);
        assert_eq!(snapshot.outbox, [entry(1, "r", "text")]);
        assert_eq!(snapshot.rooms[0].info.kind, crate::domain::RoomKind::Unknown);
        let last = snapshot.pasts[0].1.messages.last().cloned().expect("a message");
        assert_eq!(last.kind, crate::domain::MessageKind::Custom);
        assert_eq!(last.delivery, crate::domain::Delivery::Sent);
        assert!(desk.send(entry(1, "r", "text")));
        desk.close();
    }
}

#[test]
fn every_sentence_says_what_to_do() {
    let file = std::path::PathBuf::from("/d/x.db");
    let sentences = [
        Problem::InUse,
        Problem::Newer(file.clone()),
        Problem::Foreign(file.clone()),
        Problem::Corrupt(file.clone()),
        Problem::Denied(file.clone()),
        Problem::ReadOnly(file.clone()),
        Problem::Full,
        Problem::Busy(file.clone()),
        Problem::Refused { file: file.clone(), why: "no such table".to_owned() },
        Problem::Io { file, why: "no such device".to_owned() },
    ];
    for sentence in sentences.map(|problem| problem.to_string()) {
        assert!(sentence.ends_with('.') && sentence.contains("kept on disk"), "{sentence}");
    }
}

#[test]
fn a_request_that_makes_no_sense_costs_no_other_its_place() {
    let (_dir, place) = place();
    filled(&place);
    // A rule that this program does not know of.
    Connection::open(&place.file)
        .expect("it")
        .execute_batch("CREATE TRIGGER rule BEFORE INSERT ON drafts BEGIN SELECT RAISE(ABORT, 'no drafts'); END")
        .expect("a rule");
    let (mut desk, _) = Desk::open(place.clone());
    desk.write([
        Write::Draft { room: room("r"), draft: Some(Draft::default()) },
        Write::Messages(batch("r", vec![message("after", 9999)])),
    ]);
    let put = entry(2, "r", "text");
    assert!(desk.send(put.clone()));
    assert_eq!(desk.texts("after"), ["after"]);
    assert!(matches!(&desk.problems()[..], [Problem::Refused { why, .. }] if why.contains("no drafts")));
    desk.close();
    assert_eq!(reopened(&place).outbox[1], put);
}

#[test]
fn what_somebody_wrote_into_the_file_is_shown_as_safe_text() {
    let (_dir, place) = place();
    let (desk, _) = Desk::open(place.clone());
    let (id, name) = (PersonId::new("ann"), SafeText::line("HARMLESS"));
    let ann = PersonInfo { id, username: SafeText::line("ann"), name, last_active: None, agent: false };
    desk.write([
        Write::Rooms(vec![room_info("r")]),
        Write::People(vec![ann]),
        Write::Messages(batch("r", vec![saying("m", 1, "HARMLESS")])),
    ]);
    desk.close();
    let conn = Connection::open(&place.file).expect("the file");
    let hostile = "replace(%, 'HARMLESS', char(27) || ']0;owned' || char(7))";
    // In JSON the same stands as an escape.
    let in_json = r"replace(%, 'HARMLESS', '\u001b]0;owned\u0007')";
    for (table, column, how) in [("messages", "text", hostile), ("people", "facts", in_json)] {
        let changed = format!("UPDATE {table} SET {column} = {}", how.replace('%', column));
        assert_eq!(conn.execute(&changed, []).expect("a change"), 1, "{table}");
    }
    drop(conn);
    let snapshot = reopened(&place);
    let told = format!("{:?} {:?}", snapshot.people, snapshot.pasts);
    assert_eq!(told.matches("owned").count() + told.matches('␛').count(), 2, "{told}");
    assert!(!told.contains("u{1b}") && !told.contains("u{7}"), "{told}");
}
