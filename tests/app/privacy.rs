//! What others learn about the user, and what somebody who looks at the screen sees.

use minchat_tui::app::{ConfigTrigger, Event, NewValue, Overlay};
use minchat_tui::config::{Changes, OptionSpec, Reloaded, SeenReceipts, Settings};
use minchat_tui::domain::{MINUTE, Request, ServerEvent};
use test_support::story::vchat::*;
use test_support::story::*;

/// A room on each service, where receipts are sent as `seen` says.
fn stories(seen: SeenReceipts) -> [Story; 2] {
    [vchat_story(100, 24), Story::chat(100, 24)].map(|mut story| {
        story.state.account_mut().profile.seen = seen;
        story.requests();
        story
    })
}

fn receive(story: &mut Story, id: &str) {
    story.server(ServerEvent::Message(in_room("r1", sent_message(id, "alice", &format!("text of {id}"), 10))));
    story.wait(MINUTE);
}

/// Takes the receipts that were sent, by the ids of their messages.
fn receipts(story: &mut Story) -> Vec<String> {
    let seen = |request| match request {
        Request::Seen { message, .. } => Some(message.as_str().to_owned()),
        Request::Delivered { .. } => Some("delivered".to_owned()),
        _ => None,
    };
    story.requests().into_iter().filter_map(seen).collect()
}

fn unread(story: &Story) -> u32 {
    story.state.account().rooms.get(&room_id("r1")).expect("a room").unread().count
}

#[test]
fn messages_are_read_without_a_receipt_if_the_user_wants_none() {
    for mut story in stories(SeenReceipts::Never) {
        receive(&mut story, "m3");
        story.types("hello").keys("enter").wait(MINUTE);
        assert_eq!(receipts(&mut story), [""; 0]);
        assert_eq!(unread(&story), 0);
    }
}

#[test]
fn receipts_wait_for_a_reply_if_the_user_wants_that() {
    for mut story in stories(SeenReceipts::OnReply) {
        receive(&mut story, "m3");
        receive(&mut story, "m4");
        let early: Vec<_> = receipts(&mut story).into_iter().filter(|receipt| receipt != "delivered").collect();
        assert_eq!((early, unread(&story)), (Vec::new(), 0));
        story.types("hello").keys("enter");
        assert!(receipts(&mut story).contains(&"m4".to_owned()));
        story.types("again").keys("enter").wait(MINUTE);
        assert_eq!(receipts(&mut story), [""; 0], "they are sent once");
    }
}

/// Regression test: messages that were unread at the sign-in never got a receipt.
#[test]
fn reply_reports_what_was_unread_at_the_start() {
    let [mut story, _] = stories(SeenReceipts::OnReply);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: three_rooms([0, 2, 0]) });
    story.keys("alt+down");
    let page = ["g0", "g1"].map(|id| in_room("r2", sent_message(id, "carol", "ship it", -120_000)));
    story.history("r2", 1, 1, page.to_vec());
    story.wait(MINUTE);
    assert!(!receipts(&mut story).contains(&"g1".to_owned()));
    story.types("hello").keys("enter");
    assert!(receipts(&mut story).contains(&"g1".to_owned()));
}

#[test]
fn rooms_read_without_a_receipt_stay_read() {
    let [mut story, _] = stories(SeenReceipts::Never);
    receive(&mut story, "m3");
    let mut rooms = three_rooms([1, 0, 0]);
    rooms[0].last_message = Some(in_room("r1", sent_message("m3", "alice", "text of m3", 10)));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
    assert_eq!(unread(&story), 0);
}

#[test]
fn typing_is_announced_unless_the_user_wants_it_hidden() {
    for hidden in [false, true] {
        for mut story in stories(SeenReceipts::Focused) {
            story.state.account_mut().profile.hides_typing = hidden;
            story.types("hello").wait(MINUTE);
            let typing = story.requests().into_iter().filter(|request| matches!(request, Request::Typing { .. }));
            assert_eq!(typing.count() == 0, hidden);
        }
    }
}

