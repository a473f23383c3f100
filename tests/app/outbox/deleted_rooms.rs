//! Rooms that other people delete while the client is offline. They stayed in the list forever, where they could not be
//! deleted, and messages queued for them could not be read.

use minchat_tui::app::restore_outbox;
use minchat_tui::app::{Effect, room_title};
use minchat_tui::domain::{AccountId, Capabilities, RoomInfo};
use minchat_tui::store::{Entry, OutboxPayload, Write};

use super::*;

/// The chats with Alice and Bob; Alice's is open.
pub(super) fn two_chats() -> [Story; 2] {
    [MINCHAT, VCHAT].map(|can| {
        let mut story = Story::chat_on(can, 80, 24);
        list(&mut story, can, &["r1", "r3"]);
        story.effects.clear();
        story
    })
}

fn info(can: Capabilities, id: &str) -> RoomInfo {
    let (who, name) = if id == "r1" { ("alice", "Alice Archer") } else { ("bob", "Bob Brown") };
    let last =
        if id == "r1" { message("m2", who, "How are you?", -60_000) } else { message("b1", who, "old", -90_000) };
    room_on(can, id, name, &[who], last)
}

fn list(story: &mut Story, can: Capabilities, ids: &[&str]) {
    let rooms = ids.iter().map(|id| info(can, id)).collect();
    story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms });
}

fn can(story: &Story) -> Capabilities {
    story.state.account().capabilities.expect("signed in")
}

fn history(room: &str) -> Request {
    Request::History { room: room_id(room), serial: ANY_SERIAL, page: 1, before: None }
}

fn room_not_found(story: &mut Story, request: Request) {
    let reason = SafeText::line("The server refused it: chat not found");
    story.server(ServerEvent::Failed { request, failure: Failure::NotFound, reason });
}

fn room_titles(story: &Story) -> Vec<String> {
    story.state.account().rooms.iter().map(|room| room_title(room).to_owned()).collect()
}

/// Restores a queued send for a room, as the store does at the start.
fn restore_queued(story: &mut Story, room: &str, text: &str) {
    let local = LocalId::from_random(text.bytes().map(u128::from).sum());
    let (room, payload) = (room_id(room), OutboxPayload::Send(Content::text(text)));
    let entry = Entry { local, room, payload, stage: minchat_tui::store::StoredStage::Queued, attempts: 0, at: BEGIN };
    story.state.with_shown(&mut Vec::new(), |cx| restore_outbox(cx, vec![entry]));
}

#[test]
fn deleted_room_leaves_the_list_with_a_notice() {
    for mut story in two_chats() {
        disconnect(&mut story);
        reconnect(&mut story);
        room_not_found(&mut story, history("r1"));
        story.shows("The direct message with Alice Archer was deleted.").lacks("missing here").lacks("not found");
        assert_eq!(room_titles(&story), ["Bob Brown"]);
        assert_eq!(story.state.ui.open, Some(room_id("r3")));
        check(&story);
    }
}

#[test]
fn deleting_a_deleted_room_succeeds() {
    for mut story in two_chats() {
        story.types("/delete-chat").keys("enter").confirms();
        let delete = Request::DeleteRoom { room: room_id("r1") };
        assert!(story.requests().contains(&delete));
        room_not_found(&mut story, delete);
        story.shows("Alice Archer was deleted.").lacks("refused");
        assert_eq!(room_titles(&story), ["Bob Brown"]);
    }
}

#[test]
fn failed_sends_are_copied_and_discarded_before_the_chat() {
    for mut story in two_chats() {
        disconnect(&mut story);
        send_text(&mut story, "off one");
        send_text(&mut story, "off two");
        reconnect(&mut story);
        let first = single_change(&mut story);
        room_not_found(&mut story, first);
        story.shows("The direct message with Alice Archer was deleted; 2 unsent kept.");
        story.shows("off one").shows("off two").shows("Not sent: This room was deleted.").lacks("missing here");
        // The same answer to a parallel request for a page is not reported again.
        room_not_found(&mut story, history("r1"));
        story.shows("This room was deleted. Select a message").lacks("not found").lacks("fetched");
        assert_eq!(changes(&mut story), [], "nothing more is sent there");
        assert_eq!(room_titles(&story), ["Alice Archer", "Bob Brown"]);

        story.keys("tab y").shows("Copied.");
        assert!(story.effects.contains(&Effect::Copy("off two".into())));
        story.keys("s").shows("y copies it, d discards it");
        story.keys("d").confirms().shows("Discarded.").lacks("off two");
        assert!(story.state.account().drafts.is_empty() && story.state.ui.composer.is_empty());
        story.keys("tab x").shows("Discard this message?").confirms();
        story.lacks("off one").shows("The direct message with Alice Archer was deleted.");
        assert_eq!(room_titles(&story), ["Bob Brown"]);
        assert!(story.state.account().outbox.is_empty());
        check(&story);
    }
}

