//! What was missed while the connection was away: fetched until it meets what is known, or told where it is missing. The
//! server here holds a room's messages and gives them out as each service does, by number or by place.

use minchat_tui::app::Effect;
use minchat_tui::domain::{Capabilities, ConnectionStatus, MessageInfo, Request, ServerEvent};
use minchat_tui::text::SafeText;
use test_support::story::*;

/// The same on every service.
macro_rules! on_both {
    ($($name:ident)*) => {
        mod by_number {
            $(#[test] fn $name() { super::$name(super::Tale::on(super::CAN)); })*
        }

        mod by_place {
            $(#[test] fn $name() { super::$name(super::Tale::on(super::VCHAT_CAN)); })*
        }
    };
}

on_both! {
    a_gap_that_is_too_long_is_a_line_that_a_key_fills
    a_gap_that_could_not_be_fetched_is_a_line_and_life_goes_on
    what_could_not_be_fetched_is_tried_again_with_the_next_connection
    an_answer_to_a_send_does_not_hide_what_was_missed_before_it
    a_gap_goes_on_above_what_is_known_inside_it
    what_is_said_while_a_gap_is_filled_does_no_harm
    a_newest_page_that_could_not_be_fetched_is_a_line_below
    a_gap_of_which_everything_was_deleted_is_none
    two_gaps_are_two_lines_and_the_one_on_screen_is_filled
    what_is_fetched_is_counted_once_and_announced_to_nobody
    without_a_connection_the_key_says_so
    an_older_page_that_was_asked_for_before_hides_nothing
    a_page_that_begins_in_the_millisecond_of_what_is_known_has_not_met_it
}

/// A story and the server behind it.
struct Tale {
    story: Story,
    can: Capabilities,
    /// The room's messages, oldest first.
    all: Vec<MessageInfo>,
    /// What is asked for and not answered yet.
    asked: Vec<Request>,
}

impl Tale {
    fn on(can: Capabilities) -> Self {
        let mut story = Story::chat_on(can, 90, 20);
        story.requests();
        let all = [("m1", "me", "Hello Alice", -120_000), ("m2", "alice", "How are you?", -60_000)];
        let all = all.map(|(id, author, text, at)| seen(message(id, author, text, at))).to_vec();
        Self { story, can, all, asked: Vec::new() }
    }

    /// So many messages are said that nobody hears.
    fn unheard(&mut self, count: usize) -> &mut Self {
        for _ in 0..count {
            let next = self.next();
            self.all.push(next);
        }
        self
    }

    /// We say something, and the server says so in its answer alone.
    fn accepted(&mut self) {
        self.story.types("mine").keys("enter");
        let send = self.others().into_iter().find_map(|request| match request {
            Request::Send { room, local, .. } => Some((room, local)),
            _ => None,
        });
        let (room, local) = send.expect("a send");
        let info = MessageInfo { local: Some(local), text: SafeText::block("mine"), ..self.next_by("me") };
        self.all.push(info.clone());
        let (id, message) = (Some(info.id.clone()), Some(Box::new(info)));
        self.story.server(ServerEvent::Accepted { room, local, id, message });
    }

    /// A message is said and heard.
    fn heard(&mut self) -> &mut Self {
        let next = self.next();
        self.all.push(next.clone());
        self.story.server(ServerEvent::Message(next));
        self
    }

    fn next(&self) -> MessageInfo {
        self.next_by("alice")
    }

    fn next_by(&self, author: &str) -> MessageInfo {
        let n = self.all.len();
        message(&format!("n{n:05}"), author, &format!("line {n}."), i64::try_from(n).unwrap() * 10)
    }

    /// What was asked for besides pages.
    fn others(&mut self) -> Vec<Request> {
        let (pages, others) = self.story.requests().into_iter().partition(|r| matches!(r, Request::History { .. }));
        self.asked.extend::<Vec<_>>(pages);
        others
    }

    /// The connection was away, and is back.
    fn reconnect(&mut self) -> &mut Self {
        let reason = SafeText::line("The cable is out.");
        self.story.server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 1_000, reason }));
        self.story
            .server(ServerEvent::Connection(ConnectionStatus::Connecting))
            .server(ServerEvent::Connection(ConnectionStatus::Online));
        self
    }

    /// The next page that is asked for, if one is.
    fn page(&mut self) -> Option<Request> {
        self.others();
        (!self.asked.is_empty()).then(|| self.asked.remove(0))
    }

    /// Answers up to so many pages; how many were asked for.
    fn answer(&mut self, most: usize) -> usize {
        for count in 0..most {
            let Some(Request::History { room, page, before }) = self.page() else { return count };
            let size = self.can.page_size as usize;
            let end = match &before {
                _ if self.can == CAN => self.all.len().saturating_sub((page as usize - 1) * size),
                Some(before) => self.all.iter().position(|message| message.id == *before).unwrap(),
                None => self.all.len(),
            };
            let messages = self.all[end.saturating_sub(size)..end].to_vec();
            let pages = match self.can == CAN {
                true => self.all.len().div_ceil(size) as u32,
                false => page + u32::from(!messages.is_empty()),
            };
            self.story.server(ServerEvent::History { room, page, pages, messages });
        }
        most
    }

    /// The next page cannot be had.
    fn fail(&mut self) -> &mut Self {
        let request = self.page().expect("a page that is asked for");
        let reason = SafeText::line("The server has a problem.");
        self.story.server(ServerEvent::Failed { request, failure: Failure::Uncertain, reason });
        self
    }

    /// How many rows on screen say that something is missing.
    fn lines(&self) -> usize {
        self.story.pane().matches("Messages are missing here · Alt+G load").count()
    }

    #[track_caller]
    fn is_whole(&mut self) {
        let room = self.story.state.scene().open_room().expect("a room");
        let here: Vec<_> = room.timeline.iter().map(|(_, message)| message.id.clone().unwrap()).collect();
        let there: Vec<_> = self.all.iter().map(|message| message.id.clone()).collect();
        let odd = here.iter().zip(&there).find(|(here, there)| here != there);
        assert!(here == there, "{} here, {} there, the first that differ: {odd:?}", here.len(), there.len());
        assert_eq!((room.history.gaps.len(), &room.history.resume_from), (0, &None));
        self.story.lacks("missing");
    }
}

