//! Rows 6 to 13: chats and their members.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::fields::Fields;
use super::reply::{ApiKey, PathParams, Query, Reply};
use crate::server::minchat::hub::Hub;
use crate::server::minchat::model::{ApiError, Id, NewChat, Page};
use crate::server::minchat::tenant::Tenant;
use crate::server::minchat::wire;

/// Rows 6 and 7: starts a chat. It is a group if the request is a form, has a title or has more than two members; there
/// is no field for the kind of chat.
pub(crate) async fn start(State(hub): State<Arc<Hub>>, ApiKey(key): ApiKey, mut fields: Fields) -> Reply {
    let avatar = fields.avatar(&hub);
    let metadata = fields.metadata()?.unwrap_or_default();
    let title = fields.text("title").filter(|title| !title.trim().is_empty());
    hub.with_tenant(&key, |tenant, now| {
        let (creator, members) = members(tenant, &fields)?;
        let new = NewChat { members, is_group: fields.is_form(), title, avatar, metadata };
        let id = tenant.start_chat(now, new)?;
        Ok(Json(wire::chat(tenant, tenant.chat(&id)?, &creator)))
    })
}

/// Returns the creator and all members, the creator first. The others are given by username or by id.
fn members(tenant: &Tenant, fields: &Fields) -> Result<(Id, Vec<Id>), ApiError> {
    let creator = match fields.text("user_id") {
        Some(id) => Some(tenant.user(&id)?.id.clone()),
        None => None,
    };
    let mut members: Vec<Id> = creator.iter().cloned().collect();
    for username in fields.list("usernames") {
        members.push(tenant.user_by_username(&username)?.id.clone());
    }
    for id in fields.list("user_ids") {
        members.push(tenant.user(&id)?.id.clone());
    }
    let creator = members.first().cloned().ok_or_else(|| ApiError::bad_request("usernames is required"))?;
    Ok((creator, members))
}

/// Row 8: lists the chats of a user.
pub(crate) async fn list(State(hub): State<Arc<Hub>>, ApiKey(key): ApiKey, query: Query) -> Reply {
    let (user, page, limit) = (query.required("user_id")?, query.number("page")?, query.number("limit")?);
    hub.with_tenant(&key, |tenant, _| {
        let viewer = tenant.viewer(user)?.id.clone();
        let Page { items, page, total, pages } = tenant.chats_of(&viewer, page.unwrap_or(1), limit)?;
        let items = items.into_iter().map(|chat| wire::chat(tenant, chat, &viewer)).collect();
        Ok(Json(wire::page("chats", &Page { items, page, total, pages })))
    })
}

/// Row 9: returns a chat. The SDK does not send a user, so a direct message is shown as its creator sees it, unless the
/// query has a `user_id`.
pub(crate) async fn show(
    State(hub): State<Arc<Hub>>,
    ApiKey(key): ApiKey,
    PathParams(id): PathParams<String>,
    query: Query,
) -> Reply {
    hub.with_tenant(&key, |tenant, _| {
        let chat = tenant.chat(&id)?;
        let viewer = query.get("user_id").or(chat.members.first().map(String::as_str)).unwrap_or_default();
        Ok(Json(wire::chat(tenant, chat, viewer)))
    })
}

/// Row 10: changes the metadata of a chat. No client is known to change anything else.
pub(crate) async fn update(
    State(hub): State<Arc<Hub>>,
    ApiKey(key): ApiKey,
    PathParams(id): PathParams<String>,
    fields: Fields,
) -> Reply {
    let more = fields.metadata()?.ok_or_else(|| ApiError::bad_request("metadata is required"))?;
    hub.with_tenant(&key, |tenant, _| {
        let metadata = Value::Object(tenant.merge_metadata(&id, more)?.clone());
        Ok(Json(json!({ "success": true, "metadata": metadata })))
    })
}

/// Row 11: deletes a chat.
pub(crate) async fn delete(
    State(hub): State<Arc<Hub>>,
    ApiKey(key): ApiKey,
    PathParams(id): PathParams<String>,
) -> Reply {
    hub.with_tenant(&key, |tenant, _| {
        tenant.delete_chat(&id)?;
        Ok(Json(json!({ "success": true })))
    })
}

/// Row 12: adds a member.
pub(crate) async fn add_member(
    State(hub): State<Arc<Hub>>,
    ApiKey(key): ApiKey,
    PathParams(id): PathParams<String>,
    fields: Fields,
) -> Reply {
    let user = fields.required("user_id")?;
    hub.with_tenant(&key, |tenant, _| {
        tenant.add_member(&id, &user)?;
        participant(tenant, &user)
    })
}

/// Row 13: removes a member.
pub(crate) async fn remove_member(
    State(hub): State<Arc<Hub>>,
    ApiKey(key): ApiKey,
    PathParams((id, user)): PathParams<(String, String)>,
) -> Reply {
    hub.with_tenant(&key, |tenant, _| {
        tenant.remove_member(&id, &user)?;
        participant(tenant, &user)
    })
}

fn participant(tenant: &Tenant, user: &str) -> Reply {
    Ok(Json(json!({ "success": true, "participant": wire::user(tenant.user(user)?) })))
}
