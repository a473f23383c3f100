//! Rows 14 to 18: messages.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::json;

use super::fields::Fields;
use super::reply::{ApiKey, PathParams, Query, Reply};
use crate::server::minchat::hub::Hub;
use crate::server::minchat::messages::{MessageEdit, NewMessage};
use crate::server::minchat::model::Page;
use crate::server::minchat::wire;

/// Row 14: returns a page of the messages of a chat.
pub(crate) async fn history(State(hub): State<Arc<Hub>>, ApiKey(key): ApiKey, query: Query) -> Reply {
    let (chat, user, page) = (query.required("chat_id")?, query.required("user_id")?, query.number("page")?);
    hub.with_tenant(&key, |tenant, _| {
        let Page { items, page, total, pages } = tenant.history(chat, user, page.unwrap_or(1))?;
        let items = items.into_iter().map(|message| wire::message(tenant, message)).collect();
        Ok(Json(wire::page("messages", &Page { items, page, total, pages })))
    })
}

/// Row 15: sends a message.
pub(crate) async fn send(State(hub): State<Arc<Hub>>, ApiKey(key): ApiKey, mut fields: Fields) -> Reply {
    let new = NewMessage {
        chat: fields.required("chat_id")?,
        author: fields.required("user_id")?,
        text: fields.text("text"),
        metadata: fields.metadata()?,
        file: fields.file(&hub),
    };
    hub.publish(&key, None, |tenant, now| {
        let (id, event) = tenant.send_message(now, new)?;
        Ok((Json(wire::message(tenant, tenant.message(&id)?)), vec![event]))
    })
}

/// Row 16: edits a message.
pub(crate) async fn edit(
    State(hub): State<Arc<Hub>>,
    ApiKey(key): ApiKey,
    PathParams(id): PathParams<String>,
    mut fields: Fields,
) -> Reply {
    let edit = MessageEdit { text: fields.text("text"), metadata: fields.metadata()?, file: fields.file(&hub) };
    hub.publish(&key, None, |tenant, now| {
        let event = tenant.edit_message(now, &id, edit)?;
        Ok((Json(wire::message(tenant, tenant.message(&id)?)), vec![event]))
    })
}

/// Row 17: deletes a message.
pub(crate) async fn delete(
    State(hub): State<Arc<Hub>>,
    ApiKey(key): ApiKey,
    PathParams(id): PathParams<String>,
) -> Reply {
    hub.publish(&key, None, |tenant, _| {
        let event = tenant.delete_message(&id)?;
        Ok((Json(json!({ "success": true })), vec![event]))
    })
}

/// Row 18: marks a message as seen.
pub(crate) async fn mark_seen(
    State(hub): State<Arc<Hub>>,
    ApiKey(key): ApiKey,
    PathParams(id): PathParams<String>,
    fields: Fields,
) -> Reply {
    let viewer = fields.required("user_id")?;
    hub.publish(&key, None, |tenant, now| {
        let event = tenant.mark_seen(now, &id, Some(&viewer))?;
        Ok((Json(wire::message(tenant, tenant.message(&id)?)), vec![event]))
    })
}
