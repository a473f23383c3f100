//! Rows 1 to 12: login, profiles and bans.

use serde_json::Value;

use crate::server::vchat::error::ApiResult;
use crate::server::vchat::hub::Hub;
use crate::server::vchat::model::Actor;
use crate::server::vchat::world::Login;

use super::request::ApiRequest;

/// Row 1: logs in. It is the only request without a token.
pub(super) fn log_in(hub: &Hub, request: &ApiRequest) -> ApiResult<Value> {
    let files = request.files(hub);
    let login = Login {
        identifier: request.required("identifier")?,
        name: request.text("fullName"),
        device: request.required("deviceId")?,
        password: request.required("password")?,
        platform: request.text("platform"),
        language: request.text("language"),
        push_key: request.text("pushKey"),
        image: files.first().map(|(file, _)| file.url.clone()),
    };
    let response = hub.with_world(|world, now| world.log_in(now, login))?;
    for (file, upload) in files.into_iter().take(1) {
        hub.store_file(&file, upload);
    }
    Ok(response)
}

/// Handles rows 2 to 12.
pub(super) fn handle(hub: &Hub, actor: &Actor, request: &ApiRequest, segments: &[&str]) -> ApiResult<Value> {
    match (request.method.as_str(), segments) {
        ("POST", ["auth", "logout"]) => hub.with_world(|world, _| world.log_out(actor)),
        ("PATCH", ["profile", "image"]) => {
            let files = request.files(hub);
            let response = hub.with_world(|world, _| world.set_image(actor, files.first().map(|(file, _)| file)))?;
            for (file, upload) in files.into_iter().take(1) {
                hub.store_file(&file, upload);
            }
            Ok(response)
        }
        ("PATCH", ["profile", "lang"]) => {
            let language = request.required("lang")?;
            hub.with_world(|world, _| world.set_language(actor, &language))
        }
        ("PATCH", ["profile", "name"]) => {
            let name = request.required("fullName")?;
            hub.with_world(|world, _| world.set_name(actor, &name))
        }
        ("POST", ["profile", "push"]) => {
            let key = request.required("pushKey")?;
            hub.with_world(|world, _| world.set_push_key(actor, Some(key)))
        }
        ("DELETE", ["profile", "push"]) => hub.with_world(|world, _| world.set_push_key(actor, None)),
        ("GET", ["profile", "users", user, "last-seen"]) => hub.with_world(|world, _| world.last_seen(user)),
        ("GET", ["profile", "users"]) => Ok(hub.with_world(|world, _| world.list_users(actor, &request.list_filter()))),
        ("POST", ["user-ban", user, "ban"]) => hub.with_world(|world, now| world.set_ban(now, actor, user, true)),
        ("POST", ["user-ban", user, "un-ban"]) => hub.with_world(|world, now| world.set_ban(now, actor, user, false)),
        ("GET", ["user-ban", user, "ban"]) => hub.with_world(|world, _| world.ban_status(actor, user)),
        _ => Err(request.no_such_endpoint()),
    }
}