#[test]
fn draft_in_a_deleted_room_becomes_a_failed_message() {
    for mut story in two_chats() {
        story.types("half a thou");
        room_not_found(&mut story, history("r1"));
        story.shows("half a thou").shows("Not sent: This room was deleted.").shows("1 unsent kept.");
        assert_eq!(store_writes(&mut story), ["put", "failed"]);
        check(&story);
    }
}

/// The text of an edit is nowhere else; a deletion is done.
#[test]
fn queued_changes_in_a_deleted_room_leave_their_texts() {
    let [mut story, _] = two_chats();
    disconnect(&mut story);
    story.keys("up").types("!").keys("enter").keys("tab up d").confirms();
    assert_eq!(story.state.account().outbox.len(), 2);
    room_not_found(&mut story, history("r1"));
    story.shows("Hello Alice!").shows("Not sent: This room was deleted.");
    assert_eq!(story.state.account().outbox.len(), 1);
}

#[test]
fn deleted_room_gets_no_more_requests() {
    for mut story in two_chats() {
        disconnect(&mut story);
        send_text(&mut story, "off one");
        room_not_found(&mut story, history("r1"));
        reconnect(&mut story);
        let can = can(&story);
        list(&mut story, can, &["r3"]);
        story.wait(60_000);
        story.keys("alt+g").shows("This room was deleted.");
        let about_it = |request: &Request| format!("{request:?}").contains("\"r1\"");
        let requested: Vec<_> = story.requests().into_iter().filter(about_it).collect();
        assert_eq!(requested, []);
        story.shows("● Online").lacks("missing here").lacks("last synced");
        check(&story);
    }
}

#[test]
fn restored_room_can_be_written_to() {
    for mut story in two_chats() {
        disconnect(&mut story);
        send_text(&mut story, "off one");
        room_not_found(&mut story, history("r1"));
        reconnect(&mut story);
        let can = can(&story);
        list(&mut story, can, &["r1", "r3"]);
        page(&mut story, &[]);
        story.lacks("This room was deleted. Select").shows("off one").keys("tab s");
        assert_eq!(texts(&mut story), ["off one"]);
    }
}

/// The room may be on another page of the list, so the client asks for it once per connection.
#[test]
fn unlisted_room_is_requested_once() {
    for mut story in two_chats() {
        let can = can(&story);
        let asks = |story: &mut Story| {
            let expected = [history("r3"), Request::Room { room: room_id("r3") }];
            story.requests().iter().filter(|request| expected.contains(request)).count()
        };
        let rooms = vec![info(can, "r1")];
        story.server(ServerEvent::Rooms { page: 1, pages: 2, rooms: rooms.clone() });
        story.server(ServerEvent::Rooms { page: 2, pages: 2, rooms: vec![in_list(can, "r9")] });
        assert_eq!(asks(&mut story), 0, "two pages of the list prove nothing");
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![info(can, "r1"), in_list(can, "r9")] });
        assert_eq!(asks(&mut story), 1);
        list(&mut story, can, &["r1"]);
        assert_eq!(asks(&mut story), 0, "once per connection");
        disconnect(&mut story);
        reconnect(&mut story);
        // V Chat's list ends with an empty page.
        story.server(ServerEvent::Rooms { page: 1, pages: 2, rooms: vec![info(can, "r1")] });
        story.server(ServerEvent::Rooms { page: 2, pages: 2, rooms: Vec::new() });
        let requested = story.requests();
        let request = if can.events_omit_room { history("r3") } else { Request::Room { room: room_id("r3") } };
        assert!(requested.contains(&request), "{requested:?}");
        room_not_found(&mut story, request);
        story.shows("The direct message with Bob Brown was deleted.").shows("How are you?").lacks("Bob Brown │");
    }
}

fn in_list(can: Capabilities, id: &str) -> RoomInfo {
    room_on(can, id, "Release crew", &["bob", "carol"], message("g1", "carol", "ship it", -70_000))
}

