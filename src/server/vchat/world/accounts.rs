//! Logging in and out, and what people say of themselves (protocol note §1.3, §1.4, §2.1 rows 1 to 9).

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::server::clock::rfc3339;
use crate::server::vchat::model::{Device, Id, Images, Me, Stored, User};
use crate::server::vchat::refusal::{Answer, Refusal};
use crate::server::vchat::wire;

use super::listing::{Filter, page};
use super::state::World;

/// Devices of one user; the first by name gives way.
const DEVICES: usize = 64;

/// What a login says (§1.3).
#[derive(Debug, Clone, Default)]
pub(crate) struct Login {
    /// The host system's key for the user.
    pub(crate) identifier: String,
    /// `fullName`.
    pub(crate) name: Option<String>,
    /// `deviceId`.
    pub(crate) device: String,
    /// The derived password.
    pub(crate) password: String,
    /// `platform`.
    pub(crate) platform: Option<String>,
    /// `language`.
    pub(crate) language: Option<String>,
    /// `pushKey`.
    pub(crate) push_key: Option<String>,
    /// The address of the picture that came along.
    pub(crate) image: Option<String>,
}

impl World {
    /// Row 1: logs in, after creating the user when there is none.
    ///
    /// The note does not say what a wrong password gets; 403 is what a client tells apart from a wrong request. Nor
    /// whether a login changes the name of a user who exists: here a name that was never given is filled in, and a
    /// picture that comes along is taken.
    pub(crate) fn connect(&mut self, now: Timestamp, login: Login) -> Answer<Value> {
        for (value, name) in
            [(&login.identifier, "identifier"), (&login.device, "deviceId"), (&login.password, "password")]
        {
            if value.trim().is_empty() {
                return Err(Refusal::bad(format!("{name} should not be empty")));
            }
        }
        if login.password != self.secret.password(&login.identifier) {
            return Err(Refusal::forbidden("The password is wrong: it is not derived from this server's hash key"));
        }
        if !self.identifiers.contains_key(&login.identifier) {
            self.room_for_user()?;
        }
        let id = self.introduce(now, &login.identifier, login.name.as_deref());
        if let Some(user) = self.users.get_mut(&id) {
            user.language = login.language.or(user.language.take());
            if let Some(image) = login.image {
                user.images = Images::same(&image);
            }
        }
        let rows: Vec<_> = self.devices.keys().filter(|(user, _)| *user == id).cloned().collect();
        if rows.len() >= DEVICES
            && let Some(first) = rows.first()
        {
            self.devices.remove(first);
        }
        let platform = login.platform.filter(|platform| !platform.is_empty()).unwrap_or_else(|| "other".to_owned());
        let key = (id.clone(), login.device.clone());
        self.devices.insert(key, Device { platform, push_key: login.push_key });
        let claims = json!({ "id": id, "deviceId": login.device, "accessType": "access", "iat": now.0 / 1000 });
        let token = self.secret.sign(&claims.to_string());
        Ok(json!({ "accessToken": token, "user": wire::user(self.user(&id)?) }))
    }

    /// The user whom the host system calls `identifier`, made when there is none.
    pub(crate) fn introduce(&mut self, now: Timestamp, identifier: &str, name: Option<&str>) -> Id {
        let name = name.filter(|name| !name.trim().is_empty()).map(str::to_owned);
        if let Some(user) = self.identifiers.get(identifier).and_then(|id| self.users.get_mut(id)) {
            user.name = user.name.take().or(name);
            return user.id.clone();
        }
        let id = self.ids.next(now);
        let user = User {
            id: id.clone(),
            identifier: identifier.to_owned(),
            name,
            images: self.no_images(),
            last_seen: now,
            language: None,
        };
        self.identifiers.insert(identifier.to_owned(), id.clone());
        self.users.insert(id.clone(), user);
        id
    }

    /// A device without a login, for those who are played.
    pub(crate) fn equip(&mut self, me: &Me, platform: &str) {
        let device = Device { platform: platform.to_owned(), push_key: None };
        self.devices.insert((me.user.clone(), me.device.clone()), device);
    }

