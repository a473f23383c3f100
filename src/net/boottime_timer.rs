//! A timer that keeps running while the machine sleeps.
//!
//! Tokio's timers stop during sleep, like the monotonic clock, and wake their thread three times for one deadline that
//! is far away. On Linux, `CLOCK_BOOTTIME` has neither problem: its timer fires once, and if the deadline passed during
//! sleep, right after the machine wakes up. On other systems [`BoottimeTimer`] uses tokio's timer.

use std::time::Duration;

use tokio::time::Instant;

#[cfg(target_os = "linux")]
use linux::Timer;

/// A timer with at most one deadline.
#[derive(Debug, Default)]
pub(super) struct BoottimeTimer {
    deadline: Option<Instant>,
    /// The system's timer, if there is one.
    #[cfg(target_os = "linux")]
    timer: Option<Timer>,
}

impl BoottimeTimer {
    /// Creates a timer without a deadline. Must be called inside of a tokio runtime.
    pub(super) fn new() -> Self {
        Self {
            deadline: None,
            #[cfg(target_os = "linux")]
            timer: Timer::new().ok(),
        }
    }

    /// Returns the interval at which to check for sleep; `None` if this timer does not stop during sleep.
    pub(super) fn polling_interval(&self) -> Option<Duration> {
        #[cfg(target_os = "linux")]
        if self.timer.is_some() {
            return None;
        }
        Some(Duration::from_secs(5))
    }

    /// Replaces the deadline.
    pub(super) fn set(&mut self, deadline: Option<Instant>) {
        if std::mem::replace(&mut self.deadline, deadline) == deadline {
            return;
        }
        #[cfg(target_os = "linux")]
        if let Some(timer) = &self.timer
            && let Err(error) = timer.set(deadline.map(|at| at.saturating_duration_since(Instant::now())))
        {
            tracing::warn!(%error, "cannot set the system's timer; using tokio's");
            self.timer = None;
        }
    }

    /// Waits for the deadline; forever if there is none. After the deadline it returns immediately until the timer is
    /// set again.
    pub(super) async fn wait(&self) {
        let Some(deadline) = self.deadline else { return std::future::pending().await };
        #[cfg(target_os = "linux")]
        if let Some(timer) = &self.timer {
            return timer.wait().await;
        }
        tokio::time::sleep_until(deadline).await;
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io;
    use std::os::fd::OwnedFd;
    use std::time::Duration;

    use rustix::time::{
        Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
    };
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    /// A `timerfd` on `CLOCK_BOOTTIME`.
    #[derive(Debug)]
    pub(super) struct Timer(AsyncFd<OwnedFd>);

    impl Timer {
        pub(super) fn new() -> io::Result<Self> {
            let timer = timerfd_create(TimerfdClockId::Boottime, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC)?;
            #[allow(deprecated, reason = "its replacement is unsafe; an owned descriptor meets its requirements")]
            let timer = AsyncFd::with_interest(timer, Interest::READABLE)?;
            Ok(Self(timer))
        }

        /// Arms the timer to fire after `delay`, or disarms it.
        pub(super) fn set(&self, delay: Option<Duration>) -> io::Result<()> {
            let never = Timespec { tv_sec: 0, tv_nsec: 0 };
            // A delay of zero would disarm the timer instead of firing it.
            let delay = delay.map(|delay| delay.max(Duration::from_millis(1)));
            let it_value = delay.and_then(|delay| Timespec::try_from(delay).ok()).unwrap_or(never);
            let spec = Itimerspec { it_interval: never, it_value };
            timerfd_settime(&self.0, TimerfdTimerFlags::empty(), &spec)?;
            Ok(())
        }

        pub(super) async fn wait(&self) {
            loop {
                let Ok(mut ready) = self.0.readable().await else { return std::future::pending().await };
                let mut expirations = [0; 8];
                match ready.try_io(|timer| Ok(rustix::io::read(timer.get_ref(), &mut expirations)?)) {
                    Ok(_) => return,
                    // The timer was set again in the meantime.
                    Err(_would_block) => {}
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn timer_fires_at_the_deadline_and_not_before() {
        let start = Instant::now();
        let mut timer = BoottimeTimer::new();
        assert_eq!(timer.polling_interval().is_none(), cfg!(target_os = "linux"));
        timer.set(Some(start + Duration::from_secs(3_600)));
        timer.set(Some(start + Duration::from_millis(20)));
        timer.wait().await;
        assert!(start.elapsed() >= Duration::from_millis(20));
        // A deadline in the past fires immediately, a removed one never.
        timer.set(Some(start));
        timer.wait().await;
        timer.set(None);
        let result = tokio::time::timeout(Duration::from_millis(20), timer.wait()).await;
        assert!(result.is_err());
    }
}
