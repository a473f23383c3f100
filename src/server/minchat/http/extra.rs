//! What is not the service's interface: the official suite's fixture, and the bytes of uploaded files.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::json;

use super::fields::Fields;
use super::reply::{Place, Reply};
use crate::server::files::Download;
use crate::server::minchat::hub::Hub;
use crate::server::minchat::model::Refusal;
use crate::server::minchat::world::World;

/// Row 19, `GET`: makes an app and says its key.
pub(crate) async fn make_fixture(State(hub): State<Arc<Hub>>) -> Reply {
    let (account, key) = hub.govern(World::add_fixture);
    Ok(Json(json!({ "userId": account, "apiKey": key })))
}

/// Row 19, `POST`: forgets the app again.
pub(crate) async fn drop_fixture(State(hub): State<Arc<Hub>>, fields: Fields) -> Reply {
    let account = fields.required("user_id")?;
    hub.govern(|world, _| world.remove_fixture(&account));
    Ok(Json(json!({ "success": true })))
}

/// The bytes of an uploaded file.
pub(crate) async fn file(State(hub): State<Arc<Hub>>, Place(id): Place<String>) -> Result<Download, Refusal> {
    hub.file(&id).ok_or(Refusal::NoSuchEndpoint)
}
