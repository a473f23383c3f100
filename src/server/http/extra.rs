//! What is not the service's interface: the official suite's fixture, and the bytes of uploaded files.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderName, HeaderValue};
use serde_json::json;

use super::fields::Fields;
use super::reply::{Place, Reply};
use crate::server::hub::Hub;
use crate::server::model::Refusal;
use crate::server::world::World;

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
pub(crate) async fn file(
    State(hub): State<Arc<Hub>>,
    Place(id): Place<String>,
) -> Result<([(HeaderName, HeaderValue); 3], Bytes), Refusal> {
    let (mime, bytes) = hub.file(&id).ok_or(Refusal::NoSuchEndpoint)?;
    // Only pictures and films are named as what they say they are, and nothing runs: an uploaded page must not become
    // a page of this origin.
    let harmless = (mime.starts_with("image/") && !mime.contains("svg")) || mime.starts_with("video/");
    let kind = HeaderValue::from_str(&mime).ok().filter(|_| harmless);
    let headers = [
        (CONTENT_TYPE, kind.unwrap_or(HeaderValue::from_static("application/octet-stream"))),
        (CONTENT_DISPOSITION, HeaderValue::from_static(if harmless { "inline" } else { "attachment" })),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, bytes))
}
