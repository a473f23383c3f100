//! Notifications: for which messages and calls, what they show, and when they are withdrawn.

use minchat_tui::app::{Effect, Event, Notification};
use minchat_tui::config::{DesktopNotifications, NotificationRules, NotifyContent};
use minchat_tui::domain::{
    CallEnd, CallId, Capabilities, HOUR, MINUTE, MessageInfo, NotifyLevel, Request, SECOND, ServerEvent,
};
use test_support::story::vchat::{incoming_call, listed_room, local_id_of};
use test_support::story::*;

/// Everything, through every channel.
fn rules() -> NotificationRules {
    NotificationRules {
        level: NotifyLevel::All,
        content: NotifyContent::Full,
        desktop: DesktopNotifications::Auto,
        command: vec!["hook".into()],
        bell: true,
        quiet_hours: None,
    }
}

/// The chat with Alice, and a group with Bob and Carol that is not open.
fn two_rooms(can: Capabilities) -> Story {
    let mut story = Story::chat_on(can, 100, 24);
    let rooms = vec![
        room_on(can, "r1", "Alice Archer", &["alice"], message("m2", "alice", "How are you?", -60_000)),
        room_on(can, "r2", "Release crew", &["bob", "carol"], message("g1", "bob", "ship it", -90_000)),
        room_on(can, "r3", "Bob Brown", &["bob"], message("b1", "bob", "old news", -95_000)),
    ];
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms }).wait(3_000);
    story.state.account_mut().profile.notifications = rules();
    story.effects.clear();
    story
}

/// A message that arrives now.
fn arrives(story: &mut Story, room: &str, id: &str, author: &str, text: &str) {
    let at = story.now - BEGIN;
    let message = MessageInfo { local: Some(local_id_of(id)), ..message(id, author, text, at) };
    story.server(ServerEvent::Message(in_room(room, message)));
}

/// The notifications on the desktop since the last call, as title and body.
fn shown(story: &mut Story) -> Vec<(String, String)> {
    let shown = std::mem::take(&mut story.effects).into_iter().filter_map(|effect| match effect {
        Effect::ShowNotification(Notification { title, body, .. }) => Some((title, body)),
        _ => None,
    });
    shown.collect()
}

fn pair(title: &str, body: &str) -> (String, String) {
    (title.to_owned(), body.to_owned())
}

/// Regression test: nothing told that somebody had mentioned the user in an archived room.
#[test]
fn archived_room_notifies_about_mentions_only() {
    for can in [MINCHAT, VCHAT] {
        let mut story = two_rooms(can);
        story.keys("alt+down").types("/archive").keys("enter");
        story.server(ServerEvent::Done(Request::Archive { room: room_id("r2"), on: true })).effects.clear();
        arrives(&mut story, "r2", "g2", "bob", "hi all");
        story.wait(SECOND);
        assert_eq!(shown(&mut story), []);
        arrives(&mut story, "r2", "g3", "bob", "hi @me");
        story.wait(10 * SECOND);
        assert_eq!(shown(&mut story), [pair("Bob Brown in Release crew", "hi @me")]);
    }
}

#[test]
fn message_in_another_room_notifies_on_both_services() {
    for can in [MINCHAT, VCHAT] {
        let mut story = two_rooms(can);
        arrives(&mut story, "r2", "g2", "bob", "**done**");
        assert_eq!(shown(&mut story), [], "it waits for others");
        story.wait(SECOND);
        let bells = story.effects.iter().filter(|effect| **effect == Effect::Bell).count();
        let facts = story.effects.iter().find_map(|effect| match effect {
            Effect::NotifyCommand(argv, facts) => Some((argv.clone(), facts.clone())),
            _ => None,
        });
        let (argv, facts) = facts.expect("the program is started");
        assert_eq!((bells, argv), (1, vec!["hook".to_owned()]));
        assert_eq!((facts.count, facts.is_mention, facts.is_direct, facts.is_call), (1, false, false, false));
        assert_eq!((facts.rooms, facts.text.as_deref()), (vec!["Release crew".to_owned()], Some("done")));
        assert_eq!(shown(&mut story), [pair("Bob Brown in Release crew", "done")], "without markup");
    }
}

