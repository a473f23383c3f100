//! All apps of the server, by API key. This module uses no clock and no sockets.

use std::collections::{HashMap, VecDeque};

use serde_json::json;

use crate::domain::Timestamp;
use crate::server::limits::StorageLimits;
use crate::server::random::random_key;

use super::messages::NewMessage;
use super::model::{ApiError, Id, NewChat, NewUser, Profile};
use super::tenant::{Tenant, TenantKind};

/// API key of the demo app.
pub(crate) const DEMO_KEY: &str = "demo";
/// Maximum number of fixture apps. Beyond it the oldest is dropped, because a test run may never delete its own.
const MAX_FIXTURES: usize = 64;

/// The chat service.
#[derive(Debug)]
pub(crate) struct World {
    tenants: HashMap<String, Tenant>,
    /// Account and API key of each fixture app, oldest first.
    fixtures: VecDeque<(Id, String)>,
    seed: u64,
    limits: StorageLimits,
}

impl World {
    /// Creates a service with the app of `api_key` and the demo app.
    pub(crate) fn new(now: Timestamp, seed: u64, api_key: &str, limits: &StorageLimits) -> Result<Self, ApiError> {
        let mut demo = Tenant::with_limits(TenantKind::Demo, seed, limits.clone());
        seed_demo_app(&mut demo, now)?;
        let mut tenants = HashMap::from([(DEMO_KEY.to_owned(), demo)]);
        if api_key != DEMO_KEY {
            let tenant = Tenant::with_limits(TenantKind::Regular, seed.wrapping_add(1), limits.clone());
            tenants.insert(api_key.to_owned(), tenant);
        }
        Ok(Self { tenants, fixtures: VecDeque::new(), seed, limits: limits.clone() })
    }

    /// Whether an app has this API key.
    pub(crate) fn has_key(&self, key: &str) -> bool {
        self.tenants.contains_key(key)
    }

    /// Returns the app with this API key.
    pub(crate) fn tenant(&mut self, key: &str) -> Result<&mut Tenant, ApiError> {
        self.tenants.get_mut(key).ok_or(ApiError::InvalidKey)
    }

    /// Creates a fixture app; returns its account and its API key. They look like cuids, but do not follow the seed:
    /// whoever could guess one could delete the app, or read it.
    pub(crate) fn add_fixture(&mut self) -> (Id, String) {
        let cuid = || format!("c{:.24}", random_key());
        let fixture = (cuid(), cuid().to_ascii_uppercase());
        self.seed = self.seed.wrapping_add(3);
        // All fixtures together may store as much as one app.
        let limits = StorageLimits { bytes: self.limits.bytes / MAX_FIXTURES, ..self.limits.clone() };
        self.tenants.insert(fixture.1.clone(), Tenant::with_limits(TenantKind::Fixture, self.seed, limits));
        self.fixtures.push_back(fixture.clone());
        while self.fixtures.len() > MAX_FIXTURES {
            if let Some((_, key)) = self.fixtures.pop_front() {
                self.tenants.remove(&key);
            }
        }
        fixture
    }

    /// Deletes the fixture apps of `account`.
    pub(crate) fn remove_fixture(&mut self, account: &str) {
        let tenants = &mut self.tenants;
        self.fixtures.retain(|(owner, key)| {
            let keep = owner != account;
            if !keep {
                tenants.remove(key);
            }
            keep
        });
    }
}

/// Fills the demo app with a chat that everybody can read.
fn seed_demo_app(demo: &mut Tenant, now: Timestamp) -> Result<(), ApiError> {
    let mut user = |username: &str, name: &str| {
        let profile = Profile { name: Some(name.to_owned()), ..Profile::default() };
        demo.create_user(now, NewUser { username: username.to_owned(), profile })
    };
    let (viewer, host) = (user("demo", "Demo")?, user("minchat", "Sandbox Host")?);
    let metadata = json!({ "canned": true }).as_object().cloned().unwrap_or_default();
    let new = NewChat { members: vec![viewer.clone(), host.clone()], metadata, ..NewChat::default() };
    let chat = demo.start_chat(now, new)?;
    let lines = [
        (&host, "Welcome to demo mode. Everybody who looks in sees this chat."),
        (&viewer, "So anything I say here is public?"),
        (&host, "As public as a sandbox gets: it is gone when the server stops."),
    ];
    for (author, text) in lines {
        let (author, text) = (author.clone(), Some(text.to_owned()));
        demo.send_message(now, NewMessage { chat: chat.clone(), author, text, ..NewMessage::default() })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world() -> World {
        World::new(Timestamp(0), 1, "K", &StorageLimits::default()).unwrap()
    }

    #[test]
    fn demo_app_shows_its_chat_to_unknown_users() {
        let mut world = world();
        let demo = world.tenant(DEMO_KEY).unwrap();
        let chats = demo.chats_of("nobody", 1, None).unwrap();
        assert_eq!(chats.total, 1);
        let chat = chats.items[0].id.clone();
        assert_eq!(demo.history(&chat, "nobody", 1).unwrap().total, 3);
    }

    #[test]
    fn fixture_exists_until_its_account_removes_it() {
        let mut world = world();
        let (account, key) = world.add_fixture();
        assert!(world.has_key(&key));
        world.remove_fixture("somebody else");
        assert!(world.has_key(&key));
        world.remove_fixture(&account);
        assert!(!world.has_key(&key));
        assert!(world.has_key("K"));
    }

    /// Whoever knew the seed, which is 1 unless an option says otherwise, could work out the keys.
    #[test]
    fn fixture_does_not_follow_the_seed() {
        let (one, other) = (world().add_fixture(), world().add_fixture());
        assert!(one.0 != other.0 && one.1 != other.1);
        assert!(one.0.len() == 25 && one.0.starts_with('c') && one.1.starts_with('C'));
    }

    #[test]
    fn oldest_fixture_is_dropped() {
        let mut world = world();
        let keys: Vec<String> = (0..=MAX_FIXTURES).map(|_| world.add_fixture().1).collect();
        assert!(!world.has_key(&keys[0]));
        assert!(keys[1..].iter().all(|key| world.has_key(key)));
    }
}