#[test]
fn messages_and_drafts_are_hidden_without_focus() {
    for mut story in stories(SeenReceipts::Focused) {
        story.types("my secret draft");
        story.event(Event::Focus(false)).shows("How are you?").shows("my secret draft");
        story.state.options.hide_unfocused = true;
        story.event(Event::Focus(true)).shows("How are you?");
        story
            .event(Event::Focus(false))
            .lacks("How are you?")
            .lacks("secret")
            .shows("Alice Archer")
            .shows("Hidden until");
        story.event(Event::Focus(true)).shows("How are you?").shows("my secret draft");
        story.keys("esc ctrl+f").types("How").wait(1_000).shows("How are you?");
        story.event(Event::Focus(false)).lacks("How are you?");
    }
}

/// Answers a reload for this reason with a configuration in which `seen` and `typing` have these values.
fn reload(story: &mut Story, trigger: ConfigTrigger, seen: SeenReceipts, typing: bool) {
    let settings =
        Settings { profile: "default".into(), seen, typing, ..Settings::new("https://api.minchat.io", "", "me") };
    let (effective, changes) = (Vec::new(), Changes { live: vec!["seen", "typing"], restart: Vec::new() });
    let reloaded = Reloaded { settings, effective, changes, pending: Vec::new(), themes: Vec::new() };
    story.event(Event::ConfigLoaded(trigger, Ok(Box::new(reloaded))));
}

fn new_value(key: &str, value: &str) -> NewValue {
    let option = OptionSpec::by_key(key).expect("an option");
    NewValue { option, profile: "default".into(), value: Some(value.into()) }
}

/// Both needed a restart, so `/settings` did not list them.
#[test]
fn privacy_is_changed_in_the_settings() {
    for mut story in stories(SeenReceipts::Never) {
        story.types("/settings").keys("enter").effects.clear();
        let (seen, typing) = (SeenReceipts::Never, true);
        reload(&mut story, ConfigTrigger::Show(None), seen, typing);
        let keys: Vec<&str> = match &story.state.ui.overlay {
            Some(Overlay::Settings(page)) => page.rows.iter().map(|row| row.option.key).collect(),
            _ => Vec::new(),
        };
        assert!(keys.contains(&"seen") && keys.contains(&"typing"), "{keys:?}");
    }
}

/// The selected value of a setting is tried at once, which must not tell anybody anything.
#[test]
fn receipts_that_are_only_tried_are_not_sent() {
    for mut story in stories(SeenReceipts::Never) {
        receive(&mut story, "m3");
        story.types("/settings").keys("enter");
        reload(&mut story, ConfigTrigger::Try(new_value("seen", "focused")), SeenReceipts::Focused, true);
        story.wait(MINUTE);
        assert_eq!(receipts(&mut story), [""; 0]);
        reload(&mut story, ConfigTrigger::Save(new_value("seen", "focused")), SeenReceipts::Focused, true);
        story.keys("esc esc");
        receive(&mut story, "m4");
        assert!(receipts(&mut story).contains(&"m4".to_owned()));
    }
}

#[test]
fn typing_that_is_announced_ends_when_it_is_hidden() {
    for mut story in stories(SeenReceipts::Focused) {
        story.types("hel");
        let typing = |story: &mut Story| {
            let announced = |request| if let Request::Typing { on, .. } = request { Some(on) } else { None };
            story.requests().into_iter().filter_map(announced).collect::<Vec<_>>()
        };
        assert_eq!(typing(&mut story), [true]);
        reload(&mut story, ConfigTrigger::FileChanged, SeenReceipts::Focused, false);
        assert_eq!(typing(&mut story), [false]);
        story.types("lo").keys("ctrl+u").types("x");
        assert_eq!(typing(&mut story), [false; 0]);
        reload(&mut story, ConfigTrigger::FileChanged, SeenReceipts::Focused, true);
        story.types("y");
        assert_eq!(typing(&mut story), [true]);
    }
}
