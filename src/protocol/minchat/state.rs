//! State of the MinChat adapter between frames.

use serde_json::{Map, Value};

use crate::protocol::fields;
use crate::protocol::person_cache::PersonCache;
use crate::text::Secrets;

/// State of one adapter.
pub(super) struct MinChatState {
    /// The API key of the app. A secret.
    pub(super) api_key: String,
    /// The API key as a set of secrets.
    pub(super) secrets: Secrets,
    /// The signed-in user, once there is one.
    pub(super) me: Option<Me>,
    /// People that were reported to the program.
    pub(super) people: PersonCache,
}

impl MinChatState {
    /// Creates the state of an adapter that is not signed in.
    pub(super) fn new(api_key: String) -> Self {
        let secrets = [api_key.as_str()].into_iter().collect();
        Self { api_key, secrets, me: None, people: PersonCache::default() }
    }
}

/// The signed-in user.
#[derive(Debug, Clone)]
pub(super) struct Me {
    pub(super) id: String,
    pub(super) username: String,
    /// The user object of typing events, in the camelCase form of the SDK (`docs/protocol/minchat.md` §4).
    pub(super) sdk_user: Value,
}

impl Me {
    /// Reads the user object of a sign-in reply. `None` if it has no id.
    pub(super) fn read(user: &Value, username: &str) -> Option<Self> {
        let object = user.as_object()?;
        let id = fields::id(object, "id")?.into_owned();
        let mut sdk_user = Map::new();
        for (server_name, sdk_name) in [
            ("id", "id"),
            ("username", "username"),
            ("name", "name"),
            ("avatar", "avatar"),
            ("metadata", "metadata"),
            ("created_at", "createdAt"),
            ("last_active", "lastActive"),
        ] {
            if let Some(value) = object.get(server_name).filter(|value| !value.is_null()) {
                sdk_user.insert(sdk_name.to_owned(), value.clone());
            }
        }
        Some(Self { id, username: username.to_owned(), sdk_user: Value::Object(sdk_user) })
    }
}
