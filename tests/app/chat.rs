//! Chatting: sending, editing, typing, presence, receipts, drafts and the switcher. Keys and server events go in, effects
//! and screens come out.

use minchat_tui::app::Event;
use minchat_tui::domain::{
    Activity, Attachment, AttachmentKind, ConnectionStatus, Content, MINUTE, MessageInfo, Request, RoomKind, SECOND,
    ServerEvent,
};
use minchat_tui::text::SafeText;
use test_support::story::*;

/// Runs each test with the capabilities of both services.
macro_rules! on_both {
    ($($name:ident($width:literal, $height:literal);)*) => {
        mod on_minchat {
            use super::{MINCHAT, Story};
            $(#[test] fn $name() { super::$name(Story::chat_on(MINCHAT, $width, $height)); })*
        }

        mod on_vchat {
            use super::{Story, VCHAT};
            $(#[test] fn $name() { super::$name(Story::chat_on(VCHAT, $width, $height)); })*
        }
    };
}

on_both! {
    enter_sends_and_the_echo_confirms(100, 24);
    refused_send_keeps_its_reason_and_can_be_retried(100, 24);
    discarded_send_returns_to_the_composer(100, 24);
    failed_send_does_not_replace_a_draft(100, 24);
    deletion_asks_first_and_leaves_a_tombstone_in_place(60, 24);
    command_is_not_announced_as_typing(100, 24);
    message_ends_its_authors_typing(100, 24);
    new_room_appears(100, 24);
    switcher_finds_a_room_by_a_few_letters(100, 24);
    double_slash_sends_a_message_that_starts_with_a_slash(100, 24);
    pasted_command_is_text(100, 24);
    draft_stays_in_its_room(100, 24);
    file_is_shown_with_kind_name_and_size(100, 24);
    escape_sequence_in_a_message_is_shown_as_text(100, 24);
    jump_to_latest_wins_over_a_pending_selection(60, 12);
    quitting_with_a_queued_message_asks(100, 24);
    missed_pages_are_fetched_until_they_reach_known_messages(100, 24);
}

fn sent(requests: &[Request]) -> Option<(minchat_tui::domain::LocalId, String)> {
    requests.iter().find_map(|request| match request {
        Request::Send { local, content: Content::Text { text, .. }, .. } => Some((*local, text.clone())),
        _ => None,
    })
}

fn is_second_page(request: &Request) -> bool {
    matches!(request, Request::History { page: 2, .. })
}

fn enter_sends_and_the_echo_confirms(mut story: Story) {
    story.types("Fine, thanks").keys("enter");
    assert!(story.row_with("Fine, thanks").ends_with("18:00 …"), "{}", story.screen());
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

#[test]
fn up_in_an_empty_composer_edits_the_last_own_message() {
    let mut story = Story::chat(100, 24);
    story.keys("up");
    story.shows("✎ Hello Alice").shows("Editing message");
    story.types("!").keys("enter");
    let edit = Request::Edit { message: message_id("m1"), text: "Hello Alice!".into() };
    assert_eq!(story.requests(), std::slice::from_ref(&edit));
    story.server(ServerEvent::Done(edit));
    story.shows("Hello Alice! (edited)");
    story.server(ServerEvent::Edited(message("m1", "me", "Hello Alice!", -120_000)));
    assert_eq!(story.screen().matches("(edited)").count(), 1);
}

#[test]
fn refused_edit_restores_the_text() {
    let mut story = Story::chat(100, 24);
    story.keys("up").types("!").keys("enter");
    let edit = story.requests().pop().expect("an edit");
    story.server(ServerEvent::Failed { request: edit, failure: Failure::Refused, reason: SafeText::line("Too late.") });
    story.shows("Not edited: Too late.").shows("✎ Hello Alice!");
}

fn deletion_asks_first_and_leaves_a_tombstone_in_place(mut story: Story) {
    story.server(ServerEvent::Message(message("m3", "me", "one line and\nanother\nand a third", 10)));
    story.server(ServerEvent::Message(seen(message("m4", "alice", "below", 20))));
    let row = story.screen().lines().position(|row| row.contains("one line")).expect("a row");
    let above = story.screen().lines().position(|row| row.contains("How are")).expect("a row");
    story.effects.clear();
    story.keys("tab up d");
    story.shows("Delete this message for everyone?");
    assert_eq!(story.requests(), []);
    story.keys("y");
    assert_eq!(story.requests(), [Request::Delete { room: room_id("r1"), message: message_id("m3") }]);
    story.server(ServerEvent::Deleted(message_id("m3")));
    let screen = story.screen();
    assert!(screen.lines().nth(row).is_some_and(|line| line.contains("Message deleted")), "{screen}");
    assert!(screen.lines().nth(above).is_some_and(|line| line.contains("How are")), "{screen}");
    story.lacks("another");
}

#[test]
fn only_own_messages_offer_edit_and_delete() {
    let mut story = Story::chat(100, 24);
    story.keys("tab");
    let hints = story.screen().lines().last().unwrap_or_default().to_owned();
    assert!(hints.contains("Y copy") || hints.contains("y copy"), "{hints}");
    assert!(!hints.contains("edit"), "{hints}");
    story.keys("e").shows("Only your own messages can be edited.");
}

#[test]
fn unrepeated_typing_lasts_until_the_text_is_cleared() {
    let mut story = Story::chat_on(VCHAT, 100, 24);
    story.types("Hi");
    let typing = |on| Request::Typing { room: room_id("r1"), on };
    assert_eq!(story.requests().iter().filter(|request| **request == typing(true)).count(), 1);
    story.wait(30 * SECOND).effects.clear();
    story.keys("backspace").keys("backspace");
    assert_eq!(story.requests(), [typing(false)]);
}

#[test]
fn typing_is_announced_once_and_stopped_after_two_seconds() {
    let mut story = Story::chat(100, 24);
    let typing = |on| Request::Typing { room: room_id("r1"), on };
    story.types("abc");
    assert_eq!(story.requests(), [typing(true)]);
    story.wait(1_900).types("d").wait(1_900);
    assert_eq!(story.requests(), []);
    story.wait(100);
    assert_eq!(story.requests(), [typing(false)]);
    story.types("e").keys("enter");
    assert!(matches!(
        story.requests().as_slice(),
        [Request::Typing { on: true, .. }, Request::Typing { on: false, .. }, Request::Send { .. }]
    ));
}

fn command_is_not_announced_as_typing(mut story: Story) {
    story.types("/quit");
    assert_eq!(story.requests(), []);
}

#[test]
fn typing_person_is_shown_by_name_for_six_seconds() {
    let mut story = Story::chat(100, 24);
    story.server(ServerEvent::Typing {
        person: person("alice", "Alice Archer"),
        room: None,
        activity: Some(Activity::Typing),
    });
    story.shows("Alice Archer is typing…");
    story.wait(5_900).shows("is typing…");
    story.wait(100).lacks("is typing…");
}

fn message_ends_its_authors_typing(mut story: Story) {
    story.server(ServerEvent::Typing {
        person: person("alice", "Alice Archer"),
        room: None,
        activity: Some(Activity::Typing),
    });
    story.server(ServerEvent::Message(message("m3", "alice", "done", 10)));
    story.lacks("is typing…");
}

#[test]
fn presence_is_shown_in_words_and_updated_each_minute() {
    let mut story = Story::chat(100, 24);
    story.server(ServerEvent::Presence { person: person_id("alice"), online: true });
    story.shows("online").shows("● Alice Archer");
    story.server(ServerEvent::Presence { person: person_id("alice"), online: false });
    story.shows("last seen 1 min ago").shows("○ Alice Archer");
    story.wait(4 * MINUTE).shows("last seen 5 min ago");
}

#[test]
fn message_is_seen_after_a_moment_on_the_focused_screen() {
    let mut story = Story::chat(100, 24);
    story.event(Event::Focus(false));
    story.server(ServerEvent::Message(message("m3", "alice", "Anybody there?", 10)));
    story.wait(10 * SECOND);
    assert_eq!(story.requests(), []);
    story.shows("── New messages ──");
    story.event(Event::Focus(true)).wait(299);
    assert_eq!(story.requests(), []);
    story.wait(1);
    assert_eq!(story.requests(), [Request::Seen { room: room_id("r1"), message: message_id("m3") }]);
    story.wait(10 * SECOND);
    assert_eq!(story.requests(), [], "a receipt is sent once");
}

#[test]
fn message_elsewhere_is_counted_and_moves_its_room_up() {
    let mut story = Story::chat(100, 24);
    let other = room("r2", "Bob Brown", &["bob"], message("b1", "bob", "old news", -3_600_000));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![other.clone()] });
    assert!(story.screen().lines().nth(2).is_some_and(|row| row.contains("Bob Brown")), "{}", story.screen());
    for (id, at) in [("b2", 100), ("b3", 200)] {
        let last_message = Some(in_room("r2", message(id, "bob", "fresh news", at)));
        story.server(ServerEvent::RoomChanged(Box::new(minchat_tui::domain::RoomInfo {
            last_message,
            ..other.clone()
        })));
    }
    assert!(story.screen().lines().next().is_some_and(|row| row.contains("Bob Brown")), "{}", story.screen());
    story.shows(" 2 │").keys("alt+a").wait(300);
    story.lacks(" 2 │").shows("Message Bob Brown…");
}

fn new_room_appears(mut story: Story) {
    let mut info = room("r9", "Release crew", &["bob", "carol"], message("g1", "carol", "ship it", 10));
    info.last_message = info.last_message.map(|last| MessageInfo { seen: false, ..last });
    story.server(ServerEvent::RoomChanged(Box::new(info)));
    story.shows("# Release crew").shows("Carol Chen: ship it");
}

#[test]
fn reconnecting_joins_and_reloads_the_open_room() {
    let mut story = Story::chat(100, 24);
    story.server(ServerEvent::Connection(ConnectionStatus::Offline {
        retry_in: 4_000,
        reason: SafeText::line("The network is down."),
    }));
    story.shows("Reconnecting in 4 s");
    story.wait(1_000).shows("Reconnecting in 3 s");
    story.types("still typing").shows("› still typing");
    story
        .server(ServerEvent::Connection(ConnectionStatus::Connecting))
        .server(ServerEvent::Connection(ConnectionStatus::Online));
    let requests = story.requests();
    for expected in [
        Request::Rooms { page: 1 },
        Request::Join { room: room_id("r1") },
        Request::History { room: room_id("r1"), page: 1, before: None },
    ] {
        assert!(requests.contains(&expected), "no {expected:?} in {requests:?}");
    }
}

/// A page was fetched while the join was on its way, and messages sent in between were in neither. A flood of messages
/// once began with number 229 for this reason.
#[test]
fn messages_sent_during_a_join_are_fetched_by_a_reload() {
    let mut story = Story::online(100, 24);
    let listed = room("r1", "Alice Archer", &["alice"], message("m1", "alice", "one", -60_000));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![listed] });
    let older = |n: i64| seen(message(&format!("o{n}"), "alice", "older", n - 100_000));
    let first: Vec<_> = (1..25).map(older).chain([message("m1", "alice", "one", -60_000)]).collect();
    story.history("r1", 1, 9, first);
    story.server(ServerEvent::Message(message("m90", "alice", "ninety", 9_000)));
    story.effects.clear();
    story.wait(1_499);
    let reload = Request::History { room: room_id("r1"), page: 1, before: None };
    assert!(!story.requests().contains(&reload));
    story.wait(1);
    let requests = story.requests();
    assert!(requests.contains(&reload) && requests.contains(&Request::Rooms { page: 1 }), "{requests:?}");
    story.history("r1", 1, 9, vec![message("m60", "alice", "sixty", 6_000), message("m90", "alice", "ninety", 9_000)]);
    assert!(story.requests().iter().any(is_second_page), "the page does not reach the known messages");
    story.history("r1", 2, 9, vec![message("m1", "alice", "one", -60_000), message("m30", "alice", "thirty", 3_000)]);
    let pane = story.pane();
    let at = |text: &str| pane.find(text).unwrap_or_else(|| panic!("no {text} on\n{pane}"));
    assert!(at("one") < at("thirty") && at("thirty") < at("sixty") && at("sixty") < at("ninety"), "{pane}");
    story.wait(60_000);
    assert!(!story.requests().contains(&reload), "one reload is enough");
}

