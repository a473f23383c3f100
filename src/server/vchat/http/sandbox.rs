//! Endpoints that only the sandbox has, under `/__sandbox`, for situations that tests need and clients cannot cause.
//!
//! They are available to programs on this machine that send the hash key as a Bearer token, and only if the server has
//! routes for tests, which the demo has not. Web pages in browsers cannot use them, whatever they send.
//!
//! - `POST /__sandbox/expire`: logs everybody out, or with `{identifier}` one user; later requests fail with 450.
//! - `POST /__sandbox/emit` with `{identifier, event, arg}`: emits an event to the sockets of a user, with the argument
//!   unchanged, string or object.
//! - `POST /__sandbox/ring` with `{ms}`: changes the time after which an unanswered call ends.
//! - `POST /__sandbox/remove` with `{identifier}`: deletes a user; later requests with their token fail with 403.

use serde_json::Value;

use crate::server::vchat::error::{ApiError, ApiResult};
use crate::server::vchat::hub::Hub;

use super::request::ApiRequest;

/// Handles a request below `/__sandbox`. `key` is the key that the client sent.
pub(super) fn handle(hub: &Hub, request: &ApiRequest, key: Option<&str>) -> ApiResult<Value> {
    let expected = hub.test_key().ok_or_else(|| request.no_such_endpoint())?;
    if !key.is_some_and(|key| expected.matches(key)) {
        return Err(ApiError::forbidden("This endpoint needs the hash key of the server as a Bearer token"));
    }
    if request.is_from_web_page || !request.peer.is_some_and(|peer| peer.to_canonical().is_loopback()) {
        return Err(ApiError::forbidden("This endpoint accepts requests from programs on this machine only"));
    }
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    match (request.method.as_str(), &segments[1..]) {
        ("POST", ["expire"]) => {
            let identifier = request.text("identifier");
            hub.with_world(|world, _| world.expire_logins(identifier.as_deref()))
        }
        ("POST", ["remove"]) => {
            let identifier = request.required("identifier")?;
            hub.with_world(|world, _| world.remove_user(&identifier))
        }
        ("POST", ["ring"]) => {
            let millis = request.required("ms")?.parse().map_err(|_| ApiError::bad_request("ms must be a number"))?;
            hub.with_world(|world, _| world.set_ring_timeout(millis))
        }
        ("POST", ["emit"]) => {
            let (identifier, event) = (request.required("identifier")?, request.required("event")?);
            let payload = request.body.values.get("arg").cloned().unwrap_or_default();
            let user = hub.with_world(|world, _| world.user_by_identifier(&identifier).map(|user| user.id.clone()))?;
            hub.emit_to_user(user, &event, &payload);
            Ok("Done".into())
        }
        _ => Err(request.no_such_endpoint()),
    }
}
