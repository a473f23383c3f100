//! What a line does without a screen: it is sent, answers, edits or runs, and never changes a draft.

use minchat_tui::app::{Event, Overlay, begun_quotation};
use minchat_tui::domain::{Capabilities, Content, Failure, LocalId, MessageInfo, Request, ServerEvent};
use minchat_tui::text::SafeText;
use test_support::story::vchat::*;
use test_support::story::*;

use crate::linear::Reading;

/// A story with three rooms, in which the one with Alice is open.
fn reading(can: Capabilities) -> Reading {
    let mut story = if can == VCHAT { vchat_story(100, 40) } else { Story::chat_on(can, 100, 40) };
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: three_rooms([0; 3]) });
    let mut reading = Reading::new(story);
    reading.said();
    reading
}

/// Presses keys and returns what is said.
fn keys(reading: &mut Reading, keys: &str) -> Vec<String> {
    reading.story.keys(keys);
    reading.said()
}

/// The text in the composer.
fn composed(reading: &Reading) -> &str {
    reading.story.state.ui.composer.text()
}

/// The text and the replied message of the next send, which the server accepts.
fn sent(reading: &mut Reading) -> (String, Option<LocalId>) {
    let (local, content, _) = take_send(&mut reading.story);
    let Content::Text { text, reply_to } = content else { panic!("{content:?}") };
    let accepted = MessageInfo { local: Some(local), ..message(&format!("a{local}"), "me", &text, 10) };
    let (id, message) = (Some(accepted.id.clone()), Some(Box::new(accepted)));
    reading.story.server(ServerEvent::Accepted { room: room_id("r1"), local, id, message });
    reading.said();
    (text, reply_to)
}

/// Regression test: each of these lines, also a command, silently destroyed a draft that had been saved for days.
#[test]
fn draft_survives_every_line() {
    for can in [MINCHAT, VCHAT] {
        let mut reading = reading(can);
        reading.story.types("precious");
        let said = reading.said();
        let ways = "/key enter sends it, /key alt+e edits it, /discard discards it. Other lines do not change it.";
        assert_eq!(said, ["Not sent yet: precious", &format!("  {ways}")]);
        assert_eq!(reading.line("hello"), ["You, 18:00: hello"]);
        assert_eq!(sent(&mut reading).0, "hello");
        for line in ["/rooms", "/foo", "/mute abc", "/go nowhere", "/info", "", "  ", "/search tea", "/notices", "/dm"]
        {
            reading.line(line);
            assert_eq!(composed(&reading), "precious", "{line}");
            reading.story.keys("esc");
        }
        reading.line("/go Bob");
        assert_eq!(composed(&reading), "");
        reading.line("/go -");
        assert_eq!(composed(&reading), "precious");
        assert_eq!(reading.line("").first().map(String::as_str), Some("Not sent yet: precious"), "it is said again");
        keys(&mut reading, "enter");
        assert_eq!((sent(&mut reading).0.as_str(), composed(&reading)), ("precious", ""));
    }
}

#[test]
fn draft_survives_a_command_that_fails_later() {
    for can in [MINCHAT, VCHAT] {
        let mut reading = reading(can);
        reading.story.types("precious");
        reading.line("/dm nobody");
        let request =
            reading.story.requests().into_iter().find(|request| matches!(request, Request::OpenDirect { .. }));
        let (request, reason) = (request.expect("a request"), SafeText::line("Nobody has this name."));
        reading.story.server(ServerEvent::Failed { request, failure: Failure::Refused, reason });
        reading.story.event(Event::CommandRefused("/export x".to_owned(), "It cannot be done.".to_owned()));
        assert_eq!(composed(&reading), "precious");
        let said = reading.said();
        assert!(
            said.iter().any(|line| line.ends_with("It cannot be done. The open room is Alice Archer.")),
            "{said:#?}"
        );
    }
}

#[test]
fn draft_is_discarded_on_request_and_can_be_inserted_again() {
    for can in [MINCHAT, VCHAT] {
        let mut reading = reading(can);
        reading.story.types("precious");
        reading.said();
        assert_eq!(reading.line("/discard"), ["Notice: Discarded. /key ctrl+y inserts the text again."]);
        assert_eq!(composed(&reading), "");
        keys(&mut reading, "ctrl+y");
        assert_eq!(composed(&reading), "precious");
        reading.line("/discard");
        assert_eq!(reading.line("/discard"), ["Notice: There is no draft to discard."]);
    }
}

