//! Rows 1 to 5: users.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::fields::Fields;
use super::reply::{ApiKey, PathParams, Query, Reply};
use crate::server::minchat::hub::Hub;
use crate::server::minchat::model::{ApiError, NewUser, Profile};
use crate::server::minchat::tenant::{Tenant, TenantKind};
use crate::server::minchat::wire;

/// Delay of logins to fixture apps, about the latency of a real network.
///
/// The official SDK resolves `connectUser` before its socket has joined, and in the official suite a second client
/// sends a message at that moment. If the server answers faster than the socket connects, the message is lost and the
/// suite fails (§10.3). Logins to other apps are not delayed.
const FIXTURE_LOGIN_DELAY: Duration = Duration::from_millis(50);

fn user_response(tenant: &Tenant, id: &str) -> Result<Value, ApiError> {
    Ok(json!({ "success": true, "user": wire::user(tenant.user(id)?) }))
}

fn profile(fields: &mut Fields, hub: &Hub) -> Result<Profile, ApiError> {
    Ok(Profile { name: fields.text("name"), metadata: fields.metadata()?, avatar: fields.avatar(hub) })
}

/// Row 1: creates a user, or logs an existing one in.
pub(crate) async fn create(State(hub): State<Arc<Hub>>, ApiKey(key): ApiKey, mut fields: Fields) -> Reply {
    let new = NewUser { username: fields.required("username")?, profile: profile(&mut fields, &hub)? };
    let (response, kind) = hub.with_tenant(&key, |tenant, now| {
        let id = tenant.create_user(now, new)?;
        Ok((user_response(tenant, &id)?, tenant.kind()))
    })?;
    if kind == TenantKind::Fixture {
        tokio::time::sleep(FIXTURE_LOGIN_DELAY).await;
    }
    Ok(Json(response))
}

/// Row 2: returns the user with an id or username.
pub(crate) async fn find(State(hub): State<Arc<Hub>>, ApiKey(key): ApiKey, query: Query) -> Reply {
    hub.with_tenant(&key, |tenant, _| {
        let user = match (query.get("id"), query.get("username")) {
            (Some(id), _) => tenant.user(id)?,
            (None, Some(username)) => tenant.user_by_username(username)?,
            (None, None) => return Err(ApiError::bad_request("username or id is required")),
        };
        Ok(Json(json!({ "success": true, "user": wire::user(user) })))
    })
}

/// Row 3: returns the users with these usernames, in the order of the request. Unknown names are left out.
pub(crate) async fn list(State(hub): State<Arc<Hub>>, ApiKey(key): ApiKey, query: Query) -> Reply {
    hub.with_tenant(&key, |tenant, _| {
        let names = query.all("usernames[]").chain(query.all("usernames"));
        let users: Vec<Value> = names.filter_map(|name| tenant.user_by_username(name).ok()).map(wire::user).collect();
        Ok(Json(json!({ "success": true, "users": users })))
    })
}

/// Row 4: changes the profile of a user.
pub(crate) async fn update(
    State(hub): State<Arc<Hub>>,
    ApiKey(key): ApiKey,
    PathParams(id): PathParams<String>,
    mut fields: Fields,
) -> Reply {
    let profile = profile(&mut fields, &hub)?;
    hub.with_tenant(&key, |tenant, now| {
        tenant.update_user(now, &id, profile)?;
        Ok(Json(user_response(tenant, &id)?))
    })
}

/// Row 5: deletes a user.
pub(crate) async fn delete(
    State(hub): State<Arc<Hub>>,
    ApiKey(key): ApiKey,
    PathParams(id): PathParams<String>,
) -> Reply {
    hub.with_tenant(&key, |tenant, _| {
        tenant.delete_user(&id)?;
        Ok(Json(json!({ "success": true })))
    })
}
