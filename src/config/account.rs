//! The options that describe an account: the service, its address and the credentials.

use std::path::{Path, PathBuf};

use super::file::Value;
use super::key_address::Destination;
use super::new_account::MINCHAT_URL;
use super::options::{
    ALLOW_PLAIN_HTTP, API_KEY, BACKEND, BOTH, CALL_COMMAND, OptionSpec, TOKEN, URL, USER, secret_variables,
};
use super::permissions::{others_can_change, others_can_read};
use super::resolver::{Found, Resolver, SettingsPurpose, Source};
use super::secret::{Secret, SecretContext, SecretSource};
use super::settings::Backend;
use super::validation;

/// The credentials of an account.
pub(super) struct Credentials {
    /// API key or hash key; empty if there is a token.
    pub(super) api_key: Secret,
    /// Access token.
    pub(super) token: Option<Secret>,
}

impl Default for Credentials {
    fn default() -> Self {
        Self { api_key: Secret::new(""), token: None }
    }
}

impl Resolver<'_> {
    pub(super) fn backend(&mut self) -> Backend {
        let name = self.choice(BACKEND, Backend::MinChat.name());
        if let Some(found) = self.lookup(BACKEND).filter(|_| name == BOTH && self.purpose != SettingsPurpose::Demo) {
            let sentence = "`both` works only with `minchat-tui demo`, and with `run` without --url. Name one service; \
                            for two services, `run` takes a profile of each, as in --profile A,B.";
            self.report(&found.source, sentence);
        }
        Backend::by_name(&name).unwrap_or(Backend::MinChat)
    }

    pub(super) fn url(&mut self, backend: Backend) -> String {
        let allow_plain_http = self.switch(ALLOW_PLAIN_HTTP, false);
        let (text, source) = match self.lookup(URL) {
            Some(found) => (found.text().to_owned(), found.source),
            None if backend == Backend::VChat => {
                let sentence = "No address is set, and V Chat has no public server. Set the address of your server with \
                                --url, in MINCHAT_URL, or as `url = \"https://chat.example.com\"` in a profile.";
                self.problems.push(None, sentence);
                return String::new();
            }
            None => (MINCHAT_URL.to_owned(), Source::Default),
        };
        let mut result = validation::url(&text, allow_plain_http);
        if backend == Backend::VChat {
            result = result.and_then(validation::without_path);
        }
        self.checked(URL, &source, result).unwrap_or_default()
    }

    pub(super) fn credentials(&mut self, destination: &Destination<'_>) -> Credentials {
        match destination.backend {
            Backend::MinChat => {
                self.report_ineffective(TOKEN, "MinChat uses `api_key` instead");
                let Some(found) = self.lookup(API_KEY) else {
                    self.report_missing(
                        "API key",
                        API_KEY,
                        "api_key = { command = [\"pass\", \"show\", \"minchat\"] }",
                    );
                    return Credentials::default();
                };
                let validate =
                    |key: &str| validation::word("API key", key, "Copy it again from the dashboard of MinChat.");
                let api_key = self.secret(API_KEY, "API key", &found, destination, validate);
                Credentials { api_key: api_key.unwrap_or_else(|| Secret::new("")), token: None }
            }
            Backend::VChat => self.hash_key_or_token(destination),
        }
    }

    fn hash_key_or_token(&mut self, destination: &Destination<'_>) -> Credentials {
        match (self.lookup(API_KEY), self.lookup(TOKEN)) {
            (Some(found), None) => {
                // A hash key is never sent, only used to derive passwords, so it may be any text.
                let validate = |key: &str| validation::line("hash key", key);
                let api_key = self.secret(API_KEY, "hash key", &found, destination, validate);
                Credentials { api_key: api_key.unwrap_or_else(|| Secret::new("")), token: None }
            }
            (None, Some(found)) => {
                let advice = "Write it without `Bearer`, as the server issued it.";
                let validate = |token: &str| validation::word("token", token, advice);
                let token = self.secret(TOKEN, "token", &found, destination, validate);
                Credentials { token, ..Credentials::default() }
            }
            (Some(key), Some(token)) => {
                let sentence = format!(
                    "Both a hash key ({}) and a token ({}) are set. Remove one of them.",
                    key.source, token.source
                );
                self.report(&token.source, sentence);
                Credentials::default()
            }
            (None, None) => {
                let sentence = "No hash key and no token is set. Set the hash key of the server with --api-key, in \
                                MINCHAT_API_KEY or as `api_key` in a profile, or the token of a user in MINCHAT_TOKEN or \
                                as `token` in a profile. `minchat-tui demo --backend vchat` works without an account.";
                self.problems.push(None, sentence);
                Credentials::default()
            }
        }
    }

    /// Fetches a secret from its source and checks it, unless it must not be sent to `destination`. Problems refer to
    /// the secret as `noun`.
    fn secret(
        &mut self,
        option: &OptionSpec,
        noun: &str,
        found: &Found,
        destination: &Destination<'_>,
        validate: impl FnOnce(&str) -> Result<String, String>,
    ) -> Option<Secret> {
        let empty = SecretSource::Plain(Secret::new(""));
        let source = if let Value::Secret(source) = &found.value { source } else { &empty };
        self.secrets.push((self.further.clone(), option.key, source.clone()));
        if self.running.is_some() || self.examines_all {
            // The program that prints it may ask for a password, and would need the terminal.
            self.record(option, "***", found.source.clone());
            return Some(Secret::new(""));
        }
        if !self.may_send(option, noun, found, destination) {
            return None;
        }
        let (paths, base) = (&self.environment.paths, self.base.as_deref());
        let path = |written: &str| paths.resolve(written, base);
        let hidden_variables = self.secret_variables();
        let context = SecretContext {
            hidden_variables: &hidden_variables,
            variable: self.environment.variable,
            path: &path,
            has_terminal: self.has_terminal,
        };
        let fetched = source.fetch(option.key, noun, &context);
        let file = if let SecretSource::File(written) = source { Some(path(written)) } else { None };
        let secret = fetched.and_then(|secret| validate(secret.reveal())).map(Secret::new);
        let secret = self.checked(option, &found.source, secret)?;
        self.warn_if_exposed(option, noun, found, file);
        Some(secret)
    }

    /// Returns the environment variables that may hold a secret: those of the options, and those that a profile names.
    pub(super) fn secret_variables(&self) -> Vec<String> {
        let named = self.sources_of_secrets().filter_map(|source| match source {
            SecretSource::Env(name) => Some(name.clone()),
            _ => None,
        });
        secret_variables().map(str::to_owned).chain(named).collect()
    }

    /// Returns the sources of secrets in all profiles of the file.
    fn sources_of_secrets(&self) -> impl Iterator<Item = &SecretSource> {
        let values = self.file.profiles.values().flat_map(|profile| profile.values());
        values.filter_map(|located| if let Value::Secret(source) = &located.value { Some(source) } else { None })
    }

    /// Returns all secrets that can be known without running a program or reading a file, also of other profiles.
    pub(super) fn known_secrets(&self) -> Vec<Secret> {
        let plain = self.sources_of_secrets().filter_map(|source| match source {
            SecretSource::Plain(secret) => Some(secret.clone()),
            _ => None,
        });
        let flags = [API_KEY, TOKEN].into_iter().filter_map(|option| self.cli.get(option.key).map(Secret::new));
        let variables = self.secret_variables().into_iter().filter_map(|name| (self.environment.variable)(&name));
        plain.chain(flags).chain(variables.map(Secret::new)).collect()
    }

    /// Warns about a secret that other users of the machine can read or replace. `file` is the separate file that
    /// contains the secret, if there is one.
    fn warn_if_exposed(&mut self, option: &OptionSpec, noun: &str, found: &Found, file: Option<PathBuf>) {
        let is_plain = matches!(found.value, Value::Secret(SecretSource::Plain(_)));
        let key = option.key;
        match (&found.source, file) {
            (Source::Flag(flag), _) => {
                let variable = option.variable.unwrap_or_default();
                let sentence = format!(
                    "Other users can see {flag}. Set {variable} instead, or write `{key} = {{ file = \"…\" }}` or \
                     `{key} = {{ command = [\"…\"] }}` into a profile."
                );
                self.warn(&found.source, sentence);
            }
            (source, Some(path)) if others_can_change(&path) => {
                let shown = path.display();
                let sentence = format!(
                    "Other users can change {shown}, which contains the {noun}. Make sure that it belongs to you, and run \
                     `chmod 600 {shown}`."
                );
                self.warn(source, sentence);
            }
            (source, Some(path)) if others_can_read(&path) => {
                let shown = path.display();
                let sentence =
                    format!("Other users can read {shown}, which contains the {noun}. Run `chmod 600 {shown}`.");
                self.warn(source, sentence);
            }
            (source @ Source::File(location), None) if is_plain && others_can_read(Path::new(&location.file)) => {
                let shown = &location.file;
                let sentence = format!(
                    "Other users can read this file, which contains the {noun}. Run `chmod 600 {shown}`, or move the \
                     {noun} elsewhere with {{ file = \"…\" }} or {{ command = [\"…\"] }}."
                );
                self.warn(source, sentence);
            }
            _ => {}
        }
    }

    pub(super) fn call_command(&mut self, backend: Backend) -> Vec<String> {
        if backend == Backend::MinChat {
            self.report_ineffective(CALL_COMMAND, "MinChat has no calls");
            return Vec::new();
        }
        let command = self.command(CALL_COMMAND).unwrap_or_default();
        if command.iter().any(|argument| argument.contains("{token}")) {
            let source = self.lookup(CALL_COMMAND).map_or(Source::Default, |found| found.source);
            let sentence = "{token} would show the token of the call to other users of this machine. The program gets it in \
                            the variable MINCHAT_CALL_TOKEN if an argument contains {channel}.";
            self.report(&source, sentence);
        }
        command
    }

    pub(super) fn user(&mut self) -> String {
        if self.lookup(USER).is_none() {
            self.report_missing("user name", USER, "user = \"alice\"");
        }
        self.line(USER, "user name").unwrap_or_default()
    }

    /// Whether the user was named at this start, and is another one than that of the profile.
    pub(super) fn is_other_user(&self, user: &str) -> bool {
        let of_profile = self.profile.get(USER.key).filter(|_| self.purpose != SettingsPurpose::Demo);
        of_profile.is_some_and(|own| !matches!(&own.value, Value::Text(own) if own == user))
    }

    /// Reports an option in a profile that has no effect on MinChat. An environment variable is not reported, since it
    /// may be meant for another profile.
    fn report_ineffective(&mut self, option: &OptionSpec, reason: &str) {
        if let Some(Found { source: source @ Source::File(_), .. }) = self.lookup(option) {
            let sentence = format!(
                "`{}` has no effect, because {reason}. Remove the line, or write `backend = \"vchat\"` above it.",
                option.key
            );
            self.report(&source, sentence);
        }
    }

    fn report_missing(&mut self, noun: &str, option: &OptionSpec, example: &str) {
        let (flag, variable) = (option.long_flag(), option.variable.unwrap_or_default());
        let sentence = format!(
            "No {noun} is set. Set it with {flag}, in {variable}, or as `{example}` in a profile. `minchat-tui demo` \
             works without an account."
        );
        self.problems.push(None, sentence);
    }
}