/// Regression test: on MinChat, the line replaced the quotation.
#[test]
fn line_answers_the_message_that_is_replied_to() {
    for can in [MINCHAT, VCHAT] {
        let mut reading = reading(can);
        reading.story.types("precious");
        reading.said();
        let said = keys(&mut reading, "ctrl+up r");
        let begun = "Replying to Alice Archer: How are you? Your next line is the answer; /key esc cancels it.";
        assert!(said.contains(&begun.to_owned()), "{said:#?}");
        for line in ["/rooms", "/foo", "", "/go nowhere"] {
            reading.line(line);
        }
        let said = reading.line("//fine");
        let expected = match can == MINCHAT {
            true => ["You, 18:00: /fine", "  Quoting Alice Archer: How are you?"],
            false => ["In reply to Alice Archer: How are you?", "You, 18:00: /fine"],
        };
        assert!(said.windows(2).any(|lines| lines == expected), "{said:#?}");
        let (text, reply) = sent(&mut reading);
        if can.has(minchat_tui::domain::Feature::Reply) {
            assert_eq!((text.as_str(), reply), ("/fine", Some(local_id_of("m2"))));
        } else {
            assert_eq!(text, "> Alice Archer: How are you?\n/fine");
        }
        assert_eq!(composed(&reading), "precious");
        reading.line("next");
        assert_eq!(sent(&mut reading), ("next".to_owned(), None));
    }
}

/// A quotation that was read from disk is one, too.
#[test]
fn line_answers_a_restored_quotation() {
    let mut reading = reading(MINCHAT);
    reading.story.types("> Alice Archer: How are you?");
    assert!(begun_quotation(&reading.story.state.ui.composer).is_some());
    reading.line("fine");
    assert_eq!(sent(&mut reading).0, "> Alice Archer: How are you?\nfine");
    assert_eq!(composed(&reading), "");
}

#[test]
fn reply_is_canceled_and_the_draft_stays() {
    for can in [MINCHAT, VCHAT] {
        let mut reading = reading(can);
        reading.story.types("precious");
        keys(&mut reading, "ctrl+up r esc");
        assert_eq!(composed(&reading), "precious");
        reading.line("hello");
        assert_eq!(sent(&mut reading), ("hello".to_owned(), None));
    }
}

/// Regression test: while a message was edited, a command became its text for everybody.
#[test]
fn only_text_replaces_what_is_edited() {
    let mut reading = Reading::new(Story::chat(100, 40));
    reading.story.keys("up");
    for line in ["/rooms", "/foo", "", "/info"] {
        reading.line(line);
        assert_eq!(composed(&reading), "Hello Alice", "{line}");
    }
    reading.story.keys("esc").effects.clear();
    reading.line("Hello both");
    let edits = reading.story.requests().into_iter().filter_map(|request| match request {
        Request::Edit { text, .. } => Some(text),
        _ => None,
    });
    assert_eq!(edits.collect::<Vec<_>>(), ["Hello both"]);
    reading.story.keys("up");
    reading.line("/discard");
    assert_eq!(composed(&reading), "");
}

/// Regression test: what was left of a failed command was typed on by the next keys.
#[test]
fn failed_command_leaves_nothing_in_the_composer() {
    for can in [MINCHAT, VCHAT] {
        for line in ["/go nowhere", "/foo", "/mute abc", "/send", "/leave now"] {
            let mut reading = reading(can);
            let said = reading.line(line);
            assert!(said.iter().all(|line| line.starts_with("Notice: ")), "{said:#?}");
            assert!(said.iter().any(|line| line.ends_with(" The open room is Alice Archer.")), "{said:#?}");
            assert_eq!(composed(&reading), "", "{line}");
            keys(&mut reading, "alt+p");
            assert_eq!(composed(&reading), line, "it can be recalled");
        }
    }
}

