//! Effects of passing time.

use crate::app::features::history::pages;
use crate::app::features::persistence::flush::ChangeKind;
use crate::app::features::rooms::open::RESYNC_DELAY;
use crate::app::features::rooms::{open, recheck, settings};
use crate::app::features::{answer_word, export, latency, notifications, presence, receipts, search, seen_by, typing};
use crate::app::handlers::key;
use crate::app::handlers::server::history;
use crate::app::model::account::{ConnectionState, Join};
use crate::app::model::context::Context;
use crate::app::model::timers::{AccountTimer, TerminalTimer, UiTimer};
use crate::domain::{PageRequest, Room};

/// What came of a tick.
pub(in crate::app) struct Ticked {
    /// The changes to pass to the store.
    pub(in crate::app) change: ChangeKind,
    /// Whether unread messages were counted as read.
    pub(in crate::app) has_read: bool,
}

/// Performs whatever is due.
pub(in crate::app) fn on_tick(cx: &mut Context<'_>) -> Ticked {
    let now = cx.now;
    if let Some(call) = cx.account.call.take_if(|call| call.expires_at().is_some_and(|at| at <= now))
        && call.is_shown()
    {
        cx.notify(format!("The {} with {} timed out.", call.kind_name(), call.peer_name));
    }
    for timer in cx.terminal.timers.take_due(now) {
        match timer {
            TerminalTimer::NoticeExpires => cx.terminal.notice = None,
            TerminalTimer::QuitDisarms => {}
            TerminalTimer::LatencyAge => latency::refresh_age(cx),
        }
    }
    let mut ticked = Ticked { change: ChangeKind::Tracked, has_read: false };
    for timer in cx.ui.timers.take_due(now) {
        match timer {
            UiTimer::MarkSeen => {
                let unread = cx.open_room().map(Room::unread);
                receipts::mark_visible_seen(cx);
                ticked.has_read |= cx.open_room().map(Room::unread) != unread;
            }
            UiTimer::RefreshSearch => search::refresh(cx),
            UiTimer::QuestionReady => {}
            UiTimer::AnswerWordEnds => {
                let held = answer_word::end(cx);
                key::type_text(cx, &held);
            }
        }
    }
    for timer in cx.account.timers.take_due(now) {
        match timer {
            AccountTimer::StopTyping => typing::stop_typing(cx),
            AccountTimer::TypingEnds => end_typing(cx),
            AccountTimer::Resync => resync(cx),
            AccountTimer::RetryPage => pages::retry_newest(cx),
            AccountTimer::VerifyRecent => pages::verify_recent(cx),
            AccountTimer::MergeHistory => history::merge_next_slice(cx),
            AccountTimer::Presence => presence::refresh_presence(cx),
            AccountTimer::OnlineCount => presence::refresh_online_count(cx),
            AccountTimer::CheckReceipts => seen_by::check_newest(cx),
            AccountTimer::FlushStore => ticked.change = ChangeKind::FlushDue,
            AccountTimer::RetryExport => export::collect::resume(cx),
            AccountTimer::Notify => notifications::send_waiting(cx),
            AccountTimer::MuteEnds => settings::end_mutes(cx),
            AccountTimer::RecheckRooms => recheck::recheck(cx),
        }
    }
    search::continue_open_scan(cx);
    ticked
}

/// Removes the people who have stopped typing.
fn end_typing(cx: &mut Context<'_>) {
    let mut next = None;
    for room in cx.account.rooms.iter_mut() {
        room.typing.retain(|typing| cx.now < typing.until);
        next = room.typing.iter().map(|typing| typing.until).chain(next).min();
    }
    if let Some(next) = next {
        cx.account.timers.set(AccountTimer::TypingEnds, next);
    }
}

/// Requests the messages that may have been missed while a join was in progress.
fn resync(cx: &mut Context<'_>) {
    let Some(resync) = cx.account.resync.take().filter(|_| cx.account.connection == ConnectionState::Online) else {
        return;
    };
    if let Some(room) = cx.open_room_mut() {
        if room.history.is_loading_page(1) {
            // An earlier request for the newest page has not been answered yet.
            cx.account.resync = Some(resync);
            cx.account.timers.set(AccountTimer::Resync, cx.now + RESYNC_DELAY);
            return;
        }
        let (id, synced_to) = (room.info.id.clone(), room.history.synced_point().cloned());
        room.history.on_joined();
        if cx.account.join == Join::Sent {
            cx.account.join = Join::Assumed { synced_to, rooms: resync.rooms };
        }
        pages::request_page(cx, &id, &PageRequest::newest());
    }
    if resync.rooms {
        open::recheck_list(cx);
    }
}

#[cfg(test)]
mod tests {
    use crate::app::effect::Profile;
    use crate::app::model::options::Options;
    use crate::app::model::state::State;
    use crate::app::model::timers::{AccountTimer, TerminalTimer, UiTimer};
    use crate::app::{Event, Size, deadline, update};
    use crate::domain::Timestamp;

    /// A timer that stays due makes the event loop wake up without end.
    #[test]
    fn no_timer_is_due_after_a_tick() {
        use {AccountTimer::*, TerminalTimer::*, UiTimer::*};
        let size = Size { width: 80, height: 24 };
        let mut state = State::new(Options::default(), Profile::default(), size, Timestamp(0), 1);
        for timer in [NoticeExpires, QuitDisarms, LatencyAge] {
            state.terminal.timers.set(timer, Timestamp(5));
        }
        for timer in [MarkSeen, RefreshSearch, QuestionReady, AnswerWordEnds] {
            state.ui.timers.set(timer, Timestamp(5));
        }
        let pages = [Resync, RetryPage, VerifyRecent, MergeHistory, RetryExport];
        for timer in
            [StopTyping, TypingEnds, Presence, OnlineCount, CheckReceipts, FlushStore, Notify, MuteEnds, RecheckRooms]
                .into_iter()
                .chain(pages)
        {
            state.account_mut().timers.set(timer, Timestamp(5));
        }
        update(&mut state, Timestamp(10), Event::Tick);
        assert!(deadline(&state).is_none_or(|at| at > Timestamp(10)), "{:?}", deadline(&state));
    }
}
