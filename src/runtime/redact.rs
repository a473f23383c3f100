//! Redaction of everything that is written for people to read: the log, standard error and panic messages.
//!
//! Written text contains neither a secret of this process nor a character that controls a terminal. The keys and tokens
//! of the settings are registered before anything is written; `session_secrets.rs` registers the secrets that an
//! account gets later, such as the token of each session.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{PoisonError, RwLock};

use crate::config::{Settings, quotable_path};
use crate::domain::AccountId;
use crate::text::{SafeText, Secrets};

/// The secrets of the process. Global, because the panic hook and the log need them.
static SECRETS: RwLock<Registry> = RwLock::new(Registry::new());

struct Registry {
    /// Keys and tokens of settings.
    settings: Secrets,
    /// The current secrets of each connection.
    sessions: BTreeMap<AccountId, Secrets>,
    /// All of them.
    all: Secrets,
    /// Paths that the user has named, which stay readable even if a short key is a word of them.
    paths: Vec<String>,
}

impl Registry {
    const fn new() -> Self {
        Self { settings: Secrets::new(), sessions: BTreeMap::new(), all: Secrets::new(), paths: Vec::new() }
    }

    fn collect(&mut self) {
        self.all = self.settings.clone();
        self.sessions.values().for_each(|session| self.all.extend(session));
    }
}

/// Registers the API key and the token of `settings`. From now on they are written as `***`.
pub fn redact_secrets_of(settings: &Settings) {
    let mut registry = SECRETS.write().unwrap_or_else(PoisonError::into_inner);
    let secrets = settings.profiles().flat_map(|settings| settings.token.iter().chain([&settings.api_key]));
    for secret in secrets.filter(|secret| !secret.is_public()) {
        registry.settings.insert(secret.reveal());
    }
    registry.collect();
}

/// Registers the paths among these words, which the user has typed or set.
pub fn show_paths(words: impl IntoIterator<Item = String>) {
    let is_path = |word: &String| !word.is_empty() && quotable_path(Path::new(word)) == *word;
    let paths = words.into_iter().filter(is_path).collect();
    SECRETS.write().unwrap_or_else(PoisonError::into_inner).paths = paths;
}

/// Registers the secrets of a connection, in place of those that it had before.
pub(super) fn redact_session(account: AccountId, secrets: &Secrets) {
    let mut registry = SECRETS.write().unwrap_or_else(PoisonError::into_inner);
    if registry.sessions.get(&account) != Some(secrets) {
        registry.sessions.insert(account, secrets.clone());
        registry.collect();
    }
}

/// Returns `text` without secrets and control characters.
pub fn redacted(text: &str) -> String {
    // Twice, because sanitising may change how a secret is written, and may also join the parts of one.
    without_secrets(&SafeText::block(&without_secrets(text)))
}

/// Returns the secrets that are known now.
pub(super) fn known_secrets() -> Secrets {
    SECRETS.read().unwrap_or_else(PoisonError::into_inner).all.clone()
}

fn without_secrets(text: &str) -> String {
    let registry = SECRETS.read().unwrap_or_else(PoisonError::into_inner);
    registry.all.redact_except_paths(text, &registry.paths)
}

/// A writer that redacts its input. Each call of `write` must be a complete line, as `tracing_subscriber` does it: a
/// secret that is split between two calls would not be found.
pub(super) struct RedactingWriter<W>(pub(super) W);

impl<W: Write> Write for RedactingWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_all(redacted(&String::from_utf8_lossy(bytes)).as_bytes())?;
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
    fn bearer_token_is_removed_from_a_log_line() {
        let mut out = RedactingWriter(Vec::new());
        let line = b"the socket reports error=x?auth=Bearer%20eyJ.a.b\n";
        assert_eq!(out.write(line).ok(), Some(line.len()));
        assert_eq!(out.0, b"the socket reports error=x?auth=Bearer%20***\n");
    }

    #[test]
    fn control_sequences_are_removed_from_a_log_line() {
        let mut out = RedactingWriter(Vec::new());
        let bytes = b"WARN it said \x1b]0;owned\x07 and \xc2\x9b2J, \xff\n";
        assert_eq!(out.write(bytes).ok(), Some(bytes.len()));
        assert_eq!(String::from_utf8_lossy(&out.0), "WARN it said ␛ and ␛, \u{fffd}\n");
    }

    #[test]
    fn control_sequences_do_not_hide_tokens() {
        let text = redacted("\u{1b}]0;Bearer eyJ.1\u{7} auth=\u{1b}[31meyJ.2 (Bearer eyJ.3\u{9b}2J)");
        assert!(text.chars().all(|c| !c.is_control()) && !text.contains("eyJ"), "{text:?}");
    }

    /// Regression test: with the key `test`, nobody could read which file in a folder `test` was meant.
    #[test]
    fn short_key_is_readable_inside_of_a_path_that_the_user_named() {
        redact_secrets_of(&Settings::new("https://x", "quux", "alice"));
        redact_secrets_of(&Settings::new("https://x", "longerquux", "alice"));
        let named = ["/nowhere/quux/session.ndjson", "/nowhere/longerquux/x.log", "quux"];
        show_paths(named.map(str::to_owned));
        for (text, shown) in [
            ("/nowhere/quux/session.ndjson is missing", "/nowhere/quux/session.ndjson is missing"),
            ("/elsewhere/quux is missing", "/elsewhere/*** is missing"),
            ("/nowhere/longerquux/x.log", "/nowhere/***/x.log"),
            ("the key is quux", "the key is ***"),
        ] {
            assert_eq!(redacted(text), shown);
        }
    }

    #[test]
    fn secrets_of_all_accounts_are_removed() {
        for key in ["first-account-key", "second-account-key"] {
            redact_secrets_of(&Settings::new("https://x", key, "alice"));
        }
        assert_eq!(redacted("a first-account-key and a second-account-key"), "a *** and a ***");
    }
}
