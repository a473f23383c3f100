//! Messages missed while offline: they are fetched until they reach the known ones, or a row marks the gap. The
//! simulated server pages by number or by message, as each service does.

use minchat_tui::app::Effect;
use minchat_tui::domain::{Capabilities, ConnectionStatus, HistorySync, MessageInfo, Request, ServerEvent};
use minchat_tui::text::SafeText;
use test_support::story::*;

/// Runs each test with the paging of both services.
macro_rules! on_both {
    ($($name:ident)*) => {
        mod by_number {
            $(#[test] fn $name() { super::$name(super::Conversation::on(super::MINCHAT)); })*
        }

        mod by_place {
            $(#[test] fn $name() { super::$name(super::Conversation::on(super::VCHAT)); })*
        }
    };
}

on_both! {
    long_gap_is_a_row_that_a_key_fills
    unfetched_gap_is_a_row_and_the_chat_goes_on
    unfetched_gap_is_retried_after_reconnecting
    answer_to_a_send_does_not_hide_messages_before_it
    gap_continues_above_a_known_message_inside_it
    messages_received_while_filling_a_gap_are_kept
    unfetched_newest_page_is_a_row_at_the_bottom
    gap_whose_messages_were_deleted_disappears
    gap_on_the_screen_is_filled_first
    fetched_messages_count_once_and_notify_nobody
    key_needs_a_connection
    older_page_requested_before_a_gap_hides_nothing
    page_starting_in_a_known_millisecond_does_not_close_a_gap
}

/// A story and the simulated server behind it.
struct Conversation {
    story: Story,
    can: Capabilities,
    /// The messages on the server, oldest first.
    messages_on_server: Vec<MessageInfo>,
    /// History requests that are not answered yet.
    pending: Vec<Request>,
}

impl Conversation {
    fn on(can: Capabilities) -> Self {
        let mut story = Story::chat_on(can, 90, 20);
        story.requests();
        let messages_on_server = [("m1", "me", "Hello Alice", -120_000), ("m2", "alice", "How are you?", -60_000)];
        let messages_on_server =
            messages_on_server.map(|(id, author, text, at)| seen(message(id, author, text, at))).to_vec();
        Self { story, can, messages_on_server, pending: Vec::new() }
    }

    /// Adds messages to the server that the client does not receive.
    fn miss(&mut self, count: usize) -> &mut Self {
        for _ in 0..count {
            let next = self.next_message();
            self.messages_on_server.push(next);
        }
        self
    }

    /// Sends a message from the user that the server confirms only in its answer.
    fn send_without_echo(&mut self) {
        self.story.types("mine").keys("enter");
        let send = self.other_requests().into_iter().find_map(|request| match request {
            Request::Send { room, local, .. } => Some((room, local)),
            _ => None,
        });
        let (room, local) = send.expect("a send");
        let info = MessageInfo { local: Some(local), text: SafeText::block("mine"), ..self.next_message_by("me") };
        self.messages_on_server.push(info.clone());
        let (id, message) = (Some(info.id.clone()), Some(Box::new(info)));
        self.story.server(ServerEvent::Accepted { room, local, id, message });
    }

    /// Adds a message to the server that the client receives.
    fn receive(&mut self) -> &mut Self {
        let next = self.next_message();
        self.messages_on_server.push(next.clone());
        self.story.server(ServerEvent::Message(next));
        self
    }

    fn next_message(&self) -> MessageInfo {
        self.next_message_by("alice")
    }

    fn next_message_by(&self, author: &str) -> MessageInfo {
        let n = self.messages_on_server.len();
        message(&format!("n{n:05}"), author, &format!("line {n}."), i64::try_from(n).unwrap() * 10)
    }

    /// Takes the requests other than those for pages.
    fn other_requests(&mut self) -> Vec<Request> {
        let effects = std::mem::take(&mut self.story.effects).into_iter();
        let requests =
            effects.filter_map(|effect| if let Effect::Request(_, request) = effect { Some(request) } else { None });
        let (pages, other_requests) = requests.partition(|r| matches!(r, Request::History { .. }));
        self.pending.extend::<Vec<_>>(pages);
        other_requests
    }

    /// Loses the connection and restores it.
    fn reconnect(&mut self) -> &mut Self {
        let reason = SafeText::line("The cable is out.");
        self.story.server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 1_000, reason }));
        self.story
            .server(ServerEvent::Connection(ConnectionStatus::Connecting))
            .server(ServerEvent::Connection(ConnectionStatus::Online));
        self
    }

    /// Takes the next request for a page.
    fn next_page_request(&mut self) -> Option<Request> {
        self.other_requests();
        (!self.pending.is_empty()).then(|| self.pending.remove(0))
    }

    /// Answers up to `most` requests for pages; returns how many there were.
    fn answer_pages(&mut self, most: usize) -> usize {
        for count in 0..most {
            let Some(Request::History { room, serial, page, before }) = self.next_page_request() else { return count };
            let size = self.can.paging.size as usize;
            let end = match &before {
                _ if self.can == MINCHAT => self.messages_on_server.len().saturating_sub((page as usize - 1) * size),
                Some(before) => self.messages_on_server.iter().position(|message| message.id == *before).unwrap(),
                None => self.messages_on_server.len(),
            };
            let messages = self.messages_on_server[end.saturating_sub(size)..end].to_vec();
            let pages = match self.can == MINCHAT {
                true => self.messages_on_server.len().div_ceil(size) as u32,
                false => page + u32::from(!messages.is_empty()),
            };
            self.story.server(ServerEvent::History { room, serial, page, pages, total: None, messages });
        }
        most
    }

    /// Fails the next request for a page.
    fn fail_page(&mut self) -> &mut Self {
        let request = self.next_page_request().expect("a page that is asked for");
        let reason = SafeText::line("The server has a problem.");
        self.story.server(ServerEvent::Failed { request, failure: Failure::Uncertain, reason });
        self
    }

    /// Number of rows on the screen that mark a gap.
    fn gap_rows(&self) -> usize {
        self.story.pane().matches("Messages are missing here · Alt+G load").count()
    }

    /// Fails unless client and server have the same messages and no gap is left.
    #[track_caller]
    fn assert_complete(&mut self) {
        let room = self.story.state.scene().open_room().expect("a room");
        let in_client: Vec<_> = room.timeline.iter().map(|(_, message)| message.id.clone().unwrap()).collect();
        let on_server: Vec<_> = self.messages_on_server.iter().map(|message| message.id.clone()).collect();
        let difference = in_client.iter().zip(&on_server).find(|(in_client, on_server)| in_client != on_server);
        assert!(
            in_client == on_server,
            "{} in the client, {} on the server, first difference {difference:?}",
            in_client.len(),
            on_server.len()
        );
        assert_eq!((room.history.gaps().len(), room.history.is_resuming()), (0, false));
        self.story.lacks("missing");
    }
}

