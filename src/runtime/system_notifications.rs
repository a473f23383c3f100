//! Notifications through the service of the desktop, in builds with the feature `system-notifications`.
//!
//! Talking to the service blocks, so a thread does it. It starts with the first notification.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use crate::app::{Notification, NotificationId};

/// Maximum number of notifications that wait. Further ones are dropped, since the service does not keep up.
const MAX_WAITING: usize = 16;

/// Maximum number of withdrawals that wait: as many as the service could still show.
const MAX_WITHDRAWALS: usize = 64;

/// What the thread is to do.
#[derive(Debug)]
enum Order {
    Show(Notification),
    Withdraw(NotificationId),
}

/// The orders that wait.
#[derive(Debug, Default)]
struct Waiting {
    orders: VecDeque<Order>,
    /// Whether no more orders come.
    is_closed: bool,
}

impl Waiting {
    /// Adds a notification instead of an earlier one with the same id. Returns false if too many wait.
    fn show(&mut self, notification: Notification) -> bool {
        self.orders.retain(|order| !matches!(order, Order::Show(waiting) if waiting.id == notification.id));
        let count = self.orders.iter().filter(|order| matches!(order, Order::Show(_))).count();
        let has_space = count < MAX_WAITING;
        if has_space {
            self.orders.push_back(Order::Show(notification));
        }
        has_space
    }

    /// Adds a withdrawal. A notification that still waits is not shown at all. Notifications take no space from
    /// withdrawals, because the message may have been deleted; of too many withdrawals, the oldest is dropped.
    fn withdraw(&mut self, id: NotificationId) {
        self.orders.retain(|order| match order {
            Order::Show(waiting) => waiting.id != id,
            Order::Withdraw(waiting) => *waiting != id,
        });
        let is_withdrawal = |order: &Order| matches!(order, Order::Withdraw(_));
        if self.orders.iter().filter(|order| is_withdrawal(order)).count() == MAX_WITHDRAWALS
            && let Some(oldest) = self.orders.iter().position(is_withdrawal)
        {
            self.orders.remove(oldest);
        }
        self.orders.push_back(Order::Withdraw(id));
    }
}

/// The orders, shared with the thread.
#[derive(Default)]
struct Orders {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

impl Orders {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the next order; `None` if no more come.
    fn next(&self) -> Option<Order> {
        let waiting = self.changed.wait_while(self.lock(), |waiting| waiting.orders.is_empty() && !waiting.is_closed);
        waiting.unwrap_or_else(PoisonError::into_inner).orders.pop_front()
    }
}

/// Passes notifications to the thread.
#[derive(Default)]
pub(super) struct SystemNotifications {
    /// The orders of the thread; `None` until it has started.
    orders: Option<Arc<Orders>>,
}

impl SystemNotifications {
    /// Shows a notification. `report` gets a sentence for the user when one cannot be shown for the first time.
    pub(super) fn show(&mut self, notification: Notification, report: impl FnOnce(String) + Send + 'static) {
        let orders = match &self.orders {
            Some(orders) => orders,
            None => match start(report) {
                Ok(orders) => self.orders.insert(orders),
                // The next notification tries again.
                Err(error) => {
                    tracing::warn!(%error, "a notification was not shown: its thread cannot be started");
                    return;
                }
            },
        };
        if !orders.lock().show(notification) {
            tracing::warn!("a notification was dropped: the service of the desktop does not keep up");
        }
        orders.changed.notify_one();
    }

