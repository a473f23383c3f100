//! Commands that only read.

use std::time::Duration;

use test_support::flood::{Flood, USER};
use test_support::measure::process;

use super::program::{Ended, both, program};
use super::schema::records;
use crate::hostile::proxy::Proxy;
use crate::sandbox::Sandbox;

/// Text that a terminal would obey, and hidden characters.
const HOSTILE: &str = "a\u{1b}]0;owned\u{7}b\u{200b}\u{202e}c\n[fake] \u{9b}31mline";

#[test]
fn rooms_people_and_messages_are_records() {
    for script in both() {
        script.world.send_from_bob(1, HOSTILE);
        let rooms = records(&script.ok(&["rooms"]));
        let titles: Vec<&str> = rooms.iter().filter_map(|room| room["title"].as_str()).collect();
        assert!(["Bob Brown", "Green room", "Red room"].iter().all(|title| titles.contains(title)), "{titles:?}");
        let people = records(&script.ok(&["people"]));
        assert!(people.iter().any(|person| person["name"] == "Bob Brown" && person["me"] == false));
        assert!(people.iter().any(|person| person["me"] == true));
        let members = records(&script.ok(&["people", "--room", "Green room"]));
        assert_eq!(members.len(), 2, "{members:?}");
        let history = script.ok(&["history", "--room", "Green room", "--all"]);
        let messages: Vec<_> = records(&history).into_iter().filter(|message| message["kind"] == "text").collect();
        assert_eq!(messages[0]["text"], "Good morning");
        let text = messages[1]["text"].as_str().unwrap();
        assert!(text.starts_with('a') && text.contains("\u{200b}\u{202e}c\n[fake]"), "{text:?}");
        assert!(!history.contains(|c: char| c.is_control() && c != '\n'), "{history:?}");
        let tail = records(&script.ok(&["tail", "--room", "bob brown", "-n", "1"]));
        assert_eq!((tail.len(), &tail[0]["text"]), (1, &"Good morning".into()));
        let all = records(&script.ok(&["tail", "--since", "1h"]));
        assert!(all.iter().filter(|message| message["text"] == "Good morning").count() >= 3, "{all:?}");
    }
}

/// Regression test: without a room, it printed one message of each, whatever the number.
#[test]
fn tail_prints_the_newest_messages_of_all_rooms() {
    for script in both() {
        for (room, text) in [(0, "1"), (1, "2"), (1, "3"), (0, "4")] {
            script.world.send_from_bob(room, text);
        }
        for count in 0..=4 {
            let newest = records(&script.ok(&["tail", "-n", &count.to_string()]));
            let texts: Vec<&str> = newest.iter().filter_map(|record| record["text"].as_str()).collect();
            assert_eq!(texts, ["1", "2", "3", "4"][4 - count..]);
        }
    }
}

/// They were printed one room after the other.
#[test]
fn messages_of_all_rooms_are_in_the_order_of_their_times() {
    for script in both() {
        for (room, words) in [(1, "one"), (2, "two"), (1, "three"), (0, "four"), (2, "five")] {
            script.world.send_from_bob(room, words);
            std::thread::sleep(Duration::from_millis(5));
        }
        let all = records(&script.ok(&["tail", "--since", "1h"]));
        let texts: Vec<&str> = all.iter().filter_map(|message| message["text"].as_str()).collect();
        assert_eq!(texts[texts.len() - 5..], ["one", "two", "three", "four", "five"]);
    }
}

#[test]
fn unread_rooms_are_listed() {
    for script in both() {
        script.ok(&["send", "--room", "Red room", "Done"]);
        script.world.send_from_bob(1, "Are you there?");
        let unread = records(&script.ok(&["unread"]));
        let titles: Vec<&str> = unread.iter().filter_map(|room| room["title"].as_str()).collect();
        assert!(titles.contains(&"Green room"), "{titles:?}");
        // Where the service does not count, an answer tells that the room was read.
        let is_counted = unread.iter().all(|room| room["or_more"].is_null());
        assert!(is_counted || !titles.contains(&"Red room"), "{titles:?}");
        assert!(unread.iter().all(|room| room["unread"].as_u64() > Some(0)), "{unread:?}");
        let text = script.ok(&["unread", "--format", "txt"]);
        assert!(text.lines().any(|line| line.contains("Green room") && line.contains("unread")), "{text}");
    }
}

