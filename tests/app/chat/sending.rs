//! Sending messages from the composer, and drafts.

use minchat_tui::app::Event;
use minchat_tui::domain::{Content, MessageInfo, Request, ServerEvent};
use minchat_tui::text::SafeText;
use test_support::story::*;

on_both! {
    enter_sends_and_the_echo_confirms(100, 24);
    refused_send_keeps_its_reason_and_can_be_retried(100, 24);
    discarded_send_returns_to_the_composer(100, 24);
    failed_send_does_not_replace_a_draft(100, 24);
    double_slash_sends_a_message_that_starts_with_a_slash(100, 24);
    pasted_command_is_text(100, 24);
    text_that_begins_with_a_path_is_sent(100, 24);
    draft_stays_in_its_room(100, 24);
    quitting_with_a_queued_message_asks(100, 24);
    own_message_is_visible_below_messages_of_the_future(100, 24);
    message_accepted_before_a_frame_is_visible(100, 24);
}

fn sent(requests: &[Request]) -> Option<(minchat_tui::domain::LocalId, String)> {
    requests.iter().find_map(|request| match request {
        Request::Send { local, content: Content::Text { text, .. }, .. } => Some((*local, text.clone())),
        _ => None,
    })
}

fn enter_sends_and_the_echo_confirms(mut story: Story) {
    story.types("Fine, thanks").keys("enter");
    assert!(story.row_with("Fine, thanks").ends_with('…'), "{}", story.screen());
    story.shows("Me Myself  18:00");
    let (local, text) = sent(&story.requests()).expect("a send");
    assert_eq!(text, "Fine, thanks");
    let echo = MessageInfo { local: Some(local), ..message("m3", "me", "Fine, thanks", 50) };
    story.server(ServerEvent::Message(echo.clone()));
    assert!(story.row_with("Fine, thanks").ends_with('✓'));
    story.server(ServerEvent::Accepted { room: room_id("r1"), local, id: Some(message_id("m3")), message: None });
    story.history("r1", 1, 1, vec![echo]);
    assert_eq!(
        story.screen().matches("Fine, thanks").count(),
        2,
        "once in the pane, once in the list:\n{}",
        story.screen()
    );
    story.server(ServerEvent::Seen(message_id("m3")));
    assert!(story.row_with("Fine, thanks").ends_with("✓✓"));
}

/// A person whose clock is an hour ahead. The message moved out of sight as soon as the server had accepted it.
fn own_message_is_visible_below_messages_of_the_future(mut story: Story) {
    let later = |n: i64| format!("from the future {n}");
    for n in 0..40 {
        story.server(ServerEvent::Message(seen(message(&format!("f{n}"), "alice", &later(n), 3_600_000 + n))));
    }
    story.shows(&later(39));
    for (n, text) in ["first words", "second words"].into_iter().enumerate() {
        story.types(text).keys("enter");
        assert!(story.pane().contains(text), "queued:\n{}", story.screen());
        let (local, _) = sent(&story.requests()).expect("a send");
        let id = format!("m{}", n + 3);
        let info = MessageInfo { local: Some(local), ..message(&id, "me", text, story.now - BEGIN) };
        story.server(ServerEvent::Accepted {
            room: room_id("r1"),
            local,
            id: Some(info.id.clone()),
            message: Some(Box::new(info.clone())),
        });
        story.server(ServerEvent::Message(info));
        assert!(story.pane().contains(text), "accepted:\n{}", story.screen());
        story.wait(500);
        assert!(story.pane().contains(text), "later:\n{}", story.screen());
    }
}

/// The server of this computer answers before the frame that would show the queued message.
fn message_accepted_before_a_frame_is_visible(mut story: Story) {
    for n in 0..40 {
        let text = format!("from the future {n}");
        story.server(ServerEvent::Message(seen(message(&format!("f{n}"), "alice", &text, 3_600_000 + n))));
    }
    let account = story.state.account().id;
    for (n, text) in ["first words", "second words"].into_iter().enumerate() {
        story.types(text).handle(Event::Key("enter".parse().expect("a key")));
        let (local, _) = sent(&story.requests()).expect("a send");
        let info = MessageInfo { local: Some(local), ..message(&format!("own{n}"), "me", text, story.now - BEGIN) };
        let (room, id) = (room_id("r1"), Some(info.id.clone()));
        let accepted = ServerEvent::Accepted { room, local, id, message: Some(Box::new(info.clone())) };
        story.handle(Event::Server(account, accepted));
        story.handle(Event::Server(account, ServerEvent::Message(info)));
        story.wait(500).event(Event::Tick);
        assert!(story.pane().contains(text), "accepted:\n{}", story.screen());
    }
}

/// A send that has left the screen does not return when it is accepted.
#[test]
fn send_above_the_screen_stays_there() {
    let mut story = Story::chat(100, 24);
    for n in 0..40 {
        story.server(ServerEvent::Message(seen(message(&format!("f{n}"), "alice", "later", 3_600_000 + n))));
    }
    story.types("first words").keys("enter");
    let (local, _) = sent(&story.requests()).expect("a send");
    for n in 0..30 {
        story.types(&format!("next {n}")).keys("enter");
    }
    story.shows("next 29").server(ServerEvent::Accepted {
        room: room_id("r1"),
        local,
        id: Some(message_id("m3")),
        message: None,
    });
    story.shows("next 29");
}