/// Opening the room cleared the notice before anybody had read it.
#[test]
fn notice_at_start_is_still_shown_once_a_room_is_open() {
    let mut story = Story::online(100, 24);
    story.state.notify_at_start("Warning: others can read it.".to_owned());
    story.shows("Warning: others can read it.");
    let last = message("m1", "alice", "one", -60_000);
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![room("r1", "Alice Archer", &["alice"], last)] });
    assert!(story.state.ui.open.is_some());
    story.shows("Warning: others can read it.").wait(6_000).lacks("Warning");
}

/// People were shown as online for hours after the connection was lost.
#[test]
fn nobody_looks_online_without_a_connection() {
    let mut story = Story::chat(100, 24);
    story.server(ServerEvent::Presence { person: person_id("alice"), online: true });
    story.shows("● Alice Archer").shows("● Online");
    let offline = ConnectionStatus::Offline { retry_in: 60_000, reason: SafeText::line("The cable is out.") };
    story.server(ServerEvent::Connection(offline)).shows("○ Alice Archer").lacks("online");
    story
        .server(ServerEvent::Connection(ConnectionStatus::Connecting))
        .server(ServerEvent::Connection(ConnectionStatus::Online))
        .shows("● Alice Archer");
}

/// The reason was cut after some twenty cells.
#[test]
fn connection_error_is_readable_on_eighty_columns() {
    let mut story = Story::chat(80, 24);
    let reason = "Cannot reach http://chat.example: it does not answer. Check the address (--url) and the network.";
    let offline = ConnectionStatus::Offline { retry_in: 60_000, reason: SafeText::line(reason) };
    story.server(ServerEvent::Connection(offline.clone()));
    story.shows("Cannot reach http://chat.example: it does not");
    // There has been a connection, so the address is right.
    story.shows("Reconnecting in 60 s").lacks("--url");
    story.state.account_mut().was_online = false;
    story.server(ServerEvent::Connection(offline));
    story.shows("Reconnecting in 60 s · Check the address (--url) and the network.");
    let reason = "The server refused the API key. Check --api-key, MINCHAT_API_KEY or the profile's api_key.";
    story.server(ServerEvent::Connection(ConnectionStatus::Refused { reason: SafeText::line(reason) }));
    story.shows("The server refused the API key.");
    story.shows("Not connected · Check --api-key, MINCHAT_API_KEY or the profile's api_key.");
}

