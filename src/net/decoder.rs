//! Turns a socket's frames into events of the feed, on the socket's own thread.
//!
//! Knows no connection: it only shares the adapter with the driver.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::protocol::{Frame, Protocol};
use crate::text::SafeText;

use super::feed::FeedSender;
use super::socket::Sink;

/// How much of an event's name is logged; a server may call it anything.
const NAME: usize = 64;

/// The adapter of a connection.
pub(super) type Adapter = Arc<Mutex<Box<dyn Protocol>>>;

/// The adapter is shared with the socket's thread; either holds it for one frame at a time. A panic while decoding
/// leaves it usable: it holds names, and no half-made change of them does harm.
pub(super) fn lock(adapter: &Adapter) -> MutexGuard<'_, Box<dyn Protocol>> {
    adapter.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Decodes on the socket's thread, straight into the feed. `examples/flood` measures why: of 4.4 µs of processor time a
/// message 3.1 are the library's; with frames handed to another thread for decoding it was 7 to 18, since each was a
/// wake-up and its tree was freed by a thread that had not allocated it.
pub(super) struct Decoder {
    pub(super) protocol: Adapter,
    pub(super) feed: FeedSender,
}

impl Sink for Decoder {
    fn frame(&self, frame: Frame) -> bool {
        if let Frame::Event { name, .. } = &frame {
            // The name alone: what people write stands in the arguments.
            tracing::debug!("event {}", event_name(name));
        }
        let decoded = lock(&self.protocol).decode(frame);
        match decoded {
            Ok(events) => {
                let mut wake = false;
                for event in events {
                    wake |= self.feed.push_quietly(event);
                }
                wake
            }
            Err(error) => {
                tracing::debug!(%error, "an event is left out");
                false
            }
        }
    }

    fn flush(&self) {
        self.feed.wake();
    }
}

fn event_name(name: &str) -> SafeText {
    SafeText::line(&name.chars().take(NAME).collect::<String>())
}
