//! All apps on the server, by API key. Pure: no clock, no sockets.

use std::collections::{HashMap, VecDeque};

use serde_json::json;

use crate::domain::Timestamp;

use crate::server::limits::StorageLimits;

use super::ids::Ids;
use super::model::{Id, Refusal};
use super::talk::Draft;
use super::tenant::{Facts, Kind, NewChat, NewUser, Tenant};

/// The key of the canned app.
pub(crate) const DEMO_KEY: &str = "demo";
/// So many fixture apps live at once; the oldest gives way, so that a test that never tidies up fills nothing.
const FIXTURES: usize = 64;

/// The chat service.
#[derive(Debug)]
pub(crate) struct World {
    tenants: HashMap<String, Tenant>,
    /// The fixture apps, oldest first: the account they belong to and their key.
    fixtures: VecDeque<(Id, String)>,
    ids: Ids,
    seed: u64,
    kept: StorageLimits,
}

impl World {
    /// A service with the app of `api_key` and the canned one.
    pub(crate) fn new(now: Timestamp, seed: u64, api_key: &str, kept: &StorageLimits) -> Result<Self, Refusal> {
        let mut demo = Tenant::keeping(Kind::Demo, seed, kept.clone());
        fill_demo(&mut demo, now)?;
        let mut tenants = HashMap::from([(DEMO_KEY.to_owned(), demo)]);
        if api_key != DEMO_KEY {
            tenants.insert(api_key.to_owned(), Tenant::keeping(Kind::Own, seed.wrapping_add(1), kept.clone()));
        }
        Ok(Self { tenants, fixtures: VecDeque::new(), ids: Ids::new(seed.wrapping_add(2)), seed, kept: kept.clone() })
    }

    /// Whether `key` names an app.
    pub(crate) fn knows(&self, key: &str) -> bool {
        self.tenants.contains_key(key)
    }

    /// The app called `key`.
    pub(crate) fn tenant(&mut self, key: &str) -> Result<&mut Tenant, Refusal> {
        self.tenants.get_mut(key).ok_or(Refusal::BadKey)
    }

    /// The id of a file.
    pub(crate) fn file_id(&mut self, now: Timestamp) -> Id {
        self.ids.next(now)
    }

    /// Makes a fixture app; answers with its account and its key.
    pub(crate) fn add_fixture(&mut self, now: Timestamp) -> (Id, String) {
        let made = (self.ids.next(now), self.ids.key(now));
        self.seed = self.seed.wrapping_add(3);
        // All of them together keep no more than one app does.
        let kept = StorageLimits { bytes: self.kept.bytes / FIXTURES, ..self.kept.clone() };
        self.tenants.insert(made.1.clone(), Tenant::keeping(Kind::Fixture, self.seed, kept));
        self.fixtures.push_back(made.clone());
        while self.fixtures.len() > FIXTURES {
            if let Some((_, key)) = self.fixtures.pop_front() {
                self.tenants.remove(&key);
            }
        }
        made
    }

    /// Forgets the fixture apps of `account`.
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

/// Something to read for whoever looks at the canned app.
fn fill_demo(demo: &mut Tenant, now: Timestamp) -> Result<(), Refusal> {
    let mut user = |username: &str, name: &str| {
        let facts = Facts { name: Some(name.to_owned()), ..Facts::default() };
        demo.create_user(now, NewUser { username: username.to_owned(), facts })
    };
    let (viewer, host) = (user("demo", "Demo")?, user("minchat", "Sandbox Host")?);
    let metadata = json!({ "canned": true }).as_object().cloned().unwrap_or_default();
    let chat =
        demo.start_chat(now, NewChat { members: vec![viewer.clone(), host.clone()], metadata, ..NewChat::default() })?;
    let lines = [
        (&host, "Welcome to demo mode. Everybody who looks in sees this chat."),
        (&viewer, "So anything I say here is public?"),
        (&host, "As public as a sandbox gets: it is gone when the server stops."),
    ];
    for (author, text) in lines {
        let draft =
            Draft { chat: chat.clone(), author: author.clone(), text: Some(text.to_owned()), ..Draft::default() };
        demo.send(now, draft)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_canned_app_shows_something_to_anybody() {
        let mut world = World::new(Timestamp(0), 1, "K", &StorageLimits::default()).unwrap();
        let demo = world.tenant(DEMO_KEY).unwrap();
        let chats = demo.chats_of("nobody", 1, None).unwrap();
        assert_eq!(chats.total, 1);
        let chat = chats.items[0].id.clone();
        assert_eq!(demo.history(&chat, "nobody", 1).unwrap().total, 3);
    }

    #[test]
    fn a_fixture_app_lives_until_its_account_gives_it_up() {
        let mut world = World::new(Timestamp(0), 1, "K", &StorageLimits::default()).unwrap();
        let (account, key) = world.add_fixture(Timestamp(1));
        assert!(world.knows(&key));
        world.remove_fixture("somebody else");
        assert!(world.knows(&key));
        world.remove_fixture(&account);
        assert!(!world.knows(&key));
        assert!(world.knows("K"));
    }

    #[test]
    fn fixture_apps_do_not_pile_up() {
        let mut world = World::new(Timestamp(0), 1, "K", &StorageLimits::default()).unwrap();
        let keys: Vec<String> = (0..FIXTURES as i64 + 1).map(|n| world.add_fixture(Timestamp(n)).1).collect();
        assert!(!world.knows(&keys[0]));
        assert!(keys[1..].iter().all(|key| world.knows(key)));
    }
}