fn a_gap_that_is_too_long_is_a_line_that_a_key_fills(mut tale: Tale) {
    tale.unheard(3_500).reconnect();
    assert_eq!(tale.answer(1_000), 100, "no more than that by itself");
    tale.story.shows("line 3501.");
    assert_eq!(tale.lines(), 0, "it is far above");
    tale.story.keys("ctrl+home").shows("How are you?");
    tale.answer(1);
    assert_eq!(tale.lines(), 1, "{}", tale.story.screen());
    tale.story.keys("alt+g").shows("Loading missing messages…");
    tale.answer(1_000);
    tale.is_whole();
    // What one looked at has stayed where it was.
    tale.story.shows("How are you?").shows("line 2.");
}

fn a_gap_that_could_not_be_fetched_is_a_line_and_life_goes_on(mut tale: Tale) {
    tale.unheard(70).reconnect().answer(1);
    tale.fail();
    tale.heard();
    tale.story.shows("line 72.");
    tale.story.wait(2_000);
    let seen = |request: &Request| matches!(request, Request::Seen { .. });
    assert!(tale.others().iter().any(seen), "what is here can be read");
    if tale.can.unnamed_rooms {
        // The second look, which works, and so what is missing is tried again, which does not.
        assert_eq!(tale.answer(1), 1);
        tale.fail();
    }
    assert_eq!(tale.answer(10), 0);
    tale.story.keys("ctrl+home");
    assert_eq!(tale.lines(), 1, "{}", tale.story.screen());
    tale.story.keys("alt+g");
    tale.answer(100);
    tale.is_whole();
}

/// The soak of a thousand faults ended with lines that nobody had asked to fill.
fn what_could_not_be_fetched_is_tried_again_with_the_next_connection(mut tale: Tale) {
    for _ in 0..2 {
        tale.unheard(70).reconnect().answer(1);
        tale.fail();
    }
    tale.unheard(3).reconnect();
    tale.answer(100);
    tale.is_whole();
}

/// The line was dead, and nobody knew; a text went out on another one. What was said before it was taken for known.
fn an_answer_to_a_send_does_not_hide_what_was_missed_before_it(mut tale: Tale) {
    tale.unheard(40);
    tale.accepted();
    tale.unheard(40).reconnect();
    tale.answer(100);
    tale.is_whole();
}

