//! Decoding a frame into an event, compared with parsing its JSON, which the socket library does anyway.

use minchat_tui::protocol::minchat::MinChat;
use minchat_tui::protocol::{Frame, Protocol};
use serde_json::Value;

use test_support::flood;
use test_support::measure::ratio::compare;

/// Maximum ratio to the baseline.
const LIMIT: f64 = 2.0;

/// Runs this section and prints its result.
pub(crate) fn measure() {
    let text = flood::message(0).to_string();
    let mut adapter = MinChat::new("k");
    let parse = || serde_json::from_str::<Value>(&text);
    let decode = || {
        let args = serde_json::from_str(&text).into_iter().collect();
        adapter.decode(Frame::Event { name: "message".to_owned(), args })
    };
    compare("decode a message", ("its JSON alone", LIMIT), decode, parse);
}
