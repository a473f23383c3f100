//! The choices that make an account: which service, where it is, and what opens it.

use std::path::{Path, PathBuf};

use super::file::Value;
use super::knob::Knob;
use super::lookup::{Found, Lookup, Source};
use super::problem::suggestion;
use super::secret::{KeySource, Reach, Secret, others_can_read};
use super::settings::Backend;
use super::validate;

/// What opens the account.
pub(super) struct Credentials {
    /// The API key, or the hash key; empty when there is a token.
    pub(super) api_key: Secret,
    /// The token.
    pub(super) token: Option<Secret>,
}

impl Default for Credentials {
    fn default() -> Self {
        Self { api_key: Secret::new(""), token: None }
    }
}

impl Lookup<'_> {
    pub(super) fn backend(&mut self) -> Backend {
        let (text, source) = match self.said("backend") {
            Some(found) => (found.text().to_owned(), found.source),
            None => (Backend::MinChat.name().to_owned(), Source::Default),
        };
        let outcome = Backend::by_name(&text).ok_or_else(|| {
            let names = Backend::ALL.map(Backend::name);
            match suggestion(&text, names) {
                Some(meant) => format!("There is no back end `{text}`. Did you mean `{meant}`?"),
                None => format!("There is no back end `{text}`. There are: {}.", names.join(", ")),
            }
        });
        self.checked("backend", &source, outcome).unwrap_or(Backend::MinChat)
    }

    pub(super) fn url(&mut self, backend: Backend) -> String {
        let plain = self.switch("allow_plain_http", false);
        let (text, source) = match self.said("url") {
            Some(found) => (found.text().to_owned(), found.source),
            None if backend == Backend::VChat => {
                let sentence = "There is no address, and V Chat has no server that all share. Give yours with --url, in \
                                MINCHAT_URL, or write `url = \"https://chat.example.com\"` into the profile.";
                self.problems.push(None, sentence);
                return String::new();
            }
            None => ("https://api.minchat.io".to_owned(), Source::Default),
        };
        let mut outcome = validate::url(&text, plain);
        if backend == Backend::VChat {
            outcome = outcome.and_then(validate::root);
        }
        self.checked("url", &source, outcome).unwrap_or_default()
    }

    pub(super) fn credentials(&mut self, backend: Backend) -> Credentials {
        match backend {
            Backend::MinChat => {
                self.does_nothing("token", "which has `api_key` instead");
                let Some(found) = self.said("api_key") else {
                    self.missing("API key", "api_key", "api_key = { command = [\"pass\", \"show\", \"minchat\"] }");
                    return Credentials::default();
                };
                let sound = |key: &str| validate::word("API key", key, "Copy it once more from MinChat's dashboard.");
                let api_key = self.secret("api_key", "API key", &found, sound);
                Credentials { api_key: api_key.unwrap_or_else(|| Secret::new("")), token: None }
            }
            Backend::VChat => self.hash_key_or_token(),
        }
    }

    fn hash_key_or_token(&mut self) -> Credentials {
        match (self.said("api_key"), self.said("token")) {
            (Some(found), None) => {
                // It goes into no header: passwords are derived from it, whatever stands in it.
                let api_key = self.secret("api_key", "hash key", &found, |key| validate::line("hash key", key));
                Credentials { api_key: api_key.unwrap_or_else(|| Secret::new("")), token: None }
            }
            (None, Some(found)) => {
                let advice = "Write it without `Bearer`, as the server gave it.";
                let token = self.secret("token", "token", &found, |token| validate::word("token", token, advice));
                Credentials { token, ..Credentials::default() }
            }
            (Some(key), Some(token)) => {
                let sentence = format!(
                    "There are both a hash key ({}) and a token ({}), and only one of them can open the account. Leave \
                     one out.",
                    key.source, token.source
                );
                self.refuse(&token.source, sentence);
                Credentials::default()
            }
            (None, None) => {
                let sentence = "There is no hash key and no token. Give the server's hash key with --api-key, in \
                                MINCHAT_API_KEY or as `api_key` in a profile, or a user's token in MINCHAT_TOKEN or as \
                                `token` in a profile; `minchat-tui demo --backend vchat` works without an account.";
                self.problems.push(None, sentence);
                Credentials::default()
            }
        }
    }

    /// The secret that was found, fetched from where it is kept and checked.
    fn secret(
        &mut self,
        key: &'static str,
        what: &str,
        found: &Found,
        sound: impl FnOnce(&str) -> Result<String, String>,
    ) -> Option<Secret> {
        let empty = KeySource::Plain(Secret::new(""));
        let source = if let Value::Secret(source) = &found.value { source } else { &empty };
        let (paths, base) = (&self.surroundings.paths, self.base.as_deref());
        let path = |written: &str| paths.resolve(written, base);
        let reach = Reach { variable: self.surroundings.variable, path: &path };
        let fetched = source.fetch(key, what, &reach);
        let kept = if let KeySource::File(written) = source { Some(path(written)) } else { None };
        let secret = fetched.and_then(|secret| sound(secret.reveal())).map(Secret::new);
        let secret = self.checked(key, &found.source, secret)?;
        self.warn_of_readers(key, what, found, kept);
        Some(secret)
    }

    /// Warns of a secret that stands where others can read it.
    fn warn_of_readers(&mut self, key: &str, what: &str, found: &Found, kept: Option<PathBuf>) {
        let plain = matches!(found.value, Value::Secret(KeySource::Plain(_)));
        match (&found.source, kept) {
            (Source::Option(option), _) => {
                let variable = Knob::by_key(key).and_then(|knob| knob.variable).unwrap_or_default();
                let sentence = format!(
                    "{option} shows the {what} to everybody who lists the processes of this machine. Put it into the \
                     variable {variable}, or into the profile as `{key} = {{ file = \"…\" }}` or {{ command = [\"…\"] }}."
                );
                self.warn(&found.source, sentence);
            }
            (source, Some(path)) if others_can_read(&path) => {
                let shown = path.display();
                let sentence =
                    format!("Others can read {shown}, which holds the {what}. `chmod 600 {shown}` keeps them out.");
                self.warn(source, sentence);
            }
            (source @ Source::Written(place), None) if plain && others_can_read(Path::new(&place.file)) => {
                let shown = &place.file;
                let sentence = format!(
                    "Others can read this file, and the {what} stands in it. `chmod 600 {shown}` keeps them out; \
                     {{ file = \"…\" }} or {{ command = [\"…\"] }} keeps it elsewhere."
                );
                self.warn(source, sentence);
            }
            _ => {}
        }
    }

    pub(super) fn call_command(&mut self, backend: Backend) -> Vec<String> {
        if backend == Backend::MinChat {
            self.does_nothing("call_command", "which has no calls");
            return Vec::new();
        }
        self.command("call_command").unwrap_or_default()
    }

    pub(super) fn user(&mut self) -> String {
        if self.said("user").is_none() {
            self.missing("user", "user", "user = \"alice\"");
        }
        self.line("user", "user name").unwrap_or_default()
    }

    /// Refuses a key of a profile that this back end has no use for. A variable may be meant for another profile.
    fn does_nothing(&mut self, key: &'static str, since: &str) {
        if let Some(Found { source: source @ Source::Written(_), .. }) = self.said(key) {
            let sentence = format!(
                "`{key}` does nothing on MinChat, {since}. Leave the line out, or write `backend = \"vchat\"` above it."
            );
            self.refuse(&source, sentence);
        }
    }

    fn missing(&mut self, what: &str, key: &str, example: &str) {
        let Some(knob) = Knob::by_key(key) else { return };
        let (option, variable) = (knob.option.unwrap_or_default(), knob.variable.unwrap_or_default());
        let sentence = format!(
            "There is no {what}. Give it with {option}, in {variable}, or write `{example}` into a profile; \
             `minchat-tui demo` works without an account."
        );
        self.problems.push(None, sentence);
    }
}