#[test]
fn room_in_view_notifies_only_without_focus() {
    let mut story = two_rooms(MINCHAT);
    arrives(&mut story, "r1", "m3", "alice", "you see this");
    story.wait(SECOND);
    assert_eq!(shown(&mut story), []);
    story.event(Event::Focus(false));
    arrives(&mut story, "r1", "m4", "alice", "you do not");
    story.wait(SECOND);
    assert_eq!(shown(&mut story), [pair("Alice Archer", "you do not")]);
}

#[test]
fn fetched_own_and_old_messages_do_not_notify() {
    let mut story = two_rooms(MINCHAT);
    let missed = |id: &str, author: &str, at: i64| in_room("r2", message(id, author, "missed", at));
    let rooms = vec![room_on(MINCHAT, "r2", "Release crew", &["bob", "carol"], missed("g5", "bob", 3_000))];
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
    story.history("r2", 1, 1, vec![missed("g4", "carol", 2_000), missed("g5", "bob", 3_000)]);
    arrives(&mut story, "r2", "g6", "me", "my own, from elsewhere");
    // The service announces any change of a room together with its last message.
    story.server(ServerEvent::Message(missed("g7", "bob", -HOUR)));
    story.wait(SECOND);
    assert_eq!(shown(&mut story), []);
}

#[test]
fn levels_decide_by_room_and_profile() {
    for (level, expected) in [
        (NotifyLevel::All, vec!["Bob Brown", "Bob Brown in Release crew", "Carol Chen in Release crew"]),
        (NotifyLevel::Mentions, vec!["Bob Brown", "Carol Chen in Release crew"]),
        (NotifyLevel::Direct, vec!["Bob Brown"]),
        (NotifyLevel::None, vec![]),
    ] {
        let mut story = two_rooms(VCHAT);
        story.state.account_mut().profile.notifications.level = level;
        let mut titles = Vec::new();
        for (room, id, author, text) in
            [("r3", "b2", "bob", "hi"), ("r2", "g2", "bob", "hi"), ("r2", "g3", "carol", "hi @me")]
        {
            arrives(&mut story, room, id, author, text);
            story.wait(10 * SECOND);
            titles.extend(shown(&mut story).into_iter().map(|(title, _)| title));
        }
        assert_eq!(titles, expected, "{level:?}");
    }
    let mut story = two_rooms(MINCHAT);
    story.state.account_mut().profile.notifications.level = NotifyLevel::Mentions;
    story.types("/go Release").keys("enter").types("/notify all").keys("enter");
    story.shows("Release crew: notifications for all messages.");
    story.types("/notify").keys("enter").shows("Release crew: notifications for all messages.");
    story.types("/go Alice").keys("enter");
    arrives(&mut story, "r2", "g2", "bob", "hi");
    story.wait(SECOND);
    assert_eq!(shown(&mut story), [pair("Bob Brown in Release crew", "hi")]);
    story.types("/go Release").keys("enter").types("/notify default").keys("enter");
    story.shows("Release crew: notifications for direct messages and mentions, as in other rooms.");
    story.types("/notify some").keys("enter").shows("Usage: /notify");
}

#[test]
fn muted_room_never_notifies() {
    let mut story = two_rooms(VCHAT);
    let last = in_room("r2", message("g1", "bob", "ship it", -90_000));
    let muted = minchat_tui::domain::RoomInfo {
        muted: true,
        ..listed_room("r2", "Release crew", minchat_tui::domain::RoomKind::Group, 0, last)
    };
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![muted] });
    arrives(&mut story, "r2", "g2", "bob", "hi @me");
    story.wait(SECOND);
    assert_eq!(shown(&mut story), []);
}

