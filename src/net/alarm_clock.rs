//! A timer that runs on while the machine sleeps.
//!
//! Tokio's stands still meanwhile, as the steady clock does, and wakes its thread three times for one ring that is far off.
//! Linux has a better one, by the time since the machine was started: it rings once, and as soon as the machine is awake
//! when its time came during the sleep.

use std::time::Duration;

use tokio::time::Instant;

#[cfg(target_os = "linux")]
use linux::Timer;

/// See the top of this file.
#[derive(Debug, Default)]
pub(super) struct AlarmClock {
    at: Option<Instant>,
    #[cfg(target_os = "linux")]
    timer: Option<Timer>,
}

impl AlarmClock {
    /// One that rings at no time. To be made where a runtime is.
    pub(super) fn new() -> Self {
        Self {
            at: None,
            #[cfg(target_os = "linux")]
            timer: Timer::new().ok(),
        }
    }

    /// How often it has to be looked whether the machine slept, since this timer would not tell.
    pub(super) fn blind_for(&self) -> Option<Duration> {
        #[cfg(target_os = "linux")]
        if self.timer.is_some() {
            return None;
        }
        Some(Duration::from_secs(5))
    }

    /// It is to ring at this time, and at no other.
    pub(super) fn set(&mut self, at: Option<Instant>) {
        if std::mem::replace(&mut self.at, at) == at {
            return;
        }
        #[cfg(target_os = "linux")]
        if let Some(timer) = &self.timer
            && let Err(error) = timer.set(at.map(|at| at.saturating_duration_since(Instant::now())))
        {
            tracing::warn!(%error, "the system's timer cannot be set; tokio's is used");
            self.timer = None;
        }
    }

    /// Waits until it rings. It goes on ringing until it is set anew.
    pub(super) async fn rings(&self) {
        let Some(at) = self.at else { return std::future::pending().await };
        #[cfg(target_os = "linux")]
        if let Some(timer) = &self.timer {
            return timer.rings().await;
        }
        tokio::time::sleep_until(at).await;
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

    /// The system's timer, by the time since the machine was started.
    #[derive(Debug)]
    pub(super) struct Timer(AsyncFd<OwnedFd>);

    impl Timer {
        pub(super) fn new() -> io::Result<Self> {
            let timer = timerfd_create(TimerfdClockId::Boottime, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC)?;
            #[allow(deprecated, reason = "its replacement is unsafe; an owned descriptor meets what that asks for")]
            let timer = AsyncFd::with_interest(timer, Interest::READABLE)?;
            Ok(Self(timer))
        }

        /// Rings after so long; not at all without it.
        pub(super) fn set(&self, after: Option<Duration>) -> io::Result<()> {
            let never = Timespec { tv_sec: 0, tv_nsec: 0 };
            // Nothing at all would take the alarm back instead of ringing.
            let after = after.map(|after| after.max(Duration::from_millis(1)));
            let it_value = after.and_then(|after| Timespec::try_from(after).ok()).unwrap_or(never);
            let when = Itimerspec { it_interval: never, it_value };
            timerfd_settime(&self.0, TimerfdTimerFlags::empty(), &when)?;
            Ok(())
        }

        pub(super) async fn rings(&self) {
            loop {
                let Ok(mut ready) = self.0.readable().await else { return std::future::pending().await };
                let mut times = [0; 8];
                match ready.try_io(|timer| Ok(rustix::io::read(timer.get_ref(), &mut times)?)) {
                    Ok(_) => return,
                    // It was set anew meanwhile.
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
    async fn it_rings_when_it_is_set_to_and_not_before() {
        let begun = Instant::now();
        let mut alarm = AlarmClock::new();
        assert_eq!(alarm.blind_for().is_none(), cfg!(target_os = "linux"));
        alarm.set(Some(begun + Duration::from_secs(3_600)));
        alarm.set(Some(begun + Duration::from_millis(20)));
        alarm.rings().await;
        assert!(begun.elapsed() >= Duration::from_millis(20));
        // What is past rings at once, and what was taken back never.
        alarm.set(Some(begun));
        alarm.rings().await;
        alarm.set(None);
        let silent = tokio::time::timeout(Duration::from_millis(20), alarm.rings()).await;
        assert!(silent.is_err());
    }
}
