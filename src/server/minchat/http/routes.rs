//! Which path goes to which handler.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{Method, Request};
use axum::routing::{delete, get, patch, post};
use tower_http::cors::{Any, CorsLayer};

use crate::server::body::MAX_BODY_BYTES;
use crate::server::minchat::hub::Hub;
use crate::server::minchat::model::Refusal;

use super::{chats, extra, messages, users};

/// All routes.
pub(crate) fn routes(hub: Arc<Hub>) -> Router {
    // The official suite in a browser environment needs these; without credentials any origin is safe to name.
    let cors = CorsLayer::new().allow_origin(Any).allow_headers([AUTHORIZATION, CONTENT_TYPE]).allow_methods([
        Method::GET,
        Method::POST,
        Method::PATCH,
        Method::DELETE,
    ]);
    Router::new()
        .route("/v1/user", get(users::find).post(users::create))
        .route("/v1/user/list", get(users::list))
        .route("/v1/user/{id}", patch(users::update).delete(users::remove))
        .route("/v1/chat", post(chats::start))
        .route("/v1/chat/list", get(chats::list))
        .route("/v1/chat/{id}", get(chats::show).patch(chats::update).delete(chats::remove))
        .route("/v1/chat/{id}/participants", post(chats::add_member))
        .route("/v1/chat/{id}/participants/{user}", delete(chats::remove_member))
        .route("/v1/messages", get(messages::history).post(messages::send))
        .route("/v1/messages/{id}", patch(messages::edit).delete(messages::remove))
        .route("/v1/messages/{id}/seen", post(messages::see))
        .route("/sdk-test", get(extra::make_fixture).post(extra::drop_fixture))
        .route("/files/{id}", get(extra::file))
        .fallback(nothing)
        .method_not_allowed_fallback(nothing)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(cors)
        .with_state(hub)
}

async fn nothing(request: Request<axum::body::Body>) -> Refusal {
    tracing::debug!(method = %request.method(), path = request.uri().path(), "no such endpoint");
    Refusal::NoSuchEndpoint
}