#[test]
fn burst_causes_one_notification() {
    let mut story = two_rooms(MINCHAT);
    for (id, text) in [("g2", "one"), ("g3", "two"), ("g4", "three")] {
        arrives(&mut story, "r2", id, "carol", text);
        story.wait(50);
    }
    story.wait(SECOND);
    assert_eq!(shown(&mut story), [pair("Carol Chen in Release crew", "3 new messages: three")]);
    // What follows at once waits, and is counted together.
    arrives(&mut story, "r2", "g5", "carol", "four");
    story.wait(SECOND);
    assert_eq!(shown(&mut story), []);
    arrives(&mut story, "r3", "b2", "bob", "five");
    story.wait(5 * SECOND);
    assert_eq!(shown(&mut story), [pair("2 new messages", "Release crew, Bob Brown")]);
}

#[test]
fn message_that_is_read_meanwhile_does_not_notify() {
    let mut story = two_rooms(MINCHAT);
    arrives(&mut story, "r2", "g2", "carol", "hello");
    story.types("/go Release").keys("enter").wait(SECOND);
    assert_eq!(shown(&mut story), []);
}

#[test]
fn content_is_as_private_as_the_user_wants() {
    for (content, title, body) in [
        (NotifyContent::Sender, "Carol Chen in Release crew", "New message that mentions you"),
        (NotifyContent::None, "minchat-tui", "New message that mentions you"),
    ] {
        let mut story = two_rooms(MINCHAT);
        story.state.account_mut().profile.notifications.content = content;
        arrives(&mut story, "r2", "g2", "carol", "secret plan, @me");
        story.wait(SECOND);
        let effects = format!("{:?}", story.effects);
        let notified = effects.split_once("Bell").map_or("", |(_, rest)| rest);
        assert!(!notified.contains("secret"), "{notified}");
        assert_eq!(notified.contains("Carol"), content == NotifyContent::Sender, "{notified}");
        assert_eq!(shown(&mut story), [pair(title, body)]);
    }
}

#[test]
fn quiet_hours_are_silent() {
    let mut story = two_rooms(VCHAT);
    // The story begins at 18:00.
    story.state.account_mut().profile.notifications.quiet_hours = "17:30-18:30".parse().ok();
    arrives(&mut story, "r2", "g2", "carol", "hello");
    story.server(incoming_call("c1", "r3", "bob", false)).wait(SECOND);
    assert!(!story.effects.contains(&Effect::Bell));
    assert_eq!(shown(&mut story), []);
    story.wait(31 * MINUTE);
    arrives(&mut story, "r2", "g3", "carol", "good morning");
    story.wait(SECOND);
    assert_eq!(shown(&mut story).len(), 1);
}

#[test]
fn notification_is_withdrawn_once_the_room_is_read() {
    let mut story = two_rooms(MINCHAT);
    arrives(&mut story, "r2", "g2", "carol", "hello");
    story.wait(SECOND);
    let id = story.effects.iter().find_map(|effect| match effect {
        Effect::ShowNotification(notification) => Some(notification.id),
        _ => None,
    });
    let withdrawn = Effect::WithdrawNotification(id.expect("a notification"));
    story.types("/go Release").keys("enter");
    assert!(!story.effects.contains(&withdrawn), "not read yet");
    let page = [("g1", "bob", "ship it", -90_000), ("g2", "carol", "hello", 5_000)];
    let page = page.map(|(id, author, text, at)| in_room("r2", message(id, author, text, at)));
    story.history("r2", 1, 1, page.to_vec()).wait(2 * SECOND);
    assert!(story.effects.contains(&withdrawn), "{}", story.screen());
}

