//! Decodes socket events on the socket's own thread and pushes them into the feed.

use crate::protocol::Frame;
use crate::text::SafeText;

use super::feed::FeedSender;
use super::shared_protocol::SharedProtocol;
use super::socket::FrameSink;
use super::tap::SocketTap;

/// Maximum length of an event's name in the log, in characters. The server chooses the name.
const LOGGED_NAME_CHARS: usize = 64;

/// The sink of every generation of a connection.
///
/// It decodes on the socket's thread because that is cheaper. `examples/flood` measured 4.4 µs of CPU time per message,
/// of which the library uses 3.1. When frames were passed to another thread for decoding, a message took 7 to 18 µs,
/// since every frame woke that thread, which also freed memory that it had not allocated.
pub(super) struct Decoder {
    pub(super) protocol: SharedProtocol,
    pub(super) feed: FeedSender,
    pub(super) tap: SocketTap,
}

impl FrameSink for Decoder {
    fn receive(&self, frame: Frame) -> bool {
        if let Frame::Event { name, .. } = &frame {
            // Only the name: the arguments hold private messages.
            tracing::debug!("event {}", SafeText::line(&self.quote(name, LOGGED_NAME_CHARS)));
        }
        let decoded = self.protocol.decode(frame);
        self.tap.decoded(&decoded);
        match decoded {
            Ok(events) => {
                let mut must_wake = false;
                for event in events {
                    must_wake |= self.feed.push_without_wakeup(event);
                }
                must_wake
            }
            Err(error) => {
                tracing::debug!(%error, "skipped an event that cannot be read");
                false
            }
        }
    }

    fn lose(&self) {
        tracing::debug!("the socket library did not deliver an event");
        self.feed.lose();
    }

    fn quote(&self, text: &str, count: usize) -> String {
        self.protocol.quote(text, count)
    }

    fn tap(&self) -> SocketTap {
        self.tap.clone()
    }

    fn flush(&self) {
        self.feed.wake();
    }
}
