//! Rows 14 to 18: messages.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::json;

use super::fields::Fields;
use super::reply::{Key, Place, Query, Reply};
use crate::server::minchat::hub::Hub;
use crate::server::minchat::model::Page;
use crate::server::minchat::talk::{Change, Draft};
use crate::server::minchat::wire;

/// Row 14.
pub(crate) async fn history(State(hub): State<Arc<Hub>>, Key(key): Key, query: Query) -> Reply {
    let (chat, user, page) = (query.required("chat_id")?, query.required("user_id")?, query.number("page")?);
    hub.act(&key, None, |tenant, _| {
        let Page { items, page, total, pages } = tenant.history(chat, user, page.unwrap_or(1))?;
        let items = items.into_iter().map(|message| wire::message(tenant, message)).collect();
        Ok((Json(wire::page("messages", &Page { items, page, total, pages })), Vec::new()))
    })
}

/// Row 15.
pub(crate) async fn send(State(hub): State<Arc<Hub>>, Key(key): Key, mut fields: Fields) -> Reply {
    let draft = Draft {
        chat: fields.required("chat_id")?,
        author: fields.required("user_id")?,
        text: fields.text("text"),
        metadata: fields.metadata()?,
        file: fields.file(&hub),
    };
    hub.act(&key, None, |tenant, now| {
        let (id, news) = tenant.send(now, draft)?;
        Ok((Json(wire::message(tenant, tenant.message(&id)?)), vec![news]))
    })
}

/// Row 16.
pub(crate) async fn edit(
    State(hub): State<Arc<Hub>>,
    Key(key): Key,
    Place(id): Place<String>,
    mut fields: Fields,
) -> Reply {
    let change = Change { text: fields.text("text"), metadata: fields.metadata()?, file: fields.file(&hub) };
    hub.act(&key, None, |tenant, now| {
        let news = tenant.edit(now, &id, change)?;
        Ok((Json(wire::message(tenant, tenant.message(&id)?)), vec![news]))
    })
}

/// Row 17.
pub(crate) async fn remove(State(hub): State<Arc<Hub>>, Key(key): Key, Place(id): Place<String>) -> Reply {
    hub.act(&key, None, |tenant, _| {
        let news = tenant.delete_message(&id)?;
        Ok((Json(json!({ "success": true })), vec![news]))
    })
}

/// Row 18.
pub(crate) async fn see(State(hub): State<Arc<Hub>>, Key(key): Key, Place(id): Place<String>, fields: Fields) -> Reply {
    let viewer = fields.required("user_id")?;
    hub.act(&key, None, |tenant, now| {
        let news = tenant.see(now, &id, Some(&viewer))?;
        Ok((Json(wire::message(tenant, tenant.message(&id)?)), vec![news]))
    })
}