#[test]
fn notification_of_a_room_is_replaced_by_the_next_one() {
    let mut story = two_rooms(MINCHAT);
    let mut ids = Vec::new();
    for id in ["g2", "g3"] {
        arrives(&mut story, "r2", id, "carol", "hello");
        story.wait(10 * SECOND);
        ids.extend(story.effects.drain(..).filter_map(|effect| match effect {
            Effect::ShowNotification(notification) => Some(notification.id),
            _ => None,
        }));
    }
    assert_eq!((ids.len(), ids[0] == ids[1]), (2, true));
}

#[test]
fn call_rings_and_its_notification_ends_with_it() {
    let mut story = two_rooms(VCHAT);
    story.state.options.window_title = true;
    story.event(Event::Focus(false)).effects.clear();
    story.server(incoming_call("c1", "r3", "bob", false));
    assert!(story.effects.contains(&Effect::Bell));
    assert!(story.effects.contains(&Effect::WindowTitle("Call from Bob Brown · minchat-tui".into())));
    assert_eq!(shown(&mut story), [pair("Incoming voice call from Bob Brown", "")]);
    // A call that is reported again is no news.
    story.server(incoming_call("c1", "r3", "bob", false));
    assert_eq!(shown(&mut story), []);
    let ended = CallId::new("c1");
    story.server(ServerEvent::CallEnded { call: Some(ended), room: room_id("r3"), reason: CallEnd::Canceled });
    assert!(story.effects.iter().any(|effect| matches!(effect, Effect::WithdrawNotification(_))));
    assert!(story.effects.contains(&Effect::WindowTitle("Alice Archer · minchat-tui".into())));
}

#[test]
fn call_is_on_a_background_across_the_screen() {
    use ratatui::style::Modifier;
    let mut story = two_rooms(VCHAT);
    story.server(incoming_call("c1", "r3", "bob", false));
    let (buffer, _) = story.frame();
    let is_reversed = |x: u16| buffer[(x, 0)].modifier.contains(Modifier::REVERSED);
    assert!((0..100).all(is_reversed), "the whole row");
    story.keys("alt+y");
    let (buffer, _) = story.frame();
    assert!(!buffer[(1, 0)].modifier.contains(Modifier::REVERSED), "it rings no more");
}

#[test]
fn window_title_counts_unread_rooms_and_mentions() {
    let mut story = two_rooms(VCHAT);
    story.state.options.window_title = true;
    story.wait(SECOND).event(Event::Focus(true));
    let title = |story: &Story| story.state.terminal.window_title.clone();
    assert_eq!(title(&story), "Alice Archer · minchat-tui");
    arrives(&mut story, "r2", "g2", "bob", "hi");
    assert_eq!(title(&story), "(1) Alice Archer · minchat-tui");
    arrives(&mut story, "r3", "b2", "bob", "hi @me");
    assert_eq!(title(&story), "(2, 1 @) Alice Archer · minchat-tui");
    story.effects.clear();
    story.types("no other title");
    assert!(!story.effects.iter().any(|effect| matches!(effect, Effect::WindowTitle(_))));
}

/// A reply on MinChat begins with a quotation, which filled the notification.
#[test]
fn notification_shows_the_answer_and_not_the_quotation() {
    let mut story = two_rooms(MINCHAT);
    arrives(&mut story, "r2", "g2", "bob", "> Carol Chen: Is it done?\nYes, **done**");
    story.wait(3_000);
    let shown = shown(&mut story);
    assert_eq!(shown.first().map(|(_, body)| body.as_str()), Some("Yes, done"), "{shown:?}");
}

/// Regression test: a room list that was on its way when the message arrived withheld its notification.
#[test]
fn older_room_list_withholds_no_notification() {
    for can in [MINCHAT, VCHAT] {
        let mut story = two_rooms(can);
        arrives(&mut story, "r2", "g2", "bob", "done");
        let old = room_on(can, "r2", "Release crew", &["bob", "carol"], message("g1", "bob", "ship it", -90_000));
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![old] }).wait(SECOND);
        assert_eq!(shown(&mut story), [pair("Bob Brown in Release crew", "done")]);
    }
}
