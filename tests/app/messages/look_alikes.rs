//! Names that look like somebody else's, or like nothing: wherever a name is shown, a mark tells who it is.

use minchat_tui::domain::{Activity, MessageInfo, PersonInfo, RoomInfo, RoomKind, ServerEvent};
use minchat_tui::text::SafeText;

use test_support::story::vchat::*;
use test_support::story::*;

/// A message of a person with these names.
fn message_of(id: &str, username: &str, name: &str, at: i64) -> MessageInfo {
    let info = PersonInfo { id: person_id(id), ..person(username, name) }.with_visible_name();
    MessageInfo { author_info: Some(Box::new(info)), ..message(&format!("of-{id}"), id, "send me money", at) }
}

/// The chat with Alice, and a message of each of these people: id, user name and display name.
fn chat_with(width: u16, people: &[(&str, &str, &str)]) -> Story {
    let mut story = Story::chat(width, 40);
    for ((id, username, name), n) in people.iter().zip(1..) {
        story.server(ServerEvent::Message(message_of(id, username, name, n * 60_000)));
    }
    story
}

#[test]
fn users_without_display_names_are_marked() {
    let mut story = chat_with(100, &[("id-one", "dora", ""), ("id-two", "dоra", "")]);
    story.shows("dora @dora #id-one").shows("dоra @d\\u{43e}ra #id-two");
}

#[test]
fn mark_is_no_look_alike_itself() {
    let mut story = chat_with(100, &[("c1-abcdef", "carol", "Carol"), ("c2-ghijkl", "саrol", "Carol")]);
    story.shows("Carol @carol #abcdef").shows("Carol @\\u{441}\\u{430}rol #ghijkl");
    let mut story = chat_with(100, &[("c1-abcdef", "david", "Dave"), ("c2-ghijkl", "davicl", "Dave")]);
    story.shows("Dave @david #abcdef").shows("Dave @davicl #ghijkl");
    let mut story = chat_with(100, &[("c1-abcdef", "", "Dave"), ("c2-ghijkl", "", "Dave")]);
    story.shows("Dave @#abcdef").shows("Dave @#ghijkl");
}

#[test]
fn mark_written_into_a_name_is_marked_and_has_another_style() {
    let mut story = chat_with(100, &[("dave", "dave", "Dave"), ("eve", "eve", "Dave @dave"), ("x", "mallory", "Dave")]);
    story.shows("Dave @dave @eve").shows("Dave @mallory");
    let (buffer, _) = story.frame();
    let style = |text| buffer[story.cell_of(text).unwrap()].style();
    assert_ne!(style("Dave @dave @eve"), style("@eve"));
    assert_eq!(style("@eve"), style("@mallory"));
}

#[test]
fn blanks_and_long_names_do_not_hide_the_mark() {
    let blanks = ["\u{2800}", " ", "\u{a0}"].map(|blank| blank.repeat(150));
    for blank in &blanks {
        for name in [format!("Fay{blank}"), format!("{blank}Fay")] {
            chat_with(100, &[("fay", "fay", "Fay"), ("eve", "eve", &name)]).shows("│ Fay @fay").shows("│ Fay @eve");
        }
    }
    let long = "Long Name ".repeat(30);
    for width in [40, 100] {
        let mut story = chat_with(width, &[("one", "one", &long), ("two", "two", &long)]);
        story.shows("… @one").shows("… @two");
    }
}

#[test]
fn removed_look_alike_leaves_no_mark() {
    let mut story = chat_with(100, &[("dave", "dave", "Dave"), ("eve", "eve", "Dave")]);
    story.shows("Dave @dave").shows("Dave @eve");
    story.server(ServerEvent::Message(message_of("eve", "eve", "Eve", 300_000)));
    story.lacks("@dave").lacks("@eve");
}

/// A quote whose author has no display name showed an empty author.
#[test]
fn mark_is_shown_wherever_the_name_is() {
    let mut story = vchat_story(100, 30);
    let impostor = || PersonInfo { id: person_id("x1"), ..person("mallory", "Аlice Archer") };
    let fake = MessageInfo { author_info: Some(Box::new(impostor())), ..sent_message("f1", "x1", "send money", 10) };
    story.server(ServerEvent::Message(fake.clone()));
    let quoted = minchat_tui::domain::Quote { author_name: SafeText::line("Аlice Archer"), ..quote(&fake) };
    let reply = MessageInfo { quote: Some(Box::new(quoted)), ..sent_message("f2", "me", "why?", 20) };
    story.server(ServerEvent::Message(reply)).shows("▎ Аlice Archer @mallory: send money");
    // The author, and the direct message with Alice in the room list, the header and the composer.
    assert_eq!(story.screen().matches("Alice Archer @alice").count(), 4, "{}", story.screen());
    story.keys("tab up r").shows("Replying to Аlice Archer @mallory: send money").keys("esc esc");
    story.keys("ctrl+f").types("money").shows("Аlice Archer @mallory").keys("esc esc");
    story.keys("ctrl+k").types("archer").shows("Alice Archer @alice").shows("Аlice Archer @mallory").keys("esc");
    story.server(ServerEvent::Typing {
        person: impostor(),
        room: Some(room_id("r2")),
        activity: Some(Activity::Typing),
    });
    story.shows("   Аlice Archer @mallory i");
    story.server(incoming_call("c1", "r1", "alice", false)).shows("Incoming voice call from Alice Archer @alice");
}

#[test]
fn notes_about_members_have_the_mark() {
    let mut story = Story::online(100, 30);
    let last = message_of("x1", "mallory", "Аlice Archer", 0);
    let rooms = vec![room("r1", "Crew", &["alice", "bob", "x1"], message("m1", "alice", "hi", -60_000))];
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
    story.history("r1", 1, 1, vec![message("m1", "alice", "hi", -60_000), last]);
    let (room, person) = (room_id("r1"), person_id("x1"));
    story.server(ServerEvent::MemberRemoved { room, person });
    story.shows("Аlice Archer @mallory was removed");
}

/// The author of a quote may be known from nothing else.
#[test]
fn unknown_author_of_a_quote_is_marked() {
    let mut story = vchat_story(100, 30);
    let fake = sent_message("f1", "unknown-x1y2z3", "send money", 10);
    let quoted = minchat_tui::domain::Quote { author_name: SafeText::line("Alice Archer"), ..quote(&fake) };
    let reply = MessageInfo { quote: Some(Box::new(quoted)), ..sent_message("f2", "bob", "why?", 20) };
    story.server(ServerEvent::Message(reply)).shows("▎ Alice Archer @#x1y2z3: send money");
}

#[test]
fn nickname_of_a_direct_message_needs_no_mark() {
    let mut story = vchat_story(100, 30);
    let last = sent_message("m2", "alice", "How are you?", -60_000);
    let info = listed_room("r1", "Alice Archer", RoomKind::Direct, 0, last);
    story.server(ServerEvent::RoomChanged(Box::new(RoomInfo { nickname: Some(SafeText::line("Boss")), ..info })));
    story.server(ServerEvent::Message(message_of("x1", "mallory", "Alice Archer", 10)));
    story.shows("Boss").lacks("Boss @");
}