/// What lay between such a text and the page that came was forgotten.
fn a_gap_goes_on_above_what_is_known_inside_it(mut tale: Tale) {
    tale.unheard(40);
    tale.accepted();
    tale.unheard(60).reconnect().answer(1);
    tale.fail();
    tale.story.keys("alt+g");
    tale.answer(100);
    tale.is_whole();
}

fn what_is_said_while_a_gap_is_filled_does_no_harm(mut tale: Tale) {
    tale.unheard(200).reconnect().answer(2);
    tale.fail().story.keys("alt+g");
    for _ in 0..20 {
        tale.heard().heard().heard().answer(1);
    }
    tale.answer(100);
    tale.is_whole();
}

fn a_newest_page_that_could_not_be_fetched_is_a_line_below(mut tale: Tale) {
    tale.unheard(3).reconnect().fail();
    // The room is looked at once more by itself, which fails as well.
    tale.story.wait(5_000);
    while tale.page().inspect(|page| tale.asked.push(page.clone())).is_some() {
        tale.fail();
    }
    let pane = tale.story.pane();
    assert!(pane.find("How are you?") < pane.find("Messages are missing here"), "{pane}");
    tale.story.keys("alt+g");
    tale.answer(10);
    tale.is_whole();
    tale.story.shows("line 4.");
}

fn a_gap_of_which_everything_was_deleted_is_none(mut tale: Tale) {
    tale.unheard(70).reconnect().answer(1);
    tale.fail();
    let size = tale.can.page_size as usize;
    let end = tale.all.len() - size;
    tale.all.drain(2..end);
    tale.story.keys("alt+g");
    tale.answer(10);
    tale.is_whole();
}

fn two_gaps_are_two_lines_and_the_one_on_screen_is_filled(mut tale: Tale) {
    for _ in 0..2 {
        tale.unheard(70).reconnect().answer(1);
        tale.fail();
    }
    let gaps = |tale: &Tale| tale.story.state.scene().open_room().map_or(0, |room| room.history.gaps.len());
    assert_eq!(gaps(&tale), 2);
    let filled = |tale: &Tale| {
        let history = &tale.story.state.scene().open_room().unwrap().history;
        history.filling.as_ref().map(|filling| filling.after.clone())
    };
    tale.story.keys("ctrl+home");
    assert_eq!(tale.lines(), 1, "{}", tale.story.screen());
    tale.story.keys("alt+g");
    assert_eq!(filled(&tale), Some(message_id("m2")), "the one that is looked at");
    tale.fail();
    tale.story.keys("ctrl+end alt+g");
    assert_ne!(filled(&tale), Some(message_id("m2")), "the newest when none is");
    tale.answer(100);
    tale.is_whole();
}

fn what_is_fetched_is_counted_once_and_announced_to_nobody(mut tale: Tale) {
    tale.story.event(minchat_tui::app::Event::Focus(false));
    tale.unheard(5);
    let mine = tale.next_by("me");
    tale.all.push(mine);
    tale.unheard(2).reconnect();
    let mut effects = std::mem::take(&mut tale.story.effects);
    let unread = room_on(tale.can, "r1", "Alice Archer", &["alice"], tale.all.last().unwrap().clone());
    let unread = minchat_tui::domain::RoomInfo { unread: (tale.can == VCHAT_CAN).then_some(7), ..unread };
    tale.story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![unread] });
    for effect in &effects {
        if let Effect::Request(_, request @ Request::History { .. }) = effect {
            tale.asked.push(request.clone());
        }
    }
    effects.append(&mut tale.story.effects);
    tale.answer(1);
    let count = |tale: &Tale| tale.story.state.scene().open_room().map(|room| room.unread.count);
    let counted = count(&tale);
    // By receipts, what came before an own message has been read.
    assert_eq!(counted, Some(if tale.can == CAN { 2 } else { 7 }));
    // The second look brings the same page.
    tale.story.wait(5_000);
    tale.answer(10);
    assert_eq!(count(&tale), counted);
    tale.is_whole();
    tale.story.shows("── New messages ──");
    effects.append(&mut tale.story.effects);
    for effect in effects {
        let Effect::Request(_, request) = effect else { panic!("{effect:?} for what was fetched") };
        assert!(!matches!(request, Request::Seen { .. } | Request::Delivered { .. }), "{request:?}");
    }
}

