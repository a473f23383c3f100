//! `send`: exactly once, whatever happens.

use std::io::Write;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use test_support::fault::{Fault, FaultProxy};
use test_support::pty::Size;

use super::program::{Ended, Script, both};
use super::schema::records;
use crate::client::{Client, SOON};

/// Limit for a run with repetitions on a busy machine.
const LIMIT: Duration = Duration::from_secs(120);

fn count(script: &Script, room: usize, text: &str) -> usize {
    script.world.history(room).iter().filter(|sent| *sent == text).count()
}

#[test]
fn repeated_command_sends_nothing_twice() {
    for script in both() {
        let send = ["send", "--room", "Green room", "--id", "deploy-7", "Deployed"];
        let first = records(&script.ok(&send));
        let second = records(&script.ok(&send));
        assert_eq!((&first[0]["repeated"], &second[0]["repeated"]), (&false.into(), &true.into()));
        assert_eq!(first[0]["id"], second[0]["id"]);
        assert_eq!(count(&script, 1, "Deployed"), 1);
        // Without a key, each run is a message of its own.
        script.ok(&["send", "--room", "Green room", "ok"]);
        script.ok(&["send", "--room", "Green room", "ok"]);
        assert_eq!(count(&script, 1, "ok"), 2);
        let Ended { code, err, .. } = script.run(&["send", "--room", "Green room", "--id", "deploy-7", "Failed"]);
        assert_eq!((code, err.contains("was used for another message")), (Some(2), true), "{err}");
    }
}

#[test]
fn text_comes_from_standard_input_and_files_are_sent() {
    for script in both() {
        let mut child = script.command(&["send", "--room", "Red room", "-"]).stdin(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all("two\nlines ✓\n".as_bytes()).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0));
        assert_eq!(count(&script, 2, "two\nlines ✓"), 1);
        let file = script.home.path().join("report.txt");
        std::fs::write(&file, "all well\n").unwrap();
        script.ok(&["send", "--room", "Red room", "--file", file.to_str().unwrap()]);
        let sent = records(&script.ok(&["history", "--room", "Red room", "-n", "1"]));
        assert_eq!(sent[0]["file"]["name"], "report.txt");
        // Regression test: the sandbox rounded small sizes to nothing, and programs had only the text.
        assert_eq!((&sent[0]["file"]["size"], &sent[0]["file"]["bytes"]), (&"9 B".into(), &9.into()));
        let at = sent[0]["sent_at"].as_str().unwrap();
        assert!(at.len() == 24 && at.ends_with('Z') && at.as_bytes()[19] == b'.', "always with milliseconds: {at}");
        let Ended { code, err, .. } = script.run(&["send", "--room", "Red room", "--file", "/nonexistent"]);
        assert_eq!((code, err.is_empty()), (Some(2), false));
    }
}

#[test]
fn edits_deletions_and_replies_reach_the_service() {
    for script in both() {
        let sent = records(&script.ok(&["send", "--room", "Green room", "first"]));
        let id = sent[0]["id"].as_str().unwrap();
        let can_edit = script.world.supports_edits();
        let edited = script.run(&["edit", id, "second"]);
        assert_eq!(edited.code, Some(i32::from(!can_edit)), "{edited:?}");
        let expected = if can_edit { "second" } else { "first" };
        assert_eq!(count(&script, 1, expected), 1);
        let reply = script.run(&["send", "--room", "Green room", "--reply-to", id, "a reply"]);
        assert_eq!(reply.code, Some(i32::from(can_edit)), "V Chat has replies and MinChat has edits: {reply:?}");
        script.ok(&["delete", "--room", "Green room", id]);
        assert_eq!(count(&script, 1, expected), 0);
        let missing = script.run(&["delete", "--room", "Green room", "000000000000000000000000"]);
        assert_eq!((missing.code, missing.err.is_empty()), (Some(1), false), "{missing:?}");
    }
}

/// Regression test: MinChat changes any message whose id it is told, and V Chat only said that it refuses.
#[test]
fn messages_of_others_are_not_changed() {
    for script in both() {
        script.world.send_from_bob(1, "by Bob");
        let history = records(&script.ok(&["history", "--room", "Green room", "-n", "1"]));
        let id = history[0]["id"].as_str().unwrap();
        let refused = |arguments: &[&str], expected: &str| {
            let Ended { code, out, err } = script.run(arguments);
            assert_eq!((code, out.as_str()), (Some(1), ""), "{err}");
            assert!(err.contains(expected), "{err}");
        };
        refused(&["delete", "--room", "Green room", id], "is from Bob Brown: Only your own messages can be deleted.");
        refused(&["delete", "--room", "Red room", id], "was not found. Check the id and the room.");
        if script.world.supports_edits() {
            let expected = "is from Bob Brown: Only your own messages can be edited.";
            refused(&["edit", id, "changed"], expected);
            refused(&["edit", "--room", "Green room", id, "changed"], expected);
            refused(&["edit", "nothing", "changed"], "was not found. Check the id, or name the room with --room.");
        }
        assert_eq!(count(&script, 1, "by Bob"), 1);
    }
}