fn missed_pages_are_fetched_until_they_reach_known_messages(mut story: Story) {
    story.server(ServerEvent::EventsLost);
    assert!(story.requests().contains(&Request::History { room: room_id("r1"), page: 1, before: None }));
    story.history("r1", 1, 9, vec![message("m9", "alice", "nine", 900)]);
    assert!(story.requests().iter().any(is_second_page));
    story.history(
        "r1",
        2,
        9,
        vec![message("m2", "alice", "How are you?", -60_000), message("m8", "alice", "eight", 800)],
    );
    assert!(
        !story.requests().iter().any(|request| matches!(request, Request::History { page: 3.., .. })),
        "it has met"
    );
    let pane = story.pane();
    let at = |text: &str| pane.find(text).unwrap_or_else(|| panic!("no {text} on\n{pane}"));
    assert!(at("How are you?") < at("eight") && at("eight") < at("nine"), "{pane}");
}

#[test]
fn scrolling_up_loads_the_history_without_moving_the_view() {
    let mut story = Story::online(100, 20);
    let page = |n: i64| {
        (0..25)
            .map(|i| seen(message(&format!("p{n}-{i}"), "alice", &format!("page {n} line {i}"), (i - n * 100) * 1000)))
            .collect::<Vec<_>>()
    };
    story.server(ServerEvent::Rooms {
        page: 1,
        pages: 1,
        rooms: vec![room("r1", "Alice Archer", &["alice"], message("p1-24", "alice", "page 1 line 24", -76_000))],
    });
    story.history("r1", 1, 3, page(1));
    story.shows("page 1 line 24");
    story.keys("pageup pageup");
    let top = story.screen().lines().nth(8).unwrap_or_default().to_owned();
    assert!(story.requests().iter().any(is_second_page));
    story.history("r1", 2, 3, page(2));
    assert_eq!(story.screen().lines().nth(8), Some(top.as_str()), "the older page moved the messages on the screen");
    story.keys("pageup pageup");
    story.history("r1", 3, 3, page(3));
    for _ in 0..9 {
        story.keys("pageup");
    }
    story.shows("Start of the conversation").shows("page 3 line 0");
    story.effects.clear();
    story.keys("pageup");
    assert!(
        !story.requests().iter().any(|request| matches!(request, Request::History { .. })),
        "there is nothing older"
    );
}

