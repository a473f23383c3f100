//! The queue between the program and the store's thread.
//!
//! Both sides hold the lock only while they move data in or out, never during disk access, so the program never waits
//! for the disk.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::backlog::{Backlog, Work};

/// Time for which a write that is not urgent waits for others. `kill -9` can lose this much of a draft.
const LINGER: Duration = Duration::from_millis(300);

/// A backlog that is filled by the program and emptied by the store's thread.
#[derive(Debug, Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    /// Signalled when there may be work for the thread.
    wake: Condvar,
    /// Signalled when the thread has ended.
    ended: Condvar,
}

#[derive(Debug, Default)]
struct State {
    backlog: Backlog,
    ended: bool,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        // A poisoned lock is safe to use: the backlog is consistent between any two statements.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets `add` put something into the backlog, and wakes the thread if necessary. Does nothing after the thread has
    /// ended.
    pub(super) fn add(&self, add: impl FnOnce(&mut Backlog)) {
        let mut state = self.lock();
        if state.ended {
            return;
        }
        let was_empty = state.backlog.is_empty();
        add(&mut state.backlog);
        // While the thread lingers, writes that are not urgent do not wake it.
        let wake = was_empty || state.backlog.is_due();
        drop(state);
        if wake {
            self.wake.notify_one();
        }
    }

    /// Waits for work and takes it. After `timeout`, returns without work.
    pub(super) fn next(&self, timeout: Option<Duration>) -> Work {
        let is_idle = |state: &mut State| state.backlog.is_empty() && !state.backlog.is_closing();
        let mut state = self.lock();
        state = match timeout {
            None => self.wake.wait_while(state, is_idle).unwrap_or_else(PoisonError::into_inner),
            Some(timeout) => {
                let waited = self.wake.wait_timeout_while(state, timeout, is_idle);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
        };
        if !state.backlog.is_empty() {
            let can_linger = |state: &mut State| !state.backlog.is_due();
            let waited = self.wake.wait_timeout_while(state, LINGER, can_linger);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        state.backlog.take()
    }

    /// Announces that nothing will be added any more.
    pub(super) fn close(&self) {
        self.lock().backlog.close();
        self.wake.notify_one();
    }

    /// Announces that the thread has ended.
    pub(super) fn end(&self) {
        self.lock().ended = true;
        self.ended.notify_all();
    }

    /// Waits for the thread to end. Returns whether it has ended within `timeout`.
    pub(super) fn wait_until_ended(&self, timeout: Duration) -> bool {
        let waited = self.ended.wait_timeout_while(self.lock(), timeout, |state| !state.ended);
        waited.unwrap_or_else(PoisonError::into_inner).0.ended
    }
}