/// The texts were only shown in a shortened notice at each start.
#[test]
fn sends_for_an_unknown_room_get_a_room_of_their_own() {
    for can in [MINCHAT, VCHAT] {
        let mut story = Story::online_on(can, 80, 24);
        restore_queued(&mut story, "r7", "off one");
        restore_queued(&mut story, "r7", "off two");
        list(&mut story, can, &["r1"]);
        let requested = if can.events_omit_room { history("r7") } else { Request::Room { room: room_id("r7") } };
        assert_eq!(story.requests().iter().filter(|request| **request == requested).count(), 1);
        room_not_found(&mut story, requested.clone());
        let notice = "2 unsent messages are kept in “Deleted room”.";
        assert!(minchat_tui::text::width(notice) <= 60);
        story.shows(notice).shows("Deleted room");
        story.types("/go deleted").keys("enter");
        story.shows("off one").shows("off two").shows("This room was deleted.");

        disconnect(&mut story);
        reconnect(&mut story);
        list(&mut story, can, &["r1"]);
        story.lacks(notice);
        assert!(!story.requests().contains(&requested));
        story.keys("tab d").confirms().keys("tab d").confirms().lacks("Deleted room");
        assert_eq!(room_titles(&story), ["Alice Archer"]);
        check(&story);
    }
}

/// MinChat does not list chats without messages.
#[test]
fn unlisted_room_receives_its_queued_messages() {
    let mut story = Story::online(80, 24);
    restore_queued(&mut story, "r7", "the first word");
    list(&mut story, MINCHAT, &["r1"]);
    story.history("r7", 1, 1, Vec::new());
    story.history("r7", 1, 1, Vec::new());
    story.shows("Unlisted room");
    assert_eq!(texts(&mut story), ["the first word"]);
}

#[test]
fn deleted_room_is_removed_from_the_store() {
    for mut story in two_chats() {
        story.state.account_mut().persistence = minchat_tui::app::PersistenceState::on_disk();
        story.event(minchat_tui::app::Event::Store(AccountId(0), minchat_tui::store::Answer::Loaded(Box::default())));
        room_not_found(&mut story, history("r1"));
        story.wait(1_000);
        assert!(story.effects.contains(&Effect::Persist(AccountId(0), Write::ForgetRoom(room_id("r1")))));
    }
}

/// The chat may belong to another account: nothing can be fetched, but the text can still be read.
#[test]
fn sends_for_an_unreadable_room_get_a_room_of_their_own() {
    for can in [MINCHAT, VCHAT] {
        let mut story = Story::online_on(can, 80, 24);
        restore_queued(&mut story, "r7", "only here");
        list(&mut story, can, &["r1"]);
        let request = if can.events_omit_room { history("r7") } else { Request::Room { room: room_id("r7") } };
        fail(&mut story, &request, Failure::Refused);
        story.lacks("could not be fetched").shows("Unlisted room");
        story.types("/go unlisted").keys("enter").shows("only here");
    }
}

/// V Chat refuses the newest page of a room without members like that of a room without access.
#[test]
fn open_room_is_requested_when_its_page_is_refused() {
    let [_, mut story] = two_chats();
    disconnect(&mut story);
    reconnect(&mut story);
    fail(&mut story, &history("r1"), Failure::Refused);
    let can = can(&story);
    list(&mut story, can, &["r3"]);
    let requested = Request::Room { room: room_id("r1") };
    assert!(story.requests().contains(&requested));
    room_not_found(&mut story, requested);
    story.shows("The direct message with Alice Archer was deleted.");
}

#[test]
fn deleted_room_is_no_target_for_forwarding() {
    let [_, mut story] = two_chats();
    story.types("half a thou");
    room_not_found(&mut story, history("r1"));
    story.types("/go Bob").keys("enter");
    let b1 =
        MessageInfo { local: Some(LocalId::from_random(9)), ..in_room("r3", message("b1", "bob", "old", -90_000)) };
    story.history("r3", 1, 1, vec![b1]);
    story.keys("tab f").types("Alice").keys("enter");
    story.shows("This room was deleted.");
    assert_eq!(story.state.account().outbox.len(), 1);
}