fn long_gap_is_a_row_that_a_key_fills(mut chat: Conversation) {
    chat.miss(3_500).reconnect();
    assert_eq!(chat.answer_pages(1_000), 100, "the client fetches no more by itself");
    chat.story.shows("line 3501.");
    assert_eq!(chat.gap_rows(), 0, "the gap is far above");
    chat.story.keys("ctrl+home").shows("How are you?");
    chat.answer_pages(1);
    assert_eq!(chat.gap_rows(), 1, "{}", chat.story.screen());
    chat.story.keys("alt+g").shows("Loading missing messages…");
    chat.answer_pages(1_000);
    chat.assert_complete();
    // The messages that were on the screen have stayed in place.
    chat.story.shows("How are you?").shows("line 2.");
}

fn unfetched_gap_is_a_row_and_the_chat_goes_on(mut chat: Conversation) {
    chat.miss(70).reconnect().answer_pages(1);
    chat.fail_page();
    chat.receive();
    chat.story.shows("line 72.");
    chat.story.wait(2_000);
    let seen = |request: &Request| matches!(request, Request::Seen { .. });
    assert!(chat.other_requests().iter().any(seen), "the known messages can be read");
    if chat.can.events_omit_room {
        // The reload succeeds, so the missing page is requested again, which fails.
        assert_eq!(chat.answer_pages(1), 1);
        chat.fail_page();
    }
    assert_eq!(chat.answer_pages(10), 0);
    chat.story.keys("ctrl+home");
    assert_eq!(chat.gap_rows(), 1, "{}", chat.story.screen());
    chat.story.keys("alt+g");
    chat.answer_pages(100);
    chat.assert_complete();
}

/// A long soak test ended with gaps that nobody had asked to fill.
fn unfetched_gap_is_retried_after_reconnecting(mut chat: Conversation) {
    for _ in 0..2 {
        chat.miss(70).reconnect().answer_pages(1);
        chat.fail_page();
    }
    chat.miss(3).reconnect();
    chat.answer_pages(100);
    chat.assert_complete();
}

/// The connection was dead without anybody noticing, and a message was sent on a new one. Messages sent before it by
/// others were taken for known.
fn answer_to_a_send_does_not_hide_messages_before_it(mut chat: Conversation) {
    chat.miss(40);
    chat.send_without_echo();
    chat.miss(40).reconnect();
    chat.answer_pages(100);
    chat.assert_complete();
}

