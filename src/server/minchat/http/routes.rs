//! The routes of the REST API.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::Request;
use axum::routing::{delete, get, patch, post};

use crate::server::body::MAX_BODY_BYTES;
use crate::server::minchat::hub::Hub;
use crate::server::minchat::model::ApiError;
use crate::server::web_pages::cors;

use super::{chats, messages, sandbox, users};

/// Returns a router with all endpoints, and the fixture of the official suite if `has_test_routes`.
pub(crate) fn routes(hub: Arc<Hub>, origins: &[String], has_test_routes: bool) -> Router {
    let fixture = Router::new().route("/sdk-test", get(sandbox::create_fixture).post(sandbox::delete_fixture));
    Router::new()
        .route("/v1/user", get(users::find).post(users::create))
        .route("/v1/user/list", get(users::list))
        .route("/v1/user/{id}", patch(users::update).delete(users::delete))
        .route("/v1/chat", post(chats::start))
        .route("/v1/chat/list", get(chats::list))
        .route("/v1/chat/{id}", get(chats::show).patch(chats::update).delete(chats::delete))
        .route("/v1/chat/{id}/participants", post(chats::add_member))
        .route("/v1/chat/{id}/participants/{user}", delete(chats::remove_member))
        .route("/v1/messages", get(messages::history).post(messages::send))
        .route("/v1/messages/{id}", patch(messages::edit).delete(messages::delete))
        .route("/v1/messages/{id}/seen", post(messages::mark_seen))
        .route("/files/{id}", get(sandbox::file))
        .merge(if has_test_routes { fixture } else { Router::new() })
        .fallback(no_such_endpoint)
        .method_not_allowed_fallback(no_such_endpoint)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(cors(origins, &[]))
        .with_state(hub)
}

async fn no_such_endpoint(request: Request<axum::body::Body>) -> ApiError {
    tracing::info!(method = %request.method(), path = request.uri().path(), "no such endpoint");
    ApiError::NoSuchEndpoint
}
