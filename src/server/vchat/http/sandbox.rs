//! What only a sandbox has, under `/__sandbox`: things that tests need and no client can bring about. Taken from this
//! machine alone, and from no page in a browser on it: whatever site somebody looks at could reach a loopback address.
//!
//! - `POST /__sandbox/expire`: every login is over, or with `{identifier}` that user's; each later call answers 450.
//! - `POST /__sandbox/emit` with `{identifier, event, arg}`: that user's sockets hear the event with the argument as it
//!   is, string or object.
//! - `POST /__sandbox/ring` with `{ms}`: calls ring for so long from now on.
//! - `POST /__sandbox/remove` with `{identifier}`: that user is gone; each later call with their token answers 403.

use serde_json::Value;

use crate::server::vchat::hub::Hub;
use crate::server::vchat::refusal::{Answer, Refusal};

use super::ask::Ask;
use super::routes::nothing;

pub(super) fn answer(hub: &Hub, ask: &Ask) -> Answer<Value> {
    if ask.by_page || !ask.from.is_some_and(|from| from.to_canonical().is_loopback()) {
        return Err(Refusal::forbidden("Only this machine may do that"));
    }
    let places: Vec<&str> = ask.places.iter().map(String::as_str).collect();
    match (ask.method.as_str(), &places[1..]) {
        ("POST", ["expire"]) => {
            let whose = ask.text("identifier");
            hub.act(|world, _| world.expire(whose.as_deref()))
        }
        ("POST", ["remove"]) => {
            let identifier = ask.required("identifier")?;
            hub.act(|world, _| world.remove(&identifier))
        }
        ("POST", ["ring"]) => {
            let millis = ask.required("ms")?.parse().map_err(|_| Refusal::bad("ms must be a number"))?;
            hub.act(|world, _| world.ring_for(millis))
        }
        ("POST", ["emit"]) => {
            let (identifier, event) = (ask.required("identifier")?, ask.required("event")?);
            let arg = ask.body.values.get("arg").cloned().unwrap_or_default();
            let user = hub.act(|world, _| world.named(&identifier).map(|user| user.id.clone()))?;
            hub.emit(user, &event, &arg);
            Ok("Done".into())
        }
        _ => Err(nothing(ask)),
    }
}