    /// Withdraws a notification, if it is still shown.
    pub(super) fn withdraw(&self, id: NotificationId) {
        if let Some(orders) = &self.orders {
            orders.lock().withdraw(id);
            orders.changed.notify_one();
        }
    }
}

impl Drop for SystemNotifications {
    fn drop(&mut self) {
        if let Some(orders) = &self.orders {
            orders.lock().is_closed = true;
            orders.changed.notify_one();
        }
    }
}

/// Starts the thread.
fn start(report: impl FnOnce(String) + Send + 'static) -> io::Result<Arc<Orders>> {
    let orders = Arc::new(Orders::default());
    let received = Arc::clone(&orders);
    thread::Builder::new().name("notifications".to_owned()).spawn(move || run(&received, report))?;
    Ok(orders)
}

#[cfg(feature = "system-notifications")]
fn run(orders: &Orders, report: impl FnOnce(String)) {
    let (mut service, mut report) = (service::Service::default(), Some(report));
    while let Some(order) = orders.next() {
        match order {
            Order::Show(notification) => {
                let Err(error) = service.show(&notification) else { continue };
                tracing::warn!(%error, "a notification was not shown");
                if let Some(report) = report.take() {
                    report(format!("The desktop did not show a notification: {error}. Choose another notify_desktop."));
                }
            }
            Order::Withdraw(id) => service.withdraw(id),
        }
    }
}

/// Never called: the configuration refuses notifications through the system in this build.
#[cfg(not(feature = "system-notifications"))]
fn run(orders: &Orders, _: impl FnOnce(String)) {
    while let Some(order) = orders.next() {
        match order {
            Order::Show(notification) => tracing::warn!(title = notification.title, "not shown in this build"),
            Order::Withdraw(id) => tracing::warn!(?id, "not withdrawn in this build"),
        }
    }
}

#[cfg(feature = "system-notifications")]
mod service {
    //! The notification service, through the crate `notify-rust`.

    use std::collections::VecDeque;

    use notify_rust::NotificationHandle;

    use crate::app::{Notification, NotificationId};

    /// Maximum number of notifications that can be withdrawn. Each of them keeps a connection to the service.
    const MAX_SHOWN: usize = 8;

    #[derive(Default)]
    pub(super) struct Service {
        shown: VecDeque<(NotificationId, NotificationHandle)>,
    }

    impl Service {
        /// Shows a notification instead of an earlier one with the same id.
        pub(super) fn show(&mut self, notification: &Notification) -> notify_rust::error::Result<()> {
            self.withdraw(notification.id);
            let mut shown = notify_rust::Notification::new();
            shown.appname("minchat-tui").summary(&notification.title).body(&body(&notification.body));
            #[cfg(all(unix, not(target_os = "macos")))]
            if notification.is_urgent {
                shown.urgency(notify_rust::Urgency::Critical);
            }
            self.shown.push_back((notification.id, shown.show()?));
            self.shown.drain(..self.shown.len().saturating_sub(MAX_SHOWN));
            Ok(())
        }

        pub(super) fn withdraw(&mut self, id: NotificationId) {
            if let Some(at) = self.shown.iter().position(|(shown, _)| *shown == id)
                && let Some((_, handle)) = self.shown.remove(at)
            {
                #[cfg(all(unix, not(target_os = "macos")))]
                handle.close();
                #[cfg(not(all(unix, not(target_os = "macos"))))]
                drop(handle);
            }
        }
    }

    /// Returns the text as the markup that services on Linux read.
    fn body(text: &str) -> String {
        if cfg!(all(unix, not(target_os = "macos"))) {
            text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
        } else {
            text.to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::DesktopNotifications;
    use crate::domain::AccountId;

    fn id(number: u64) -> NotificationId {
        NotificationId { account: AccountId(0), number }
    }

    fn notification(number: u64) -> Notification {
        let (title, body) = (format!("Message {number}"), String::new());
        Notification { id: id(number), title, body, is_urgent: false, channel: DesktopNotifications::System }
    }

    /// Regression test: with 16 orders waiting, the withdrawal of a deleted message was dropped.
    #[test]
    fn withdrawal_is_not_dropped_when_many_orders_wait() {
        let mut waiting = Waiting::default();
        assert!((0..16).all(|number| waiting.show(notification(number))));
        assert!(!waiting.show(notification(16)), "the service does not keep up");
        waiting.withdraw(id(99));
        assert!(matches!(waiting.orders.back(), Some(Order::Withdraw(last)) if *last == id(99)));
        waiting.withdraw(id(3));
        let is_third = |order: &Order| matches!(order, Order::Show(waiting) if waiting.id == id(3));
        assert!(!waiting.orders.iter().any(is_third), "what is withdrawn is not shown first");
        (100..200).for_each(|number| waiting.withdraw(id(number)));
        assert_eq!(waiting.orders.len(), 15 + MAX_WITHDRAWALS);
        assert!(waiting.show(notification(4)), "it replaces the one that waits");
    }

    #[test]
    fn orders_that_wait_are_carried_out_before_the_end() {
        let orders = Orders::default();
        orders.lock().show(notification(1));
        orders.lock().is_closed = true;
        assert!(matches!(orders.next(), Some(Order::Show(_))));
        assert!(orders.next().is_none());
    }
}
