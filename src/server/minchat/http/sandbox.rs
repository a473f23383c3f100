//! Endpoints that are not part of MinChat's API: the test fixture of the official suite, and the uploaded files.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::json;

use super::fields::Fields;
use super::reply::{PathParams, Reply};
use crate::server::files::Download;
use crate::server::minchat::hub::Hub;
use crate::server::minchat::model::ApiError;

/// Row 19, `GET`: creates an app and returns its API key.
pub(crate) async fn create_fixture(State(hub): State<Arc<Hub>>) -> Reply {
    let (account, key) = hub.with_world(|world, _| world.add_fixture());
    Ok(Json(json!({ "userId": account, "apiKey": key })))
}

/// Row 19, `POST`: deletes the app.
pub(crate) async fn delete_fixture(State(hub): State<Arc<Hub>>, fields: Fields) -> Reply {
    let account = fields.required("user_id")?;
    hub.with_world(|world, _| world.remove_fixture(&account));
    Ok(Json(json!({ "success": true })))
}

/// Downloads an uploaded file.
pub(crate) async fn file(
    State(hub): State<Arc<Hub>>,
    PathParams(id): PathParams<String>,
) -> Result<Download, ApiError> {
    hub.file(&id).ok_or(ApiError::NoSuchEndpoint)
}