fn without_a_connection_the_key_says_so(mut tale: Tale) {
    tale.unheard(70).reconnect().answer(1);
    tale.fail();
    let reason = SafeText::line("The cable is out.");
    tale.story.server(ServerEvent::Connection(ConnectionStatus::Offline { retry_in: 1_000, reason }));
    tale.story.keys("alt+g").shows("There is no connection to fetch messages with.");
    assert_eq!(tale.page(), None);
}

#[test]
fn after_a_reconnect_only_the_open_room_is_fetched_and_others_when_they_are_opened() {
    let mut tale = Tale::on(CAN);
    let kitchen = || message("k1", "bob", "Tea?", 10);
    let info = || room("r2", "Kitchen", &["alice", "bob"], kitchen());
    tale.story.server(ServerEvent::RoomChanged(Box::new(info())));
    tale.story.keys("alt+up").history("r2", 1, 1, vec![kitchen()]).wait(2_000);
    tale.story.history("r2", 1, 1, vec![kitchen()]).keys("alt+down").shows("Hello Alice");
    tale.story.history("r1", 1, 1, tale.all.clone()).wait(2_000).requests();
    tale.asked.clear();
    tale.reconnect();
    tale.story.server(ServerEvent::Rooms { page: 1, pages: 1, rooms: vec![info()] });
    let rooms = |tale: &mut Tale| {
        tale.others();
        let asked = std::mem::take(&mut tale.asked).into_iter();
        asked
            .filter_map(|request| match request {
                Request::History { room, .. } => Some(room),
                _ => None,
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(rooms(&mut tale), [room_id("r1")]);
    tale.story.keys("alt+up").shows("Kitchen");
    assert_eq!(rooms(&mut tale), [room_id("r2")]);
}

/// What was said between such a page and the opening was missing for good, and nothing said so.
#[test]
fn a_page_that_comes_after_its_room_was_left_does_not_hide_what_is_said_there_later() {
    let mut tale = Tale::on(CAN);
    let kitchen = || message("k1", "bob", "Tea?", 10);
    let info = room("r2", "Kitchen", &["alice", "bob"], kitchen());
    tale.story.server(ServerEvent::RoomChanged(Box::new(info)));
    tale.story.keys("alt+up").history("r2", 1, 1, vec![kitchen()]);
    // Back and away again, before the page is there.
    let of_alice = |tale: &mut Tale| {
        tale.others();
        tale.asked.retain(|asked| matches!(asked, Request::History { room, .. } if *room == room_id("r1")));
    };
    tale.story.requests();
    tale.story.keys("alt+down alt+up");
    of_alice(&mut tale);
    assert_eq!(tale.answer(9), 1);
    tale.unheard(60).story.keys("alt+down");
    of_alice(&mut tale);
    tale.answer(9);
    tale.is_whole();
}

/// A page of long ago that came first hid what was missed.
fn an_older_page_that_was_asked_for_before_hides_nothing(mut tale: Tale) {
    let old = (0..200).map(|n| seen(message(&format!("o{n:05}"), "alice", &format!("old {n}."), n - 200_000)));
    tale.all.splice(0..0, old);
    tale.story.state.account_mut().rooms.get_mut(&room_id("r1")).unwrap().history.complete = false;
    let size = tale.can.page_size as usize;
    tale.story.history("r1", 1, 9, tale.all[tale.all.len() - size..].to_vec());
    tale.story.keys("ctrl+home");
    tale.answer(2);
    tale.story.keys("ctrl+home");
    let older = tale.page();
    assert!(older.is_some());
    tale.unheard(60);
    tale.story.server(ServerEvent::Gap);
    tale.others();
    let later = std::mem::take(&mut tale.asked);
    tale.asked = older.into_iter().collect();
    tale.answer(1);
    tale.asked = later;
    tale.answer(99);
    let here = tale.story.state.scene().open_room().unwrap().timeline.len();
    tale.all.drain(..tale.all.len() - here);
    tale.is_whole();
}

/// What was said in that millisecond and is on no page yet was taken for known.
fn a_page_that_begins_in_the_millisecond_of_what_is_known_has_not_met_it(mut tale: Tale) {
    tale.heard();
    let at = tale.all.last().unwrap().sent_at;
    for _ in 0..60 {
        let next = MessageInfo { sent_at: at, ..tale.next() };
        tale.all.push(next);
    }
    tale.reconnect();
    tale.answer(100);
    tale.is_whole();
}