/// Waits for the end of a command.
#[track_caller]
fn end(mut child: Child) -> Ended {
    let started = Instant::now();
    while child.try_wait().unwrap().is_none() {
        assert!(started.elapsed() < LIMIT, "the command does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
    child.wait_with_output().unwrap().into()
}

#[test]
fn killed_send_is_repeated_without_a_duplicate() {
    for script in both() {
        let keys: Vec<String> = (0..10).map(|number| format!("job-{number}")).collect();
        let spawn = |key: &str| script.spawn(&["send", "--room", "Green room", "--retry", "--id", key, key]);
        for (number, key) in keys.iter().enumerate() {
            let mut child = spawn(key);
            std::thread::sleep(Duration::from_millis(20 + 18 * number as u64));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        let repeated: Vec<Child> = keys.iter().map(|key| spawn(key)).collect();
        for child in repeated {
            let ended = end(child);
            assert_eq!(ended.code, Some(0), "{ended:?}");
        }
        for key in &keys {
            assert_eq!(count(&script, 1, key), 1, "{key}");
        }
    }
}

/// The connection breaks at every moment, also between a request and its answer.
#[test]
fn broken_connections_are_retried_without_a_duplicate() {
    for script in both() {
        let bytes = [300, 500, 700, 900, 1100, 1300, 1600, 2000, 2500, 3000, 3600, 4200];
        let runs: Vec<(String, FaultProxy, Child)> = bytes
            .iter()
            .map(|bytes| {
                let proxy = script.world.runtime.block_on(FaultProxy::start(&script.url));
                proxy.set(Fault::Drop(*bytes));
                let text = format!("after {bytes} bytes");
                // Another address is another account, so that the keys have to differ only in one of them.
                let arguments = ["send", "--room", "Green room", "--retry", "--id", &text, &text];
                let child = script.command_at(&proxy.url, &arguments).spawn().unwrap();
                (text, proxy, child)
            })
            .collect();
        std::thread::sleep(Duration::from_millis(2_500));
        runs.iter().for_each(|(_, proxy, _)| proxy.restore());
        let mut texts = Vec::new();
        for (text, proxy, child) in runs {
            let ended = end(child);
            assert_eq!(ended.code, Some(0), "{text}: {ended:?}");
            drop(proxy);
            texts.push(text);
        }
        for text in texts {
            assert_eq!(count(&script, 1, &text), 1, "{text}");
        }
    }
}

/// Regression test: without a journal, the message was sent once more on MinChat.
#[test]
fn lost_answer_leads_to_no_duplicate_without_a_journal() {
    for script in both() {
        script.world.set_faults(if script.world.supports_edits() {
            "lose@POST /v1/messages=1/1"
        } else {
            "lose@POST /api/v2/channel/*/message=1/1"
        });
        let child = script.spawn(&["send", "--room", "Green room", "--incognito", "--retry", "once"]);
        let started = Instant::now();
        while count(&script, 1, "once") == 0 {
            assert!(started.elapsed() < LIMIT, "the message does not arrive");
            std::thread::sleep(Duration::from_millis(50));
        }
        script.world.set_faults("");
        let ended = end(child);
        assert_eq!((ended.code, count(&script, 1, "once")), (Some(0), 1), "{ended:?}");
    }
}

/// Regression test: the remark was lost when a later attempt was refused.
#[test]
fn refused_repetition_says_that_the_message_may_have_arrived() {
    for script in both() {
        let [lost, refused] = if script.world.supports_edits() {
            ["lose@POST /v1/messages=1/1", "401@/v1/**=1/1"]
        } else {
            ["lose@POST /api/v2/channel/*/message=1/1", "400@/api/v2/**=1/1"]
        };
        script.world.set_faults(lost);
        let child = script.spawn(&["send", "--room", "Green room", "--retry", "once"]);
        while count(&script, 1, "once") == 0 {
            std::thread::sleep(Duration::from_millis(50));
        }
        script.world.set_faults(refused);
        let ended = end(child);
        assert_eq!(ended.code, Some(3), "{ended:?}");
        assert!(ended.err.contains("may have the message") && ended.err.contains("--id"), "{ended:?}");
    }
}

/// Regression test: such an upload never succeeded.
#[test]
fn upload_may_take_longer_than_the_time_limit() {
    for script in both() {
        let proxy = script.world.runtime.block_on(FaultProxy::start(&script.url));
        proxy.set(Fault::Slow(40_000));
        let file = script.home.path().join("long.bin");
        std::fs::write(&file, vec![7; 200_000]).unwrap();
        let file = file.to_str().unwrap();
        let started = Instant::now();
        let arguments = ["send", "--room", "Green room", "--timeout", "3", "--file", file];
        let ended = end(script.command_at(&proxy.url, &arguments).spawn().unwrap());
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert!(started.elapsed() > Duration::from_secs(3), "the upload was too fast for this test");
    }
}

#[test]
fn send_without_a_connection_sends_nothing_later() {
    for script in both() {
        let ended: Ended =
            script.command_at("http://127.0.0.1:1", &["send", "--room", "Green room", "lost"]).output().unwrap().into();
        assert_eq!(ended.code, Some(3), "{ended:?}");
        assert_eq!(count(&script, 1, "lost"), 0);
    }
}

#[test]
fn send_works_beside_a_chat_of_the_same_profile() {
    for script in both() {
        let arguments = [&script.world.arguments(&script.url)[..], &["--room", "Green room"]].concat();
        let size = Size { columns: 100, rows: 30 };
        let mut client = Client::start_in(script.home.path(), "read go; exec \"$@\"", &arguments, size);
        client.pty.wait_text("Good morning", SOON).unwrap();
        script.ok(&["send", "--room", "Green room", "from a script"]);
        client.pty.wait_text("from a script", SOON).unwrap();
        assert!(!client.pty.screen().contains("Another client"), "{}", client.pty.screen());
        client.pty.send("from a person\r").unwrap();
        let is_sent = |screen: &vt100::Screen| {
            screen.contents().lines().any(|line| line.contains("from a person") && line.contains('✓'))
        };
        client.pty.wait_for("the message was accepted", SOON, is_sent).unwrap();
        client.pty.send([17]).unwrap();
        client.assert_exit(0);
        assert_eq!((count(&script, 1, "from a script"), count(&script, 1, "from a person")), (1, 1));
    }
}
