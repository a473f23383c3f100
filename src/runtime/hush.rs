//! The secrets of this process, for the outlets that must not let them out: the log, standard error, a panic's message.
//!
//! Set once, before anything is written. Knows no outlet.

use std::io::{self, Write};
use std::sync::OnceLock;

use crate::config::{Secret, Settings};
use crate::text::hide;

static SECRETS: OnceLock<Vec<Secret>> = OnceLock::new();

/// From now on the key and the token of `settings` leave the log and standard error as `***`.
pub fn keep_secret(settings: &Settings) {
    let secrets = settings.token.iter().chain([&settings.api_key]).filter(|secret| !secret.is_empty());
    // There is one account in a process; a second one in a test keeps the first's.
    let _ = SECRETS.set(secrets.cloned().collect());
}

/// `text` without the secrets of this process.
pub(super) fn hush(text: &str) -> String {
    hide(text, SECRETS.get().into_iter().flatten().map(Secret::reveal))
}

/// A log that lets no secret through. Each write is one whole event: that is how `tracing_subscriber` writes.
pub(super) struct Hushed<W>(pub(super) W);

impl<W: Write> Write for Hushed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_all(hush(&String::from_utf8_lossy(bytes)).as_bytes())?;
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
}