    /// Who holds `token` (§1.2): 400 when it is none of ours, 403 when the user is gone, 450 when the device is.
    pub(crate) fn bearer(&self, token: &str) -> Answer<Me> {
        let wrong = || Refusal::bad("Jwt access token not valid");
        let claims = self.secret.claims(token).ok_or_else(wrong)?;
        let claims: Value = serde_json::from_slice(&claims).map_err(|_| wrong())?;
        let claim = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned).ok_or_else(wrong);
        let me = Me { user: claim("id")?, device: claim("deviceId")? };
        if !self.users.contains_key(&me.user) {
            return Err(Refusal::forbidden("User not found"));
        }
        if !self.devices.contains_key(&(me.user.clone(), me.device.clone())) {
            return Err(Refusal::logged_out());
        }
        Ok(me)
    }

    /// Row 2. The device's row is gone and its token with it.
    pub(crate) fn logout(&mut self, me: &Me) -> Answer<Value> {
        self.devices.remove(&(me.user.clone(), me.device.clone()));
        Ok("You logged out".into())
    }

    /// Somebody, or everybody, is logged out on all devices: for tests.
    pub(crate) fn expire(&mut self, identifier: Option<&str>) -> Answer<Value> {
        let whose = identifier.map(|identifier| self.named(identifier).map(|user| user.id.clone())).transpose()?;
        self.devices.retain(|(user, _), _| whose.as_ref().is_some_and(|whose| whose != user));
        Ok("Logged out".into())
    }

    /// Somebody is gone as a user, and what they said stays: for tests.
    pub(crate) fn remove(&mut self, identifier: &str) -> Answer<Value> {
        let id = self.named(identifier)?.id.clone();
        self.identifiers.remove(identifier);
        self.users.remove(&id);
        Ok("Removed".into())
    }

    fn me_mut(&mut self, me: &Me) -> Answer<&mut User> {
        self.users.get_mut(&me.user).ok_or_else(|| Refusal::forbidden("User not found"))
    }

    /// Row 3.
    pub(crate) fn set_image(&mut self, me: &Me, file: Option<&Stored>) -> Answer<Value> {
        let file = file.ok_or_else(|| Refusal::bad("file is required"))?;
        let user = self.me_mut(me)?;
        user.images = Images::same(&file.url);
        Ok(wire::images(&user.images))
    }

    /// Row 4.
    pub(crate) fn set_language(&mut self, me: &Me, language: &str) -> Answer<Value> {
        self.me_mut(me)?.language = Some(language.to_owned());
        Ok("Language updated".into())
    }

    /// Row 5.
    pub(crate) fn set_name(&mut self, me: &Me, name: &str) -> Answer<Value> {
        if name.trim().is_empty() {
            return Err(Refusal::bad("fullName should not be empty"));
        }
        self.me_mut(me)?.name = Some(name.to_owned());
        Ok("Name updated".into())
    }

    /// Rows 6 and 7. Nothing is ever pushed.
    pub(crate) fn set_push(&mut self, me: &Me, key: Option<String>) -> Answer<Value> {
        let device = self.devices.get_mut(&(me.user.clone(), me.device.clone())).ok_or_else(Refusal::logged_out)?;
        device.push_key = key;
        Ok("Push key updated".into())
    }

    /// Row 8: when somebody was last there. Of somebody who is there it is when they last left: the note has no other.
    pub(crate) fn last_seen(&self, identifier: &str) -> Answer<Value> {
        Ok(rfc3339(self.named(identifier)?.last_seen).into())
    }

    /// Row 9: everybody but me and those with whom there is a ban.
    pub(crate) fn people(&self, me: &Me, filter: &Filter) -> Value {
        let others = self.users.values().filter(|user| user.id != me.user && !self.is_banned(&me.user, &user.id));
        let named = others.filter(|user| filter.fits(&[user.shown()]));
        page(named.map(wire::user).collect(), filter.page, filter.small())
    }
}
