//! Rows 1 to 12: logging in, profiles, bans.

use serde_json::Value;

use crate::server::vchat::hub::Hub;
use crate::server::vchat::model::Me;
use crate::server::vchat::refusal::Answer;
use crate::server::vchat::world::Login;

use super::ask::Ask;
use super::routes::nothing;

/// Row 1.
pub(super) fn login(hub: &Hub, ask: &Ask) -> Answer<Value> {
    let files = ask.files(hub);
    let login = Login {
        identifier: ask.required("identifier")?,
        name: ask.text("fullName"),
        device: ask.required("deviceId")?,
        password: ask.required("password")?,
        platform: ask.text("platform"),
        language: ask.text("language"),
        push_key: ask.text("pushKey"),
        image: files.first().map(|(stored, _)| stored.url.clone()),
    };
    let answer = hub.act(|world, now| world.connect(now, login))?;
    for (stored, upload) in files.into_iter().take(1) {
        hub.keep(&stored, upload);
    }
    Ok(answer)
}

/// Rows 2 to 12.
pub(super) fn answer(hub: &Hub, me: &Me, ask: &Ask, places: &[&str]) -> Answer<Value> {
    match (ask.method.as_str(), places) {
        ("POST", ["auth", "logout"]) => hub.act(|world, _| world.logout(me)),
        ("PATCH", ["profile", "image"]) => {
            let files = ask.files(hub);
            let answer = hub.act(|world, _| world.set_image(me, files.first().map(|(stored, _)| stored)))?;
            for (stored, upload) in files.into_iter().take(1) {
                hub.keep(&stored, upload);
            }
            Ok(answer)
        }
        ("PATCH", ["profile", "lang"]) => {
            let language = ask.required("lang")?;
            hub.act(|world, _| world.set_language(me, &language))
        }
        ("PATCH", ["profile", "name"]) => {
            let name = ask.required("fullName")?;
            hub.act(|world, _| world.set_name(me, &name))
        }
        ("POST", ["profile", "push"]) => {
            let key = ask.required("pushKey")?;
            hub.act(|world, _| world.set_push(me, Some(key)))
        }
        ("DELETE", ["profile", "push"]) => hub.act(|world, _| world.set_push(me, None)),
        ("GET", ["profile", "users", who, "last-seen"]) => hub.act(|world, _| world.last_seen(who)),
        ("GET", ["profile", "users"]) => Ok(hub.act(|world, _| world.people(me, &ask.filter()))),
        ("POST", ["user-ban", who, "ban"]) => hub.act(|world, now| world.ban(now, me, who, true)),
        ("POST", ["user-ban", who, "un-ban"]) => hub.act(|world, now| world.ban(now, me, who, false)),
        ("GET", ["user-ban", who, "ban"]) => hub.act(|world, _| world.ban_view(me, who)),
        _ => Err(nothing(ask)),
    }
}
