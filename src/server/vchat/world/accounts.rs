//! Logins, access tokens and profiles (§1.3, §1.4, §2.1 rows 1 to 9).

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::server::clock::rfc3339;
use crate::server::vchat::error::{ApiError, ApiResult};
use crate::server::vchat::model::{Actor, Device, FileInfo, Id, Images, User};
use crate::server::vchat::wire;

use super::listing::{ListFilter, page};
use super::state::World;

/// Maximum number of devices of one user. Beyond it, the device with the smallest id is logged out.
const MAX_DEVICES: usize = 64;

/// A login (§1.3).
#[derive(Debug, Clone, Default)]
pub(crate) struct Login {
    /// Key of the user in the host system.
    pub(crate) identifier: String,
    /// `fullName`.
    pub(crate) name: Option<String>,
    /// `deviceId`.
    pub(crate) device: String,
    /// Password, derived from the hash key.
    pub(crate) password: String,
    /// `platform`.
    pub(crate) platform: Option<String>,
    /// `language`.
    pub(crate) language: Option<String>,
    /// `pushKey`.
    pub(crate) push_key: Option<String>,
    /// URL of the uploaded profile picture.
    pub(crate) image: Option<String>,
}

impl World {
    /// Row 1: logs in; creates the user if there is none.
    ///
    /// The notes do not state the response to a wrong password. Here it is 403, which clients can distinguish from an
    /// invalid request. Nor do they state whether a login changes an existing user. Here it sets an uploaded picture,
    /// and the name if the user has none.
    pub(crate) fn log_in(&mut self, now: Timestamp, login: Login) -> ApiResult<Value> {
        for (value, name) in
            [(&login.identifier, "identifier"), (&login.device, "deviceId"), (&login.password, "password")]
        {
            if value.trim().is_empty() {
                return Err(ApiError::bad_request(format!("{name} should not be empty")));
            }
        }
        if login.password != self.hash_key.password(&login.identifier) {
            let message = "The password is wrong: it is not derived from this server's hash key";
            return Err(ApiError::forbidden(message));
        }
        if !self.ids_by_identifier.contains_key(&login.identifier) {
            self.reserve_user()?;
        }
        let id = self.find_or_create_user(now, &login.identifier, login.name.as_deref());
        if let Some(user) = self.users.get_mut(&id) {
            user.language = login.language.or(user.language.take());
            if let Some(image) = login.image {
                user.images = Images::same(&image);
            }
        }
        let devices: Vec<_> = self.devices.keys().filter(|(user, _)| *user == id).cloned().collect();
        if devices.len() >= MAX_DEVICES
            && let Some(first) = devices.first()
        {
            self.devices.remove(first);
        }
        let platform = login.platform.filter(|platform| !platform.is_empty()).unwrap_or_else(|| "other".to_owned());
        let key = (id.clone(), login.device.clone());
        self.devices.insert(key, Device { platform, push_key: login.push_key });
        let claims = json!({ "id": id, "deviceId": login.device, "accessType": "access", "iat": now.0 / 1000 });
        let token = self.hash_key.sign(&claims.to_string());
        Ok(json!({ "accessToken": token, "user": wire::user(self.user(&id)?) }))
    }

    /// Returns the user with this identifier, who is created if there is none. `name` is used if the user has no name.
    pub(crate) fn find_or_create_user(&mut self, now: Timestamp, identifier: &str, name: Option<&str>) -> Id {
        let name = name.filter(|name| !name.trim().is_empty()).map(str::to_owned);
        if let Some(user) = self.ids_by_identifier.get(identifier).and_then(|id| self.users.get_mut(id)) {
            user.name = user.name.take().or(name);
            return user.id.clone();
        }
        let id = self.ids.next(now);
        let user = User {
            id: id.clone(),
            identifier: identifier.to_owned(),
            name,
            images: Images::same(&self.default_image()),
            last_seen: now,
            language: None,
        };
        self.ids_by_identifier.insert(identifier.to_owned(), id.clone());
        self.users.insert(id.clone(), user);
        id
    }

    /// Adds a device without a login, for scripted people.
    pub(crate) fn add_device(&mut self, actor: &Actor, platform: &str) {
        let device = Device { platform: platform.to_owned(), push_key: None };
        self.devices.insert((actor.user.clone(), actor.device.clone()), device);
    }

