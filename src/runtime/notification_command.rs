//! The program for notifications: it gets each of them as a JSON object on standard input.
//!
//! The fields, all of which are always there: `event` (`message` or `call`), `profile`, `title` and `body` (as a
//! notification would show them), `count`, `mention`, `direct`, `rooms` (titles), `sender` and `text` (or null).

use std::io::{self, Write};
use std::process::Stdio;

use serde_json::json;

use crate::app::NotificationFacts;

use super::programs::start;

/// Starts the program, passes it the facts and waits for its end. Whether it succeeds is its own business.
pub(super) fn run(argv: &[String], secret_variables: &[String], facts: &NotificationFacts) -> io::Result<()> {
    let mut program = start(argv, None, secret_variables, Stdio::piped())?;
    #[cfg(unix)]
    let input = program.stdin().take();
    #[cfg(not(unix))]
    let input = program.stdin.take();
    if let Some(mut input) = input {
        // A program need not read its input.
        let _ = writeln!(input, "{}", to_json(facts));
    }
    program.wait().map(drop)
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