fn switcher_finds_a_room_by_a_few_letters(mut story: Story) {
    let other = room("r2", "Release crew", &["bob", "carol"], message("b1", "bob", "hi", -3_600_000));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![other] });
    story.keys("ctrl+k").types("relcr").shows("Release crew");
    story.keys("enter").shows("Message Release crew…").shows("3 members");
}

/// Opening the newest room instead cleared the notice.
#[test]
fn missing_start_room_is_reported() {
    let mut story = Story::new(100, 24);
    story.state.account_mut().profile.room = Some("Nowhere".into());
    story
        .server(ServerEvent::SignedIn { me: me(), capabilities: MINCHAT })
        .server(ServerEvent::Connection(ConnectionStatus::Online));
    let listed = room("r1", "Alice Archer", &["alice"], message("m1", "alice", "one", -60_000));
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![listed] });
    story.shows("There is no room called Nowhere.").shows("Message Alice Archer…");
}

#[test]
fn members_are_looked_up_before_they_are_added() {
    let mut story = Story::chat(100, 24);
    story.types("/add dora").keys("enter");
    assert_eq!(story.requests(), [Request::FindPerson { username: "dora".into() }]);
    let dora = person("dora", "Dora Diaz");
    story.server(ServerEvent::Person { request: Request::FindPerson { username: "dora".into() }, person: Some(dora) });
    assert_eq!(
        story.requests(),
        [Request::AddMember {
            room: room_id("r1"),
            kind: RoomKind::Unknown,
            person: Some(person_id("dora")),
            username: "dora".into(),
        }]
    );
    story.server(ServerEvent::MemberAdded { room: room_id("r1"), person: person_id("dora") });
    story.shows("Dora Diaz was added");
}

