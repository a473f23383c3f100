//! Where the writers and the store's thread meet. The writers hold the lock to put something in, the thread to take
//! something out, and neither while it works: nobody waits for anybody's disk.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::pending::{Pending, Work};

/// How long a write may wait for others: what `kill -9` can take of a draft.
const LINGER: Duration = Duration::from_millis(300);

/// Where the writers and the thread meet.
#[derive(Debug, Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    /// There is something to do.
    wake: Condvar,
    /// The thread has ended.
    ended: Condvar,
}

#[derive(Debug, Default)]
struct State {
    pending: Pending,
    ended: bool,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Nobody panics while holding it, and if they did: what waits is whole at any moment.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts something in.
    pub(super) fn put(&self, put: impl FnOnce(&mut Pending)) {
        let mut state = self.lock();
        if state.ended {
            return;
        }
        let was_empty = state.pending.is_empty();
        put(&mut state.pending);
        // A thread that lets things linger is not to be woken for each of them.
        let wake = was_empty || state.pending.is_pressing();
        drop(state);
        if wake {
            self.wake.notify_one();
        }
    }

    /// Waits for something to do; for nothing at all after `patience`.
    pub(super) fn next(&self, patience: Option<Duration>) -> Work {
        let idle = |state: &mut State| state.pending.is_empty() && !state.pending.is_closing();
        let mut state = self.lock();
        state = match patience {
            None => self.wake.wait_while(state, idle).unwrap_or_else(PoisonError::into_inner),
            Some(patience) => {
                let waited = self.wake.wait_timeout_while(state, patience, idle);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
        };
        if !state.pending.is_empty() {
            let lingers = |state: &mut State| !state.pending.is_pressing();
            let waited = self.wake.wait_timeout_while(state, LINGER, lingers);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        state.pending.take()
    }

    /// Nothing more will be put in.
    pub(super) fn close(&self) {
        self.lock().pending.close();
        self.wake.notify_one();
    }

    /// The thread has ended.
    pub(super) fn end(&self) {
        self.lock().ended = true;
        self.ended.notify_all();
    }

    /// Waits for the thread to end; says whether it has.
    pub(super) fn wait_for_end(&self, patience: Duration) -> bool {
        let waited = self.ended.wait_timeout_while(self.lock(), patience, |state| !state.ended);
        waited.unwrap_or_else(PoisonError::into_inner).0.ended
    }
}
