//! People (§8.3).

use std::borrow::Cow;

use serde_json::Value;

use crate::domain::PersonInfo;
use crate::protocol::fields::{Unreadable, text};
use crate::protocol::recall::Recall;
use crate::protocol::{caps, fields};

/// A user object. Some hold no identifier (§8.3, `VBaseUser`).
pub(super) fn user(value: &Value, recall: &mut Recall) -> Result<PersonInfo, Unreadable> {
    let object = value.as_object().ok_or("a user is not an object")?;
    let id = fields::id(object, "_id").ok_or("a user has no _id")?;
    let (identifier, name) = (text(object, "identifier"), text(object, "fullName"));
    let names = Names::of(recall, &id, identifier.as_deref().unwrap_or_default(), name.as_deref().unwrap_or_default());
    recall.note(&id, &names.identifier, &names.name);
    Ok(names.info(recall))
}

/// What somebody is called.
pub(super) struct Names<'a> {
    id: &'a str,
    pub(super) identifier: Cow<'a, str>,
    pub(super) name: Cow<'a, str>,
}

impl<'a> Names<'a> {
    /// What is empty here and known from elsewhere is as it was; a name that nobody ever told is the identifier, or the
    /// id. An identifier that nobody ever told stays empty.
    pub(super) fn of(recall: &Recall, id: &'a str, identifier: &'a str, name: &'a str) -> Self {
        let known = if identifier.is_empty() || name.is_empty() { recall.names(id) } else { None };
        let (known_identifier, known_name) = known.unwrap_or_default();
        let pick = |said: &'a str, known: &str| match said {
            "" => Cow::Owned(known.to_owned()),
            said => Cow::Borrowed(said),
        };
        let identifier = pick(identifier, known_identifier);
        let name = match pick(name, known_name) {
            name if !name.is_empty() => name,
            _ if identifier.is_empty() => Cow::Borrowed(id),
            _ => identifier.clone(),
        };
        Self { id, identifier, name }
    }

    /// The person.
    pub(super) fn info(&self, recall: &Recall) -> PersonInfo {
        PersonInfo {
            id: recall.person_id(self.id),
            username: caps::line(&self.identifier),
            name: caps::line(&self.name),
            last_active: None,
            agent: false,
        }
    }
}
