//! `emit` and `listen`: what goes over the socket.

use super::following::Lines;
use super::program::both;
use super::schema::records;

#[test]
fn events_are_printed_as_received() {
    for script in both() {
        let event = if script.world.supports_edits() { "message" } else { "v1OnNewMessage" };
        let lines = Lines::of(script.command(&["listen", event, "-n", "2", "--room", "Green room"]).spawn().unwrap());
        let seen = lines.provoke(|| script.world.send_from_bob(1, "exact\u{200b}"));
        assert!(seen["event"] == event && seen["args"].to_string().contains("exact\u{200b}"), "{seen:?}");
        script.world.send_from_bob(1, "second");
        assert_eq!(lines.end(), Some(0));
    }
}

#[test]
fn emitted_event_reaches_the_others() {
    for script in both() {
        let rooms = records(&script.ok(&["rooms"]));
        let room = rooms.iter().find(|room| room["title"] == "Green room").unwrap()["id"].as_str().unwrap().to_owned();
        let (event, json) = if script.world.supports_edits() {
            let people = records(&script.ok(&["people"]));
            let me = people.iter().find(|person| person["me"] == true).unwrap()["id"].as_str().unwrap().to_owned();
            let user = format!(r#"{{"id":"{me}","username":"alice","name":"Alice Archer"}}"#);
            ("typing.start", format!(r#"{{"channelId":"{room}","user":{user},"apiKey":"$API_KEY"}}"#))
        } else {
            ("v1RoomStatusChange", format!(r#"{{"status":"typing","roomId":"{room}"}}"#))
        };
        let heard = if script.world.supports_edits() { "typing.start" } else { "v1OnRoomStatusChange" };
        let lines = Lines::of(script.command(&["listen", heard, "-n", "1", "--room", "Green room"]).spawn().unwrap());
        let seen = lines.provoke(|| {
            let done = records(&script.ok(&["emit", event, &json]));
            assert_eq!(done[0]["action"], "emit");
        });
        assert_eq!(seen["event"], heard);
        assert!(seen["args"].to_string().contains(&room) || heard == "typing.start", "{seen:?}");
        let refused = script.run(&["emit", "typing.start", "{}"]);
        let expected = i32::from(script.world.supports_edits());
        assert_eq!(refused.code, Some(expected), "MinChat answers a wrong event with an error: {refused:?}");
        let wrong = script.run(&["emit", event, "{"]);
        assert_eq!((wrong.code, wrong.err.contains("no JSON")), (Some(2), true), "{wrong:?}");
    }
}
