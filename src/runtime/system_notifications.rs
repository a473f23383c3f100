//! Notifications through the service of the desktop, in builds with the feature `system-notifications`.
//!
//! Talking to the service blocks, so a thread does it. It starts with the first notification.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use crate::app::{Notification, NotificationId};

/// Maximum number of orders that wait. Further ones are dropped, since the service does not keep up.
const MAX_WAITING: usize = 16;

/// What the thread is to do.
enum Order {
    Show(Notification),
    Withdraw(NotificationId),
}

/// Passes notifications to the thread.
#[derive(Default)]
pub(super) struct SystemNotifications {
    orders: Option<SyncSender<Order>>,
}

impl SystemNotifications {
    /// Shows a notification. `report` gets a sentence for the user when one cannot be shown for the first time.
    pub(super) fn show(&mut self, notification: Notification, report: impl FnOnce(String) + Send + 'static) {
        let orders = self.orders.get_or_insert_with(|| {
            let (orders, received) = sync_channel(MAX_WAITING);
            let run = move || run(&received, report);
            if let Err(error) = thread::Builder::new().name("notifications".to_owned()).spawn(run) {
                tracing::warn!(%error, "notifications cannot be shown");
            }
            orders
        });
        if orders.try_send(Order::Show(notification)).is_err() {
            tracing::warn!("a notification was dropped: the service of the desktop does not keep up");
        }
    }

    /// Withdraws a notification, if it is still shown.
    pub(super) fn withdraw(&self, id: NotificationId) {
        if let Some(orders) = &self.orders {
            let _ = orders.try_send(Order::Withdraw(id));
        }
    }
}

#[cfg(feature = "system-notifications")]
fn run(orders: &Receiver<Order>, report: impl FnOnce(String)) {
    let (mut service, mut report) = (service::Service::default(), Some(report));
    while let Ok(order) = orders.recv() {
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
fn run(orders: &Receiver<Order>, _: impl FnOnce(String)) {
    for order in orders {
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