/// Regression test: such a service was asked for thousands of pages of its rooms, and for ever for others.
#[test]
fn service_that_repeats_a_page_is_left_alone() {
    for script in both() {
        let proxy = Proxy::repeating(&script.url);
        for arguments in
            [&["rooms"][..], &["people", "--room", "Green room"], &["history", "--room", "Green room", "--all"]]
        {
            let ended: Ended = script.command_at(&proxy.url, arguments).output().unwrap().into();
            assert_eq!(ended.code, Some(0), "{ended:?}");
            assert!(ended.err.contains("The service repeats the same rooms"), "{ended:?}");
            let ids: Vec<String> = records(&ended.out).iter().map(|record| record["id"].to_string()).collect();
            let different: std::collections::HashSet<&String> = ids.iter().collect();
            assert!(!ids.is_empty() && ids.len() == different.len(), "{ids:?}");
        }
        assert!(proxy.pages() < 40, "{} pages", proxy.pages());
    }
}

/// Others could print text that looks like the output itself.
#[test]
fn text_for_a_terminal_is_safe() {
    for script in both() {
        script.world.send_from_bob(1, HOSTILE);
        for arguments in [
            &["tail", "--room", "Green room", "--format", "txt"][..],
            &["history", "--room", "Green room", "--format", "txt"],
            &["history", "--room", "Green room", "--format", "md"],
            &["rooms", "--format", "txt"],
        ] {
            let out = script.ok(arguments);
            let unsafe_char = |c: char| (c.is_control() && c != '\n' && c != '\t') || c == '\u{202e}';
            assert!(!out.contains(unsafe_char), "{out:?}");
            assert!(out.lines().all(|line| !line.starts_with("[fake]")), "{out}");
        }
    }
}

#[test]
fn exit_codes_tell_who_is_responsible() {
    for script in both() {
        let Ended { code, err, .. } = script.run(&["history", "--room", "nobody"]);
        assert_eq!((code, err.contains("There is no room or person called nobody.")), (Some(1), true), "{err}");
        for command in [
            &["send", "--room", "nobody", "hello"][..],
            &["people", "--room", "nobody"],
            &["tail", "--room", "nobody"],
            &["typing", "--room", "nobody"],
            &["delete", "--room", "nobody", "m1"],
            &["doctor", "--room", "nobody"],
        ] {
            let Ended { code, out, err } = script.run(command);
            let said = err.contains("There is no room or person called nobody.")
                || out.contains("There is no room or person called nobody.");
            assert!(code != Some(0) && said, "{command:?}: {out}{err}");
        }
        let Ended { code, err, .. } = script.run(&["history"]);
        assert_eq!((code, err.contains("Name one with --room")), (Some(2), true), "{err}");
        assert_eq!(script.run(&["rooms", "--room", "x"]).code, Some(2));
        let Ended { code, err, .. } = script.run(&["rooms", "--control", "x.sock"]);
        assert_eq!((code, err.contains("--control has no effect with `rooms`. Remove it.")), (Some(2), true), "{err}");
        assert_eq!(script.run(&["send", "--room", "Red room", " "]).code, Some(2));
        let ended: Ended = script.command_at("http://127.0.0.1:1", &["rooms"]).output().unwrap().into();
        assert_eq!((ended.code, ended.out.as_str()), (Some(3), ""), "{ended:?}");
        assert!(ended.err.contains("connection refused"), "{ended:?}");
    }
}

/// Regression test: the chat draws in ASCII then, and says so; these commands draw nothing.
#[test]
fn locale_is_not_mentioned_by_commands_that_draw_nothing() {
    for script in both() {
        for arguments in [&["rooms"][..], &["tail"], &["send", "--room", "Red room", "hello"]] {
            let ended: Ended = script.command(arguments).env("LANG", "C").output().unwrap().into();
            assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{arguments:?}");
        }
    }
}

