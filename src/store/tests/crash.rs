//! `kill -9` at any moment, and other processes: this test binary starts itself as a child.

use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::domain::LocalId;
use crate::store::{Answer, Draft, OutboxWrite, Problem, Store, StoreLocation, Write};

use super::{Desk, batch, entry, message, place, room, room_info};

const PLACE: &str = "TEST_STORE";
const FROM: &str = "TEST_STORE_FROM";

fn child(place: &StoreLocation, test: &str, from: u128) -> Child {
    let program = std::env::current_exe().expect("this program");
    let mut command = Command::new(program);
    command.args([&format!("store::tests::crash::{test}"), "--exact", "--nocapture", "--ignored", "--test-threads=1"]);
    command.env(PLACE, &place.file).env(FROM, from.to_string()).stdout(Stdio::piped()).stderr(Stdio::null());
    command.spawn().expect("a child")
}

/// The child: fills the outbox, and says what it was told to be on disk.
#[test]
#[ignore = "run by the tests below"]
fn a_child_that_writes() {
    let (Ok(path), Ok(from)) = (std::env::var(PLACE), std::env::var(FROM)) else { return };
    let from: u128 = from.parse().expect("a number");
    let store = Store::open(StoreLocation::new(path), |answer| match answer {
        Answer::Kept { local, on_disk: true, .. } => {
            let mut out = std::io::stdout().lock();
            writeln!(out, "\nkept {local}").and_then(|()| out.flush()).expect("a parent");
        }
        Answer::Problem(problem) => println!("\nproblem {problem}"),
        _ => {}
    });
    store.write(Write::Rooms(vec![room_info("r")]));
    for number in from.. {
        store.write(Write::Outbox(OutboxWrite::Put(entry(number, "r", "text"))));
        let text = number.to_string();
        store.write(Write::Draft { room: room("r"), draft: Some(Draft { text: text.clone(), ..Draft::default() }) });
        let at = i64::try_from(number).expect("a small number");
        store.write(Write::Messages(batch("r", vec![message(&text, at)])));
        // Not faster than the disk, or all would be in one transaction.
        std::thread::park_timeout(std::time::Duration::from_micros(200));
    }
}

#[test]
fn what_was_confirmed_survives_kill_9_at_any_moment() {
    let (_dir, place) = place();
    let mut kept: Vec<LocalId> = Vec::new();
    let mut chance = fastrand::Rng::with_seed(4);
    for round in 0..20_u128 {
        let mut child = child(&place, "a_child_that_writes", round * 1_000_000);
        let mut lines = BufReader::new(child.stdout.take().expect("its words")).lines();
        let wanted = chance.usize(1..60);
        let read = |line: std::io::Result<String>| {
            let line = line.expect("a line");
            assert!(!line.starts_with("problem"), "{line}");
            line.strip_prefix("kept ").map(|local| LocalId::parse(local).expect("an id"))
        };
        kept.extend(lines.by_ref().filter_map(read).take(wanted));
        // From here on any moment will do.
        child.kill().expect("it still ran");
        child.wait().expect("its end");
        // What it said before it died counts as well.
        kept.extend(lines.filter_map(read));

        let conn = rusqlite::Connection::open(&place.file).expect("the file");
        let check: String = conn.query_row("PRAGMA quick_check", [], |row| row.get(0)).expect("a check");
        assert_eq!(check, "ok");
        drop(conn);
        let (desk, snapshot) = Desk::open(place.clone());
        assert_eq!(desk.heard, []);
        let there: Vec<LocalId> = snapshot.outbox.iter().map(|entry| entry.local).collect();
        let mut rest = there.iter();
        for local in &kept {
            assert!(rest.any(|other| other == local), "{local} is not there, or not in its place");
        }
        assert!(snapshot.drafts.len() <= 1);
        desk.close();
    }
    assert!(kept.len() >= 20);
}

#[test]
fn two_processes_cannot_both_write() {
    let (_dir, place) = place();
    let mut child = child(&place, "a_child_that_writes", 0);
    let mut lines = BufReader::new(child.stdout.take().expect("its words")).lines();
    assert!(lines.any(|line| line.expect("a line").starts_with("kept")));
    let (mut second, snapshot) = Desk::open(place.clone());
    assert_eq!(second.problems(), [Problem::InUse]);
    assert_eq!(snapshot.outbox, []);
    assert!(!second.send(entry(u128::MAX, "r", "text")));
    second.close();
    child.kill().expect("it still ran");
    child.wait().expect("its end");
    // The lock went with its process.
    let (desk, snapshot) = Desk::open(place);
    assert_eq!(desk.heard, []);
    assert!(!snapshot.outbox.is_empty());
    desk.close();
}

/// The child: makes a store under a wide open umask.
#[test]
#[ignore = "run by the test below"]
fn a_child_without_umask() {
    let Ok(path) = std::env::var(PLACE) else { return };
    rustix::process::umask(rustix::fs::Mode::empty());
    let (mut desk, _) = Desk::open(StoreLocation::new(path));
    assert!(desk.send(entry(1, "r", "text")));
    println!("\nmade");
    let mut line = String::new();
    // Until the parent has looked and kills us.
    std::io::stdin().read_line(&mut line).expect("a parent");
    std::thread::park();
}

#[test]
fn every_file_is_for_its_owner_alone_whatever_the_umask() {
    use std::os::unix::fs::PermissionsExt;
    let (_dir, place) = place();
    let mut child = child(&place, "a_child_without_umask", 0);
    let mut lines = BufReader::new(child.stdout.take().expect("its words")).lines();
    assert!(lines.any(|line| line.expect("a line") == "made"));
    let mode = |path: &Path| std::fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode(place.file.parent().expect("a folder")), 0o700);
    let wal = super::beside(&place, "-wal");
    let shm = super::beside(&place, "-shm");
    let modes = [&place.file, &wal, &shm, &place.lock()].map(|path| mode(path));
    assert_eq!(modes, [0o600; 4]);
    child.kill().expect("it still ran");
    child.wait().expect("its end");

    // One that somebody has opened up is closed again.
    std::fs::set_permissions(&place.file, std::fs::Permissions::from_mode(0o644)).expect("ours");
    let (desk, _) = Desk::open(place.clone());
    assert_eq!(mode(&place.file), 0o600);
    desk.close();
}