/// Regression test: it pressed Enter in the box, which saved a setting.
#[test]
fn command_that_cannot_run_leaves_the_box_as_it_is() {
    for can in [MINCHAT, VCHAT] {
        for open in ["ctrl+k", "ctrl+f", "f2", "f12", "ctrl+up enter", "ctrl+up d", "/notices", "/archived"] {
            for line in ["/foo", "/mute abc", "/msgs", "/leave now"] {
                let mut reading = reading(can);
                match open.strip_prefix('/') {
                    Some(_) => drop(reading.line(open)),
                    None => drop(keys(&mut reading, open)),
                }
                let before = format!("{:?}", reading.story.state.ui.overlay);
                reading.story.effects.clear();
                let said = reading.line(line);
                assert_eq!(format!("{:?}", reading.story.state.ui.overlay), before, "{line} over {open}");
                assert!(said.len() == 1 && said[0].starts_with("Notice: "), "{line} over {open}: {said:#?}");
                assert_eq!(reading.story.requests(), [], "{line} over {open}");
            }
        }
    }
}

/// Regression test: the second line for a text field was appended to the first.
#[test]
fn line_replaces_the_text_of_a_field() {
    let mut reading = reading(VCHAT);
    keys(&mut reading, "ctrl+k");
    for line in ["zzz", "//qqq"] {
        reading.line(line);
        let Some(Overlay::Switcher(switcher)) = &reading.story.state.ui.overlay else { panic!("{line}") };
        assert_eq!(switcher.query.text, line.trim_start_matches("//z").replacen("//", "/", 1));
    }
    reading.line("Release");
    assert!(reading.said().is_empty());
    assert_eq!(reading.story.state.ui.open, Some(room_id("r2")));
}

#[test]
fn command_of_the_switcher_is_named_and_not_typed() {
    let mut reading = reading(MINCHAT);
    keys(&mut reading, "ctrl+k");
    let said = reading.line("//send");
    assert!(said.contains(&"Notice: Type /send PATH ….".to_owned()), "{said:#?}");
    assert_eq!(composed(&reading), "");
}

/// Regression test: a log of 500 lines was said in full before anything else.
#[test]
fn long_message_is_said_in_part_and_in_full_on_request() {
    for can in [MINCHAT, VCHAT] {
        let mut reading = reading(can);
        let text: Vec<String> = (1..=500).map(|n| format!("log line {n}")).collect();
        reading.story.server(ServerEvent::Message(sent_message("m9", "alice", &text.join("\n"), 10)));
        let said = reading.said();
        let more = "  490 more rows. /key ctrl+up selects the newest message and /key up the one before; then z says the rest.";
        assert_eq!((said.len(), said[9].as_str(), said[10].as_str()), (11, "  log line 10", more), "{said:#?}");
        keys(&mut reading, "ctrl+up");
        let said = reading.line("z");
        let (first, last) = (
            said.iter().position(|line| line == "  log line 11"),
            said.iter().rposition(|line| line == "  log line 500"),
        );
        assert_eq!(first.zip(last).map(|(first, last)| last - first), Some(489), "{:#?}", &said[..4]);
        assert!(said.iter().any(|line| line == "Rest of the message:"));
        assert!(!reading.line("z").iter().any(|line| line.contains("log line 300")), "folded again");
        // A paragraph without line breaks is as long.
        reading.story.server(ServerEvent::Message(sent_message("m10", "alice", &"words ".repeat(2_000), 20)));
        let said = reading.said();
        assert!(said.len() == 2 && said[0].len() < 1_100 && said[1].contains("more rows"), "{said:#?}");
    }
}

#[test]
fn help_lists_what_has_the_words() {
    for can in [MINCHAT, VCHAT] {
        let mut reading = reading(can);
        let said = reading.line("/help send");
        assert_eq!(said[0], "Keys and commands with send:");
        assert!(said.iter().any(|line| line.starts_with("  /send PATH")), "{said:#?}");
        let entries = said[1..].iter().filter(|line| line.starts_with("  "));
        assert!(entries.clone().all(|line| line.to_lowercase().contains("send")), "{said:#?}");
        assert!(entries.count() < 20 && reading.line("/help").len() > 100);
        assert_eq!(reading.line("/help qqq"), ["The help has nothing with qqq. Type /help to hear all of it."]);
    }
}

/// On a screen, the help opens with the words as its filter.
#[test]
fn help_on_a_screen_is_filtered() {
    for can in [MINCHAT, VCHAT] {
        let mut story = Story::chat_on(can, 100, 40);
        story.types("/help send").keys("enter").shows("/send PATH").lacks("/archive");
        story.keys("esc").shows("Here and now").keys("esc").types("/help").keys("enter").shows("Here and now");
    }
}