/// Regression test: commands that read ended at their time limit, although the service said when to come back.
#[test]
fn reading_commands_wait_for_a_rate_limit() {
    let commands: [&[&str]; 4] =
        [&["rooms"], &["people"], &["history", "--room", "Green room"], &["tail", "--room", "Green room"]];
    let scripts = both();
    let mut running = Vec::new();
    for script in &scripts {
        // The sign-in as well.
        script.world.set_faults("429=100%");
        let commands = commands.map(|command| (command, script.spawn(&[command, &["--timeout", "2"]].concat())));
        running.extend(commands);
    }
    // Longer than their time limit. The sandbox asks for a second, again and again.
    std::thread::sleep(Duration::from_secs(4));
    scripts.iter().for_each(|script| script.world.set_faults(""));
    for (command, child) in running {
        let ended: Ended = child.wait_with_output().unwrap().into();
        assert_eq!(ended.code, Some(0), "{command:?}: {ended:?}");
        assert!(ended.out.lines().count() > 0, "{command:?}: {ended:?}");
        let warning = "minchat-tui: warning: The server asks to slow down. It will answer in 1 s.\n";
        assert_eq!(ended.err, warning, "once: {command:?}");
    }
}

#[test]
fn ambiguous_room_lists_the_candidates() {
    for script in both() {
        script.world.create_group("Green room");
        let Ended { code, err, .. } = script.run(&["send", "--room", "Green room", "x"]);
        assert_eq!(code, Some(2), "{err}");
        assert_eq!(err.lines().filter(|line| line.contains("(Green room")).count(), 2, "{err}");
        let id = err.lines().nth(1).and_then(|line| line.split_whitespace().nth(1)).unwrap();
        script.ok(&["send", "--room", id, "found by its id"]);
    }
}

/// The whole history was held in memory.
#[test]
fn history_of_a_hundred_thousand_messages_needs_little_memory() {
    let flood = Flood::start(Duration::from_secs(25)).unwrap();
    flood.load(100_000);
    let home = tempfile::tempdir().unwrap();
    let mut command = program(home.path());
    command.args(["--url", &flood.url(), "--api-key", "K", "--user", USER]);
    let mut child = command.args(["history", "--room", "Bench", "--all"]).spawn().unwrap();
    let pid = i32::try_from(child.id()).unwrap();
    let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
    let (mut count, mut peak, mut line) = (0, 0.0_f64, String::new());
    while std::io::BufRead::read_line(&mut out, &mut line).unwrap() > 0 {
        assert!(line.contains(&format!("\"id\":\"c{count:024}\"")), "message {count}: {line}");
        count += 1;
        if count % 10_000 == 1 {
            peak = peak.max(process::resident(pid));
        }
        line.clear();
    }
    assert!(child.wait().unwrap().success());
    assert_eq!(count, 100_040);
    assert!(peak < 60.0, "{peak} MiB");
}

/// Screens and records of a sandbox can be repeated.
#[test]
fn clock_of_the_sandbox_starts_at_a_given_time() {
    for backend in ["minchat", "vchat"] {
        let server = Sandbox::start_with(backend, "k3y-of-serve", &["--empty", "--clock", "2026-01-01T12:00:00Z"]);
        let home = tempfile::tempdir().unwrap();
        let run = |user: &str, arguments: &[&str]| -> Ended {
            let mut command = program(home.path());
            command.args(["--backend", backend, "--url", &server.url, "--user", user]).args(arguments);
            command.env("MINCHAT_API_KEY", "k3y-of-serve").output().unwrap().into()
        };
        assert_eq!(run("bob@example.org", &["rooms"]).code, Some(0));
        let sent = run("alice@example.org", &["send", "--room", "bob@example.org", "hello"]);
        assert_eq!(sent.code, Some(0), "{sent:?}");
        let history = records(&run("alice@example.org", &["tail", "--since", "2026-01-01"]).out);
        let at = history.last().unwrap()["sent_at"].as_str().unwrap();
        assert!(at.starts_with("2026-01-01T12:0"), "{at}");
    }
}
