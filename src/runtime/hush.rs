//! What may be written for people to read: the log, standard error, a panic's message. No secret of this process is let
//! out, and nothing that a terminal obeys.
//!
//! The secrets are set once, before anything is written. Knows no outlet.

use std::io::{self, Write};
use std::sync::OnceLock;

use crate::config::{Secret, Settings};
use crate::text::{SafeText, redact};

static SECRETS: OnceLock<Vec<Secret>> = OnceLock::new();

/// From now on the key and the token of `settings` leave the log and standard error as `***`.
pub fn keep_secret(settings: &Settings) {
    let secrets = settings.token.iter().chain([&settings.api_key]).filter(|secret| !secret.is_empty());
    // There is one account in a process; a second one in a test keeps the first's.
    let _ = SECRETS.set(secrets.cloned().collect());
}

/// `text` as it may be written for people to read: without the secrets of this process, and without anything that a
/// terminal would obey.
pub(super) fn harmless(text: &str) -> String {
    // Before, since what is made safe may spell a secret otherwise; and behind, since it may have joined one.
    hush(&SafeText::block(&hush(text)))
}

fn hush(text: &str) -> String {
    redact(text, SECRETS.get().into_iter().flatten().map(Secret::reveal))
}

/// A log that lets no secret through, and nothing that a terminal obeys. Each write is one whole event: that is how
/// `tracing_subscriber` writes.
pub(super) struct Hushed<W>(pub(super) W);

impl<W: Write> Write for Hushed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_all(harmless(&String::from_utf8_lossy(bytes)).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_log_loses_what_follows_bearer() {
        let mut out = Hushed(Vec::new());
        let line = b"the socket reports error=x?auth=Bearer%20eyJ.a.b\n";
        assert_eq!(out.write(line).ok(), Some(line.len()));
        assert_eq!(out.0, b"the socket reports error=x?auth=Bearer%20***\n");
    }

    #[test]
    fn a_line_of_the_log_is_text_whatever_it_quotes() {
        let mut out = Hushed(Vec::new());
        let bytes = b"WARN it said \x1b]0;owned\x07 and \xc2\x9b2J, \xff\n";
        assert_eq!(out.write(bytes).ok(), Some(bytes.len()));
        assert_eq!(String::from_utf8_lossy(&out.0), "WARN it said ␛ and ␛, \u{fffd}\n");
    }

    #[test]
    fn neither_hides_the_other() {
        let told = harmless("\u{1b}]0;Bearer eyJ.1\u{7} auth=\u{1b}[31meyJ.2 (Bearer eyJ.3\u{9b}2J)");
        assert!(told.chars().all(|c| !c.is_control()) && !told.contains("eyJ"), "{told:?}");
    }
}
