//! The timers of an account, of its screen and of the terminal.
//!
//! A timer holds a point in time by the wall clock. Each owner has its own kind of timer, and all timers of an owner are
//! stored in one map, so that the deadline of the event loop and the correction after a clock rollback cover every one
//! of them. Times that belong to a list (outbox entries, typing indicators) or that are shown on screen (the next
//! connection attempt, a ringing call) stay with their owners; `handlers/clock_rollback.rs` corrects those one by one.

use std::collections::BTreeMap;

use crate::domain::Timestamp;

/// An action of one kind of owner that is due at a certain time.
pub(in crate::app) trait Timer: Copy + Ord {
    /// Whether the timer does its work behind the screen. Frequent ones only: after each message two or three frames
    /// would be drawn in which nothing has changed.
    fn is_silent(self) -> bool {
        false
    }
}

/// A timer of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::app) enum AccountTimer {
    /// Report to the room that we stopped typing.
    StopTyping,
    /// Remove the people who have stopped typing. Set to the earliest of these times, so that not every room has to be
    /// searched for the next one.
    TypingEnds,
    /// Fetch again whatever was fetched while a join was on its way.
    Resync,
    /// Request the newest page of the open room again, because it could not be loaded.
    RetryPage,
    /// Request the newest page of the open room again, because messages on screen were too new for the last one.
    VerifyRecent,
    /// Merge the next slice of a long page of history.
    MergeHistory,
    /// Announce our presence, or request that of others.
    Presence,
    /// Request the number of people online in the open room.
    OnlineCount,
    /// Ask who has seen the newest message of the user in the open group.
    CheckReceipts,
    /// Write changes to the store.
    FlushStore,
    /// Request a page for an export again.
    RetryExport,
    /// Notify about new messages.
    Notify,
    /// Unmute rooms that were muted for some time.
    MuteEnds,
    /// Look for messages in rooms of which the connection receives no live events.
    RecheckRooms,
}

impl Timer for AccountTimer {
    fn is_silent(self) -> bool {
        matches!(self, Self::CheckReceipts | Self::FlushStore)
    }
}

/// A timer of the screen of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::app) enum UiTimer {
    /// Mark the messages on screen as seen.
    MarkSeen,
    /// Refresh an open search, because messages have changed.
    RefreshSearch,
    /// Accept a yes to the open question. Until then, the question does not show it.
    QuestionReady,
    /// End the word that was begun at a question.
    AnswerWordEnds,
}

impl Timer for UiTimer {
    fn is_silent(self) -> bool {
        self == Self::MarkSeen
    }
}

/// A timer of the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::app) enum TerminalTimer {
    /// Remove the notice from the status line.
    NoticeExpires,
    /// Stop treating another press of the quit key as a confirmation.
    QuitDisarms,
    /// Draw the latency line again.
    LatencyAge,
}

impl Timer for TerminalTimer {}

/// Which timers are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum TimerScope {
    /// All of them.
    All,
    /// Those whose work may be visible.
    Visible,
}

/// The timers of an owner that are set, with the times at which they fire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct Timers<T>(BTreeMap<T, Timestamp>);

impl<T> Default for Timers<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Timer> Timers<T> {
    /// Returns when `timer` fires, if it is set.
    pub(in crate::app) fn get(&self, timer: T) -> Option<Timestamp> {
        self.0.get(&timer).copied()
    }

    /// Whether `timer` is set.
    pub(in crate::app) fn is_set(&self, timer: T) -> bool {
        self.0.contains_key(&timer)
    }

    /// Sets `timer`, replacing an earlier time.
    pub(in crate::app) fn set(&mut self, timer: T, at: Timestamp) {
        self.0.insert(timer, at);
    }

    /// Sets `timer` unless it is set already.
    pub(in crate::app) fn set_once(&mut self, timer: T, at: Timestamp) {
        self.0.entry(timer).or_insert(at);
    }

    /// Unsets `timer`.
    pub(in crate::app) fn clear(&mut self, timer: T) {
        self.0.remove(&timer);
    }

    /// Unsets the timers that are due and returns them. None stays due, because the event loop would wake up without
    /// end.
    pub(in crate::app) fn take_due(&mut self, now: Timestamp) -> Vec<T> {
        let due: Vec<T> = self.0.iter().filter(|(_, at)| **at <= now).map(|(timer, _)| *timer).collect();
        due.iter().for_each(|timer| self.clear(*timer));
        due
    }

    /// Returns when the next timer fires.
    pub(in crate::app) fn next(&self, scope: TimerScope) -> Option<Timestamp> {
        let is_looked_at = |timer: T| scope == TimerScope::All || !timer.is_silent();
        self.0.iter().filter(|(timer, _)| is_looked_at(**timer)).map(|(_, at)| *at).min()
    }

    /// Corrects all timers after the clock went back by `by` milliseconds, so that each still fires after the same
    /// delay.
    pub(in crate::app) fn move_back(&mut self, by: i64) {
        self.0.values_mut().for_each(|at| *at = *at + -by);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn due_timers_are_taken_once() {
        let mut timers = Timers::default();
        timers.set(UiTimer::MarkSeen, Timestamp(5));
        timers.set_once(UiTimer::MarkSeen, Timestamp(9));
        timers.set(UiTimer::QuestionReady, Timestamp(6));
        assert_eq!(timers.next(TimerScope::All), Some(Timestamp(5)));
        assert_eq!(timers.next(TimerScope::Visible), Some(Timestamp(6)), "receipts change nothing on the screen");
        assert_eq!(timers.take_due(Timestamp(5)), [UiTimer::MarkSeen]);
        assert_eq!(timers.take_due(Timestamp(5)), []);
        assert_eq!(timers.next(TimerScope::All), Some(Timestamp(6)));
    }

    #[test]
    fn clock_rollback_moves_every_timer() {
        let mut timers = Timers::default();
        timers.set(AccountTimer::Resync, Timestamp(5_000));
        timers.set(AccountTimer::Notify, Timestamp(6_000));
        timers.move_back(3_000);
        assert_eq!(timers.get(AccountTimer::Resync), Some(Timestamp(2_000)));
        assert_eq!(timers.get(AccountTimer::Notify), Some(Timestamp(3_000)));
    }
}
