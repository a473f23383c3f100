//! The second signal that asks a hanging program to end, which ends it at once.

#[cfg(unix)]
use std::io;
#[cfg(unix)]
use std::sync::{Arc, LazyLock, atomic::AtomicBool, atomic::Ordering};

/// Set when the first signal has arrived.
#[cfg(unix)]
static RECEIVED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// Forgets a signal that was meant for another program: the next one is the first again.
pub(super) fn forget_interrupt() {
    #[cfg(unix)]
    RECEIVED.store(false, Ordering::Relaxed);
}

/// Lets the second of these signals end the process at once, as it would without a handler. They are sent to a program
/// that hangs, which would not notice the first.
#[cfg(unix)]
pub(super) fn end_at_the_second_of(signals: &[i32]) -> io::Result<()> {
    for signal in signals {
        // In this order, so that the first signal finds the flag unset.
        signal_hook::flag::register_conditional_default(*signal, Arc::clone(&RECEIVED))?;
        signal_hook::flag::register(*signal, Arc::clone(&RECEIVED))?;
    }
    Ok(())
}
