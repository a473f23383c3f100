//! Profiles that are opened and closed while the loop runs.

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::sync::Arc;

use crate::app::Event;
use crate::domain::AccountId;
use crate::runtime::account::{connect, opened_profile, places};
use crate::runtime::clock::Clock;
use crate::runtime::feeds::Feeds;
use crate::runtime::profile_loader::LoadedProfile;
use crate::runtime::redact::redact_secrets_of;

use super::{Display, EventLoop, Flow, Server};

impl<D: Display, S: Server, C: Clock> EventLoop<D, S, C> {
    /// Writes down which profiles are open now, and which one is on screen.
    pub(super) fn remember_profiles(&mut self) {
        let names = self.state.accounts.iter().map(|account| account.profile.name.clone()).collect();
        self.background.remember_profiles(names, self.state.account().profile.name.clone());
    }

    /// Adds the account of a loaded profile to the state, opens its store and connects it.
    pub(super) fn on_profile_loaded(&mut self, loaded: LoadedProfile, feeds: &mut Feeds) -> io::Result<Flow> {
        let settings = match loaded {
            Ok(settings) => settings,
            Err(sentence) => return self.on_event(Event::Notice(sentence)),
        };
        redact_secrets_of(&settings);
        let is_known = self.account_of(&settings.profile).is_some();
        let flow = self.on_event(Event::ProfileOpened(Box::new(opened_profile(&settings))))?;
        let Some(account) = self.account_of(&settings.profile).filter(|_| !is_known) else { return Ok(flow) };
        let (location, files) = places(&settings);
        let seed = RandomState::new().hash_one("seed");
        let connected = connect(&settings, account, location.as_ref(), seed, self.wire.ring());
        self.stores.open(account, location, Arc::clone(&files.pictures));
        self.background.files.add(account, files);
        match connected {
            Ok((connection, events)) => {
                self.server.add(account, connection);
                feeds.add(events);
                Ok(flow)
            }
            Err(error) => {
                let sentence = format!("{} cannot be connected: {error}. Close it and try again.", settings.profile);
                Ok(flow.or(self.on_event(Event::Notice(sentence))?))
            }
        }
    }

    /// Closes the connection and the store of an account that is no longer part of the state.
    pub(super) fn close_profile(&mut self, account: AccountId) {
        self.server.remove(account);
        self.stores.close_account(account);
        self.background.files.remove(account);
    }

    fn account_of(&self, profile: &str) -> Option<AccountId> {
        self.state.accounts.iter().find(|account| account.profile.name == profile).map(|account| account.id)
    }
}
