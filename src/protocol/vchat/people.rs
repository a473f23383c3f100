//! Reads user objects (`docs/protocol/vchat.md` §8.3).

use std::borrow::Cow;

use serde_json::Value;

use crate::domain::PersonInfo;
use crate::protocol::fields::{Malformed, text};
use crate::protocol::person_cache::PersonCache;
use crate::protocol::{fields, limits};

/// Reads a user object. Some have no identifier (`docs/protocol/vchat.md` §8.3, `VBaseUser`).
pub(super) fn user(value: &Value, people: &mut PersonCache) -> Result<PersonInfo, Malformed> {
    let object = value.as_object().ok_or("a user is not an object")?;
    let id = fields::id(object, "_id").ok_or("a user has no _id")?;
    let (identifier, name) = (text(object, "identifier"), text(object, "fullName"));
    let (identifier, name) = (identifier.as_deref().unwrap_or_default(), name.as_deref().unwrap_or_default());
    let names = PersonNames::resolve(people, &id, identifier, name);
    people.remember(&id, &names.identifier, &names.name);
    Ok(names.info(people))
}

/// The id and the names of a person, completed from the cache.
pub(super) struct PersonNames<'a> {
    id: &'a str,
    pub(super) identifier: Cow<'a, str>,
    pub(super) name: Cow<'a, str>,
}

impl<'a> PersonNames<'a> {
    /// Fills in an empty identifier or name from the cache. A name that is still unknown becomes the identifier, or the
    /// id; an unknown identifier stays empty.
    pub(super) fn resolve(people: &PersonCache, id: &'a str, identifier: &'a str, name: &'a str) -> Self {
        let known = if identifier.is_empty() || name.is_empty() { people.names(id) } else { None };
        let (known_identifier, known_name) = known.unwrap_or_default();
        let pick = |given: &'a str, known: &str| match given {
            "" => Cow::Owned(known.to_owned()),
            given => Cow::Borrowed(given),
        };
        let identifier = pick(identifier, known_identifier);
        let name = match pick(name, known_name) {
            name if !name.is_empty() => name,
            _ if identifier.is_empty() => Cow::Borrowed(id),
            _ => identifier.clone(),
        };
        Self { id, identifier, name }
    }

    /// Returns the person as a domain type.
    pub(super) fn info(&self, people: &PersonCache) -> PersonInfo {
        PersonInfo {
            id: people.person_id(self.id),
            username: limits::line(&self.identifier),
            name: limits::line(&self.name),
            last_active: None,
            agent: false,
        }
        .with_visible_name()
    }
}