#[test]
fn echo_without_local_id_confirms_the_oldest_equal_send() {
    let mut story = Story::chat(100, 24);
    story.types("twice").keys("enter").types("twice").keys("enter");
    story.server(ServerEvent::Message(message("m3", "me", "twice", 50)));
    story.server(ServerEvent::Message(message("m4", "me", "twice", 60)));
    assert_eq!(story.pane().matches("twice").count(), 2, "{}", story.screen());
    assert!(story.state.account().outbox.is_empty());
}

fn refused_send_keeps_its_reason_and_can_be_retried(mut story: Story) {
    story.types("too rude").keys("enter");
    let requests = story.requests();
    let request = requests.iter().find(|request| matches!(request, Request::Send { .. })).expect("a send").clone();
    story.server(ServerEvent::Failed {
        request: request.clone(),
        failure: Failure::Refused,
        reason: SafeText::line("Mind your language."),
    });
    story.shows("Not sent: Mind your language.");
    story.keys("tab").keys("s");
    assert_eq!(story.requests(), [request]);
    story.lacks("Not sent: Mind");
}

fn discarded_send_returns_to_the_composer(mut story: Story) {
    story.types("half a thought").keys("enter");
    let request = story.requests().into_iter().find(|r| matches!(r, Request::Send { .. })).expect("a send");
    story.server(ServerEvent::Failed { request, failure: Failure::Refused, reason: SafeText::line("no") });
    story.keys("tab").keys("x");
    assert!(story.row_with("half a thought").contains("› half a thought"), "{}", story.screen());
}

/// The text was lost when another draft had been started.
fn failed_send_does_not_replace_a_draft(mut story: Story) {
    story.types("first thought").keys("enter");
    let request = story.requests().into_iter().find(|r| matches!(r, Request::Send { .. })).expect("a send");
    story.server(ServerEvent::Failed { request, failure: Failure::Refused, reason: SafeText::line("no") });
    story.types("second thought").keys("ctrl+up x");
    story.shows("Send or clear your draft first").shows("› second thought");
    assert!(story.row_with("first thought").ends_with('✗'), "{}", story.screen());
}

fn double_slash_sends_a_message_that_starts_with_a_slash(mut story: Story) {
    story.types("//shrug").keys("enter");
    assert_eq!(sent(&story.requests()).map(|(_, text)| text).as_deref(), Some("/shrug"));
}

/// It was refused as an unknown command.
fn text_that_begins_with_a_path_is_sent(mut story: Story) {
    story.types("/us").keys("esc").types("r/bin").shows("Enter send").types("/env finds it").keys("enter");
    assert_eq!(sent(&story.requests()).map(|(_, text)| text).as_deref(), Some("/usr/bin/env finds it"));
    story.types("/usr prints").keys("enter").shows("Unknown command /usr.").shows("› /usr prints");
}

fn pasted_command_is_text(mut story: Story) {
    story.event(Event::Paste("/quit".into())).keys("enter");
    assert_eq!(sent(&story.requests()).map(|(_, text)| text).as_deref(), Some("/quit"));
}

fn draft_stays_in_its_room(mut story: Story) {
    let other = room("r2", "Bob Brown", &["bob"], message("b1", "bob", "hi", -3_600_000));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![other] });
    story.types("unfinished").keys("alt+down").shows("Message Bob Brown…").lacks("unfinished");
    story.keys("alt+up").shows("› unfinished");
}

fn quitting_with_a_queued_message_asks(mut story: Story) {
    story.types("precious").keys("ctrl+q").shows("Quit anyway?");
    story.keys("n").shows("› precious");
    story.effects.clear();
    story.keys("ctrl+c").shows("Press Ctrl+C again to quit.");
    assert!(story.effects.is_empty());
    story.keys("ctrl+c").shows("Quit anyway?");
    story.confirms();
    assert_eq!(story.effects, [minchat_tui::app::Effect::Quit]);
}

/// Delete at the end of a line of 70,000 characters removed another character.
#[test]
fn paste_beyond_64_kib_is_cut_with_a_notice() {
    let mut story = Story::chat(100, 24);
    let sentence = "Text beyond 65 kB was left out. Send it as a second message or as a file.";
    story.event(Event::Paste("word ".repeat(14_000))).shows("Pasted more than fits a message");
    story.keys("esc").shows(sentence);
    assert_eq!(story.state.ui.composer.text().len(), 65_535);
    story.wait(7_000).lacks(sentence).types("x").shows(sentence);
    story.wait(7_000).keys("backspace").types("x").lacks(sentence);
    story.keys("left delete").types("x").keys("left delete").types("y");
    assert!(story.state.ui.composer.text().ends_with("wordy"), "{}", story.screen());
}

/// A text that was cut when it was received would have been saved without its end.
#[test]
fn message_beyond_64_kib_cannot_be_edited() {
    let mut story = Story::chat(100, 24);
    story.server(ServerEvent::Message(message("m9", "me", &"word ".repeat(14_000), 10)));
    story.keys("up").shows("Messages longer than 65 kB cannot be edited here.").lacks("Editing message");
}
