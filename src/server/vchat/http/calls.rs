//! Rows 57 to 64: calls.

use serde_json::Value;

use crate::server::vchat::error::ApiResult;
use crate::server::vchat::hub::Hub;
use crate::server::vchat::model::Actor;

use super::request::ApiRequest;

/// Handles a request below `call`. SDKs up to 2.0.0 send `cancel` and `end` without `v2`, with the same meaning.
pub(super) fn handle(hub: &Hub, actor: &Actor, request: &ApiRequest, segments: &[&str]) -> ApiResult<Value> {
    match (request.method.as_str(), segments) {
        ("GET", ["active"]) => Ok(hub.with_world(|world, now| world.active_call(now, actor))),
        ("GET", ["history"]) => Ok(hub.with_world(|world, now| world.call_history(now, actor))),
        ("DELETE", ["history", "clear"]) => hub.with_world(|world, _| world.clear_calls(actor, None)),
        ("DELETE", ["history", "clear", id]) => hub.with_world(|world, _| world.clear_calls(actor, Some(id))),
        ("GET", ["agora-access", room]) => hub.with_world(|world, now| world.agora_access(now, actor, room)),
        ("POST", ["create", room]) => {
            let video = match request.body.values.get("withVideo") {
                Some(Value::Bool(video)) => *video,
                Some(Value::String(video)) => video == "true",
                _ => false,
            };
            let platform = request.text("meetPlatform").unwrap_or_else(|| "agora".to_owned());
            let payload = request.object("payload");
            hub.with_world(|world, now| world.start_call(now, actor, room, video, payload, &platform))
        }
        ("POST", ["accept", id]) => {
            let payload = request.object("payload");
            hub.with_world(|world, now| world.accept_call(now, actor, id, &payload))
        }
        ("POST", ["reject", id]) => hub.with_world(|world, now| world.reject_call(now, actor, id)),
        ("POST", ["end", "v2", id] | ["end" | "cancel", id]) => {
            hub.with_world(|world, now| world.end_call(now, actor, id))
        }
        _ => Err(request.no_such_endpoint()),
    }
}
