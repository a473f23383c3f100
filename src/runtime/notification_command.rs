//! The program for notifications: it gets each of them as a JSON object on standard input.
//!
//! The fields, all of which are always there: `event` (`message` or `call`), `profile`, `title` and `body` (as a
//! notification would show them), `count`, `mention`, `direct`, `rooms` (titles), `sender` and `text` (or null).

use std::io;
use std::time::Duration;

use serde_json::json;

use crate::app::NotificationFacts;

use super::programs::run_with_input;

/// Time after which the program is killed, because it hangs.
const LIMIT: Duration = Duration::from_secs(60);

/// Starts the program, passes it the facts and waits for its end. Whether it succeeds is its own business.
pub(super) fn run(argv: &[String], secret_variables: &[String], facts: &NotificationFacts) -> io::Result<()> {
    match run_with_input(argv, secret_variables, format!("{}\n", to_json(facts)), LIMIT) {
        Err(error) if error.kind() == io::ErrorKind::TimedOut => {
            tracing::warn!("notify_command was killed, because it did not end");
            Ok(())
        }
        ended => ended,
    }
}

fn to_json(facts: &NotificationFacts) -> serde_json::Value {
    json!({
        "event": if facts.is_call { "call" } else { "message" },
        "profile": facts.profile,
        "title": facts.title,
        "body": facts.body,
        "count": facts.count,
        "mention": facts.is_mention,
        "direct": facts.is_direct,
        "rooms": facts.rooms,
        "sender": facts.sender,
        "text": facts.text,
    })
}
