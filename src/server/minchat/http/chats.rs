//! Rows 6 to 13: chats and who takes part in them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::fields::Fields;
use super::reply::{Key, Place, Query, Reply};
use crate::server::minchat::hub::Hub;
use crate::server::minchat::model::{Id, Page, Refusal};
use crate::server::minchat::tenant::{NewChat, Tenant};
use crate::server::minchat::wire;

/// Rows 6 and 7. Nothing in the request says "group" but its shape: a form, a title, or more than two people.
pub(crate) async fn start(State(hub): State<Arc<Hub>>, Key(key): Key, mut fields: Fields) -> Reply {
    let avatar = fields.avatar(&hub);
    let metadata = fields.metadata()?.unwrap_or_default();
    let title = fields.text("title").filter(|title| !title.trim().is_empty());
    hub.act(&key, None, |tenant, now| {
        let (creator, members) = members(tenant, &fields)?;
        let new = NewChat { members, group: fields.form(), title, avatar, metadata };
        let id = tenant.start_chat(now, new)?;
        Ok((Json(wire::chat(tenant, tenant.chat(&id)?, &creator)), Vec::new()))
    })
}

/// Who asks, and who takes part: the asker first, then the others as usernames or as ids.
fn members(tenant: &Tenant, fields: &Fields) -> Result<(Id, Vec<Id>), Refusal> {
    let creator = match fields.text("user_id") {
        Some(id) => Some(tenant.user(&id)?.id.clone()),
        None => None,
    };
    let mut members: Vec<Id> = creator.iter().cloned().collect();
    for username in fields.list("usernames") {
        members.push(tenant.user_named(&username)?.id.clone());
    }
    for id in fields.list("user_ids") {
        members.push(tenant.user(&id)?.id.clone());
    }
    let creator = members.first().cloned().ok_or_else(|| Refusal::invalid("usernames is required"))?;
    Ok((creator, members))
}

/// Row 8.
pub(crate) async fn list(State(hub): State<Arc<Hub>>, Key(key): Key, query: Query) -> Reply {
    let (user, page, limit) = (query.required("user_id")?, query.number("page")?, query.number("limit")?);
    hub.act(&key, None, |tenant, _| {
        let viewer = tenant.viewer(user)?.id.clone();
        let Page { items, page, total, pages } = tenant.chats_of(&viewer, page.unwrap_or(1), limit)?;
        let items = items.into_iter().map(|chat| wire::chat(tenant, chat, &viewer)).collect();
        Ok((Json(wire::page("chats", &Page { items, page, total, pages })), Vec::new()))
    })
}

/// Row 9. The SDK does not say who looks; then a one-to-one chat is shown as its creator sees it. A `user_id` in the
/// query is listened to.
pub(crate) async fn show(State(hub): State<Arc<Hub>>, Key(key): Key, Place(id): Place<String>, query: Query) -> Reply {
    hub.act(&key, None, |tenant, _| {
        let chat = tenant.chat(&id)?;
        let viewer = query.get("user_id").or(chat.members.first().map(String::as_str)).unwrap_or_default();
        Ok((Json(wire::chat(tenant, chat, viewer)), Vec::new()))
    })
}

/// Row 10. Only metadata can be changed; no client is known to send anything else.
pub(crate) async fn update(
    State(hub): State<Arc<Hub>>,
    Key(key): Key,
    Place(id): Place<String>,
    fields: Fields,
) -> Reply {
    let more = fields.metadata()?.ok_or_else(|| Refusal::invalid("metadata is required"))?;
    hub.act(&key, None, |tenant, _| {
        let metadata = Value::Object(tenant.merge_metadata(&id, more)?.clone());
        Ok((Json(json!({ "success": true, "metadata": metadata })), Vec::new()))
    })
}

/// Row 11.
pub(crate) async fn remove(State(hub): State<Arc<Hub>>, Key(key): Key, Place(id): Place<String>) -> Reply {
    hub.act(&key, None, |tenant, _| {
        tenant.delete_chat(&id)?;
        Ok((Json(json!({ "success": true })), Vec::new()))
    })
}

/// Row 12.
pub(crate) async fn add_member(
    State(hub): State<Arc<Hub>>,
    Key(key): Key,
    Place(id): Place<String>,
    fields: Fields,
) -> Reply {
    let user = fields.required("user_id")?;
    hub.act(&key, None, |tenant, _| {
        tenant.add_member(&id, &user)?;
        Ok((participant(tenant, &user)?, Vec::new()))
    })
}

/// Row 13.
pub(crate) async fn remove_member(
    State(hub): State<Arc<Hub>>,
    Key(key): Key,
    Place((id, user)): Place<(String, String)>,
) -> Reply {
    hub.act(&key, None, |tenant, _| {
        tenant.remove_member(&id, &user)?;
        Ok((participant(tenant, &user)?, Vec::new()))
    })
}

fn participant(tenant: &Tenant, user: &str) -> Reply {
    Ok(Json(json!({ "success": true, "participant": wire::user(tenant.user(user)?) })))
}
