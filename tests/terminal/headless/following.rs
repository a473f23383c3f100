//! `tail --follow`: live, across a lost connection, and until nobody reads it.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;
use test_support::fault::FaultProxy;

use super::program::{Script, both, program};
use super::schema::records;
use crate::client::SOON;

/// The lines of a running command.
pub(super) struct Lines {
    child: Child,
    lines: Receiver<String>,
}

impl Drop for Lines {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Lines {
    pub(super) fn of(mut child: Child) -> Self {
        let (sender, lines) = channel();
        let out: ChildStdout = child.stdout.take().unwrap();
        std::thread::spawn(move || {
            BufReader::new(out).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        Self { child, lines }
    }

    /// Repeats an action until there is a record, and returns it. Nothing tells when a command has begun to listen.
    #[track_caller]
    pub(super) fn provoke(&self, action: impl Fn()) -> Value {
        for _ in 0..100 {
            action();
            if let Ok(line) = self.lines.recv_timeout(Duration::from_millis(500)) {
                return records(&line).remove(0);
            }
        }
        panic!("nothing was printed");
    }

    /// Waits for the end of the command, and returns its exit code.
    pub(super) fn end(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    /// Waits for a record, and returns those before it as well.
    #[track_caller]
    fn wait(&self, is_it: impl Fn(&Value) -> bool) -> Vec<Value> {
        let mut seen = Vec::new();
        loop {
            let line = self.lines.recv_timeout(SOON).unwrap_or_else(|error| panic!("{error}, after {seen:?}"));
            seen.extend(records(&line));
            if seen.last().is_some_and(&is_it) {
                return seen;
            }
        }
    }
}

fn has_text(text: &'static str) -> impl Fn(&Value) -> bool {
    move |record| record["text"] == text
}

fn follow(script: &Script, url: &str, more: &[&str]) -> Lines {
    let arguments = [&["tail", "--follow", "-n", "1"][..], more].concat();
    Lines::of(script.command_at(url, &arguments).spawn().unwrap())
}

#[test]
fn new_messages_of_all_rooms_are_printed_once() {
    for script in both() {
        let lines = follow(&script, &script.url, &[]);
        lines.wait(has_text("Good morning"));
        script.world.send_from_bob(0, "one");
        lines.wait(has_text("one"));
        script.world.send_from_bob(2, "two");
        script.world.send_from_bob(1, "three");
        let seen = lines.wait(has_text("three"));
        assert_eq!(seen.iter().filter(|record| record["text"] == "two").count(), 1, "{seen:?}");
        assert!(seen.iter().all(|record| record["text"] != "one"), "{seen:?}");
    }
}

/// Regression test: more rooms than the queues of requests hold, twice 1,024, ended the command: "Too many requests are
/// waiting for the server."
#[test]
fn more_rooms_than_the_queues_hold_are_followed() {
    let [minchat, _] = both();
    let oldest = minchat.world.create_group("Oldest");
    (0..2_200).for_each(|n| drop(minchat.world.create_group(&format!("Group {n}"))));
    let lines = follow(&minchat, &minchat.url, &[]);
    lines.wait(has_text("hello"));
    minchat.world.send_to(&oldest, "still here");
    lines.wait(has_text("still here"));
}

/// Regression test: clients on MinChat announce themselves again and again, which was printed each time; V Chat tells only
/// those who ask, so nothing was printed there.
#[test]
fn presence_is_printed_when_it_changes() {
    let [minchat, vchat] = both();
    let is_bob = |record: &Value| record["type"] == "presence" && record["person"]["name"] == "Bob Brown";
    let lines = follow(&vchat, &vchat.url, &["--events"]);
    assert_eq!(lines.wait(is_bob).last().unwrap()["online"], false);
    let message = records(&minchat.ok(&["history", "--room", "Bob Brown", "-n", "1"])).remove(0);
    let people = records(&minchat.ok(&["people", "--room", "Bob Brown"]));
    let bob = people.iter().find(|person| person["me"] == false).unwrap();
    let heartbeat = serde_json::json!({
        "memberId": bob["id"], "channelId": message["room"], "apiKey": "$API_KEY"
    });
    let announce = || drop(minchat.ok(&["emit", "user.status", &heartbeat.to_string()]));
    let lines = follow(&minchat, &minchat.url, &["--events"]);
    lines.wait(has_text("Good morning"));
    let seen = lines.provoke(announce);
    assert!(is_bob(&seen) && seen["online"] == true, "{seen}");
    announce();
    minchat.world.send_from_bob(1, "after");
    let seen = lines.wait(has_text("after"));
    assert!(!seen.iter().any(is_bob), "{seen:?}");
}

#[test]
fn messages_during_an_outage_are_printed_afterwards() {
    for script in both() {
        let proxy = script.world.runtime.block_on(FaultProxy::start(&script.url));
        let lines = follow(&script, &proxy.url, &["--room", "Green room"]);
        lines.wait(has_text("Good morning"));
        script.world.send_from_bob(1, "before");
        lines.wait(has_text("before"));
        proxy.cut();
        let offline = lines.wait(|record| record["type"] == "connection" && record["status"] == "offline");
        assert!(offline.last().is_some_and(|record| record["reason"].is_string()));
        script.world.send_from_bob(1, "meanwhile");
        script.world.send_from_bob(2, "elsewhere");
        proxy.restore();
        let seen = lines.wait(has_text("meanwhile"));
        script.world.send_from_bob(1, "after");
        let seen = [seen, lines.wait(has_text("after"))].concat();
        for (text, times) in [("before", 0), ("meanwhile", 1), ("elsewhere", 0), ("after", 1)] {
            assert_eq!(seen.iter().filter(|record| record["text"] == text).count(), times, "{text}: {seen:?}");
        }
    }
}

/// Regression test: on MinChat, its messages were never printed.
#[test]
fn room_that_appears_later_is_followed() {
    for script in both() {
        let lines = follow(&script, &script.url, &[]);
        let events = Lines::of(script.spawn(&["listen", "message", "v1OnNewMessage"]));
        lines.wait(has_text("Good morning"));
        script.world.send_from_bob(0, "one");
        lines.wait(has_text("one"));
        events.provoke(|| script.world.send_from_bob(0, "two"));
        let room = script.world.create_group("Blue room");
        lines.wait(has_text("hello"));
        std::thread::sleep(Duration::from_millis(1_500));
        script.world.send_to(&room, "news from the blue room");
        lines.wait(has_text("news from the blue room"));
        events.wait(|record| record["args"].to_string().contains("news from the blue room"));
    }
}

/// Regression test: on MinChat, which does not tell the author's other connections of it, it was never printed.
#[test]
fn first_message_of_a_room_that_appears_later_is_printed() {
    for script in both() {
        let [backend_flag, backend, url_flag, url, _, key, user_flag, alice] = script.world.arguments(&script.url);
        let dora = |arguments: &[&str]| {
            let mut command = program(script.home.path());
            command.args([backend_flag, backend, url_flag, url, user_flag, "dora"]).args(arguments);
            assert!(command.env("MINCHAT_API_KEY", key).status().unwrap().success(), "{arguments:?}");
        };
        dora(&["rooms"]);
        let lines = follow(&script, &script.url, &[]);
        lines.wait(has_text("Good morning"));
        script.world.send_from_bob(0, "one");
        lines.wait(has_text("one"));
        script.ok(&["send", "--room", "dora", "mine"]);
        // Longer than the overlap of two fetches.
        std::thread::sleep(Duration::from_secs(3));
        dora(&["send", "--room", alice, "reply"]);
        lines.wait(has_text("mine"));
    }
}

/// Regression test: the command ended with the first room that the service no longer had.
#[test]
fn deleted_room_does_not_end_the_command() {
    for script in both() {
        let proxy = script.world.runtime.block_on(FaultProxy::start(&script.url));
        let lines = follow(&script, &proxy.url, &[]);
        lines.wait(has_text("Good morning"));
        script.world.send_from_bob(0, "before");
        lines.wait(has_text("before"));
        proxy.cut();
        lines.wait(|record| record["status"] == "offline");
        script.world.set_faults(if script.world.supports_edits() {
            "404@GET /v1/messages=1/1"
        } else {
            "404@GET /api/v2/channel/*/message=1/1"
        });
        script.world.send_from_bob(0, "meanwhile");
        proxy.restore();
        lines.wait(|record| record["status"] == "online");
        std::thread::sleep(Duration::from_secs(1));
        script.world.set_faults("");
        script.world.send_from_bob(1, "after");
        lines.wait(has_text("after"));
    }
}

/// Regression test: what was missed was not fetched before the next reconnect.
#[test]
fn failed_fetch_is_repeated_while_online() {
    std::thread::scope(|scope| {
        for script in both() {
            scope.spawn(move || {
                let proxy = script.world.runtime.block_on(FaultProxy::start(&script.url));
                let lines = follow(&script, &proxy.url, &["--room", "Green room"]);
                lines.wait(has_text("Good morning"));
                script.world.send_from_bob(1, "before");
                lines.wait(has_text("before"));
                proxy.cut();
                lines.wait(|record| record["status"] == "offline");
                script.world.send_from_bob(1, "meanwhile");
                script.world.set_faults(if script.world.supports_edits() {
                    "500@GET /v1/messages=1/1"
                } else {
                    "500@GET /api/v2/channel/*/message=1/1"
                });
                proxy.restore();
                lines.wait(|record| record["status"] == "online");
                // The connection itself repeats a read for about seven seconds.
                std::thread::sleep(Duration::from_secs(10));
                script.world.set_faults("");
                lines.wait(has_text("meanwhile"));
            });
        }
    });
}

/// Like `tail --follow | head -1`.
#[test]
fn closed_pipe_ends_the_command_with_success() {
    for script in both() {
        let mut child = script.command(&["tail", "--follow", "-n", "1", "--room", "Green room"]).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        drop(out);
        // Without another message.
        let mut code = None;
        for _ in 0..100 {
            std::thread::sleep(Duration::from_millis(100));
            code = child.try_wait().unwrap();
            if code.is_some() {
                break;
            }
        }
        assert_eq!(code.and_then(|status| status.code()), Some(0));
    }
}