fn double_slash_sends_a_message_that_starts_with_a_slash(mut story: Story) {
    story.types("//shrug").keys("enter");
    assert_eq!(sent(&story.requests()).map(|(_, text)| text).as_deref(), Some("/shrug"));
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

fn file_is_shown_with_kind_name_and_size(mut story: Story) {
    let file = Attachment {
        kind: AttachmentKind::Image,
        name: SafeText::line("cat.png"),
        size: SafeText::line("2 MB"),
        url: SafeText::line("https://files.example/cat.png"),
        duration: None,
    };
    let with_file = MessageInfo { attachment: Some(Box::new(file)), ..message("m3", "alice", "", 10) };
    story.server(ServerEvent::Message(with_file));
    story.shows("[image] cat.png (2 MB)");
}

fn escape_sequence_in_a_message_is_shown_as_text(mut story: Story) {
    story.server(ServerEvent::Message(message("m3", "alice", "\u{1b}[2J<b>boo</b>", 10)));
    story.shows("␛<b>boo</b>");
}

#[test]
fn agent_event_is_a_line_in_the_room() {
    let mut story = Story::chat(100, 24);
    let (agent, action) = (SafeText::line("alice"), SafeText::line("ai_handoff"));
    story.server(ServerEvent::AgentAction { room: Some(room_id("r1")), agent, action });
    story.shows("Alice Archer: ai handoff");
}

/// Keys arrive faster than frames: a selection that was still to be shown scrolled the pane up again.
fn jump_to_latest_wins_over_a_pending_selection(mut story: Story) {
    for n in 0..30 {
        story.server(ServerEvent::Message(message(&format!("n{n}"), "alice", &format!("line {n}."), n)));
    }
    story.keys("tab k k k k k k");
    for key in ["k", "k", "esc", "ctrl+end"] {
        let key = Event::Key(key.parse().expect("a key"));
        minchat_tui::app::update(&mut story.state, story.now, key);
    }
    story.event(Event::Focus(true)).shows("line 29.");
}

fn quitting_with_a_queued_message_asks(mut story: Story) {
    story.types("precious").keys("ctrl+q").shows("Quit anyway?");
    story.keys("n").shows("› precious");
    story.effects.clear();
    story.keys("ctrl+c").shows("Press Ctrl+C again to quit.");
    assert!(story.effects.is_empty());
    story.keys("ctrl+c").shows("Quit anyway?");
    story.keys("y");
    assert_eq!(story.effects, [minchat_tui::app::Effect::Quit]);
}

#[test]
fn heartbeats_are_sent_at_once_and_every_five_minutes() {
    let mut story = Story::chat(100, 24);
    let heartbeat = Request::Heartbeat { room: room_id("r1") };
    story.wait(5 * MINUTE);
    assert_eq!(story.requests().iter().filter(|request| **request == heartbeat).count(), 1);
}

#[test]
fn idle_program_has_no_deadline_for_minutes() {
    let mut story = Story::chat(100, 24);
    story.wait(MINUTE);
    // The other person was never reported online, and the next heartbeat is minutes away.
    let next = minchat_tui::app::deadline(&story.state).expect("the heartbeat");
    assert!(next - story.now > 3 * MINUTE);
}
