//! The address that gets the key of a profile.
//!
//! `--url` and `MINCHAT_URL` replace the address of the profile in use. If nobody has named that profile, the user may not
//! think of it, and its key would go to a server that has nothing to do with it. Such a key is only sent to the address
//! of its own profile.

use super::file::Value;
use super::new_account::MINCHAT_URL;
use super::options::{BACKEND, OptionSpec, URL};
use super::profiles::profile_flag;
use super::resolver::{Found, Resolver, Source};
use super::secret::SecretSource;
use super::settings::Backend;
use super::validation;

/// The server that gets a key.
pub(super) struct Destination<'a> {
    /// The name of the profile in use.
    pub(super) profile: &'a str,
    /// The back end in use.
    pub(super) backend: Backend,
    /// The address in use; empty if it has a problem.
    pub(super) url: &'a str,
}

impl Resolver<'_> {
    /// Whether a secret may be sent to `destination`. If not, this is reported.
    pub(super) fn may_send(
        &mut self,
        option: &OptionSpec,
        noun: &str,
        found: &Found,
        destination: &Destination<'_>,
    ) -> bool {
        let is_public = matches!(&found.value, Value::Secret(SecretSource::Plain(secret)) if secret.is_public());
        let is_of_profile = matches!(found.source, Source::File(_)) && !is_public;
        // A running program has its key already, and loads none.
        let is_sent = self.running.is_none() && !destination.url.is_empty();
        let address = self.lookup(URL).map_or(Source::Default, |found| found.source);
        if !is_of_profile || !is_sent || self.is_profile_named(&address) || self.is_own_address(destination) {
            return true;
        }
        let reason = match &self.chosen_by {
            Source::LastTime => "used last".to_owned(),
            Source::Default => "the only one".to_owned(),
            Source::File(_) => "the default profile".to_owned(),
            source => source.to_string(),
        };
        let flag = option.flag.map(|flag| format!("with {}", flag.long));
        let variable = option.variable.map(|variable| format!("in {variable}"));
        let places: Vec<String> = flag.into_iter().chain(variable).collect();
        let sentence = format!(
            "The {noun} of the profile `{}` ({reason}) is only sent to the address of that profile. Add {} to \
             send it to this address, or set another {noun} {}.",
            destination.profile,
            profile_flag(destination.profile),
            places.join(" or ")
        );
        self.report(&address, sentence);
        false
    }

    /// Whether the profile was named at least as clearly as the address from this source: a variable may have been set
    /// long ago.
    fn is_profile_named(&self, address: &Source) -> bool {
        match &self.chosen_by {
            Source::Flag(_) => true,
            Source::Variable(_) => !matches!(address, Source::Flag(_)),
            Source::File(_) | Source::Edit | Source::LastTime | Source::Default => false,
        }
    }

    /// Whether the profile itself says that its key is for this server. A profile of V Chat without an address is for
    /// any.
    fn is_own_address(&self, destination: &Destination<'_>) -> bool {
        let own = |option: &OptionSpec| match &self.profile.get(option.key)?.value {
            Value::Text(text) => Some(text.as_str()),
            _ => None,
        };
        let backend = own(BACKEND).and_then(Backend::by_name).unwrap_or(Backend::MinChat);
        match (own(URL), backend) {
            (Some(url), _) => validation::url(url, true).is_ok_and(|url| url == destination.url),
            (None, Backend::MinChat) => destination.url == MINCHAT_URL,
            (None, Backend::VChat) => destination.backend == backend,
        }
    }
}
