//! `/export` over real sockets: `kill -9` halfway, and what the next run requests from the server.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::Value;

use crate::client::{Client, SOON, USUAL};
use crate::kill::world::World;

/// Number of messages that Bob sends.
const MESSAGES: usize = 320;

/// Number of requests after which the program is killed.
const ENOUGH: usize = 8;

fn start(home: &Path, world: &World, url: &str) -> Client {
    let mut client = Client::start_in(home, "read go; exec \"$@\"", &world.arguments(url), USUAL);
    client.pty.wait_text("● Online", SOON).unwrap();
    client.pty.wait_text(&format!("line {}.", MESSAGES - 1), SOON).unwrap();
    client
}

/// After `kill -9`, everything was requested again.
fn killed_export_continues(world: &World, (pages, page_size): (&str, usize)) {
    let home = tempfile::tempdir().unwrap();
    let url = world.url();
    for n in 0..MESSAGES {
        world.send_from_bob(0, &format!("line {n}."));
    }
    let mut client = start(home.path(), world, &url);
    world.set_faults(&format!("latency@GET {pages}=150"));
    client.pty.send("/export json ~/room.json\r").unwrap();
    while world.fired() < ENOUGH {
        client.pty.process_for(Duration::from_millis(20));
    }
    client.pty.signal(Signal::KILL).unwrap();
    client.pty.wait_exit(SOON).unwrap();
    let visible = fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(!visible.into_iter().any(|name| name.to_string_lossy().contains("room")), "no file before it is complete");

    world.set_faults("");
    let mut client = start(home.path(), world, &url);
    // What opening the room requests is not counted.
    world.set_faults(&format!("latency@GET {pages}=20"));
    client.pty.send("/export json ~/room.json\r").unwrap();
    client.pty.wait_text("are here already. The export continues at ", SOON).unwrap();
    client.pty.wait_text(&format!("Exported {} messages to ", MESSAGES + 1), SOON).unwrap();
    let requests = world.fired();
    // The page that was on its way, one that shows that the next one adjoins, and one that shows that none is older.
    let missing = (MESSAGES + 1).div_ceil(page_size) - ENOUGH + 3;
    assert!(requests <= missing, "{requests} requests, although at most {missing} pages were missing");
    let file = home.path().join("room.json");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let document: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let texts = document["messages"].as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap());
    let lines = (0..MESSAGES).map(|n| format!("line {n}."));
    let expected: Vec<String> = std::iter::once("Good morning".to_owned()).chain(lines).collect();
    assert_eq!(texts.collect::<Vec<_>>(), expected, "each message once and in order");
    client.pty.send("\x11").unwrap();
    client.assert_exit(0);
}

#[test]
fn killed_export_continues_on_minchat() {
    killed_export_continues(&World::minchat(), ("/v1/messages", 25));
}

#[test]
fn killed_export_continues_on_vchat() {
    killed_export_continues(&World::vchat(), ("/api/v2/channel/*/message", 30));
}