/// The messages between such a send and the page that arrived were forgotten.
fn gap_continues_above_a_known_message_inside_it(mut chat: Conversation) {
    chat.miss(40);
    chat.send_without_echo();
    chat.miss(60).reconnect().answer_pages(1);
    chat.fail_page();
    chat.story.keys("alt+g");
    chat.answer_pages(100);
    chat.assert_complete();
}

fn messages_received_while_filling_a_gap_are_kept(mut chat: Conversation) {
    chat.miss(200).reconnect().answer_pages(2);
    chat.fail_page().story.keys("alt+g");
    for _ in 0..20 {
        chat.receive().receive().receive().answer_pages(1);
    }
    chat.answer_pages(100);
    chat.assert_complete();
}

fn unfetched_newest_page_is_a_row_at_the_bottom(mut chat: Conversation) {
    chat.miss(3).reconnect().fail_page();
    // The room is reloaded once more by itself, which fails as well.
    chat.story.wait(5_000);
    while chat.next_page_request().inspect(|page| chat.pending.push(page.clone())).is_some() {
        chat.fail_page();
    }
    let pane = chat.story.pane();
    assert!(pane.find("How are you?") < pane.find("Messages are missing here"), "{pane}");
    chat.story.keys("alt+g");
    chat.answer_pages(10);
    chat.assert_complete();
    chat.story.shows("line 4.");
}

fn gap_whose_messages_were_deleted_disappears(mut chat: Conversation) {
    chat.miss(70).reconnect().answer_pages(1);
    chat.fail_page();
    let size = chat.can.paging.size as usize;
    let end = chat.messages_on_server.len() - size;
    chat.messages_on_server.drain(2..end);
    chat.story.keys("alt+g");
    chat.answer_pages(10);
    chat.assert_complete();
}

fn gap_on_the_screen_is_filled_first(mut chat: Conversation) {
    for _ in 0..2 {
        chat.miss(70).reconnect().answer_pages(1);
        chat.fail_page();
    }
    let gaps = |chat: &Conversation| chat.story.state.scene().open_room().map_or(0, |room| room.history.gaps().len());
    assert_eq!(gaps(&chat), 2);
    let filled = |chat: &Conversation| {
        let room = chat.story.state.scene().open_room().unwrap();
        let below = room.timeline.iter().map(|(slot, _)| slot).filter(|slot| room.history.has_gap_above(*slot));
        below.enumerate().find(|(_, slot)| room.history.is_filling_above(*slot)).map(|(index, _)| index)
    };
    chat.story.keys("ctrl+home");
    assert_eq!(chat.gap_rows(), 1, "{}", chat.story.screen());
    chat.story.keys("alt+g");
    assert_eq!(filled(&chat), Some(0), "the gap on the screen");
    chat.fail_page();
    chat.story.keys("ctrl+end alt+g");
    assert_eq!(filled(&chat), Some(1), "the newest gap when none is on the screen");
    chat.answer_pages(100);
    chat.assert_complete();
}

fn fetched_messages_count_once_and_notify_nobody(mut chat: Conversation) {
    chat.story.event(minchat_tui::app::Event::Focus(false));
    chat.miss(5);
    let mine = chat.next_message_by("me");
    chat.messages_on_server.push(mine);
    chat.miss(2).reconnect();
    let mut effects = std::mem::take(&mut chat.story.effects);
    let unread = room_on(chat.can, "r1", "Alice Archer", &["alice"], chat.messages_on_server.last().unwrap().clone());
    let unread = minchat_tui::domain::RoomInfo { unread: (chat.can == VCHAT).then_some(7), ..unread };
    chat.story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![unread] });
    for effect in &effects {
        if let Effect::Request(_, request @ Request::History { .. }) = effect {
            chat.pending.push(request.clone());
        }
    }
    effects.append(&mut chat.story.effects);
    // The first answers a request from before the outage.
    chat.answer_pages(2);
    let count = |chat: &Conversation| chat.story.state.scene().open_room().map(|room| room.unread().count);
    let counted = count(&chat);
    // On a service with receipts, everything before an own message has been read.
    assert_eq!(counted, Some(if chat.can == MINCHAT { 2 } else { 7 }));
    // The reload brings the same page.
    chat.story.wait(5_000);
    chat.answer_pages(10);
    assert_eq!(count(&chat), counted);
    chat.assert_complete();
    chat.story.shows("── New messages ──");
    effects.append(&mut chat.story.effects);
    for effect in effects {
        let Effect::Request(_, request) = effect else { panic!("{effect:?} for fetched messages") };
        assert!(!matches!(request, Request::Seen { .. } | Request::Delivered { .. }), "{request:?}");
    }
}

