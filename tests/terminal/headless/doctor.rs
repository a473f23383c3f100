//! `doctor`: each stage has its exit code, and nothing is left behind.

use std::io::{Read, Write};
use std::net::TcpListener;

use serde_json::Value;

use super::program::{Ended, Script, both, program};
use super::schema::records;

const STAGES: [&str; 13] =
    ["dns", "tcp", "tls", "http", "key", "sign-in", "socket", "join", "send", "echo", "edit", "delete", "clean-up"];

fn examine(script: &Script, url: &str) -> (Option<i32>, Vec<Value>) {
    let ended: Ended = script.command_at(url, &["doctor", "--json", "--timeout", "20"]).output().unwrap().into();
    (ended.code, records(&ended.out))
}

#[test]
fn working_service_passes_all_stages_and_keeps_nothing() {
    for script in both() {
        let before = script.ok(&["rooms"]).lines().count();
        let (code, mut records) = examine(&script, &script.url);
        let report = records.pop().unwrap();
        assert_eq!(code, Some(0), "{records:#?}");
        let stages: Vec<&str> = records.iter().filter_map(|record| record["stage"].as_str()).collect();
        assert_eq!(stages, STAGES);
        // V Chat has no room without another person.
        let has_room = script.world.supports_edits();
        for (index, record) in records.iter().enumerate() {
            let expected = if index < 7 || has_room { "ok" } else { "skipped" };
            assert_eq!(record["result"], expected, "{record}");
            assert!(expected == "skipped" || record["millis"].is_u64(), "{record}");
        }
        // Regression test: what was not tested was reported as missing.
        let echo = if has_room { Value::from(true) } else { Value::Null };
        assert!(report["ok"] == true && report["observed"]["echo"] == echo, "{report}");
        let text = script.ok(&["doctor"]);
        assert_eq!(text.contains("messages can be deleted: not tested"), !has_room, "{text}");
        assert_eq!(text.contains("creates no room for one person alone. Name a room"), !has_room, "{text}");
        assert!(!text.contains("identifiers should"), "{text}");
        assert_eq!(script.ok(&["rooms"]).lines().count(), before, "the room of the test is still there");
    }
}

#[test]
fn room_of_the_user_is_used_and_left_as_it_was() {
    for script in both() {
        let before = script.world.history(1);
        let ended = script.run(&["doctor", "--json", "--room", "Green room"]);
        assert_eq!(ended.code, Some(0), "{}", ended.out);
        let records = records(&ended.out);
        let can_edit = script.world.supports_edits();
        for record in &records[7..12] {
            let expected = if record["stage"] == "edit" && !can_edit { "skipped" } else { "ok" };
            assert_eq!(record["result"], expected, "{record}");
        }
        assert_eq!(records[12]["result"], "skipped", "there is nothing to clean up");
        let observed = &records[13]["observed"];
        assert!(observed["echo"] == true && observed["returns_local_ids"] == true, "{observed}");
        assert_eq!(observed["edit"], can_edit);
        assert_eq!(script.world.history(1), before);
    }
}

#[test]
fn failed_stage_decides_the_exit_code() {
    // Accepts connections, and is neither a TLS nor an HTTP server.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let strange = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 512]);
            let _ = stream.write_all(b"220 mail.example ESMTP\r\n\r\n");
        }
    });
    for script in both() {
        for (url, stage, code) in [
            ("https://nobody.invalid".to_owned(), "dns", 10),
            ("http://127.0.0.1:1".to_owned(), "tcp", 11),
            (format!("https://{strange}"), "tls", 12),
            (format!("http://{strange}"), "http", 13),
        ] {
            let (exit, records) = examine(&script, &url);
            assert_eq!(exit, Some(code), "{url}: {records:#?}");
            let failed = records.iter().find(|record| record["result"] == "failed").unwrap();
            assert_eq!(failed["stage"], stage);
            // Regression test: the advice was printed twice.
            let (advice, detail) = (failed["advice"].as_str().unwrap(), failed["detail"].as_str().unwrap());
            assert!(!detail.contains("Check "), "{detail} {advice}");
            assert_eq!(records.last().unwrap()["failed"], stage);
        }
        let mut wrong = script.command(&["doctor", "--json"]);
        let ended: Ended = wrong.env("MINCHAT_API_KEY", "WRONG").output().unwrap().into();
        assert_eq!(ended.code, Some(15), "{}", ended.out);
    }
}

/// Regression test: the message stayed in the room, and nobody was told.
#[test]
fn message_that_cannot_be_deleted_is_reported() {
    for script in both() {
        let fault = if script.world.supports_edits() { "403@DELETE /v1/**=1/1" } else { "403@DELETE /api/v2/**=1/1" };
        script.world.set_faults(fault);
        let ended = script.run(&["doctor", "--json", "--room", "Green room"]);
        assert_eq!(ended.code, Some(21), "{ended:?}");
        let records = records(&ended.out);
        let clean_up = records.iter().find(|record| record["stage"] == "clean-up").unwrap();
        assert_eq!(clean_up["result"], "failed", "{clean_up}");
        assert!(clean_up["detail"].as_str().unwrap().starts_with("The test message may still be in the room"));
    }
}

/// Regression test: only `send` opened the direct message.
#[test]
fn direct_message_with_the_named_person_is_opened() {
    for script in both() {
        let dora = if script.world.supports_edits() { "dora" } else { "dora@example.org" };
        let [backend_flag, backend, url_flag, url, _, key, user_flag, _] = script.world.arguments(&script.url);
        let mut sign_in = program(script.home.path());
        sign_in.args([backend_flag, backend, url_flag, url, user_flag, dora, "rooms"]).env("MINCHAT_API_KEY", key);
        assert!(sign_in.status().unwrap().success());
        let ended = script.run(&["doctor", "--room", dora]);
        assert_eq!(ended.code, Some(0), "{}", ended.out);
        assert!(ended.out.contains("Everything works."), "{}", ended.out);
    }
}

#[test]
fn proxy_that_refuses_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 512]);
            let _ = stream.write_all(b"HTTP/1.1 403 Forbidden\r\n\r\n");
        }
    });
    for script in both() {
        let run = |no_proxy: &str| -> Ended {
            let mut command = script.command_at("https://chat.invalid", &["doctor"]);
            command.env("HTTPS_PROXY", &proxy).env("NO_PROXY", no_proxy);
            command.output().unwrap().into()
        };
        let ended = run("");
        assert_eq!(ended.code, Some(11), "{}", ended.out);
        assert!(ended.out.contains("The proxy refuses a tunnel to chat.invalid:443 (HTTP 403)"), "{}", ended.out);
        assert_eq!(run("chat.invalid").code, Some(10), "the proxy was used in spite of NO_PROXY");
    }
}
