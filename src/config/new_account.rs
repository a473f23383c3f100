//! An account that is not in the configuration yet: checks of its parts, and the text of its profile.

use super::edit;
use super::secret::{Secret, SecretSource};
use super::settings::Backend;
use super::validation;

/// Address of the hosted MinChat service.
pub const MINCHAT_URL: &str = "https://api.minchat.io";

/// Maximum length of the name of a new profile, in characters.
const MAX_PROFILE: usize = 32;

/// The credential of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// API key of a MinChat app.
    ApiKey,
    /// Hash key of a V Chat server.
    HashKey,
    /// Access token of a V Chat user.
    Token,
}

/// An account that is not in the configuration yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// The chat service.
    pub backend: Backend,
    /// Address of the service.
    pub url: String,
    /// The kind of the secret.
    pub credential: Credential,
    /// Where the secret comes from.
    pub source: SecretSource,
    /// User name.
    pub user: String,
}

impl Credential {
    /// Returns its name in sentences.
    pub fn noun(self) -> &'static str {
        match self {
            Self::ApiKey => "API key",
            Self::HashKey => "hash key",
            Self::Token => "token",
        }
    }

    /// Returns its key in a profile.
    pub fn key(self) -> &'static str {
        match self {
            Self::ApiKey | Self::HashKey => "api_key",
            Self::Token => "token",
        }
    }

    /// Checks a secret.
    ///
    /// # Errors
    /// A sentence for the user, which never contains the secret.
    pub fn check(self, secret: &Secret) -> Result<Secret, String> {
        let noun = self.noun();
        match self {
            Self::ApiKey => validation::word(noun, secret.reveal(), "Copy it again from the dashboard of MinChat."),
            Self::HashKey => validation::line(noun, secret.reveal()),
            Self::Token => validation::word(noun, secret.reveal(), "Write it without `Bearer`."),
        }
        .map(Secret::new)
    }
}

impl NewAccount {
    /// Checks the address of a service, and returns it in normalized form. `http://` or `https://` may be left out.
    ///
    /// # Errors
    /// A sentence for the user.
    pub fn check_url(backend: Backend, written: &str) -> Result<String, String> {
        let url = validation::url(&validation::with_scheme(written.trim()), false)?;
        if backend == Backend::VChat { validation::without_path(url) } else { Ok(url) }
    }

    /// Checks a user name.
    ///
    /// # Errors
    /// A sentence for the user.
    pub fn check_user(written: &str) -> Result<String, String> {
        validation::line("user name", written)
    }

    /// Checks the name of a new profile, which is also that of the file for its key.
    ///
    /// # Errors
    /// A sentence for the user.
    pub fn check_profile(written: &str) -> Result<String, String> {
        let is_usual = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
        if written.is_empty() || written.chars().count() > MAX_PROFILE || !written.chars().all(is_usual) {
            return Err(format!("Name the profile with letters, digits, - and _, {MAX_PROFILE} at most."));
        }
        Ok(written.to_owned())
    }

    /// Whether the text of a configuration file has a profile with this name.
    ///
    /// # Errors
    /// A sentence for the user, if the text is not a valid file.
    pub fn is_profile_in(text: &str, profile: &str) -> Result<bool, String> {
        edit::has_profile(text, profile)
    }

    /// Returns the text of a configuration file with this account as another profile. All else stays as it is.
    ///
    /// # Errors
    /// A sentence for the user, if the text is not a valid file or has such a profile.
    pub fn add_to(&self, text: &str, profile: &str) -> Result<String, String> {
        let is_default = self.backend == Backend::MinChat && self.url == MINCHAT_URL;
        let values = [
            ("backend", (self.backend != Backend::MinChat).then(|| self.backend.name().into())),
            ("url", (!is_default).then(|| self.url.as_str().into())),
            (self.credential.key(), Some(edit::secret_value(&self.source))),
            ("user", Some(self.user.as_str().into())),
        ];
        edit::with_profile(text, profile, values.into_iter().filter_map(|(key, value)| Some((key, value?))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> NewAccount {
        NewAccount {
            backend: Backend::MinChat,
            url: MINCHAT_URL.into(),
            credential: Credential::ApiKey,
            source: SecretSource::File("default.key".into()),
            user: "alice".into(),
        }
    }

    #[test]
    fn profile_is_added_to_the_end_of_a_file() {
        let before = "# Mine.\ntheme = \"light\" # by day\n";
        let after = account().add_to(before, "default");
        let profile = "\n[profiles.default]\napi_key = { file = \"default.key\" }\nuser = \"alice\"\n";
        assert_eq!(after, Ok(format!("{before}{profile}")));
        assert!(account().add_to(&after.expect("text"), "default").is_err(), "never replaced");
    }

    #[test]
    fn every_source_of_a_secret_is_written() {
        let command = SecretSource::Command(vec!["pass".into(), "a b".into()]);
        for (source, expected) in [
            (SecretSource::Plain(Secret::new("k\"3y")), "'k\"3y'"),
            (SecretSource::Env("KEY".into()), "{ env = \"KEY\" }"),
            (command, "{ command = [\"pass\", \"a b\"] }"),
            (SecretSource::Keyring("minchat".into()), "{ keyring = \"minchat\" }"),
        ] {
            let account = NewAccount {
                backend: Backend::VChat,
                url: "https://chat.example.com".into(),
                credential: Credential::Token,
                source: source.clone(),
                ..account()
            };
            let text = account.add_to("", "team").expect("it can be added");
            let start = "[profiles.team]\nbackend = \"vchat\"\nurl = \"https://chat.example.com\"\n";
            assert_eq!(text, format!("{start}token = {expected}\nuser = \"alice\"\n"));
            let file = super::super::File::parse("config.toml", &text).expect("it is valid");
            assert_eq!(file.profiles["team"]["token"].value, super::super::Value::Secret(source));
        }
    }
}