fn key_needs_a_connection(mut chat: Conversation) {
    chat.miss(70).reconnect().answer_pages(1);
    chat.fail_page();
    let reason = SafeText::line("The cable is out.");
    chat.story.server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 1_000, reason }));
    chat.story.keys("alt+g").shows("Not connected. Try again once connected.");
    assert_eq!(chat.next_page_request(), None);
}

#[test]
fn other_rooms_are_fetched_when_they_are_opened() {
    let mut chat = Conversation::on(MINCHAT);
    let kitchen = || message("k1", "bob", "Tea?", 10);
    let info = || room("r2", "Kitchen", &["alice", "bob"], kitchen());
    chat.story.server(ServerEvent::RoomChanged(Box::new(info())));
    chat.story.keys("alt+up").history("r2", 1, 1, vec![kitchen()]).wait(2_000);
    chat.story.history("r2", 1, 1, vec![kitchen()]).keys("alt+down").shows("Hello Alice");
    chat.story.history("r1", 1, 1, chat.messages_on_server.clone()).wait(2_000).requests();
    chat.pending.clear();
    chat.reconnect();
    chat.story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![info()] });
    let rooms = |chat: &mut Conversation| {
        chat.other_requests();
        let pending = std::mem::take(&mut chat.pending).into_iter();
        pending
            .filter_map(|request| match request {
                Request::History { room, .. } => Some(room),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(rooms(&mut chat), [room_id("r1")]);
    chat.story.keys("alt+up").shows("Kitchen");
    assert_eq!(rooms(&mut chat), [room_id("r2")]);
}

/// Messages sent between the arrival of such a page and the reopening of the room were missing without a gap.
#[test]
fn page_arriving_after_leaving_hides_no_later_messages() {
    let mut chat = Conversation::on(MINCHAT);
    let kitchen = || message("k1", "bob", "Tea?", 10);
    let info = room("r2", "Kitchen", &["alice", "bob"], kitchen());
    chat.story.server(ServerEvent::RoomChanged(Box::new(info)));
    chat.story.keys("alt+up").history("r2", 1, 1, vec![kitchen()]);
    // Back and away again, before the page arrives.
    let keep_requests_of_alice = |chat: &mut Conversation| {
        chat.other_requests();
        chat.pending.retain(|pending| matches!(pending, Request::History { room, .. } if *room == room_id("r1")));
    };
    chat.story.requests();
    chat.story.keys("alt+down alt+up");
    keep_requests_of_alice(&mut chat);
    assert_eq!(chat.answer_pages(9), 1);
    chat.miss(60).story.keys("alt+down");
    keep_requests_of_alice(&mut chat);
    chat.answer_pages(9);
    chat.assert_complete();
}

/// A page of old messages that arrived first hid the missed ones.
fn older_page_requested_before_a_gap_hides_nothing(mut chat: Conversation) {
    let old = (0..200).map(|n| seen(message(&format!("o{n:05}"), "alice", &format!("old {n}."), n - 200_000)));
    chat.messages_on_server.splice(0..0, old);
    let room = chat.story.state.account_mut().rooms.get_mut(&room_id("r1")).unwrap();
    // Forget that the start of the conversation is loaded.
    room.history = HistorySync::default();
    let size = chat.can.paging.size as usize;
    chat.story.history("r1", 1, 9, chat.messages_on_server[chat.messages_on_server.len() - size..].to_vec());
    chat.story.keys("ctrl+home");
    chat.answer_pages(2);
    chat.story.keys("ctrl+home");
    let older = chat.next_page_request();
    assert!(older.is_some());
    chat.miss(60);
    chat.story.server(ServerEvent::EventsLost);
    chat.other_requests();
    let later = std::mem::take(&mut chat.pending);
    chat.pending = older.into_iter().collect();
    chat.answer_pages(1);
    chat.pending = later;
    chat.answer_pages(99);
    let in_client = chat.story.state.scene().open_room().unwrap().timeline.len();
    chat.messages_on_server.drain(..chat.messages_on_server.len() - in_client);
    chat.assert_complete();
}

/// Messages of that millisecond that are on no page yet were taken for known.
fn page_starting_in_a_known_millisecond_does_not_close_a_gap(mut chat: Conversation) {
    chat.receive();
    let at = chat.messages_on_server.last().unwrap().sent_at;
    for _ in 0..60 {
        let next = MessageInfo { sent_at: at, ..chat.next_message() };
        chat.messages_on_server.push(next);
    }
    chat.reconnect();
    chat.answer_pages(100);
    chat.assert_complete();
}
