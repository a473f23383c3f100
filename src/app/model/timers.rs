//! The timers of an account, of its screen and of the terminal.
//!
//! A timer holds a point in time by the wall clock. All timers are stored in one array, so that the deadline of the
//! event loop and the correction after a clock rollback cover every one of them. Times that belong to a list (outbox
//! entries, typing indicators) or that are shown on screen (the next connection attempt, a ringing call) stay with
//! their owners; `handlers/clock_rollback.rs` corrects those one by one.

use crate::domain::Timestamp;

/// An action that is due at a certain time. Each account, its screen and the terminal have their own set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Timer {
    /// Remove the notice from the status line.
    NoticeExpires,
    /// Stop treating another press of the quit key as a confirmation.
    QuitDisarms,
    /// Mark the messages on screen as seen.
    MarkSeen,
    /// Refresh an open search, because messages have changed.
    RefreshSearch,
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
    /// Write changes to the store.
    FlushStore,
    /// Request a page for an export again.
    RetryExport,
    /// Notify about new messages.
    Notify,
    /// Unmute rooms that were muted for some time.
    MuteEnds,
    /// Draw the latency line again.
    LatencyAge,
    /// Accept a yes to the open question. Until then, the question does not show it.
    QuestionReady,
}

impl Timer {
    /// All timers.
    pub(in crate::app) const ALL: [Self; 18] = [
        Self::NoticeExpires,
        Self::QuitDisarms,
        Self::MarkSeen,
        Self::RefreshSearch,
        Self::StopTyping,
        Self::TypingEnds,
        Self::Resync,
        Self::RetryPage,
        Self::VerifyRecent,
        Self::MergeHistory,
        Self::Presence,
        Self::OnlineCount,
        Self::FlushStore,
        Self::RetryExport,
        Self::Notify,
        Self::MuteEnds,
        Self::LatencyAge,
        Self::QuestionReady,
    ];

    /// Whether the timer does its work behind the screen. Frequent ones only: after each message two or three frames
    /// would be drawn in which nothing has changed.
    fn is_silent(self) -> bool {
        matches!(self, Self::MarkSeen | Self::FlushStore)
    }
}

/// The time at which each timer fires, if it is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timers([Option<Timestamp>; Timer::ALL.len()]);

impl Timers {
    /// Returns when `timer` fires, if it is set.
    pub(in crate::app) fn get(&self, timer: Timer) -> Option<Timestamp> {
        self.0[timer as usize]
    }

    /// Whether `timer` is set.
    pub(in crate::app) fn is_set(&self, timer: Timer) -> bool {
        self.get(timer).is_some()
    }

    /// Sets `timer`, replacing an earlier time.
    pub(in crate::app) fn set(&mut self, timer: Timer, at: Timestamp) {
        self.0[timer as usize] = Some(at);
    }

    /// Sets `timer` unless it is set already.
    pub(in crate::app) fn set_once(&mut self, timer: Timer, at: Timestamp) {
        self.0[timer as usize].get_or_insert(at);
    }

    /// Unsets `timer`.
    pub(in crate::app) fn clear(&mut self, timer: Timer) {
        self.0[timer as usize] = None;
    }

    /// Unsets the timers that are due and returns them. None stays due, because the event loop would wake up without
    /// end.
    pub(in crate::app) fn take_due(&mut self, now: Timestamp) -> Vec<Timer> {
        let is_due = |timer: &Timer| self.0[*timer as usize].take_if(|at| *at <= now).is_some();
        Timer::ALL.into_iter().filter(is_due).collect()
    }

    /// Returns when the next timer fires.
    pub(in crate::app) fn next(&self) -> Option<Timestamp> {
        self.0.iter().flatten().min().copied()
    }

    /// Returns when the next timer fires whose work may be visible.
    pub(in crate::app) fn next_visible(&self) -> Option<Timestamp> {
        Timer::ALL.into_iter().filter(|timer| !timer.is_silent()).filter_map(|timer| self.get(timer)).min()
    }

    /// Corrects all timers after the clock went back by `by` milliseconds, so that each still fires after the same
    /// delay.
    pub(in crate::app) fn move_back(&mut self, by: i64) {
        for at in self.0.iter_mut().flatten() {
            *at = *at + -by;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timers_do_not_share_slots() {
        let mut timers = Timers::default();
        for (index, timer) in Timer::ALL.into_iter().enumerate() {
            timers.set(timer, Timestamp(100 + index as i64));
        }
        for (index, timer) in Timer::ALL.into_iter().enumerate() {
            assert_eq!(timers.get(timer), Some(Timestamp(100 + index as i64)), "{timer:?}");
        }
    }

    #[test]
    fn clock_rollback_moves_every_timer() {
        for timer in Timer::ALL {
            let mut timers = Timers::default();
            timers.set(timer, Timestamp(5_000));
            timers.move_back(3_000);
            assert_eq!(
                (timers.get(timer), timers.next()),
                (Some(Timestamp(2_000)), Some(Timestamp(2_000))),
                "{timer:?}"
            );
        }
    }
}
