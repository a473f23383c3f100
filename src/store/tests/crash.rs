//! `kill -9` at any moment, and access by other processes. The test binary starts itself as a child process.

use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::domain::LocalId;
use crate::store::{Answer, Draft, OutboxWrite, Problem, Store, StoreLocation, Write};

use super::{TestStore, batch, entry, message, room, room_info, temp_location};

/// Environment variable of the child: the file of its store.
const FILE: &str = "TEST_STORE";

/// Environment variable of the child: the number of its first entry.
const FROM: &str = "TEST_STORE_FROM";

fn child(location: &StoreLocation, test: &str, from: u128) -> Child {
    let program = std::env::current_exe().expect("this program");
    let mut command = Command::new(program);
    command.args([&format!("store::tests::crash::{test}"), "--exact", "--nocapture", "--ignored", "--test-threads=1"]);
    command.env(FILE, &location.file).env(FROM, from.to_string()).stdout(Stdio::piped()).stderr(Stdio::null());
    command.spawn().expect("a child")
}

/// The child process: fills the outbox, and prints each entry that was confirmed to be on disk.
#[test]
#[ignore = "run by the tests below"]
fn writing_child() {
    let (Ok(path), Ok(from)) = (std::env::var(FILE), std::env::var(FROM)) else { return };
    let from: u128 = from.parse().expect("a number");
    let store = Store::open(StoreLocation::new(path), |answer| match answer {
        Answer::OutboxConfirmed { local, on_disk: true, .. } => {
            let mut out = std::io::stdout().lock();
            writeln!(out, "\nstored {local}").and_then(|()| out.flush()).expect("a parent");
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
        // Slower than the disk: otherwise all writes would be in one transaction.
        std::thread::park_timeout(std::time::Duration::from_micros(200));
    }
}

#[test]
fn confirmed_entries_survive_kill_9_at_any_moment() {
    let (_dir, location) = temp_location();
    let mut confirmed: Vec<LocalId> = Vec::new();
    let mut rng = fastrand::Rng::with_seed(4);
    for round in 0..20_u128 {
        let mut child = child(&location, "writing_child", round * 1_000_000);
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let count = rng.usize(1..60);
        let read = |line: std::io::Result<String>| {
            let line = line.expect("a line");
            assert!(!line.starts_with("problem"), "{line}");
            line.strip_prefix("stored ").map(|local| LocalId::parse(local).expect("an id"))
        };
        confirmed.extend(lines.by_ref().filter_map(read).take(count));
        // The child may be at any point of its work now.
        child.kill().expect("it is still running");
        child.wait().expect("it has ended");
        // Entries that it printed before it was killed count as well.
        confirmed.extend(lines.filter_map(read));

        let conn = rusqlite::Connection::open(&location.file).expect("the file");
        let check: String = conn.query_row("PRAGMA quick_check", [], |row| row.get(0)).expect("a check");
        assert_eq!(check, "ok");
        drop(conn);
        let (store, snapshot) = TestStore::open(location.clone());
        assert_eq!(store.answers, []);
        let stored: Vec<LocalId> = snapshot.outbox.iter().map(|entry| entry.local).collect();
        let mut rest = stored.iter();
        for local in &confirmed {
            assert!(rest.any(|other| other == local), "{local} is not there, or not in its location");
        }
        assert!(snapshot.drafts.len() <= 1);
        store.close();
    }
    assert!(confirmed.len() >= 20);
}

#[test]
fn only_one_process_can_write() {
    let (_dir, location) = temp_location();
    let mut child = child(&location, "writing_child", 0);
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    assert!(lines.any(|line| line.expect("a line").starts_with("stored")));
    let (second, snapshot) = TestStore::open(location.clone());
    assert_eq!(second.problems(), [Problem::SecondClient]);
    assert_eq!(snapshot.outbox, []);
    second.close();
    child.kill().expect("it is still running");
    child.wait().expect("it has ended");
    // The lock ended with its process.
    let (store, snapshot) = TestStore::open(location);
    assert_eq!(store.answers, []);
    assert!(!snapshot.outbox.is_empty());
    store.close();
}

/// The child process: creates a store with an empty umask.
#[test]
#[ignore = "run by the test below"]
fn child_with_empty_umask() {
    let Ok(path) = std::env::var(FILE) else { return };
    rustix::process::umask(rustix::fs::Mode::empty());
    let (mut store, _) = TestStore::open(StoreLocation::new(path));
    assert!(store.send(entry(1, "r", "text")));
    println!("\ncreated");
    let mut line = String::new();
    // Wait until the parent has checked the files and kills this process.
    std::io::stdin().read_line(&mut line).expect("a parent");
    std::thread::park();
}

#[test]
fn files_are_private_whatever_the_umask() {
    use std::os::unix::fs::PermissionsExt;
    let (_dir, location) = temp_location();
    let mut child = child(&location, "child_with_empty_umask", 0);
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    assert!(lines.any(|line| line.expect("a line") == "created"));
    let mode = |path: &Path| std::fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    assert_eq!(mode(location.file.parent().expect("a folder")), 0o700);
    let wal = super::file_with_suffix(&location, "-wal");
    let shm = super::file_with_suffix(&location, "-shm");
    let modes = [&location.file, &wal, &shm, &location.lock_file()].map(|path| mode(path));
    assert_eq!(modes, [0o600; 4]);
    child.kill().expect("it is still running");
    child.wait().expect("it has ended");

    // The mode of an existing file is corrected.
    std::fs::set_permissions(&location.file, std::fs::Permissions::from_mode(0o644)).expect("permission");
    let (store, _) = TestStore::open(location.clone());
    assert_eq!(mode(&location.file), 0o600);
    store.close();
}
