//! Rows 57 to 64: calls.

use serde_json::Value;

use crate::server::vchat::hub::Hub;
use crate::server::vchat::model::Me;
use crate::server::vchat::refusal::Answer;

use super::ask::Ask;
use super::routes::nothing;

/// All below `call`. SDKs up to 2.0.0 say `cancel` and `end` without the `v2`; they mean the same.
pub(super) fn answer(hub: &Hub, me: &Me, ask: &Ask, places: &[&str]) -> Answer<Value> {
    match (ask.method.as_str(), places) {
        ("GET", ["active"]) => Ok(hub.act(|world, now| world.active_call(now, me))),
        ("GET", ["history"]) => Ok(hub.act(|world, now| world.call_history(now, me))),
        ("DELETE", ["history", "clear"]) => hub.act(|world, _| world.clear_calls(me, None)),
        ("DELETE", ["history", "clear", id]) => hub.act(|world, _| world.clear_calls(me, Some(id))),
        ("GET", ["agora-access", room]) => hub.act(|world, now| world.agora_access(now, me, room)),
        ("POST", ["create", room]) => {
            let video = match ask.body.values.get("withVideo") {
                Some(Value::Bool(video)) => *video,
                Some(Value::String(video)) => video == "true",
                _ => false,
            };
            let platform = ask.text("meetPlatform").unwrap_or_else(|| "agora".to_owned());
            let payload = ask.object("payload");
            hub.act(|world, now| world.call(now, me, room, video, payload, &platform))
        }
        ("POST", ["accept", meet]) => {
            let payload = ask.object("payload");
            hub.act(|world, now| world.accept_call(now, me, meet, &payload))
        }
        ("POST", ["reject", meet]) => hub.act(|world, now| world.reject_call(now, me, meet)),
        ("POST", ["end", "v2", meet] | ["end" | "cancel", meet]) => hub.act(|world, now| world.end_call(now, me, meet)),
        _ => Err(nothing(ask)),
    }
}