/// The server was started again without its data: queued messages were discarded, and the people of the old account
/// stayed beside those of the new one.
#[test]
fn text_is_kept_if_the_server_has_forgotten_the_account() {
    for mut story in two_chats() {
        let capabilities = can(&story);
        let offline = || ConnectionStatus::Offline { retry_in: 60_000, reason: SafeText::line("No cable.") };
        story.server(ServerEvent::Connection(offline()));
        story.types("precious").keys("enter").shows("precious").types("to Alice").keys("alt+down").types("and Bob");
        story.effects.clear();
        story.server(ServerEvent::SignedIn { me: person("me2", "Me Again"), capabilities });
        story.shows("The server has forgotten this account. 3 unsent messages are kept.");
        story.server(ServerEvent::Connection(ConnectionStatus::Online));
        story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: Vec::new() }).lacks("precious");
        story.lacks("No rooms yet").shows("No room is open").shows("Press Ctrl+K to choose one.");
        assert!(story.state.ui.composer.is_empty(), "it would go to another room");
        story.shows("No room is open").lacks("No rooms yet");
        assert!(story.state.account().rooms.iter().all(|room| !room.unread().any()), "nobody has written");
        story
            .keys("alt+down")
            .shows("Me Again  ")
            .shows("The server has forgotten this account.")
            .shows("Alice Archer")
            .shows("precious")
            .shows("to Alice")
            .wait(60_000);
        assert!(!story.requests().iter().any(|request| matches!(request, Request::Send { .. })));
        assert_eq!(story.state.account().outbox.iter().count(), 3);
        story.keys("alt+down").shows("Bob Brown").shows("and Bob");
        // The same Alice has another id now. The one of the deleted room was listed beside her.
        let alice = minchat_tui::domain::PersonInfo { id: person_id("alice2"), ..person("alice", "Alice Archer") };
        let last = MessageInfo { author: person_id("alice2"), ..message("n1", "alice", "hello again", 70_000) };
        let again = room("r7", "Alice Archer", &["alice2"], last);
        let again = minchat_tui::domain::RoomInfo { peer: Some(Box::new(alice)), ..again };
        story.server(ServerEvent::RoomOpened(Box::new(again)));
        let named: Vec<_> =
            story.state.account().people.iter().filter(|one| one.info.username.as_str() == "alice").collect();
        assert_eq!(named.len(), 1, "{named:?}");
        story.keys("ctrl+k").types("alice");
        assert_eq!(story.screen().matches("person").count(), 1, "{}", story.screen());
        story.keys("esc");
        let rooms: Vec<_> = story.state.account().rooms.iter().filter(|room| room.is_deleted()).collect();
        assert!(rooms.len() == 2 && rooms.iter().all(|room| !room.unread().any()));
    }
}

/// Regression test: typed text disappeared without a word, and the person was still shown as online.
#[test]
fn typing_in_a_deleted_room_is_answered() {
    for mut story in two_chats() {
        disconnect(&mut story);
        send_text(&mut story, "off one");
        reconnect(&mut story);
        story.server(ServerEvent::Presence { person: person_id("alice"), online: true }).shows("● Alice Archer");
        room_not_found(&mut story, history("r1"));
        story.shows("○ Alice Archer").lacks("● Alice Archer");
        let header = story.screen().lines().next().unwrap_or_default().to_owned();
        assert!(header.contains("deleted") && !header.contains("online"), "{header}");
        let sentence = "Ctrl+K opens another, /delete-chat removes it.";
        story.wait(10_000).lacks(sentence).types("hello").keys("enter").shows(sentence).lacks("hello");
        story.wait(10_000).lacks(sentence).event(Event::Paste("pasted".into()));
        story.shows(sentence).lacks("pasted");
        story.wait(10_000).types("/delete-ch").shows("/delete-ch").lacks(sentence);
        story.types("at").keys("enter").confirms();
        room_not_found(&mut story, Request::DeleteRoom { room: room_id("r1") });
        assert_eq!(room_titles(&story), ["Bob Brown"]);
        check(&story);
    }
}

/// Whoever is blocked is told the same way.
#[test]
fn typing_in_a_closed_room_is_answered() {
    let [_, mut story] = two_chats();
    let membership = Membership { access: RoomAccess::BlockedByMe, ..Membership::default() };
    story.server(ServerEvent::Membership { room: room_id("r1"), membership });
    story.types("h").shows("You blocked Alice Archer. Type /unblock to write again.");
    let notices = &story.state.terminal.notices;
    assert_eq!(notices.iter().next().map(|notice| notice.count), Some(1));
}