    /// Returns the user and device of an access token (§1.2). Fails with 400 if the token is invalid, with 403 if the
    /// user does not exist, and with 450 if the device is logged out.
    pub(crate) fn authenticate(&self, token: &str) -> ApiResult<Actor> {
        let invalid = || ApiError::bad_request("Jwt access token not valid");
        let claims = self.hash_key.verify(token).ok_or_else(invalid)?;
        let claims: Value = serde_json::from_slice(&claims).map_err(|_| invalid())?;
        let claim = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned).ok_or_else(invalid);
        let actor = Actor { user: claim("id")?, device: claim("deviceId")? };
        if !self.users.contains_key(&actor.user) {
            return Err(ApiError::forbidden("User not found"));
        }
        if !self.devices.contains_key(&(actor.user.clone(), actor.device.clone())) {
            return Err(ApiError::logged_out());
        }
        Ok(actor)
    }

    /// Row 2: logs the device out, which makes its token invalid.
    pub(crate) fn log_out(&mut self, actor: &Actor) -> ApiResult<Value> {
        self.devices.remove(&(actor.user.clone(), actor.device.clone()));
        Ok("You logged out".into())
    }

    /// Logs out one user, or all, on all devices, for tests.
    pub(crate) fn expire_logins(&mut self, identifier: Option<&str>) -> ApiResult<Value> {
        let user = identifier.map(|it| self.user_by_identifier(it).map(|user| user.id.clone())).transpose()?;
        self.devices.retain(|(owner, _), _| user.as_ref().is_some_and(|user| user != owner));
        Ok("Logged out".into())
    }

    /// Deletes a user but keeps their messages, for tests.
    pub(crate) fn remove_user(&mut self, identifier: &str) -> ApiResult<Value> {
        let id = self.user_by_identifier(identifier)?.id.clone();
        self.ids_by_identifier.remove(identifier);
        self.users.remove(&id);
        Ok("Removed".into())
    }

    fn own_user_mut(&mut self, actor: &Actor) -> ApiResult<&mut User> {
        self.users.get_mut(&actor.user).ok_or_else(|| ApiError::forbidden("User not found"))
    }

    /// Row 3: sets the profile picture.
    pub(crate) fn set_image(&mut self, actor: &Actor, file: Option<&FileInfo>) -> ApiResult<Value> {
        let file = file.ok_or_else(|| ApiError::bad_request("file is required"))?;
        let user = self.own_user_mut(actor)?;
        user.images = Images::same(&file.url);
        Ok(wire::images(&user.images))
    }

    /// Row 4: sets the language.
    pub(crate) fn set_language(&mut self, actor: &Actor, language: &str) -> ApiResult<Value> {
        self.own_user_mut(actor)?.language = Some(language.to_owned());
        Ok("Language updated".into())
    }

    /// Row 5: sets the name.
    pub(crate) fn set_name(&mut self, actor: &Actor, name: &str) -> ApiResult<Value> {
        if name.trim().is_empty() {
            return Err(ApiError::bad_request("fullName should not be empty"));
        }
        self.own_user_mut(actor)?.name = Some(name.to_owned());
        Ok("Name updated".into())
    }

    /// Rows 6 and 7: sets or removes the key for push notifications, of which the sandbox sends none.
    pub(crate) fn set_push_key(&mut self, actor: &Actor, key: Option<String>) -> ApiResult<Value> {
        let device = self.devices.get_mut(&(actor.user.clone(), actor.device.clone()));
        device.ok_or_else(ApiError::logged_out)?.push_key = key;
        Ok("Push key updated".into())
    }

    /// Row 8: returns the time at which the latest connection of a user ended, even if the user is online.
    pub(crate) fn last_seen(&self, identifier: &str) -> ApiResult<Value> {
        Ok(rfc3339(self.user_by_identifier(identifier)?.last_seen).into())
    }

    /// Row 9: lists all other users, without those with a ban.
    pub(crate) fn list_users(&self, actor: &Actor, filter: &ListFilter) -> Value {
        self.users_except(actor, &[], filter)
    }

    /// Returns the user `id`, if a list with this filter contains them.
    pub(super) fn listed_user(&self, id: &str, filter: &ListFilter) -> Option<&User> {
        self.users.get(id).filter(|user| filter.matches(&[user.display_name()]))
    }

    /// Lists all other users, without those in `known` and those with a ban.
    pub(super) fn users_except(&self, actor: &Actor, known: &[Id], filter: &ListFilter) -> Value {
        let others = self.users.values().filter(|user| user.id != actor.user && !known.contains(&user.id));
        let others = others.filter(|user| !self.is_banned(&actor.user, &user.id));
        let matching: Vec<&User> = others.filter(|user| filter.matches(&[user.display_name()])).collect();
        page(&matching, filter.page, filter.user_limit(), |user| wire::user(user))
    }
}
